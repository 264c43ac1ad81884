// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/body_view.h"

#include <QtTest>

using namespace kb;

namespace {
QByteArray withoutSpace(QByteArray text) {
    text.removeIf([](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; });
    return text;
}
} // namespace

class TestPrettyMarkup : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void layout_data() {
        QTest::addColumn<bool>("html");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("pretty");
        const auto xml = [](const char* name, const QByteArray& text, const QByteArray& pretty) {
            QTest::newRow(name) << false << text << pretty;
        };
        const auto html = [](const char* name, const QByteArray& text, const QByteArray& pretty) {
            QTest::newRow(name) << true << text << pretty;
        };
        xml("empty", "", "");
        xml("one element", "<a/>", "<a/>");
        xml("text only", "<a>x y</a>", "<a>x y</a>");
        xml("nested", "<a><b>1</b><c><d/></c></a>", "<a>\n  <b>1</b>\n  <c>\n    <d/>\n  </c>\n</a>");
        xml("declaration", "<?xml version=\"1.0\"?><a><b/></a>",
            "<?xml version=\"1.0\"?>\n<a>\n  <b/>\n</a>");
        xml("old indentation goes", "<a>\n\t\t<b>1</b>\n\n <c/></a>\n", "<a>\n  <b>1</b>\n  <c/>\n</a>");
        xml("space inside is data", "<a><b>  </b><c> x </c></a>", "<a>\n  <b>  </b>\n  <c> x </c>\n</a>");
        xml("mixed text stays whole", "<a><p>one <b>two</b> three</p></a>",
            "<a>\n  <p>one <b>two</b> three</p>\n</a>");
        xml("comment", "<a><!-- <b> --><c/></a>", "<a>\n  <!-- <b> -->\n  <c/>\n</a>");
        xml("comment alone", "<a><!-- x --></a>", "<a>\n  <!-- x -->\n</a>");
        xml("CDATA is text", "<a><b><![CDATA[ <x> ]]></b></a>", "<a>\n  <b><![CDATA[ <x> ]]></b>\n</a>");
        xml("empty element", "<a><b></b></a>", "<a>\n  <b></b>\n</a>");
        xml("bracket in attribute", "<a x=\"1>2\"><b y='>'/></a>", "<a x=\"1>2\">\n  <b y='>'/>\n</a>");
        xml("doctype with subset", "<!DOCTYPE a [<!ENTITY e \"v\">]><a><b/></a>",
            "<!DOCTYPE a [<!ENTITY e \"v\">]>\n<a>\n  <b/>\n</a>");
        xml("space preserve", "<a><b xml:space=\"preserve\"> <c/> </b></a>",
            "<a>\n  <b xml:space=\"preserve\"> <c/> </b>\n</a>");
        xml("names differ in case", "<a><B>1</B><b>2</b></a>", "<a>\n  <B>1</B>\n  <b>2</b>\n</a>");
        xml("prefixes", "<s:E><s:B><m:x>1</m:x></s:B></s:E>",
            "<s:E>\n  <s:B>\n    <m:x>1</m:x>\n  </s:B>\n</s:E>");
        xml("stray closing tag", "<a><b/></c></a>", "<a>\n  <b/>\n  </c>\n</a>");
        xml("closed twice", "<a><b></b></b><c/></a>", "<a>\n  <b></b>\n  </b>\n  <c/>\n</a>");
        xml("never closed", "<a><b><c/>", "<a>\n<b>\n<c/>");
        xml("cut in a tag", "<a><b/><c x=\"1", "<a>\n<b/><c x=\"1");
        xml("cut in a comment", "<a><b/> <!-- x", "<a>\n<b/> <!-- x");
        xml("no markup", "just text", "just text");
        xml("a less-than in text", "<a>1 < 2</a>", "<a>1 < 2</a>");

        html("page",
             "<!doctype html><html><head><title>T</title><meta "
             "charset=utf-8></head><body><p>Hi</p></body></html>",
             "<!doctype html>\n<html>\n  <head>\n    <title>T</title>\n    <meta charset=utf-8>\n  </head>\n "
             " <body>\n    <p>Hi</p>\n  </body>\n</html>");
        html("void elements", "<div><br><img src=x><hr/></div>",
             "<div>\n  <br>\n  <img src=x>\n  <hr/>\n</div>");
        html("inline stays in its line", "<div><p>one <b>two</b><i>three</i></p></div>",
             "<div>\n  <p>one <b>two</b><i>three</i></p>\n</div>");
        html("text beside a block", "<div>one <p>two</p> three</div>",
             "<div>\n  one\n  <p>two</p>\n  three\n</div>");
        html("pre", "<div><pre> a\n  <b>b</b>\n</pre></div>", "<div>\n  <pre> a\n  <b>b</b>\n</pre>\n</div>");
        html("script", "<head><script>if (a<b) { x(\"</p>\"); }</script></head>",
             "<head>\n  <script>if (a<b) { x(\"</p>\"); }</script>\n</head>");
        html("style in capitals", "<HEAD><STYLE> p>b { } </style></HEAD>",
             "<HEAD>\n  <STYLE> p>b { } </style>\n</HEAD>");
        html("script without end", "<div><p>x</p><script>if (a<b) {", "<div>\n<p>x</p>\n<script>if (a<b) {");
        html("unclosed list items", "<ul><li>one<li>two</ul>", "<ul>\n  <li>\n  one\n  <li>\n  two\n</ul>");
        html("attribute without quotes", "<div><a href=/x>y</a></div>", "<div>\n  <a href=/x>y</a>\n</div>");
        html("apostrophe in attribute-less tag", "<div><p>don't</p><p>x</p></div>",
             "<div>\n  <p>don't</p>\n  <p>x</p>\n</div>");
    }
    void layout() {
        QFETCH(bool, html);
        QFETCH(QByteArray, text);
        QTEST(prettyMarkup(text, html), "pretty");
    }

    /// Nothing but white space may change, wherever the text is cut.
    void cutAnywhere() {
        const QByteArray whole = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY x 'y'>]><r a=\"b>c\"><p>t "
                                 "<b>u</b></p><!-- c --><q><![CDATA[<z>]]></q><s/></r> tail";
        for (const bool html : {false, true})
            for (qsizetype i = 0; i <= whole.size(); ++i)
                QCOMPARE(withoutSpace(prettyMarkup(whole.left(i), html)), withoutSpace(whole.left(i)));
    }

    void deepAndWideStaysLinear() {
        constexpr qsizetype count = 200'000;
        const QByteArray open = QByteArray("<a>").repeated(count);
        const QByteArray closed = open + QByteArray("</a>").repeated(count);
        const QByteArray stray = open + QByteArray("</b>").repeated(count); // closes nothing
        const QByteArray crossed =
            QByteArray("<a><b>").repeated(count / 2) + QByteArray("</a>").repeated(count / 2);
        for (const QByteArray& text : {open, closed, stray, crossed}) {
            const QByteArray pretty = prettyMarkup(text, false);
            QVERIFY(withoutSpace(pretty) == text);
            QVERIFY(pretty.size() < 20 * text.size() + 100'000);
        }
        const QByteArray quotes = QByteArray("<a x=\"").repeated(count);
        QVERIFY(prettyMarkup(quotes, true) == quotes);
        const QByteArray scripts = QByteArray("<script></scrip").repeated(count);
        QVERIFY(withoutSpace(prettyMarkup(scripts, true)) == scripts);
    }
};

QTEST_GUILESS_MAIN(TestPrettyMarkup)
#include "test_pretty_markup.moc"
