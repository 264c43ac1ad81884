// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/url_template.h"
#include "core/run/build_body.h"
#include "core/run/build_request_text.h"
#include "kb_version.h"

namespace kb {

namespace {

/// A path parameter's value as it stands in the path: what would change the path's structure is encoded.
QString encodedPathValue(const QString& value) {
    return fillPathParameters(QStringLiteral("http://h/:p"), {{QStringLiteral("p"), value}}, nullptr)
        .mid(QLatin1String("http://h/").size());
}

} // namespace

Result<QString> filledUrl(const RequestSpec& spec, const VariableMap& variables) {
    QString out;
    qsizetype from = 0;
    const auto copyUpTo = [&](qsizetype end) -> Result<void> {
        const Result<QString> piece = resolveVariables(spec.url.mid(from, end - from), variables);
        if (!piece) return tl::unexpected(piece.error());
        out += *piece;
        return {};
    };
    for (const PathParameter& parameter : pathParameters(spec.url)) {
        const auto row = std::find_if(spec.params.cbegin(), spec.params.cend(), [&](const ParamRow& each) {
            return each.enabled && each.in == ParamRow::In::Path && each.name == parameter.name;
        });
        if (row == spec.params.cend()) continue;
        const Result<QString> value = resolveVariables(row->value, variables);
        if (!value) return value;
        if (value->isEmpty())
            return fail(ErrorCode::InvalidInput,
                        BuildRequestText::tr("The path parameter %1 has no value.").arg(parameter.name),
                        parameter.name, BuildRequestText::tr("Give it a value in the parameter table."),
                        parameter.start);
        if (const Result<void> copied = copyUpTo(parameter.start); !copied)
            return tl::unexpected(copied.error());
        out += encodedPathValue(*value);
        from = parameter.start + parameter.length;
    }
    if (const Result<void> copied = copyUpTo(spec.url.size()); !copied) return tl::unexpected(copied.error());
    return out;
}

namespace {

Result<HttpUrl> buildUrl(const RequestSpec& spec, const VariableMap& variables) {
    const Result<QString> text = filledUrl(spec, variables);
    if (!text) return tl::unexpected(text.error());
    Result<HttpUrl> url = HttpUrl::parse(*text);
    if (!url) {
        // A position in the resolved text would point at the wrong place of what the user sees.
        Error error = url.error();
        if (*text != spec.url) error.position = -1;
        return tl::unexpected(error);
    }
    if (url->userInfo())
        return fail(
            ErrorCode::InvalidInput,
            BuildRequestText::tr("The URL holds a user name or password, which is not sent from there."),
            QString::fromUtf8(url->authority()),
            BuildRequestText::tr("Take it out of the URL and make a Basic profile of it."));
    return url;
}

Result<HeaderList> buildHeaders(const RequestSpec& spec, const VariableMap& variables) {
    HeaderList headers;
    for (const HeaderRow& row : spec.headers) {
        if (!row.enabled || (row.name.isEmpty() && row.value.isEmpty())) continue;
        const Result<QString> name = resolveVariables(row.name, variables);
        if (!name) return tl::unexpected(name.error());
        const Result<QString> value = resolveVariables(row.value, variables);
        if (!value) return tl::unexpected(value.error());
        const HeaderField field{name->toUtf8(), value->toUtf8()};
        if (const Result<void> checked = checkHeaderField(field); !checked)
            return tl::unexpected(checked.error());
        headers.fields.append(field);
    }
    return headers;
}

} // namespace

Result<Request> buildRequest(const RequestSpec& spec, const VariableMap& variables,
                             const BodyFiles& readFile) {
    Request request;
    const Result<QString> method = resolveVariables(spec.method, variables);
    if (!method) return tl::unexpected(method.error());
    request.method = method->toUtf8();
    if (!isToken(request.method))
        return fail(
            ErrorCode::InvalidInput, BuildRequestText::tr("“%1” cannot be a request method.").arg(*method),
            BuildRequestText::tr("method"),
            BuildRequestText::tr("A method is one word of letters, digits and a few signs, such as GET."));

    Result<HttpUrl> url = buildUrl(spec, variables);
    if (!url) return tl::unexpected(url.error());
    request.url = std::move(*url);

    Result<HeaderList> typed = buildHeaders(spec, variables);
    if (!typed) return tl::unexpected(typed.error());

    const auto wanted = [&](QLatin1String name) {
        return !typed->contains(QByteArrayView(name.data(), name.size())) &&
               !spec.settings.removedDefaultHeaders.contains(name, Qt::CaseInsensitive);
    };
    if (wanted(QLatin1String("User-Agent"))) request.headers.append("User-Agent", "Keybearer/" KB_VERSION);
    if (wanted(QLatin1String("Accept"))) request.headers.append("Accept", "*/*");
    if (wanted(QLatin1String("Accept-Encoding")))
        request.headers.append("Accept-Encoding", "gzip, deflate, br, zstd");
    request.headers.fields += typed->fields;

    if (!spec.body.unsupported.isEmpty())
        return fail(
            ErrorCode::Unsupported,
            BuildRequestText::tr("A body of the kind %1 cannot be sent yet.").arg(spec.body.unsupported),
            BuildRequestText::tr("body"),
            BuildRequestText::tr("Choose another kind in the Body tab; the file keeps the old one."));
    if (spec.body.kind == BodySpec::Kind::None) return request;
    Result<BuiltBody> body = buildBody(spec.body, variables, readFile);
    if (!body) return tl::unexpected(body.error());
    request.body = std::move(body->bytes);
    request.hasBody = true;
    if (wanted(QLatin1String("Content-Type"))) {
        const HeaderField field{"Content-Type", body->contentType};
        if (const Result<void> checked = checkHeaderField(field); !checked)
            return tl::unexpected(checked.error());
        request.headers.fields.append(field);
    }
    return request;
}

} // namespace kb
