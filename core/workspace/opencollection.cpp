// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/opencollection.h"
#include "core/workspace/opencollection_text.h"

#include "core/workspace/file_name.h"
#include "core/workspace/inherit.h"
#include "core/workspace/oc_fields.h"

#include <algorithm>

namespace kb::opencollection {

using yaml::Node;

namespace {

QString baseName(const QString& path) {
    QString name = path.mid(path.lastIndexOf(u'/') + 1);
    if (name.endsWith(QLatin1String(".yml"), Qt::CaseInsensitive)) name.chop(4);
    return name;
}

Result<yaml::Document> parseMapping(const QByteArray& text, const QString& name) {
    auto document = yaml::parse(text, name);
    if (document && !document->root.isMapping() && !document->root.isNull())
        return fail(ErrorCode::ParseError, OpenCollectionText::tr("The file must hold names and values."),
                    yaml::place(name, document->root.line, document->root.column),
                    OpenCollectionText::tr("Correct the file in a text editor, then reload."));
    return document;
}

QString kindOf(const Node& root) {
    const Node* info = root.find("info");
    const Node* type = info ? info->find("type") : nullptr;
    if (!type && info && root.find("http")) return QStringLiteral("http");
    return type ? type->string() : QString();
}

/// The tree as folders by path; a folder exists where a file is.
class TreeBuilder {
public:
    TreeItem& folder(const QString& path) {
        if (path.isEmpty()) return m_root;
        TreeItem& parent = folder(parentOf(path));
        const auto known = m_index.constFind(path);
        if (known != m_index.constEnd()) return parent.children[*known];
        TreeItem item;
        item.kind = TreeItem::Kind::Folder;
        item.path = path;
        item.name = path.mid(path.lastIndexOf(u'/') + 1);
        m_index.insert(path, parent.children.size());
        parent.children.append(item);
        return parent.children.last();
    }
    QList<TreeItem> take() {
        sort(m_root.children);
        return std::move(m_root.children);
    }

private:
    static void sort(QList<TreeItem>& items) {
        std::stable_sort(items.begin(), items.end(), [](const TreeItem& a, const TreeItem& b) {
            if (a.kind != b.kind) return a.kind == TreeItem::Kind::Folder;
            // Those without an order come last, by name.
            if ((a.order > 0) != (b.order > 0)) return a.order > 0;
            if (a.order != b.order) return a.order < b.order;
            const int byName = a.name.compare(b.name, Qt::CaseInsensitive);
            return byName != 0 ? byName < 0 : a.path < b.path;
        });
        for (TreeItem& item : items)
            sort(item.children);
    }

    TreeItem m_root;
    QHash<QString, qsizetype> m_index;
};

TreeItem readItem(const Node& root, const QString& path, Reader& reader) {
    TreeItem item;
    item.path = path;
    item.request = readRequest(root, reader);
    item.request.id = path;
    if (item.request.name.isEmpty()) item.request.name = baseName(path);
    item.name = item.request.name;
    item.hasScripts = hasScripts(root, "runtime", reader);
    if (const Node* info = root.find("info")) item.order = reader.number(*info, "seq", 0);
    if (const Node* own = ownExtension(root))
        if (const Node* mark = reader.mapping(*own, "openapi"))
            item.imported = {reader.text(*mark, "document"), reader.text(*mark, "operation"),
                             reader.text(*mark, "digest"), reader.texts(*mark, "rows")};
    return item;
}

std::optional<Error> readFile(const File& file, TreeBuilder& tree, QList<Environment>& environments) {
    auto document = parseMapping(file.text, file.path);
    const bool isFolderFile = file.path.mid(file.path.lastIndexOf(u'/') + 1) == folderFileName();
    // Whom such a folder names is not known: nobody is sent for it, rather than whoever is above.
    if (!document && isFolderFile)
        tree.folder(parentOf(file.path)).defaults.profileId = explicitlyAnonymous();
    if (!document) return document.error();
    const Node& root = document->root;
    Reader reader(file.path);
    if (isEnvironmentPath(file.path)) {
        Environment environment = readEnvironment(root, baseName(file.path), reader);
        if (!reader.error()) environments.append(environment);
        return reader.error();
    }
    const QString kind = kindOf(root);
    if (isFolderFile || kind == QLatin1String("folder")) {
        if (const Node* info = reader.mapping(root, "info")) {
            TreeItem& folder = tree.folder(parentOf(file.path));
            folder.name = reader.text(*info, "name", folder.name);
            folder.order = reader.number(*info, "seq", 0);
        }
        TreeItem& folder = tree.folder(parentOf(file.path));
        folder.defaults = readDefaults(root, reader);
        folder.hasScripts = hasScripts(root, "request", reader);
    } else if (kind == QLatin1String("http")) {
        TreeItem item = readItem(root, file.path, reader);
        if (!reader.error()) tree.folder(parentOf(file.path)).children.append(item);
    } else if (kind == QLatin1String("graphql") || kind == QLatin1String("grpc") ||
               kind == QLatin1String("websocket")) {
        return Error{ErrorCode::Unsupported,
                     OpenCollectionText::tr("Requests of the kind \"%1\" cannot be used yet.").arg(kind),
                     file.path, OpenCollectionText::tr("The file is left as it is."), -1};
    } // any other YAML file is none of ours
    return reader.error();
}

tl::unexpected<Error> notWritable(const QString& name) {
    return fail(
        ErrorCode::Unsupported,
        OpenCollectionText::tr("The file holds YAML that would be lost (a tag, or a key that is no text)."),
        name, OpenCollectionText::tr("Change it in a text editor."));
}

/// What the file says now, ready to be changed.
struct Present {
    yaml::Document document;
    bool isNew = false;
};

Result<Present> present(const QByteArray& previous, const QString& name) {
    auto document = parseMapping(previous, name);
    if (!document) return tl::unexpected(document.error());
    Present now;
    now.document = std::move(*document);
    now.isNew = now.document.root.isNull();
    if (now.isNew) now.document.root.kind = Node::Kind::Mapping;
    return now;
}

Result<QByteArray> finish(const Present& now, const QString& name) {
    if (!now.document.writable) return notWritable(name);
    return yaml::write(now.document);
}

} // namespace

bool isEnvironmentPath(const QString& path) {
    return path.startsWith(QLatin1String("environments/")) && path.count(u'/') == 1;
}

QString environmentName(const File& file) {
    const auto document = parseMapping(file.text, file.path);
    if (!document) return {};
    Reader reader(file.path);
    return reader.text(document->root, "name", baseName(file.path));
}

Result<Workspace> read(const QList<File>& files) {
    Workspace workspace;
    TreeBuilder tree;
    bool hasRoot = false;
    for (const File& file : files) {
        if (file.path != rootFileName()) continue;
        hasRoot = true;
        auto document = parseMapping(file.text, file.path);
        if (!document) return tl::unexpected(document.error());
        Reader reader(file.path);
        if (const Node* info = reader.mapping(document->root, "info"))
            workspace.name = reader.text(*info, "name");
        workspace.profiles = readProfiles(document->root, reader);
        workspace.matrix = readMatrix(document->root, reader);
        workspace.defaults = readDefaults(document->root, reader);
        workspace.hasScripts = hasScripts(document->root, "request", reader);
        if (reader.error()) return tl::unexpected(*reader.error());
    }
    if (!hasRoot)
        return fail(ErrorCode::NotFound,
                    OpenCollectionText::tr("There is no workspace here: %1 is missing.").arg(rootFileName()),
                    QString(),
                    OpenCollectionText::tr("Choose another folder, or make a workspace in this one."));
    for (const File& file : files) {
        if (file.path == rootFileName()) continue;
        if (const auto error = readFile(file, tree, workspace.environments))
            workspace.problems.append({file.path, *error});
    }
    workspace.items = tree.take();
    std::sort(workspace.environments.begin(), workspace.environments.end(),
              [](const Environment& a, const Environment& b) {
                  const int order = a.name.compare(b.name, Qt::CaseInsensitive);
                  return order != 0 ? order < 0 : a.name < b.name;
              });
    return workspace;
}

Result<QByteArray> writeRoot(const Workspace& workspace, const QByteArray& previous) {
    auto now = present(previous, rootFileName());
    if (!now) return tl::unexpected(now.error());
    Node& root = now->document.root;
    Reader reader(rootFileName());
    const Node* info = reader.mapping(root, "info");
    const QString name = info ? reader.text(*info, "name") : QString();
    const QList<TokenProfile> profiles = readProfiles(root, reader);
    const MatrixSettings matrix = readMatrix(root, reader);
    const RequestDefaults defaults = readDefaults(root, reader);
    if (reader.error()) return tl::unexpected(*reader.error());
    if (!now->isNew && name == workspace.name && profiles == workspace.profiles &&
        matrix == workspace.matrix && defaults == workspace.defaults)
        return previous;
    if (!root.find("opencollection")) root.setPlain("opencollection", "1.0.0");
    if (now->isNew || name != workspace.name)
        root.collection("info", Node::Kind::Mapping).setString("name", workspace.name);
    if (profiles != workspace.profiles) writeProfiles(root, workspace.profiles);
    if (matrix != workspace.matrix) writeMatrix(root, workspace.matrix);
    writeDefaults(root, workspace.defaults, defaults);
    return finish(*now, rootFileName());
}

Result<QByteArray> writeRequest(const TreeItem& request, const QByteArray& previous) {
    auto now = present(previous, request.path);
    if (!now) return tl::unexpected(now.error());
    Node& root = now->document.root;
    Reader reader(request.path);
    const TreeItem old = readItem(root, request.path, reader);
    if (reader.error()) return tl::unexpected(*reader.error());
    RequestSpec spec = request.request;
    // The name stands in two places of the value; the one that was changed counts.
    QString name = request.name;
    if (name.isEmpty() || (name == old.name && !spec.name.isEmpty())) name = spec.name;
    spec.name = name;
    spec.id = old.request.id;
    // An editor that knows nothing of the mark leaves it in place.
    const bool marks = !request.imported.operation.isEmpty() && request.imported != old.imported;
    if (!now->isNew && name == old.name && request.order == old.order && spec == old.request && !marks)
        return previous;
    if (now->isNew || name != old.name || request.order != old.order) {
        Node& info = root.collection("info", Node::Kind::Mapping);
        if (now->isNew || name != old.name) info.setString("name", name);
        if (now->isNew) info.setString("type", QStringLiteral("http"));
        if (request.order > 0)
            info.setPlain("seq", QByteArray::number(request.order));
        else
            info.remove("seq");
    }
    writeRequestSpec(root, spec, now->isNew ? RequestSpec() : old.request, now->isNew);
    if (marks) {
        Node& mark = makeOwnExtension(root).collection("openapi", Node::Kind::Mapping);
        writeText(mark, "document", request.imported.document);
        writeText(mark, "operation", request.imported.operation);
        writeText(mark, "digest", request.imported.digest);
        writeTexts(mark, "rows", request.imported.rows);
    }
    return finish(*now, request.path);
}

Result<QByteArray> writeFolder(const TreeItem& folder, const QByteArray& previous) {
    auto now = present(previous, folder.path);
    if (!now) return tl::unexpected(now.error());
    Node& root = now->document.root;
    Reader reader(folder.path);
    Node& info = root.collection("info", Node::Kind::Mapping);
    if (now->isNew || reader.text(info, "name") != folder.name) info.setString("name", folder.name);
    if (now->isNew) info.setString("type", QStringLiteral("folder"));
    if (reader.number(info, "seq", 0) != folder.order) {
        if (folder.order > 0)
            info.setPlain("seq", QByteArray::number(folder.order));
        else
            info.remove("seq");
    }
    const RequestDefaults defaults = readDefaults(root, reader);
    if (reader.error()) return tl::unexpected(*reader.error());
    writeDefaults(root, folder.defaults, defaults);
    return finish(*now, folder.path);
}

Result<QByteArray> writeEnvironment(const Environment& environment, const QByteArray& previous) {
    const QString where = environment.name;
    auto now = present(previous, where);
    if (!now) return tl::unexpected(now.error());
    Node& root = now->document.root;
    Reader reader(where);
    const Environment old = readEnvironment(root, environment.name, reader);
    if (reader.error()) return tl::unexpected(*reader.error());
    if (!now->isNew && old == environment) return previous;
    writeEnvironmentTree(root, environment);
    return finish(*now, where);
}

} // namespace kb::opencollection
