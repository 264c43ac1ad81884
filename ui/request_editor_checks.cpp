// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_editor_checks.h"
#include "ui/request_hints_text.h"

#include "core/http/headers.h"
#include "core/http/url_template.h"

#include <algorithm>

namespace kb {

namespace {

using Kind = RequestHint::Kind;

/// The URL with the path parameters that are on filled in.
QString withPathValues(const RequestSpec& spec, const VariableMap& variables, QStringList* empty) {
    QList<std::pair<QString, QString>> values;
    for (const ParamRow& row : spec.params) {
        if (row.in != ParamRow::In::Path || !row.enabled) continue;
        if (row.value.isEmpty()) {
            if (empty) empty->append(row.name);
            continue;
        }
        values.append({row.name, fillVariables(row.value, variables, QStringLiteral("0")).text});
    }
    return fillPathParameters(spec.url, values, nullptr);
}

void addMethodHint(const RequestSpec& spec, QList<RequestHint>& hints) {
    const QString method = spec.method;
    if (!variableUses(method).isEmpty()) return;
    if (method.isEmpty()) {
        hints.append(
            {Kind::BadMethod, Tone::Bad, RequestHintsText::tr("The method is missing."), {}, {}, -1});
        return;
    }
    if (!isToken(method.toUtf8())) {
        qsizetype at = 0;
        while (at < method.size() && isToken(method.mid(at, 1).toUtf8()))
            ++at;
        hints.append(
            {Kind::BadMethod,
             Tone::Bad,
             RequestHintsText::tr(
                 "“%1” cannot stand in a method: it is one word of letters, digits and !#$%&'*+-.^_`|~.")
                 .arg(method.mid(at, 1)),
             {},
             {},
             -1});
        return;
    }
    static const QStringList known = {
        QStringLiteral("GET"),   QStringLiteral("HEAD"),   QStringLiteral("POST"),   QStringLiteral("PUT"),
        QStringLiteral("PATCH"), QStringLiteral("DELETE"), QStringLiteral("OPTIONS")};
    if (!known.contains(method) && known.contains(method.toUpper()))
        hints.append({Kind::BadMethod,
                      Tone::Warn,
                      RequestHintsText::tr("Methods are case-sensitive: “%1” is not %2.")
                          .arg(method, method.toUpper()),
                      {},
                      {},
                      -1});
}

QString moveText() {
    return RequestHintsText::tr("Move to a profile");
}

void addUrlHints(const HintInput& input, const UrlCheck& url, QList<RequestHint>& hints) {
    if (isTokenInsteadOfUrl(input.spec.url)) {
        hints.append({Kind::TokenAsUrl,
                      Tone::Warn,
                      RequestHintsText::tr("This is a token, not a URL. It belongs in a profile."),
                      moveText(),
                      {},
                      -1,
                      {TokenSpot::In::WholeUrl, -1, {}}});
        return;
    }
    if (url.error) {
        const QString text = url.place.variable.isEmpty()
                                 ? RequestHintsText::tr("The URL does not parse at character %1: %2")
                                       .arg(QString::number(url.place.start + 1), url.error->what)
                                 : RequestHintsText::tr("The URL does not parse in the value of {{%1}}: %2")
                                       .arg(url.place.variable, url.error->what);
        hints.append({Kind::BadUrl, Tone::Bad, text, {}, {}, -1});
    }
    if (url.hasUserInfo)
        hints.append(
            {Kind::UserInfo,
             Tone::Bad,
             RequestHintsText::tr(
                 "The URL holds a user name or password. It will not be sent from there: make a Basic "
                 "profile of it."),
             moveText(),
             {},
             -1,
             {TokenSpot::In::UserInfo, -1, {}}});
    if (!url.emptyParameters.isEmpty())
        hints.append({Kind::EmptyParameter,
                      Tone::Warn,
                      RequestHintsText::tr("No value for the path parameter %1.")
                          .arg(url.emptyParameters.join(QStringLiteral(", "))),
                      {},
                      {},
                      -1});
    if (const std::optional<QueryField> field = queryToken(input.spec.url)) {
        // A field without a name is told by the first letters of what it holds.
        const QString name = field->name.isEmpty() ? field->value.left(4) : field->name;
        hints.append({Kind::TokenInUrl,
                      Tone::Warn,
                      RequestHintsText::tr("This URL carries a token (%1). URLs end up in logs.").arg(name),
                      moveText(),
                      name,
                      -1,
                      {TokenSpot::In::Query, -1, field->name}});
    }
}

void addUnknownVariables(const HintInput& input, QList<RequestHint>& hints) {
    QStringList names = unknownVariables(input.spec, input.variables);
    names.removeIf([&](const QString& name) { return input.secretNames.contains(name); });
    if (names.isEmpty()) return;
    for (QString& name : names)
        name = QStringLiteral("{{") % name % QStringLiteral("}}");
    const QString list = names.join(QStringLiteral(", "));
    const QString text =
        input.environment.isEmpty()
            ? RequestHintsText::tr("Not defined, since no environment is chosen: %1.").arg(list)
            : RequestHintsText::tr("Not defined in the environment %1: %2.").arg(input.environment, list);
    hints.append({Kind::UnknownVariable, Tone::Bad, text, {}, {}, -1});
}

void addHeaderHints(const HintInput& input, QList<RequestHint>& hints) {
    QStringList credentials;
    if (input.profile) {
        credentials << credentialHeader(input.profile->scheme);
        for (const ApiKeyScheme& key : input.profile->keys)
            if (key.in == ApiKeyScheme::In::Header) credentials << key.name;
        credentials.removeAll(QString());
    }
    for (int i = 0; i < input.spec.headers.size(); ++i) {
        const HeaderRow& row = input.spec.headers[i];
        if (!row.enabled || (row.name.isEmpty() && row.value.isEmpty())) continue;
        const HeaderField field{fillVariables(row.name, input.variables, QStringLiteral("x")).text.toUtf8(),
                                fillVariables(row.value, input.variables, QStringLiteral("x")).text.toUtf8()};
        if (const Result<void> checked = checkHeaderField(field); !checked)
            hints.append(
                {Kind::BadHeader,
                 Tone::Bad,
                 RequestHintsText::tr("Header row %1: %2").arg(QString::number(i + 1), checked.error().what),
                 {},
                 {},
                 i});
        const bool inTheWay = credentials.contains(row.name, Qt::CaseInsensitive);
        const QString action = headerHoldsToken(row.name, row.value) ? moveText() : QString();
        const TokenSpot token = action.isEmpty() ? TokenSpot() : TokenSpot{TokenSpot::In::Header, i, {}};
        if (inTheWay)
            hints.append({Kind::HeaderInTheWay, Tone::Bad,
                          RequestHintsText::tr(
                              "Your header row %1 is in the way of the profile %2: remove one of them.")
                              .arg(row.name, input.profile->name),
                          action, row.name, i, token});
        else if (!action.isEmpty())
            hints.append(
                {Kind::TokenInHeader, Tone::Warn,
                 RequestHintsText::tr("The header %1 holds a token, which the saved request would hold too.")
                     .arg(row.name),
                 action, row.name, i, token});
    }
}

void addProfileHints(const HintInput& input, const UrlCheck& url, QList<RequestHint>& hints) {
    if (!input.profile) {
        if (!input.spec.profileId.isEmpty())
            hints.append({Kind::MissingProfile,
                          Tone::Bad,
                          RequestHintsText::tr(
                              "The profile this request names is not in this workspace. Choose another."),
                          {},
                          {},
                          -1});
        return;
    }
    if (!input.state) return;
    const QString name = input.profile->name;
    if (input.state->problem) {
        const Error& problem = *input.state->problem;
        hints.append({Kind::ProfileProblem,
                      Tone::Bad,
                      name % QStringLiteral(": ") % problem.what %
                          (problem.next.isEmpty() ? QString() : QString(u' ' % problem.next)),
                      {},
                      {},
                      -1});
        return;
    }
    const ProfileBinding* binding = input.profile->bindingFor(input.environment);
    if (!url.origin || !binding || input.state->loading != ProfileState::Loading::Done) return;
    const QString target = url.origin->text();
    const bool plain = !url.origin->isSecure() && !url.origin->isLoopback();
    // The agreements that are not known here are taken as given: the run asks for them itself.
    SecretRecord record;
    record.allowedOrigins = input.state->confirmedOrigins;
    record.plainHttpOrigins = record.insecureTlsOrigins = {target};
    const std::optional<Error> refused =
        checkAudience(*url.origin, *binding, record, input.variables, input.spec.settings, false, false);
    if (refused && refused->code == ErrorCode::OriginRefused) {
        const QString text =
            plain ? RequestHintsText::tr("%1’s token may not go to %2, which is not encrypted.")
                  : RequestHintsText::tr("%1’s token may not go to %2.");
        hints.append({Kind::OriginRefused, Tone::Bad, text.arg(name, target), RequestHintsText::tr("Allow"),
                      target, -1});
    } else if (refused && refused->code == ErrorCode::ConsentNeeded) {
        hints.append(
            {Kind::OriginsChanged, Tone::Bad, refused->what, RequestHintsText::tr("Confirm"), target, -1});
    } else if (plain) {
        hints.append({Kind::PlainHttp,
                      Tone::Warn,
                      RequestHintsText::tr("Plain http: anyone on the way to %1 can read %2’s token.")
                          .arg(QString::fromUtf8(url.origin->host), name),
                      {},
                      target,
                      -1});
    }
}

} // namespace

UrlCheck checkUrl(const RequestSpec& spec, const VariableMap& variables) {
    UrlCheck check;
    const QString filledPath = withPathValues(spec, variables, &check.emptyParameters);
    if (spec.url.isEmpty()) return check;
    const FilledText typed = fillVariables(spec.url, variables, QStringLiteral("0"));
    // A URL with an unknown name in it cannot be judged; that is said by its own remark.
    if (!typed.unknown.isEmpty()) return check;
    const Result<HttpUrl> parsed = HttpUrl::parse(typed.text);
    if (!parsed) {
        check.error = parsed.error();
        check.place = typed.placeOf(qMax<qsizetype>(0, parsed.error().position));
        return check;
    }
    check.origin = parsed->origin();
    check.hasUserInfo = parsed->userInfo().has_value();
    check.resolved = fillVariables(filledPath, variables, QStringLiteral("0")).text;
    return check;
}

QList<RequestHint> requestHints(const HintInput& input) {
    QList<RequestHint> hints;
    const UrlCheck url = checkUrl(input.spec, input.variables);
    addMethodHint(input.spec, hints);
    addUrlHints(input, url, hints);
    addUnknownVariables(input, hints);
    addProfileHints(input, url, hints);
    addHeaderHints(input, hints);
    std::stable_sort(hints.begin(), hints.end(), [](const RequestHint& a, const RequestHint& b) {
        return a.tone == Tone::Bad && b.tone != Tone::Bad;
    });
    return hints;
}

} // namespace kb
