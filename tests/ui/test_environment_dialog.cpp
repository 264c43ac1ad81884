// SPDX-License-Identifier: GPL-3.0-or-later
// The environments' dialog: class, colour, what it is based on, and edits that another program makes
// meanwhile.
#include "tests/support/ui_fixture.h"
#include "ui/environment_dialog.h"
#include "ui/outside_change.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QtTest>

using namespace kb;
using namespace kb::test;

class TestEnvironmentDialog : public QObject {
    Q_OBJECT

    template<class Widget> static Widget* named(QDialog& dialog, const char* name) {
        for (Widget* each : dialog.findChildren<Widget*>())
            if (each->accessibleName() == QLatin1String(name)) return each;
        qFatal("no %s", name);
    }
    static QPushButton* button(QDialog& dialog, const char* text) {
        for (QPushButton* each : dialog.findChildren<QPushButton*>())
            if (each->text() == QLatin1String(text)) return each;
        qFatal("no button %s", text);
    }
    /// Two environments, the second one in force.
    static void prepare(UiFixture& fixture) {
        QTRY_VERIFY(fixture.ready());
        for (const char* name : {"base", "stage"}) {
            Environment made;
            made.name = QLatin1String(name);
            made.variables = {{QStringLiteral("host"), QStringLiteral("h"), true},
                              {QStringLiteral("port"), QStringLiteral("1"), true}};
            QVERIFY(fixture.session->saveEnvironment(made));
        }
        fixture.session->setEnvironment(QStringLiteral("stage"));
    }
    static Environment saved(UiFixture& fixture) {
        return *fixture.session->workspace().environment(QStringLiteral("stage"));
    }
    static QTableWidget* variables(QDialog& dialog) { return named<QTableWidget>(dialog, "Variables"); }
    static void save(QDialog& dialog) {
        dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->click();
    }

private Q_SLOTS:
    void classColourAndWhatItIsBasedOn() {
        UiFixture fixture;
        prepare(fixture);
        {
            EnvironmentDialog dialog(*fixture.session);
            dialog.show();
            auto* kind = named<QComboBox>(dialog, "Class");
            kind->setCurrentIndex(kind->findData(int(EnvironmentKind::Production)));
            auto* base = named<QComboBox>(dialog, "Based on");
            QVERIFY(base->findData(QStringLiteral("stage")) < 0); // not on itself
            base->setCurrentIndex(base->findData(QStringLiteral("base")));
            named<QLineEdit>(dialog, ".env file")->setText(QStringLiteral(".env"));
            save(dialog);
        }
        QCOMPARE(saved(fixture).kind, EnvironmentKind::Production);
        QCOMPARE(saved(fixture).extends, QStringLiteral("base"));
        QCOMPARE(saved(fixture).dotEnvFile, QStringLiteral(".env"));
        EnvironmentDialog again(*fixture.session);
        QCOMPARE(named<QComboBox>(again, "Class")->currentData().toInt(), int(EnvironmentKind::Production));
        QCOMPARE(named<QComboBox>(again, "Based on")->currentData().toString(), QStringLiteral("base"));
        QCOMPARE(named<QLineEdit>(again, ".env file")->text(), QStringLiteral(".env"));
    }

    /// What is about other values is taken in at once.
    void anEditFromOutsideIsMerged() {
        UiFixture fixture;
        prepare(fixture);
        EnvironmentDialog dialog(*fixture.session);
        dialog.show();
        variables(dialog)->item(0, 1)->setText(QStringLiteral("mine"));
        Environment theirs = saved(fixture);
        theirs.variables[1].value = QStringLiteral("8080");
        QVERIFY(fixture.session->saveEnvironment(theirs));
        auto* outside = dialog.findChild<OutsideChange*>();
        QVERIFY2(outside->text().contains(QStringLiteral("its changes are in here now")),
                 qPrintable(outside->text()));
        QCOMPARE(variables(dialog)->item(0, 1)->text(), QStringLiteral("mine"));
        QCOMPARE(variables(dialog)->item(1, 1)->text(), QStringLiteral("8080"));
        save(dialog);
        QCOMPARE(saved(fixture).variables.at(0).value, QStringLiteral("mine"));
        QCOMPARE(saved(fixture).variables.at(1).value, QStringLiteral("8080"));
    }

    void theSameValueIsAskedAbout_data() {
        QTest::addColumn<QString>("button");
        QTest::addColumn<QString>("kept");
        QTest::newRow("mine") << QStringLiteral("Keep mine") << QStringLiteral("mine");
        QTest::newRow("theirs") << QStringLiteral("Take theirs") << QStringLiteral("theirs");
    }
    void theSameValueIsAskedAbout() {
        QFETCH(QString, button);
        QFETCH(QString, kept);
        UiFixture fixture;
        prepare(fixture);
        EnvironmentDialog dialog(*fixture.session);
        dialog.show();
        variables(dialog)->item(0, 1)->setText(QStringLiteral("mine"));
        Environment theirs = saved(fixture);
        theirs.variables[0].value = QStringLiteral("theirs");
        theirs.variables[1].value = QStringLiteral("8080");
        QVERIFY(fixture.session->saveEnvironment(theirs));
        auto* outside = dialog.findChild<OutsideChange*>();
        QVERIFY2(outside->isAsking() && outside->text().contains(QStringLiteral("host")),
                 qPrintable(outside->text()));
        QVERIFY(!outside->text().contains(QStringLiteral("port")));
        save(dialog); // nothing is put in place of theirs unasked
        QCOMPARE(saved(fixture).variables.at(0).value, QStringLiteral("theirs"));
        QVERIFY(dialog.isVisible());
        TestEnvironmentDialog::button(dialog, button.toLatin1().constData())->click();
        save(dialog);
        QVERIFY(!dialog.isVisible());
        QCOMPARE(saved(fixture).variables.at(0).value, kept);
        QCOMPARE(saved(fixture).variables.at(1).value, QStringLiteral("8080"));
    }
};

QTEST_MAIN(TestEnvironmentDialog)
#include "test_environment_dialog.moc"
