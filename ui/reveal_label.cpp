// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reveal_label.h"

#include "ui/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace kb {

RevealLabel::RevealLabel(Session& session, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_label(new QLabel(this)),
      m_button(new QPushButton(tr("Reveal"), this)) {
    m_label->setTextFormat(Qt::PlainText);
    m_label->setFont(theme().monospace());
    m_label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_button->setAccessibleName(tr("Reveal the secret: hold, or click for 30 seconds"));
    m_button->setToolTip(tr("Hold to look, or click to show it for 30 seconds."));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_label, 1);
    layout->addWidget(m_button);
    m_hide.setSingleShot(true);
    m_hold.setSingleShot(true);
    connect(&m_hide, &QTimer::timeout, this, &RevealLabel::conceal);
    connect(&m_hold, &QTimer::timeout, this, [this] { m_heldLong = true; });
    connect(m_button, &QPushButton::pressed, this, [this] {
        if (m_revealed) return;
        m_heldLong = false;
        m_hold.start(400);
        reveal();
    });
    connect(m_button, &QPushButton::released, this, [this] {
        m_hold.stop();
        if (m_heldLong) conceal();
        m_heldLong = false;
    });
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (m_revealed && m_hide.isActive())
            conceal();
        else
            m_hide.start(seconds * 1000);
    });
}

RevealLabel::~RevealLabel() {
    conceal();
}

void RevealLabel::setProfile(const QString& profileId, const QString& before, const QString& masked) {
    if (profileId == m_id && before == m_before && masked == m_masked) return;
    conceal();
    m_id = profileId;
    m_before = before;
    m_masked = masked;
    m_button->setEnabled(!profileId.isEmpty() && !masked.isEmpty());
    showText(m_before + m_masked);
}

void RevealLabel::showText(const QString& text) {
    m_label->setText(text);
    m_label->setToolTip(m_revealed ? QString() : text);
}

QString RevealLabel::shownText() const {
    return m_label->text();
}

void RevealLabel::reveal() {
    m_read = m_session.revealSecret(m_id, [this](Result<Secret> secret) {
        if (!secret) {
            showText(secret.error().text());
            return;
        }
        m_revealed = true;
        m_button->setText(tr("Hide"));
        showText(m_before +
                 QString::fromUtf8(secret->reveal().data(), static_cast<qsizetype>(secret->size())));
        m_label->setWordWrap(true);
    });
}

void RevealLabel::conceal() {
    m_read.reset();
    m_hide.stop();
    if (!m_revealed) return;
    m_revealed = false;
    m_button->setText(tr("Reveal"));
    m_label->setWordWrap(false);
    QString shown = m_label->text();
    m_label->clear();
    wipeText(shown);
    showText(m_before + m_masked);
}

} // namespace kb
