// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/check_spec.h"

#include <QRegularExpression>

namespace kb {

QStringList checkOperators() {
    return {QStringLiteral("eq"),       QStringLiteral("neq"),         QStringLiteral("gt"),
            QStringLiteral("gte"),      QStringLiteral("lt"),          QStringLiteral("lte"),
            QStringLiteral("between"),  QStringLiteral("in"),          QStringLiteral("notIn"),
            QStringLiteral("contains"), QStringLiteral("notContains"), QStringLiteral("startsWith"),
            QStringLiteral("endsWith"), QStringLiteral("matches"),     QStringLiteral("notMatches"),
            QStringLiteral("length"),   QStringLiteral("isDefined"),   QStringLiteral("isUndefined"),
            QStringLiteral("isNull"),   QStringLiteral("isEmpty"),     QStringLiteral("isNotEmpty"),
            QStringLiteral("isTruthy"), QStringLiteral("isFalsy"),     QStringLiteral("isJson"),
            QStringLiteral("isNumber"), QStringLiteral("isString"),    QStringLiteral("isBoolean"),
            QStringLiteral("isArray")};
}

bool operatorTakesValue(const QString& op) {
    return !op.startsWith(QLatin1String("is"));
}

bool isPortable(AnswerPart part, const QString& expression) {
    static const QRegularExpression ours(QStringLiteral("^\\s*res\\.(cookies|size)\\b"));
    return part == AnswerPart::Expression && !ours.match(expression).hasMatch();
}

QString lastName(const QString& expression) {
    static const QRegularExpression last(QStringLiteral("([A-Za-z0-9_\\-]+)['\"\\]\\s]*$"));
    return last.match(expression).captured(1);
}

} // namespace kb
