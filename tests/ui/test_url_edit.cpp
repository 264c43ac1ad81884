// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/url_edit.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QTest>

using namespace kb;
using Kind = UrlMark::Kind;

class TestUrlEdit : public QObject {
    Q_OBJECT
    VariableMap m_variables{{QStringLiteral("baseUrl"), QStringLiteral("https://h")}};

private Q_SLOTS:
    void marksWhatIsInTheUrl() {
        const QString url = QStringLiteral("{{baseUrl}}/{{tenant}}/users/:id/{part}?a=:no");
        QCOMPARE(urlMarks(url, m_variables), (QList<UrlMark>{{Kind::KnownVariable, 0, 11},
                                                             {Kind::UnknownVariable, 12, 10},
                                                             {Kind::PathParameter, 29, 3},
                                                             {Kind::PathParameter, 33, 6}}));
    }

    void aProblemAtTheEndMarksTheLastCharacter() {
        QCOMPARE(urlMarks(QStringLiteral("http:"), {}, 5), (QList<UrlMark>{{Kind::Problem, 4, 1}}));
        QVERIFY(urlMarks({}, {}, 0).isEmpty());
    }

    void typingIsKeptToTheLetter() {
        UrlEdit edit;
        const QString typed = QStringLiteral(" https://h/a/../b//x?q=%7E&q=%7e ");
        QTest::keyClicks(&edit, typed);
        QCOMPARE(edit.text(), typed);
    }

    void pastingDropsTheLineEndAlone() {
        UrlEdit edit;
        edit.setText(QStringLiteral("https://h"));
        QGuiApplication::clipboard()->setText(QStringLiteral("/a b \r\n"));
        QTest::keyClick(&edit, Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(edit.text(), QStringLiteral("https://h/a b "));
        edit.undo();
        QCOMPARE(edit.text(), QStringLiteral("https://h"));
    }

    void colouringLeavesUndoAndCursorAlone() {
        UrlEdit edit;
        edit.setVariables(m_variables);
        QTest::keyClicks(&edit, QStringLiteral("{{baseUrl}}/a"));
        edit.setCursorPosition(3);
        edit.setProblem(4, 2);
        QCOMPARE(edit.cursorPosition(), 3);
        QVERIFY(edit.isUndoAvailable());
        edit.undo();
        QVERIFY(edit.text() != QStringLiteral("{{baseUrl}}/a"));
        edit.redo();
        QCOMPARE(edit.text(), QStringLiteral("{{baseUrl}}/a"));
    }

    void replacingCanBeUndone() {
        UrlEdit edit;
        edit.setText(QStringLiteral("https://h/?a=1"));
        edit.setCursorPosition(4);
        edit.replaceText(QStringLiteral("https://h/?a=2"));
        QCOMPARE(edit.cursorPosition(), 4);
        edit.undo();
        while (edit.isUndoAvailable() && edit.text() != QStringLiteral("https://h/?a=1"))
            edit.undo();
        QCOMPARE(edit.text(), QStringLiteral("https://h/?a=1"));
    }

    void anInputMethodIsNotDisturbed() {
        UrlEdit edit;
        edit.setText(QStringLiteral("x"));
        QInputMethodEvent composing(QStringLiteral("日"), {});
        QCoreApplication::sendEvent(&edit, &composing);
        edit.setVariables(m_variables); // would repaint the marks
        QInputMethodEvent done;
        done.setCommitString(QStringLiteral("日"));
        QCoreApplication::sendEvent(&edit, &done);
        QCOMPARE(edit.text(), QStringLiteral("x日"));
    }
};

QTEST_MAIN(TestUrlEdit)
#include "test_url_edit.moc"
