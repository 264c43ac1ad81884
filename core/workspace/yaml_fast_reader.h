// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/yaml_node.h"

#include <optional>

namespace kb::yaml {

/// Reads the YAML that request files are made of (block collections, one-line scalars and flow collections,
/// literal blocks, comments) and keeps every place, for edits that leave the rest of the file alone. It
/// answers nullopt at the first thing it is not sure about; the full reader then decides. What it does read,
/// it reads as the full reader does.
class FastReader {
public:
    explicit FastReader(const QByteArray& source) : m_source(source) {}
    std::optional<Node> read();

private:
    struct Line {
        qsizetype begin = 0;   ///< where the line starts
        qsizetype content = 0; ///< its first character that is no blank
        qsizetype end = 0;     ///< behind its last character, without the line end
        qsizetype next = 0;    ///< where the next line starts
        int indent() const { return int(content - begin); }
    };

    bool onlyKnownBytes() const;
    Line lineAt(qsizetype begin) const;
    /// The next line with content at or after m_pos; false at the end of the file or when it cannot be read
    /// here.
    bool peek(Line& line);
    bool isDash(const Line& line) const;
    bool isBlankRest(qsizetype from, qsizetype end) const;
    bool refuse() {
        m_refused = true;
        return false;
    }

    bool block(Node& node, int minimumIndent, int depth);
    bool mapping(Node& node, int indent, qsizetype firstAt, int depth);
    bool sequence(Node& node, int indent, int depth);
    bool key(qsizetype& at, qsizetype end, QByteArray& name) const;
    bool value(Node& node, qsizetype at, const Line& line, int parentIndent, bool inSequence, int depth);
    bool nested(Node& node, const Line& line, int parentIndent, bool inSequence, int depth);
    bool inlineValue(Node& node, qsizetype at, const Line& line, int parentIndent, int depth);
    bool literalBlock(Node& node, qsizetype at, const Line& header, int parentIndent);
    bool quoted(Node& node, qsizetype& at, qsizetype end) const;
    bool plainScalar(Node& node, qsizetype& at, qsizetype end) const;
    bool flow(Node& node, qsizetype& at, qsizetype end, int depth);
    bool flowScalar(Node& node, qsizetype& at, qsizetype end) const;
    bool count();
    void stamp(Node& node, qsizetype at);

    const QByteArray& m_source;
    qsizetype m_pos = 0; ///< always the start of a line
    int m_nodes = 0;
    bool m_refused = false;
    qsizetype m_lineAt = 0; ///< m_line is the number of the line that holds this offset
    int m_line = 1;
};

/// Any other YAML, read by yaml-cpp: values without places. The error carries line and column.
Result<Document> readFully(const QByteArray& source, const QString& name);

} // namespace kb::yaml
