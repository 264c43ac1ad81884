// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_editor_auth.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace kb {

RequestAuthTab::RequestAuthTab(QWidget* parent) : QWidget(parent) {}

void RequestAuthTab::showEvent(QShowEvent* event) {
    if (!m_what) {
        build();
        Q_EMIT needed();
    }
    QWidget::showEvent(event);
}

void RequestAuthTab::build() {
    m_what = new QLabel(this);
    m_where = new QLabel(this);
    m_warning = new QLabel(this);
    m_lives = new QLabel(this);
    m_move = new QPushButton(tr("Move to a profile"), this);
    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    for (QLabel* label : {m_what, m_where, m_warning, m_lives}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        column->addWidget(label);
    }
    m_lives->setProperty("muted", true);
    m_lives->setText(
        tr("Tokens live in profiles, and their secrets in the keychain: never in the request or its file."));
    auto* create = new QPushButton(tr("New profile…"), this);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(create);
    buttons->addWidget(m_move);
    buttons->addStretch();
    column->addLayout(buttons);
    column->addStretch();
    auto* scroll = new QScrollArea(this);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->viewport()->setAutoFillBackground(false);
    page->setAutoFillBackground(false);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Authorization of this request"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scroll);
    connect(create, &QPushButton::clicked, this, &RequestAuthTab::newProfileRequested);
    connect(m_move, &QPushButton::clicked, this, [this] { Q_EMIT moveTokenRequested(m_tokenRow); });
}

void RequestAuthTab::showProfile(const TokenProfile* profile, const ProfileState* state,
                                 const QString& environment, const QString& headerInTheWay, int tokenRow) {
    if (!m_what) return;
    QStringList warnings;
    if (!profile) {
        m_what->setText(tr("Sent as anonymous: no credential is added."));
        m_where->clear();
    } else {
        const QString masked = state && state->facts ? state->facts->masked : QStringLiteral("••••");
        const auto* key = std::get_if<ApiKeyScheme>(&profile->scheme);
        const QString preview = credentialPreview(profile->scheme, masked);
        if (key && key->in == ApiKeyScheme::In::Query)
            m_what->setText(tr("%1 adds to the query: %2").arg(profile->name, preview));
        else
            m_what->setText(tr("%1 adds the header: %2").arg(profile->name, preview));
        QStringList keys;
        for (const ApiKeyScheme& each : profile->keys)
            keys << credentialPreview(AuthScheme(each), QStringLiteral("••••"));
        if (!keys.isEmpty())
            m_what->setText(m_what->text() % u' ' %
                            tr("Along with it goes: %1.").arg(keys.join(QStringLiteral(", "))));
        const QStringList origins = state ? state->confirmedOrigins : QStringList();
        m_where->setText(origins.isEmpty()
                             ? tr("It may go nowhere yet: allow an origin in the profile.")
                             : tr("It may go to: %1.").arg(origins.join(QStringLiteral(", "))) %
                                   (environment.isEmpty()
                                        ? QString()
                                        : QString(u' ' % tr("Environment: %1.").arg(environment))));
        if (const QString place = credentialPlaceWarning(profile->scheme); !place.isEmpty())
            warnings.append(place);
    }
    if (!headerInTheWay.isEmpty())
        warnings.append(
            tr("Your header row %1 is in the way of the profile. Remove the row, or send as anonymous.")
                .arg(headerInTheWay));
    else if (tokenRow >= 0)
        warnings.append(tr("Header row %1 holds a token. In a profile it would stay out of the saved file.")
                            .arg(tokenRow + 1));
    m_where->setVisible(!m_where->text().isEmpty());
    m_warning->setText(warnings.join(QLatin1Char('\n')));
    m_warning->setVisible(!warnings.isEmpty());
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, theme().tone(Tone::Warn).text);
    m_warning->setPalette(colours);
    m_tokenRow = tokenRow;
    m_move->setVisible(tokenRow >= 0);
}

QString RequestAuthTab::text() const {
    if (!m_what) return {};
    QStringList lines;
    for (const QLabel* label : {m_what, m_where, m_warning, m_lives})
        if (!label->text().isEmpty()) lines.append(label->text());
    return lines.join(QLatin1Char('\n'));
}

} // namespace kb
