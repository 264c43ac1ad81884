// SPDX-License-Identifier: GPL-3.0-or-later
// From a 401 to a login: what is asked, what is shown, and that a server is asked only on the user's word.
#include "tests/support/accessible_walk.h"
#include "tests/support/grant_fixture.h"
#include "ui/discovery_dialog.h"
#include "ui/profile_dialog.h"
#include "ui/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace kb;
using namespace kb::test;

namespace {

struct DiscoveryBench : GrantFixture {
    std::unique_ptr<DiscoveryDialog> dialog;
    QList<QPair<AuthScheme, QString>> found;
    std::shared_ptr<RegisteredClient> made;
    bool oneAnswers = false;
    QByteArray resource = json("{'resource':'https://api.test/users','resource_name':'Users \\u202e API',"
                               "'authorization_servers':['https://one.test','https://two.test'],"
                               "'scopes_supported':['users:read']}");

    void open(const QByteArray& challenge = "Bearer resource_metadata=\"https://api.test/meta\"") {
        begin();
        transport.answer = [this](const Request& request) -> Result<TransportReply> {
            if (request.url.text() == "https://api.test/meta") return reply(200, resource);
            if (request.url.text() == "https://two.test/.well-known/oauth-authorization-server")
                return reply(200,
                             json("{'issuer':'https://two.test','token_endpoint':'https://two.test/token',"
                                  "'authorization_endpoint':'https://two.test/authorize',"
                                  "'grant_types_supported':['authorization_code']}"));
            if (request.url.text() == "https://one.test/.well-known/oauth-authorization-server" && oneAnswers)
                return reply(200,
                             json("{'issuer':'https://one.test','token_endpoint':'https://one.test/token',"
                                  "'authorization_endpoint':'https://one.test/authorize',"
                                  "'token_endpoint_auth_methods_supported':['client_secret_basic'],"
                                  "'registration_endpoint':'https://one.test/register'}"));
            if (request.url.text() == "https://one.test/register")
                return reply(201, json("{'client_id':'c-9','client_secret':'made-by-the-server-1',"
                                       "'token_endpoint_auth_method':'client_secret_basic',"
                                       "'registration_access_token':'manage-it-9f8e7d6c',"
                                       "'registration_client_uri':'https://one.test/register/c-9'}"));
            return reply(404);
        };
        dialog = std::make_unique<DiscoveryDialog>(*session, QStringLiteral("https://api.test/users"),
                                                   QList<QByteArray>{challenge});
        QObject::connect(dialog.get(), &DiscoveryDialog::found, dialog.get(),
                         [this](const AuthScheme& scheme, const QString& origin) {
                             found.append({scheme, origin});
                         });
        QObject::connect(dialog.get(), &DiscoveryDialog::registered, dialog.get(),
                         [this](const std::shared_ptr<RegisteredClient>& client) { made = client; });
        dialog->show();
        dialog->ask();
    }
    QString words() const {
        QStringList out;
        for (const QLabel* label : dialog->findChildren<QLabel*>())
            if (label->isVisible()) out << label->text();
        return out.join(u'\n');
    }
    QPushButton* button(const char* text = "Ask this server") const {
        for (QPushButton* each : dialog->findChildren<QPushButton*>())
            if (each->text() == QLatin1String(text)) return each;
        return nullptr;
    }
    int askedOf(const QByteArray& host) const {
        int count = 0;
        for (const Request& request : transport.sent)
            count += request.url.text().contains(host);
        return count;
    }
};

} // namespace

class TestDiscoveryDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp, Theme::Mode::Light); }

    void aServerIsAskedOnTheUsersWordOnly() {
        DiscoveryBench bench;
        bench.open();
        QVERIFY(!bench.button()->isEnabled());
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("Users API says")), qPrintable(bench.words()));
        QVERIFY(bench.words().contains(QStringLiteral("users:read")));
        QVERIFY(bench.words().contains(QStringLiteral("Nothing has been sent to it.")));
        QTest::qWait(20);
        QCOMPARE(bench.askedOf("one.test") + bench.askedOf("two.test"), 0);
        auto* servers = bench.dialog->findChild<QComboBox*>();
        QCOMPARE(servers->count(), 2);
        servers->setCurrentIndex(1);
        bench.button()->click();
        QTRY_COMPARE(bench.found.size(), 1);
        QCOMPARE(bench.askedOf("one.test"), 0);
        QVERIFY(bench.askedOf("two.test") > 0);
        const auto& scheme = std::get<OAuthScheme>(bench.found.first().first);
        QCOMPARE(scheme.issuer, QStringLiteral("https://two.test"));
        QCOMPARE(bench.found.first().second, QStringLiteral("https://api.test"));
        QVERIFY(!bench.dialog->isVisible());
        for (const Request& request : bench.transport.sent)
            QVERIFY(!request.headers.contains("Authorization"));
    }

    void aServerThatDoesNotAnswerLeavesTheChoice() {
        DiscoveryBench bench;
        bench.open();
        QTRY_VERIFY(bench.button()->isEnabled());
        bench.button()->click(); // one.test answers 404
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("one.test")) && bench.button()->isEnabled(),
                     qPrintable(bench.words()));
        QVERIFY(bench.found.isEmpty());
        QVERIFY(bench.dialog->isVisible());
        bench.dialog->findChild<QComboBox*>()->setCurrentIndex(1);
        bench.button()->click();
        QTRY_COMPARE(bench.found.size(), 1);
    }

    void problemsAreSaid() {
        DiscoveryBench none;
        none.resource = json("{'resource':'https://api.test/users'}");
        none.open();
        QTRY_VERIFY2(none.words().contains(QStringLiteral("names no authorization server")),
                     qPrintable(none.words()));
        QVERIFY(!none.button()->isEnabled());

        DiscoveryBench away;
        away.open("Bearer resource_metadata=\"https://evil.test/meta\"");
        QVERIFY2(away.words().contains(QStringLiteral("not its own")), qPrintable(away.words()));
        QCOMPARE(away.transport.sent.size(), 0);

        DiscoveryBench foreign;
        foreign.resource =
            json("{'resource':'https://bank.test','authorization_servers':['https://one.test']}");
        foreign.open();
        QTRY_VERIFY2(foreign.words().contains(QStringLiteral("another resource")),
                     qPrintable(foreign.words()));
        QVERIFY(!foreign.button()->isEnabled());
    }

    void itFillsANewProfileIn() {
        DiscoveryBench bench;
        bench.open();
        QTRY_VERIFY(bench.button()->isEnabled());
        bench.dialog->findChild<QComboBox*>()->setCurrentIndex(1);
        bench.button()->click();
        QTRY_COMPARE(bench.found.size(), 1);
        ProfileDialog profile(*bench.session, QString());
        profile.propose(bench.found.first().first, Secret(), bench.found.first().second);
        QStringList fields;
        for (const QLineEdit* field : profile.findChildren<QLineEdit*>())
            fields << field->text();
        for (const QPlainTextEdit* field : profile.findChildren<QPlainTextEdit*>())
            fields << field->toPlainText();
        QVERIFY2(fields.contains(QStringLiteral("https://two.test")), qPrintable(fields.join(u'|')));
        QVERIFY(fields.contains(QStringLiteral("https://api.test")));
        QVERIFY(fields.contains(QStringLiteral("users:read")));
    }

    // RFC 7591: where the server lets programs register themselves, nobody needs to know a client id.
    void aServerThatRegistersClients() {
        DiscoveryBench bench;
        bench.oneAnswers = true;
        bench.open();
        QTRY_VERIFY(bench.button()->isEnabled());
        bench.button()->click();
        QTRY_VERIFY2(bench.button("Register there")->isVisible(), qPrintable(bench.words()));
        QVERIFY(bench.words().contains(QStringLiteral("https://one.test")));
        QVERIFY(bench.found.isEmpty());
        QCOMPARE(bench.transport.sentTo("/register").size(), 0); // not before the click
        bench.button("Register there")->click();
        QTRY_VERIFY(bench.made != nullptr);
        QCOMPARE(bench.transport.sentTo("/register").size(), 1);
        QCOMPARE(bench.made->scheme.clientId, QStringLiteral("c-9"));
        QVERIFY(!bench.dialog->isVisible());

        // The profile that comes of it is saved without anything typed.
        SecretRecord record;
        QVERIFY(putRegisteredClient(record, *bench.made));
        ProfileDialog profile(*bench.session, QString());
        profile.propose(bench.made->scheme, Secret(), QStringLiteral("https://api.test"));
        profile.keepRegistration(record.revealCopy(), bench.made->findings);
        profile.show();
        QSignalSpy saved(&profile, &ProfileDialog::saved);
        for (QPushButton* each : profile.findChildren<QPushButton*>())
            if (each->isDefault()) each->click();
        QTRY_COMPARE(saved.size(), 1);
        const TokenProfile* kept = bench.session->workspace().profile(saved.first().first().toString());
        QVERIFY(kept);
        const SecretRecord& stored = bench.secrets.records.at(kept->bindings.first().secret.id);
        QVERIFY(stored.part(grantpart::clientSecret)->equals(Secret("made-by-the-server-1")));
        QVERIFY(stored.part(grantpart::registrationToken)->equals(Secret("manage-it-9f8e7d6c")));
        QCOMPARE(stored.fact(QStringLiteral("client_id")), QStringLiteral("c-9"));
        QCOMPARE(stored.fact(QStringLiteral("token_url")), QStringLiteral("https://one.test/token"));
        QVERIFY(serverChanges(stored, std::get<OAuthScheme>(kept->scheme)).isEmpty());
        QVERIFY(keptRegistration(stored));
    }

    void aClientIdOfOnesOwn() {
        DiscoveryBench bench;
        bench.oneAnswers = true;
        bench.open();
        QTRY_VERIFY(bench.button()->isEnabled());
        bench.button()->click();
        QTRY_VERIFY(bench.button("I have a client id")->isVisible());
        bench.button("I have a client id")->click();
        QTRY_COMPARE(bench.found.size(), 1);
        QVERIFY(!bench.made);
        QCOMPARE(bench.transport.sentTo("/register").size(), 0);
    }

    void everythingHasAName() {
        DiscoveryBench bench;
        bench.open();
        QTRY_VERIFY(bench.button()->isEnabled());
        const QStringList nameless = namelessControls(*bench.dialog);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
    }
};

QTEST_MAIN(TestDiscoveryDialog)
#include "test_discovery_dialog.moc"
