// SPDX-License-Identifier: GPL-3.0-or-later
// A login request of another program's file as a login of ours: the one secret in it goes out of its text.
#include "core/auth/misplaced_token.h"
#include "core/base/json_make.h"
#include "core/http/url.h"
#include "core/interchange/import_matrix_identity.h"
#include "core/interchange/import_text.h"
#include "core/interchange/loose_secrets.h"

#include <QRegularExpression>

namespace kb::importing {

namespace {

const QString secretMark = QStringLiteral("{{secret}}");
const QString userMark = QStringLiteral("{{user}}");

tl::unexpected<Error> cannot(const QString& what) {
    return fail(ErrorCode::Unsupported, what);
}

bool isJsonType(const QString& contentType) {
    const QString type = contentType.section(u';', 0, 0).trimmed().toLower();
    return type.endsWith(QLatin1String("/json")) || type.endsWith(QLatin1String("+json"));
}

bool isFormType(const QString& contentType) {
    return contentType.section(u';', 0, 0)
               .trimmed()
               .compare(QLatin1String("application/x-www-form-urlencoded"), Qt::CaseInsensitive) == 0;
}

/// A text of the file that would be read as a variable here: it could send off what a variable stands for.
bool namesVariable(const QString& text) {
    return text.contains(QLatin1String("{{"));
}

bool namesAUser(const QString& name) {
    static const QRegularExpression user(
        QStringLiteral("^(?:user(?:_?name|_?id)?|login|e-?mail|name|account|tenant|realm|grant_type|"
                       "client_id|scope|audience|remember(?:_?me)?)$"),
        QRegularExpression::CaseInsensitiveOption);
    return user.match(name).hasMatch();
}

/// Of a body in which no name says that it is a secret: the one text that is no user's name.
std::optional<QString> onlySecretOf(QString& body, const QString& contentType) {
    if (isFormType(contentType)) {
        QStringList fields = body.split(u'&');
        qsizetype at = -1;
        for (qsizetype i = 0; i < fields.size(); ++i) {
            if (namesAUser(formDecoded(fields.at(i).section(u'=', 0, 0)))) continue;
            if (at >= 0) return std::nullopt;
            at = i;
        }
        if (at < 0 || !fields.at(at).contains(u'=')) return std::nullopt;
        const QString secret = formDecoded(fields.at(at).section(u'=', 1));
        fields[at] = fields.at(at).section(u'=', 0, 0) + u'=' + secretMark;
        body = fields.join(u'&');
        return secret;
    }
    Result<JsonValue> json =
        isJsonType(contentType) ? parseJson(body.toUtf8()) : Result<JsonValue>(tl::unexpected(Error{}));
    if (!json || !json->isObject()) return std::nullopt;
    JsonValue::Member* only = nullptr;
    for (JsonValue::Member& member : json->members) {
        if (member.second.type == JsonValue::Type::Bool || namesAUser(member.first)) continue;
        if (only || !member.second.isString()) return std::nullopt;
        only = &member;
    }
    if (!only) return std::nullopt;
    const QString secret = only->second.string;
    only->second = jsonText(secretMark);
    body = QString::fromUtf8(writeJson(*json));
    return secret;
}

/// The body without its secret, which is in `secret` then.
Result<QString> cleanBody(const LoginDraft& draft, QString& secret) {
    if (draft.password) {
        secret = *draft.password;
        return draft.body;
    }
    if (draft.body.trimmed().isEmpty()) return QString();
    if (namesVariable(draft.body))
        return cannot(ImportText::tr("The body of its login holds \"{{\", which would be a variable here."));
    QStringList found;
    QString body = replaceBodySecrets(draft.body, draft.contentType,
                                      [&](const QString&, const QString& value) -> QString {
                                          if (!found.contains(value)) found.append(value);
                                          return secretMark;
                                      });
    if (found.isEmpty())
        if (const std::optional<QString> only = onlySecretOf(body, draft.contentType)) found.append(*only);
    if (found.isEmpty())
        return cannot(ImportText::tr("It is not known what in the body of its login is the password."));
    if (found.size() > 1) return cannot(ImportText::tr("The body of its login holds more than one secret."));
    secret = found.first();
    return body;
}

Result<void> addHeaders(const LoginDraft& draft, LoginScheme& scheme, QString& secret) {
    for (const auto& [name, given] : draft.headers) {
        const QString value = given.trimmed();
        if (name.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) == 0) continue;
        if (value.contains(u'\n') || value.contains(u'\r') || namesVariable(value) || namesVariable(name))
            return cannot(ImportText::tr("A header of its login cannot be sent as it is."));
        const bool authorization = name.compare(QLatin1String("Authorization"), Qt::CaseInsensitive) == 0;
        const bool hidden = authorization || headerHoldsToken(name, value) || namesASecretVariable(name) ||
                            name.compare(QLatin1String("Cookie"), Qt::CaseInsensitive) == 0;
        if (!hidden) {
            scheme.headers.append(name + QStringLiteral(": ") + value);
            continue;
        }
        if (!secret.isEmpty()) return cannot(ImportText::tr("Its login holds more than one secret."));
        const qsizetype space = authorization ? value.indexOf(u' ') : -1;
        secret = value.mid(space + 1).trimmed();
        scheme.headers.append(name + QStringLiteral(": ") + value.left(space + 1) + secretMark);
    }
    return {};
}

Result<QString> addressOf(const QString& given, const QString& base) {
    if (namesVariable(given))
        return cannot(
            ImportText::tr("The address of its login holds \"{{\", which would be a variable here."));
    RequestSpec spec;
    spec.url = given;
    if (queryToken(given) || tokenAt(spec, {TokenSpot::In::UserInfo, -1, {}}))
        return cannot(ImportText::tr("The address of its login holds a secret."));
    if (given.contains(QLatin1String("://"))) {
        if (!HttpUrl::parse(given)) return cannot(ImportText::tr("The address of its login is none."));
        return given;
    }
    if (given.isEmpty()) return cannot(ImportText::tr("The file does not say where it logs in."));
    if (base.isEmpty())
        return cannot(ImportText::tr("It logs in at %1, and it is not known on which server: allow the "
                                     "server's origin.")
                          .arg(plainWord(given)));
    QString url = base;
    while (url.endsWith(u'/'))
        url.chop(1);
    return QString(url + (given.startsWith(u'/') ? QString() : QStringLiteral("/")) + given);
}

/// How the token is sent, from "Bearer {token}" and the header's name.
Result<void> placeToken(const LoginDraft& draft, LoginScheme& scheme) {
    if (draft.inCookie) {
        scheme.sendAs = SendPlace::Cookie;
        return {};
    }
    const QString mark = QStringLiteral("{token}");
    const qsizetype at = draft.sendTemplate.indexOf(mark);
    const QString before = draft.sendTemplate.left(qMax<qsizetype>(0, at)).trimmed();
    if (at < 0 || !draft.sendTemplate.mid(at + mark.size()).trimmed().isEmpty())
        return cannot(ImportText::tr("What its token is sent in has more around it than a word before it."));
    const bool authorization =
        draft.sendName.compare(QLatin1String("Authorization"), Qt::CaseInsensitive) == 0;
    if (!before.isEmpty() && !authorization)
        return cannot(ImportText::tr("A word before its token is sent in the header Authorization only."));
    scheme.prefix = before;
    scheme.sendAs = before.isEmpty() ? SendPlace::Header : SendPlace::Bearer;
    if (before.isEmpty()) scheme.sendName = draft.sendName;
    return {};
}

} // namespace

std::optional<QString> loginBody(const QString& contentType, const QString& userField,
                                 const QString& passwordField) {
    if (namesVariable(userField) || namesVariable(passwordField)) return std::nullopt;
    if (isFormType(contentType))
        return QString(formEncoded(userField) + u'=' + userMark + u'&' + formEncoded(passwordField) + u'=' +
                       secretMark);
    if (!isJsonType(contentType) && !contentType.isEmpty()) return std::nullopt;
    return QString::fromUtf8(
        writeJson(JsonObject().add(userField, userMark).add(passwordField, secretMark).value()));
}

Result<MadeLogin> makeLogin(const LoginDraft& draft, const QString& base) {
    MadeLogin made;
    LoginScheme& scheme = made.scheme;
    const Result<QString> url = addressOf(draft.url.trimmed(), base);
    if (!url) return tl::unexpected(url.error());
    scheme.loginUrl = *url;
    scheme.method = draft.method.toUpper();
    scheme.user = draft.user;
    LoginDraft whole = draft;
    for (const auto& [name, value] : draft.headers)
        if (whole.contentType.isEmpty() &&
            name.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) == 0)
            whole.contentType = value;
    if (whole.contentType.isEmpty() && whole.body.trimmed().startsWith(u'{'))
        whole.contentType = QStringLiteral("application/json");
    const Result<QString> body = cleanBody(whole, made.secret);
    if (!body) return tl::unexpected(body.error());
    scheme.body = *body;
    for (const QString& text :
         {whole.contentType, draft.tokenName, draft.sendName, draft.sendTemplate, draft.user, draft.method})
        if (namesVariable(text))
            return cannot(
                ImportText::tr("A word of its login holds \"{{\", which would be a variable here."));
    scheme.contentType = body->isEmpty() ? QString() : whole.contentType;
    if (const Result<void> added = addHeaders(draft, scheme, made.secret); !added)
        return tl::unexpected(added.error());
    if (made.secret.isEmpty() && scheme.body.isEmpty())
        return cannot(ImportText::tr("Its login has neither a body nor a secret."));
    scheme.tokenFrom = draft.tokenFrom;
    scheme.tokenName = draft.tokenName;
    if (const Result<void> placed = placeToken(draft, scheme); !placed) return tl::unexpected(placed.error());
    if (isPlaceholder(made.secret)) made.secret.clear();
    return made;
}

} // namespace kb::importing
