// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profile_dialog.h"

#include "core/auth/check_scheme.h"
#include "core/auth/client_certificate.h"
#include "core/auth/further_keys.h"
#include "core/auth/grant_record.h"
#include "core/auth/token_kind.h"
#include "core/auth/typed_secret.h"
#include "core/run/client_registrar.h"
#include "core/run/resolve_scheme.h"
#include "core/workspace/scheme_fields.h"
#include "ui/certificate_row.h"
#include "ui/keys_edit.h"
#include "ui/scheme_form.h"
#include "ui/scheme_form_texts.h"
#include "ui/secret_edit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QFormLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QScreen>
#include <QScrollArea>
#include <QUrl>
#include <QUuid>
#include <algorithm>

namespace kb {

ProfileDialog::ProfileDialog(Session& session, const QString& profileId, QWidget* parent)
    : QDialog(parent), m_session(session), m_new(profileId.isEmpty()) {
    if (const TokenProfile* known = session.workspace().profile(profileId); known && !m_new)
        m_profile = *known;
    else
        m_profile.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    build();
    load();
}

ProfileDialog::~ProfileDialog() = default;

void ProfileDialog::load() {
    m_name->setText(m_profile.name);
    m_colourName = m_profile.colour;
    if (!m_colourName.isEmpty())
        m_colour->setStyleSheet(QStringLiteral("border-left: 6px solid %1").arg(m_colourName));
    m_kind->setCurrentIndex(m_kind->findData(schemeName(m_profile.scheme)));
    const auto* bearer = std::get_if<BearerScheme>(&m_profile.scheme);
    const auto* key = std::get_if<ApiKeyScheme>(&m_profile.scheme);
    const auto* basic = std::get_if<BasicScheme>(&m_profile.scheme);
    m_prefix->setText(bearer ? bearer->prefix : BearerScheme().prefix);
    m_place->setCurrentIndex(m_place->findData(static_cast<int>(key ? key->in : ApiKeyScheme::In::Header)));
    m_keyName->setText(key ? key->name : ApiKeyScheme().name);
    m_user->setText(basic ? basic->user : QString());
    m_latin1->setChecked(basic && basic->latin1);
    const ProfileBinding* binding = m_profile.bindingFor(m_session.environmentName());
    m_origins->setPlainText(binding ? binding->allowedOrigins.join(QLatin1Char('\n')) : QString());
    m_scope->clear();
    m_scope->addItem(tr("Every environment"), QString());
    if (!m_session.environmentName().isEmpty())
        m_scope->addItem(tr("Only %1").arg(m_session.environmentName()), m_session.environmentName());
    m_scope->setCurrentIndex(qMax(0, m_scope->findData(binding ? binding->environment : QString())));
    const bool ends = binding && binding->expiresAt;
    m_expires->setChecked(ends);
    m_stale->setText(m_profile.declared.stale);
    m_expiresAt->setEnabled(ends);
    m_expiresAt->setDateTime(ends ? QDateTime::fromSecsSinceEpoch(*binding->expiresAt)
                                  : QDateTime::currentDateTime().addDays(30));
    (m_profile.storage == SecretStorage::Memory ? m_memory : m_keychain)->setChecked(true);
    m_schemeForm->setScheme(m_profile.scheme);
    const ProfileState* state = m_new ? nullptr : m_session.state(m_profile.id);
    QStringList absent;
    if (state && state->loading == ProfileState::Loading::Done)
        for (const ApiKeyScheme& each : std::as_const(m_profile.keys))
            if (!state->keyParts.contains(keyPart(each))) absent.append(keyPart(each));
    m_keys->setStored(m_profile.keys, absent);
    if (state && state->facts && !state->facts->certificateSubject.isEmpty()) {
        const double end = state->facts->certificateExpiresAt.value_or(0);
        m_certificate->setStored(
            state->facts->certificateSubject,
            QLocale().toString(QDateTime::fromSecsSinceEpoch(qint64(end)).date(), QLocale::ShortFormat));
    }
    showKindFields();
    describeSecret();
    describeStorage();
    m_problem->hide();
}

bool ProfileDialog::usesForm() const {
    const QString kind = m_kind->currentData().toString();
    return kind != QLatin1String("bearer") && kind != QLatin1String("api-key") &&
           kind != QLatin1String("basic");
}

AuthScheme ProfileDialog::scheme() const {
    const QString kind = m_kind->currentData().toString();
    if (usesForm()) return m_schemeForm->scheme();
    if (kind == QLatin1String("bearer")) return BearerScheme{m_prefix->text().trimmed()};
    if (kind == QLatin1String("api-key"))
        return ApiKeyScheme{static_cast<ApiKeyScheme::In>(m_place->currentData().toInt()),
                            m_keyName->text().trimmed()};
    return BasicScheme{m_user->text(), m_latin1->isChecked()};
}

void ProfileDialog::setStorage(SecretStorage storage) {
    (storage == SecretStorage::Memory ? m_memory : m_keychain)->setChecked(true);
}

void ProfileDialog::propose(const AuthScheme& scheme, Secret secret, const QString& origin) {
    m_profile.scheme = scheme;
    const auto* basic = std::get_if<BasicScheme>(&scheme);
    const QString host = Origin::parse(origin) ? QUrl(origin).host() : QString();
    const QString who = basic && !basic->user.isEmpty() ? basic->user : tr("Token");
    QString name = host.isEmpty() ? who : tr("%1 for %2").arg(who, host);
    const QString stem = name;
    const auto taken = [this](const QString& wanted) {
        const QList<TokenProfile>& all = m_session.profiles();
        return std::any_of(all.begin(), all.end(), [&](const TokenProfile& p) { return p.name == wanted; });
    };
    for (int n = 2; taken(name); ++n)
        name = QStringLiteral("%1 %2").arg(stem).arg(n);
    m_profile.name = name;
    load();
    m_origins->setPlainText(origin);
    QString text = QString::fromUtf8(secret.reveal().data(), static_cast<qsizetype>(secret.size()));
    m_secret->setText(text);
    wipeText(text);
    m_name->setFocus();
    m_name->selectAll();
}

bool ProfileDialog::isOfRegistration(const AuthScheme& scheme) const {
    const auto* oauth = std::get_if<OAuthScheme>(&scheme);
    // Another client id, or another server, in the fields is another client.
    return m_registered && oauth && oauth->clientId == m_registered->fact(QStringLiteral("client_id")) &&
           oauth->issuer == m_registered->fact(QStringLiteral("issuer"));
}

void ProfileDialog::reject() {
    // A registration is not given up while it may be being kept.
    if (m_saving && m_registered) return;
    if (m_registered && !m_stored) Q_EMIT registrationUnused();
    QDialog::reject();
}

void ProfileDialog::keepRegistration(SecretRecord registered, const QStringList& findings) {
    m_registered.emplace(std::move(registered));
    if (!findings.isEmpty()) {
        m_problem->setText(findings.join(u' '));
        m_problem->setAccessibleName(m_problem->text());
        m_problem->show();
    }
    describeSecret();
}

void ProfileDialog::showKindFields() {
    const QString kind = m_kind->currentData().toString();
    const auto showRow = [this](QWidget* field, bool on) {
        field->setVisible(on);
        if (QWidget* label = m_form->labelForField(field)) label->setVisible(on);
    };
    const bool key = kind == QLatin1String("api-key");
    showRow(m_prefix, kind == QLatin1String("bearer"));
    showRow(m_place, key);
    showRow(m_keyName, key);
    showRow(m_user, kind == QLatin1String("basic"));
    showRow(m_latin1, kind == QLatin1String("basic"));
    const bool form = usesForm();
    if (form && schemeName(m_schemeForm->scheme()) != kind)
        m_schemeForm->setScheme(schemeNamed(kind).value_or(AuthScheme(OAuthScheme{})));
    m_schemeForm->setVisible(form);
    m_secret->setRaw(form || kind == QLatin1String("basic"));
    describeSecret();
    const auto place = static_cast<ApiKeyScheme::In>(m_place->currentData().toInt());
    m_placeWarning->setVisible(key && place != ApiKeyScheme::In::Header);
    m_placeWarning->setText(
        place == ApiKeyScheme::In::Query
            ? tr("A key in the URL ends up in logs, histories and Referer fields. Use a header if the API "
                 "lets you.")
            : tr("A key in a cookie is sent by browsers on their own, so pages of others can use it. Use a "
                 "header if the API lets you."));
    fitFields();
}

void ProfileDialog::fitFields() {
    QList<QLabel*> labels;
    for (QFormLayout* form : {m_form, m_schemeForm->form()}) {
        for (int row = 0; form && row < form->rowCount(); ++row)
            if (QLayoutItem* item = form->itemAt(row, QFormLayout::LabelRole))
                if (auto* label = qobject_cast<QLabel*>(item->widget())) labels.append(label);
    }
    int width = 0;
    for (const QLabel* label : std::as_const(labels))
        if (label->isVisibleTo(m_fields)) width = qMax(width, label->sizeHint().width());
    for (QLabel* label : std::as_const(labels))
        label->setMinimumWidth(width);
    const QScreen* on = screen();
    const int room = on ? on->availableGeometry().height() - 160 : 600;
    m_fields->layout()->activate();
    m_scroll->setMinimumHeight(qMin(m_fields->layout()->sizeHint().height(), room));
    adjustSize();
}

void ProfileDialog::describeSecret() {
    const QString hint = usesForm() ? SchemeForm::secretHint(m_schemeForm->scheme()) : QString();
    const bool given = m_registered && m_registered->part(grantpart::clientSecret);
    if (given && isOfRegistration(scheme()))
        m_secret->setPlaceholderText(tr("The server gave one; leave empty to keep it"));
    else if (usesForm())
        m_secret->setPlaceholderText(m_new ? hint : tr("%1; leave empty to keep the present one").arg(hint));
    else
        m_secret->setPlaceholderText(m_new ? tr("Paste it here") : tr("Leave empty to keep the present one"));
    const bool typed = !usesForm() || !hint.isEmpty();
    m_secret->setVisible(typed);
    if (QWidget* label = m_form->labelForField(m_secret)) label->setVisible(typed);
    if (usesForm()) {
        m_secretNote->hide();
        return;
    }
    if (m_secret->isEmptySecret()) {
        m_secretNote->clear();
        m_secretNote->hide();
        return;
    }
    QByteArray bytes = m_secret->text().toUtf8();
    const std::string_view value(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    const TokenFacts facts = factsOf(value, m_kind->currentData() == QLatin1String("bearer"), std::nullopt);
    QStringList parts{facts.kind.label};
    if (!facts.unreadable.isEmpty()) parts << facts.unreadable;
    if (facts.expiresAt)
        parts << tr("Time left: %1.")
                     .arg(timeLeftText(statusAt(facts, m_session.nowSeconds(), m_session.nowSeconds())));
    if (!facts.kind.note.isEmpty()) parts << facts.kind.note;
    if (m_kind->currentData() == QLatin1String("bearer")) {
        const QString wrong = bearerTokenProblem(value);
        if (!wrong.isEmpty()) parts << wrong;
    }
    if (!facts.kind.suggestedHeader.isEmpty())
        parts << tr("It normally goes into the header %1.").arg(facts.kind.suggestedHeader);
    wipeBytes(bytes);
    m_secretNote->setText(parts.join(QStringLiteral(" ")));
    m_secretNote->show();
    // A JWT brings its own expiry; a time set by hand would only hide it.
    if (facts.jwt && facts.expiresAt) m_expires->setChecked(false);
}

void ProfileDialog::describeStorage() {
    const StoreState store = m_session.storeState();
    const bool usable = store.kind == StoreState::Kind::Available || store.kind == StoreState::Kind::Unknown;
    QString text;
    if (m_keychain->isChecked() && !usable)
        text = store.kind == StoreState::Kind::Unavailable
                   ? store.message // which offers memory itself
                   : store.message + QLatin1Char(' ') + tr("Or keep it in memory only.");
    if (m_memory->isChecked()) text = tr("Nothing is stored. You paste it again at the next start.");
    m_storageNote->setText(text);
    m_storageNote->setVisible(!text.isEmpty());
}

Result<TokenProfile> ProfileDialog::collect() const {
    TokenProfile profile = m_profile;
    profile.name = m_name->text().trimmed();
    if (profile.name.isEmpty())
        return fail(ErrorCode::InvalidInput, tr("The profile has no name."), {},
                    tr("Say who this token belongs to."));
    profile.colour = m_colourName;
    profile.scheme = scheme();
    if (Result<void> fine = checkScheme(profile.scheme); !fine) {
        fine.error().where = usesForm() ? schemeform::label(fine.error().where.toLatin1()) : QString();
        return tl::unexpected(fine.error());
    }
    if (std::holds_alternative<BearerScheme>(profile.scheme) && m_prefix->text().trimmed().isEmpty())
        return fail(ErrorCode::InvalidInput, tr("The scheme word must be one word, such as Bearer."));
    profile.keys = m_keys->keys();
    if (const Result<void> fine = checkKeys(profile.scheme, profile.keys); !fine)
        return tl::unexpected(fine.error());
    profile.storage = m_memory->isChecked() ? SecretStorage::Memory : SecretStorage::Keychain;
    const QString environment = m_scope->currentData().toString();
    ProfileBinding* binding = nullptr;
    for (ProfileBinding& known : profile.bindings)
        if (known.environment == environment) binding = &known;
    if (!binding) {
        profile.bindings.append(ProfileBinding{environment, {}, {}, {}});
        binding = &profile.bindings.last();
    }
    if (binding->secret.isEmpty())
        binding->secret = SecretRef{QUuid::createUuid().toString(QUuid::WithoutBraces)};
    binding->allowedOrigins.clear();
    for (const QString& line : m_origins->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
        const QString text = line.trimmed();
        if (text.isEmpty()) continue;
        if (!text.contains(QLatin1String("{{"))) {
            const Result<Origin> origin = Origin::parse(text);
            if (!origin) return tl::unexpected(origin.error());
            binding->allowedOrigins.append(origin->text());
        } else {
            binding->allowedOrigins.append(text);
        }
    }
    profile.declared.stale = m_stale->text().trimmed();
    binding->expiresAt.reset();
    if (m_expires->isChecked()) binding->expiresAt = m_expiresAt->dateTime().toSecsSinceEpoch();
    return profile;
}

Result<SecretRecord> ProfileDialog::typedRecord(const TokenProfile& profile) const {
    SecretRecord record;
    const VariableMap known = m_session.variables();
    const ProfileBinding* binding = profile.bindingFor(m_session.environmentName());
    for (const QString& proposed : binding ? binding->allowedOrigins : QStringList()) {
        const Result<QString> text = resolveVariables(proposed, known);
        const Result<Origin> origin =
            text ? Origin::parse(*text) : Result<Origin>(tl::unexpected(text.error()));
        if (!origin) return tl::unexpected(origin.error());
        record.allowedOrigins.append(origin->text());
    }
    if (isGrant(profile.scheme)) {
        const Result<AuthScheme> resolved = resolveScheme(profile.scheme, known);
        if (!resolved) return tl::unexpected(resolved.error());
        const Result<GrantServer> server = proposedGrantServer(*resolved);
        if (!server) return tl::unexpected(server.error());
        confirmServer(record, *server);
    }
    if (isOfRegistration(profile.scheme)) addRegistration(record, *m_registered);
    if (m_certificate->isChosen())
        record.parts.insert_or_assign(clientCertificatePart(), m_certificate->copy());
    for (auto& [name, key] : m_keys->changes())
        if (!key.isEmpty()) record.parts.insert_or_assign(name, key.revealCopy());
    if (m_secret->isEmptySecret()) return record;
    // A copy: the field keeps it until it is stored, so that a refusal by the keychain loses nothing.
    const Result<void> put = putTypedSecret(record, profile.scheme, m_secret->copy());
    if (!put) return tl::unexpected(put.error());
    return record;
}

void ProfileDialog::save() {
    Result<TokenProfile> profile = collect();
    if (!profile) {
        problem(profile.error());
        return;
    }
    const bool moved = !m_new && profile->storage != m_profile.storage;
    const bool rebound = profile->bindings.size() != m_profile.bindings.size();
    const bool alone = std::holds_alternative<ClientCertificateScheme>(profile->scheme);
    const bool wants = !alone && !typedSecretParts(profile->scheme).isEmpty();
    const bool rekinded = !m_new && schemeName(profile->scheme) != schemeName(m_profile.scheme);
    const bool given = isOfRegistration(profile->scheme) && m_registered->part(grantpart::clientSecret);
    if (wants && !given && m_secret->isEmptySecret() && (m_new || moved || rebound || rekinded)) {
        problem({ErrorCode::SecretMissing,
                 moved || (rebound && !m_new) ? tr("Paste the secret again to keep it in another place.")
                                              : tr("The profile has no secret."),
                 {},
                 m_new || rekinded ? tr("Paste a token, a key or a password.") : QString(),
                 -1});
        return;
    }
    if (alone && !m_certificate->isChosen() &&
        (m_new || moved || rebound || rekinded || m_certificate->isRemoved())) {
        problem({ErrorCode::SecretMissing,
                 tr("The profile has no client certificate."),
                 {},
                 tr("Choose its file."),
                 -1});
        return;
    }
    const ProfileState* known = m_new ? nullptr : m_session.state(m_profile.id);
    const bool hasCertificate = known && known->facts && !known->facts->certificateSubject.isEmpty();
    if ((moved || rebound) && hasCertificate && !m_certificate->isChanged()) {
        problem({ErrorCode::SecretMissing,
                 tr("Choose the client certificate's file again to keep it in another place."),
                 {},
                 {},
                 -1});
        return;
    }
    if (const std::optional<ApiKeyScheme> key = m_keys->missing(m_new || moved || rebound)) {
        problem({ErrorCode::SecretMissing,
                 tr("The key has no value: %1.").arg(keyTitle(*key)),
                 {},
                 m_new ? tr("Paste it, or remove its row.") : tr("Paste it again, or remove its row."),
                 -1});
        return;
    }
    std::optional<SecretRecord> record;
    // A grant's server is confirmed with every save: it was typed, or seen, in this window.
    if (!m_secret->isEmptySecret() || (!wants && !alone) || (alone && m_certificate->isChosen()) ||
        isGrant(profile->scheme)) {
        Result<SecretRecord> typed = typedRecord(*profile);
        if (!typed) {
            problem(typed.error());
            return;
        }
        record.emplace(std::move(*typed));
    }
    m_save->setEnabled(false);
    m_saving = true;
    const bool used = isOfRegistration(profile->scheme);
    const bool kept = record.has_value(); // with the certificate and the keys that were typed
    const QPointer<ProfileDialog> self(this);
    m_session.saveProfile(*profile, std::move(record),
                          [self, used, kept, id = profile->id](const Result<void>& stored) {
                              if (!self) return;
                              self->m_save->setEnabled(true);
                              self->m_saving = false;
                              if (!stored) {
                                  self->problem(stored.error());
                                  return;
                              }
                              if (self->m_registered && !used && !self->m_stored)
                                  Q_EMIT self->registrationUnused();
                              self->m_stored = true;
                              self->saveBeside(id, kept);
                          });
}

/// What the profile's record had is kept with a new secret; only a change of the certificate or a key is one.
void ProfileDialog::saveBeside(const QString& id, bool kept) {
    const auto finish = [this, id] {
        Q_EMIT saved(id);
        accept();
    };
    std::map<QString, Secret> changes = m_keys->changes();
    if (m_certificate->isChanged())
        changes.insert_or_assign(clientCertificatePart(),
                                 m_certificate->isChosen() ? m_certificate->copy() : Secret());
    if (kept) std::erase_if(changes, [](const auto& change) { return !change.second.isEmpty(); });
    if (changes.empty()) return finish();
    const QPointer<ProfileDialog> self(this);
    m_session.setBeside(id, std::move(changes), [self, finish](const Result<void>& stored) {
        if (!self) return;
        if (!stored) return self->problem(stored.error());
        finish();
    });
}

void ProfileDialog::problem(const Error& error) {
    m_problem->setText(error.text());
    m_problem->show();
    m_problem->setAccessibleName(error.text());
}

} // namespace kb
