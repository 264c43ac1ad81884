// SPDX-License-Identifier: GPL-3.0-or-later
// The code that requests are exported as, run by its own language against a server that looks: what arrives
// is what Keybearer itself sends.
#include "core/auth/crypto.h"
#include "core/auth/sigv4.h"
#include "core/interchange/export.h"
#include "core/run/run.h"
#include "core/workspace/inherit.h"
#include "io/keychain/memory_store.h"
#include "io/network/curl_transport.h"
#include "tests/interop/listener.h"
#include "tests/support/raw_server.h"

#include <QJsonArray>
#include <QProcess>
#include <QStandardPaths>
#include <QThread>
#include <QtTest>

using namespace kb;

namespace {

constexpr const char* plainSecret = "plain-secret_0123.456~";

/// A workspace of one request.
struct Case {
    QByteArray name;
    Workspace workspace;
    const RequestSpec& spec() const {
        const TreeItem& item = workspace.items.first();
        return item.children.isEmpty() ? item.request : item.children.first().request;
    }
    QString path() const {
        const TreeItem& item = workspace.items.first();
        return item.children.isEmpty() ? item.path : item.children.first().path;
    }
    const AuthScheme* scheme() const {
        return workspace.profiles.isEmpty() ? nullptr : &workspace.profiles.first().scheme;
    }
};

struct Ran {
    QByteArray code;
    QByteArray said;
    int exitCode = -1;
    std::optional<Arrived> arrived;
};

/// One server and one folder: several are at work at once.
struct Lane {
    Listener server{{"accept", "content-type", "authorization", "cookie", "x-api-key", "x-quotes", "x-twice",
                     "x-folder", "x-amz-date"}};
    QTemporaryDir folder;
    QList<Case> cases;
};

QString snippetRuntime(const QString& target) {
    static const QMap<QString, QString> commands{
        {"curl", "bash %1"},
        {"httpie", "bash %1"},
        {"powershell", "pwsh -NoProfile -NonInteractive -File %1"},
        {"python-requests", "/usr/bin/python3 %1"},
        {"python-httpx", "/usr/bin/python3 %1"},
        {"javascript-fetch", "node %1"},
        {"javascript-axios", "node %1"},
        {"node", "node %1"},
        {"php", "php %1"},
        {"ruby", "ruby %1"},
        {"go", "go run %1"},
        {"java", "java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC %1"},
        {"rust", KB_INTEROP_SOURCE "/rust/run " KB_INTEROP_DIR "/rust %1"},
        {"csharp", "mcs -langversion:latest -r:System.Net.Http.dll -out:%1.exe %1 && mono %1.exe"},
        {"cpp", "g++ %1 -o %1.out -lcurl && %1.out"}};
    return commands.value(target);
}

} // namespace

class TestSnippets : public QObject {
    Q_OBJECT
    QTemporaryDir m_shared;
    kb::test::RawServer m_logins; // takes nothing on trust
    std::vector<std::unique_ptr<Lane>> m_lanes;
    QMap<std::pair<QString, int>, Result<Ran>> m_ran;
    const QString m_secret = QString::fromUtf8("s3 'c\"r&=+%/$HOME`\\ü");

    Case& addCase(Lane& lane, const char* name, const QString& method, const QString& path,
                  std::optional<AuthScheme> scheme, const std::function<void(RequestSpec&)>& more = {}) {
        Case made{name, {}};
        TreeItem item;
        item.name = item.request.name = QLatin1String(name);
        item.request.method = method;
        item.request.url = lane.server.url(path);
        if (more) more(item.request);
        if (scheme) {
            TokenProfile profile;
            profile.id = profile.name = item.request.profileId = "Reader one";
            profile.scheme = *scheme;
            ProfileBinding binding;
            binding.secret = SecretRef{"ref"};
            binding.allowedOrigins = {HttpUrl::parse(item.request.url)->origin().text()};
            profile.bindings = {binding};
            made.workspace.profiles = {profile};
        }
        made.workspace.items = {item};
        lane.cases.append(made);
        return lane.cases.last();
    }
    void addCases(Lane& lane) {
        const QString awkward = QString::fromUtf8(
            "{\"a\": \"q'\\\"\\\\ $HOME `x` %PATH% #{1} ${y} ü日本 \\u0007 ’; x\",\n\t\"b\": 1}\n");
        addCase(lane, "get", "GET", "/a%20b/c?x=1&y=%C3%BC&z=a+b", {}, [](RequestSpec& spec) {
            spec.headers = {{"Accept", "application/json", {}, true},
                            {"X-Twice", "one", {}, true},
                            {"X-Quotes", "a 'b' \"c\" $d `e` \\f #{g}", {}, true},
                            {"X-Twice", "two", {}, true}};
        });
        addCase(lane, "head", "HEAD", "/thing?a=b", BearerScheme{});
        addCase(lane, "json with a token", "POST", "/json", BearerScheme{}, [&](RequestSpec& spec) {
            spec.body = {BodySpec::Kind::Json, awkward, {}};
        });
        addCase(lane, "form with a password", "PUT", "/form", BasicScheme{"ada lovelace"},
                [](RequestSpec& spec) {
                    spec.body = {BodySpec::Kind::Text, "a=1+2&b=%26", "application/x-www-form-urlencoded"};
                });
        addCase(lane, "key in the query", "DELETE", "/thing?keep=1",
                ApiKeyScheme{ApiKeyScheme::In::Query, "api key"});
        addCase(lane, "key in the query alone", "GET", "/thing",
                ApiKeyScheme{ApiKeyScheme::In::Query, "key"});
        addCase(lane, "key in a header", "GET", "/thing",
                ApiKeyScheme{ApiKeyScheme::In::Header, "X-Api-Key"});
        addCase(lane, "key in a cookie", "GET", "/thing", ApiKeyScheme{ApiKeyScheme::In::Cookie, "sid"});
        Case& inherited =
            addCase(lane, "template", "PATCH", "/t",
                    TemplateScheme{"Authorization", "Token \"{{secret}}\", v=1"}, [](RequestSpec& spec) {
                        spec.body = {BodySpec::Kind::Text, "plain", "text/plain; charset=utf-8"};
                    });
        TreeItem group;
        group.kind = TreeItem::Kind::Folder;
        group.name = "Group";
        group.defaults.headers = {{"X-Folder", "of the {{word}}", {}, true}};
        group.defaults.variables = {{"word", "folder", true}};
        group.children = inherited.workspace.items;
        inherited.workspace.items = {group};
        addCase(lane, "file", "POST", "/file", {}, [](RequestSpec& spec) {
            spec.body = {BodySpec::Kind::File, "pic.bin", "image/png"};
        });
        addCase(lane, "multipart", "POST", "/parts", {}, [](RequestSpec& spec) {
            spec.body.kind = BodySpec::Kind::Multipart;
            spec.body.parts = {{"note", QString::fromUtf8("@it's; \"so\" ü"), false, {}, true},
                               {"off", "x", false, {}, false},
                               {"pic", "pic.bin", true, "image/png", true}};
        });
        addCase(lane, "signature", "GET", "/thing?b=1",
                SigV4Scheme{"AKIDEXAMPLE", "eu-west-1", "execute-api"});
        addCase(lane, "digest", "POST", QString(), DigestScheme{"Mufasa"}, [&](RequestSpec& spec) {
            spec.url = m_logins.url("/SHA-256/auth/bare", "digest");
            spec.body = {BodySpec::Kind::Text, "a=1", "application/x-www-form-urlencoded"};
        });
        addCase(lane, "ntlm", "POST", QString(), NtlmScheme{false, "DOMAIN\\mufasa"}, [&](RequestSpec& spec) {
            spec.url = m_logins.url("/ntlm", "ntlm");
            spec.body = {BodySpec::Kind::Text, "a=1", "application/x-www-form-urlencoded"};
        });
        for (Case& each : lane.cases)
            placeItems(each.workspace.items);
    }

    QByteArray secretFor(const Case& one) const {
        if (!one.scheme()) return {};
        if (std::holds_alternative<DigestScheme>(*one.scheme()) ||
            std::holds_alternative<NtlmScheme>(*one.scheme()))
            return "Circle of Life";
        const auto* key = std::get_if<ApiKeyScheme>(one.scheme());
        const bool encoded =
            std::holds_alternative<BasicScheme>(*one.scheme()) || (key && key->in == ApiKeyScheme::In::Query);
        return encoded ? m_secret.toUtf8() : QByteArray(plainSecret);
    }

    /// What Keybearer sends itself, and what it was answered.
    Ran sent(Lane& lane, const Case& one) {
        MemoryStore store;
        CurlTransport transport;
        SystemClock clock;
        RunInput input;
        input.spec = one.spec();
        input.spec.id = one.path();
        input.spec = withInherited(one.workspace, input.spec);
        input.variables = variablesOf(one.workspace, {}, {}, one.path());
        if (one.scheme()) {
            input.profile = one.workspace.profiles.first();
            SecretRecord record;
            record.secret = Secret(secretFor(one).toStdString());
            record.allowedOrigins = input.profile->bindings.first().allowedOrigins;
            const HandlePtr writing =
                store.write(SecretRef{"ref"}, std::move(record), [](const Result<void>&) {});
            QCoreApplication::processEvents();
        }
        input.readFile = [&](const QString& path) -> Result<QByteArray> {
            QFile file(lane.folder.filePath(path));
            return file.open(QIODevice::ReadOnly) ? Result<QByteArray>(file.readAll())
                                                  : fail(ErrorCode::FileError, path);
        };
        Run run({transport, store, clock}, std::move(input));
        lane.server.last.reset();
        Ran ran;
        connect(&run, &Run::finished, this, [&](const RunResult& result) {
            ran.exitCode = 0;
            if (result.error) ran.said = result.error->text().toUtf8();
            if (!result.hops.isEmpty()) ran.said = result.hops.last().rawBody();
        });
        run.start();
        if (!QTest::qWaitFor([&] { return ran.exitCode == 0; }, 10000)) ran.said = "It was not sent.";
        ran.arrived = lane.server.last;
        return ran;
    }

    Result<QString> codeOf(const QString& target, const Case& one) const {
        const Result<Exported> made = exportRequests(target, {one.workspace, {}, {one.path()}});
        if (!made) return tl::unexpected(made.error());
        return QString::fromUtf8(made->text);
    }

    /// Runs one after the other in this lane until none is left.
    void work(Lane& lane, const std::shared_ptr<QList<std::pair<QString, int>>>& left, int& busy) {
        if (left->isEmpty()) {
            --busy;
            return;
        }
        const std::pair<QString, int> next = left->takeFirst();
        const QString target = next.first;
        const int number = next.second;
        const Case& one = lane.cases.at(number);
        const Result<QString> code = codeOf(target, one);
        if (!code) {
            m_ran.insert({target, number}, tl::unexpected(code.error()));
            return work(lane, left, busy);
        }
        const QString path =
            lane.folder.filePath((target == "java" ? "Call." : "call.") + exportExtension(target));
        QFile file(path);
        if (file.open(QIODevice::WriteOnly | QIODevice::Truncate)) file.write(code->toUtf8());
        file.close();
        lane.server.last.reset();
        auto* process = new QProcess(this);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("KEYBEARER_SECRET_READER_ONE", QString::fromUtf8(secretFor(one)));
        environment.insert("LC_ALL", "C.UTF-8");
        environment.insert("GOCACHE", m_shared.filePath("gocache"));
        environment.insert("GO111MODULE", "off");
        process->setProcessEnvironment(environment);
        process->setWorkingDirectory(lane.folder.path());
        process->setProcessChannelMode(QProcess::MergedChannels);
        connect(process, &QProcess::finished, this,
                [this, process, &lane, left, &busy, target, number, code](int exitCode) {
                    Ran ran{code->toUtf8(), process->readAll(), exitCode, lane.server.last};
                    m_ran.insert({target, number}, ran);
                    process->deleteLater();
                    work(lane, left, busy);
                });
        process->start("bash", {"-c", snippetRuntime(target).arg(path)});
    }

    /// How a secret is encoded in the query is the library's own affair, as long as it means the same. A
    /// signature is right or wrong at the time it names.
    Arrived comparable(Arrived arrived, const Lane& lane, const Case& one) const {
        if (one.name.startsWith("key in the query"))
            arrived.line = QByteArray::fromPercentEncoding(arrived.line.replace('+', "%20"));
        if (one.name != "signature") return arrived;
        Request plain;
        plain.method = arrived.line.split(' ').value(0);
        plain.url = *HttpUrl::parse(lane.server.url(QString::fromLatin1(arrived.line.split(' ').value(1))));
        Redactor redactor;
        const QDateTime time =
            QDateTime::fromString(QString::fromLatin1(arrived.headers.take("x-amz-date")) + u'Z',
                                  QStringLiteral("yyyyMMdd'T'HHmmss'Z't"));
        const Result<SigV4Signed> wanted =
            signSigV4(plain, std::get<SigV4Scheme>(*one.scheme()), Secret(secretFor(one).toStdString()),
                      nullptr, {redactor, time.toMSecsSinceEpoch(), randomBytes});
        const auto parts = [](QByteArray field) {
            QByteArrayList all = field.replace(", ", ",").split(',');
            std::sort(all.begin(), all.end());
            return all;
        };
        QByteArray& given = arrived.headers["authorization"];
        if (wanted && parts(given) == parts(wanted->request.headers.first("Authorization").value_or("")))
            given = "the right signature";
        return arrived;
    }

    static bool hasPowerShell() { return !QStandardPaths::findExecutable("pwsh").isEmpty(); }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(m_logins.start());
        // Where scripts/setup-interop could fetch PowerShell, it is here.
        qputenv("PATH", KB_INTEROP_DIR "/powershell:" + qgetenv("PATH"));
        const int count = qMax(2, QThread::idealThreadCount());
        while (int(m_lanes.size()) < count) {
            Lane& lane = *m_lanes.emplace_back(std::make_unique<Lane>());
            QFile picture(lane.folder.filePath("pic.bin"));
            QVERIFY(picture.open(QIODevice::WriteOnly));
            picture.write(QByteArray("\0\xff\r\n--x\n\x1a", 9));
            picture.close();
            QVERIFY(QFile::link(QStringLiteral(KB_INTEROP_DIR "/node_modules"),
                                lane.folder.filePath("node_modules")));
            addCases(lane);
        }
        const auto left = std::make_shared<QList<std::pair<QString, int>>>();
        for (const SnippetTarget& target : snippetTargets()) {
            if (target.id == "powershell" && !hasPowerShell()) continue;
            for (int i = 0; i < m_lanes.front()->cases.size(); ++i)
                left->append({target.id, i});
        }
        int busy = count;
        for (const auto& lane : m_lanes)
            work(*lane, left, busy);
        QVERIFY(QTest::qWaitFor([&] { return busy == 0; }, 500000));
    }

    void arrivesAsSent_data() {
        QTest::addColumn<QString>("target");
        QTest::addColumn<int>("number");
        for (auto each = m_ran.keyBegin(); each != m_ran.keyEnd(); ++each)
            QTest::addRow("%s: %s", qPrintable(each->first),
                          m_lanes.front()->cases.at(each->second).name.constData())
                << each->first << each->second;
    }
    void arrivesAsSent() {
        QFETCH(QString, target);
        QFETCH(int, number);
        Lane& lane = *m_lanes.front();
        const Case& one = lane.cases.at(number);
        const Result<Ran> ran = m_ran.value({target, number});
        static const QMap<QByteArray, QStringList> able{
            {"digest", {"curl", "httpie", "python-requests", "python-httpx", "php", "cpp"}},
            {"ntlm", {"curl", "cpp"}},
            {"signature", {"curl"}}};
        if (able.contains(one.name) && !able.value(one.name).contains(target)) {
            QVERIFY(!ran); // said, not sent wrongly
            QCOMPARE(ran.error().code, ErrorCode::Unsupported);
            return;
        }
        QVERIFY2(ran, ran ? "" : qPrintable(ran.error().text()));
        const QByteArray told = ran->said + '\n' + ran->code;
        QVERIFY(!ran->code.contains(plainSecret) && !ran->code.contains(m_secret.toUtf8()));
        QVERIFY2(ran->exitCode == 0, told.constData());
        const Ran expected = sent(lane, one);
        if (one.spec().url.startsWith(lane.server.url({}))) {
            QVERIFY2(expected.arrived, expected.said.constData());
            QVERIFY2(ran->arrived, told.constData());
            const Arrived ours = comparable(*expected.arrived, lane, one);
            // It may have come to another lane's server, which is named in what is signed.
            const Arrived theirs = comparable(*ran->arrived, laneOf(ran->code), one);
            QVERIFY2(theirs == ours,
                     QByteArray("sent:\n" + ours.text() + "\narrived:\n" + theirs.text() + '\n' + told)
                         .constData());
            if (one.name == "signature")
                QCOMPARE(ours.headers.value("authorization"), QByteArray("the right signature"));
            if (one.name == "template") QCOMPARE(ours.headers.value("x-folder"), QByteArray("of the folder"));
        } else {
            QVERIFY2(expected.said.startsWith("in"), expected.said.constData());
            QVERIFY2(ran->said.contains("in, nc 00000001") || ran->said.contains("in: POST /ntlm"),
                     told.constData());
        }
        QVERIFY2(ran->said.contains("200") || target == "curl" || target == "httpie", told.constData());
    }

    /// Where there is no PowerShell to run it, a grammar of PowerShell that is not ours reads what it would
    /// be given. All in one process.
    void powerShellIsPowerShell() {
        QJsonArray scripts;
        for (const Case& one : std::as_const(m_lanes.front()->cases))
            if (const Result<QString> code = codeOf("powershell", one)) scripts.append(*code);
        QVERIFY(scripts.size() >= 10);
        // What it must notice.
        const QStringList broken{"@{ 'a' = 'b'", "'a'b'", "$x = @{\n    'a' = 'b' +\n}",
                                 "[byte[]]@(\n    'a'\n"};
        for (const QString& each : broken)
            scripts.append(each);
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("KEYBEARER_INTEROP", KB_INTEROP_DIR);
        process.setProcessEnvironment(environment);
        // Without the compiler that makes the grammar quicker: that takes ten seconds, the reading none.
        process.start("node", {"--liftoff-only", KB_INTEROP_SOURCE "/powershell_syntax.mjs"});
        process.write(QJsonDocument(scripts).toJson());
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(60000));
        const QJsonArray faults = QJsonDocument::fromJson(process.readAllStandardOutput()).array();
        QVERIFY2(faults.size() == scripts.size(), process.readAllStandardError().constData());
        for (qsizetype i = 0; i < faults.size(); ++i) {
            const QString fault = faults.at(i).toString();
            QVERIFY2(fault.isEmpty() == (i < faults.size() - broken.size()),
                     qPrintable(fault + u'\n' + scripts.at(i).toString()));
        }
        if (!hasPowerShell())
            QSKIP("PowerShell is not installed: its code was read by a grammar, and not run.");
    }

private:
    const Lane& laneOf(const QByteArray& code) const {
        for (const auto& lane : m_lanes)
            if (code.contains(QByteArray::number(lane->server.serverPort()))) return *lane;
        return *m_lanes.front();
    }
};

QTEST_GUILESS_MAIN(TestSnippets)
#include "test_snippets.moc"
