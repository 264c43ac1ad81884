// SPDX-License-Identifier: GPL-3.0-or-later
// What an environment is for, its file, and .env files.
#include "core/workspace/opencollection.h"

#include <QtTest>

using namespace kb;
namespace oc = kb::opencollection;

class TestEnvironment : public QObject {
    Q_OBJECT
    static QByteArray written(const Environment& environment, const QByteArray& before = {}) {
        return oc::writeEnvironment(environment, before).value_or(QByteArray());
    }
    static Environment readBack(const QByteArray& text) {
        const auto workspace =
            oc::read({{oc::rootFileName(), "opencollection: 1.0.0\n"}, {"environments/E.yml", text}});
        return workspace && !workspace->environments.isEmpty() ? workspace->environments.first()
                                                               : Environment();
    }

private Q_SLOTS:
    void everythingIsWrittenAndReadBack() {
        Environment environment{"Live", {{"base", "https://a.test", true}}};
        environment.kind = EnvironmentKind::Production;
        environment.colour = "#c1272d";
        environment.extends = "Shared";
        environment.dotEnvFile = ".env.live";
        const QByteArray text = written(environment);
        QCOMPARE(readBack(text), environment);
        QVERIFY2(text.contains("class: production") && text.contains("color:"), text.constData());
        QCOMPARE(written(environment, text), text);
        // What the .env file said is in no file of ours.
        environment.fromFile = {{"SECRET", "dotenv-secret-0001", true}};
        QVERIFY(!written(environment, text).contains("dotenv-secret"));
        Environment plain{"Live", environment.variables};
        const QByteArray bare = written(plain, text);
        QCOMPARE(readBack(bare), plain);
        QVERIFY2(!bare.contains("class") && !bare.contains("keybearer") && !bare.contains("color"),
                 bare.constData());
    }

    void kindsHaveNames() {
        for (const EnvironmentKind kind : {EnvironmentKind::Local, EnvironmentKind::Test,
                                           EnvironmentKind::Staging, EnvironmentKind::Production})
            QCOMPARE(environmentKindOf(environmentKindName(kind)), kind);
        QCOMPARE(environmentKindOf("Production"), EnvironmentKind::Production);
        QCOMPARE(environmentKindOf("elsewhere"), EnvironmentKind::Unset);
        QCOMPARE(environmentKindName(EnvironmentKind::Unset), QString());
    }

    void theClassComesFromWhatItIsBasedOn() {
        Workspace workspace;
        Environment live{"Live", {}}, europe{"Europe", {}}, test{"Test", {}}, circle{"Circle", {}};
        live.kind = EnvironmentKind::Production;
        europe.extends = "Live";
        test.extends = "Live";
        test.kind = EnvironmentKind::Test;
        circle.extends = "Circle";
        workspace.environments = {live, europe, test, circle};
        QCOMPARE(workspace.kindOf("Europe"), EnvironmentKind::Production);
        QCOMPARE(workspace.kindOf("Test"), EnvironmentKind::Test);
        QCOMPARE(workspace.kindOf("Circle"), EnvironmentKind::Unset);
        QCOMPARE(workspace.kindOf("Nowhere"), EnvironmentKind::Unset);
    }

    void hostsTellWhatTheyAre_data() {
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("kind");
        const auto row = [](const char* host, EnvironmentKind kind) {
            QTest::newRow(host) << QString(host) << int(kind);
        };
        for (const char* host : {"localhost", "127.0.0.1", "127.9.9.9", "[::1]", "api.localhost"})
            row(host, EnvironmentKind::Local);
        for (const char* host :
             {"api.test", "printer.local", "10.1.2.3", "192.168.0.9", "172.16.0.1", "172.31.255.1",
              "169.254.1.1", "[fd00::1]", "[fe80::1]", "api.example.com", "API.TEST"})
            row(host, EnvironmentKind::Test);
        for (const char* host : {"api.acme.com", "172.32.0.1", "11.0.0.1", "8.8.8.8", "contest", "mytest.com",
                                 "goodexample.com", "api.corp.internal", "[2001:db8::1]", "fdx.com"})
            row(host, EnvironmentKind::Unset);
    }
    void hostsTellWhatTheyAre() {
        QFETCH(QString, host);
        QFETCH(int, kind);
        QCOMPARE(int(suggestedKind(host)), kind);
    }

    void dotEnv() {
        const QByteArray text = "# a comment\n"
                                "PLAIN=value one \n"
                                "export EXPORTED=x\n"
                                "  SPACED = y # why\n"
                                "HASH=a#b\n"
                                "SINGLE='as \\n is # here' # more\n"
                                "DOUBLE=\"line\\nnext \\\"q\\\"\"\n"
                                "LINES=\"one\ntwo\"\r\n"
                                "EMPTY=\n"
                                "COMMENTED=# nothing\n"
                                "not a line\n"
                                "=none\n"
                                "9BAD=1\n"
                                "OPEN=\"never closed\n"
                                "LAST=z";
        QStringList got;
        for (const Variable& variable : readDotEnv(text))
            got.append(variable.name + '=' + variable.value);
        QCOMPARE(got, (QStringList{"PLAIN=value one", "EXPORTED=x", "SPACED=y", "HASH=a#b",
                                   "SINGLE=as \\n is # here", "DOUBLE=line\nnext \"q\"", "LINES=one\ntwo",
                                   "EMPTY=", "COMMENTED=", "OPEN=\"never closed", "LAST=z"}));
        QVERIFY(readDotEnv({}).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestEnvironment)
#include "test_environment.moc"
