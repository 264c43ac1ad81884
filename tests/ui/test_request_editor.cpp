// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ui_fixture.h"
#include "ui/request_editor.h"
#include "ui/request_editor_method.h"
#include "ui/request_editor_table.h"
#include "ui/send_as_bar.h"
#include "ui/url_edit.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTableWidget>
#include <QTest>

using namespace kb;
using namespace kb::test;
using Kind = RequestHint::Kind;

class TestRequestEditor : public QObject {
    Q_OBJECT

    static RequestSpec sample() {
        RequestSpec spec;
        spec.id = QStringLiteral("Users/Get.yml");
        spec.name = QStringLiteral("Get user");
        spec.method = QStringLiteral("PURGE");
        spec.url = QStringLiteral("{{baseUrl}}/users/:id?a=1&b");
        spec.params = {
            {ParamRow::In::Path, QStringLiteral("id"), QStringLiteral("7"), QStringLiteral("who"), true},
            {ParamRow::In::Query, QStringLiteral("off"), QStringLiteral("x"), {}, false}};
        spec.headers = {{QStringLiteral("X-A"), QStringLiteral("1"), {}, true},
                        {QStringLiteral("X-A"), QStringLiteral("2"), QStringLiteral("again"), false}};
        spec.body = {BodySpec::Kind::Json, QStringLiteral("{ }"), {}};
        spec.profileId = QStringLiteral("reader");
        spec.settings = {1234, false, 3, false, {QStringLiteral("Accept")}};
        spec.variables = {{QStringLiteral("id"), QStringLiteral("7"), true},
                          {QStringLiteral("off"), QStringLiteral("x"), false}};
        return spec;
    }
    static QPushButton* button(const QWidget& top, const QString& text) {
        for (QPushButton* each : top.findChildren<QPushButton*>())
            if (each->text() == text && each->isVisibleTo(&top)) return each;
        return nullptr;
    }
    static QList<Kind> kinds(const RequestEditor& editor) {
        QList<Kind> kinds;
        for (const RequestHint& hint : editor.hints())
            kinds.append(hint.kind);
        return kinds;
    }

private Q_SLOTS:
    void whatGoesInComesOut() {
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        editor.setSpec(sample());
        QCOMPARE(editor.spec(), sample());
        QVERIFY(!editor.isModified());
        editor.show();
        for (int tab = 0; tab <= RequestEditor::SettingsTab; ++tab)
            editor.showTab(static_cast<RequestEditor::Tab>(tab));
        QCOMPARE(editor.spec(), sample());
        QVERIFY(!editor.isModified());
    }

    void everyControlChangesTheSpec() {
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        editor.setSpec(sample());
        editor.show();
        QSignalSpy changed(&editor, &RequestEditor::changed);
        editor.findChild<MethodCombo*>()->setEditText(QStringLiteral("get"));
        QCOMPARE(editor.spec().method, QStringLiteral("get"));
        editor.findChild<UrlEdit*>()->setText(QStringLiteral("https://h/%7E/../x"));
        QCOMPARE(editor.spec().url, QStringLiteral("https://h/%7E/../x"));
        editor.setProfile(QStringLiteral("key"));
        QCOMPARE(editor.spec().profileId, QStringLiteral("key"));
        editor.showTab(RequestEditor::SettingsTab);
        editor.findChild<QSpinBox*>()->setValue(0);
        QCOMPARE(editor.spec().settings.timeoutMs, 0);
        QVERIFY(changed.size() >= 4);
        QVERIFY(editor.isModified());
        editor.setClean();
        QVERIFY(!editor.isModified());
    }

    /// They are in the Settings tab, and count at once for what is shown.
    void itsOwnVariablesAreEdited() {
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        RequestSpec spec = sample();
        spec.url = QStringLiteral("{{baseUrl}}/{{tenant}}/{{mine}}");
        spec.variables = {{QStringLiteral("tenant"), QStringLiteral("own"), true}};
        editor.setSpec(spec);
        editor.show();
        auto* url = editor.findChild<UrlEdit*>();
        QVERIFY(kinds(editor).contains(Kind::UnknownVariable));
        editor.showTab(RequestEditor::SettingsTab);
        auto* table = editor.findChild<QTableWidget*>();
        QVERIFY(table && table->rowCount() == 1);
        QCOMPARE(table->item(0, 1)->text(), QStringLiteral("own"));
        QTRY_VERIFY(button(editor, QStringLiteral("Add variable"))); // it is shown a little later
        button(editor, QStringLiteral("Add variable"))->click();
        QVERIFY(!editor.isModified()); // a row without a name says nothing
        table->item(1, 0)->setText(QStringLiteral("mine"));
        table->item(1, 1)->setText(QStringLiteral("two"));
        QVERIFY(editor.isModified());
        QCOMPARE(editor.spec().variables,
                 (QList<Variable>{{QStringLiteral("tenant"), QStringLiteral("own"), true},
                                  {QStringLiteral("mine"), QStringLiteral("two"), true}}));
        QTRY_COMPARE(url->toolTip(), QStringLiteral("Goes to https://api.example.com/own/two"));
        QVERIFY(!kinds(editor).contains(Kind::UnknownVariable));
        table->item(0, 0)->setCheckState(Qt::Unchecked);
        QTRY_COMPARE(url->toolTip(), QStringLiteral("Goes to https://api.example.com/acme/two"));
        // Another request has its own.
        editor.setSpec(sample());
        QCOMPARE(table->rowCount(), 2);
        QCOMPARE(editor.spec(), sample());
        QVERIFY(!editor.isModified());
    }

    void theUrlAndTheTableStayInStep() {
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        editor.setSpec(sample());
        editor.show();
        auto* url = editor.findChild<UrlEdit*>();
        url->setCursorPosition(static_cast<int>(url->text().size()));
        QTest::keyClicks(url, QStringLiteral("=2&c=3"));
        QAbstractItemModel* params = nullptr;
        for (EditTable* table : editor.findChildren<EditTable*>())
            if (table->accessibleName() == QStringLiteral("Parameters")) params = table->model();
        QVERIFY(params);
        QCOMPARE(params->rowCount(), 6);
        params->setData(params->index(1, 3), QStringLiteral("9"), Qt::EditRole);
        QCOMPARE(url->text(), QStringLiteral("{{baseUrl}}/users/:id?a=9&b=2&c=3"));
        QCOMPARE(editor.spec().url, url->text());
        QCOMPARE(editor.findChild<QTabBar*>()->tabText(RequestEditor::ParamsTab), QStringLiteral("Params 4"));
        QCOMPARE(editor.findChild<QTabBar*>()->tabText(RequestEditor::HeadersTab),
                 QStringLiteral("Headers 1"));
    }

    void sendTurnsIntoCancel() {
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        editor.show();
        QSignalSpy send(&editor, &RequestEditor::sendRequested),
            cancel(&editor, &RequestEditor::cancelRequested);
        button(editor, QStringLiteral("Send"))->click();
        QTest::keyClick(editor.findChild<UrlEdit*>(), Qt::Key_Return);
        QCOMPARE(send.size(), 2);
        editor.setRunning(true);
        QTest::keyClick(editor.findChild<UrlEdit*>(), Qt::Key_Return);
        QVERIFY(!button(editor, QStringLiteral("Send")));
        button(editor, QStringLiteral("Cancel"))->click();
        QCOMPARE(cancel.size(), 1);
        QCOMPARE(send.size(), 2);
        editor.setRunning(false);
        QVERIFY(button(editor, QStringLiteral("Send")));
    }

    void aRefusedTargetCanBeAllowed() {
        UiFixture fixture(QStringLiteral("https://staging.example.com"));
        RequestEditor editor(*fixture.session);
        RequestSpec spec;
        spec.url = QStringLiteral("{{baseUrl}}/users");
        spec.profileId = QStringLiteral("reader");
        editor.setSpec(spec);
        editor.show();
        QTRY_COMPARE(kinds(editor), QList<Kind>{Kind::OriginRefused});
        button(editor, QStringLiteral("Allow"))->click();
        QTRY_VERIFY(kinds(editor).isEmpty());
        QVERIFY(fixture.secrets.records[QStringLiteral("reader")].allowedOrigins.contains(
            QStringLiteral("https://staging.example.com")));
        QVERIFY(!editor.isModified());
    }

    void unknownVariablesAndBadUrlsShowAtOnce() {
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        editor.show();
        auto* url = editor.findChild<UrlEdit*>();
        QTest::keyClicks(url, QStringLiteral("{{base}}/x"));
        QCOMPARE(kinds(editor), QList<Kind>{Kind::UnknownVariable});
        url->setText(QStringLiteral("https://h:x/"));
        QCOMPARE(kinds(editor), QList<Kind>{Kind::BadUrl});
        QVERIFY(url->marks().contains(UrlMark{UrlMark::Kind::Problem, 10, 1}));
        url->setText(QStringLiteral("{{baseUrl}}/{{tenant}}"));
        QVERIFY(kinds(editor).isEmpty());
        QVERIFY(url->toolTip().contains(QStringLiteral("https://api.example.com/acme")));
    }

    void aTokenInAHeaderIsOfferedAProfileOnlyWhereOneListens() {
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        RequestSpec spec;
        spec.url = QStringLiteral("https://api.example.com/");
        spec.headers = {
            {QStringLiteral("X-Other"), QStringLiteral("1"), {}, true},
            {QStringLiteral("Authorization"), QStringLiteral("Bearer 0123456789abcdef"), {}, true}};
        editor.setSpec(spec);
        editor.show();
        QCOMPARE(kinds(editor), QList<Kind>{Kind::TokenInHeader});
        QVERIFY(!button(editor, QStringLiteral("Move to a profile")));
        QSignalSpy moved(&editor, &RequestEditor::moveTokenToProfileRequested);
        editor.setSpec(spec);
        QPushButton* move = button(editor, QStringLiteral("Move to a profile"));
        QVERIFY(move);
        move->click();
        QCOMPARE(moved.size(), 1);
        // By keyboard the button comes right behind the row that says who sends.
        QVERIFY(editor.findChild<SendAsBar*>()->lastControl()->nextInFocusChain() == move);
        QCOMPARE(moved.first().first().value<TokenSpot>(), (TokenSpot{TokenSpot::In::Header, 1, {}}));
    }

    void theCertificateExceptionIsExplainedAndMarked() {
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        editor.show();
        editor.showTab(RequestEditor::SettingsTab);
        QCheckBox* verify = nullptr;
        for (QCheckBox* each : editor.findChildren<QCheckBox*>())
            if (each->text().contains(QStringLiteral("certificate"))) verify = each;
        QVERIFY(verify && verify->isChecked());
        verify->setChecked(false);
        QVERIFY(!editor.spec().settings.verifyTls);
        QVERIFY(editor.isModified());
    }

    void everythingThatTakesFocusHasAName() {
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        editor.setSpec(sample());
        editor.show();
        for (int tab = 0; tab <= RequestEditor::SettingsTab; ++tab) {
            editor.showTab(static_cast<RequestEditor::Tab>(tab));
            for (const QWidget* each : editor.findChildren<QWidget*>()) {
                if (each->focusPolicy() == Qt::NoFocus || !each->isVisible() || each->focusProxy()) continue;
                // The line inside a spin box or a combo box is named by its owner.
                if (qobject_cast<const QLineEdit*>(each) && !qobject_cast<const UrlEdit*>(each) &&
                    (qobject_cast<const QAbstractSpinBox*>(each->parentWidget()) ||
                     qobject_cast<const QComboBox*>(each->parentWidget())))
                    continue;
                const QString words = each->accessibleName() + each->property("text").toString();
                const bool tabs = qobject_cast<const QTabBar*>(each) || qobject_cast<const QTabWidget*>(each);
                QVERIFY2(tabs || !words.isEmpty(),
                         qPrintable(QString::fromLatin1(each->metaObject()->className())));
            }
        }
    }

    void itFitsAnyWidth() {
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        editor.setSpec(sample());
        QVERIFY2(editor.minimumSizeHint().width() <= 560,
                 qPrintable(QString::number(editor.minimumSizeHint().width())));
    }
};

QTEST_MAIN(TestRequestEditor)
#include "test_request_editor.moc"
