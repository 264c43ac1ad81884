// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/yaml_fast_reader.h"
#include "core/workspace/yaml_text.h"

#include <QHash>
#include <istream>
#include <streambuf>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace kb::yaml {

namespace {

struct TooMuch {};
struct TwiceNamed {
    QByteArray name;
    YAML::Mark mark;
};

/// A stream over bytes that are not copied.
class Bytes : public std::streambuf {
public:
    explicit Bytes(const QByteArray& bytes) {
        char* data = const_cast<char*>(bytes.constData()); // only ever read
        setg(data, data, data + bytes.size());
    }
};

/// Builds the tree from events, which yields no recursion of ours and lets the size be watched: an alias is
/// expanded by copying, and counts.
class Builder : public YAML::EventHandler {
public:
    Node root;
    bool writable = true;

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        Node node = made(mark, Node::Kind::Null);
        node.plain = true;
        finish(std::move(node), anchor, 1);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = m_anchors.constFind(int(anchor));
        if (found == m_anchors.constEnd())
            throw YAML::ParserException(mark, "an alias inside its own anchor");
        Node node = found->first;
        add(found->second);
        finish(std::move(node), 0, found->second);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        noteTag(tag);
        Node node = made(mark, Node::Kind::Scalar);
        node.plain = tag == "?";
        node.text = QByteArray(value.data(), qsizetype(value.size()));
        if (node.plain &&
            (value == "null" || value == "~" || value == "Null" || value == "NULL" || value.empty())) {
            node.kind = Node::Kind::Null;
            node.text.clear();
        }
        finish(std::move(node), anchor, 1);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        start(mark, tag, anchor, Node::Kind::Sequence);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        start(mark, tag, anchor, Node::Kind::Mapping);
    }
    void OnMapEnd() override { close(); }

private:
    struct Open {
        Node node;
        YAML::anchor_t anchor;
        int countBefore;
        bool hasKey = false;
        QByteArray key;
        SeenNames seen = {};
    };

    Node made(const YAML::Mark& mark, Node::Kind kind) {
        add(1);
        Node node;
        node.kind = kind;
        node.line = mark.line + 1;
        node.column = mark.column + 1;
        m_mark = mark;
        return node;
    }
    void add(int nodes) {
        m_count += nodes;
        if (m_count > maxNodes) throw TooMuch();
    }
    void noteTag(const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!") writable = false;
    }
    void start(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
        noteTag(tag);
        const int before = m_count;
        m_open.push_back({made(mark, kind), anchor, before, false, {}});
    }
    void close() {
        Open open = std::move(m_open.back());
        m_open.pop_back();
        finish(std::move(open.node), open.anchor, m_count - open.countBefore);
    }
    void finish(Node node, YAML::anchor_t anchor, int nodes) {
        if (anchor) m_anchors.insert(int(anchor), {node, nodes});
        if (m_open.empty()) {
            root = std::move(node);
            return;
        }
        Open& parent = m_open.back();
        if (parent.node.isMapping() && !parent.hasKey) {
            // A key that is a collection, such as {{name}} without quotes makes, cannot be kept as text.
            if (!node.isScalar()) writable = false;
            parent.key = node.text;
            parent.hasKey = true;
            if (node.isScalar() && !parent.seen.add(parent.node, parent.key))
                throw TwiceNamed{parent.key, m_mark};
            return;
        }
        Node::Entry entry;
        entry.key = parent.key;
        entry.value = std::move(node);
        parent.hasKey = false;
        parent.key.clear();
        parent.node.entries.push_back(std::move(entry));
    }

    std::vector<Open> m_open;
    QHash<int, std::pair<Node, int>> m_anchors;
    YAML::Mark m_mark;
    int m_count = 0;
};

} // namespace

Result<Document> readFully(const QByteArray& source, const QString& name) {
    const QString mend = YamlText::tr("Correct the file in a text editor, then reload.");
    constexpr qsizetype limit = 4 * 1024 * 1024;
    if (source.size() > limit)
        return fail(ErrorCode::ParseError,
                    YamlText::tr("The file is large and holds more than plain YAML, so it is not read."),
                    name,
                    YamlText::tr("Split it, or write it without anchors, folded text and flow collections."));
    Builder builder;
    try {
        // yaml-cpp takes a quote that is never closed for good if the file ends in a line end; a file cut
        // short must not pass for a whole one.
        if (source.contains('"') || source.contains('\'')) {
            QByteArray cut = source;
            while (!cut.isEmpty() && uchar(cut.back()) <= ' ')
                cut.chop(1);
            Bytes bytes(cut);
            std::istream stream(&bytes);
            Builder trial;
            YAML::Parser(stream).HandleNextDocument(trial);
        }
        Bytes bytes(source);
        std::istream stream(&bytes);
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
        Builder second;
        if (parser.HandleNextDocument(second))
            return fail(ErrorCode::ParseError, YamlText::tr("The file holds more than one YAML document."),
                        name, YamlText::tr("Keep one document a file."));
    } catch (const YAML::DeepRecursion& error) {
        return fail(ErrorCode::ParseError, YamlText::tr("The YAML is nested too deeply."),
                    place(name, error.mark.line + 1, error.mark.column + 1), mend);
    } catch (const YAML::Exception& error) {
        return fail(ErrorCode::ParseError,
                    YamlText::tr("This is not readable YAML: %1.").arg(QString::fromStdString(error.msg)),
                    error.mark.is_null() ? name : place(name, error.mark.line + 1, error.mark.column + 1),
                    mend);
    } catch (const TwiceNamed& twice) {
        return fail(
            ErrorCode::ParseError,
            YamlText::tr("The name \"%1\" stands twice in one place.").arg(QString::fromUtf8(twice.name)),
            place(name, twice.mark.line + 1, twice.mark.column + 1), mend);
    } catch (const TooMuch&) {
        return fail(ErrorCode::ParseError,
                    YamlText::tr("The file holds more than %1 values, aliases counted.").arg(maxNodes), name,
                    YamlText::tr("Split the file, or use fewer aliases."));
    }
    Document document;
    document.source = source;
    document.root = std::move(builder.root);
    document.writable = builder.writable;
    return document;
}

} // namespace kb::yaml
