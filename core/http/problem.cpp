// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/problem.h"

#include "core/http/body_view.h"

#include <QXmlStreamReader>
#include <algorithm>

namespace kb {

namespace {

int validStatus(double number) {
    const int status = number >= 100 && number <= 999 ? int(number) : 0;
    return double(status) == number ? status : 0;
}

/// Takes a member on where its type fits; false when it is an extension.
bool takeMember(ProblemDetails& problem, const QString& name, const JsonValue& value) {
    if (name == QStringLiteral("status")) {
        if (value.isNumber()) problem.status = validStatus(value.toDouble());
        return true;
    }
    QString* const known = name == QStringLiteral("type")       ? &problem.type
                           : name == QStringLiteral("title")    ? &problem.title
                           : name == QStringLiteral("detail")   ? &problem.detail
                           : name == QStringLiteral("instance") ? &problem.instance
                                                                : nullptr;
    if (!known) return false;
    if (value.isString()) *known = value.string;
    return true;
}

ProblemDetails fromObject(const JsonValue& object) {
    ProblemDetails problem;
    for (const JsonValue::Member& member : object.members)
        if (!takeMember(problem, member.first, member.second)) problem.extensions.append(member);
    if (problem.type.isEmpty()) problem.type = QStringLiteral("about:blank");
    return problem;
}

/// Whether an object that is not announced as a problem speaks like one. A title alone could be a book's.
bool looksLikeProblem(const JsonValue& object) {
    const auto has = [&](QStringView name) { return !object.text(name).isEmpty(); };
    const JsonValue* status = object.find(u"status");
    const bool errorStatus =
        status && status->isNumber() && status->toDouble() >= 400 && status->toDouble() < 600;
    return has(u"detail") || (has(u"title") && (has(u"type") || errorStatus));
}

/// OAuth's error answer (RFC 6749 §5.2): `error` is a code, `error_description` a sentence.
void takeOAuthError(ProblemDetails& problem, const JsonValue& object) {
    if (problem.title.isEmpty()) problem.title = object.text(u"error");
    if (problem.detail.isEmpty()) problem.detail = object.text(u"error_description");
}

/// The XML form (RFC 9457 appendix B): members are elements of one root element.
std::optional<ProblemDetails> fromXml(const QByteArray& body) {
    QXmlStreamReader xml(body);
    ProblemDetails problem;
    if (!xml.readNextStartElement() || xml.name() != QStringLiteral("problem")) return std::nullopt;
    while (xml.readNextStartElement()) {
        const QString name = xml.name().toString();
        JsonValue value;
        value.string = xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
        value.type = JsonValue::Type::String;
        if (name == QStringLiteral("status")) {
            value.type = JsonValue::Type::Number;
            value.numberText = value.string.toLatin1();
        }
        if (!takeMember(problem, name, value)) problem.extensions.append({name, value});
    }
    if (xml.hasError()) return std::nullopt;
    return problem;
}

QByteArray mediaType(const HeaderList& headers) {
    const QByteArray value = headers.first("Content-Type").value_or(QByteArray());
    return value.split(';').first().trimmed().toLower();
}

} // namespace

std::optional<ProblemDetails> readProblem(const HeaderList& headers, const QByteArray& body) {
    const QByteArray type = mediaType(headers);
    const bool announced = type == "application/problem+json";
    if (type == "application/problem+xml") return fromXml(body);
    if (!announced && bodyKind(headers, body) != BodyKind::Json) return std::nullopt;
    const auto object = parseJson(bodyAsUtf8(headers, body));
    if (!object || !object->isObject()) return std::nullopt;
    const bool oauth = !object->text(u"error").isEmpty();
    if (!announced && !oauth && !looksLikeProblem(*object)) return std::nullopt;
    ProblemDetails problem = fromObject(*object);
    if (oauth) takeOAuthError(problem, *object);
    return problem;
}

QString problemType(const ProblemDetails& problem, const HttpUrl& answered) {
    const QString& type = problem.type;
    const auto isDelimiter = [](QChar c) { return c == u':' || c == u'/' || c == u'?' || c == u'#'; };
    const auto first = std::find_if(type.begin(), type.end(), isDelimiter);
    if (first != type.end() && *first == u':') return type; // absolute, and often no address: "urn:…"
    const Result<HttpUrl> url = answered.resolve(type.toUtf8());
    if (!url) return type;
    const qsizetype fragment = type.indexOf(u'#');
    return QString::fromUtf8(url->text()) + (fragment < 0 ? QString() : type.mid(fragment));
}

} // namespace kb
