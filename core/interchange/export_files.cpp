// SPDX-License-Identifier: GPL-3.0-or-later
// HAR 1.2, and an OpenCollection in one file.
#include "core/http/body_view.h"
#include "core/http/url_template.h"
#include "core/interchange/export_private.h"
#include "core/interchange/export_text.h"
#include "core/run/run.h"
#include "core/workspace/opencollection.h"
#include "core/workspace/yaml_node.h"

#include <QCoreApplication>

namespace kb::exporting {

using yaml::Node;

namespace {

JsonValue named(const QString& name, const QString& value) {
    return JsonObject().add(QStringLiteral("name"), name).add(QStringLiteral("value"), value).value();
}

/// What the request would be, without its credential: a HAR file has no word for a variable.
std::optional<JsonValue> entry(const RequestSpec& spec, Source& source) {
    const BodyFiles noFile = [](const QString&) -> Result<QByteArray> { return QByteArray(); };
    const Result<Request> built = buildRequest(spec, source.variables, noFile);
    if (!built) {
        source.notes.append(ExportText::tr("%1 is left out: %2").arg(spec.name, built.error().what));
        return std::nullopt;
    }
    if (spec.body.kind == BodySpec::Kind::File)
        source.notes.append(
            ExportText::tr("%1: its body is a file, whose bytes are not in this export.").arg(spec.name));
    QList<JsonValue> headers, query;
    for (const HeaderField& field : built->headers.fields)
        headers.append(named(QString::fromUtf8(field.name), QString::fromUtf8(field.value)));
    const QString url = QString::fromUtf8(built->url.text());
    for (const QueryField& field : splitUrl(url).query)
        query.append(named(formDecoded(field.name), formDecoded(field.value)));
    JsonObject request;
    request.add(QStringLiteral("method"), QString::fromLatin1(built->method))
        .add(QStringLiteral("url"), url)
        .add(QStringLiteral("httpVersion"), "HTTP/1.1")
        .add(QStringLiteral("cookies"), jsonArray({}))
        .add(QStringLiteral("headers"), jsonArray(std::move(headers)))
        .add(QStringLiteral("queryString"), jsonArray(std::move(query)));
    if (built->hasBody) {
        const QByteArray type = built->headers.first("Content-Type").value_or("application/octet-stream");
        JsonObject body;
        body.add(QStringLiteral("mimeType"), QString::fromUtf8(type));
        if (spec.body.kind == BodySpec::Kind::Multipart) {
            QList<JsonValue> parts;
            for (const BodyPart& part : spec.body.parts) {
                if (!part.enabled) continue;
                const auto resolved = [&](const QString& text) {
                    return resolveVariables(text, source.variables)
                        .value_or(text); // it was built: all are known
                };
                JsonObject row;
                row.add(QStringLiteral("name"), resolved(part.name));
                row.add(part.isFile ? QStringLiteral("fileName") : QStringLiteral("value"),
                        resolved(part.value));
                if (!part.contentType.isEmpty()) row.add(QStringLiteral("contentType"), part.contentType);
                parts.append(row.value());
            }
            body.add(QStringLiteral("params"), jsonArray(std::move(parts)));
        } else {
            body.add(QStringLiteral("text"), QString::fromUtf8(built->body));
        }
        request.add(QStringLiteral("postData"), body.value());
    }
    request.add(QStringLiteral("headersSize"), qint64(-1)).add(QStringLiteral("bodySize"), qint64(-1));
    if (const TokenProfile* profile = source.profileOf(spec))
        request.add(QStringLiteral("comment"),
                    ExportText::tr("Sent as %1; the credential is left out.").arg(profile->name));
    // Nothing was answered: these are requests, not a recording.
    JsonObject response;
    response.add(QStringLiteral("status"), qint64(0))
        .add(QStringLiteral("statusText"), QString())
        .add(QStringLiteral("httpVersion"), QString())
        .add(QStringLiteral("cookies"), jsonArray({}))
        .add(QStringLiteral("headers"), jsonArray({}))
        .add(QStringLiteral("content"), JsonObject()
                                            .add(QStringLiteral("size"), qint64(0))
                                            .add(QStringLiteral("mimeType"), QString())
                                            .value())
        .add(QStringLiteral("redirectURL"), QString())
        .add(QStringLiteral("headersSize"), qint64(-1))
        .add(QStringLiteral("bodySize"), qint64(-1));
    return JsonObject()
        .add(QStringLiteral("startedDateTime"), "1970-01-01T00:00:00.000Z")
        .add(QStringLiteral("time"), qint64(0))
        .add(QStringLiteral("request"), request.value())
        .add(QStringLiteral("response"), response.value())
        .add(QStringLiteral("cache"), JsonObject().value())
        .add(QStringLiteral("timings"), JsonObject()
                                            .add(QStringLiteral("send"), qint64(0))
                                            .add(QStringLiteral("wait"), qint64(0))
                                            .add(QStringLiteral("receive"), qint64(0))
                                            .value())
        .value();
}

/// The tree without its places, so that it can be written elsewhere.
Node loose(const Node& node) {
    Node copy;
    copy.kind = node.kind;
    copy.text = node.text;
    copy.plain = node.plain;
    copy.literal = node.literal;
    for (const Node::Entry& each : node.entries) {
        Node::Entry made;
        made.key = each.key;
        made.value = loose(each.value);
        copy.entries.push_back(std::move(made));
    }
    return copy;
}

Result<Node> nodeOf(const Result<QByteArray>& text, const QString& name) {
    if (!text) return tl::unexpected(text.error());
    Result<yaml::Document> document = yaml::parse(*text, name);
    if (!document) return tl::unexpected(document.error());
    return loose(document->root);
}

Result<Node> itemsNode(const QList<TreeItem>& items) {
    Node list;
    list.kind = Node::Kind::Sequence;
    for (const TreeItem& item : items) {
        const bool isFolder = item.kind == TreeItem::Kind::Folder;
        TreeItem plain = item;
        plain.request.profileId.clear(); // names a profile of this workspace
        Result<Node> node = nodeOf(isFolder ? opencollection::writeFolder(plain, {})
                                            : opencollection::writeRequest(plain, {}),
                                   item.name);
        if (!node) return node;
        if (isFolder) {
            Result<Node> children = itemsNode(item.children);
            if (!children) return children;
            Node::Entry entry;
            entry.key = "items";
            entry.value = std::move(*children);
            node->entries.push_back(std::move(entry));
        }
        Node::Entry entry;
        entry.value = std::move(*node);
        list.entries.push_back(std::move(entry));
    }
    return list;
}

} // namespace

Result<QByteArray> har(Source& source) {
    QList<JsonValue> entries;
    for (const RequestSpec* spec : source.requests())
        if (std::optional<JsonValue> made = entry(*spec, source)) entries.append(std::move(*made));
    const JsonValue root =
        JsonObject()
            .add(QStringLiteral("log"),
                 JsonObject()
                     .add(QStringLiteral("version"), "1.2")
                     .add(QStringLiteral("creator"),
                          JsonObject()
                              .add(QStringLiteral("name"), "Keybearer")
                              .add(QStringLiteral("version"), QCoreApplication::applicationVersion())
                              .value())
                     .add(QStringLiteral("entries"), jsonArray(std::move(entries)))
                     .value())
            .value();
    return QByteArray(prettyJson(writeJson(root)) + '\n');
}

Result<QByteArray> openCollection(Source& source) {
    yaml::Document document;
    document.exact = false;
    document.root.kind = Node::Kind::Mapping;
    Node& root = document.root;
    root.setPlain("opencollection", "1.0.0");
    root.collection("info", Node::Kind::Mapping).setString("name", source.workspace.name);
    if (!source.workspace.environments.isEmpty()) {
        Node& list =
            root.collection("config", Node::Kind::Mapping).collection("environments", Node::Kind::Sequence);
        for (const Environment& environment : source.workspace.environments) {
            Result<Node> node = nodeOf(opencollection::writeEnvironment(environment, {}), environment.name);
            if (!node) return tl::unexpected(node.error());
            Node::Entry made;
            made.value = std::move(*node);
            list.entries.push_back(std::move(made));
        }
    }
    Result<Node> items = itemsNode(source.items);
    if (!items) return tl::unexpected(items.error());
    Node::Entry made;
    made.key = "items";
    made.value = std::move(*items);
    root.entries.push_back(std::move(made));
    return yaml::write(document);
}

} // namespace kb::exporting
