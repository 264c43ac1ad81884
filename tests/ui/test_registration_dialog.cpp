// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 7592 in the window: what a server keeps of the client, and changing it.
#include "tests/support/accessible_walk.h"
#include "tests/support/grant_fixture.h"
#include "ui/grant_panel.h"
#include "ui/registration_dialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>
#include <QTreeWidget>

using namespace kb;
using namespace kb::test;

namespace {

void putClient(SecretRecord& record) {
    ClientRegistration made;
    made.clientId = QStringLiteral("app");
    made.accessToken = Secret("manage-token-1");
    made.clientUri = HttpUrl::parse(QStringLiteral("https://id.example.com/register/app")).value();
    putRegistration(record, std::move(made));
}

QPushButton* buttonIn(const QWidget& top, const QString& text) {
    for (QPushButton* each : top.findChildren<QPushButton*>())
        if (each->text() == text) return each;
    return nullptr;
}

} // namespace

class TestRegistrationDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void s5_11_theRegistrationIsShownAndChanged() {
        GrantFixture fixture;
        putClient(fixture.record());
        fixture.begin();
        QTRY_VERIFY(fixture.ready());
        QWidget window;
        GrantPanel panel(*fixture.session, &window);
        panel.setProfile(QStringLiteral("grant"));
        window.show();
        fixture.transport.answer = [](const Request& request) {
            const QByteArray name = request.method == "PUT" ? "New" : "Old";
            const QByteArray token = request.method == "PUT" ? "manage-token-3" : "manage-token-2";
            return reply(200, "{\"client_id\":\"app\",\"client_name\":\"" + name +
                                  "\",\"scope\":\"a b\",\"registration_access_token\":\"" + token + "\"}");
        };
        buttonIn(panel, QStringLiteral("Registration…"))->click();
        auto* dialog = window.findChild<RegistrationDialog*>();
        QVERIFY(dialog && dialog->isVisible());
        auto* list = dialog->findChild<QTreeWidget*>();
        QTRY_COMPARE(list->topLevelItemCount(), 3);
        QVERIFY(fixture.record().part(grantpart::registrationToken)->equals(Secret("manage-token-2")));
        auto* change = buttonIn(*dialog, QStringLiteral("Change at the server"));
        QVERIFY(!change->isEnabled()); // nothing is wanted otherwise
        QLineEdit* name = nullptr;
        for (QLineEdit* each : dialog->findChildren<QLineEdit*>())
            if (each->text() == QStringLiteral("Old")) name = each;
        QVERIFY(name);
        name->setText(QStringLiteral("New"));
        QVERIFY(change->isEnabled());
        change->click();
        QVERIFY(!change->isEnabled()); // one at a time
        QTRY_VERIFY(fixture.record().part(grantpart::registrationToken)->equals(Secret("manage-token-3")));
        QTRY_COMPARE(list->topLevelItem(1)->text(1), QStringLiteral("New"));
        const Request put = fixture.transport.sent.last();
        QCOMPARE(put.method, QByteArray("PUT"));
        QCOMPARE(put.headers.first("Authorization").value_or(""), QByteArray("Bearer manage-token-2"));
        QString words;
        for (const QLabel* label : dialog->findChildren<QLabel*>())
            words += label->text();
        QVERIFY2(words.contains(QStringLiteral("has changed the client")), qPrintable(words));
        QVERIFY(!words.contains(QStringLiteral("manage-token")));
        const QStringList nameless = namelessControls(*dialog);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
    }

    void s5_11_aRefusalIsSaid() {
        GrantFixture fixture;
        putClient(fixture.record());
        fixture.begin();
        QTRY_VERIFY(fixture.ready());
        fixture.transport.answer = [](const Request&) {
            return reply(401, json("{'error':'invalid_token'}"));
        };
        RegistrationDialog dialog(*fixture.session, QStringLiteral("grant"));
        dialog.open();
        QVERIFY(fixture.transport.sent.isEmpty());
        dialog.ask();
        QTRY_VERIFY(dialog.findChild<QLabel*>()->text().contains(QStringLiteral("invalid_token")));
        QVERIFY(fixture.record().part(grantpart::registrationToken)->equals(Secret("manage-token-1")));
    }

    void onlyAClientOfOursHasTheButton() {
        GrantFixture fixture;
        fixture.begin();
        QTRY_VERIFY(fixture.ready());
        QWidget window;
        GrantPanel panel(*fixture.session, &window);
        panel.setProfile(QStringLiteral("grant"));
        window.show();
        QVERIFY(!buttonIn(panel, QStringLiteral("Registration…"))->isVisible());
    }
};

QTEST_MAIN(TestRegistrationDialog)
#include "test_registration_dialog.moc"
