// SPDX-License-Identifier: GPL-3.0-or-later
// Checks and captures: runtime.assertions and runtime.actions of a request file, and under
// extensions.keybearer what OpenCollection has no word for.
#include "core/workspace/oc_fields.h"
#include "core/workspace/opencollection_text.h"

#include <QSet>

namespace kb::opencollection {

using yaml::Node;

namespace {

const char* partKey(AnswerPart part) {
    return part == AnswerPart::Jq ? "jq" : part == AnswerPart::Schema ? "schema" : "expression";
}

/// Of our own rows: which of jq, schema, expression is there says how the value is taken.
AnswerPart partOf(const Node& row) {
    return row.find("jq") ? AnswerPart::Jq : row.find("schema") ? AnswerPart::Schema : AnswerPart::Expression;
}

CheckSpec readCheck(const Node& row, Reader& reader) {
    CheckSpec check;
    check.part = partOf(row);
    check.expression = reader.text(row, partKey(check.part));
    check.op = check.part == AnswerPart::Schema ? CheckSpec().op : reader.text(row, "operator", check.op);
    check.value = reader.text(row, "value");
    check.description = reader.description(row);
    check.enabled = reader.enabled(row);
    return check;
}

/// Whether an action is a capture as we know it; others stay in the file untouched.
bool isCapture(const Node& action) {
    if (!action.isMapping()) return false;
    Reader reader{QString()};
    if (reader.text(action, "type") != QLatin1String("set-variable") ||
        reader.text(action, "phase", QStringLiteral("after-response")) != QLatin1String("after-response"))
        return false;
    const Node* selector = reader.mapping(action, "selector");
    const Node* variable = reader.mapping(action, "variable");
    return selector && variable && reader.text(*selector, "method") == QLatin1String("jsonq") &&
           reader.text(*variable, "scope", QStringLiteral("runtime")) == QLatin1String("runtime");
}

CaptureSpec readAction(const Node& action, Reader& reader) {
    return {reader.text(*action.find("variable"), "name"), AnswerPart::Expression,
            reader.text(*action.find("selector"), "expression"), reader.enabled(action)};
}

void readPortable(const Node& runtime, Reader& reader, RequestSpec& spec) {
    if (const Node* list = reader.sequence(runtime, "assertions"))
        for (const Node::Entry& entry : list->entries)
            if (const Node* row = reader.asMapping(entry.value)) spec.checks.append(readCheck(*row, reader));
    if (const Node* list = reader.sequence(runtime, "actions"))
        for (const Node::Entry& entry : list->entries)
            if (isCapture(entry.value)) spec.captures.append(readAction(entry.value, reader));
}

void readOwn(const Node& own, Reader& reader, RequestSpec& spec) {
    if (const Node* list = reader.sequence(own, "checks"))
        for (const Node::Entry& entry : list->entries)
            if (const Node* row = reader.asMapping(entry.value)) spec.checks.append(readCheck(*row, reader));
    if (const Node* list = reader.sequence(own, "captures"))
        for (const Node::Entry& entry : list->entries)
            if (const Node* row = reader.asMapping(entry.value)) {
                if (partOf(*row) == AnswerPart::Schema) {
                    reader.refuse(OpenCollectionText::tr("A schema gives no value to keep."), *row);
                    return;
                }
                spec.captures.append({reader.text(*row, "variable"), partOf(*row),
                                      reader.text(*row, partKey(partOf(*row))), reader.enabled(*row)});
            }
}

void writeCheckRow(Node& row, const CheckSpec& check) {
    for (const AnswerPart part : {AnswerPart::Jq, AnswerPart::Schema, AnswerPart::Expression})
        if (part != check.part) row.remove(partKey(part));
    row.setString(partKey(check.part), check.expression);
    if (check.part != AnswerPart::Schema) row.setString("operator", check.op);
    const bool takesValue = check.part != AnswerPart::Schema && operatorTakesValue(check.op);
    if (takesValue)
        row.setString("value", check.value);
    else
        writeText(row, "value", check.value);
    writeDescription(row, check.description);
    writeEnabled(row, check.enabled);
}

void writeChecks(Node& parent, const QByteArray& key, const QList<CheckSpec>& checks) {
    const auto likeness = [](const Node& element, const CheckSpec& check) {
        if (!element.isMapping()) return 0;
        Reader reader{QString()};
        const CheckSpec present = readCheck(element, reader);
        if (present == check) return 4;
        if (present.part != check.part || present.expression != check.expression) return 0;
        return present.op == check.op ? 3 : 2;
    };
    writeRows(parent, key, checks, likeness, writeCheckRow);
}

/// The actions of the file as they are to be: the captures, and others where they stand.
struct FileAction {
    CaptureSpec capture;
    const Node* kept = nullptr;
};

void writeActions(Node& runtime, const QList<CaptureSpec>& captures) {
    QList<FileAction> rows;
    qsizetype next = 0;
    if (const Node* present = runtime.find("actions"); present && present->isSequence())
        for (const Node::Entry& entry : present->entries) {
            if (!isCapture(entry.value))
                rows.append(FileAction{{}, &entry.value});
            else if (next < captures.size())
                rows.append(FileAction{captures.at(next++), nullptr});
        }
    while (next < captures.size())
        rows.append(FileAction{captures.at(next++), nullptr});
    const auto likeness = [](const Node& element, const FileAction& row) {
        if (row.kept) return &element == row.kept ? 4 : 0;
        if (!isCapture(element)) return 0;
        Reader reader{QString()};
        const CaptureSpec present = readAction(element, reader);
        if (present == row.capture) return 4;
        return present.variable == row.capture.variable       ? 3
               : present.expression == row.capture.expression ? 2
                                                              : 0;
    };
    writeRows(runtime, "actions", rows, likeness, [](Node& element, const FileAction& row) {
        if (row.kept) return;
        if (!element.find("type")) {
            element.setString("type", QStringLiteral("set-variable"));
            element.setString("phase", QStringLiteral("after-response"));
        }
        Node& selector = element.collection("selector", Node::Kind::Mapping);
        selector.setString("expression", row.capture.expression);
        if (!selector.find("method")) selector.setString("method", QStringLiteral("jsonq"));
        Node& variable = element.collection("variable", Node::Kind::Mapping);
        variable.setString("name", row.capture.variable);
        if (!variable.find("scope")) variable.setString("scope", QStringLiteral("runtime"));
        writeEnabled(element, row.capture.enabled);
    });
}

void writeCaptures(Node& own, const QList<CaptureSpec>& captures) {
    const auto likeness = [](const Node& element, const CaptureSpec& capture) {
        if (!element.isMapping()) return 0;
        Reader reader{QString()};
        const bool sameValue = reader.text(element, partKey(capture.part)) == capture.expression;
        if (reader.text(element, "variable") != capture.variable) return sameValue ? 1 : 0; // renamed
        return sameValue ? 3 : 2;
    };
    writeRows(own, "captures", captures, likeness, [](Node& row, const CaptureSpec& capture) {
        row.setString("variable", capture.variable);
        for (const AnswerPart part : {AnswerPart::Jq, AnswerPart::Schema, AnswerPart::Expression})
            if (part != capture.part) row.remove(partKey(part));
        row.setString(partKey(capture.part), capture.expression);
        writeEnabled(row, capture.enabled);
    });
}

/// Those that stand, or are to stand, where other programs look. A row that is there already stays, whatever
/// it says: it may be another program's.
template<class Row>
QList<Row> portableOnes(const QList<Row>& rows, bool portable, const QSet<QString>& there) {
    QList<Row> chosen;
    for (const Row& row : rows) {
        const bool stays = row.part == AnswerPart::Expression && there.contains(row.expression);
        if ((stays || isPortable(row.part, row.expression)) == portable) chosen.append(row);
    }
    return chosen;
}

/// The expressions in a request's runtime lists.
QSet<QString> expressionsIn(const Node& runtime) {
    QSet<QString> all;
    Reader reader{QString()};
    RequestSpec spec;
    readPortable(runtime, reader, spec);
    for (const CheckSpec& check : spec.checks)
        all.insert(check.expression);
    for (const CaptureSpec& capture : spec.captures)
        all.insert(capture.expression);
    return all;
}

} // namespace

void readChecks(const Node& root, const Node* own, Reader& reader, RequestSpec& spec) {
    if (const Node* runtime = reader.mapping(root, "runtime")) readPortable(*runtime, reader, spec);
    if (own) readOwn(*own, reader, spec);
}

void writeChecks(Node& root, const RequestSpec& spec, const RequestSpec& present) {
    if (spec.checks == present.checks && spec.captures == present.captures) return;
    Node& runtime = root.collection("runtime", Node::Kind::Mapping);
    const QSet<QString> there = expressionsIn(runtime);
    if (spec.checks != present.checks)
        writeChecks(runtime, "assertions", portableOnes(spec.checks, true, there));
    if (spec.captures != present.captures) writeActions(runtime, portableOnes(spec.captures, true, there));
    if (runtime.entries.empty()) root.remove("runtime");
    Node& own = makeOwnExtension(root);
    if (spec.checks != present.checks) writeChecks(own, "checks", portableOnes(spec.checks, false, there));
    if (spec.captures != present.captures) writeCaptures(own, portableOnes(spec.captures, false, there));
}

} // namespace kb::opencollection
