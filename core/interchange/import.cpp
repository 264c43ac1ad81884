// SPDX-License-Identifier: GPL-3.0-or-later
// What a text is, and who reads it.
#include "core/interchange/import.h"
#include "core/interchange/import_text.h"

#include "core/interchange/import_draft.h"
#include "core/interchange/import_merge.h"
#include "core/interchange/tree.h"

#include <QRegularExpression>

namespace kb {

using importing::Draft;
using yaml::Node;

namespace {

QString baseName(const QString& path) {
    const QString file = path.section(u'/', -1);
    const QString stem = file.section(u'.', 0, 0);
    return stem.isEmpty() ? file : stem;
}

bool startsWithCurl(const QByteArray& text) {
    static const QRegularExpression curl(
        QStringLiteral("^\\s*(?:#[^\\n]*\\n\\s*)*(?:[$>]\\s*)?(?:\\S*[/\\\\])?curl(?:\\.exe)?\\s"),
        QRegularExpression::CaseInsensitiveOption);
    return curl.match(QString::fromUtf8(text.left(4096))).hasMatch();
}

bool looksLikeHttpFile(const ImportFile& file) {
    if (file.path.endsWith(QLatin1String(".http")) || file.path.endsWith(QLatin1String(".rest"))) return true;
    static const QRegularExpression line(
        QStringLiteral("^(?:###.*|(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\\s+\\S+.*)$"),
        QRegularExpression::MultilineOption);
    const QString text = QString::fromUtf8(file.text.left(4096));
    return !text.trimmed().startsWith(u'{') && line.match(text).hasMatch() &&
           text.contains(QLatin1String("://"));
}

/// What a tree is by its own marks.
QString formatOf(const Node& root) {
    if (root.find("openapi") || root.find("swagger")) return QStringLiteral("openapi");
    if (root.find("opencollection")) return QStringLiteral("opencollection");
    if (childOf(&root, {"log", "entries"})) return QStringLiteral("har");
    if (textOf(&root, {"_type"}) == QLatin1String("export") ||
        textOf(&root, {"type"}).contains(QLatin1String("insomnia")))
        return QStringLiteral("insomnia");
    if (textOf(&root, {"info", "schema"}).contains(QLatin1String("postman")) ||
        (root.find("info") && root.find("item")) || root.find("values"))
        return QStringLiteral("postman");
    return {};
}

Result<Draft> readOne(const ImportFile& file, const QString& wanted, const DocumentReader& others) {
    const QString name = baseName(file.path);
    QString format = wanted;
    if (file.path.startsWith(QLatin1String("environments/")) && file.path.endsWith(QLatin1String(".bru")))
        return importing::readBruno({file});
    if (format.isEmpty() && startsWithCurl(file.text)) format = QStringLiteral("curl");
    if (format.isEmpty() && file.path.endsWith(QLatin1String(".bru"))) format = QStringLiteral("bruno");
    if (format.isEmpty() && looksLikeHttpFile(file)) format = QStringLiteral("http");
    if (format == QLatin1String("curl")) return importing::readCurl(file.text, name);
    if (format == QLatin1String("http")) return importing::readHttpFile(file.text, name);
    if (format == QLatin1String("bruno"))
        return importing::readBruno({{name + QStringLiteral(".bru"), file.text}});
    const Result<Node> root = readTree(file.text, file.path);
    if (!root && format.isEmpty())
        return fail(ErrorCode::ParseError, ImportText::tr("It is not known what this is."), file.path,
                    ImportText::tr("It is neither a curl command nor readable as JSON or YAML: %1")
                        .arg(root.error().what));
    if (!root) return tl::unexpected(root.error());
    if (format.isEmpty()) format = formatOf(*root);
    if (format == QLatin1String("openapi")) {
        const Result<ApiDescription> api = readOpenApi(file.path, file.text, others, file.path);
        if (!api) return tl::unexpected(api.error());
        Draft draft = importing::draftOf(*api);
        draft.document = file.place;
        return draft;
    }
    if (format == QLatin1String("opencollection")) return importing::readOpenCollectionBundle(*root, name);
    if (format == QLatin1String("har")) return importing::readHar(*root, name);
    if (format == QLatin1String("insomnia")) return importing::readInsomnia(*root, name);
    if (format == QLatin1String("postman"))
        return root->find("values") && !root->find("item") ? importing::readPostmanEnvironment(*root, name)
                                                           : importing::readPostman(*root, name);
    return fail(ErrorCode::ParseError, ImportText::tr("It is not known what this is."), file.path,
                ImportText::tr("It can be an OpenAPI document, a collection of Postman, Insomnia, Bruno or "
                               "OpenCollection, a HAR file, an .http file or curl commands."));
}

/// Files of one format, such as a Postman collection and its environments, are one import.
void merge(Draft& into, Draft&& more) {
    if (into.items.isEmpty() && !more.items.isEmpty()) {
        into.name = more.name;
        into.auth = more.auth;
        into.headers = more.headers;
        into.format = more.format;
    }
    into.items += more.items;
    into.variables += more.variables;
    into.environments += more.environments;
    into.secretVariables += more.secretVariables;
    into.notes += more.notes;
    if (into.api && more.api)
        importing::noteOnce(into, ImportText::tr("The matrix keeps one document, %1. It does not keep %2.")
                                      .arg(into.api->file, more.api->file));
    if (into.api || !more.api) return;
    into.api = more.api;
    into.document = more.document;
}

int countIn(const QList<TreeItem>& items) {
    int count = 0;
    for (const TreeItem& item : items)
        count += item.kind == TreeItem::Kind::Request ? 1 : countIn(item.children);
    return count;
}

} // namespace

int Imported::requestCount() const {
    return countIn(items);
}

QStringList importFormats() {
    return {QStringLiteral("auto"),     QStringLiteral("openapi"), QStringLiteral("postman"),
            QStringLiteral("insomnia"), QStringLiteral("bruno"),   QStringLiteral("opencollection"),
            QStringLiteral("har"),      QStringLiteral("curl"),    QStringLiteral("http")};
}

Result<Imported> importFiles(const QList<ImportFile>& files, const QString& format,
                             const DocumentReader& others) {
    const QString wanted = format == QLatin1String("auto") ? QString() : format;
    if (!wanted.isEmpty() && !importFormats().contains(wanted))
        return fail(ErrorCode::InvalidInput, ImportText::tr("There is no format called %1.").arg(wanted), {},
                    ImportText::tr("There are: %1.").arg(importFormats().join(QStringLiteral(", "))));
    if (files.isEmpty()) return fail(ErrorCode::NotFound, ImportText::tr("There is nothing to import."));
    for (const ImportFile& file : files)
        if (file.text.size() > yaml::maxFileBytes)
            return fail(ErrorCode::InvalidInput, ImportText::tr("The document is too large."), file.path,
                        ImportText::tr("The limit is 32 MB."));
    const bool bruno = std::any_of(files.cbegin(), files.cend(), [](const ImportFile& file) {
        return file.path.endsWith(QLatin1String(".bru")) || file.path.endsWith(QLatin1String("bruno.json"));
    });
    std::optional<Draft> draft;
    if (files.size() > 1 && (wanted == QLatin1String("bruno") || (wanted.isEmpty() && bruno))) {
        Result<Draft> read = importing::readBruno(files);
        if (!read) return tl::unexpected(read.error());
        draft = std::move(*read);
    } else {
        // Those that another document refers to are parts of it, and need not be anything by themselves.
        QList<QByteArray> parts;
        std::vector<std::pair<const ImportFile*, QString>> unknown;
        for (const ImportFile& file : files) {
            const DocumentReader& reader = file.others ? file.others : others;
            const DocumentReader watched = [&](const QString& path) -> Result<QByteArray> {
                Result<QByteArray> text = reader ? reader(path) : fail(ErrorCode::NotFound, QString(), path);
                if (text) parts.append(*text);
                return text;
            };
            Result<Draft> read = readOne(file, wanted, watched);
            if (!read && files.size() == 1) return tl::unexpected(read.error());
            if (!read) {
                if (!draft) draft.emplace();
                unknown.emplace_back(&file, read.error().text());
            } else if (draft) {
                merge(*draft, std::move(*read));
            } else {
                draft = std::move(*read);
            }
        }
        for (const auto& [file, problem] : unknown)
            if (!parts.contains(file->text)) importing::noteOnce(*draft, problem);
    }
    if (draft->items.isEmpty() && draft->environments.isEmpty())
        return fail(ErrorCode::NotFound, ImportText::tr("There is no request in it."), files.first().path,
                    draft->notes.isEmpty() ? QString() : draft->notes.first());
    const QString document = draft->document;
    Imported imported = importing::sweep(std::move(*draft));
    imported.document = document;
    if (imported.api) markOperations(imported);
    return imported;
}

void noteDocument(Imported& imported, const QString& document, const QString& kept) {
    if (!imported.api || !document.isEmpty() || !kept.isEmpty()) return;
    imported.notes.append(
        ImportText::tr("No document is kept for the access matrix, as this one stands in no "
                       "file and at no address without a query. Name it there."));
}

} // namespace kb
