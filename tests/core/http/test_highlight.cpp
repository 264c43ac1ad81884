// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/body_view.h"

#include <QtTest>

using namespace kb;

Q_DECLARE_METATYPE(kb::BodyKind)

namespace {
/// "kind:text" of each span.
QByteArray shown(const QByteArray& line, BodyKind kind) {
    static constexpr const char* letters[] = {"key", "str", "num", "lit", "pun", "tag", "att", "com"};
    QByteArrayList parts;
    for (const Span& span : highlightLine(line, kind))
        parts += letters[int(span.kind)] + (':' + line.mid(span.start, span.length));
    return parts.join(' ');
}
} // namespace

class TestHighlight : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lines_data() {
        QTest::addColumn<BodyKind>("kind");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("spans");
        const auto json = [](const QByteArray& line, const QByteArray& spans) {
            QTest::newRow(line.isEmpty() ? "no text" : line.constData()) << BodyKind::Json << line << spans;
        };
        const auto xml = [](const QByteArray& line, const QByteArray& spans) {
            QTest::newRow(line.constData()) << BodyKind::Xml << line << spans;
        };
        json("", "");
        json("  \"name\": \"Ann\",", "key:\"name\" pun:: str:\"Ann\" pun:,");
        json("  \"n\" : -1.5e+3", "key:\"n\" pun:: num:-1.5e+3");
        json("  true, false, null", "lit:true pun:, lit:false pun:, lit:null");
        json("  },", "pun:} pun:,");
        json("\"a\\\"b\": \"c\\\\\"", "key:\"a\\\"b\" pun:: str:\"c\\\\\"");
        json("\"open", "str:\"open");
        json("\"open\\", "str:\"open\\");
        json("\"a\": \"b: c\"", "key:\"a\" pun:: str:\"b: c\"");
        json("oops nullx", "");
        json("\"gr\xc3\xbcn\"", "str:\"gr\xc3\xbcn\"");
        xml("<a href=\"x\" b='y'>text</a>",
            "tag:<a att:href pun:= str:\"x\" att:b pun:= str:'y' tag:> tag:</a tag:>");
        xml("<br/>", "tag:<br tag:/ tag:>");
        xml("<?xml version=\"1.0\"?>", "tag:<?xml att:version pun:= str:\"1.0\" tag:? tag:>");
        xml("a <!-- b --> c", "com:<!-- b -->");
        xml("<!-- open", "com:<!-- open");
        xml("<![CDATA[<a>]]><b>", "str:<![CDATA[<a>]]> tag:<b tag:>");
        xml("1 < 2", "");
        xml("<a x=y checked>", "tag:<a att:x pun:= str:y att:checked tag:>");
        xml("<a x=\"open", "tag:<a att:x pun:= str:\"open");
        xml("<", "");
        QTest::newRow("html") << BodyKind::Html << QByteArray("<p>") << QByteArray("tag:<p tag:>");
        QTest::newRow("text") << BodyKind::Text << QByteArray("{\"a\": 1}") << QByteArray("");
        QTest::newRow("bytes") << BodyKind::Binary << QByteArray("<p>") << QByteArray("");
    }
    void lines() {
        QFETCH(BodyKind, kind);
        QFETCH(QByteArray, line);
        QTEST(shown(line, kind), "spans");
    }

    /// Spans never overlap, never leave the line and come in order, whatever the line holds.
    void spansAreInOrder() {
        const QByteArray whole =
            "{\"a\\\"\": -1e5, <a b=\"c\" d='e'>true</a> <!-- x --> <![CDATA[ ]]> ?> / = \xff \"";
        for (const BodyKind kind : {BodyKind::Json, BodyKind::Xml, BodyKind::Html})
            for (qsizetype from = 0; from < whole.size(); ++from) {
                const QByteArray line = whole.mid(from);
                qsizetype end = 0;
                for (const Span& span : highlightLine(line, kind)) {
                    QVERIFY(span.start >= end);
                    QVERIFY(span.length > 0);
                    end = span.start + span.length;
                    QVERIFY(end <= line.size());
                }
            }
    }
};

QTEST_GUILESS_MAIN(TestHighlight)
#include "test_highlight.moc"
