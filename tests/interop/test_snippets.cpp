// SPDX-License-Identifier: GPL-3.0-or-later
// The code that requests are exported as, run by its own language against a server that looks: what arrives
// is what Keybearer itself sends.
#include "core/interchange/snippet.h"
#include "core/run/run.h"
#include "io/keychain/memory_store.h"
#include "io/network/curl_transport.h"
#include "tests/interop/listener.h"

#include <QProcess>
#include <QStandardPaths>
#include <QtTest>

using namespace kb;

namespace {

struct Case {
    const char* name;
    RequestSpec spec;
    std::optional<TokenProfile> profile;
};

} // namespace

class TestSnippets : public QObject {
    Q_OBJECT
    Listener m_server{{QStringLiteral("accept"), QStringLiteral("content-type"),
                       QStringLiteral("authorization"), QStringLiteral("cookie"), QStringLiteral("x-api-key"),
                       QStringLiteral("x-quotes")}};
    QTemporaryDir m_folder;
    QList<Case> m_cases;
    const QString m_secret = QString::fromUtf8("s3 'c\"r&=+%/$HOME`\\ü");
    static constexpr const char* plainSecret = "plain-secret_0123.456~";

    static QString runtime(const QString& target) {
        static const QMap<QString, QString> commands{
            {"curl", "bash %1"},
            {"httpie", "bash %1"},
            {"python-requests", "/usr/bin/python3 %1"},
            {"python-httpx", "/usr/bin/python3 %1"},
            {"javascript-fetch", "node %1"},
            {"javascript-axios", "node %1"},
            {"node", "node %1"},
            {"php", "php %1"},
            {"ruby", "ruby %1"},
            {"go", "go run %1"},
            {"java", "java %1"},
            {"rust", KB_INTEROP_SOURCE "/rust/run " KB_INTEROP_DIR "/rust %1"},
            {"csharp", "mcs -langversion:latest -r:System.Net.Http.dll -out:%1.exe %1 && mono %1.exe"},
            {"cpp", "g++ %1 -o %1.out -lcurl && %1.out"}};
        return commands.value(target);
    }
    void addCase(const char* name, const QString& method, const QString& path,
                 std::optional<AuthScheme> scheme, const std::function<void(RequestSpec&)>& more = {}) {
        Case made{name, {}, {}};
        made.spec.name = QLatin1String(name);
        made.spec.method = method;
        made.spec.url = m_server.url(path);
        if (more) more(made.spec);
        if (scheme) {
            TokenProfile profile;
            profile.id = profile.name = "Reader one";
            profile.scheme = *scheme;
            ProfileBinding binding;
            binding.secret = SecretRef{"ref"};
            binding.allowedOrigins = {m_server.url({})};
            profile.bindings = {binding};
            made.profile = profile;
        }
        m_cases.append(made);
    }
    QByteArray secretFor(const Case& one) const {
        const bool encoded =
            one.profile && (std::holds_alternative<BasicScheme>(one.profile->scheme) ||
                            (std::holds_alternative<ApiKeyScheme>(one.profile->scheme) &&
                             std::get<ApiKeyScheme>(one.profile->scheme).in == ApiKeyScheme::In::Query));
        return encoded ? m_secret.toUtf8() : QByteArray(plainSecret);
    }

    /// What Keybearer sends itself.
    Arrived sent(const Case& one) {
        MemoryStore store;
        SecretRecord record;
        record.secret = Secret(secretFor(one).toStdString());
        record.allowedOrigins = {m_server.url({})};
        const HandlePtr writing =
            store.write(SecretRef{"ref"}, std::move(record), [](const Result<void>&) {});
        QCoreApplication::processEvents();
        CurlTransport transport;
        SystemClock clock;
        RunInput input;
        input.spec = one.spec;
        input.profile = one.profile;
        input.readFile = [this](const QString& path) -> Result<QByteArray> {
            QFile file(m_folder.filePath(path));
            return file.open(QIODevice::ReadOnly) ? Result<QByteArray>(file.readAll())
                                                  : fail(ErrorCode::FileError, path);
        };
        Run run({transport, store, clock}, std::move(input));
        m_server.last.reset();
        QSignalSpy finished(&run, &Run::finished);
        run.start();
        finished.wait(10000);
        if (!m_server.last) qFatal("%s was not sent", one.name);
        return *m_server.last;
    }

private Q_SLOTS:
    void initTestCase() {
        QFile picture(m_folder.filePath("pic.bin"));
        QVERIFY(picture.open(QIODevice::WriteOnly));
        picture.write(QByteArray("\0\xff\r\n--x\n\x1a", 9));
        picture.close();
        QVERIFY(
            QFile::link(QStringLiteral(KB_INTEROP_DIR "/node_modules"), m_folder.filePath("node_modules")));
        const QString awkward = QString::fromUtf8(
            "{\"a\": \"q'\\\"\\\\ $HOME `x` %PATH% #{1} ${y} ü日本 \\u0007\",\n\t\"b\": 1}\n");
        addCase("get", "GET", "/a%20b/c?x=1&y=%C3%BC&z=a+b", {}, [](RequestSpec& spec) {
            spec.headers = {{"Accept", "application/json", {}, true},
                            {"X-Quotes", "a 'b' \"c\" $d `e` \\f #{g}", {}, true}};
        });
        addCase("json with a token", "POST", "/json", BearerScheme{}, [&](RequestSpec& spec) {
            spec.body = {BodySpec::Kind::Json, awkward, {}};
        });
        addCase("form with a password", "PUT", "/form", BasicScheme{"ada lovelace"}, [](RequestSpec& spec) {
            spec.body = {BodySpec::Kind::Text, "a=1+2&b=%26", "application/x-www-form-urlencoded"};
        });
        addCase("key in the query", "DELETE", "/thing?keep=1",
                ApiKeyScheme{ApiKeyScheme::In::Query, "api key"});
        addCase("key in the query alone", "GET", "/thing", ApiKeyScheme{ApiKeyScheme::In::Query, "key"});
        addCase("key in a header", "GET", "/thing", ApiKeyScheme{ApiKeyScheme::In::Header, "X-Api-Key"});
        addCase("key in a cookie", "GET", "/thing", ApiKeyScheme{ApiKeyScheme::In::Cookie, "sid"});
        addCase("template", "PATCH", "/t", TemplateScheme{"Authorization", "Token \"{{secret}}\", v=1"},
                [](RequestSpec& spec) {
                    spec.body = {BodySpec::Kind::Text, "plain", "text/plain; charset=utf-8"};
                });
        addCase("file", "POST", "/file", {}, [](RequestSpec& spec) {
            spec.body = {BodySpec::Kind::File, "pic.bin", "image/png"};
        });
        addCase("multipart", "POST", "/parts", {}, [](RequestSpec& spec) {
            spec.body.kind = BodySpec::Kind::Multipart;
            spec.body.parts = {{"note", QString::fromUtf8("@it's; \"so\" ü"), false, {}, true},
                               {"off", "x", false, {}, false},
                               {"pic", "pic.bin", true, "image/png", true}};
        });
    }

    void arrivesAsSent_data() {
        QTest::addColumn<QString>("target");
        QTest::addColumn<int>("number");
        for (const SnippetTarget& target : snippetTargets()) {
            if (target.id == "powershell") continue; // Debian has no runtime of it
            for (int i = 0; i < m_cases.size(); ++i)
                QTest::addRow("%s: %s", qPrintable(target.id), m_cases.at(i).name) << target.id << i;
        }
    }
    void arrivesAsSent() {
        QFETCH(QString, target);
        QFETCH(int, number);
        const Case& one = m_cases.at(number);
        const Result<SnippetRequest> request =
            snippetRequest(one.spec, one.profile ? &*one.profile : nullptr, {});
        QVERIFY2(request, request ? "" : qPrintable(request.error().text()));
        const Result<QString> code = snippet(target, *request);
        if (!code) { // said, not sent wrongly
            QCOMPARE(code.error().code, ErrorCode::Unsupported);
            QVERIFY(QByteArray(one.name) == "multipart");
            return;
        }
        QVERIFY(!code->contains(QString::fromUtf8(plainSecret)) && !code->contains(m_secret));
        const Arrived expected = sent(one);
        QString extension = "txt";
        for (const SnippetTarget& each : snippetTargets())
            if (each.id == target) extension = each.extension;
        const QString path = m_folder.filePath((target == "java" ? "Call." : "call.") + extension);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(code->toUtf8());
        file.close();
        m_server.last.reset();
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("KEYBEARER_SECRET_READER_ONE", QString::fromUtf8(secretFor(one)));
        environment.insert("LC_ALL", "C.UTF-8");
        environment.insert("GOCACHE", m_folder.filePath("gocache"));
        environment.insert("GO111MODULE", "off");
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_folder.path());
        process.start("bash", {"-c", runtime(target).arg(path)});
        QVERIFY(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 120000));
        const QByteArray said = process.readAllStandardOutput() + process.readAllStandardError();
        QVERIFY2(process.exitCode() == 0, QByteArray(said + '\n' + code->toUtf8()).constData());
        QVERIFY2(m_server.last, QByteArray(said + '\n' + code->toUtf8()).constData());
        // How a secret is encoded in the query is the library's own affair, as long as it means the same.
        const auto decoded = [&](Arrived arrived) {
            if (QByteArray(one.name).startsWith("key in the query"))
                arrived.line = QByteArray::fromPercentEncoding(arrived.line.replace('+', "%20"));
            return arrived;
        };
        QVERIFY2(decoded(*m_server.last) == decoded(expected),
                 QByteArray("sent:\n" + expected.text() + "\narrived:\n" + m_server.last->text() + '\n' +
                            code->toUtf8())
                     .constData());
        QVERIFY2(said.contains("200") || target == "curl" || target == "httpie", said.constData());
    }
};

QTEST_GUILESS_MAIN(TestSnippets)
#include "test_snippets.moc"
