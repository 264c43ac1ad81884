// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <QSet>
#include <QString>
#include <vector>

namespace kb::yaml {

/// A YAML value that remembers where it stands in its file, so that an edit changes its own bytes and nothing
/// else.
class Node {
public:
    enum class Kind { Null, Scalar, Sequence, Mapping };
    struct Entry;

    Kind kind = Kind::Null;
    QByteArray text;            ///< of a scalar: its value, UTF-8
    bool plain = false;         ///< a scalar without quotes: a number or a boolean if it looks like one
    bool literal = false;       ///< a scalar that is best written as a block (|), even on one line
    std::vector<Entry> entries; ///< of a mapping or a sequence
    int line = 0;               ///< from 1; 0 for a new node
    int column = 0;             ///< likewise, in bytes

    // Where it stands in the source; -1 for a new node.
    qsizetype begin = -1;
    qsizetype end = -1;
    qsizetype bodyBegin = -1; ///< of a block collection: where its first entry's bytes begin
    int indent = -1;          ///< of a block collection: the column of its entries
    bool changed = false;     ///< its own scalar, or which entries it has, differ from the source

    bool isMapping() const { return kind == Kind::Mapping; }
    bool isSequence() const { return kind == Kind::Sequence; }
    bool isScalar() const { return kind == Kind::Scalar; }
    bool isNull() const { return kind == Kind::Null; }
    QString string() const; ///< of a scalar

    /// The member of that name, or nullptr.
    const Node* find(QByteArrayView key) const;
    Node* find(QByteArrayView key);
    /// The member of that name, made (or turned from null) into an empty collection where there is none.
    Node& collection(const QByteArray& key, Kind wanted);
    /// Sets a member to a string; nothing happens when it has that value.
    void setString(const QByteArray& key, const QString& value, bool asBlock = false);
    /// Sets a member to a number or a boolean, written without quotes.
    void setPlain(const QByteArray& key, const QByteArray& value);
    void remove(QByteArrayView key);

    static Node ofString(const QString& value, bool asBlock = false);
    static Node ofPlain(const QByteArray& value);
};

/// One member of a mapping, or one element of a sequence (its key is empty).
struct Node::Entry {
    QByteArray key;
    Node value;
    qsizetype lead = -1;  ///< where the comments and blank lines before it begin
    qsizetype start = -1; ///< its key or its dash
    qsizetype after = -1; ///< behind the colon or the dash
    qsizetype end = -1;   ///< the start of the next line
};

/// Tells whether a name comes a second time in one mapping; quick for small mappings and for huge ones.
class SeenNames {
public:
    /// True if it is new. `mapping` holds the members read before it.
    bool add(const Node& mapping, const QByteArray& name);

private:
    QSet<QByteArray> m_names; ///< filled only from a size on at which looking through the members is slow
};

/// A file's text and what it says.
struct Document {
    QByteArray source;
    Node root;            ///< a mapping, or null for an empty file
    bool exact = false;   ///< places are known; otherwise a change writes the whole file anew
    bool writable = true; ///< false: it holds something (a tag, a key that is no text) that would be lost
};

constexpr qsizetype maxFileBytes = 32 * 1024 * 1024;
constexpr int maxNodes = 200000;

/// Reads one YAML document. `name` is the file, for the error.
Result<Document> parse(const QByteArray& source, const QString& name);
/// The file's text with what changed in the tree; the source itself when nothing did.
QByteArray write(const Document& document);

/// "name, line 3, column 5"
QString place(const QString& name, int line, int column = 0);

} // namespace kb::yaml
