// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace of 40 requests of every kind, as Keybearer saves it: Bruno's command line runs the folder, and
// sends what Keybearer sends.
#include "core/interchange/import_save.h"
#include "core/run/run.h"
#include "io/files/workspace_store.h"
#include "io/keychain/memory_store.h"
#include "io/network/curl_transport.h"
#include "tests/interop/listener.h"

#include <QProcess>
#include <QtTest>

using namespace kb;

class TestBruno : public QObject {
    Q_OBJECT
    Listener m_server{{"content-type", "x-one", "x-two", "cookie"}};
    QTemporaryDir m_folder;
    Workspace m_workspace;

    TreeItem made(int number) const {
        static const char* const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
        TreeItem item;
        RequestSpec& spec = item.request;
        spec.method = QLatin1String(methods[number % 5]);
        spec.url = QString("{{base}}/r%1").arg(number);
        switch (number % 8) {
        case 1:
            spec.url += "?a=1&b=%C3%BC&c=x%20y";
            break;
        case 2:
            spec.url += "/:id/rows/:row";
            spec.params = {{ParamRow::In::Path, "id", "seven", {}, true},
                           {ParamRow::In::Path, "row", "8", {}, true}};
            break;
        case 3:
            spec.params = {{ParamRow::In::Query, "off", "1", {}, false}};
            break;
        default:
            break;
        }
        if (number % 3 == 1) spec.headers = {{"X-One", "{{word}} 1", {}, true}, {"X-Two", "off", {}, false}};
        if (number % 4 == 3) spec.headers.append({"Cookie", "a=1; b=2", {}, true});
        if (spec.method != "GET" && spec.method != "DELETE") {
            switch (number % 6) {
            case 0:
                spec.body = {BodySpec::Kind::Json,
                             "{\"n\": " + QString::number(number) + ", \"w\": \"{{word}}\", \"u\": \"ü\"}",
                             {}};
                break;
            case 1:
                spec.body = {BodySpec::Kind::Text, "plain {{word}}\nline two", "text/plain"};
                break;
            case 2:
                spec.body = {BodySpec::Kind::Text, "<a>{{word}}</a>", "application/xml"};
                break;
            case 3:
                spec.body = {BodySpec::Kind::Text, "a=1+2&b=%26&c={{word}}",
                             "application/x-www-form-urlencoded"};
                break;
            case 4:
                spec.body.kind = BodySpec::Kind::Multipart;
                spec.body.parts = {{"note", "{{word}}", false, {}, true},
                                   {"pic", "pic.bin", true, "image/png", true}};
                break;
            case 5:
                spec.body = {BodySpec::Kind::File, "pic.bin", "image/png"};
                break;
            }
        }
        item.name = spec.name = QString("%1 %2: \"it's\" / ü").arg(number).arg(spec.method);
        return item;
    }

private Q_SLOTS:
    void initTestCase() {
        FileWorkspaceStore store;
        const QString folder = m_folder.filePath("w");
        const Result<Workspace> created = store.create(folder, "Forty");
        QVERIFY(created);
        m_workspace = *created;
        QFile picture(folder + "/pic.bin");
        QVERIFY(picture.open(QIODevice::WriteOnly));
        picture.write(QByteArray("\x01\xff\r\n--x\n", 7));
        picture.close();
        const Environment environment{"Local", {{"base", m_server.url({}), true}, {"word", "hello", true}}};
        QVERIFY(store.saveEnvironment(m_workspace, environment));
        m_workspace.environments = {environment};
        for (int i = 0; i < 40; i += 10) {
            TreeItem group;
            group.kind = TreeItem::Kind::Folder;
            group.name = QString("Group %1").arg(i / 10);
            for (int number = i; number < i + 10; ++number)
                group.children.append(made(number));
            m_workspace.items.append(group);
        }
        placeItems(m_workspace.items);
        for (const TreeItem& group : std::as_const(m_workspace.items)) {
            QVERIFY(store.saveFolder(m_workspace, group));
            for (const TreeItem& each : group.children)
                QVERIFY(store.saveRequest(m_workspace, each));
        }
        // What was saved is what is loaded.
        const Result<Workspace> loaded = store.load(folder);
        QVERIFY(loaded && loaded->problems.isEmpty());
        QCOMPARE(loaded->items, m_workspace.items);
    }

    void itSendsWhatKeybearerSends() {
        QMap<QByteArray, Arrived> ours;
        MemoryStore secrets;
        CurlTransport transport;
        SystemClock clock;
        FileWorkspaceStore store;
        for (const TreeItem& group : std::as_const(m_workspace.items))
            for (const TreeItem& each : group.children) {
                RunInput input;
                input.spec = each.request;
                input.variables = variablesOf(m_workspace, "Local");
                input.readFile = [&](const QString& path) {
                    return store.readBodyFile(m_workspace.folder, path);
                };
                Run run({transport, secrets, clock}, std::move(input));
                QSignalSpy finished(&run, &Run::finished);
                m_server.last.reset();
                run.start();
                QVERIFY(finished.wait(10000));
                QVERIFY2(m_server.last, qPrintable(each.name));
                ours.insert(key(*m_server.last), *m_server.last);
            }
        QCOMPARE(ours.size(), 40);
        m_server.everything.clear();
        QProcess bruno;
        bruno.setWorkingDirectory(m_workspace.folder);
        bruno.setProcessChannelMode(QProcess::MergedChannels);
        bruno.start("node", {KB_INTEROP_DIR "/node_modules/.bin/bru", "run", "-r", "--env", "Local"});
        QVERIFY(QTest::qWaitFor([&] { return bruno.state() == QProcess::NotRunning; }, 120000));
        const QByteArray said = bruno.readAll();
        QVERIFY2(bruno.exitCode() == 0, said.constData());
        QVERIFY2(m_server.everything.size() == 40, said.constData());
        for (const Arrived& theirs : std::as_const(m_server.everything)) {
            const Arrived expected = ours.value(key(theirs));
            QVERIFY2(theirs == expected,
                     QByteArray("Keybearer:\n" + expected.text() + "\nBruno:\n" + theirs.text()).constData());
        }
    }

    static QByteArray key(const Arrived& arrived) {
        static const QRegularExpression number(QStringLiteral("/r(\\d+)"));
        return number.match(QString::fromUtf8(arrived.line)).captured(1).toUtf8();
    }
};

QTEST_GUILESS_MAIN(TestBruno)
#include "test_bruno.moc"
