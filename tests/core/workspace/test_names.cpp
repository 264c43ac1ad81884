// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/file_name.h"
#include "core/workspace/workspace.h"

#include <QTest>

using namespace kb;

class TestNames : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void requestStems_data();
    void requestStems();
    void environmentStems_data();
    void environmentStems();
    void longNamesAreCutBetweenCharacters();
    void paths_data();
    void paths();
    void bindings();
    void lookups();
    void schemeNames();
};

void TestNames::requestStems_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("stem");
    const auto row = [](const char* title, const QString& name, const QString& stem) {
        QTest::newRow(title) << name << stem;
    };
    row("plain", QStringLiteral("Get user (by id)"), QStringLiteral("get-user-by-id"));
    row("slashes", QStringLiteral("GET /users/{id}?a=1"), QStringLiteral("get-users-id-a-1"));
    row("up and away", QStringLiteral("../../etc/passwd"), QStringLiteral("etc-passwd"));
    row("letters of others", QStringLiteral("Größe 東京"), QStringLiteral("größe-東京"));
    row("emoji only", QStringLiteral("\U0001F600\U0001F600"), QStringLiteral("request"));
    row("emoji and word", QStringLiteral("\U0001F600 Smile"), QStringLiteral("smile"));
    row("nothing", QString(), QStringLiteral("request"));
    row("dots", QStringLiteral("...hidden"), QStringLiteral("hidden"));
    row("device", QStringLiteral("CON"), QStringLiteral("con-request"));
    row("port", QStringLiteral("Lpt1"), QStringLiteral("lpt1-request"));
    row("nearly a port", QStringLiteral("com10"), QStringLiteral("com10"));
    row("the format's own", QStringLiteral("Folder"), QStringLiteral("folder-request"));
    row("controls", QStringLiteral("a\nb\tc"), QStringLiteral("a-b-c"));
    row("decomposed", QStringLiteral("Cafe\u0301"), QStringLiteral("café"));
}

void TestNames::requestStems() {
    QFETCH(QString, name);
    QFETCH(QString, stem);
    QCOMPARE(requestFileStem(name), stem);
    QVERIFY(isSafeRelativePath(requestFileStem(name) + QStringLiteral(".yml")));
}

void TestNames::environmentStems_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("stem");
    QTest::newRow("as it is") << QStringLiteral("Staging (EU) \U0001F600")
                              << QStringLiteral("Staging (EU) \U0001F600");
    QTest::newRow("slash") << QStringLiteral("a/b\\c:d") << QStringLiteral("a-b-c-d");
    QTest::newRow("up") << QStringLiteral("../x") << QStringLiteral("-x");
    QTest::newRow("dots") << QStringLiteral("..") << QStringLiteral("environment");
    QTest::newRow("hidden") << QStringLiteral(".env") << QStringLiteral("env");
    QTest::newRow("trailing") << QStringLiteral("prod. ") << QStringLiteral("prod");
    QTest::newRow("device") << QStringLiteral("nul.x") << QStringLiteral("nul.x-environment");
}

void TestNames::environmentStems() {
    QFETCH(QString, name);
    QFETCH(QString, stem);
    QCOMPARE(environmentFileStem(name), stem);
    QVERIFY(isSafeRelativePath(QStringLiteral("environments/") + environmentFileStem(name) +
                               QStringLiteral(".yml")));
}

void TestNames::longNamesAreCutBetweenCharacters() {
    for (const QString& name :
         {QString(500, u'x'), QString(500, u'ü'), QStringLiteral("\U0001F600").repeated(200),
          QStringLiteral("\U00020000").repeated(200)}) {
        for (const QString& stem : {requestFileStem(name), environmentFileStem(name)}) {
            QVERIFY(!stem.isEmpty());
            QVERIFY(stem.toUtf8().size() <= 80);
            QCOMPARE(QString::fromUtf8(stem.toUtf8()), stem); // no half character
        }
    }
}

void TestNames::paths_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("safe");
    QTest::newRow("file") << QStringLiteral("a.yml") << true;
    QTest::newRow("deep") << QStringLiteral("a/b c/d.yml") << true;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("up") << QStringLiteral("a/../b.yml") << false;
    QTest::newRow("absolute") << QStringLiteral("/etc/x.yml") << false;
    QTest::newRow("twice") << QStringLiteral("a//b.yml") << false;
    QTest::newRow("backslash") << QStringLiteral("..\\x.yml") << false;
    QTest::newRow("drive") << QStringLiteral("C:x.yml") << false;
    QTest::newRow("hidden") << QStringLiteral(".git/config.yml") << false;
    QTest::newRow("null") << QStringLiteral("a") + QChar(QChar::Null) + QStringLiteral(".yml") << false;
}

void TestNames::paths() {
    QFETCH(QString, path);
    QFETCH(bool, safe);
    QCOMPARE(isSafeRelativePath(path), safe);
}

void TestNames::bindings() {
    TokenProfile profile;
    QVERIFY(!profile.bindingFor(QStringLiteral("a")));
    profile.bindings = {{QStringLiteral("a"), {QStringLiteral("1")}, {}, {}}};
    QCOMPARE(profile.bindingFor(QStringLiteral("a"))->secret.id, QStringLiteral("1"));
    QVERIFY(!profile.bindingFor(QStringLiteral("b")));
    QVERIFY(!profile.bindingFor(QString()));
    profile.bindings.prepend({QString(), {QStringLiteral("2")}, {}, {}});
    QCOMPARE(profile.bindingFor(QStringLiteral("a"))->secret.id, QStringLiteral("1"));
    QCOMPARE(profile.bindingFor(QStringLiteral("b"))->secret.id, QStringLiteral("2"));
    const TokenProfile copy = profile;
    profile.bindingFor(QStringLiteral("b"))->secret.id = QStringLiteral("3");
    QCOMPARE(copy.bindingFor(QStringLiteral("b"))->secret.id, QStringLiteral("2"));
    QCOMPARE(std::as_const(profile).bindingFor(QString())->secret.id, QStringLiteral("3"));
}

void TestNames::lookups() {
    Workspace workspace;
    for (const char* name : {"Reader", "Admin", "admin", "Guest"}) {
        TokenProfile profile;
        profile.id = QStringLiteral("id-") + QString::fromLatin1(name);
        profile.name = QString::fromLatin1(name);
        workspace.profiles.append(profile);
    }
    QCOMPARE(workspace.profile(QStringLiteral("id-Guest")), &workspace.profiles[3]);
    QCOMPARE(workspace.profile(QStringLiteral("admin")), &workspace.profiles[2]);
    QCOMPARE(workspace.profile(QStringLiteral("reader")), &workspace.profiles[0]);
    QVERIFY(!workspace.profile(QStringLiteral("ADMIN"))); // two could be meant
    QVERIFY(!workspace.profile(QString()));
    workspace.environments = {{QStringLiteral("A"), {}}};
    QVERIFY(workspace.environment(QStringLiteral("A")));
    QVERIFY(!workspace.environment(QStringLiteral("a")));
}

void TestNames::schemeNames() {
    QCOMPARE(schemeName(BearerScheme{}), QStringLiteral("bearer"));
    QCOMPARE(schemeName(ApiKeyScheme{}), QStringLiteral("api-key"));
    QCOMPARE(schemeName(BasicScheme{}), QStringLiteral("basic"));
}

QTEST_GUILESS_MAIN(TestNames)
#include "test_names.moc"
