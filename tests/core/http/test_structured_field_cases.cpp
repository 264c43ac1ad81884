// SPDX-License-Identifier: GPL-3.0-or-later
// Each case of tests/data/structured-fields, the sizes that RFC 9651 §3 wants from everybody, and every
// character in every place.
#include "core/http/structured_field.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest/QTest>

using namespace kb;

namespace {

QJsonObject sfValueJson(const SfItem& item) {
    switch (item.type) {
    case SfItem::Type::Integer:
        return {{"integer", item.integer}};
    case SfItem::Type::Decimal:
        return {{"decimal", item.decimal}};
    case SfItem::Type::String:
        return {{"string", QString::fromLatin1(item.text)}};
    case SfItem::Type::Token:
        return {{"token", QString::fromLatin1(item.text)}};
    case SfItem::Type::Bytes:
        return {{"bytes", QString::fromLatin1(item.text.toBase64())}};
    case SfItem::Type::Boolean:
        return {{"boolean", item.boolean}};
    case SfItem::Type::Date:
        return {{"date", item.integer}};
    case SfItem::Type::DisplayString:
        return {{"display", QString::fromUtf8(item.text)}};
    }
    return {};
}

QJsonArray sfMembersJson(const QList<SfMember>& members, bool keys) {
    QJsonArray all;
    for (const SfMember& member : members) {
        QJsonArray params;
        for (const auto& [name, value] : member.params)
            params.append(QJsonArray{QString::fromLatin1(name), sfValueJson(value)});
        QJsonArray each{member.isInnerList ? QJsonObject{{"inner", sfMembersJson(member.innerList, false)}}
                                           : sfValueJson(member.item),
                        params};
        if (keys) each.prepend(QString::fromLatin1(member.key));
        all.append(each);
    }
    return all;
}

QByteArray textOf(const QJsonArray& array) {
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

} // namespace

class TestStructuredFieldCases : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cases_data() {
        QTest::addColumn<QJsonObject>("test");
        QTest::addColumn<bool>("dictionary");
        for (const char* name : {"items", "lists", "dictionaries"}) {
            QFile file(QStringLiteral(KB_TEST_DATA "/structured-fields/%1.json").arg(QLatin1String(name)));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QJsonArray all = QJsonDocument::fromJson(file.readAll()).array();
            QVERIFY(!all.isEmpty());
            for (const QJsonValue& each : all)
                QTest::addRow("%s: %s", name, qPrintable(each.toObject().value("name").toString()))
                    << each.toObject() << (qstrcmp(name, "dictionaries") == 0);
        }
    }
    void cases() {
        QFETCH(QJsonObject, test);
        QFETCH(bool, dictionary);
        QList<QByteArray> lines;
        for (const QJsonValue& line : test.value("lines").toArray())
            lines.append(line.toString().toUtf8());
        const auto read = dictionary ? parseSfDictionary(lines) : parseSfList(lines);
        if (test.value("must_fail").toBool()) {
            QVERIFY2(!read, read ? textOf(sfMembersJson(*read, dictionary)).constData() : "");
            return;
        }
        QVERIFY(read);
        QCOMPARE(textOf(sfMembersJson(*read, dictionary)), textOf(test.value("expect").toArray()));
    }

    // §3.1 to §3.3: at least so much is to be read.
    void sizes() {
        QList<QByteArray> many;
        for (int i = 0; i < 1024; ++i)
            many.append("k" + QByteArray::number(i) + "=(a b)");
        QCOMPARE(parseSfDictionary({many.join(',')}).value_or(QList<SfMember>()).size(), 1024);
        QCOMPARE(parseSfDictionary(many).value_or(QList<SfMember>()).size(), 1024);
        QByteArray inner = "(", params = "a";
        for (int i = 0; i < 256; ++i) {
            inner += "x ";
            params += ";p" + QByteArray::number(i);
        }
        const auto list = parseSfList({inner + ')', params});
        QVERIFY(list);
        QCOMPARE(list->at(0).innerList.size(), 256);
        QCOMPARE(list->at(1).params.size(), 256);
        QCOMPARE(parseSfDictionary({QByteArray(64, 'k') + "=1"})->at(0).key.size(), 64);
        QCOMPARE(parseSfList({'"' + QByteArray(1024, 's') + '"'})->at(0).item.text.size(), 1024);
        QCOMPARE(parseSfList({QByteArray(512, 't')})->at(0).item.text.size(), 512);
        QCOMPARE(parseSfList({':' + QByteArray(16384, 'b').toBase64() + ':'})->at(0).item.text,
                 QByteArray(16384, 'b'));
    }

    void everyCharacter() {
        const QByteArray lower = "abcdefghijklmnopqrstuvwxyz", digits = "0123456789";
        const QByteArray alpha = lower + lower.toUpper();
        const QByteArray tokenFirst = alpha + '*', keyFirst = lower + '*', keyRest = lower + digits + "_-.*";
        const QByteArray base64 = alpha + digits + "+/";
        const QByteArray tokenRest = alpha + digits + "!#$%&'*+-.^_`|~:/";
        for (int code = 0; code < 256; ++code) {
            const QByteArray c(1, char(code));
            const auto reads = [&](const QByteArray& text) {
                const auto list = parseSfList({text});
                return list && list->size() == 1;
            };
            const QByteArray what = "character " + QByteArray::number(code);
            const bool printable = code >= 0x20 && code < 0x7f;
            const char* why = what.constData();
            QVERIFY2(reads("\"a" + c + "b\"") == (printable && code != '"' && code != '\\'), why);
            QVERIFY2(reads("\"a\\" + c + "b\"") == (code == '"' || code == '\\'), why);
            // A semicolon begins a parameter, a comma another member.
            QVERIFY2(reads("a" + c + "b") == (tokenRest.contains(c) || code == ';'), why);
            QVERIFY2(reads(c + "!") == tokenFirst.contains(c), why);
            QVERIFY2(reads("x;" + c + "=1") == keyFirst.contains(c), why);
            const bool inKey = keyRest.contains(c);
            QVERIFY2(reads("x;a" + c + "b=1") == (inKey || code == ';'), why);
            QVERIFY2(reads("1" + c + "2") == (digits.contains(c) || code == '.'), why);
            QVERIFY2(reads("?" + c) == (code == '0' || code == '1'), why);
            QVERIFY2(reads("@1" + c + "2") == (digits.contains(c)), why); // a Decimal is no Date
            QVERIFY2(reads("%\"a" + c + "b\"") == (printable && code != '"' && code != '%'), why);
            const bool hex = QByteArray("0123456789abcdef").contains(c); // %0x to %7x are ASCII
            QVERIFY2(reads("%\"%4" + c + "\"") == hex, why);
            QVERIFY2(reads("%\"%" + c + "1\"") == (hex && code < '8'), why);
            QVERIFY2(reads(":aa" + c + "a:") == base64.contains(c), why);
        }
    }
};

QTEST_GUILESS_MAIN(TestStructuredFieldCases)
#include "test_structured_field_cases.moc"
