// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/openapi_files.h"
#include "core/interchange/openapi_text.h"

#include "core/interchange/tree.h"

#include <QUrl>

namespace kb::openapi {

using yaml::Node;

namespace {

constexpr int maxReferences = 40;

QString unescaped(QString token) {
    return token.replace(QLatin1String("~1"), QLatin1String("/"))
        .replace(QLatin1String("~0"), QLatin1String("~"));
}

/// `path` seen from the folder of `from`; empty if it leaves the folder that was named.
QString joined(const QString& from, const QString& path) {
    if (path.startsWith(u'/') || path.contains(u'\\') || path.contains(u':')) return {};
    QStringList parts = from.split(u'/');
    parts.removeLast();
    for (const QString& part : path.split(u'/')) {
        if (part == QLatin1String(".") || part.isEmpty()) continue;
        if (part != QLatin1String("..")) {
            parts.append(part);
            continue;
        }
        if (parts.isEmpty()) return {};
        parts.removeLast();
    }
    return parts.join(u'/');
}

} // namespace

QString pointerToken(QString name) {
    return name.replace(QLatin1String("~"), QLatin1String("~0"))
        .replace(QLatin1String("/"), QLatin1String("~1"));
}

Result<void> Files::open(const QByteArray& text) {
    Result<Node> root = readTree(text, m_first);
    if (!root) return tl::unexpected(root.error());
    m_roots[QString()] = std::make_unique<Node>(std::move(*root));
    return {};
}

At Files::root() const {
    return {m_roots.at(QString()).get(), QString(), QString()};
}

At Files::plainMember(const At& at, const QByteArray& name) {
    At found = at;
    found.node = at.isMapping() ? at.node->find(name) : nullptr;
    if (found.node) found.pointer += u'/' + pointerToken(QString::fromUtf8(name));
    return found;
}

At Files::member(const At& at, const QByteArray& name) {
    const At found = plainMember(at, name);
    return found ? followed(found) : found;
}

QList<std::pair<QString, At>> Files::members(const At& at) {
    QList<std::pair<QString, At>> all;
    if (!at.isMapping() && !at.isSequence()) return all;
    int index = 0;
    for (const Node::Entry& entry : at.node->entries) {
        const QString name = at.isMapping() ? QString::fromUtf8(entry.key) : QString::number(index++);
        const At value = followed({&entry.value, at.file, at.pointer + u'/' + pointerToken(name)});
        if (value) all.append({name, value});
    }
    return all;
}

At Files::target(const At& from, const QString& text) {
    const auto nowhere = [&](const QString& why) {
        note(why.arg(text), from.place());
        return At{nullptr, from.file, from.pointer};
    };
    const qsizetype hash = text.indexOf(u'#');
    const QString path = QUrl::fromPercentEncoding((hash < 0 ? text : text.left(hash)).toUtf8());
    const QString pointer = hash < 0 ? QString() : QUrl::fromPercentEncoding(text.mid(hash + 1).toUtf8());
    QString file = from.file;
    if (!path.isEmpty()) {
        file = joined(from.file.isEmpty() ? m_home : from.file, path);
        if (file.isEmpty())
            return nowhere(
                OpenApiText::tr("The reference %1 leads out of the document's folder. It is not followed."));
        if (file == m_home) file.clear(); // the root once more
    }
    const Node* node = load(file);
    if (!node) return nowhere(OpenApiText::tr("The reference %1 leads to a file that cannot be read."));
    if (!pointer.isEmpty() && !pointer.startsWith(u'/'))
        return nowhere(OpenApiText::tr("The reference %1 is no JSON pointer."));
    const QStringList tokens = pointer.isEmpty() ? QStringList() : pointer.mid(1).split(u'/');
    for (const QString& token : tokens) {
        const QString name = unescaped(token);
        bool isNumber = false;
        const int index = name.toInt(&isNumber);
        if (node->isSequence())
            node = isNumber && index >= 0 && index < int(node->entries.size())
                       ? &node->entries[size_t(index)].value
                       : nullptr;
        else
            node = node->isMapping() ? node->find(name.toUtf8()) : nullptr;
        if (!node) return nowhere(OpenApiText::tr("The reference %1 leads nowhere."));
    }
    return {node, file, pointer};
}

At Files::followed(const At& at) {
    At now = at;
    for (int step = 0; now.isMapping(); ++step) {
        const Node* reference = now.node->find("$ref");
        if (!reference || !reference->isScalar()) return now;
        const QString text = reference->string();
        if (step >= maxReferences) {
            note(OpenApiText::tr("The reference %1 goes round in circles.").arg(text), now.place());
            return At{nullptr, at.file, at.pointer};
        }
        const At next = target(now, text);
        if (!next.node) return At{nullptr, at.file, at.pointer};
        now = next;
    }
    return now;
}

void Files::note(const QString& text, const ApiPlace& place) {
    ApiNote made{text, place};
    if (made.place.file.isEmpty()) made.place.file = m_first;
    if (m_notes.size() < 500 && !m_notes.contains(made)) m_notes.append(made);
}

const Node* Files::load(const QString& file) {
    const auto known = m_roots.find(file);
    if (known != m_roots.end()) return known->second.get();
    std::unique_ptr<Node>& root = m_roots[file];
    if (!m_others || m_roots.size() > 200) return nullptr;
    const Result<QByteArray> text = m_others(file);
    if (!text) return nullptr;
    Result<Node> read = readTree(*text, file);
    if (read) root = std::make_unique<Node>(std::move(*read));
    return root.get();
}

} // namespace kb::openapi
