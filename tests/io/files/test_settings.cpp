// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/default_paths.h"
#include "io/files/settings.h"

#include "tests/io/files/folder_fixture.h"

#include <QTest>

using namespace kb;

class TestSettings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void valuesComeBack();
    void missingAndRemoved();
    void aFolderThatCannotBeMade();
    void pathsFollowTheSystem();
};

void TestSettings::valuesComeBack() {
    const FolderFixture folder;
    const QString path = folder.path(QStringLiteral("sub/settings.ini"));
    {
        FileSettings settings(path);
        settings.setValue(QStringLiteral("window/width"), 1280);
        settings.setValue(QStringLiteral("theme"), QStringLiteral("dark, \"ü\" \U0001F600"));
        settings.setValue(QStringLiteral("notify"), false);
        settings.setValue(QStringLiteral("list"), QStringList{QStringLiteral("a"), QStringLiteral("b,c")});
        settings.setValue(QStringLiteral("bytes"), QByteArray("\0\xff", 2));
        QVERIFY(settings.flush());
    }
    FileSettings settings(path);
    QCOMPARE(settings.value(QStringLiteral("window/width")).toInt(), 1280);
    QCOMPARE(settings.value(QStringLiteral("theme")).toString(), QStringLiteral("dark, \"ü\" \U0001F600"));
    QCOMPARE(settings.value(QStringLiteral("notify"), true).toBool(), false);
    QCOMPARE(settings.value(QStringLiteral("list")).toStringList(),
             (QStringList{QStringLiteral("a"), QStringLiteral("b,c")}));
    QCOMPARE(settings.value(QStringLiteral("bytes")).toByteArray(), QByteArray("\0\xff", 2));
}

void TestSettings::missingAndRemoved() {
    const FolderFixture folder;
    FileSettings settings(folder.path(QStringLiteral("settings.ini")));
    QCOMPARE(settings.value(QStringLiteral("x"), 5).toInt(), 5);
    settings.setValue(QStringLiteral("x"), 6);
    QCOMPARE(settings.value(QStringLiteral("x"), 5).toInt(), 6);
    settings.setValue(QStringLiteral("x"), QVariant());
    QCOMPARE(settings.value(QStringLiteral("x"), 5).toInt(), 5);
}

void TestSettings::aFolderThatCannotBeMade() {
    const FolderFixture folder;
    folder.write(QStringLiteral("file"), "x");
    FileSettings settings(folder.path(QStringLiteral("file/settings.ini")));
    settings.setValue(QStringLiteral("x"), 1);
    QVERIFY(!settings.flush());
    QCOMPARE(settings.value(QStringLiteral("x")).toInt(), 1); // still good for this run
}

void TestSettings::pathsFollowTheSystem() {
    const DefaultPaths paths = defaultPaths();
    QVERIFY(QDir::isAbsolutePath(paths.configFolder));
    QVERIFY(paths.configFolder.endsWith(QStringLiteral("/Keybearer")));
    QVERIFY(paths.settingsFile.startsWith(paths.configFolder));
    QVERIFY(paths.practiceWorkspace.startsWith(paths.dataFolder));
#ifdef Q_OS_LINUX
    const FolderFixture folder;
    qputenv("XDG_CONFIG_HOME", QFile::encodeName(folder.path(QStringLiteral("c"))));
    qputenv("XDG_DATA_HOME", QFile::encodeName(folder.path(QStringLiteral("d"))));
    QCOMPARE(defaultPaths().configFolder, folder.path(QStringLiteral("c/Keybearer")));
    QCOMPARE(defaultPaths().dataFolder, folder.path(QStringLiteral("d/Keybearer")));
#endif
}

QTEST_GUILESS_MAIN(TestSettings)
#include "test_settings.moc"
