// SPDX-License-Identifier: GPL-3.0-or-later
// Bruno collections: a folder of .bru files.
#include "core/base/json.h"
#include "core/interchange/bru_file.h"
#include "core/interchange/import_draft.h"
#include "core/interchange/import_text.h"

#include <QRegularExpression>
#include <algorithm>

namespace kb::importing {

namespace {

const BruBlock* find(const QList<BruBlock>& blocks, const QString& name) {
    for (const BruBlock& block : blocks)
        if (block.name == name) return &block;
    return nullptr;
}

/// A folder on the way: what it holds is put in order once all of it is there.
struct Folder {
    DraftItem item;
    int order = 1000000;
    QMap<QString, Folder> folders; ///< by the name on disk
    QList<std::pair<int, DraftItem>> requests;
};

class Bruno {
public:
    explicit Bruno(Draft& draft) : m_draft(draft) {}

    Result<void> add(const ImportFile& file) {
        if (file.path.section(u'/', -1) == QLatin1String("bruno.json")) {
            if (const Result<JsonValue> root = parseJson(file.text))
                if (const QString name = root->text(u"name"); !name.isEmpty()) m_draft.name = name;
            return {};
        }
        if (!file.path.endsWith(QLatin1String(".bru"))) return {};
        const Result<QList<BruBlock>> blocks = readBru(file.text, file.path);
        if (!blocks) return tl::unexpected(blocks.error());
        const QStringList way = file.path.split(u'/');
        const QString name = way.last().chopped(4);
        if (way.size() >= 2 && way.at(way.size() - 2) == QLatin1String("environments")) {
            environment(*blocks, name);
            return {};
        }
        Folder* folder = &m_root;
        for (const QString& step : way.mid(0, way.size() - 1)) {
            Folder& next = folder->folders[step];
            if (next.item.name.isEmpty()) next.item.name = step;
            folder = &next;
        }
        if (name == QLatin1String("folder") || name == QLatin1String("collection"))
            about(*blocks, *folder);
        else
            request(*blocks, name, *folder);
        return {};
    }

    QList<DraftItem> items() { return ordered(m_root); }
    Folder& root() { return m_root; }

private:
    static QList<DraftItem> ordered(Folder& folder) {
        QList<std::pair<int, DraftItem>> all = folder.requests;
        for (Folder& each : folder.folders) {
            each.item.isFolder = true;
            each.item.children = ordered(each);
            all.append({each.order, each.item});
        }
        std::stable_sort(all.begin(), all.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        QList<DraftItem> items;
        for (const auto& [order, item] : std::as_const(all))
            items.append(item);
        return items;
    }

    void environment(const QList<BruBlock>& blocks, const QString& name) {
        Environment made;
        made.name = name;
        if (const BruBlock* variables = find(blocks, QStringLiteral("vars")))
            for (const BruRow& row : variables->rows)
                made.variables.append({row.name, row.value, row.enabled});
        // Their values are not in the file: only that they are secret.
        if (const BruBlock* secret = find(blocks, QStringLiteral("vars:secret")))
            for (const BruRow& row : secret->rows) {
                made.variables.append({row.name, QString(), row.enabled});
                m_draft.secretVariables.append(row.name);
                noteOnce(m_draft,
                         ImportText::tr("The secret variable %1 has no value in the files.").arg(row.name));
            }
        m_draft.environments.append(made);
    }

    /// folder.bru and collection.bru: what counts for all within.
    void about(const QList<BruBlock>& blocks, Folder& folder) {
        if (const BruBlock* meta = find(blocks, QStringLiteral("meta"))) {
            if (const QString name = meta->value("name"); !name.isEmpty()) folder.item.name = name;
            if (const int order = meta->value("seq").toInt(); order > 0) folder.order = order;
        }
        folder.item.headers = headers(blocks);
        const BruBlock* mode = find(blocks, QStringLiteral("auth"));
        folder.item.auth = auth(blocks, mode ? mode->value("mode") : QString(), folder.item.name);
        if (const BruBlock* variables = find(blocks, QStringLiteral("vars:pre-request")))
            for (const BruRow& row : variables->rows)
                (&folder == &m_root ? m_draft.variables : folder.item.variables)
                    .append({row.name, row.value, row.enabled});
        scriptNote(blocks, folder.item.name);
    }

    static QList<HeaderRow> headers(const QList<BruBlock>& blocks) {
        QList<HeaderRow> rows;
        if (const BruBlock* block = find(blocks, QStringLiteral("headers")))
            for (const BruRow& row : block->rows)
                rows.append({row.name, row.value, {}, row.enabled});
        return rows;
    }

    DraftAuth auth(const QList<BruBlock>& blocks, const QString& mode, const QString& where) {
        const BruBlock* block = find(blocks, QStringLiteral("auth:") + mode);
        const AuthFields field = [&](std::initializer_list<const char*> names) {
            for (const char* name : names)
                if (block && !block->value(name).isEmpty()) return block->value(name);
            return QString();
        };
        return authOrNote(m_draft, mode, field, where);
    }

    /// "assert" rows are "expression: operator value"; "vars:post-response" rows "variable: expression".
    static void checks(const QList<BruBlock>& blocks, RequestSpec& spec) {
        if (const BruBlock* block = find(blocks, QStringLiteral("assert")))
            for (const BruRow& row : block->rows) {
                const QString word = row.value.section(u' ', 0, 0);
                const bool named = checkOperators().contains(word);
                CheckSpec check;
                check.expression = row.name;
                if (named) check.op = word;
                check.value = named ? row.value.mid(word.size()).trimmed() : row.value;
                check.enabled = row.enabled;
                spec.checks.append(check);
            }
        if (const BruBlock* block = find(blocks, QStringLiteral("vars:post-response")))
            for (const BruRow& row : block->rows)
                spec.captures.append({row.name.startsWith(u'@') ? row.name.mid(1) : row.name,
                                      AnswerPart::Expression, row.value, row.enabled});
    }

    void scriptNote(const QList<BruBlock>& blocks, const QString& where) {
        for (const BruBlock& block : blocks)
            if (block.name.startsWith(QLatin1String("script")) || block.name == QLatin1String("tests")) {
                noteOnce(m_draft, ImportText::tr("%1: its scripts are not taken over.").arg(where));
                return;
            }
    }

    void request(const QList<BruBlock>& blocks, const QString& fallback, Folder& folder) {
        static const QStringList methods{QStringLiteral("get"),     QStringLiteral("post"),
                                         QStringLiteral("put"),     QStringLiteral("patch"),
                                         QStringLiteral("delete"),  QStringLiteral("head"),
                                         QStringLiteral("trace"),   QStringLiteral("connect"),
                                         QStringLiteral("options"), QStringLiteral("http")};
        const BruBlock* main = nullptr;
        for (const BruBlock& block : blocks)
            if (methods.contains(block.name)) main = &block;
        DraftItem item;
        const BruBlock* meta = find(blocks, QStringLiteral("meta"));
        item.name = meta && !meta->value("name").isEmpty() ? meta->value("name") : fallback;
        if (!main) {
            noteOnce(m_draft, ImportText::tr("%1 is no HTTP request and is left out.").arg(item.name));
            return;
        }
        RequestSpec& spec = item.request;
        spec.name = item.name;
        spec.method = main->name == QLatin1String("http") ? main->value("method") : main->name.toUpper();
        spec.url = main->value("url");
        spec.headers = headers(blocks);
        if (const BruBlock* query = find(blocks, QStringLiteral("params:query")))
            for (const BruRow& row : query->rows)
                if (!row.enabled)
                    addQuery(spec, row.name, row.value, false); // the address has those that are on
        if (const BruBlock* path = find(blocks, QStringLiteral("params:path")))
            for (const BruRow& row : path->rows)
                spec.params.append({ParamRow::In::Path, row.name, row.value, {}, row.enabled});
        body(blocks, main->value("body"), spec);
        dropImpliedContentType(spec);
        item.auth = auth(blocks, main->value("auth"), item.name);
        checks(blocks, spec);
        if (const BruBlock* variables = find(blocks, QStringLiteral("vars:pre-request")))
            for (const BruRow& row : variables->rows)
                item.variables.append({row.name, row.value, row.enabled});
        scriptNote(blocks, item.name);
        const int order = meta ? meta->value("seq").toInt() : 0;
        folder.requests.append({order > 0 ? order : 1000000, item});
    }

    void body(const QList<BruBlock>& blocks, const QString& mode, RequestSpec& spec) {
        static const QMap<QString, QString> types{
            {QStringLiteral("json"), QStringLiteral("application/json")},
            {QStringLiteral("text"), QString()},
            {QStringLiteral("xml"), QStringLiteral("application/xml")},
            {QStringLiteral("sparql"), QStringLiteral("application/sparql-query")}};
        const auto block = [&](const char* kind) {
            return find(blocks, QStringLiteral("body:") + QLatin1String(kind));
        };
        if (types.contains(mode)) {
            const BruBlock* text = find(blocks, QStringLiteral("body:") + mode);
            if (!text) text = find(blocks, QStringLiteral("body")); // the older name of a JSON body
            if (text) spec.body = textBody(text->text, types.value(mode));
        } else if (mode == QLatin1String("formUrlEncoded")) {
            QStringList fields;
            if (const BruBlock* form = block("form-urlencoded"))
                for (const BruRow& row : form->rows)
                    if (row.enabled) fields.append(formField(row.name, row.value));
            spec.body = {BodySpec::Kind::Text, fields.join(u'&'),
                         QStringLiteral("application/x-www-form-urlencoded")};
        } else if (mode == QLatin1String("multipartForm")) {
            spec.body.kind = BodySpec::Kind::Multipart;
            if (const BruBlock* form = block("multipart-form"))
                for (const BruRow& row : form->rows)
                    spec.body.parts.append(part(row));
        } else if (mode == QLatin1String("file")) {
            if (const BruBlock* file = block("file"); file && !file->rows.isEmpty()) {
                const BodyPart one = part(file->rows.first());
                spec.body = {BodySpec::Kind::File, one.value, one.contentType};
            }
        } else if (mode == QLatin1String("graphql")) {
            const BruBlock* query = block("graphql");
            const BruBlock* variables = block("graphql:vars");
            spec.body = graphQl(query ? query->text : QString(), variables ? variables->text : QString());
        } else if (!mode.isEmpty() && mode != QLatin1String("none")) {
            noteOnce(m_draft, ImportText::tr("%1: a body of the kind %2 is left out.").arg(spec.name, mode));
        }
    }

    /// "@file(path)" and "@contentType(type)".
    static BodyPart part(const BruRow& row) {
        static const QRegularExpression type(QStringLiteral("\\s*@contentType\\(([^)]*)\\)"));
        static const QRegularExpression file(QStringLiteral("^@file\\(([^)|]*)[^)]*\\)"));
        BodyPart part;
        part.name = row.name;
        part.enabled = row.enabled;
        part.value = row.value;
        if (const QRegularExpressionMatch found = type.match(part.value); found.hasMatch()) {
            part.contentType = found.captured(1);
            part.value.remove(found.capturedStart(), found.capturedLength());
        }
        if (const QRegularExpressionMatch found = file.match(part.value); found.hasMatch()) {
            part.isFile = true;
            part.value = found.captured(1);
        }
        return part;
    }

    Draft& m_draft;
    Folder m_root;
};

} // namespace

Result<Draft> readBruno(const QList<ImportFile>& files) {
    Draft draft;
    draft.format = QStringLiteral("bruno");
    draft.name = QStringLiteral("Bruno");
    Bruno reader(draft);
    for (const ImportFile& file : files) {
        const Result<void> added = reader.add(file);
        // One file that cannot be read does not cost the others.
        if (!added && files.size() == 1) return tl::unexpected(added.error());
        if (!added) noteOnce(draft, added.error().text());
    }
    draft.items = reader.items();
    draft.auth = reader.root().item.auth;
    draft.headers = reader.root().item.headers;
    return draft;
}

} // namespace kb::importing
