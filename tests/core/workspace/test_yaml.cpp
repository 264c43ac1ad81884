// SPDX-License-Identifier: GPL-3.0-or-later
// The two YAML readers must agree, an unchanged tree must give the same bytes, and an edit only its own.
#include "core/workspace/yaml_fast_reader.h"
#include "core/workspace/yaml_scalar.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTest>

using namespace kb;
using yaml::Document;
using yaml::Node;

namespace {

/// A tree as text, without places, to compare what two readers understood.
QByteArray dump(const Node& node) {
    switch (node.kind) {
    case Node::Kind::Null:
        return "~";
    case Node::Kind::Scalar:
        return (node.plain ? "p<" : "q<") + node.text + '>';
    case Node::Kind::Sequence:
    case Node::Kind::Mapping:
        break;
    }
    QByteArray out = node.isSequence() ? "[" : "{";
    for (const Node::Entry& entry : node.entries)
        out += entry.key + ':' + dump(entry.value) + ',';
    return out + (node.isSequence() ? ']' : '}');
}

/// Everything the fast reader knows, in one file.
QByteArray sample() {
    static const QByteArray text = [] {
        QFile file(QStringLiteral(KB_TEST_DATA "/yaml/sample.yml"));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }();
    return text;
}

} // namespace

class TestYaml : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readersAgreeOnTheSample();
    void readersAgreeOnSmallTexts_data();
    void readersAgreeOnSmallTexts();
    void readersAgreeOnDamagedTexts();
    void unchangedIsTheSameBytes();
    void editsTouchTheirOwnBytesOnly();
    void everyTextComesBack_data();
    void everyTextComesBack();
    void randomTextsComeBack();
    void windowsLineEndsStay();
    void refusals_data();
    void refusals();
    void aliasesAreCopied();
    void positionsAreNamed();
    void manyNamesInOneMapping();
};

void TestYaml::readersAgreeOnTheSample() {
    const auto fast = yaml::FastReader(sample()).read();
    QVERIFY(fast.has_value());
    const auto full = yaml::readFully(sample(), QStringLiteral("x"));
    QVERIFY(full.has_value());
    QByteArray wanted = dump(full->root);
    QByteArray seen = dump(*fast);
    QCOMPARE(seen, wanted);
    QCOMPARE(fast->find("list")->entries[1].value.string(), QStringLiteral("single 'quoted'"));
    QCOMPARE(fast->find("tail")->string(), QStringLiteral("x#y:z"));
}

void TestYaml::readersAgreeOnSmallTexts_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("fast"); ///< whether the fast reader is expected to take it
    QTest::newRow("nothing") << QByteArray() << true;
    QTest::newRow("comment only") << QByteArray("# x\n\n") << true;
    QTest::newRow("document start") << QByteArray("---\na: 1\n") << true;
    QTest::newRow("no line end") << QByteArray("a: 1") << true;
    QTest::newRow("block without line end") << QByteArray("a: |-\n  x") << true;
    QTest::newRow("clip without line end") << QByteArray("a: |\n  x") << false;
    QTest::newRow("keep") << QByteArray("a: |+\n  x\n\n\nb: 1\n") << true;
    QTest::newRow("strip with blank lines") << QByteArray("a: |-\n  x\n\n\nb: 1\n") << true;
    QTest::newRow("folded") << QByteArray("a: >\n  x\n  y\nb: 1\n") << false;
    QTest::newRow("two lines plain") << QByteArray("a: x\n  y\nb: 1\n") << false;
    QTest::newRow("two lines quoted") << QByteArray("a: \"x\n  y\"\nb: 1\n") << false;
    QTest::newRow("sequence at key column") << QByteArray("a:\n- 1\n- 2\nb: 1\n") << true;
    QTest::newRow("nested dashes") << QByteArray("a:\n  - - 1\n    - 2\n") << false;
    QTest::newRow("flow in lines") << QByteArray("a: [1,\n  2]\n") << false;
    QTest::newRow("empty flows") << QByteArray("a: []\nb: {}\nc: [ ]\n") << true;
    QTest::newRow("key with blanks") << QByteArray("a b: 1\n") << false;
    QTest::newRow("quoted key") << QByteArray("\"a b\": 1\n'c': 2\n") << true;
    QTest::newRow("comment behind dash") << QByteArray("a:\n  - # note\n    b: 1\n") << true;
    QTest::newRow("url") << QByteArray("a: http://x/y?z#w\n") << true;
    QTest::newRow("tabs") << QByteArray("a:\tb\n") << false;
    QTest::newRow("value in deeper comment") << QByteArray("a: 1\n    # deep\nb: 2\n") << true;
    QTest::newRow("emoji") << QByteArray("a: \xf0\x9f\x98\x80 x\n") << true;
    QTest::newRow("surrogates") << QByteArray("a: \"x\\u00e9\"\n") << true;
    QTest::newRow("null in flow") << QByteArray("a: [null, ~]\n") << false;
    QTest::newRow("Windows") << QByteArray("a: 1\r\nb: |\r\n  x\r\n  y\r\nc: 2\r\n") << true;
    QTest::newRow("odd dash") << QByteArray("a: -\nb: --x\n") << false;
    QTest::newRow("minus") << QByteArray("a: -5\nb: -x\n") << true;
    QTest::newRow("block indicator") << QByteArray("a: |2\n    x\n  y\n") << true;
    QTest::newRow("block over comment") << QByteArray("a: |\n  x\n # note\nb: 1\n") << true;
}

void TestYaml::readersAgreeOnSmallTexts() {
    QFETCH(QByteArray, text);
    QFETCH(bool, fast);
    const auto root = yaml::FastReader(text).read();
    QCOMPARE(root.has_value(), fast);
    if (!fast) return;
    const auto full = yaml::readFully(text, QStringLiteral("x"));
    QVERIFY(full.has_value());
    QCOMPARE(dump(*root), dump(full->root));
}

void TestYaml::readersAgreeOnDamagedTexts() {
    // Whatever the fast reader takes, the full reader must take too and understand alike.
    QRandomGenerator random(20240601);
    const QByteArray pieces[] = {" ",  "  ",   "\n", "- ", ": ", ":",  "#", " # ", "'",    "\"",
                                 "|",  "|-\n", "[",  "]",  "{",  "}",  ",", "a",   "\n\n", "    ",
                                 "\\", "&a ",  "*a", "!",  "~",  "? ", "-", "\r\n"};
    int taken = 0;
    for (int round = 0; round < 3000; ++round) {
        QByteArray text = sample();
        const int changes = 1 + random.bounded(3);
        for (int change = 0; change < changes; ++change) {
            const qsizetype at = random.bounded(int(text.size()));
            if (random.bounded(2))
                text.remove(at, 1 + random.bounded(4));
            else
                text.insert(at, pieces[random.bounded(int(std::size(pieces)))]);
        }
        if (random.bounded(2)) text = text.left(random.bounded(int(text.size()) + 1));
        const auto fast = yaml::FastReader(text).read();
        if (!fast) continue;
        ++taken;
        const auto full = yaml::readFully(text, QStringLiteral("x"));
        if (!full || dump(full->root) != dump(*fast)) {
            qWarning().noquote() << "---- text\n" << text << "\n---- fast\n" << dump(*fast);
            qWarning().noquote() << "---- full\n" << (full ? dump(full->root) : full.error().text().toUtf8());
            QFAIL("the readers disagree");
        }
    }
    QVERIFY2(taken > 200, QByteArray::number(taken).constData());
}

void TestYaml::unchangedIsTheSameBytes() {
    const auto document = yaml::parse(sample(), QStringLiteral("x"));
    QVERIFY(document && document->exact);
    QCOMPARE(yaml::write(*document), sample());
}

void TestYaml::editsTouchTheirOwnBytesOnly() {
    auto document = yaml::parse(sample(), QStringLiteral("x"));
    QVERIFY(document && document->exact);
    Node& root = document->root;
    root.find("info")->setString("name", QStringLiteral("Other: one"));
    Node& deep = *root.find("list")->entries[3].value.find("deep");
    deep.entries[0].value.setString("b", QStringLiteral("{\n  \"y\": 2\n}"), true);
    deep.entries[0].value.setString("d", QStringLiteral("new"));
    deep.entries[0].value.remove("a");
    QByteArray wanted = sample();
    wanted.replace("name: Practice   # shown", "name: \"Other: one\"   # shown");
    wanted.replace("    - a: 1\n      b: |-\n        {\n          \"x\": 1   # no comment\n\n        }\n",
                   "    - b: |-\n        {\n          \"y\": 2\n        }\n");
    wanted.replace("      c: end\n", "      c: end\n      d: new\n");
    QCOMPARE(yaml::write(*document), wanted);
}

static QList<QByteArray> trickyTexts() {
    return {"",
            "x",
            " x",
            "x ",
            "null",
            "~",
            "true",
            "No",
            "1",
            "1.5e3",
            "0x1F",
            "12:30:45",
            "2020-01-01",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "- a",
            "-",
            "--- a",
            "...",
            "{{token}}",
            "{{a}}/b",
            "[1]",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "'a'",
            "\"a\"",
            "it's",
            "a\\b",
            "a\tb",
            "\t",
            "a\nb",
            "a\n",
            "a\n\n",
            "\n",
            "\n\na",
            " a\nb",
            "  a\n b\n",
            "a\n\nb\n",
            "a \nb",
            "a\n  \nb",
            "a\r\nb",
            "a\x01"
            "b",
            "\xc2\x85",
            "\xe2\x80\xa8x",
            "\xef\xbb\xbfx",
            "\xf0\x9f\x98\x80 gru\xc3\x9f",
            "{\n  \"a\": \"\\u00e9 # {{x}}\"\n}\n",
            "=",
            "<<",
            "? x",
            "|",
            ">",
            "a\n# b\n--- c\n"};
}

void TestYaml::everyTextComesBack_data() {
    QTest::addColumn<QByteArray>("text");
    int number = 0;
    for (const QByteArray& text : trickyTexts())
        QTest::addRow("%d", number++) << text;
}

static QString roundTrip(const QByteArray& text, bool asBlock) {
    Document document;
    document.root.kind = Node::Kind::Mapping;
    const QString value = QString::fromUtf8(text);
    document.root.setString("value", value, asBlock);
    Node& list = document.root.collection("list", Node::Kind::Sequence);
    Node::Entry entry;
    entry.value.kind = Node::Kind::Mapping;
    entry.value.setString("first", value, asBlock);
    list.entries.push_back(entry);
    entry.value = Node::ofString(value, asBlock);
    list.entries.push_back(entry);
    document.root.setString("last", QStringLiteral("end"));
    const QByteArray written = yaml::write(document);
    for (int reader = 0; reader < 2; ++reader) {
        const auto back = reader == 0 ? yaml::parse(written, QStringLiteral("x"))
                                      : yaml::readFully(written, QStringLiteral("x"));
        if (!back) return back.error().text() + QLatin1Char('\n') + QString::fromUtf8(written);
        const Node* rows = back->root.find("list");
        if (!back->root.find("value")->isScalar() || back->root.find("value")->string() != value ||
            rows->entries[0].value.find("first")->string() != value ||
            rows->entries[1].value.string() != value || back->root.find("last")->text != "end")
            return QString::fromUtf8(written);
    }
    return {};
}

void TestYaml::everyTextComesBack() {
    QFETCH(QByteArray, text);
    QCOMPARE(roundTrip(text, false), QString());
    QCOMPARE(roundTrip(text, true), QString());
}

void TestYaml::randomTextsComeBack() {
    QRandomGenerator random(7);
    const QList<QByteArray> pieces = trickyTexts();
    for (int round = 0; round < 1500; ++round) {
        QByteArray text;
        for (int piece = random.bounded(5); piece >= 0; --piece)
            text += pieces[random.bounded(int(pieces.size()))];
        const QString difference = roundTrip(text, random.bounded(2) == 0);
        QVERIFY2(difference.isEmpty(),
                 qPrintable(QString::fromLatin1(text.toPercentEncoding()) + QLatin1Char('\n') + difference));
    }
}

void TestYaml::windowsLineEndsStay() {
    auto document = yaml::parse("a: 1\r\nb: 2\r\n", QStringLiteral("x"));
    QVERIFY(document && document->exact);
    document->root.setString("a", QStringLiteral("x\ny"));
    document->root.setString("c", QStringLiteral("z"));
    QCOMPARE(yaml::write(*document), QByteArray("a: |-\r\n  x\r\n  y\r\nb: 2\r\nc: z\r\n"));
}

void TestYaml::refusals_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("where");
    QTest::newRow("open quote") << QByteArray("a: 1\nb: \"x\n") << QStringLiteral("x.yml, line 2, column 6");
    QTest::newRow("bad indentation") << QByteArray("a:\n    b: 1\n  c: 2\n")
                                     << QStringLiteral("x.yml, line 3, column 3");
    QTest::newRow("twice") << QByteArray("a: 1\na: 2\n") << QStringLiteral("x.yml, line 2, column 1");
    QTest::newRow("two documents") << QByteArray("a: 1\n---\nb: 2\n") << QStringLiteral("x.yml");
    QTest::newRow("not UTF-8") << QByteArray("a: 1\nb: \xff\xfe\n")
                               << QStringLiteral("x.yml, line 2, column 4");
    QByteArray deep;
    for (int level = 0; level < 2000; ++level)
        deep += QByteArray(level, ' ') + "a:\n";
    QTest::newRow("too deep") << deep << QStringLiteral("x.yml");
    QTest::newRow("deep flow") << QByteArray(5000, '[') << QStringLiteral("x.yml");
    QByteArray bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
    for (char name = 'b'; name < 'k'; ++name) {
        const char before = char(name - 1);
        bomb += QByteArray(1, name) + ": &" + name + " [";
        for (int i = 0; i < 10; ++i)
            bomb += QByteArray(i ? "," : "") + '*' + before;
        bomb += "]\n";
    }
    QTest::newRow("alias bomb") << bomb << QStringLiteral("x.yml");
    QTest::newRow("alias in itself") << QByteArray("a: &a [*a]\n")
                                     << QStringLiteral("x.yml, line 1, column 8");
    QTest::newRow("too many values") << QByteArray("a:\n") + QByteArray("- x\n").repeated(200001)
                                     << QStringLiteral("x.yml");
    QTest::newRow("too large") << QByteArray("a: |\n") +
                                      QByteArray("  xxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n").repeated(1050000)
                               << QStringLiteral("x.yml");
}

void TestYaml::refusals() {
    QFETCH(QByteArray, text);
    QFETCH(QString, where);
    const auto document = yaml::parse(text, QStringLiteral("x.yml"));
    QVERIFY(!document);
    QCOMPARE(document.error().code, ErrorCode::ParseError);
    QVERIFY2(document.error().where.startsWith(where), qPrintable(document.error().text()));
    QVERIFY(!document.error().next.isEmpty());
    QVERIFY2(!document.error().what.contains(QStringLiteral("bad file")),
             "the YAML library's own words for too deep");
}

void TestYaml::aliasesAreCopied() {
    auto document = yaml::parse("base: &b {x: 1}\nother: *b\n", QStringLiteral("x"));
    QVERIFY(document.has_value());
    QVERIFY(!document->exact);
    QCOMPARE(document->root.find("other")->find("x")->text, QByteArray("1"));
    document->root.setString("new", QStringLiteral("z"));
    QCOMPARE(yaml::write(*document), QByteArray("base:\n  x: 1\n\nother:\n  x: 1\nnew: z\n"));
    const auto tagged = yaml::parse("a: !secret x\n", QStringLiteral("x"));
    QVERIFY(tagged && !tagged->writable);
}

void TestYaml::positionsAreNamed() {
    const auto document = yaml::parse("a: 1\n\n# c\nb:\n  - x: 1\n    y: 2\n", QStringLiteral("x"));
    QVERIFY(document && document->exact);
    QCOMPARE(document->root.find("b")->entries[0].value.find("y")->line, 6);
    QCOMPARE(document->root.find("a")->line, 1);
}

void TestYaml::manyNamesInOneMapping() {
    // Would take very long if each name were compared with every other.
    QByteArray text;
    for (int number = 0; number < 60000; ++number)
        text += 'n' + QByteArray::number(number) + ": 1\n";
    const auto document = yaml::parse(text, QStringLiteral("x"));
    QVERIFY(document && document->exact);
    QCOMPARE(document->root.entries.size(), size_t(60000));
    QVERIFY(!yaml::parse(text + "n59000: 2\n", QStringLiteral("x")));
}

QTEST_GUILESS_MAIN(TestYaml)
#include "test_yaml.moc"
