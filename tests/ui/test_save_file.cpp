// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/save_file.h"

#include <QTemporaryDir>
#include <QTest>

using namespace kb;

class TestSaveFile : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itIsWrittenWhole() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("report.html"));
        QVERIFY(saveFile(path, "first"));
        QVERIFY(saveFile(path, "second"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("second"));
    }
    void whatCannotBeWrittenIsSaidAndNothingIsLost() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("gone/report.html"));
        const Result<void> saved = saveFile(path, "text");
        QVERIFY(!saved);
        QVERIFY2(saved.error().text().contains(QStringLiteral("could not be saved")) &&
                     saved.error().text().contains(QStringLiteral("Choose another place")),
                 qPrintable(saved.error().text()));
        QCOMPARE(saved.error().where, path);
        // A folder stands there: it stays.
        QVERIFY(!saveFile(folder.path(), "text"));
        QVERIFY(QDir(folder.path()).exists());
    }
};

QTEST_GUILESS_MAIN(TestSaveFile)
#include "test_save_file.moc"
