// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/code_editor_loader.h"
#include "ui/request_editor_body.h"

#include <QAbstractScrollArea>
#include <QComboBox>
#include <QFileInfo>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>

using namespace kb;

class TestRequestBody : public QObject {
    Q_OBJECT

    static BodySpec json(const char* text) { return {BodySpec::Kind::Json, QString::fromUtf8(text), {}}; }

private Q_SLOTS:
    void theModuleLoads() {
        QString problem;
        QWidget parent;
        CodeEditor* editor = makeCodeEditor(&parent, &problem);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QVERIFY(!editor->findChild<QPlainTextEdit*>());
        const QString text = QStringLiteral("{\r\n  \"ü\": \"日本\"\n}\n");
        editor->setText(text);
        QCOMPARE(editor->text(), text);
    }

    void thePlainEditorServesToo() {
        QWidget parent;
        CodeEditor* editor = makePlainEditor(&parent);
        int changes = 0;
        editor->onChanged = [&] { ++changes; };
        editor->setText(QStringLiteral("{}"));
        QCOMPARE(changes, 0);
        QTest::keyClicks(editor->findChild<QPlainTextEdit*>(), QStringLiteral("x"));
        QCOMPARE(changes, 1);
        editor->markProblem(0, QStringLiteral("here"));
        QCOMPARE(editor->findChild<QPlainTextEdit*>()->extraSelections().size(), 1);
        editor->markProblem(-1, {});
        QVERIFY(editor->findChild<QPlainTextEdit*>()->extraSelections().isEmpty());
    }

    void noEditorIsMadeUntilItIsSeen() {
        RequestBody body;
        body.load(json("{\"a\": 1}"));
        QVERIFY(!body.editor());
        QCOMPARE(body.body(), json("{\"a\": 1}"));
        body.show();
        QVERIFY(body.editor());
        QCOMPARE(body.editor()->text(), QStringLiteral("{\"a\": 1}"));
        RequestBody none;
        none.load({});
        none.show();
        QVERIFY(!none.editor());
    }

    void typingIsTold() {
        RequestBody body;
        body.load(json("{}"));
        body.show();
        QSignalSpy edited(&body, &RequestBody::edited);
        QTest::keyClicks(body.editor()->focusProxy(), QStringLiteral(" "));
        QVERIFY(edited.size() >= 1);
        QCOMPARE(body.body().text, QStringLiteral(" {}"));
        body.load(json("[]"));
        const auto before = edited.size();
        QCOMPARE(body.body().text, QStringLiteral("[]"));
        QCOMPARE(edited.size(), before);
    }

    void brokenJsonIsAHint() {
        RequestBody body;
        body.load(json("{\n  \"a\": }\n"));
        body.show();
        QTRY_VERIFY(body.note().contains(QStringLiteral("Line 2")));
        QCOMPARE(body.body().text, QStringLiteral("{\n  \"a\": }\n"));
        body.load(json("{\"n\": {{count}}}"));
        QTRY_VERIFY(body.note().isEmpty());
    }

    void theKindsKeepTheText() {
        RequestBody body;
        body.load({BodySpec::Kind::Text, QStringLiteral("a=1"),
                   QStringLiteral("application/x-www-form-urlencoded")});
        body.show();
        auto* kind = body.findChild<QComboBox*>();
        kind->setCurrentIndex(0);
        QCOMPARE(body.body().kind, BodySpec::Kind::None);
        kind->setCurrentIndex(2);
        QCOMPARE(body.body(), (BodySpec{BodySpec::Kind::Text, QStringLiteral("a=1"),
                                        QStringLiteral("application/x-www-form-urlencoded")}));
    }
};

QTEST_MAIN(TestRequestBody)
#include "test_request_body.moc"
