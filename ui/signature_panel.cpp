// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/signature_panel.h"

#include "ui/pill.h"
#include "ui/verify_dialog.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStyle>

namespace kb {

namespace {

/// Tells one token from another: its words, and the end of its signature as the masked form shows it.
QByteArray digestOf(const TokenFacts& facts) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArray& part : {facts.jwt->headerText, facts.jwt->claimsText, facts.masked.toUtf8()}) {
        hash.addData(part);
        hash.addData(QByteArray(1, '.'));
    }
    return hash.result();
}

void setMuted(QLabel& label, bool muted) {
    label.setProperty("muted", muted);
    label.style()->unpolish(&label);
    label.style()->polish(&label);
}

} // namespace

SignaturePanel::SignaturePanel(Session& session, QWidget* parent) : QWidget(parent), m_session(session) {
    setAccessibleName(tr("Signature"));
    auto* heading = new QLabel(tr("Signature"), this);
    heading->setProperty("heading", true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(5);
    m_verify = new QPushButton(tr("Verify…"), this);
    m_verify->setAccessibleDescription(tr("Checks the signature with the issuer's key."));
    auto* top = new QHBoxLayout;
    top->setContentsMargins(0, 8, 0, 0);
    top->addWidget(heading, 1);
    top->addWidget(m_verify);
    layout->addLayout(top);
    const auto text = [this](bool muted) {
        auto* label = new QLabel(this);
        label->setWordWrap(true);
        label->setMinimumWidth(1); // a long name never widens the panel
        label->setTextFormat(Qt::PlainText);
        if (muted) label->setProperty("muted", true);
        return label;
    };
    const auto row = [&](const char* name, Pill*& pill, QLabel*& words) {
        pill = new Pill(this);
        pill->setObjectName(QLatin1String(name));
        words = text(true);
        auto* line = new QHBoxLayout;
        line->setSpacing(8);
        line->addWidget(pill, 0, Qt::AlignTop);
        line->addWidget(words, 1);
        layout->addLayout(line);
    };
    row("signaturePill", m_signature, m_key);
    m_reason = text(false);
    layout->addWidget(m_reason);
    row("timesPill", m_times, m_timesText);
    row("claimsPill", m_claims, m_claimsText);
    m_from = text(true);
    layout->addWidget(m_from);
    connect(m_verify, &QPushButton::clicked, this, &SignaturePanel::verify);
    setProfile({}, nullptr);
}

void SignaturePanel::setProfile(const QString& profileId, const TokenFacts* facts) {
    const bool jwt = facts && facts->jwt;
    m_id = profileId;
    m_token = jwt ? digestOf(*facts) : QByteArray();
    setVisible(jwt);
    if (jwt) refresh();
}

void SignaturePanel::setVerdict(const QString& profileId, const SignatureVerdict& verdict) {
    const ProfileState* state = m_session.state(profileId);
    if (!state || !state->facts || !state->facts->jwt) return;
    m_kept.insert(profileId, {digestOf(*state->facts), verdict});
    if (profileId == m_id) refresh();
}

void SignaturePanel::refresh() {
    // Of another token than this one, the verdict says nothing.
    if (const auto kept = m_kept.constFind(m_id); kept != m_kept.constEnd() && kept->token == m_token)
        return showVerdict(kept->verdict);
    m_signature->setText(tr("not verified"));
    m_signature->setTone(Tone::Neutral);
    m_key->setText(tr("Nobody has checked it yet."));
    m_reason->setText(
        tr("The claims are decoded: anyone can write these words. Only the signature, checked with the "
           "issuer's key, proves them."));
    setMuted(*m_reason, true);
    m_reason->show();
    for (QWidget* part :
         std::initializer_list<QWidget*>{m_times, m_timesText, m_claims, m_claimsText, m_from})
        part->hide();
    setAccessibleDescription(plainText());
}

void SignaturePanel::showVerdict(const SignatureVerdict& verdict) {
    using Signature = JwsVerification::Signature;
    const JwsVerification& result = verdict.result;
    const bool good = result.signature == Signature::Verified;
    m_signature->setText(good                                         ? tr("verified")
                         : result.signature == Signature::NotVerified ? tr("not verified")
                                                                      : tr("cannot verify"));
    m_signature->setTone(good                                         ? Tone::Good
                         : result.signature == Signature::NotVerified ? Tone::Bad
                                                                      : Tone::Warn);
    QStringList key;
    if (!result.algorithm.isEmpty()) key << result.algorithm;
    if (!result.keyId.isEmpty())
        key << tr("key %1").arg(result.keyId);
    else if (good && !result.keyLabel.isEmpty())
        key << result.keyLabel;
    m_key->setText(key.join(QStringLiteral(", ")));
    QStringList reason;
    if (!good) reason << result.signatureRefusal.sentence;
    reason += result.notes;
    reason.removeAll(QString());
    m_reason->setText(reason.join(QLatin1Char('\n')));
    setMuted(*m_reason, false);
    m_reason->setVisible(!reason.isEmpty());

    const bool late = !result.timeRefusal.isEmpty();
    m_times->setText(late ? tr("times refused") : tr("in time"));
    m_times->setTone(late ? Tone::Bad : Tone::Good);
    m_timesText->setText(late ? result.timeRefusal.sentence : tr("By its own exp, nbf and iat."));
    // A forged token that is in time is no good news: its times stand there only where they are genuine, or
    // where they are refused too.
    m_times->setVisible(late || (good && verdict.timesThere));
    m_timesText->setVisible(!m_times->isHidden());
    const bool foreign = !result.claimRefusal.isEmpty();
    m_claims->setText(tr("claims refused"));
    m_claims->setTone(Tone::Bad);
    m_claimsText->setText(result.claimRefusal.sentence);
    m_claims->setVisible(foreign);
    m_claimsText->setVisible(foreign);
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(verdict.checkedAt * 1000));
    m_from->setText(tr("Key from %1. Checked at %2.")
                        .arg(verdict.keysFrom, QLocale().toString(at.time(), QStringLiteral("HH:mm:ss"))));
    m_from->show();
    setAccessibleDescription(plainText());
}

QString SignaturePanel::plainText() const {
    QStringList said;
    for (const Pill* pill : {m_signature, m_times, m_claims})
        if (!pill->isHidden()) said << pill->text();
    for (const QLabel* label : {m_key, m_reason, m_timesText, m_claimsText, m_from})
        if (!label->isHidden() && !label->text().isEmpty()) said << label->text();
    return said.join(QLatin1Char('\n'));
}

void SignaturePanel::verify() {
    auto* dialog = new VerifyDialog(m_session, m_id, window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &VerifyDialog::judged, this,
            [this, id = m_id](const SignatureVerdict& verdict) { setVerdict(id, verdict); });
    dialog->open();
}

} // namespace kb
