// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/verify_dialog.h"

#include "ui/form_labels.h"
#include "ui/secret_edit.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace kb {

namespace {

const QString fromIssuer = QStringLiteral("issuer");
const QString fromUrl = QStringLiteral("url");
const QString fromFile = QStringLiteral("file");
const QString fromPaste = QStringLiteral("pasted");

QString settingsKey(const QString& profileId, const char* name) {
    return QStringLiteral("verify/%1/%2").arg(profileId, QLatin1String(name));
}

/// A key file may hold a shared secret: its bytes are wiped.
Result<VerifyKeys> readKeys(const QString& path) {
    QFile file(path);
    // Unbuffered, so that no copy of a secret stays behind in the buffer.
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(ErrorCode::FileError,
                    VerifyDialog::tr("The key file cannot be read: %1").arg(file.errorString()), path,
                    VerifyDialog::tr("Check the path and its permissions."));
    QByteArray bytes = file.read(largestKeySet + 1);
    const Secret held = Secret::take(bytes);
    if (file.error() != QFile::NoError)
        return fail(ErrorCode::FileError,
                    VerifyDialog::tr("The key file cannot be read: %1").arg(file.errorString()), path);
    if (static_cast<qint64>(held.size()) > largestKeySet)
        return fail(ErrorCode::FileError, VerifyDialog::tr("The key file is larger than 1 MB."), path);
    return readKeyFile(held.reveal());
}

} // namespace

VerifyDialog::VerifyDialog(Session& session, const QString& profileId, QWidget* parent)
    : QDialog(parent), m_session(session), m_id(profileId) {
    build();
    load();
    showFields();
}

VerifyDialog::~VerifyDialog() = default;

void VerifyDialog::build() {
    const TokenProfile* profile = m_session.workspace().profile(m_id);
    setWindowTitle(tr("Verify the token of %1").arg(profile ? profile->name : QString()));
    setMinimumWidth(480);
    m_source = new QComboBox(this);
    m_source->addItem(tr("From the issuer's metadata"), fromIssuer);
    m_source->addItem(tr("A JWK Set at an address"), fromUrl);
    m_source->addItem(tr("A file"), fromFile);
    m_source->addItem(tr("A key or secret that I paste"), fromPaste);
    m_keysIssuer = new QLineEdit(this);
    m_keysIssuer->setPlaceholderText(QStringLiteral("https://id.example.com"));
    m_url = new QLineEdit(this);
    m_url->setPlaceholderText(QStringLiteral("https://id.example.com/.well-known/jwks.json"));
    m_fileRow = new QWidget(this);
    m_file = new QLineEdit(m_fileRow);
    m_file->setPlaceholderText(tr("JWK Set, JWK or PEM"));
    auto* browse = new QPushButton(tr("Choose…"), m_fileRow);
    browse->setAccessibleName(tr("Choose the key file"));
    auto* fileRow = new QHBoxLayout(m_fileRow);
    fileRow->setContentsMargins(0, 0, 0, 0);
    fileRow->addWidget(m_file, 1);
    fileRow->addWidget(browse);
    m_pasted = new SecretEdit(this);
    m_pasted->setRaw(true);
    m_pasted->setPlaceholderText(tr("PEM, JWK or a shared secret; it is not kept"));
    m_issuer = new QLineEdit(this);
    m_issuer->setPlaceholderText(tr("Any, if empty"));
    m_audience = new QLineEdit(this);
    m_audience->setPlaceholderText(tr("Any, if empty"));
    // An access token by RFC 9068, and what most others say.
    m_type = new QComboBox(this);
    m_type->setEditable(true);
    m_type->setInsertPolicy(QComboBox::NoInsert);
    m_type->addItems({QStringLiteral("at+jwt"), QStringLiteral("JWT")});
    m_type->lineEdit()->setPlaceholderText(tr("Any, if empty"));
    const auto words = [this] {
        auto* label = new QLabel(this);
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        return label;
    };
    m_hint = words();
    m_hint->setProperty("muted", true);
    m_problem = words();
    m_problem->setStyleSheet(QStringLiteral("color: %1").arg(theme().tone(Tone::Bad).text.name()));
    m_problem->hide();
    m_form = new QFormLayout;
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const std::pair<QString, QWidget*> rows[] = {{tr("Key"), m_source},
                                                 {tr("Issuer"), m_keysIssuer},
                                                 {tr("Address"), m_url},
                                                 {tr("File"), m_fileRow},
                                                 {tr("Key or secret"), m_pasted},
                                                 {tr("iss must be"), m_issuer},
                                                 {tr("aud must hold"), m_audience},
                                                 {tr("typ must be"), m_type}};
    for (const auto& [name, field] : rows) {
        m_form->addRow(name, field);
        (field == m_fileRow ? m_file : field)->setAccessibleName(name);
    }
    alignFormLabels(*m_form, QLineEdit().sizeHint().height());
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    m_verify = buttons->addButton(tr("Verify"), QDialogButtonBox::AcceptRole);
    m_verify->setDefault(true);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(m_form);
    layout->addWidget(m_hint);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_verify, &QPushButton::clicked, this, &VerifyDialog::start);
    connect(m_source, &QComboBox::currentIndexChanged, this, &VerifyDialog::showFields);
    connect(browse, &QPushButton::clicked, this, [this] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Key file"), m_file->text());
        if (!path.isEmpty()) m_file->setText(path);
    });
}

void VerifyDialog::load() {
    const Settings& settings = m_session.services().settings;
    const ProfileState* state = m_session.state(m_id);
    const DecodedJwt* jwt = state && state->facts && state->facts->jwt ? &*state->facts->jwt : nullptr;
    const TokenProfile* profile = m_session.workspace().profile(m_id);
    const auto* oauth = profile ? std::get_if<OAuthScheme>(&profile->scheme) : nullptr;
    // What the token says of its issuer is a proposal: the user sees it before anything is fetched.
    const QString proposed = oauth && !oauth->issuer.isEmpty() ? oauth->issuer
                             : jwt                             ? jwt->issuer
                                                               : QString();
    const bool symmetric = jwt && jwt->algorithm.startsWith(QLatin1String("HS"));
    const QString source =
        settings.value(settingsKey(m_id, "source"), symmetric ? fromPaste : fromIssuer).toString();
    const QString address = settings.value(settingsKey(m_id, "address")).toString();
    m_source->setCurrentIndex(qMax(0, m_source->findData(source)));
    m_keysIssuer->setText(source == fromIssuer && !address.isEmpty() ? address : proposed);
    if (source == fromUrl) m_url->setText(address);
    if (source == fromFile) m_file->setText(address);
    m_issuer->setText(settings.value(settingsKey(m_id, "issuer")).toString());
    m_audience->setText(settings.value(settingsKey(m_id, "audience")).toString());
    m_type->setEditText(settings.value(settingsKey(m_id, "type")).toString());
}

QString VerifyDialog::source() const {
    return m_source->currentData().toString();
}

void VerifyDialog::remember() {
    Settings& settings = m_session.services().settings;
    const QString from = source();
    settings.setValue(settingsKey(m_id, "source"), from);
    settings.setValue(settingsKey(m_id, "address"), from == fromIssuer ? m_keysIssuer->text().trimmed()
                                                    : from == fromUrl  ? m_url->text().trimmed()
                                                    : from == fromFile ? m_file->text()
                                                                       : QString());
    settings.setValue(settingsKey(m_id, "issuer"), m_issuer->text().trimmed());
    settings.setValue(settingsKey(m_id, "audience"), m_audience->text().trimmed());
    settings.setValue(settingsKey(m_id, "type"), m_type->currentText().trimmed());
}

void VerifyDialog::showFields() {
    const QString from = source();
    const auto show = [this](QWidget* field, bool on) {
        field->setVisible(on);
        if (QWidget* label = m_form->labelForField(field)) label->setVisible(on);
    };
    show(m_keysIssuer, from == fromIssuer);
    show(m_url, from == fromUrl);
    show(m_fileRow, from == fromFile);
    show(m_pasted, from == fromPaste);
    m_hint->setText(from == fromIssuer || from == fromUrl
                        ? tr("The keys are fetched over https, or from this machine. The token stays here.")
                        : tr("Nothing is sent anywhere."));
    m_problem->hide();
    adjustSize();
}

void VerifyDialog::setBusy(bool busy) {
    m_verify->setEnabled(!busy);
    m_verify->setText(busy ? tr("Verifying…") : tr("Verify"));
}

void VerifyDialog::problem(const Error& error) {
    setBusy(false);
    m_problem->setText(error.text());
    m_problem->setAccessibleName(error.text());
    m_problem->show();
}

void VerifyDialog::start() {
    m_problem->hide();
    const QString from = source();
    if (from == fromIssuer || from == fromUrl) {
        const KeyPlace place = from == fromIssuer
                                   ? KeyPlace{KeyPlace::Kind::Issuer, m_keysIssuer->text().trimmed()}
                                   : KeyPlace{KeyPlace::Kind::KeySet, m_url->text().trimmed()};
        setBusy(true);
        m_work =
            fetchKeys(m_session.services().transport, place, {{}, m_session.proxySetting()},
                      [this, place](Result<FetchedKeys> fetched) {
                          if (!fetched) return problem(fetched.error());
                          // An issuer's keys prove what is of that issuer, and nothing else (RFC 8725 §3.8).
                          const QString issuer =
                              place.kind == KeyPlace::Kind::Issuer ? place.address : QString();
                          // Posted: this runs inside the fetch, which the next step replaces.
                          QMetaObject::invokeMethod(
                              this, [this, issuer, got = *fetched] { check(got.keys, got.from, issuer); },
                              Qt::QueuedConnection);
                      });
        return;
    }
    if (from == fromPaste && m_pasted->isEmptySecret())
        return problem({ErrorCode::InvalidInput,
                        tr("There is no key to verify with."),
                        {},
                        tr("Paste a key or a shared secret."),
                        -1});
    const Result<VerifyKeys> keys =
        from == fromFile ? readKeys(m_file->text()) : readKeyFile(m_pasted->copy().reveal());
    if (!keys) return problem(keys.error());
    setBusy(true);
    check(*keys, from == fromFile ? tr("the file %1").arg(QFileInfo(m_file->text()).fileName())
                                  : tr("what was pasted"));
}

void VerifyDialog::check(const VerifyKeys& keys, const QString& from, const QString& issuer) {
    m_work = m_session.revealSecret(m_id, [this, keys, from, issuer](const Result<Secret>& token) {
        if (!token) return problem(token.error());
        VerifyOptions options;
        options.issuer = m_issuer->text().trimmed();
        if (options.issuer.isEmpty()) options.issuer = issuer;
        options.audience = m_audience->text().trimmed();
        options.type = m_type->currentText().trimmed();
        options.nowSeconds = m_session.nowSeconds();
        SignatureVerdict verdict;
        verdict.result = verifyJws(token->reveal(), keys, options);
        verdict.result.notes = keys.notes + verdict.result.notes;
        verdict.keysFrom = from;
        verdict.checkedAt = options.nowSeconds;
        for (const char16_t* name : {u"exp", u"nbf", u"iat"})
            verdict.timesThere = verdict.timesThere || verdict.result.claims.find(name);
        remember();
        Q_EMIT judged(verdict);
        QMetaObject::invokeMethod(this, &QDialog::accept, Qt::QueuedConnection);
    });
    if (!m_work)
        problem({ErrorCode::SecretMissing, tr("The profile has no token in this environment."), {}, {}, -1});
}

} // namespace kb
