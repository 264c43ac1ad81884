// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/structured_field.h"

#include <QtTest>

using namespace kb;

namespace {

QByteArray shown(const SfItem& item) {
    switch (item.type) {
    case SfItem::Type::Integer:
        return "i" + QByteArray::number(item.integer);
    case SfItem::Type::Decimal:
        return "d" + QByteArray::number(item.decimal);
    case SfItem::Type::String:
        return "s<" + item.text + '>';
    case SfItem::Type::Token:
        return "t<" + item.text + '>';
    case SfItem::Type::Bytes:
        return "b<" + item.text + '>';
    case SfItem::Type::Boolean:
        return item.boolean ? "yes" : "no";
    case SfItem::Type::Date:
        return "@" + QByteArray::number(item.integer);
    case SfItem::Type::DisplayString:
        return "u<" + item.text + '>';
    }
    return {};
}

QByteArray shown(const SfMember& member) {
    QByteArray out;
    if (!member.key.isEmpty()) out += member.key + '=';
    if (member.isInnerList) {
        out += '(';
        for (const SfMember& each : member.innerList)
            out += shown(each) + ' ';
        out += ')';
    } else {
        out += shown(member.item);
    }
    for (const auto& param : member.params)
        out += ';' + param.first + '=' + shown(param.second);
    return out;
}

QByteArray shown(const std::optional<QList<SfMember>>& list) {
    if (!list) return "malformed";
    QByteArrayList parts;
    for (const SfMember& each : *list)
        parts += shown(each);
    return parts.join(", ");
}

} // namespace

class TestStructuredField : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lists_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const QByteArray& text, const QByteArray& expected) {
            QTest::newRow(text.isEmpty() ? "empty" : text.constData()) << text << expected;
        };
        row("", "");
        row("  ", "");
        row("1, 2.5 ,\t-3", "i1, d2.5, i-3");
        row("sugar, tea, rum", "t<sugar>, t<tea>, t<rum>");
        row("\"a\\\"b\\\\\", *t:/x", "s<a\"b\\>, t<*t:/x>");
        row("?1, ?0", "yes, no");
        row(":aGVsbG8=:", "b<hello>");
        row("::", "b<>");
        row("a;x;y=2;z=\"q\"", "t<a>;x=yes;y=i2;z=s<q>");
        row("a; x=1;  x=2", "t<a>;x=i2");
        row("(\"foo\" \"bar\";a=1);b, ()", "(s<foo> s<bar>;a=i1 );b=yes, ()");
        row("999999999999999, 999999999999.999", "i999999999999999, d1e+12");
        row("1,", "malformed");
        row(",1", "malformed");
        row("1 2", "malformed");
        row("1000000000000000", "malformed");
        row("1000000000000.1", "malformed");
        row("1.", "malformed");
        row("1.2345", "malformed");
        row("-", "malformed");
        row("--1", "malformed");
        row("\"a", "malformed");
        row("\"a\\n\"", "malformed");
        row("\"gr\xc3\xbcn\"", "malformed");
        row("?2", "malformed");
        row(":a*b:", "malformed");
        row(":YQ==", "malformed");
        row("(1 2", "malformed");
        row("(1,2)", "malformed");
        row("a;X=1", "malformed");
        row("a;=1", "malformed");
        row("a ;b=1", "malformed");
        row("@1", "@1"); // a Date
        row("@", "malformed");
    }
    void lists() {
        QFETCH(QByteArray, text);
        QTEST(shown(parseSfList({text})), "expected");
    }

    void dictionaries_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const QByteArray& text, const QByteArray& expected) {
            QTest::newRow(text.constData()) << text << expected;
        };
        row("en=\"Applepie\", da=:w4ZibGV0w6ZydGU=:", "en=s<Applepie>, da=b<\xc3\x86"
                                                      "blet\xc3\xa6rte>");
        row("a=?0, b, c; foo=bar", "a=no, b=yes, c=yes;foo=t<bar>");
        row("a=(1 2), b=3", "a=(i1 i2 ), b=i3");
        row("a=1, b=2, a=3", "a=i3, b=i2");
        row("a=", "malformed");
        row("A=1", "malformed");
        row("a=1 b=2", "malformed");
        row("\"a\"=1", "malformed");
    }
    void dictionaries() {
        QFETCH(QByteArray, text);
        QTEST(shown(parseSfDictionary({text})), "expected");
    }

    void linesAreOneField() {
        QCOMPARE(shown(parseSfList({"a", "b;c=1", "d"})), "t<a>, t<b>;c=i1, t<d>");
        QCOMPARE(shown(parseSfList({})), "");
    }

    void parameterLookUp() {
        const auto list = parseSfList({"a;q=5"});
        QVERIFY(list->first().param("q"));
        QCOMPARE(list->first().param("q")->integer, 5);
        QVERIFY(!list->first().param("Q"));
    }
};

QTEST_GUILESS_MAIN(TestStructuredField)
#include "test_structured_field.moc"
