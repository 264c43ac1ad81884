// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/build_body.h"
#include "core/run/build_request_text.h"

#include <QUuid>
#include <algorithm>

namespace kb {

namespace {

QByteArray textType(const QString& text) {
    const bool ascii = std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.unicode() < 0x80; });
    return ascii ? "text/plain" : "text/plain; charset=utf-8";
}

Result<QByteArray> bytesOf(const QString& path, const BodyFiles& readFile) {
    if (path.isEmpty())
        return fail(ErrorCode::InvalidInput, BuildRequestText::tr("The body names no file."),
                    BuildRequestText::tr("body"), BuildRequestText::tr("Name one in the Body tab."));
    if (!readFile)
        return fail(ErrorCode::Unsupported, BuildRequestText::tr("Files cannot be sent from here."), path,
                    BuildRequestText::tr("Send the request from its workspace."));
    return readFile(path);
}

/// A name between quotes (RFC 7578 §4.2, in the form that browsers agreed on).
QByteArray quotedName(const QString& text) {
    return '"' + text.toUtf8().replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A") + '"';
}

struct BuiltPart {
    QByteArray head;
    QByteArray bytes;
};

Result<BuiltPart> buildPart(const BodyPart& part, const VariableMap& variables, const BodyFiles& readFile) {
    QString texts[3] = {part.name, part.value, part.contentType};
    for (QString& text : texts) {
        const Result<QString> resolved = resolveVariables(text, variables);
        if (!resolved) return tl::unexpected(resolved.error());
        text = *resolved;
    }
    BuiltPart built;
    built.head = "Content-Disposition: form-data; name=" + quotedName(texts[0]);
    QByteArray type = texts[2].toUtf8();
    if (part.isFile) {
        Result<QByteArray> bytes = bytesOf(texts[1], readFile);
        if (!bytes) return tl::unexpected(bytes.error());
        built.bytes = std::move(*bytes);
        built.head += "; filename=" + quotedName(texts[1].section(u'/', -1));
        if (type.isEmpty()) type = "application/octet-stream";
    } else {
        built.bytes = texts[1].toUtf8();
    }
    if (type.contains('\r') || type.contains('\n'))
        return fail(
            ErrorCode::InvalidInput,
            BuildRequestText::tr("The content type of the part %1 has more than one line.").arg(texts[0]),
            BuildRequestText::tr("body"));
    if (!type.isEmpty()) built.head += "\r\nContent-Type: " + type;
    return built;
}

Result<BuiltBody> buildMultipart(const QList<BodyPart>& parts, const VariableMap& variables,
                                 const BodyFiles& readFile) {
    QList<BuiltPart> built;
    for (const BodyPart& part : parts) {
        if (!part.enabled) continue;
        Result<BuiltPart> one = buildPart(part, variables, readFile);
        if (!one) return tl::unexpected(one.error());
        built.append(std::move(*one));
    }
    QByteArray boundary;
    do {
        boundary = "keybearer-" + QUuid::createUuid().toByteArray(QUuid::Id128);
    } while (std::any_of(built.cbegin(), built.cend(),
                         [&](const BuiltPart& part) { return part.bytes.contains(boundary); }));
    BuiltBody body;
    for (const BuiltPart& part : std::as_const(built))
        body.bytes += "--" + boundary + "\r\n" + part.head + "\r\n\r\n" + part.bytes + "\r\n";
    body.bytes += "--" + boundary + "--\r\n";
    body.contentType = "multipart/form-data; boundary=" + boundary;
    return body;
}

} // namespace

Result<BuiltBody> buildBody(const BodySpec& spec, const VariableMap& variables, const BodyFiles& readFile) {
    if (spec.kind == BodySpec::Kind::Multipart) return buildMultipart(spec.parts, variables, readFile);
    const Result<QString> text = resolveVariables(spec.text, variables);
    if (!text) return tl::unexpected(text.error());
    const Result<QString> type = resolveVariables(spec.contentType, variables);
    if (!type) return tl::unexpected(type.error());
    BuiltBody body;
    if (spec.kind == BodySpec::Kind::File) {
        Result<QByteArray> bytes = bytesOf(*text, readFile);
        if (!bytes) return tl::unexpected(bytes.error());
        body.bytes = std::move(*bytes);
        body.contentType = type->isEmpty() ? "application/octet-stream" : type->toUtf8();
        return body;
    }
    body.bytes = text->toUtf8();
    body.contentType = spec.kind == BodySpec::Kind::Json ? "application/json"
                       : type->isEmpty()                 ? textType(*text)
                                                         : type->toUtf8();
    return body;
}

} // namespace kb
