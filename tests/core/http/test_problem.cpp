// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/problem.h"

#include <QtTest>

using namespace kb;

namespace {
HeaderList ofType(const QByteArray& type) {
    return HeaderList{{{"Content-Type", type}}};
}
const QByteArray problemJson = "application/problem+json";
} // namespace

class TestProblem : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The first example of RFC 9457 §3.
    void s5_16_outOfCredit() {
        const auto problem = readProblem(ofType(problemJson),
                                         "{\n \"type\": \"https://example.com/probs/out-of-credit\",\n"
                                         " \"title\": \"You do not have enough credit.\",\n"
                                         " \"detail\": \"Your current balance is 30, but that costs 50.\",\n"
                                         " \"instance\": \"/account/12345/msgs/abc\",\n"
                                         " \"balance\": 30,\n"
                                         " \"accounts\": [\"/account/12345\", \"/account/67890\"]\n}");
        QVERIFY(problem.has_value());
        QCOMPARE(problem->type, "https://example.com/probs/out-of-credit");
        QCOMPARE(problem->title, "You do not have enough credit.");
        QCOMPARE(problem->detail, "Your current balance is 30, but that costs 50.");
        QCOMPARE(problem->instance, "/account/12345/msgs/abc");
        QCOMPARE(problem->status, 0);
        QCOMPARE(problem->extensions.size(), 2);
        QCOMPARE(problem->extensions[0].first, "balance");
        QCOMPARE(problem->extensions[0].second.numberText, "30");
        QCOMPARE(problem->extensions[1].second.items.size(), 2);
    }

    /// The second example of RFC 9457 §3: an extension holds a list of errors.
    void s5_16_validationError() {
        const auto problem = readProblem(
            ofType("Application/Problem+JSON; charset=utf-8"),
            "{\"type\":\"https://example.net/validation-error\",\"title\":\"Your request is not valid.\","
            "\"status\":422,\"errors\":[{\"detail\":\"must be a positive integer\",\"pointer\":\"#/age\"},"
            "{\"detail\":\"must be 'green', 'red' or 'blue'\",\"pointer\":\"#/profile/color\"}]}");
        QVERIFY(problem.has_value());
        QCOMPARE(problem->status, 422);
        QCOMPARE(problem->extensions.size(), 1);
        QCOMPARE(problem->extensions[0].second.items[1].text(u"pointer"), "#/profile/color");
    }

    /// Appendix B: the XML form.
    void s5_16_xmlForm() {
        const auto problem =
            readProblem(ofType("application/problem+xml"),
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<problem xmlns=\"urn:ietf:rfc:7807\">\n"
                        "<type>https://example.com/probs/out-of-credit</type>\n<title>You do not have enough "
                        "credit.</title>\n"
                        "<status>403</status>\n<detail>30 &lt; 50</detail>\n<balance>30</balance>\n"
                        "<accounts><i>https://example.net/1</i></accounts>\n</problem>");
        QVERIFY(problem.has_value());
        QCOMPARE(problem->title, "You do not have enough credit.");
        QCOMPARE(problem->status, 403);
        QCOMPARE(problem->detail, "30 < 50");
        QCOMPARE(problem->extensions.size(), 2);
        QVERIFY(!readProblem(ofType("application/problem+xml"), "<problem><type>x"));
        QVERIFY(!readProblem(ofType("application/problem+xml"), "<error/>"));
    }

    /// RFC 9457 §3.1.1: a relative type is meant from the URL of the answer.
    void s5_16_relativeTypes_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("absolute");
        QTest::newRow("from the root") << "/e"
                                       << "https://h/e";
        QTest::newRow("beside") << "e#why"
                                << "https://h/a/e#why";
        QTest::newRow("above") << "../e?x"
                               << "https://h/e?x";
        QTest::newRow("of another host") << "//other/e"
                                         << "https://other/e";
        QTest::newRow("absolute") << "https://H/a/../e#f"
                                  << "https://H/a/../e#f";
        QTest::newRow("a name") << "urn:e:1"
                                << "urn:e:1";
        QTest::newRow("a tag") << "tag:h,2026:e"
                               << "tag:h,2026:e";
        QTest::newRow("none") << ""
                              << "about:blank";
        QTest::newRow("no address") << "//["
                                    << "//[";
    }
    void s5_16_relativeTypes() {
        QFETCH(QString, type);
        const auto problem = readProblem(ofType(problemJson), "{\"type\":\"" + type.toUtf8() + "\"}");
        QTEST(problemType(*problem, HttpUrl::parse("https://h/a/b?q#f").value()), "absolute");
    }

    void s5_16_wrongTypesAreIgnored() {
        const auto problem = readProblem(
            ofType(problemJson),
            "{\"type\":5,\"title\":[\"x\"],\"status\":\"403\",\"detail\":null,\"instance\":{},\"x\":null}");
        QVERIFY(problem.has_value());
        QCOMPARE(problem->type, "about:blank");
        QCOMPARE(problem->title, "");
        QCOMPARE(problem->status, 0);
        QCOMPARE(problem->detail, "");
        QCOMPARE(problem->instance, "");
        QCOMPARE(problem->extensions.size(), 1);
    }

    void s5_16_status_data() {
        QTest::addColumn<QByteArray>("number");
        QTest::addColumn<int>("status");
        QTest::newRow("usual") << QByteArray("404") << 404;
        QTest::newRow("as a float") << QByteArray("404.0") << 404;
        QTest::newRow("fraction") << QByteArray("404.5") << 0;
        QTest::newRow("negative") << QByteArray("-404") << 0;
        QTest::newRow("too small") << QByteArray("42") << 0;
        QTest::newRow("huge") << QByteArray("1e400") << 0;
    }
    void s5_16_status() {
        QFETCH(QByteArray, number);
        QTEST(readProblem(ofType(problemJson), "{\"status\":" + number + "}")->status, "status");
    }

    void s5_16_emptyObjectIsAboutBlank() {
        const auto problem = readProblem(ofType(problemJson), "{}");
        QVERIFY(problem.has_value());
        QCOMPARE(problem->type, "about:blank");
    }

    void s5_16_plainJson_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("detail");
        QTest::newRow("same shape") << QByteArray("{\"type\":\"/e\",\"title\":\"No\",\"detail\":\"Not you\"}")
                                    << "No"
                                    << "Not you";
        QTest::newRow("title and status") << QByteArray("{\"title\":\"No\",\"status\":403}") << "No"
                                          << "";
        QTest::newRow("detail alone") << QByteArray("{\"detail\":\"Not authenticated\"}") << ""
                                      << "Not authenticated";
        QTest::newRow("OAuth") << QByteArray(
                                      "{\"error\":\"invalid_grant\",\"error_description\":\"Expired\"}")
                               << "invalid_grant"
                               << "Expired";
        QTest::newRow("OAuth code alone") << QByteArray("{\"error\":\"invalid_token\"}") << "invalid_token"
                                          << "";
        QTest::newRow("title wins over error")
            << QByteArray("{\"title\":\"No\",\"error\":\"x\",\"detail\":\"d\"}") << "No"
            << "d";
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf{\"detail\":\"x\"}") << ""
                                         << "x";
    }
    void s5_16_plainJson() {
        QFETCH(QByteArray, body);
        for (const char* type : {"application/json", "application/vnd.api+json", "text/plain"}) {
            const auto problem = readProblem(ofType(type), body);
            QVERIFY2(problem.has_value(), type);
            QTEST(problem->title, "title");
            QTEST(problem->detail, "detail");
        }
        QVERIFY(readProblem({}, body).has_value());
    }

    void s5_16_oauthMembersStayAsExtensions() {
        const auto problem = readProblem(ofType("application/json"),
                                         "{\"error\":\"invalid_scope\",\"error_uri\":\"https://e/\"}");
        QCOMPARE(problem->extensions.size(), 2);
        QCOMPARE(problem->extensions[1].first, "error_uri");
    }

    void s5_16_notAProblem_data() {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        const auto row = [](const char* name, const QByteArray& type, const QByteArray& body) {
            QTest::newRow(name) << type << body;
        };
        row("a book", "application/json", "{\"title\":\"Emma\",\"author\":\"Jane Austen\"}");
        row("a task", "application/json", "{\"title\":\"Wash up\",\"status\":\"open\"}");
        row("a thing with a small status", "application/json", "{\"title\":\"Wash up\",\"status\":1}");
        row("error is an object", "application/json", "{\"error\":{\"code\":1}}");
        row("a list", "application/json", "[{\"detail\":\"x\"}]");
        row("broken", "application/problem+json", "{\"title\":");
        row("a string", "application/problem+json", "\"no\"");
        row("empty", "application/problem+json", "");
        row("html", "text/html", "<html><title>No</title></html>");
        row("text", "text/plain", "Forbidden");
    }
    void s5_16_notAProblem() {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QVERIFY(!readProblem(ofType(type), body));
    }
};

QTEST_GUILESS_MAIN(TestProblem)
#include "test_problem.moc"
