// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/redactor.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace kb;

namespace {

const QByteArray dots = QString(8, QChar(0x2022)).toUtf8();

/// "@" stands for the mask in the expected texts.
QByteArray expectedOf(QByteArray text) {
    return text.replace('@', dots);
}

} // namespace

class TestRedactorShapes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namedValues_data();
    void namedValues() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, masked);
        bool echoed = true;
        QCOMPARE(Redactor().body({}, text, &echoed), masked);
        QVERIFY(!echoed);
        QCOMPARE(Redactor().body({}, masked), masked);
    }

    void formBodyWithCredentialNames() {
        Redactor redactor;
        redactor.addCredentialQuery("k");
        HeaderList headers;
        headers.append("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        QCOMPARE(redactor.body(headers, "a=1&k=x&pass%77ord=y"), expectedOf("a=1&k=@&pass%77ord=@"));
    }

    void shapes_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("masked");
        const auto row = [](const char* name, const QByteArray& text, const QByteArray& masked) {
            QTest::newRow(name) << text << expectedOf(masked);
        };
        const QByteArray head = "eyJhbGciOiJIUzI1NiJ9", claims = "eyJzdWIiOiJ1MSJ9";
        row("JWT", "\"" + head + "." + claims + ".c2lnbmF0dXJl\"", "\"" + head + "." + claims + ".@\"");
        row("JWT at the end", "t: " + head + "." + claims + ".c2ln", "t: " + head + "." + claims + ".@");
        row("JWT before a full stop", head + "." + claims + ".c2ln. Next", head + "." + claims + ".@. Next");
        row("two JWTs", head + "." + claims + ".aa " + head + "." + claims + ".bb",
            head + "." + claims + ".@ " + head + "." + claims + ".@");
        row("unsecured", head + "." + claims + ".", head + "." + claims + ".");
        row("JWE", head + ".a.b.c.d", head + ".@");
        row("JWE without key", head + "..b.c.d", head + ".@");
        row("not a JWT", "eyJhbGciOiJIUzI1NiJ9 and eye.on.you", "eyJhbGciOiJIUzI1NiJ9 and eye.on.you");
        row("GitHub", "x=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;", "x=ghp_@;");
        row("Stripe", "key sk_live_4eC39HqLyjWDarjtT1zdp7dc.", "key sk_live_@.");
        row("publishable stays", "pk_live_4eC39HqLyjWDarjtT1zdp7dc", "pk_live_4eC39HqLyjWDarjtT1zdp7dc");
        row("GitLab in a URL", "https://oauth2:glpat-aaaaaaaaaaaaaaaaaaaa@host",
            "https://oauth2:glpat-\x01host");
        row("Vault", "hvs.aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "hvs.@");
        row("prefix inside a word", "x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",
            "x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");
        row("too short", "ghp_abc and sk-proj-x and hf_y", "ghp_abc and sk-proj-x and hf_y");
        row("plain words", "The quick brown fox jumps over it, again and again.",
            "The quick brown fox jumps over it, again and again.");
    }
    void shapes() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, masked);
        masked.replace("\x01", QByteArray(dots + "@"));
        QCOMPARE(Redactor().text(text), masked);
    }

    void findsInEveryPlaceOfLongText() {
        // Each offset, so that no step of the search passes one over.
        const QByteArray secret = "kq8ZrT3vXw9LmN2p";
        Redactor redactor;
        redactor.addSecret(Secret({secret.constData(), std::size_t(secret.size())}));
        for (int before = 0; before < 300; ++before) {
            const QByteArray front = QByteArray("kq8ZrT3vXw9LmN2").repeated(30).left(before);
            QByteArray masked = redactor.text(front + secret + "tail");
            QVERIFY(!masked.contains(secret));
            QVERIFY(masked.endsWith(QByteArray(dots + "tail")));
        }
    }

    void randomTextAgainstPlainSearch() {
        // Few letters make many near hits; QByteArray's own replace is the measure.
        quint32 state = 12345;
        const auto next = [&state](quint32 limit) {
            state = state * 1664525u + 1013904223u;
            return (state >> 16) % limit;
        };
        for (int round = 0; round < 300; ++round) {
            QByteArray secret, body;
            for (int i = 0; i < 8; ++i)
                secret.append(char('#' + next(2)));
            for (int i = 0; i < 2000; ++i)
                body.append(char('#' + next(2)));
            Redactor redactor;
            redactor.addSecret(Secret({secret.constData(), std::size_t(secret.size())}));
            QByteArray expected(body);
            QByteArray marks(body.size(), '\0');
            for (qsizetype at = body.indexOf(secret); at >= 0; at = body.indexOf(secret, at + 1)) {
                for (qsizetype i = 0; i < secret.size(); ++i)
                    marks[at + i] = '\1';
            }
            expected.clear();
            for (qsizetype i = 0; i < body.size(); ++i) {
                if (!marks.at(i))
                    expected.append(body.at(i));
                else if (i == 0 || !marks.at(i - 1))
                    expected.append(dots);
            }
            QCOMPARE(redactor.text(body), expected);
        }
    }

    void fiftyMegabytes() {
        // Not a stopwatch: a search that is not linear would not end within the test's own time-out.
        QByteArray body;
        body.reserve(50 * 1024 * 1024 + 200);
        const QByteArray line =
            R"({"id":12345,"name":"Someone Else","mail":"someone@example.com","note":"eyes on you"},)";
        while (body.size() < 50 * 1024 * 1024)
            body.append(line);
        Redactor redactor;
        redactor.addSecret(Secret("kq8ZrT3vXw9LmN2p-with-more-to-it"));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(redactor.text(body).isSharedWith(body));
        qInfo("50 MB without a hit: %lld ms", static_cast<long long>(timer.restart()));
        body.append("kq8ZrT3vXw9LmN2p-with-more-to-it");
        bool echoed = false;
        QVERIFY(redactor.text(body, &echoed).endsWith(QByteArray("}," + dots)));
        QVERIFY(echoed);
        qInfo("50 MB with one: %lld ms", static_cast<long long>(timer.restart()));
        QByteArray zeros(8 * 1024 * 1024, '0');
        redactor.addSecret(Secret("00000000"));
        QCOMPARE(redactor.text(zeros), dots);
        QByteArray hostile = QByteArray("\"password\":\"").repeated(200000);
        QVERIFY(redactor.text(hostile).size() < hostile.size() * 3);
        QByteArray words = QByteArray("eyJeyJeyJey.").repeated(400000);
        QVERIFY(!redactor.text(words).isEmpty());
    }
};

// Outside the class, because moc 6.4 loses its way in raw strings with quotes inside.
void TestRedactorShapes::namedValues_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("masked");
    const auto row = [](const char* name, const char* text, const char* masked) {
        QTest::newRow(name) << QByteArray(text) << expectedOf(masked);
    };
    row("JSON", R"({"access_token":"abc","expires_in":60})", R"({"access_token":"@","expires_in":60})");
    row("all names", R"({"refresh_token": "a", "id_token" :"b","client_secret":"c" ,"password":"d"})",
        R"({"refresh_token": "@", "id_token" :"@","client_secret":"@" ,"password":"@"})");
    row("indented", "{\n  \"password\" :\n    \"x\"\n}", "{\n  \"password\" :\n    \"@\"\n}");
    row("escaped quote", R"({"password":"a\"b\\","x":1})", R"({"password":"@","x":1})");
    row("number", R"({"password":12345,"x":1})", R"({"password":@,"x":1})");
    row("null stays", R"({"password":null,"id_token":true})", R"({"password":null,"id_token":true})");
    row("empty stays", R"({"password":""})", R"({"password":""})");
    row("object stays", R"({"password":{"type":"string"}})", R"({"password":{"type":"string"}})");
    row("longer name", R"({"user_password":"x","oauth.access_token":"y"})",
        R"({"user_password":"@","oauth.access_token":"y"})");
    row("other name", R"({"access_token_hint":"x","password_policy":"y"})",
        R"({"access_token_hint":"x","password_policy":"y"})");
    row("in a sentence", R"({"detail":"password is wrong"})", R"({"detail":"password is wrong"})");
    row("camel case", R"({"accessToken":"x","clientSecret":"y"})",
        R"({"accessToken":"@","clientSecret":"@"})");
    row("JSON in JSON", R"({"data":"{\"access_token\":\"abc\",\"n\":1}"})",
        R"({"data":"{\"access_token\":\"@\",\"n\":1}"})");
    row("cut off", "{\"access_token\":\"abc", "{\"access_token\":\"@");
    row("no closing brace", "{\"access_token\":\"abc\", \"x\": ", "{\"access_token\":\"@\", \"x\": ");
    row("unquoted", R"({"password": abc, "x": 1})", R"({"password": @, "x": 1})");
    row("single quotes", "{'password': 'abc'}", "{'password': '@'}");
    row("form", "grant_type=password&password=a%20b&client_secret=c",
        "grant_type=password&password=@&client_secret=@");
    row("query in text", "GET /x?access_token=abc&y=1 HTTP/1.1", "GET /x?access_token=@&y=1 HTTP/1.1");
    row("fragment", "https://h/cb#access_token=abc&state=1", "https://h/cb#access_token=@&state=1");
    row("link in quotes", R"(<a href="/x?id_token=abc">)", R"(<a href="/x?id_token=@">)");
    row("empty form value", "password=&x=1", "password=&x=1");
    row("multipart", "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nabc\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n@\r\n--b--");
    row("private key", "x\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\ny",
        "x\n-----BEGIN RSA PRIVATE KEY-----@-----END RSA PRIVATE KEY-----\ny");
}

QTEST_GUILESS_MAIN(TestRedactorShapes)
#include "test_redactor_shapes.moc"
