// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/code_editor_loader.h"
#include "ui/parts_table_model.h"
#include "ui/request_editor_body.h"

#include <QAbstractItemModelTester>
#include <QAbstractScrollArea>
#include <QComboBox>
#include <QFileInfo>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTableView>
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

    void aMultipartFormIsATable() {
        RequestBody body;
        const QList<BodyPart> parts{{QStringLiteral("note"), QStringLiteral("hello"), false, {}, true}};
        body.load({BodySpec::Kind::Multipart, {}, {}, parts});
        QAbstractItemModelTester tester(&body.parts());
        body.show();
        QVERIFY(body.findChild<QTableView*>());
        QCOMPARE(body.body().parts, parts);
        QSignalSpy edited(&body, &RequestBody::edited);
        PartsModel& model = body.parts();
        QVERIFY(model.setData(model.index(1, PartsModel::Name), QStringLiteral("picture"), Qt::EditRole));
        QVERIFY(model.setData(model.index(1, PartsModel::IsFile), Qt::Checked, Qt::CheckStateRole));
        QVERIFY(model.setData(model.index(1, PartsModel::Value), QStringLiteral("a.png"), Qt::EditRole));
        QVERIFY(model.setData(model.index(1, PartsModel::Type), QStringLiteral("image/png"), Qt::EditRole));
        QVERIFY(model.setData(model.index(0, PartsModel::On), Qt::Unchecked, Qt::CheckStateRole));
        QCOMPARE(edited.count(), 5);
        const BodyPart picture{QStringLiteral("picture"), QStringLiteral("a.png"), true,
                               QStringLiteral("image/png"), true};
        QCOMPARE(body.body().parts.value(1), picture);
        QVERIFY(!body.body().parts.value(0).enabled);
        QVERIFY(model.moveRows({}, 1, 1, {}, 0));
        QCOMPARE(body.body().parts.value(0), picture);
        QVERIFY(model.removeRows(1, 1));
        QCOMPARE(body.body().parts.size(), 1);
    }

    void aFileIsNamed() {
        RequestBody body;
        const BodySpec file{BodySpec::Kind::File, QStringLiteral("a.png"), QStringLiteral("image/png")};
        body.load(file);
        body.show();
        QCOMPARE(body.body(), file);
        QVERIFY(!body.editor());
        BodySpec kept;
        kept.unsupported = QStringLiteral("graphql"); // stays, and is said
        body.load(kept);
        QCOMPARE(body.body(), kept);
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
