// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_error.h"

#include "ui/answer_prose.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

namespace kb {

namespace {

/// The origin a refusal is about.
QString originOf(const Error& error) {
    static const QRegularExpression url(QStringLiteral(R"(https?://[^\s,;"']+)"));
    for (const QString& text : {error.where, error.what}) {
        const QRegularExpressionMatch match = url.match(text);
        if (!match.hasMatch()) continue;
        QString found = match.captured();
        while (found.endsWith(u'.') || found.endsWith(u')'))
            found.chop(1);
        if (const Result<HttpUrl> parsed = HttpUrl::parse(found)) return parsed->origin().text();
    }
    return {};
}

} // namespace

AnswerError::AnswerError(QWidget* parent)
    : QFrame(parent),
      m_what(new Prose),
      m_where(new Prose),
      m_next(new Prose),
      m_allow(new QPushButton),
      m_consent(new QPushButton),
      m_login(new QPushButton(tr("Log in and send…"))) {
    setObjectName(QStringLiteral("answerError"));
    m_what->setObjectName(QStringLiteral("errorWhat"));
    m_allow->setObjectName(QStringLiteral("allowOrigin"));
    m_consent->setObjectName(QStringLiteral("consent"));
    m_login->setObjectName(QStringLiteral("login"));
    QFont bold = m_what->font();
    bold.setWeight(QFont::DemiBold);
    m_what->setFont(bold);
    m_where->setProperty("muted", true);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_allow);
    buttons->addWidget(m_consent);
    buttons->addWidget(m_login);
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 12, 12);
    layout->setSpacing(6);
    layout->addWidget(m_what);
    layout->addWidget(m_where);
    layout->addWidget(m_next);
    layout->addLayout(buttons);
    connect(m_allow, &QPushButton::clicked, this, [this] { Q_EMIT allowOriginRequested(m_origin); });
    connect(m_consent, &QPushButton::clicked, this, [this] { Q_EMIT consentRequested(m_error); });
    connect(m_login, &QPushButton::clicked, this, &AnswerError::loginRequested);
    connect(&theme(), &Theme::changed, this, &AnswerError::applyTheme);
    hide();
}

void AnswerError::applyTheme() {
    const QColor edge = m_isQuestion ? theme().faint : theme().tone(Tone::Bad).text;
    setStyleSheet(
        QStringLiteral("#answerError { background: %1; border: 1px solid %2; border-left: 4px solid %3; "
                       "border-top-right-radius: 4px; border-bottom-right-radius: 4px; }")
            .arg(theme().surface.name(), theme().border.name(), edge.name()));
    m_where->setFont(theme().monospace());
}

void AnswerError::setResult(const RunResult& result) {
    setVisible(result.error.has_value());
    if (!result.error) return;
    m_error = *result.error;
    m_isQuestion = m_error.code == ErrorCode::Cancelled || m_error.code == ErrorCode::ConsentNeeded ||
                   m_error.code == ErrorCode::OriginRefused || m_error.code == ErrorCode::LoginNeeded;
    m_what->setProse(m_error.what, {});
    // The place is told once: often the sentence has it already.
    const bool newPlace = !m_error.where.isEmpty() && !m_error.what.contains(m_error.where);
    m_where->setProse(newPlace ? m_error.where : QString(), {});
    m_where->setVisible(newPlace);
    QStringList next;
    if (result.nothingSent && m_error.code != ErrorCode::Cancelled) next << tr("Nothing was sent.");
    if (!m_error.next.isEmpty()) next << m_error.next;
    m_next->setProse(next.join(u' '), {});
    m_next->setVisible(!next.isEmpty());

    m_origin = m_error.code == ErrorCode::OriginRefused ? originOf(m_error) : QString();
    m_allow->setVisible(!m_origin.isEmpty());
    const QString label = tr("Allow %1 for this profile");
    m_allow->setText(label.arg(m_allow->fontMetrics().elidedText(m_origin, Qt::ElideMiddle, 360)));
    m_allow->setAccessibleName(label.arg(m_origin));
    m_allow->setToolTip(m_origin);
    m_consent->setVisible(m_error.code == ErrorCode::ConsentNeeded);
    m_consent->setText(tr("Allow and send"));
    m_consent->setAccessibleDescription(m_error.what);
    m_login->setVisible(m_error.code == ErrorCode::LoginNeeded);
    m_login->setAccessibleDescription(m_error.what);
    setAccessibleName(plainText());
    applyTheme();
}

QString AnswerError::plainText() const {
    QStringList parts{m_what->text()};
    for (const Prose* label : {m_where, m_next})
        if (!label->text().isEmpty()) parts << label->text();
    return parts.join(u'\n');
}

} // namespace kb
