// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/import_merge.h"

#include "core/http/url_template.h"
#include "core/workspace/opencollection.h"

#include <QCryptographicHash>
#include <QMultiHash>
#include <QRegularExpression>
#include <QSet>

namespace kb {

namespace {

/// The request as its file would hold it, without what is the user's own: whom it is sent as, and its place.
QString digestOf(const RequestSpec& spec) {
    TreeItem item;
    item.name = spec.name;
    item.request = spec;
    item.request.id.clear();
    item.request.profileId.clear();
    const Result<QByteArray> text = opencollection::writeRequest(item, {});
    if (!text) return {};
    return QString::fromLatin1(QCryptographicHash::hash(*text, QCryptographicHash::Sha256).toHex().left(16));
}

const QString bodyRow = QStringLiteral("body");

QString rowName(const ParamRow& row) {
    return (row.in == ParamRow::In::Path ? QStringLiteral("path ") : QStringLiteral("query ")) + row.name;
}
QString rowName(const QueryField& field) {
    return QStringLiteral("query ") + field.name;
}
QString rowName(const HeaderRow& row) {
    return QStringLiteral("header ") + row.name.toLower();
}

QStringList rowsOf(const RequestSpec& spec) {
    QStringList rows;
    for (const QueryField& field : splitUrl(spec.url).query) // the enabled ones
        rows.append(rowName(field));
    for (const ParamRow& row : spec.params)
        rows.append(rowName(row));
    for (const HeaderRow& row : spec.headers)
        rows.append(rowName(row));
    if (spec.body.kind != BodySpec::Kind::None) rows.append(bodyRow);
    return rows;
}

void mark(QList<TreeItem>& items, const QString& document) {
    for (TreeItem& item : items) {
        mark(item.children, document);
        if (item.kind != TreeItem::Kind::Request) continue;
        static const QRegularExpression base(QStringLiteral("^\\{\\{baseUrl\\w*\\}\\}"));
        QString path = item.request.url;
        path.remove(base);
        item.imported = {document, item.request.method + u' ' + path.section(u'?', 0, 0),
                         digestOf(item.request), rowsOf(item.request)};
    }
}

void collect(const QList<TreeItem>& items, QMultiHash<QString, const TreeItem*>& into,
             const QString& document) {
    for (const TreeItem& item : items) {
        collect(item.children, into, document);
        if (item.kind == TreeItem::Kind::Request && item.imported.document == document &&
            !item.imported.operation.isEmpty())
            into.insert(item.imported.operation, &item);
    }
}

/// What is new in the document, beside all that stands in the request already.
RequestSpec withNews(RequestSpec mine, const RequestSpec& theirs, const QStringList& before) {
    const QStringList has = rowsOf(mine);
    const auto isNew = [&](const QString& row) { return !has.contains(row) && !before.contains(row); };
    for (const HeaderRow& row : theirs.headers)
        if (isNew(rowName(row))) mine.headers.append(row);
    for (const ParamRow& row : theirs.params)
        if (isNew(rowName(row))) mine.params.append(row);
    UrlParts url = splitUrl(mine.url);
    for (const QueryField& field : splitUrl(theirs.url).query) {
        if (!isNew(rowName(field))) continue;
        url.query.append(field);
        url.hasQuery = true;
    }
    mine.url = joinUrl(url);
    if (isNew(bodyRow)) mine.body = theirs.body;
    return mine;
}

class Merge {
public:
    Merge(const Workspace& workspace, const Imported& imported, const QString& folder) {
        collect(workspace.items, m_known, imported.name);
        const TreeItem* into = folder.isEmpty() ? nullptr : workspace.find(folder);
        add(imported.items, into ? into->children : workspace.items, folder);
        QStringList gone;
        for (const TreeItem* item : std::as_const(m_known))
            if (!m_met.contains(item->imported.operation)) gone.append(item->path);
        gone.sort();
        m_merge.gone = gone;
    }
    ImportMerge take() { return std::move(m_merge); }

private:
    /// What is new of `items` goes into a folder of that name where there is one.
    void add(const QList<TreeItem>& items, const QList<TreeItem>& neighbours, const QString& folder) {
        ImportMerge::Addition here{folder, {}};
        for (const TreeItem& item : items) {
            if (item.kind == TreeItem::Kind::Request) {
                if (!meets(item)) here.items.append(item);
                continue;
            }
            const auto same = std::find_if(neighbours.begin(), neighbours.end(), [&](const TreeItem& each) {
                return each.kind == TreeItem::Kind::Folder && each.name == item.name;
            });
            if (same != neighbours.end() && !m_known.isEmpty()) {
                add(item.children, same->children, same->path);
                continue;
            }
            TreeItem made = item;
            made.children.clear();
            for (const TreeItem& child : item.children)
                if (!meets(child)) made.children.append(child);
            if (!made.children.isEmpty()) here.items.append(made);
        }
        if (!here.items.isEmpty()) m_merge.additions.append(here);
    }

    /// Whether the workspace has it; then it is brought up to date.
    bool meets(const TreeItem& item) {
        const QList<const TreeItem*> found = m_known.values(item.imported.operation);
        if (item.kind != TreeItem::Kind::Request || found.isEmpty()) return false;
        m_met.insert(item.imported.operation);
        // Of copies, the one that was not edited is the import's own.
        const TreeItem* old = found.last();
        for (const TreeItem* each : found)
            if (digestOf(each->request) == each->imported.digest) old = each;
        if (item.imported.digest == old->imported.digest) { // the document says what it said
            m_merge.same.append(old->path);
            return true;
        }
        TreeItem now = *old;
        now.imported = item.imported;
        if (digestOf(old->request) == old->imported.digest) {
            const QString profile = now.request.profileId;
            now.request = item.request;
            now.request.profileId = profile;
            now.name = item.name;
        } else {
            now.request = withNews(old->request, item.request, old->imported.rows);
            m_merge.edited.append(old->path);
        }
        now.request.id = old->path;
        m_merge.changed.append(now);
        return true;
    }

    QMultiHash<QString, const TreeItem*> m_known;
    QSet<QString> m_met;
    ImportMerge m_merge;
};

} // namespace

void markOperations(Imported& imported) {
    mark(imported.items, imported.name);
}

ImportMerge mergeImport(const Workspace& workspace, const Imported& imported, const QString& folder) {
    return Merge(workspace, imported, folder).take();
}

} // namespace kb
