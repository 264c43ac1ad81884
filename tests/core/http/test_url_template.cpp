// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/url_template.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace kb;

Q_DECLARE_METATYPE(kb::UrlParts)

namespace {
QStringList names(const QList<PathParameter>& list, const QString& url) {
    QStringList out;
    for (const PathParameter& each : list)
        out += each.name + "@" + url.mid(each.start, each.length);
    return out;
}
} // namespace

class TestUrlTemplate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void split_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<UrlParts>("parts");
        const auto row = [](const QString& text, const UrlParts& parts) {
            QTest::newRow(text.isEmpty() ? "empty" : qPrintable(text)) << text << parts;
        };
        row("", {});
        row("http://h/a", {"http://h/a", {}, false, ""});
        row("http://h/a?", {"http://h/a", {}, true, ""});
        row("http://h/a?#", {"http://h/a", {}, true, "#"});
        row("http://h/a#f?g", {"http://h/a", {}, false, "#f?g"});
        row("h?a=1&b&c=", {"h", {{"a", "1", true}, {"b", "", false}, {"c", "", true}}, true, ""});
        row("h?a=1=2&=x", {"h", {{"a", "1=2", true}, {"", "x", true}}, true, ""});
        row("h?&&", {"h", {{"", "", false}, {"", "", false}, {"", "", false}}, true, ""});
        row("h?a?b=c?d#e&f", {"h", {{"a?b", "c?d", true}}, true, "#e&f"});
        row("h?%20=+", {"h", {{"%20", "+", true}}, true, ""});
        row("{{base?#}}/x?{{a&b=c}}={{d&e}}#{{f}}",
            {"{{base?#}}/x", {{"{{a&b=c}}", "{{d&e}}", true}}, true, "#{{f}}"});
    }
    void split() {
        QFETCH(QString, text);
        QFETCH(UrlParts, parts);
        QVERIFY(splitUrl(text) == parts);
        QCOMPARE(joinUrl(parts), text);
    }

    void roundTripOfAnything() {
        QRandomGenerator random(20240601);
        const QString alphabet = "ab/?&=#{}%:: ";
        for (int i = 0; i < 20'000; ++i) {
            QString text;
            for (int n = random.bounded(16); n > 0; --n)
                text += alphabet[random.bounded(int(alphabet.size()))];
            QCOMPARE(joinUrl(splitUrl(text)), text);
            QCOMPARE(fillPathParameters(text, {}, nullptr), text);
            for (const PathParameter& each : pathParameters(text))
                QVERIFY(each.start > 0 && each.length >= 2);
        }
    }

    void joinOfEditedParts() {
        UrlParts parts = splitUrl("http://h/a#f");
        parts.query.append({"x", "1", true});
        QCOMPARE(joinUrl(parts), "http://h/a?x=1#f");
        parts.query[0] = {"x", "1", false}; // a value typed into a field that had none
        QCOMPARE(joinUrl(parts), "http://h/a?x=1#f");
        parts.query.clear();
        QCOMPARE(joinUrl(parts), "http://h/a#f");
    }

    void pathParametersFound_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QStringList>("found");
        const auto row = [](const QString& url, const QStringList& found) {
            QTest::newRow(url.isEmpty() ? "empty" : qPrintable(url)) << url << found;
        };
        row("", {});
        row("http://h:8080", {});
        row("http://h:8080/users/:id", {"id@:id"});
        row("http://h/users/:id/orders/:order_id", {"id@:id", "order_id@:order_id"});
        row("http://h/users/{id}", {"id@{id}"});
        row("http://h/users/{id}.json", {"id@{id}"});
        row("http://h/a{x}b{y}c", {"x@{x}", "y@{y}"});
        row("http://h/{a}{b}", {"a@{a}", "b@{b}"});
        row("http://h/:a/{b}/:c?d=:e&f={g}#{h}", {"a@:a", "b@{b}", "c@:c"});
        row("{{baseUrl}}/users/:id", {"id@:id"});
        row("{{baseUrl}}/users/{{user}}/{id}", {"id@{id}"});
        row("{{scheme}}://{{host}}:{{port}}/x/:id", {"id@:id"});
        row("{{host}}:8080/x/:id", {"id@:id"});
        row("localhost:8080/x/:id", {"id@:id"});
        row("http://{host}/x", {});
        row("http://:host/x", {});
        row("http://u:p@h/:x", {"x@:x"});
        row("/users/:id", {"id@:id"});
        row("http://h/{{id}}", {});
        row("http://h/{{ id }}/:{{x}}", {});
        row("http://h/:{{x}}y", {});
        row("http://h/a:b", {});
        row("http://h/v1/things/{name}:cancel", {"name@{name}"});
        row("http://h/:", {});
        row("http://h/:/x", {});
        row("http://h/:a:b", {});
        row("http://h/:a+b", {});
        row("http://h/{}", {});
        row("http://h/{a b}/{a/b}", {});
        row("http://h/{+path}", {});
        row("http://h/{open", {});
        row("http://h/{{{id}}}", {});
        row("http://h//:id/", {"id@:id"});
        row("http://h?x=/:id", {});
        row(QString::fromUtf8("http://h/:gr\xc3\xb6\xc3\x9f"
                              "e"),
            {QString::fromUtf8("gr\xc3\xb6\xc3\x9f"
                               "e@:gr\xc3\xb6\xc3\x9f"
                               "e")});
    }
    void pathParametersFound() {
        QFETCH(QString, url);
        QTEST(names(pathParameters(url), url), "found");
    }

    void fill() {
        QStringList missing;
        QCOMPARE(fillPathParameters("http://h:80/:id/{name}.json?q={name}",
                                    {{"id", "7"}, {"name", "a b/c?d#e%f"}}, &missing),
                 "http://h:80/7/a%20b%2Fc%3Fd%23e%25f.json?q={name}");
        QVERIFY(missing.isEmpty());
    }
    void fillTellsWhatIsMissing() {
        QStringList missing;
        QCOMPARE(fillPathParameters("/:a/:b/{c}/:a/{b}", {{"b", "2"}}, &missing), "/:a/2/{c}/:a/2");
        QCOMPARE(missing, (QStringList{"a", "c"}));
        QCOMPARE(fillPathParameters("/:a", {}, nullptr), "/:a");
    }
    void fillDoesNotFillItsOwnValues() {
        QStringList missing;
        QCOMPARE(fillPathParameters("/:a/:b", {{"a", ":b"}, {"b", "{a}"}}, &missing), "/:b/{a}");
        QVERIFY(missing.isEmpty());
    }
    void fillKeepsVariablesAndEmptyValues() {
        QCOMPARE(fillPathParameters("/:a/{{x}}/:b", {{"a", "{{y}}"}, {"b", ""}}, nullptr), "/{{y}}/{{x}}/");
        QCOMPARE(fillPathParameters("/:a", {{"a", QString::fromUtf8("\xc3\xbc&=+;")}}, nullptr),
                 QString::fromUtf8("/\xc3\xbc&=+;"));
    }

    void variables_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("found");
        const auto row = [](const QString& text, const QStringList& found) {
            QTest::newRow(text.isEmpty() ? "empty" : qPrintable(text)) << text << found;
        };
        row("", {});
        row("plain {x} text", {});
        row("{{a}}", {"a@{{a}}"});
        row("{{ a }}", {"a@{{ a }}"});
        row("x{{a}}{{b-c.d_e}}y", {"a@{{a}}", "b-c.d_e@{{b-c.d_e}}"});
        row("{{my name}}", {"my name@{{my name}}"});
        row("{{}}{{  }}", {});
        row("{{a", {});
        row("a}}", {});
        row("{{a}", {});
        row("{{a}b}}", {});
        row("{{{a}}}", {"a@{{a}}"});
        row("{{{{a}}}}", {"a@{{a}}"});
        row("{{a{{b}}", {"b@{{b}}"});
        row("{\"o\":{\"v\":{{n}}}}", {"n@{{n}}"});
        row("{\"o\":{\"v\":\"{{s}}\"}}", {"s@{{s}}"});
        row("{{\"a\":1}}", {});
        row("{{a\nb}}", {});
        row("{ {a} }", {});
        row("{{a{b}}", {});
    }
    void variables() {
        QFETCH(QString, text);
        QStringList found;
        for (const VariableUse& use : variableUses(text))
            found += use.name + "@" + text.mid(use.start, use.length);
        QTEST(found, "found");
    }
};

QTEST_GUILESS_MAIN(TestUrlTemplate)
#include "test_url_template.moc"
