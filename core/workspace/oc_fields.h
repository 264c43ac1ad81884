// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/workspace.h"
#include "core/workspace/yaml_node.h"

#include <algorithm>

namespace kb::opencollection {

/// Reads members of known types. The first thing of another type than expected is the error; later ones are
/// ignored.
class Reader {
public:
    explicit Reader(QString file) : m_file(std::move(file)) {}

    /// The text of a member; numbers and booleans as written; empty where missing.
    QString text(const yaml::Node& node, QByteArrayView key, const QString& fallback = {});
    /// A text that may also be {content, type} (a description).
    QString description(const yaml::Node& node);
    int number(const yaml::Node& node, QByteArrayView key, int fallback);
    bool flag(const yaml::Node& node, QByteArrayView key, bool fallback);
    QStringList texts(const yaml::Node& node, QByteArrayView key);
    /// The member if it is a mapping (or a sequence), nullptr where missing or null.
    const yaml::Node* mapping(const yaml::Node& node, QByteArrayView key);
    const yaml::Node* sequence(const yaml::Node& node, QByteArrayView key);
    /// The element as a mapping, nullptr (and the error) otherwise.
    const yaml::Node* asMapping(const yaml::Node& element);
    bool enabled(const yaml::Node& row); ///< neither `disabled: true` nor `enabled: false`

    void refuse(const QString& what, const yaml::Node& at);
    const std::optional<Error>& error() const { return m_error; }

private:
    QString m_file;
    std::optional<Error> m_error;
};

// Writers: each leaves a member alone that says the same already.
void writeText(yaml::Node& node, const QByteArray& key, const QString& value); ///< an empty value removes it
/// Whether a request's `runtime`, or a folder's `request`, has scripts. They are kept as they are and not
/// run.
bool hasScripts(const yaml::Node& root, QByteArrayView owner, Reader& reader);
void writeDescription(yaml::Node& node, const QString& value);
void writeEnabled(yaml::Node& row, bool enabled);
void writeTexts(yaml::Node& node, const QByteArray& key, const QStringList& values);
/// Sets a number or boolean, unless the file's present value (or its absence) means that already.
void writeNumber(yaml::Node& node, const QByteArray& key, int value, int present);
void writeFlag(yaml::Node& node, const QByteArray& key, bool value, bool present);

/// The member extensions.keybearer: what OpenCollection has no word for.
const yaml::Node* ownExtension(const yaml::Node& root);
yaml::Node& makeOwnExtension(yaml::Node& root);
/// Removes extensions.keybearer, and extensions, where nothing is left in them.
void dropEmptyExtension(yaml::Node& root);

/// Makes a sequence say `rows`, reusing the elements that are most alike: their comments and unknown members
/// stay. `likeness(element, row)` is 0 where they have nothing to do with each other; `apply(element, row)`
/// sets members.
template<class Row, class Likeness, class Apply>
void writeRows(yaml::Node& mapping, const QByteArray& key, const QList<Row>& rows, Likeness likeness,
               Apply apply) {
    if (rows.isEmpty()) {
        const yaml::Node* present = mapping.find(key);
        if (present && !present->isNull() && !present->entries.empty()) mapping.remove(key);
        return;
    }
    yaml::Node& list = mapping.collection(key, yaml::Node::Kind::Sequence);
    const size_t before = list.entries.size();
    std::vector<int> source(size_t(rows.size()), -1);
    std::vector<bool> used(before, false);
    for (size_t row = 0; row < std::min(before, source.size()); ++row) { // mostly nothing has moved
        if (likeness(list.entries[row].value, rows[qsizetype(row)]) >= 4) {
            source[row] = int(row);
            used[row] = true;
        }
    }
    for (int wanted = 4; wanted >= 1; --wanted) {
        for (size_t row = 0; row < source.size(); ++row) {
            for (size_t at = 0; source[row] < 0 && at < before; ++at) {
                if (!used[at] && likeness(list.entries[at].value, rows[qsizetype(row)]) >= wanted) {
                    source[row] = int(at);
                    used[at] = true;
                }
            }
        }
    }
    bool moved = before != source.size();
    std::vector<yaml::Node::Entry> entries;
    for (size_t row = 0; row < source.size(); ++row) {
        moved = moved || source[row] != int(row);
        yaml::Node::Entry entry;
        if (source[row] >= 0)
            entry = std::move(list.entries[size_t(source[row])]);
        else
            entry.value.kind = yaml::Node::Kind::Mapping;
        apply(entry.value, rows[qsizetype(row)]);
        entries.push_back(std::move(entry));
    }
    list.entries = std::move(entries);
    list.changed = list.changed || moved;
}

// The parts of a file.
RequestSpec readRequest(const yaml::Node& root, Reader& reader);
QList<HeaderRow> readHeaderRows(const yaml::Node& owner, Reader& reader);
void writeHeaderRows(yaml::Node& owner, const QList<HeaderRow>& headers);
QList<Variable> readVariables(const yaml::Node& owner, Reader& reader);
/// `secrets` null: the secret variables of the file stay as they are.
void writeVariables(yaml::Node& owner, const QList<Variable>& variables,
                    const QList<SecretVariable>* secrets = nullptr);
/// What folder.yml and opencollection.yml say under "request", and of the profile under extensions.keybearer.
RequestDefaults readDefaults(const yaml::Node& root, Reader& reader);
void writeDefaults(yaml::Node& root, const RequestDefaults& defaults, const RequestDefaults& present);
void writeRequestSpec(yaml::Node& root, const RequestSpec& spec, const RequestSpec& present, bool isNew);
/// Checks and captures; the portable ones first.
void readChecks(const yaml::Node& root, const yaml::Node* own, Reader& reader, RequestSpec& spec);
void writeChecks(yaml::Node& root, const RequestSpec& spec, const RequestSpec& present);
BodySpec readBody(const yaml::Node& http, const yaml::Node* own, Reader& reader);
void writeBody(yaml::Node& root, const BodySpec& body);
AuthScheme readScheme(const yaml::Node& row, Reader& reader);
void writeScheme(yaml::Node& row, const AuthScheme& scheme);
ApiKeyScheme readKey(const yaml::Node& row, Reader& reader);
void writeKey(yaml::Node& row, const ApiKeyScheme& key);
QList<TokenProfile> readProfiles(const yaml::Node& root, Reader& reader);
void writeProfiles(yaml::Node& root, const QList<TokenProfile>& profiles);
MatrixSettings readMatrix(const yaml::Node& root, Reader& reader);
void writeMatrix(yaml::Node& root, const MatrixSettings& matrix);
/// What an expected answer must look like, of a mark.
std::optional<ExactAnswer> readExactly(const yaml::Node& row, Reader& reader);
void writeExactly(yaml::Node& row, const std::optional<ExactAnswer>& exactly);
/// The outcomes, limits and the like of a matrix.
void readMatrixRun(const yaml::Node& own, Reader& reader, MatrixSettings& matrix);
void writeMatrixRun(yaml::Node& own, const MatrixSettings& matrix);
Environment readEnvironment(const yaml::Node& root, const QString& fallbackName, Reader& reader);
void writeEnvironmentTree(yaml::Node& root, const Environment& environment);

} // namespace kb::opencollection
