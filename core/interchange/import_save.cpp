// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/import_save.h"

#include "core/base/later.h"
#include "core/interchange/import_merge.h"
#include "core/workspace/file_name.h"

#include <QSet>
#include <QUuid>
#include <algorithm>

namespace kb {

namespace {

int lastOrder(const Workspace& workspace, const QString& folder) {
    const TreeItem* found = workspace.find(folder);
    int order = 0;
    for (const TreeItem& item : found ? found->children : workspace.items)
        order = qMax(order, item.order);
    return order;
}

QString freeProfileName(const Workspace& workspace, const QString& wanted) {
    QString name = wanted;
    for (int number = 2; workspace.profile(name); ++number)
        name = wanted + u' ' + QString::number(number);
    return name;
}

} // namespace

void placeItems(QList<TreeItem>& items, const QString& folder, const QStringList& taken, int order) {
    const QString prefix = folder.isEmpty() ? QString() : folder + u'/';
    QSet<QString> names; // those that differ in case only are one name on some systems
    for (const QString& name : taken)
        names.insert(name.toCaseFolded());
    for (TreeItem& item : items) {
        const bool isFolder = item.kind == TreeItem::Kind::Folder;
        const QString ending = isFolder ? QString() : QStringLiteral(".yml");
        const QString stem = requestFileStem(item.name);
        QString name = stem + ending;
        for (int number = 2; names.contains(name.toCaseFolded()); ++number)
            name = stem + u'-' + QString::number(number) + ending;
        names.insert(name.toCaseFolded());
        item.path = prefix + name;
        item.order = ++order;
        if (isFolder)
            placeItems(item.children, item.path);
        else
            item.request.id = item.path;
    }
}

struct ImportSave::Private {
    ImportSave& q;
    WorkspaceStore& store;
    SecretStore* secrets;
    Workspace workspace;
    Imported imported;
    Options options;
    std::vector<std::pair<SecretRef, SecretRecord>> waiting;
    QList<SecretRef> written;
    HandlePtr handle;

    void begin() {
        for (ImportedProfile& each : imported.profiles) {
            each.profile.name = freeProfileName(workspace, each.profile.name);
            each.profile.storage = options.storage;
            workspace.profiles.append(each.profile);
            for (auto& secret : each.secrets)
                waiting.push_back(std::move(secret));
        }
        for (ImportedSecret& each : imported.secrets) {
            if (each.environment.isEmpty() && !imported.api) giveFreeName(each);
            for (const QString& name : environmentsOf(each))
                variable(name, each);
        }
        if (!secrets) waiting.clear();
        next();
    }

    QStringList environmentsOf(const ImportedSecret& secret) const {
        if (!secret.environment.isEmpty()) return {secret.environment};
        QStringList names;
        for (const Environment& each : workspace.environments)
            names.append(each.name);
        for (const Environment& each : imported.environments)
            if (!names.contains(each.name)) names.append(each.name);
        return names.isEmpty() ? QStringList{QStringLiteral("Default")} : names;
    }

    /// A secret that the import named itself takes no name that means something in the workspace already. A
    /// document that is read again finds its own names.
    void giveFreeName(ImportedSecret& secret) {
        QSet<QString> taken;
        const auto take = [&](const auto& variables) {
            for (const auto& each : variables)
                taken.insert(each.name);
        };
        for (const QList<Environment>& environments : {workspace.environments, imported.environments})
            for (const Environment& each : environments) {
                take(each.variables);
                take(each.fromFile);
                take(each.secrets);
            }
        take(workspace.defaults.variables);
        for (const ImportedSecret& each : imported.secrets)
            if (&each != &secret) taken.insert(each.name);
        QString free = secret.name;
        for (int number = 2; taken.contains(free); ++number)
            free = secret.name + u'_' + QString::number(number);
        if (free == secret.name) return;
        rename(imported.items, QStringLiteral("{{") + secret.name + QStringLiteral("}}"),
               QStringLiteral("{{") + free + QStringLiteral("}}"));
        secret.name = free;
    }

    static void rename(QList<TreeItem>& items, const QString& from, const QString& to) {
        for (TreeItem& item : items) {
            RequestSpec& spec = item.request;
            spec.url.replace(from, to);
            spec.body.text.replace(from, to);
            for (HeaderRow& row : spec.headers)
                row.value.replace(from, to);
            for (ParamRow& row : spec.params)
                row.value.replace(from, to);
            for (BodyPart& part : spec.body.parts)
                part.value.replace(from, to);
            for (CheckSpec& check : spec.checks)
                check.value.replace(from, to);
            for (QList<Variable>* variables : {&spec.variables, &item.defaults.variables})
                for (Variable& variable : *variables)
                    variable.value.replace(from, to);
            rename(item.children, from, to);
        }
    }

    /// A variable that the environment has stays what it is.
    void variable(const QString& environmentName, const ImportedSecret& from) {
        const Environment* known = workspace.environment(environmentName);
        const auto named = [&](const auto& each) { return each.name == from.name; };
        const auto has = [&](const Environment& each) {
            return std::any_of(each.variables.cbegin(), each.variables.cend(), named) ||
                   std::any_of(each.secrets.cbegin(), each.secrets.cend(), named);
        };
        const auto at = std::find_if(imported.environments.begin(), imported.environments.end(),
                                     [&](const Environment& each) { return each.name == environmentName; });
        if ((known && has(*known)) || (at != imported.environments.end() && has(*at))) return;
        SecretVariable made;
        made.name = from.name;
        made.storage = options.storage;
        made.enabled = from.enabled;
        made.allowedOrigins = from.record.allowedOrigins;
        if (!from.record.secret.isEmpty()) {
            made.secret = SecretRef{QUuid::createUuid().toString(QUuid::WithoutBraces)};
            waiting.emplace_back(made.secret, from.record.revealCopy());
        }
        if (at != imported.environments.end()) {
            at->secrets.append(made);
            return;
        }
        Environment more;
        more.name = environmentName;
        more.secrets = {made};
        imported.environments.append(more);
    }

    void next() {
        if (waiting.empty()) return saveFiles();
        auto [ref, record] = std::move(waiting.back());
        waiting.pop_back();
        handle = secrets->write(ref, std::move(record), [this, ref = ref](const Result<void>& stored) {
            if (!stored) return giveUp(stored.error());
            written.append(ref);
            // Not from within the answer: its handle is about to be replaced.
            handle = std::make_unique<Later>([this] { next(); });
        });
    }

    /// Without the file that names them, secrets would lie in the keychain for nobody.
    void giveUp(const Error& error) {
        for (const ImportedProfile& each : imported.profiles)
            workspace.profiles.removeIf(
                [&](const TokenProfile& profile) { return profile.id == each.profile.id; });
        removeNext(error);
    }
    void removeNext(const Error& error) {
        if (written.isEmpty()) {
            Q_EMIT q.finished(workspace, error);
            return;
        }
        handle = secrets->remove(written.takeLast(), [this, error](const Result<void>&) {
            handle = std::make_unique<Later>([this, error] { removeNext(error); });
        });
    }

    void saveFiles() {
        if (workspace.matrix.document.isEmpty() && imported.api) workspace.matrix.document = options.document;
        if (const Result<void> saved = store.saveRoot(workspace); !saved) return giveUp(saved.error());
        std::optional<Error> error;
        QList<SecretRef> orphans;
        for (const Environment& environment : std::as_const(imported.environments))
            if (error || (error = saveEnvironment(environment)))
                for (const SecretVariable& lost : environment.secrets) // no file names them
                    if (written.contains(lost.secret)) orphans.append(lost.secret);
        ImportMerge merge;
        if (imported.api)
            merge = mergeImport(workspace, imported, options.folder);
        else
            merge.additions.append({options.folder, imported.items});
        for (const TreeItem& item : std::as_const(merge.changed)) {
            if (error) break;
            const Result<void> saved = store.saveRequest(workspace, item);
            if (!saved) error = saved.error();
            // Of our own workspace.
            if (saved) *const_cast<TreeItem*>(workspace.find(item.path)) = item;
        }
        for (ImportMerge::Addition& addition : merge.additions) {
            if (error) break;
            placeItems(addition.items, addition.folder, store.takenNames(workspace, addition.folder),
                       lastOrder(workspace, addition.folder));
            error = saveItems(addition.items);
            if (error) break;
            QList<TreeItem>* into = &workspace.items;
            if (const TreeItem* folder = workspace.find(addition.folder))
                into = &const_cast<TreeItem*>(folder)->children;
            *into += addition.items;
        }
        // With what was saved before it went wrong.
        if (error)
            if (const Result<Workspace> now = store.load(workspace.folder)) workspace = *now;
        if (error && !orphans.isEmpty()) {
            written = orphans;
            return removeNext(*error);
        }
        Q_EMIT q.finished(workspace, error);
    }

    /// Variables that an environment of that name has keep their values.
    std::optional<Error> saveEnvironment(const Environment& more) {
        const auto known = std::find_if(workspace.environments.begin(), workspace.environments.end(),
                                        [&](const Environment& each) { return each.name == more.name; });
        Environment merged;
        if (known == workspace.environments.end()) {
            merged.name = more.name;
            merged.kind = more.kind;
            merged.colour = more.colour;
            merged.extends = more.extends;
        } else {
            merged = *known;
        }
        for (const Variable& variable : more.variables) {
            const bool has = std::any_of(merged.variables.cbegin(), merged.variables.cend(),
                                         [&](const Variable& each) { return each.name == variable.name; });
            if (!has) merged.variables.append(variable);
        }
        merged.secrets += more.secrets; // none that it has: variable() saw to that
        if (const Result<void> saved = store.saveEnvironment(workspace, merged); !saved) return saved.error();
        if (known == workspace.environments.end())
            workspace.environments.append(merged);
        else
            *known = merged;
        return std::nullopt;
    }

    std::optional<Error> saveItems(const QList<TreeItem>& items) {
        for (const TreeItem& item : items) {
            const Result<void> saved = item.kind == TreeItem::Kind::Folder
                                           ? store.saveFolder(workspace, item)
                                           : store.saveRequest(workspace, item);
            if (!saved) return saved.error();
            if (const std::optional<Error> error = saveItems(item.children)) return error;
        }
        return std::nullopt;
    }
};

ImportSave::ImportSave(WorkspaceStore& store, SecretStore* secrets, Workspace workspace, Imported imported,
                       Options options, QObject* parent)
    : QObject(parent),
      d(new Private{*this,
                    store,
                    secrets,
                    std::move(workspace),
                    std::move(imported),
                    std::move(options),
                    {},
                    {},
                    nullptr}) {}

ImportSave::~ImportSave() = default;

void ImportSave::start() {
    d->handle = std::make_unique<Later>([this] { d->begin(); });
}

} // namespace kb
