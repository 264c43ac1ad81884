// SPDX-License-Identifier: GPL-3.0-or-later
// HAR 1.2: what a browser or a proxy recorded.
#include "core/auth/misplaced_token.h"
#include "core/http/url.h"
#include "core/interchange/import_draft.h"
#include "core/interchange/import_text.h"
#include "core/interchange/tree.h"

#include <QSet>
#include <algorithm>

namespace kb::importing {

using yaml::Node;

namespace {

/// Fields that the connection or the browser made, and that a request of ours makes anew.
bool isOfTheConnection(const QString& name) {
    static const QSet<QString> names{
        QStringLiteral("host"),       QStringLiteral("content-length"),
        QStringLiteral("connection"), QStringLiteral("accept-encoding"),
        QStringLiteral("te"),         QStringLiteral("upgrade"),
        QStringLiteral("keep-alive"), QStringLiteral("transfer-encoding"),
        QStringLiteral("priority"),   QStringLiteral("upgrade-insecure-requests"),
        QStringLiteral("user-agent")};
    const QString lower = name.toLower();
    return lower.startsWith(u':') || lower.startsWith(QLatin1String("sec-")) || names.contains(lower);
}

bool isCredential(const HeaderRow& row) {
    return row.name.compare(QLatin1String("Authorization"), Qt::CaseInsensitive) == 0 ||
           row.name.compare(QLatin1String("Cookie"), Qt::CaseInsensitive) == 0 ||
           headerHoldsToken(row.name, row.value);
}

DraftItem requestOf(const Node* node) {
    DraftItem item;
    RequestSpec& spec = item.request;
    spec.method = textOf(node, {"method"});
    spec.url = textOf(node, {"url"}).section(u'#', 0, 0);
    for (const Node::Entry& entry : elementsOf(node, {"headers"})) {
        const QString name = textOf(&entry.value, {"name"});
        if (!isOfTheConnection(name)) spec.headers.append({name, textOf(&entry.value, {"value"}), {}, true});
    }
    // Some tools list cookies here alone.
    QStringList cookies;
    for (const Node::Entry& entry : elementsOf(node, {"cookies"}))
        if (const QString name = textOf(&entry.value, {"name"}); !name.isEmpty())
            cookies.append(name + u'=' + textOf(&entry.value, {"value"}));
    const bool told = std::any_of(spec.headers.cbegin(), spec.headers.cend(), [](const HeaderRow& row) {
        return row.name.compare(QLatin1String("Cookie"), Qt::CaseInsensitive) == 0;
    });
    if (!told && !cookies.isEmpty())
        spec.headers.append({QStringLiteral("Cookie"), cookies.join(QStringLiteral("; ")), {}, true});
    const Node* body = childOf(node, {"postData"});
    const QString type = textOf(body, {"mimeType"});
    if (const QString text = textOf(body, {"text"}); !text.isEmpty()) {
        spec.body = textBody(text, type);
    } else if (!elementsOf(body, {"params"}).empty()) {
        const bool multipart = type.startsWith(QLatin1String("multipart/"), Qt::CaseInsensitive);
        QStringList fields;
        for (const Node::Entry& entry : elementsOf(body, {"params"})) {
            const QString name = textOf(&entry.value, {"name"});
            const QString file = textOf(&entry.value, {"fileName"});
            if (multipart)
                spec.body.parts.append({name, file.isEmpty() ? textOf(&entry.value, {"value"}) : file,
                                        !file.isEmpty(), textOf(&entry.value, {"contentType"}), true});
            else
                fields.append(formField(name, textOf(&entry.value, {"value"})));
        }
        spec.body.kind = multipart ? BodySpec::Kind::Multipart : BodySpec::Kind::Text;
        if (!multipart) {
            spec.body.text = fields.join(u'&');
            spec.body.contentType = QStringLiteral("application/x-www-form-urlencoded");
        }
    }
    dropImpliedContentType(spec);
    spec.settings.followRedirects = false; // each hop was recorded on its own
    const Result<HttpUrl> url = HttpUrl::parse(spec.url);
    spec.name = spec.method + u' ' + (url ? QString::fromUtf8(url->path()) : spec.url);
    item.name = spec.name;
    return item;
}

} // namespace

Result<Draft> readHar(const Node& root, const QString& name) {
    Draft draft;
    draft.format = QStringLiteral("har");
    draft.name = name;
    QStringList hosts;
    QMap<QString, QList<DraftItem>> byHost;
    QSet<QString> known;
    int repeats = 0;
    for (const Node::Entry& entry : elementsOf(&root, {"log", "entries"})) {
        const Node* request = childOf(&entry.value, {"request"});
        const Result<HttpUrl> url = HttpUrl::parse(textOf(request, {"url"}));
        if (!url) {
            noteOnce(draft, ImportText::tr("%1 is no HTTP request and is left out.")
                                .arg(textOf(request, {"url"}).left(60)));
            continue;
        }
        const DraftItem item = requestOf(request);
        QString mark = item.request.method + u'\n' + item.request.url + u'\n' + item.request.body.text;
        for (const BodyPart& part : item.request.body.parts)
            mark += u'\n' + part.name + u'=' + part.value;
        // Sent as somebody else it is another request, or a profile would be lost; as nobody it adds none.
        const QString bare = mark;
        for (const HeaderRow& row : item.request.headers)
            if (isCredential(row)) mark += u'\n' + row.name.toLower() + u':' + row.value;
        if (known.contains(mark)) {
            ++repeats;
            continue;
        }
        known.insert(mark);
        known.insert(bare);
        const QString host = QString::fromUtf8(url->authority());
        if (!hosts.contains(host)) hosts.append(host);
        byHost[host].append(item);
    }
    if (repeats > 0)
        noteOnce(draft, ImportText::tr("%n request(s) that came again are left out.", nullptr, repeats));
    for (const QString& host : std::as_const(hosts)) {
        if (hosts.size() == 1) {
            draft.items = byHost.value(host);
            break;
        }
        DraftItem folder;
        folder.isFolder = true;
        folder.name = host;
        folder.children = byHost.value(host);
        draft.items.append(folder);
    }
    return draft;
}

} // namespace kb::importing
