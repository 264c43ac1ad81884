// SPDX-License-Identifier: GPL-3.0-or-later
// Secret variables in the environments dialog.
#include "tests/support/accessible_walk.h"
#include "tests/support/ui_fixture.h"
#include "ui/environment_dialog.h"
#include "ui/secret_edit.h"
#include "ui/secret_variable_dialog.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableWidget>
#include <QTest>

using namespace kb;
using namespace kb::test;

class TestSecretVariables : public QObject {
    Q_OBJECT
    std::unique_ptr<UiFixture> m;
    std::unique_ptr<EnvironmentDialog> m_dialog;

    static QPushButton* button(const QWidget& top, const QString& text) {
        for (QPushButton* each : top.findChildren<QPushButton*>())
            if (each->text() == text) return each;
        return nullptr;
    }
    static QString words(const QWidget& top) {
        QString all;
        for (const QLabel* label : top.findChildren<QLabel*>())
            if (label->isVisibleTo(&top)) all += label->text() + u'\n';
        return all;
    }
    QTableWidget& table(const QString& name) const {
        for (QTableWidget* each : m_dialog->findChildren<QTableWidget*>())
            if (each->accessibleName() == name) return *each;
        qFatal("no such table");
    }
    SecretVariableDialog* ask() const { return m_dialog->findChild<SecretVariableDialog*>(); }
    static QString keyOf(const UiFixture& m, const QString& name) {
        const SecretVariable* variable = m.session->workspace().environment("staging")->secret(name);
        return variable ? variable->secret.id : QString();
    }
    void fill(const QString& name, const QString& value, const QString& origins) {
        QVERIFY(ask());
        if (!name.isEmpty()) ask()->findChild<QLineEdit*>()->setText(name);
        if (!value.isEmpty()) ask()->findChild<SecretEdit*>()->setText(value);
        ask()->findChild<QPlainTextEdit*>()->setPlainText(origins);
    }
    void save() { ask()->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->click(); }
    bool closed() const { return !ask() || !ask()->isVisible(); }

private Q_SLOTS:
    void init() {
        m = std::make_unique<UiFixture>();
        m_dialog = std::make_unique<EnvironmentDialog>(*m->session);
        m_dialog->show();
    }
    void cleanup() {
        m_dialog.reset();
        m.reset();
    }

    /// A token typed among the plain variables becomes secret, and never was in the environment.
    void aTypedTokenBecomesSecret() {
        QTableWidget& plain = table("Variables");
        button(*m_dialog, "Add variable")->click();
        const int row = plain.rowCount() - 1;
        plain.setItem(row, 0, new QTableWidgetItem("token"));
        plain.setItem(row, 1, new QTableWidgetItem(QString::fromLatin1(m->readerToken)));
        QVERIFY(words(*m_dialog).contains("make it secret"));
        plain.setItem(0, 1, new QTableWidgetItem("https://api2.example.com")); // another edit, not saved yet
        plain.setCurrentCell(row, 0);
        button(*m_dialog, "Make secret…")->click();
        fill({}, {}, "https://api.example.com\n{{baseUrl}}");
        save();
        QTRY_VERIFY(closed());
        const Environment& now = *m->session->workspace().environment("staging");
        QCOMPARE(now.variables.size(), 2);
        QCOMPARE(now.variables.first().value, "https://api2.example.com");
        const QString key = keyOf(*m, "token");
        QVERIFY(m->secrets.records.count(key));
        QCOMPARE(QByteArray(m->secrets.records.at(key).secret.reveal().data(), m->readerToken.size()),
                 m->readerToken);
        QCOMPARE(m->secrets.records.at(key).allowedOrigins.first(), "https://api.example.com");
        QCOMPARE(table("Secret variables").rowCount(), 1);
        QCOMPARE(table("Secret variables").item(0, 2)->text(), "in the keychain");
        QCOMPARE(plain.rowCount(), 2);
        for (int i = 0; i < plain.rowCount(); ++i)
            QVERIFY(plain.item(i, 1)->text() != QString::fromLatin1(m->readerToken));
    }

    void itIsChangedAndDeleted() {
        button(*m_dialog, "Make secret…")->click();
        fill("apiKey", "first-value-0001", "https://api.example.com");
        save();
        QTRY_VERIFY(closed());
        const QString first = keyOf(*m, "apiKey");
        // Only where it may go: the value stays.
        table("Secret variables").setCurrentCell(0, 0);
        button(*m_dialog, "Change…")->click();
        QTRY_VERIFY(ask() && ask()->isVisible());
        fill({}, {}, "https://api.example.com\nhttp://localhost:8080");
        save();
        QTRY_VERIFY(closed());
        QCOMPARE(keyOf(*m, "apiKey"), first);
        QCOMPARE(m->secrets.records.at(first).allowedOrigins.size(), 2);
        QCOMPARE(m->secrets.records.at(first).plainHttpOrigins, QStringList{"http://localhost:8080"});
        QCOMPARE(QString::fromLatin1(m->secrets.records.at(first).secret.reveal().data(), 16),
                 "first-value-0001");
        // A new value gets a place of its own, and the old one goes.
        table("Secret variables").setCurrentCell(0, 0);
        button(*m_dialog, "Change…")->click();
        QTRY_VERIFY(ask() && ask()->isVisible());
        fill({}, "second-value-002", "https://api.example.com");
        save();
        QTRY_VERIFY(closed());
        const QString second = keyOf(*m, "apiKey");
        QVERIFY(second != first);
        QTRY_VERIFY(!m->secrets.records.count(first));
        table("Secret variables").setCurrentCell(0, 0);
        button(*m_dialog, "Delete secret")->click();
        QCOMPARE(keyOf(*m, "apiKey"), "");
        QTRY_VERIFY(!m->secrets.records.count(second));
        QCOMPARE(table("Secret variables").rowCount(), 0);
    }

    /// {{baseUrl}} is that of the environment that is edited, not of the one in force.
    void itMayGoWhereItsOwnEnvironmentIs() {
        Environment other{"other", {{"baseUrl", "https://other.example", true}}};
        QVERIFY(m->session->saveEnvironment(other));
        QCOMPARE(m->session->environmentName(), "staging");
        std::optional<Result<void>> done;
        m->session->setSecretVariable(other, {"token", {}, {"{{baseUrl}}"}}, Secret("some-value"),
                                      [&done](const Result<void>& result) { done = result; });
        QTRY_VERIFY(done);
        QVERIFY(*done);
        const SecretVariable* variable = m->session->workspace().environment("other")->secret("token");
        QVERIFY(variable);
        QCOMPARE(m->secrets.records.at(variable->secret.id).allowedOrigins,
                 QStringList{"https://other.example"});
    }

    void whatCannotBeIsSaid_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("origins");
        QTest::addColumn<QString>("said");
        QTest::newRow("no name") << ""
                                 << "some-value"
                                 << ""
                                 << "needs a name";
        QTest::newRow("no value") << "token"
                                  << ""
                                  << ""
                                  << "Type the value";
        QTest::newRow("too short") << "token"
                                   << "abc"
                                   << ""
                                   << "too short";
        QTest::newRow("no origin") << "token"
                                   << "some-value"
                                   << "nonsense here"
                                   << "has no scheme";
    }
    void whatCannotBeIsSaid() {
        QFETCH(QString, said);
        table("Variables").setCurrentCell(-1, -1);
        button(*m_dialog, "Make secret…")->click();
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(QString, origins);
        fill(name, value, origins);
        save();
        QTRY_VERIFY2(words(*ask()).contains(said), qPrintable(words(*ask())));
        QVERIFY(ask()->isVisible());
        QVERIFY(m->session->workspace().environment("staging")->secrets.isEmpty());
        QCOMPARE(m->secrets.records.size(), size_t(2)); // the profiles' own
    }

    /// A keychain that refuses leaves everything as it was.
    void aRefusalChangesNothing() {
        m->secrets.refusal = Error{ErrorCode::StoreLocked, "The keychain is locked.", {}, {}};
        table("Variables").setCurrentCell(-1, -1);
        button(*m_dialog, "Make secret…")->click();
        fill("token", "some-value", "https://api.example.com");
        save();
        QTRY_VERIFY2(words(*ask()).contains("The keychain is locked."), qPrintable(words(*ask())));
        QVERIFY(m->session->workspace().environment("staging")->secrets.isEmpty());
    }

    void anEnvironmentWithSecretsIsNotDeletedUnasked() {
        table("Variables").setCurrentCell(-1, -1);
        button(*m_dialog, "Make secret…")->click();
        fill("token", "some-value", {});
        save();
        QTRY_VERIFY(closed());
        QTableWidget& plain = table("Variables");
        while (plain.rowCount() > 0)
            plain.removeRow(0);
        button(*m_dialog, "Save")->click();
        m_dialog = std::make_unique<EnvironmentDialog>(*m->session);
        m_dialog->show();
        button(*m_dialog, "Delete")->click();
        QVERIFY2(words(*m_dialog).contains("still holds variables"), qPrintable(words(*m_dialog)));
        // Where it goes all the same, its values go along.
        const QString key = keyOf(*m, "token");
        QVERIFY(m->session->removeEnvironment("staging"));
        QTRY_VERIFY(!m->secrets.records.count(key));
    }

    void everyControlHasAName() {
        SecretVariableDialog dialog({});
        dialog.show();
        QCoreApplication::processEvents();
        const QStringList nameless = namelessControls(dialog);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join('\n')));
    }
};

QTEST_MAIN(TestSecretVariables)
#include "test_secret_variables.moc"
