// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_editor_method.h"

#include "ui/theme.h"

#include <QLineEdit>
#include <QWheelEvent>

namespace kb {

MethodCombo::MethodCombo(QWidget* parent) : QComboBox(parent) {
    setEditable(true);
    setInsertPolicy(NoInsert);
    // A completer would turn a typed "get" into "GET": methods are case-sensitive and go out as typed.
    setCompleter(nullptr);
    addItems({QStringLiteral("GET"), QStringLiteral("POST"), QStringLiteral("PUT"), QStringLiteral("PATCH"),
              QStringLiteral("DELETE"), QStringLiteral("HEAD"), QStringLiteral("OPTIONS"),
              QStringLiteral("TRACE"), QStringLiteral("QUERY")});
    setAccessibleName(tr("Method"));
    lineEdit()->setAccessibleName(tr("Method"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    connect(this, &QComboBox::currentTextChanged, this, [this] {
        paintMethod();
        if (!m_setting) Q_EMIT methodEdited();
    });
    connect(&theme(), &Theme::changed, this, &MethodCombo::paintMethod);
    paintMethod();
}

void MethodCombo::setMethod(const QString& method) {
    m_setting = true;
    const int row = findText(method, Qt::MatchFixedString | Qt::MatchCaseSensitive);
    setCurrentIndex(row);
    if (row < 0) setEditText(method);
    m_setting = false;
    paintMethod();
}

void MethodCombo::setProblem(const QString& reason) {
    if (reason == m_problem) return;
    m_problem = reason;
    setToolTip(reason);
    setAccessibleDescription(reason);
    paintMethod();
}

QSize MethodCombo::sizeHint() const {
    const QFontMetrics metrics(theme().monospace());
    return {metrics.horizontalAdvance(QStringLiteral("OPTIONS")) + 44, QComboBox::sizeHint().height()};
}

void MethodCombo::paintMethod() {
    QFont mono = theme().monospace();
    mono.setWeight(QFont::DemiBold);
    lineEdit()->setFont(mono);
    const QColor colour = m_problem.isEmpty() ? theme().methodColour(method()) : theme().tone(Tone::Bad).text;
    lineEdit()->setStyleSheet(
        QStringLiteral("QLineEdit { border: none; padding: 0; background: transparent; color: %1;%2 }")
            .arg(colour.name(),
                 m_problem.isEmpty() ? QString() : QStringLiteral(" text-decoration: underline;")));
    for (int row = 0; row < count(); ++row) {
        setItemData(row, theme().methodColour(itemText(row)), Qt::ForegroundRole);
        setItemData(row, mono, Qt::FontRole);
    }
}

void MethodCombo::wheelEvent(QWheelEvent* event) {
    event->ignore();
}

} // namespace kb
