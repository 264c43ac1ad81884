// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/signature_components.h"
#include "core/auth/http_signature_text.h"

#include "core/http/structured_field_text.h"

namespace kb {

namespace {

using Form = SignatureComponent::Form;

tl::unexpected<Error> refuseComponent(const QString& what, const QByteArray& where) {
    return fail(ErrorCode::InvalidInput, what, QString::fromUtf8(where),
                HttpSignatureText::tr("Change the components in the profile's signature settings."));
}

tl::unexpected<Error> missing(const SignatureComponent& component) {
    return fail(
        ErrorCode::InvalidInput,
        HttpSignatureText::tr("The signature covers %1, which the request does not have.")
            .arg(QString::fromLatin1(component.identifier)),
        QString::fromLatin1(component.name),
        HttpSignatureText::tr("Add it to the request, or take it out of the profile's signature settings."));
}

/// A text of a query decoded, and encoded as RFC 9421 §2.2.8 wants it: as a form is, but a space as %20.
QByteArray formEncoded(QByteArray text) {
    return QByteArray::fromPercentEncoding(text.replace('+', ' ')).toPercentEncoding("*", "~");
}

bool isDerived(const QByteArray& name) {
    static const QList<QByteArray> names = {"@method",         "@target-uri", "@authority", "@scheme",
                                            "@request-target", "@path",       "@query",     "@query-param"};
    return names.contains(name);
}

/// The identifier's name and parameters; the name may come without its quotation marks.
std::optional<SfMember> parseIdentifier(const QByteArray& typed) {
    QByteArray text = typed;
    if (!text.startsWith('"')) {
        const qsizetype semicolon = text.indexOf(';');
        const qsizetype end = semicolon < 0 ? text.size() : semicolon;
        const auto quoted = sfStringText(QByteArrayView(text).first(end).trimmed());
        if (!quoted) return std::nullopt;
        text = *quoted + text.mid(end);
    }
    const auto list = parseSfList({text});
    if (!list || list->size() != 1 || list->first().isInnerList ||
        list->first().item.type != SfItem::Type::String)
        return std::nullopt;
    return list->first();
}

Result<void> readDerivedParams(SfMember& member, SignatureComponent& component, const QByteArray& typed) {
    const bool query = component.name == "@query-param";
    for (auto& [name, value] : member.params) {
        if (!query || name != "name" || value.type != SfItem::Type::String)
            return refuseComponent(HttpSignatureText::tr("The component %1 cannot have the parameter %2.")
                                       .arg(QString::fromLatin1(component.name), QString::fromLatin1(name)),
                                   typed);
        value.text = formEncoded(value.text);
        component.parameter = value.text;
    }
    if (query && member.params.isEmpty())
        return refuseComponent(
            HttpSignatureText::tr("@query-param needs the name of a query field: @query-param;name=\"id\"."),
            typed);
    return {};
}

Result<void> readFieldParams(const SfMember& member, SignatureComponent& component, const QByteArray& typed) {
    bool strict = false, bytes = false, key = false;
    for (const auto& [name, value] : member.params) {
        const bool flag = value.type == SfItem::Type::Boolean && value.boolean;
        if (name == "sf" && flag) {
            strict = true;
        } else if (name == "bs" && flag) {
            bytes = true;
        } else if (name == "key" && value.type == SfItem::Type::String) {
            key = true;
            component.parameter = value.text;
        } else {
            return refuseComponent(HttpSignatureText::tr("The component %1 cannot have the parameter %2.")
                                       .arg(QString::fromLatin1(component.name), QString::fromLatin1(name)),
                                   typed);
        }
    }
    if (bytes && (strict || key))
        return refuseComponent(HttpSignatureText::tr("The parameter bs does not go together with sf or key."),
                               typed);
    component.form = bytes ? Form::Bytes : key ? Form::Key : strict ? Form::Strict : Form::Plain;
    return {};
}

Result<SignatureComponent> readComponent(const QString& text) {
    const QByteArray typed = text.trimmed().toUtf8();
    std::optional<SfMember> member = parseIdentifier(typed);
    if (!member)
        return refuseComponent(
            HttpSignatureText::tr("\"%1\" is not a component of a signature.").arg(text.trimmed()), typed);
    SignatureComponent component;
    component.name = member->item.text.toLower();
    for (const auto& [name, value] : std::as_const(member->params)) {
        if (name == "req")
            return refuseComponent(
                HttpSignatureText::tr("The parameter req is for signatures of answers only."), typed);
        if (name == "tr")
            return refuseComponent(
                HttpSignatureText::tr("The parameter tr is for trailers, which a request does not have."),
                typed);
    }
    Result<void> params;
    if (component.name.startsWith('@')) {
        if (component.name == "@status")
            return refuseComponent(HttpSignatureText::tr("@status is for signatures of answers only."),
                                   typed);
        if (component.name == "@signature-params")
            return refuseComponent(HttpSignatureText::tr("@signature-params is added by itself."), typed);
        if (!isDerived(component.name))
            return refuseComponent(HttpSignatureText::tr("The component %1 is not known.")
                                       .arg(QString::fromLatin1(component.name)),
                                   typed);
        params = readDerivedParams(*member, component, typed);
    } else {
        if (!isToken(component.name))
            return refuseComponent(
                HttpSignatureText::tr("\"%1\" is not a component of a signature.").arg(text.trimmed()),
                typed);
        params = readFieldParams(*member, component, typed);
    }
    if (!params) return tl::unexpected<Error>(params.error());
    component.identifier = *sfStringText(component.name) + sfParamsText(member->params);
    return component;
}

/// Host and port as the server will see them: of the Host field where the user wrote one.
Result<QByteArray> authorityOf(const Request& request) {
    const QList<QByteArray> typed = request.headers.all("Host");
    if (typed.isEmpty()) return request.url.authority();
    if (typed.size() > 1)
        return refuseComponent(
            HttpSignatureText::tr("With more than one Host field the authority cannot be signed."), "Host");
    QByteArray host = typed.first().trimmed().toLower();
    const QByteArray standard = request.url.origin().isSecure() ? ":443" : ":80";
    if (host.endsWith(standard)) host.chop(standard.size());
    return host;
}

Result<QByteArray> queryParam(const SignatureComponent& component, const Request& request) {
    std::optional<QByteArray> found;
    const QList<QByteArray> fields = request.url.query().value_or(QByteArray()).split('&');
    for (const QByteArray& field : fields) {
        if (field.isEmpty()) continue;
        const qsizetype equals = field.indexOf('=');
        if (formEncoded(equals < 0 ? field : field.left(equals)) != component.parameter) continue;
        if (found)
            return refuseComponent(
                HttpSignatureText::tr(
                    "The query field %1 is there more than once, so it cannot be signed alone. "
                    "Cover @query instead.")
                    .arg(QString::fromLatin1(component.parameter)),
                component.identifier);
        found = equals < 0 ? QByteArray() : formEncoded(field.mid(equals + 1));
    }
    if (!found) return missing(component);
    return *found;
}

Result<QByteArray> derivedValue(const SignatureComponent& component, const Request& request) {
    const QByteArray& name = component.name;
    const HttpUrl& url = request.url;
    if (name == "@method") return request.method;
    if (name == "@scheme") return url.origin().scheme;
    if (name == "@request-target") return url.requestTarget();
    if (name == "@path") return url.path();
    if (name == "@query") return '?' + url.query().value_or(QByteArray());
    if (name == "@query-param") return queryParam(component, request);
    Result<QByteArray> authority = authorityOf(request);
    if (!authority || name == "@authority") return authority;
    return url.origin().scheme + "://" + *authority + url.requestTarget();
}

/// The field's lines, trimmed. Two fields are the transport's where the user leaves them out.
QList<QByteArray> linesOf(const QByteArray& name, const Request& request) {
    QList<QByteArray> lines = request.headers.all(name);
    for (QByteArray& line : lines)
        line = line.trimmed();
    if (!lines.isEmpty()) return lines;
    if (name == "host") return {request.url.authority()};
    if (name == "content-length" && request.hasBody) return {QByteArray::number(request.body.size())};
    return {};
}

Result<QByteArray> strictValue(const SignatureComponent& component, const QList<QByteArray>& lines) {
    // Of an unknown field only its text tells which of the two it is. What reads as both has one text.
    if (const auto list = parseSfList(lines)) return sfListText(*list);
    if (const auto dictionary = parseSfDictionary(lines)) return sfDictionaryText(*dictionary);
    return refuseComponent(
        HttpSignatureText::tr("The field %1 is not a structured field, so it cannot be signed with sf.")
            .arg(QString::fromLatin1(component.name)),
        component.identifier);
}

Result<QByteArray> keyValue(const SignatureComponent& component, const QList<QByteArray>& lines) {
    const auto dictionary = parseSfDictionary(lines);
    if (!dictionary)
        return refuseComponent(HttpSignatureText::tr("The field %1 is not a dictionary, so it has no keys.")
                                   .arg(QString::fromLatin1(component.name)),
                               component.identifier);
    for (const SfMember& member : *dictionary)
        if (member.key == component.parameter) return sfMemberText(member);
    return missing(component);
}

} // namespace

Result<QList<SignatureComponent>> readSignatureComponents(const QStringList& texts) {
    QList<SignatureComponent> out;
    for (const QString& text : texts) {
        Result<SignatureComponent> component = readComponent(text);
        if (!component) return tl::unexpected<Error>(component.error());
        for (const SignatureComponent& earlier : std::as_const(out)) {
            if (earlier == *component)
                return refuseComponent(HttpSignatureText::tr("The component %1 is named twice.")
                                           .arg(QString::fromLatin1(component->identifier)),
                                       component->identifier);
        }
        out.append(std::move(*component));
    }
    return out;
}

Result<QByteArray> signatureComponentValue(const SignatureComponent& component, const Request& request) {
    if (component.name.startsWith('@')) return derivedValue(component, request);
    const QList<QByteArray> lines = linesOf(component.name, request);
    if (lines.isEmpty()) return missing(component);
    switch (component.form) {
    case Form::Plain:
        return lines.join(", ");
    case Form::Strict:
        return strictValue(component, lines);
    case Form::Key:
        return keyValue(component, lines);
    case Form::Bytes: {
        QByteArrayList encoded;
        for (const QByteArray& line : lines)
            encoded.append(sfBytesText(line));
        return encoded.join(", ");
    }
    }
    return missing(component);
}

} // namespace kb
