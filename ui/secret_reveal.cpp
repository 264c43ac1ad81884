// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/secret_reveal.h"

#include <QLabel>
#include <QPushButton>

namespace kb {

namespace {

/// A press longer than this is a hold: letting go hides the secret again.
constexpr int holdMs = 400;

} // namespace

SecretReveal::SecretReveal(Session& session, QWidget* parent)
    : QObject(parent),
      m_session(session),
      m_button(new QPushButton(parent)),
      m_secret(new RevealedSecret(parent)),
      m_problem(new QLabel(parent)) {
    m_button->setToolTip(tr("Hold to see the secret, or click to see it for 30 seconds"));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    m_hide.setSingleShot(true);
    name();
    // Hide takes the same room, so that nothing moves under the pointer. The style sheet's part of the width
    // is told here: it may not be in force yet.
    constexpr int paddingAndBorder = 24;
    const QFontMetrics metrics = m_button->fontMetrics();
    m_button->setMinimumWidth(
        qMax(metrics.horizontalAdvance(tr("Hide")), metrics.horizontalAdvance(tr("Reveal"))) +
        paddingAndBorder);
    connect(&m_hide, &QTimer::timeout, this, &SecretReveal::conceal);
    connect(m_button, &QPushButton::pressed, this, &SecretReveal::press);
    connect(m_button, &QPushButton::released, this, &SecretReveal::release);
}

SecretReveal::~SecretReveal() = default;

void SecretReveal::setProfile(const QString& id) {
    if (id == m_id) return;
    conceal();
    m_id = id;
}

void SecretReveal::press() {
    if (isRevealed()) {
        conceal();
        m_held.invalidate();
        return;
    }
    m_held.start();
    read();
}

void SecretReveal::release() {
    if (m_held.isValid() && m_held.elapsed() > holdMs) conceal();
    m_held.invalidate();
}

void SecretReveal::read() {
    m_problem->hide();
    m_hide.start(m_shownTime);
    m_reading = m_session.revealSecret(m_id, [this](Result<Secret> secret) {
        if (!secret) {
            m_problem->setText(secret.error().text());
            m_problem->show();
            return;
        }
        m_secret->reveal(std::move(*secret));
        name();
        Q_EMIT changed();
    });
}

void SecretReveal::conceal() {
    m_hide.stop();
    m_reading.reset();
    m_secret->conceal();
    m_problem->hide();
    name();
    Q_EMIT changed();
}

void SecretReveal::name() {
    m_button->setText(isRevealed() ? tr("Hide") : tr("Reveal"));
    m_button->setAccessibleName(isRevealed() ? tr("Hide the secret")
                                             : tr("Reveal the secret: hold, or click for 30 seconds"));
}

} // namespace kb
