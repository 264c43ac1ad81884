// SPDX-License-Identifier: GPL-3.0-or-later
// What the user says of runs of the access matrix: what answers mean, what a run may cost, and how the
// server's people can tell its requests. Part of extensions.keybearer.matrix in opencollection.yml.
#include "core/base/json_pointer.h"
#include "core/workspace/oc_fields.h"
#include "core/workspace/opencollection_text.h"

#include <QRegularExpression>

namespace kb {

namespace {

constexpr const char* outcomeNames[] = {"not-sent",     "no-answer",       "throttled",       "denied-authn",
                                        "denied-authz", "proxy-problem",   "denied-redirect", "redirected",
                                        "concealed",    "reached-missing", "ambiguous",       "reached",
                                        "server-error", "allowed",         "allowed-empty"};

/// What a rule can know from an answer; the others say how none came, or where one led.
constexpr Outcome ofRules[] = {Outcome::Allowed,     Outcome::AllowedEmpty,   Outcome::DeniedAuthn,
                               Outcome::DeniedAuthz, Outcome::Concealed,      Outcome::Reached,
                               Outcome::ServerError, Outcome::ReachedMissing, Outcome::Throttled,
                               Outcome::Ambiguous};

} // namespace

QString outcomeName(Outcome outcome) {
    return QString::fromLatin1(outcomeNames[int(outcome)]);
}

QStringList outcomesOfRules() {
    QStringList names;
    for (const Outcome outcome : ofRules)
        names.append(outcomeName(outcome));
    return names;
}

namespace opencollection {

using yaml::Node;

namespace {

/// A word that says nothing to us may be a slip, and a rule that is not read as it was meant says too much of
/// too many answers. What begins with "x-" is somebody else's.
bool isUnknown(const QByteArray& key, const QList<QByteArray>& known) {
    return !known.contains(key) && !key.startsWith("x-");
}

void refuseOthers(const Node& row, const QList<QByteArray>& known, Reader& reader) {
    for (const Node::Entry& entry : row.entries)
        if (isUnknown(entry.key, known))
            reader.refuse(
                OpenCollectionText::tr("\"%1\" is no part of an outcome.").arg(QString::fromUtf8(entry.key)),
                entry.value);
}

std::optional<AnswerTest> readTest(const Node& row, QByteArrayView key, QByteArrayView place,
                                   Reader& reader) {
    const Node* own = reader.mapping(row, key);
    if (!own) return std::nullopt;
    refuseOthers(*own, {place.toByteArray(), "exists", "equals", "contains"}, reader);
    AnswerTest test;
    test.at = reader.text(*own, place);
    const bool header = place == "name";
    if (header && test.at.isEmpty())
        reader.refuse(OpenCollectionText::tr("The header of an outcome needs a name."), *own);
    if (!header)
        if (const Result<void> pointer = checkJsonPointer(test.at); !pointer)
            reader.refuse(pointer.error().what, *own->find(place));
    const int tests = int(own->find("exists") != nullptr) + int(own->find("equals") != nullptr) +
                      int(own->find("contains") != nullptr);
    if (tests > 1)
        reader.refuse(
            OpenCollectionText::tr("An outcome asks one thing of a value: exists, equals or contains."),
            *own);
    if (const Node* exists = own->find("exists")) {
        const bool yes = reader.flag(*own, "exists", true);
        if (yes == !reader.flag(*own, "exists", false)) // neither: no boolean
            reader.refuse(OpenCollectionText::tr("\"exists\" is true or false."), *exists);
        test.kind = yes ? AnswerTest::Kind::Exists : AnswerTest::Kind::Absent;
    }
    for (const char* name : {"equals", "contains"}) {
        const Node* values = own->find(name);
        if (!values) continue;
        test.kind = *name == 'e' ? AnswerTest::Kind::Equals : AnswerTest::Kind::Contains;
        test.values = values->isScalar() ? QStringList{values->string()} : reader.texts(*own, name);
        if (test.values.isEmpty() ||
            (test.kind == AnswerTest::Kind::Contains && test.values.contains(QString())))
            reader.refuse(
                OpenCollectionText::tr("\"%1\" needs a value to compare with.").arg(QLatin1String(name)),
                *values);
    }
    return test;
}

QStringList readStatuses(const Node& row, Reader& reader) {
    const QStringList statuses = reader.texts(row, "status");
    static const QRegularExpression status(QStringLiteral("^[1-5](\\d\\d|XX)$"));
    for (const QString& each : statuses)
        if (!status.match(each).hasMatch())
            reader.refuse(OpenCollectionText::tr("\"%1\" is no status. Write it as 200 or 4XX.").arg(each),
                          *row.find("status"));
    return statuses;
}

OutcomeRule readOutcome(const Node& row, Reader& reader) {
    refuseOthers(row, {"name", "methods", "tags", "path", "status", "body", "header", "means"}, reader);
    OutcomeRule rule;
    rule.name = reader.text(row, "name");
    rule.methods = reader.texts(row, "methods");
    rule.tags = reader.texts(row, "tags");
    rule.path = reader.text(row, "path");
    rule.statuses = readStatuses(row, reader);
    rule.body = readTest(row, "body", "pointer", reader);
    rule.header = readTest(row, "header", "name", reader);
    if (rule.statuses.isEmpty() && !rule.body && !rule.header)
        reader.refuse(
            OpenCollectionText::tr("An outcome asks something of the answer: status, body or header."), row);
    const QString means = reader.text(row, "means");
    const auto* found = std::find_if(std::begin(ofRules), std::end(ofRules),
                                     [&](Outcome each) { return outcomeName(each) == means; });
    if (found == std::end(ofRules)) {
        const Node* at = row.find("means");
        reader.refuse(OpenCollectionText::tr("\"%1\" is nothing that an answer can mean. There are %2.")
                          .arg(means, outcomesOfRules().join(QStringLiteral(", "))),
                      at ? *at : row);
    } else {
        rule.means = *found;
    }
    return rule;
}

void writeTest(Node& row, const QByteArray& key, const QByteArray& place,
               const std::optional<AnswerTest>& test) {
    if (!test) {
        row.remove(key);
        return;
    }
    Node& own = row.collection(key, Node::Kind::Mapping);
    writeText(own, place, test->at);
    using Kind = AnswerTest::Kind;
    if (test->kind == Kind::Absent)
        writeFlag(own, "exists", false, true);
    else if (test->kind == Kind::Exists && (test->at.isEmpty() || own.find("exists")))
        own.setPlain("exists", "true"); // a mapping without a member would be none
    else
        own.remove("exists");
    for (const auto& [kind, name] : {std::pair(Kind::Equals, "equals"), {Kind::Contains, "contains"}}) {
        const Node* present = own.find(name);
        if (test->kind != kind)
            own.remove(name);
        else if (!present || !present->isScalar() || QStringList{present->string()} != test->values) {
            if (present && present->isScalar()) own.remove(name);
            writeTexts(own, name, test->values);
        }
    }
}

bool isAlike(const Node& row, const OutcomeRule& rule) {
    Reader quiet{QString()};
    return quiet.text(row, "name") == rule.name && quiet.text(row, "path") == rule.path &&
           quiet.text(row, "means") == outcomeName(rule.means);
}

FieldRule readFields(const Node& row, Reader& reader) {
    FieldRule rule;
    for (const Node::Entry& entry : row.entries)
        if (isUnknown(entry.key, {"methods", "tags", "path", "fields", "require", "bindings"}))
            reader.refuse(OpenCollectionText::tr("\"%1\" is no part of a rule on fields.")
                              .arg(QString::fromUtf8(entry.key)),
                          entry.value);
    rule.methods = reader.texts(row, "methods");
    rule.tags = reader.texts(row, "tags");
    rule.path = reader.text(row, "path");
    rule.fields = reader.texts(row, "fields");
    rule.claims = reader.texts(row, "require");
    rule.bindings = reader.texts(row, "bindings");
    if (rule.fields.isEmpty())
        reader.refuse(OpenCollectionText::tr("A rule on fields names the fields."), row);
    for (const QString& field : std::as_const(rule.fields))
        if (field.isEmpty() || (field.startsWith(u'/') && !checkJsonPointer(field)))
            reader.refuse(
                OpenCollectionText::tr("\"%1\" is neither a member's name nor a JSON pointer.").arg(field),
                *row.find("fields"));
    return rule;
}

/// A limit that is not understood would be none.
int readLimit(const Node& row, QByteArrayView key, Reader& reader) {
    const Node* member = row.find(key);
    if (!member || member->isNull()) return 0;
    bool isNumber = false;
    const int limit = member->text.toInt(&isNumber);
    if (!isNumber || limit < 1)
        reader.refuse(OpenCollectionText::tr("A limit is a whole number above 0."), *member);
    return limit;
}

} // namespace

std::optional<ExactAnswer> readExactly(const Node& row, Reader& reader) {
    const Node* own = reader.mapping(row, "exactly");
    if (!own) return std::nullopt;
    for (const Node::Entry& entry : own->entries)
        if (isUnknown(entry.key, {"status", "problem", "challenge", "body", "header"}))
            reader.refuse(OpenCollectionText::tr("\"%1\" is no part of an expected answer.")
                              .arg(QString::fromUtf8(entry.key)),
                          entry.value);
    ExactAnswer exactly;
    exactly.statuses = readStatuses(*own, reader);
    exactly.problem = reader.text(*own, "problem");
    exactly.challenge = reader.text(*own, "challenge");
    exactly.body = readTest(*own, "body", "pointer", reader);
    exactly.header = readTest(*own, "header", "name", reader);
    return exactly;
}

void writeExactly(Node& row, const std::optional<ExactAnswer>& exactly) {
    if (!exactly) return row.remove("exactly");
    Node& own = row.collection("exactly", Node::Kind::Mapping);
    writeTexts(own, "status", exactly->statuses);
    writeText(own, "problem", exactly->problem);
    writeText(own, "challenge", exactly->challenge);
    writeTest(own, "body", "pointer", exactly->body);
    writeTest(own, "header", "name", exactly->header);
}

void readMatrixRun(const Node& own, Reader& reader, MatrixSettings& matrix) {
    if (const Node* list = reader.sequence(own, "outcomes"))
        for (const Node::Entry& entry : list->entries)
            if (const Node* row = reader.asMapping(entry.value))
                matrix.outcomes.append(readOutcome(*row, reader));
    if (const Node* list = reader.sequence(own, "fields"))
        for (const Node::Entry& entry : list->entries)
            if (const Node* row = reader.asMapping(entry.value))
                matrix.fields.append(readFields(*row, reader));
    if (const Node* limits = reader.mapping(own, "limits")) {
        for (const Node::Entry& entry : limits->entries)
            if (isUnknown(entry.key, {"requests", "seconds"}))
                reader.refuse(OpenCollectionText::tr("\"%1\" is no limit. There are requests and seconds.")
                                  .arg(QString::fromUtf8(entry.key)),
                              entry.value);
        matrix.limits = {readLimit(*limits, "requests", reader), readLimit(*limits, "seconds", reader)};
    }
    matrix.servers = reader.texts(own, "servers");
    matrix.runHeader = reader.text(own, "run_header");
    matrix.tenantClaim = reader.text(own, "tenant_claim");
    matrix.malformed = reader.flag(own, "malformed", false);
}

void writeMatrixRun(Node& own, const MatrixSettings& matrix) {
    writeRows(
        own, "outcomes", matrix.outcomes,
        [](const Node& row, const OutcomeRule& rule) { return isAlike(row, rule) ? 4 : 0; },
        [](Node& row, const OutcomeRule& rule) {
            writeText(row, "name", rule.name);
            writeTexts(row, "methods", rule.methods);
            writeTexts(row, "tags", rule.tags);
            writeText(row, "path", rule.path);
            writeTexts(row, "status", rule.statuses);
            writeTest(row, "body", "pointer", rule.body);
            writeTest(row, "header", "name", rule.header);
            row.setString("means", outcomeName(rule.means));
        });
    writeRows(
        own, "fields", matrix.fields,
        [](const Node& row, const FieldRule& rule) {
            Reader quiet{QString()};
            return quiet.text(row, "path") == rule.path && quiet.texts(row, "fields") == rule.fields ? 4 : 0;
        },
        [](Node& row, const FieldRule& rule) {
            writeTexts(row, "methods", rule.methods);
            writeTexts(row, "tags", rule.tags);
            writeText(row, "path", rule.path);
            writeTexts(row, "fields", rule.fields);
            writeTexts(row, "require", rule.claims);
            writeTexts(row, "bindings", rule.bindings);
        });
    if (matrix.limits == RunLimits()) {
        own.remove("limits");
    } else {
        Node& limits = own.collection("limits", Node::Kind::Mapping);
        for (const auto& [key, value] :
             {std::pair("requests", matrix.limits.requests), {"seconds", matrix.limits.seconds}})
            if (value > 0)
                limits.setPlain(key, QByteArray::number(value));
            else
                limits.remove(key);
    }
    writeTexts(own, "servers", matrix.servers);
    writeText(own, "run_header", matrix.runHeader);
    writeText(own, "tenant_claim", matrix.tenantClaim);
    Reader quiet{QString()};
    writeFlag(own, "malformed", matrix.malformed, quiet.flag(own, "malformed", false));
}

} // namespace opencollection
} // namespace kb
