// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/scintilla_editor.h"

#include <QTest>

using namespace kb;

class TestScintillaEditor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsTheTextToTheLetter_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("unix") << QStringLiteral("{\n}\n");
        QTest::newRow("windows") << QStringLiteral("{\r\n}\r\n");
        QTest::newRow("mixed") << QStringLiteral("a\r\nb\nc\td ");
        QTest::newRow("beyond ASCII") << QStringLiteral("ü 日本 😀");
        QTest::newRow("empty") << QString();
    }
    void keepsTheTextToTheLetter() {
        QFETCH(QString, text);
        ScintillaEditor editor;
        for (const char* language : {"json", "text", "json"}) {
            editor.setText(text);
            editor.setLanguage(QLatin1String(language));
            QCOMPARE(editor.text(), text);
        }
    }

    void onlyTheUserCallsBack() {
        ScintillaEditor editor;
        int changes = 0;
        editor.onChanged = [&] { ++changes; };
        editor.setText(QStringLiteral("{}"));
        QCOMPARE(changes, 0);
        QTest::keyClicks(editor.focusProxy(), QStringLiteral("x"));
        QVERIFY(changes >= 1);
        QCOMPARE(editor.text(), QStringLiteral("x{}"));
    }

    void indentsAsTheLineAbove() {
        ScintillaEditor editor;
        editor.setLanguage(QStringLiteral("json"));
        editor.setText(QStringLiteral("  a"));
        QTest::keyClick(editor.focusProxy(), Qt::Key_End);
        QTest::keyClick(editor.focusProxy(), Qt::Key_Return);
        QTest::keyClicks(editor.focusProxy(), QStringLiteral("b"));
        QCOMPARE(editor.text(), QStringLiteral("  a\n  b"));
    }

    void leavesTheWindowsKeysAlone() {
        ScintillaEditor editor;
        editor.setText(QStringLiteral("one\ntwo"));
        for (const Qt::Key key : {Qt::Key_L, Qt::Key_D, Qt::Key_T, Qt::Key_U})
            QTest::keyClick(editor.focusProxy(), key, Qt::ControlModifier);
        QCOMPARE(editor.text(), QStringLiteral("one\ntwo"));
    }

    void undoStartsAtTheGivenText() {
        ScintillaEditor editor;
        editor.setText(QStringLiteral("{}"));
        QTest::keyClicks(editor.focusProxy(), QStringLiteral("x"));
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(editor.focusProxy(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(editor.text(), QStringLiteral("{}"));
    }

    void problemsAreMarkedAndTakenAway() {
        ScintillaEditor editor;
        editor.setText(QStringLiteral("{\n oops"));
        editor.markProblem(3, QStringLiteral("Not a value."));
        QCOMPARE(editor.focusProxy()->toolTip(), QStringLiteral("Not a value."));
        editor.markProblem(9999, QStringLiteral("beyond the end"));
        editor.markProblem(-1, {});
        QVERIFY(editor.focusProxy()->toolTip().isEmpty());
        QCOMPARE(editor.text(), QStringLiteral("{\n oops"));
    }
};

QTEST_MAIN(TestScintillaEditor)
#include "test_scintilla_editor.moc"
