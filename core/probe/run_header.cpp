// SPDX-License-Identifier: GPL-3.0-or-later
// The header field that tells a run's id: whoever runs the server can find the run's requests by it.
#include "core/http/headers.h"
#include "core/probe/matrix_text.h"
#include "core/probe/plan.h"

#include <algorithm>

namespace kb {

namespace {

/// Fields that mean something to a server or to us: who asks, what is sent, how it is to be done.
bool isTaken(const QString& name) {
    static const QStringList names{
        QStringLiteral("authorization"), QStringLiteral("cookie"),     QStringLiteral("dpop"),
        QStringLiteral("signature"),     QStringLiteral("host"),       QStringLiteral("signature-input"),
        QStringLiteral("connection"),    QStringLiteral("te"),         QStringLiteral("transfer-encoding"),
        QStringLiteral("trailer"),       QStringLiteral("upgrade"),    QStringLiteral("expect"),
        QStringLiteral("range"),         QStringLiteral("origin"),     QStringLiteral("keep-alive"),
        QStringLiteral("date"),          QStringLiteral("user-agent"), QStringLiteral("forwarded"),
        QStringLiteral("cache-control"), QStringLiteral("x-wsse")};
    static const QStringList beginnings{
        QStringLiteral("content-"), QStringLiteral("proxy-"), QStringLiteral("accept"),
        QStringLiteral("if-"),      QStringLiteral("x-amz-"), QStringLiteral("access-control-"),
        QStringLiteral("sec-"),     QStringLiteral("x-http"), QStringLiteral("x-forwarded-")};
    const QString lower = name.toLower();
    return names.contains(lower) || std::any_of(beginnings.begin(), beginnings.end(),
                                                [&](const QString& each) { return lower.startsWith(each); });
}

/// Whether a credential goes there, or a parameter of the API: nobody may seem to have either.
bool isUsed(const QString& name, const MatrixPlan& plan) {
    const auto same = [&](const QString& other) { return other.compare(name, Qt::CaseInsensitive) == 0; };
    const auto isKey = [&](const ApiKeyScheme& key) {
        return key.in == ApiKeyScheme::In::Header && same(key.name);
    };
    for (const MatrixProfile& who : plan.profiles) {
        const auto* own = std::get_if<ApiKeyScheme>(&who.scheme);
        if ((own && isKey(*own)) || std::any_of(who.keys.begin(), who.keys.end(), isKey)) return true;
    }
    for (const ApiSecurityScheme& scheme : plan.api.schemes)
        if (scheme.in == QLatin1String("header") && same(scheme.parameter)) return true;
    for (const ApiOperation& operation : plan.api.operations)
        for (const ApiParameter& parameter : operation.parameters)
            if (parameter.in == QLatin1String("header") && same(parameter.name)) return true;
    return false;
}

} // namespace

Result<QString> runHeaderFor(const MatrixPlan& plan, const MatrixSettings& settings) {
    const QString& name = settings.runHeader;
    if (name.isEmpty()) return QString();
    const QString next = MatrixText::tr("Choose a name of your own, such as X-Keybearer-Run.");
    if (!isToken(name.toUtf8()))
        return fail(ErrorCode::InvalidInput, MatrixText::tr("\"%1\" cannot be a header's name.").arg(name),
                    QStringLiteral("run_header"), next);
    if (isTaken(name) || isUsed(name, plan))
        return fail(
            ErrorCode::InvalidInput,
            MatrixText::tr("The run's id cannot go into %1: the header has a meaning already.").arg(name),
            QStringLiteral("run_header"), next);
    return name;
}

} // namespace kb
