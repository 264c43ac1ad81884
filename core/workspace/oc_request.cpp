// SPDX-License-Identifier: GPL-3.0-or-later
// A request file: its http block, its settings, and what is ours under extensions.keybearer.
#include "core/http/url_template.h"
#include "core/workspace/oc_fields.h"

#include <QCoreApplication>
#include <algorithm>

namespace kb::opencollection {

using yaml::Node;

namespace {

/// The file lists every query field, those in the URL too. The URL wins: a listed field that it lacks is not
/// sent, so it becomes a row that is off, unless the URL has a field of that name.
QList<ParamRow> readParams(const Node& http, const QString& url, Reader& reader) {
    QList<ParamRow> rows;
    const Node* list = reader.sequence(http, "params");
    if (!list) return rows;
    const QList<QueryField> inUrl = splitUrl(url).query;
    for (const Node::Entry& entry : list->entries) {
        const Node* row = reader.asMapping(entry.value);
        if (!row) break;
        ParamRow param;
        param.in =
            reader.text(*row, "type") == QLatin1String("path") ? ParamRow::In::Path : ParamRow::In::Query;
        param.name = reader.text(*row, "name");
        param.value = reader.text(*row, "value");
        param.description = reader.description(*row);
        param.enabled = reader.enabled(*row);
        if (param.in == ParamRow::In::Query && param.enabled) {
            const auto sameName = [&](const QueryField& field) { return field.name == param.name; };
            if (std::any_of(inUrl.begin(), inUrl.end(), sameName)) continue;
            param.enabled = false;
        }
        rows.append(param);
    }
    return rows;
}

/// The rows of the file: the URL's own query fields, then the others. A field in the URL has no description
/// of ours.
struct FileParam {
    ParamRow row;
    bool inUrl = false;
};

void writeParams(Node& http, const RequestSpec& spec) {
    QList<FileParam> rows;
    const QList<QueryField> fields = splitUrl(spec.url).query;
    for (const QueryField& field : fields)
        rows.append({{ParamRow::In::Query, field.name, field.value, QString(), true}, true});
    for (const ParamRow& row : spec.params) {
        if (row.in == ParamRow::In::Path || !row.enabled) rows.append({row, false});
    }
    const auto likeness = [](const Node& element, const FileParam& param) {
        Reader reader{QString()};
        const bool isPath = reader.text(element, "type") == QLatin1String("path");
        if (isPath != (param.row.in == ParamRow::In::Path) || reader.text(element, "name") != param.row.name)
            return 0;
        if (reader.text(element, "value") != param.row.value) return 1;
        return reader.enabled(element) == param.row.enabled ? 4 : 2;
    };
    writeRows(http, "params", rows, likeness, [](Node& element, const FileParam& param) {
        element.setString("name", param.row.name);
        element.setString("value", param.row.value);
        element.setString("type", param.row.in == ParamRow::In::Path ? QStringLiteral("path")
                                                                     : QStringLiteral("query"));
        if (!param.inUrl) writeDescription(element, param.row.description);
        writeEnabled(element, param.row.enabled);
    });
}

void writeSettings(Node& root, const RequestSettings& wanted, const RequestSettings& present, bool isNew) {
    const bool same = wanted.timeoutMs == present.timeoutMs &&
                      wanted.followRedirects == present.followRedirects &&
                      wanted.maxRedirects == present.maxRedirects &&
                      wanted.removedDefaultHeaders == present.removedDefaultHeaders;
    if (same && !isNew) return;
    Node& settings = root.collection("settings", Node::Kind::Mapping);
    if (isNew) { // every setting spelled out, so that another program does the same as we do
        settings.setPlain("encodeUrl", "false");
        settings.setPlain("timeout", QByteArray::number(wanted.timeoutMs));
        settings.setPlain("followRedirects", wanted.followRedirects ? "true" : "false");
        settings.setPlain("maxRedirects", QByteArray::number(wanted.maxRedirects));
    } else {
        writeNumber(settings, "timeout", wanted.timeoutMs, present.timeoutMs);
        writeFlag(settings, "followRedirects", wanted.followRedirects, present.followRedirects);
        writeNumber(settings, "maxRedirects", wanted.maxRedirects, present.maxRedirects);
    }
    writeTexts(settings, "omitHeaders", wanted.removedDefaultHeaders);
}

} // namespace

RequestSpec readRequest(const Node& root, Reader& reader) {
    RequestSpec spec;
    const Node none;
    const Node* info = reader.mapping(root, "info");
    spec.name = reader.text(info ? *info : none, "name");
    const Node* own = ownExtension(root);
    if (const Node* http = reader.mapping(root, "http")) {
        spec.method = reader.text(*http, "method", spec.method);
        spec.url = reader.text(*http, "url");
        spec.headers = readHeaderRows(*http, reader);
        spec.params = readParams(*http, spec.url, reader);
        spec.body = readBody(*http, own, reader);
    }
    if (const Node* settings = reader.mapping(root, "settings")) {
        const RequestSettings defaults;
        spec.settings.timeoutMs = std::max(0, reader.number(*settings, "timeout", defaults.timeoutMs));
        spec.settings.followRedirects = reader.flag(*settings, "followRedirects", defaults.followRedirects);
        spec.settings.maxRedirects =
            std::max(0, reader.number(*settings, "maxRedirects", defaults.maxRedirects));
        spec.settings.removedDefaultHeaders = reader.texts(*settings, "omitHeaders");
    }
    if (const Node* runtime = reader.mapping(root, "runtime"))
        spec.variables = readVariables(*runtime, reader);
    readChecks(root, own, reader, spec);
    if (own) {
        spec.profileId = reader.text(*own, "profile");
        spec.settings.verifyTls = reader.flag(*own, "verifyTls", true);
    }
    return spec;
}

void writeRequestSpec(Node& root, const RequestSpec& spec, const RequestSpec& present, bool isNew) {
    {
        Node& http = root.collection("http", Node::Kind::Mapping);
        if (isNew || spec.method != present.method) http.setString("method", spec.method);
        if (isNew || spec.url != present.url) http.setString("url", spec.url);
        if (spec.headers != present.headers) writeHeaderRows(http, spec.headers);
        if (isNew || spec.params != present.params || spec.url != present.url) writeParams(http, spec);
    }
    if (spec.body != present.body) writeBody(root, spec.body);
    if (isNew) root.collection("http", Node::Kind::Mapping).setString("auth", QStringLiteral("inherit"));
    writeSettings(root, spec.settings, present.settings, isNew);
    if (spec.profileId != present.profileId || spec.settings.verifyTls != present.settings.verifyTls) {
        Node& own = makeOwnExtension(root);
        writeText(own, "profile", spec.profileId);
        if (spec.settings.verifyTls)
            own.remove("verifyTls");
        else
            own.setPlain("verifyTls", "false");
    }
    if (spec.variables != present.variables) {
        Node& runtime = root.collection("runtime", Node::Kind::Mapping);
        writeVariables(runtime, spec.variables);
        if (runtime.entries.empty()) root.remove("runtime");
    }
    writeChecks(root, spec, present);
    dropEmptyExtension(root);
}

} // namespace kb::opencollection
