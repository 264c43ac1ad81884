// SPDX-License-Identifier: GPL-3.0-or-later
// curl command lines: the quoting of three shells, and what each option means for the request.
#include "core/interchange/import.h"
#include "core/interchange/shell_words.h"

#include <QTest>

using namespace kb;

namespace {

QString s(const char* text) {
    return QString::fromUtf8(text);
}

QList<RequestSpec> requests(const QByteArray& line, std::vector<ImportedProfile>* profiles = nullptr,
                            QStringList* notes = nullptr) {
    Result<Imported> made = importFiles({{s("line"), line}}, s("curl"));
    if (!made) qFatal("%s", qPrintable(made.error().text()));
    QList<RequestSpec> all;
    for (const TreeItem& item : std::as_const(made->items))
        all.append(item.request);
    if (profiles) *profiles = std::move(made->profiles);
    if (notes) *notes = made->notes;
    return all;
}

QString secretOf(const ImportedProfile& profile) {
    const std::string_view bytes = profile.secrets.front().second.secret.reveal();
    return QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
}

} // namespace

class TestCurl : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void words_data() {
        QTest::addColumn<int>("shell");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("words");
        const int posix = int(ShellKind::Posix), cmd = int(ShellKind::Cmd),
                  power = int(ShellKind::PowerShell);
        QTest::newRow("plain") << posix << s("a  b\tc") << QStringList{s("a"), s("b"), s("c")};
        QTest::newRow("single") << posix << s("'a \"b\" \\n' c") << QStringList{s("a \"b\" \\n"), s("c")};
        QTest::newRow("double") << posix << s("\"a \\\"b\\\" \\$x \\n\"") << QStringList{s("a \"b\" $x \\n")};
        QTest::newRow("joined") << posix << s("a'b'\"c\"d") << QStringList{s("abcd")};
        QTest::newRow("escaped quote") << posix << s("'it'\\''s'") << QStringList{s("it's")};
        QTest::newRow("ansi") << posix << s("$'a\\n\\u00e9\\x41\\'\\\\'") << QStringList{s("a\n\u00e9A'\\")};
        QTest::newRow("continued") << posix << s("a \\\n  b") << QStringList{s("a"), s("b")};
        QTest::newRow("empty word") << posix << s("a '' b") << QStringList{s("a"), QString(), s("b")};
        QTest::newRow("comment") << posix << s("a b # c") << QStringList{s("a"), s("b")};
        QTest::newRow("pipe") << posix << s("a b | jq .x") << QStringList{s("a"), s("b")};
        QTest::newRow("open quote") << posix << s("a 'b c") << QStringList{s("a"), s("b c")};
        QTest::newRow("cmd") << cmd << s("a \"b \\\"c\\\"\" d") << QStringList{s("a"), s("b \"c\""), s("d")};
        QTest::newRow("cmd doubled") << cmd << s("\"a \"\"b\"\"\"") << QStringList{s("a \"b\"")};
        QTest::newRow("cmd continued") << cmd << s("a ^\n  b") << QStringList{s("a"), s("b")};
        QTest::newRow("cmd caret") << cmd << s("a^&b") << QStringList{s("a&b")};
        QTest::newRow("cmd of a browser")
            << cmd << s("-H ^\"x: ^\\^\"y^\\^\"^\"") << QStringList{s("-H"), s("x: \"y\"")};
        QTest::newRow("powershell") << power << s("'it''s' \"a `\"b`\" `n\"")
                                    << QStringList{s("it's"), s("a \"b\" \n")};
        QTest::newRow("powershell continued") << power << s("a `\n b") << QStringList{s("a"), s("b")};
    }
    void words() {
        QFETCH(int, shell);
        QFETCH(QString, text);
        QFETCH(QStringList, words);
        const QList<QStringList> commands = shellCommands(text, ShellKind(shell));
        QCOMPARE(commands.value(0), words);
    }

    void shells() {
        QCOMPARE(guessShell(s("curl 'x' \\\n -H 'a: b'")), ShellKind::Posix);
        QCOMPARE(guessShell(s("curl \"x\" ^\r\n -H \"a: b\"")), ShellKind::Cmd);
        QCOMPARE(guessShell(s("curl.exe 'x' `\n -H 'a: b'")), ShellKind::PowerShell);
    }

    void aRequest_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("expected"); // METHOD url | headers | body kind: text
        const auto row = [](const char* name, const char* line, const char* expected) {
            QTest::newRow(name) << QByteArray(line) << s(expected);
        };
        row("address", "curl https://h.example/a?b=c#d", "GET https://h.example/a?b=c | | ");
        row("no scheme", "curl h.example/a", "GET http://h.example/a | | ");
        row("-X", "curl -XDELETE https://h/a", "DELETE https://h/a | | ");
        row("--request=", "curl --request=PATCH --url https://h/a", "PATCH https://h/a | | ");
        row("-H", "curl -H 'A: b' -H'C: d' https://h/", "GET https://h/ | A=b, C=d | ");
        row("-d", "curl -d a=1 -d b=2 https://h/",
            "POST https://h/ | | text application/x-www-form-urlencoded: a=1&b=2");
        row("--data-raw with @", "curl --data-raw @x https://h/",
            "POST https://h/ | | text application/x-www-form-urlencoded: @x");
        row("--data-urlencode", "curl --data-urlencode 'q=a b&c' --data-urlencode 'é' https://h/",
            "POST https://h/ | | text application/x-www-form-urlencoded: q=a+b%26c&%C3%A9");
        row("-d with a type", "curl -H 'Content-Type: application/json' -d '{\"a\":1}' https://h/",
            "POST https://h/ | | json : {\"a\":1}");
        row("-d with another type", "curl -H 'Content-Type: text/csv' -d 'a,b' https://h/",
            "POST https://h/ | | text text/csv: a,b");
        row("--json", "curl --json '{\"a\":1}' https://h/",
            "POST https://h/ | Accept=application/json | json : {\"a\":1}");
        row("--json and an own Accept", "curl --json 1 -H 'Accept: text/html' https://h/",
            "POST https://h/ | Accept=text/html | json : 1");
        row("--json @", "curl --json @data.json https://h/",
            "POST https://h/ | Accept=application/json | file data.json application/json");
        row("--data-urlencode @", "curl --data-urlencode n@f --data-urlencode m=1 https://h/",
            "POST https://h/ | | text application/x-www-form-urlencoded: m=1");
        row("--data-urlencode @ alone", "curl --data-urlencode n@f https://h/", "POST https://h/ | | ");
        row("--url-query", "curl --url-query 'a=b c' --url-query '+d=%20' https://h/",
            "GET https://h/?a=b+c&d=%20 | | ");
        row("-G", "curl -G -d a=1 --data-urlencode 'b=c d' https://h/x?y=z",
            "GET https://h/x?y=z&a=1&b=c+d | | ");
        row("-G @", "curl -G -d @q.txt -d a=1 https://h/x", "GET https://h/x?a=1 | | ");
        row("-I", "curl -I https://h/", "HEAD https://h/ | | ");
        row("-b", "curl -b 'a=1; b=2' https://h/", "GET https://h/ | | ");
        row("-A -e", "curl -A me -e https://r/ https://h/",
            "GET https://h/ | User-Agent=me, Referer=https://r/ | ");
        row("flags together", "curl -sSLk https://h/", "GET https://h/ | | ");
        row("-F", "curl -F a=1 -F 'p=@f.png;type=image/png' -F 'j={};type=application/json' https://h/",
            "POST https://h/ | | multipart a=1, @p=f.png(image/png), j={}(application/json)");
        row("-T", "curl -T f.bin https://h/x", "PUT https://h/x | | file f.bin");
        row("--data-binary @", "curl --data-binary @f.bin https://h/x",
            "POST https://h/x | | file f.bin application/x-www-form-urlencoded");
        row("empty header", "curl -H 'X-Empty;' https://h/", "GET https://h/ | X-Empty= | ");
        row("variables", "curl '{{baseUrl}}/a'", "GET {{baseUrl}}/a | | ");
        row("cmd",
            "curl \"https://h/a\" ^\r\n  -H \"A: b\" ^\r\n  --data-raw \"{\\\"a\\\":1}\" -H \"Content-Type: "
            "application/json\"",
            "POST https://h/a | A=b | json : {\"a\":1}");
        row("powershell", "curl.exe 'https://h/a' `\n  -H 'A: b' `\n  -d 'x=it''s'",
            "POST https://h/a | A=b | text application/x-www-form-urlencoded: x=it's");
        row("cmd in one line", "curl.exe \"https://h/a\" -d \"{\\\"a\\\":1}\"",
            "POST https://h/a | | text application/x-www-form-urlencoded: {\"a\":1}");
        row("powershell's quotes for programs", "curl.exe 'https://h/a' -d '{\\\"a\\\":1}'",
            "POST https://h/a | | text application/x-www-form-urlencoded: {\"a\":1}");
        row("powershell's tab", "curl.exe 'https://h/a' -d \"a`tb`rc\"",
            "POST https://h/a | | text application/x-www-form-urlencoded: a\tb\rc");
        row("prompt", "$ curl https://h/", "GET https://h/ | | ");
    }
    void aRequest() {
        QFETCH(QByteArray, line);
        const RequestSpec spec = requests(line).value(0);
        QStringList headers;
        for (const HeaderRow& row : spec.headers)
            headers.append(row.name + u'=' + row.value);
        QString body;
        QStringList parts;
        for (const BodyPart& part : spec.body.parts)
            parts.append((part.isFile ? s("@") : QString()) + part.name + u'=' + part.value +
                         (part.contentType.isEmpty() ? QString() : u'(' + part.contentType + u')'));
        switch (spec.body.kind) {
        case BodySpec::Kind::None:
            break;
        case BodySpec::Kind::Json:
            body = s("json : ") + spec.body.text;
            break;
        case BodySpec::Kind::Text:
            body = s("text ") + spec.body.contentType + s(": ") + spec.body.text;
            break;
        case BodySpec::Kind::Multipart:
            body = s("multipart ") + parts.join(s(", "));
            break;
        case BodySpec::Kind::File:
            body = s("file ") + spec.body.text +
                   (spec.body.contentType.isEmpty() ? QString() : u' ' + spec.body.contentType);
            break;
        }
        const QString got = spec.method + u' ' + spec.url + s(" | ") + headers.join(s(", ")) +
                            (headers.isEmpty() ? s("| ") : s(" | ")) + body;
        QTEST(got, "expected");
    }

    void settings() {
        const RequestSpec plain = requests("curl https://h/").value(0);
        QVERIFY(plain.settings.verifyTls && !plain.settings.followRedirects);
        const RequestSpec spec = requests("curl -kL --max-redirs 3 -m 1.5 -H 'Accept:' https://h/").value(0);
        QVERIFY(!spec.settings.verifyTls && spec.settings.followRedirects);
        QCOMPARE(spec.settings.maxRedirects, 3);
        QCOMPARE(spec.settings.timeoutMs, 1500);
        QCOMPARE(spec.settings.removedDefaultHeaders, QStringList{s("Accept")});
    }

    void credentials_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("secret");
        QTest::newRow("-u") << QByteArray("curl -u ada:pass:word-0001 https://h/") << s("basic")
                            << s("pass:word-0001");
        QTest::newRow("--digest") << QByteArray("curl --digest -u ada:password-0001 https://h/")
                                  << s("digest") << s("password-0001");
        QTest::newRow("--ntlm") << QByteArray("curl --ntlm -u 'D\\ada:password-0001' https://h/") << s("ntlm")
                                << s("password-0001");
        QTest::newRow("--oauth2-bearer") << QByteArray("curl --oauth2-bearer token-0123456789 https://h/")
                                         << s("bearer") << s("token-0123456789");
        QTest::newRow("--aws-sigv4")
            << QByteArray("curl --aws-sigv4 aws:amz:eu-west-1:s3 -u AKIDEXAMPLE:aws-secret-0001 https://h/")
            << s("sigv4") << s("aws-secret-0001");
        QTest::newRow("header") << QByteArray("curl -H 'authorization: Token abc-0123456789' https://h/")
                                << s("bearer") << s("abc-0123456789");
        QTest::newRow("basic header")
            << QByteArray("curl -H 'Authorization: Basic YWRhOnB3LTAwMDE=' https://h/") << s("basic")
            << s("pw-0001");
        QTest::newRow("basic without a name")
            << QByteArray("curl -H 'Authorization: Basic dG9rZW4wMDAx' https://h/") << s("bearer")
            << s("dG9rZW4wMDAx");
        QTest::newRow("basic without a password")
            << QByteArray("curl -H 'Authorization: Basic YWRhOg==' https://h/") << s("api-key")
            << s("Basic YWRhOg==");
        QTest::newRow("address") << QByteArray("curl https://ada:pw%3A0001@h/") << s("basic") << s("pw:0001");
        QTest::newRow("cookie") << QByteArray("curl -b sid=cookie-0001 https://h/") << s("api-key")
                                << s("sid=cookie-0001");
    }
    void credentials() {
        QFETCH(QByteArray, line);
        std::vector<ImportedProfile> profiles;
        const RequestSpec spec = requests(line, &profiles).value(0);
        QCOMPARE(profiles.size(), size_t(1));
        QCOMPARE(spec.profileId, profiles.front().profile.id);
        QTEST(schemeName(profiles.front().profile.scheme), "kind");
        QTEST(secretOf(profiles.front()), "secret");
        QCOMPARE(profiles.front().profile.bindings.first().allowedOrigins, QStringList{s("https://h")});
        QCOMPARE(spec.url, s("https://h/"));
        QVERIFY(spec.headers.isEmpty());
        if (const auto* aws = std::get_if<SigV4Scheme>(&profiles.front().profile.scheme))
            QCOMPARE(aws->accessKeyId + aws->region + aws->service, s("AKIDEXAMPLEeu-west-1s3"));
    }

    void severalCommands() {
        const QList<RequestSpec> all =
            requests("# first\ncurl https://h/1 && curl -X PUT https://h/2; echo done\n\n/usr/bin/curl "
                     "https://h/3 --next -d x https://h/4\n");
        QCOMPARE(all.size(), 4);
        QCOMPARE(all.at(1).method, s("PUT"));
        QCOMPARE(all.at(3).method, s("POST"));
        QVERIFY(all.at(2).body.kind == BodySpec::Kind::None);
    }

    /// None of them takes the address for its value.
    void flagsStandAlone_data() {
        QTest::addColumn<QString>("flag");
        for (const char* flag :
             {"--netrc", "-n", "--http3-only", "--ssl-reqd", "--tlsv1", "--tlsv1.0", "--mptcp", "--follow",
              "--ca-native", "--xattr", "--no-sessionid", "-Z", "-4", "--skip-existing"})
            QTest::newRow(flag) << s(flag);
    }
    void flagsStandAlone() {
        QFETCH(QString, flag);
        QCOMPARE(requests("curl " + flag.toUtf8() + " https://h/").value(0).url, s("https://h/"));
    }
    /// And these take the word behind them.
    void optionsTakeAValue_data() {
        QTest::addColumn<QString>("option");
        for (const char* option : {"--retry 3", "--limit-rate 1k", "--resolve h:443:127.0.0.1", "--ip-tos 1",
                                   "-P x", "--keepalive-cnt 3", "--sigalgs x", "-o out", "--url-query a=1"})
            QTest::newRow(option) << s(option);
    }
    void optionsTakeAValue() {
        QFETCH(QString, option);
        const QList<RequestSpec> all = requests("curl " + option.toUtf8() + " https://h/");
        QCOMPARE(all.size(), 1);
        QVERIFY(all.first().url.startsWith(s("https://h/")));
    }

    /// A shell's variable has its value from elsewhere: it is none, and no secret.
    void variablesOfTheShell_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("posix") << QByteArray(
            "curl -H \"Authorization: Bearer $TOKEN\" \"https://h/$TOKEN?a=${TOKEN}\"");
        QTest::newRow("powershell") << QByteArray(
            "curl.exe -H \"Authorization: Bearer $env:TOKEN\" \"https://h/$TOKEN?a=${env:TOKEN}\"");
        QTest::newRow("cmd") << QByteArray(
            "curl ^\n -H \"Authorization: Bearer %TOKEN%\" \"https://h/%TOKEN%?a=%TOKEN%\"");
    }
    void variablesOfTheShell() {
        QFETCH(QByteArray, line);
        std::vector<ImportedProfile> profiles;
        QStringList notes;
        const RequestSpec spec = requests(line, &profiles, &notes).value(0);
        QCOMPARE(spec.url, s("https://h/{{TOKEN}}?a={{TOKEN}}"));
        QCOMPARE(profiles.size(), size_t(1));
        QVERIFY(profiles.front().secrets.empty());
        QVERIFY2(notes.join(u'\n').contains(s("variable TOKEN")), qPrintable(notes.join(u'\n')));
    }
    void whatIsNoVariableStays() {
        QCOMPARE(requests("curl 'https://h/$a' -d \"\\$b $(c) $1\"").value(0).body.text, s("$b $(c) $1"));
        QCOMPARE(requests("curl 'https://h/$a'").value(0).url, s("https://h/$a"));
        QCOMPARE(requests("curl ^\n \"https://h/%C3%A4rger%20%2F?q=%a\"").value(0).url,
                 s("https://h/%C3%A4rger%20%2F?q=%a"));
    }

    /// Secrets that no request carries: kept, allowed nowhere, and said.
    void secretsOfTheConnection_data() {
        QTest::addColumn<QByteArray>("option");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("secret");
        QTest::newRow("-x") << QByteArray("-x http://u:p%4000001@proxy:3128") << s("Proxy-Authorization")
                            << s("p@00001");
        QTest::newRow("-U") << QByteArray("-U u:proxy-pw-01") << s("Proxy-Authorization") << s("proxy-pw-01");
        QTest::newRow("--proxy-header") << QByteArray("--proxy-header 'Proxy-Authorization: Basic abc'")
                                        << s("Proxy-Authorization") << s("Basic abc");
        QTest::newRow("--cert") << QByteArray("--cert 'C:\\a\\c.pem:pass:01'") << s("c.pem") << s("pass:01");
        QTest::newRow("-E") << QByteArray("-E c.pem:pass01") << s("c.pem") << s("pass01");
        QTest::newRow("--pass") << QByteArray("--key k.pem --pass key-pass-01") << s("--pass")
                                << s("key-pass-01");
    }
    void secretsOfTheConnection() {
        QFETCH(QByteArray, option);
        std::vector<ImportedProfile> profiles;
        QStringList notes;
        const RequestSpec spec = requests("curl " + option + " https://h/", &profiles, &notes).value(0);
        QVERIFY(spec.profileId.isEmpty());
        QCOMPARE(profiles.size(), size_t(1));
        QTEST(profiles.front().profile.name, "name");
        QTEST(secretOf(profiles.front()), "secret");
        QVERIFY(profiles.front().profile.bindings.first().allowedOrigins.isEmpty());
        QVERIFY2(notes.join(u'\n').contains(s("held a secret")), qPrintable(notes.join(u'\n')));
    }

    void whatIsNotTakenOverIsSaid() {
        QStringList notes;
        requests("curl -x http://u:p@proxy:3128 --cert c.pem -b jar.txt -K opts --data-urlencode a@f "
                 "--resolve a:1:b "
                 "--connect-to x --unix-socket /s --cacert ca.pem -n https://h/",
                 nullptr, &notes);
        const QString all = notes.join(u'\n');
        for (const char* part : {"proxy:3128", "client certificate", "jar.txt", "opts", "file f", "--resolve",
                                 "--connect-to", "--unix-socket", "--cacert", "--netrc"})
            QVERIFY2(all.contains(s(part)), part);
        QVERIFY(!all.contains(s("u:p")));
        notes.clear();
        requests("curl -d @body.txt -d x=1 https://h/", nullptr, &notes);
        QVERIFY2(notes.join(u'\n').contains(s("The file body.txt is not read.")),
                 qPrintable(notes.join(u'\n')));
    }
};

QTEST_GUILESS_MAIN(TestCurl)
#include "test_curl.moc"
