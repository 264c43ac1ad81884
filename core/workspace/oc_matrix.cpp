// SPDX-License-Identifier: GPL-3.0-or-later
// What the user says of the access matrix: extensions.keybearer.matrix in opencollection.yml. It names
// profiles and holds no secret.
#include "core/workspace/oc_fields.h"
#include "core/workspace/opencollection_text.h"

#include <QRegularExpression>
#include <algorithm>
#include <iterator>

namespace kb {

namespace {

const std::pair<Expect, const char*> expectNames[] = {
    {Expect::Allow, "allow"},      {Expect::DenyAuthn, "deny-authn"}, {Expect::DenyAuthz, "deny-authz"},
    {Expect::Deny, "deny"},        {Expect::Conceal, "conceal"},      {Expect::Unknown, "unknown"},
    {Expect::NotApplicable, "n/a"}};
const std::pair<ProbeStrategy, const char*> strategyNames[] = {
    {ProbeStrategy::NotSent, "not-sent"},         {ProbeStrategy::AbsentObject, "absent-object"},
    {ProbeStrategy::InvalidBody, "invalid-body"}, {ProbeStrategy::Precondition, "impossible-precondition"},
    {ProbeStrategy::Fixture, "fixture"},          {ProbeStrategy::Live, "live"}};

template<class Names, class Value> QString nameIn(const Names& names, Value value) {
    const auto* found = std::find_if(std::begin(names), std::end(names),
                                     [&](const auto& each) { return each.first == value; });
    return QString::fromLatin1(found->second);
}

template<class Names> auto valueIn(const Names& names, const QString& name) {
    std::optional<std::decay_t<decltype(std::begin(names)->first)>> value;
    for (const auto& [each, known] : names)
        if (name == QLatin1String(known)) value = each;
    return value;
}

} // namespace

QString expectName(Expect expect) {
    return nameIn(expectNames, expect);
}

std::optional<Expect> expectFromName(const QString& name) {
    return valueIn(expectNames, name);
}

QString strategyName(ProbeStrategy strategy) {
    return nameIn(strategyNames, strategy);
}

std::optional<ProbeStrategy> strategyFromName(const QString& name) {
    return valueIn(strategyNames, name);
}

QDate waiverEnd(const MatrixWaiver& waiver) {
    static const QRegularExpression form(QStringLiteral("^\\d{4}-\\d{2}-\\d{2}$"));
    return form.match(waiver.expires).hasMatch() ? QDate::fromString(waiver.expires, Qt::ISODate) : QDate();
}

namespace opencollection {

using yaml::Node;

namespace {

Expect readExpect(const Node& row, QByteArrayView key, Expect fallback, Reader& reader) {
    const QString name = reader.text(row, key);
    if (name.isEmpty()) return fallback;
    const std::optional<Expect> expect = expectFromName(name);
    if (!expect)
        reader.refuse(
            OpenCollectionText::tr("\"%1\" is no expectation. There are allow, deny-authn, deny-authz, "
                                   "deny, conceal and unknown.")
                .arg(name),
            *row.find(key));
    return expect.value_or(fallback);
}

/// Each mapping of a list.
template<class Read> void eachRow(const Node& node, QByteArrayView key, Reader& reader, Read read) {
    const Node* list = reader.sequence(node, key);
    if (!list) return;
    for (const Node::Entry& entry : list->entries)
        if (const Node* row = reader.asMapping(entry.value)) read(*row);
}

template<class Row, class Apply>
void writeList(Node& own, const QByteArray& key, const QList<Row>& rows, Apply apply,
               std::function<bool(const Node&, const Row&)> same) {
    writeRows(
        own, key, rows, [&](const Node& element, const Row& row) { return same(element, row) ? 4 : 0; },
        apply);
}

QString textOf(const Node& row, QByteArrayView key) {
    Reader reader{QString()};
    return reader.text(row, key);
}

MatrixFixture readFixture(const Node& row, Reader& reader) {
    const Node* own = reader.mapping(row, "fixture");
    if (!own) return {};
    return {reader.text(*own, "setup"),   reader.text(*own, "owner"),  reader.text(*own, "body"),
            reader.text(*own, "pointer"), reader.text(*own, "verify"), reader.text(*own, "teardown")};
}

void writeFixture(Node& row, const MatrixFixture& fixture) {
    if (fixture == MatrixFixture()) {
        row.remove("fixture");
        return;
    }
    Node& own = row.collection("fixture", Node::Kind::Mapping);
    writeText(own, "setup", fixture.setup);
    writeText(own, "owner", fixture.owner);
    writeText(own, "body", fixture.body);
    writeText(own, "pointer", fixture.pointer);
    writeText(own, "verify", fixture.verify);
    writeText(own, "teardown", fixture.teardown);
}

/// A map as rows with a key.
template<class Value> QList<std::pair<QString, Value>> pairsOf(const QMap<QString, Value>& map) {
    QList<std::pair<QString, Value>> rows;
    for (auto each = map.cbegin(); each != map.cend(); ++each)
        rows.append({each.key(), each.value()});
    return rows;
}

} // namespace

MatrixSettings readMatrix(const Node& root, Reader& reader) {
    MatrixSettings matrix;
    const Node* extension = ownExtension(root);
    const Node* own = extension ? reader.mapping(*extension, "matrix") : nullptr;
    if (!own) return matrix;
    matrix.document = reader.text(*own, "document");
    matrix.baseline = reader.text(*own, "baseline");
    matrix.conceal = reader.flag(*own, "conceal", false);
    matrix.confirmedPublic = reader.texts(*own, "public");
    eachRow(*own, "rules", reader, [&](const Node& row) {
        matrix.rules.append({reader.texts(row, "methods"), reader.texts(row, "tags"),
                             reader.text(row, "path"), reader.texts(row, "require"),
                             readExpect(row, "otherwise", Expect::DenyAuthz, reader)});
    });
    eachRow(*own, "marks", reader, [&](const Node& row) {
        matrix.marks.append({reader.text(row, "operation"), reader.text(row, "profile"),
                             reader.text(row, "binding"), readExpect(row, "expect", Expect::Unknown, reader),
                             reader.text(row, "reason"), readExactly(row, reader)});
    });
    eachRow(*own, "strategies", reader, [&](const Node& row) {
        const QString name = reader.text(row, "strategy");
        const std::optional<ProbeStrategy> strategy = strategyFromName(name);
        if (!strategy)
            reader.refuse(
                OpenCollectionText::tr("\"%1\" is no strategy. There are absent-object, invalid-body, "
                                       "impossible-precondition, fixture, live and not-sent.")
                    .arg(name),
                row);
        matrix.strategies.insert(reader.text(row, "operation"), strategy.value_or(ProbeStrategy::NotSent));
        if (const MatrixFixture fixture = readFixture(row, reader); fixture != MatrixFixture())
            matrix.fixtures.insert(reader.text(row, "operation"), fixture);
    });
    eachRow(*own, "canaries", reader, [&](const Node& row) {
        matrix.canaries.insert(reader.text(row, "profile"), reader.text(row, "operation"));
    });
    eachRow(*own, "markers", reader, [&](const Node& row) {
        matrix.markers.insert(reader.text(row, "profile"), reader.texts(row, "texts"));
    });
    eachRow(*own, "derived", reader, [&](const Node& row) {
        const QString name = reader.text(row, "name");
        const std::optional<TokenDefect> defect = defectFromName(reader.text(row, "defect"));
        if (!defect)
            reader.refuse(OpenCollectionText::tr("\"%1\" is no defect of a credential.")
                              .arg(reader.text(row, "defect")),
                          row);
        matrix.derived.append({reader.text(row, "id", name), name, reader.text(row, "from"),
                               defect.value_or(TokenDefect::NoSignature)});
    });
    eachRow(*own, "implied", reader, [&](const Node& row) {
        matrix.implied.insert(reader.text(row, "scope"), reader.texts(row, "scopes"));
    });
    eachRow(*own, "schemes", reader, [&](const Node& row) {
        matrix.schemes.insert(reader.text(row, "scheme"), reader.texts(row, "profiles"));
    });
    eachRow(*own, "own", reader, [&](const Node& row) {
        const OwnValue each{reader.text(row, "parameter"), reader.text(row, "path"),
                            reader.text(row, "profile"), reader.text(row, "value")};
        if (each.path.isEmpty())
            matrix.own[each.parameter].insert(each.profile, each.value);
        else
            matrix.ownByPath.append(each);
    });
    eachRow(*own, "waivers", reader, [&](const Node& row) {
        const MatrixWaiver waiver{reader.text(row, "cell"), reader.text(row, "reason"),
                                  reader.text(row, "author"), reader.text(row, "expires"),
                                  reader.text(row, "finding")};
        if (waiver.reason.isEmpty()) reader.refuse(OpenCollectionText::tr("A waiver needs a reason."), row);
        if (waiver.cell.isEmpty() == waiver.finding.isEmpty())
            reader.refuse(OpenCollectionText::tr("A waiver needs a cell or a finding, one of them."), row);
        // Read otherwise than it was meant, it would never end.
        if (!waiver.expires.isEmpty() && !waiverEnd(waiver).isValid())
            reader.refuse(
                OpenCollectionText::tr("\"%1\" is no date. A waiver's end is written as 2030-01-31.")
                    .arg(waiver.expires),
                *row.find("expires"));
        matrix.waivers.append(waiver);
    });
    readMatrixRun(*own, reader, matrix);
    return matrix;
}

void writeMatrix(Node& root, const MatrixSettings& matrix) {
    Node& extension = makeOwnExtension(root);
    if (matrix == MatrixSettings()) {
        extension.remove("matrix");
        dropEmptyExtension(root);
        return;
    }
    Node& own = extension.collection("matrix", Node::Kind::Mapping);
    Reader quiet{QString()};
    writeText(own, "document", matrix.document);
    writeText(own, "baseline", matrix.baseline);
    writeFlag(own, "conceal", matrix.conceal, quiet.flag(own, "conceal", false));
    writeTexts(own, "public", matrix.confirmedPublic);
    writeList<MatrixRule>(
        own, "rules", matrix.rules,
        [](Node& row, const MatrixRule& rule) {
            writeTexts(row, "methods", rule.methods);
            writeTexts(row, "tags", rule.tags);
            writeText(row, "path", rule.path);
            writeTexts(row, "require", rule.claims);
            if (rule.otherwise != Expect::DenyAuthz || row.find("otherwise"))
                row.setString("otherwise", expectName(rule.otherwise));
        },
        [](const Node& row, const MatrixRule& rule) {
            Reader reader{QString()};
            return textOf(row, "path") == rule.path && reader.texts(row, "require") == rule.claims;
        });
    writeList<MatrixMark>(
        own, "marks", matrix.marks,
        [](Node& row, const MatrixMark& mark) {
            writeText(row, "operation", mark.operation);
            writeText(row, "profile", mark.profile);
            writeText(row, "binding", mark.binding);
            row.setString("expect", expectName(mark.expect));
            writeText(row, "reason", mark.reason);
            writeExactly(row, mark.exactly);
        },
        [](const Node& row, const MatrixMark& mark) {
            return textOf(row, "operation") == mark.operation && textOf(row, "profile") == mark.profile &&
                   textOf(row, "binding") == mark.binding;
        });
    writeList<std::pair<QString, ProbeStrategy>>(
        own, "strategies", pairsOf(matrix.strategies),
        [&](Node& row, const auto& strategy) {
            row.setString("operation", strategy.first);
            row.setString("strategy", strategyName(strategy.second));
            writeFixture(row, matrix.fixtures.value(strategy.first));
        },
        [](const Node& row, const auto& strategy) { return textOf(row, "operation") == strategy.first; });
    writeList<std::pair<QString, QString>>(
        own, "canaries", pairsOf(matrix.canaries),
        [](Node& row, const auto& each) {
            row.setString("profile", each.first);
            row.setString("operation", each.second);
        },
        [](const Node& row, const auto& each) { return textOf(row, "profile") == each.first; });
    writeList<std::pair<QString, QStringList>>(
        own, "markers", pairsOf(matrix.markers),
        [](Node& row, const auto& each) {
            row.setString("profile", each.first);
            writeTexts(row, "texts", each.second);
        },
        [](const Node& row, const auto& each) { return textOf(row, "profile") == each.first; });
    writeList<DerivedProfile>(
        own, "derived", matrix.derived,
        [](Node& row, const DerivedProfile& each) {
            row.setString("id", each.id);
            row.setString("name", each.name);
            row.setString("from", each.parent);
            row.setString("defect", defectName(each.defect));
        },
        [](const Node& row, const DerivedProfile& each) {
            return textOf(row, "id") == each.id || textOf(row, "name") == each.id;
        });
    writeList<std::pair<QString, QStringList>>(
        own, "implied", pairsOf(matrix.implied),
        [](Node& row, const auto& each) {
            row.setString("scope", each.first);
            writeTexts(row, "scopes", each.second);
        },
        [](const Node& row, const auto& each) { return textOf(row, "scope") == each.first; });
    writeList<std::pair<QString, QStringList>>(
        own, "schemes", pairsOf(matrix.schemes),
        [](Node& row, const auto& each) {
            row.setString("scheme", each.first);
            writeTexts(row, "profiles", each.second);
        },
        [](const Node& row, const auto& each) { return textOf(row, "scheme") == each.first; });
    QList<OwnValue> owned;
    for (auto slot = matrix.own.cbegin(); slot != matrix.own.cend(); ++slot)
        for (auto each = slot->cbegin(); each != slot->cend(); ++each)
            owned.append({slot.key(), {}, each.key(), each.value()});
    writeList<OwnValue>(
        own, "own", owned + matrix.ownByPath,
        [](Node& row, const OwnValue& each) {
            row.setString("parameter", each.parameter);
            writeText(row, "path", each.path);
            row.setString("profile", each.profile);
            row.setString("value", each.value);
        },
        [](const Node& row, const OwnValue& each) {
            return textOf(row, "parameter") == each.parameter && textOf(row, "path") == each.path &&
                   textOf(row, "profile") == each.profile;
        });
    writeList<MatrixWaiver>(
        own, "waivers", matrix.waivers,
        [](Node& row, const MatrixWaiver& waiver) {
            writeText(row, "cell", waiver.cell);
            writeText(row, "finding", waiver.finding);
            writeText(row, "reason", waiver.reason);
            writeText(row, "author", waiver.author);
            writeText(row, "expires", waiver.expires);
        },
        [](const Node& row, const MatrixWaiver& waiver) {
            return textOf(row, "cell") == waiver.cell && textOf(row, "finding") == waiver.finding;
        });
    writeMatrixRun(own, matrix);
    dropEmptyExtension(root);
}

} // namespace opencollection
} // namespace kb
