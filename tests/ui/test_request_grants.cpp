// SPDX-License-Identifier: GPL-3.0-or-later
// A request whose profile is an OAuth client: what is done about its token is seen, and offered where the
// user has to say so.
#include "tests/support/accessible_walk.h"
#include "tests/support/grant_fixture.h"
#include "ui/answer_error.h"
#include "ui/answer_note.h"
#include "ui/answer_pane.h"
#include "ui/login_dialog.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/timeline_view.h"

#include <QAction>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QUrlQuery>

using namespace kb;
using namespace kb::test;

namespace {

TransportReply refusal(const QByteArray& error, int status = 401) {
    return reply(status, {}, {{"WWW-Authenticate", "Bearer realm=\"api\", error=\"" + error + "\""}});
}

struct TabBench : GrantFixture {
    std::unique_ptr<RequestTab> tab;
    std::unique_ptr<QSignalSpy> finished;

    using GrantFixture::GrantFixture;
    /// `ticking`: the window's clock runs too, which refreshes by itself.
    void open(bool ticking = true) {
        if (ticking) {
            begin();
            if (!QTest::qWaitFor([this] { return ready(); })) qFatal("the profile was not read");
        } else if (!session->openWorkspace(QStringLiteral("/nowhere"))) {
            qFatal("the workspace in memory did not open");
        }
        RequestSpec spec;
        spec.url = QStringLiteral("https://api.example.com/users");
        spec.profileId = QStringLiteral("grant");
        tab = std::make_unique<RequestTab>(*session, spec);
        tab->resize(900, 800);
        tab->show();
        finished = std::make_unique<QSignalSpy>(tab.get(), &RequestTab::finished);
    }
    bool send() {
        tab->send();
        return finished->wait(5000);
    }
    QPushButton* button(const QString& part) const {
        for (QPushButton* each : tab->answer().findChildren<QPushButton*>())
            if (each->text().contains(part) && each->isVisibleTo(tab.get())) return each;
        return nullptr;
    }
    QToolButton* sendMore() const {
        for (QToolButton* each : tab->findChildren<QToolButton*>())
            if (each->accessibleName() == QStringLiteral("Other ways to send")) return each;
        qFatal("no such button");
    }
    QString note() const { return tab->answer().findChild<AnswerNote*>(QStringLiteral("authNote"))->text(); }
    QString timeline() const { return tab->answer().findChild<TimelineView*>()->plainText(); }
    QList<QByteArray> tokensSent() const {
        QList<QByteArray> out;
        for (const Request& request : transport.sentTo("/users"))
            out.append(request.headers.first("Authorization").value_or("none"));
        return out;
    }
};

} // namespace

class TestRequestGrants : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// For one send, plainly marked, and off afterwards.
    void anExpiredTokenIsSentOnPurposeOnce() {
        TabBench bench(OAuthGrant::AuthorizationCode, -1000);
        bench.transport.answer = [&](const Request& request) {
            return request.url.path() == "/token" ? reply(200, GrantFixture::second)
                                                  : refusal("invalid_token");
        };
        bench.open(false);
        bench.tab->sendAsIs();
        QVERIFY(bench.finished->wait(5000));
        QVERIFY(bench.transport.sentTo("/token").isEmpty());
        QCOMPARE(bench.tokensSent(), QList<QByteArray>{QByteArray("Bearer ") + GrantFixture::access});
        QVERIFY2(bench.note().contains(QStringLiteral("on purpose")), qPrintable(bench.note()));
        // The next send is an ordinary one.
        QVERIFY(bench.send());
        QVERIFY(!bench.transport.sentTo("/token").isEmpty());
        QVERIFY(bench.tokensSent().contains("Bearer second-access-token"));
    }

    /// A token that is still good is not called expired, and the answer says so all the same.
    void aGoodTokenSentAsItIsIsMarkedToo() {
        TabBench bench;
        bench.transport.answer = [](const Request&) { return refusal("invalid_token"); };
        bench.open();
        QTRY_VERIFY(bench.sendMore()->isVisible());
        const QList<QAction*> ways = bench.sendMore()->menu()->actions();
        QCOMPARE(ways.size(), 1);
        ways.first()->trigger();
        QVERIFY(!bench.sendMore()->isEnabled()); // one at a time
        QVERIFY(bench.finished->wait(5000));
        QCOMPARE(bench.tokensSent().size(), 1);
        QVERIFY(bench.transport.sentTo("/token").isEmpty());
        QVERIFY2(bench.note().contains(QStringLiteral("as it is, on purpose")), qPrintable(bench.note()));
    }

    void aRefreshOnTheWayIsSeen() {
        TabBench bench(OAuthGrant::AuthorizationCode, -1000);
        bench.transport.answer = [&](const Request& request) {
            TransportReply made =
                request.url.path() == "/token" ? reply(200, GrantFixture::second) : reply(200, "{}");
            made.startedMs = bench.clock.now + (request.url.path() == "/token" ? 0 : 100);
            return made;
        };
        bench.open(false);
        QVERIFY(bench.send());
        QVERIFY(!bench.tab->result()->error);
        QCOMPARE(bench.tokensSent(), QList<QByteArray>{"Bearer second-access-token"});
        QCOMPARE(bench.tab->result()->grantExchanges.size(), 1);
        QVERIFY(!bench.note().isEmpty());
        QVERIFY2(bench.timeline().contains(QStringLiteral("authorization server")),
                 qPrintable(bench.timeline()));
        const auto token = bench.timeline().indexOf(QStringLiteral("https://id.example.com/token"));
        QVERIFY(token >= 0 && token < bench.timeline().indexOf(QStringLiteral("/users")));
        for (const char* secret : {"first-refresh-token", "second-access-token", "second-refresh-token"})
            QVERIFY2(!bench.timeline().contains(QLatin1String(secret)), secret);
    }

    void bothAttemptsAfterARefusalAreInTheTimeline() {
        TabBench bench;
        int asked = 0;
        bench.transport.answer = [&](const Request& request) {
            bench.clock.now += 10;
            TransportReply made = request.url.path() == "/token" ? reply(200, GrantFixture::second)
                                  : ++asked == 1                 ? refusal("invalid_token")
                                                                 : reply(200, "{}");
            made.startedMs = bench.clock.now;
            return made;
        };
        bench.open();
        QVERIFY(bench.send());
        QCOMPARE(bench.tab->result()->hops.size(), 2);
        QCOMPARE(bench.tab->result()->grantExchanges.size(), 1);
        const QString all = bench.timeline();
        QVERIFY2(all.contains(QStringLiteral("1 of 2")) && all.contains(QStringLiteral("2 of 2")),
                 qPrintable(all));
        const auto token = all.indexOf(QStringLiteral("id.example.com/token"));
        QVERIFY(token > all.indexOf(QStringLiteral("1 of 2")) &&
                token < all.indexOf(QStringLiteral("2 of 2")));
        QVERIFY(!bench.note().isEmpty());
    }

    void aNoteGoesWithTheNextAnswer() {
        TabBench bench;
        bench.transport.answer = [](const Request& request) {
            return request.url.path() == "/token" ? reply(200, GrantFixture::second)
                                                  : refusal("invalid_token");
        };
        bench.open();
        QVERIFY(bench.send()); // refreshed, sent again, and refused again
        QVERIFY(!bench.note().isEmpty());
        bench.transport.answer = [](const Request&) { return refusal("insufficient_scope", 403); };
        QVERIFY(bench.send());
        QVERIFY2(bench.note().isEmpty(), qPrintable(bench.note())); // the doctor says it, with a way out
        bench.transport.answer = [](const Request&) { return reply(200, "{}"); };
        QVERIFY(bench.send());
        QVERIFY(bench.note().isEmpty());
    }

    void refreshAndSendAgain() {
        TabBench bench;
        bench.scheme().refreshOn401 = false; // or the run would have done it
        bench.transport.answer = [](const Request& request) {
            if (request.url.path() == "/token") return reply(200, GrantFixture::second);
            return request.headers.first("Authorization") == QByteArray("Bearer second-access-token")
                       ? reply(200, "{}")
                       : refusal("invalid_token");
        };
        bench.open();
        QVERIFY(bench.send());
        QCOMPARE(bench.tab->result()->hops.last().response().status, 401);
        QPushButton* again = bench.button(QStringLiteral("Refresh and send again"));
        QVERIFY(again);
        again->click();
        QTRY_COMPARE(bench.finished->size(), 2);
        QCOMPARE(bench.tab->result()->hops.last().response().status, 200);
        QCOMPARE(bench.transport.sentTo("/token").size(), 1);
    }

    void missingScopesAreAskedForInALogin() {
        TabBench bench;
        bench.transport.answer = [](const Request& request) {
            if (request.url.path() == "/token")
                return reply(200, R"({"access_token":"wider-token","token_type":"bearer",)"
                                  R"("scope":"users:read users:delete"})");
            if (request.headers.first("Authorization") == QByteArray("Bearer wider-token"))
                return reply(200, "{}");
            return reply(
                403, {},
                {{"WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"users:delete\""}});
        };
        bench.open();
        QVERIFY(bench.send());
        QPushButton* ask = bench.button(QStringLiteral("Log in asking for users:delete"));
        QVERIFY(ask);
        ask->click();
        QTRY_VERIFY(bench.browser.opened.isValid());
        const QUrlQuery asked(bench.browser.opened);
        QCOMPARE(asked.queryItemValue(QStringLiteral("scope"), QUrl::FullyDecoded).replace(u'+', u' '),
                 QStringLiteral("users:read users:delete"));
        // The wish stays with the profile, so that the next login does not lose it again.
        QCOMPARE(std::get<OAuthScheme>(bench.session->profiles().first().scheme).scopes,
                 QStringList({QStringLiteral("users:read"), QStringLiteral("users:delete")}));
        QVERIFY(bench.listener.arrived("/callback?code=c&state=" +
                                       asked.queryItemValue(QStringLiteral("state")).toLatin1()));
        QTRY_COMPARE(bench.finished->size(), 2);
        QCOMPARE(bench.tab->result()->hops.last().response().status, 200);
        QTRY_VERIFY(bench.tab->findChildren<LoginDialog*>().isEmpty());
    }

    /// RFC 9470: a refresh would not change the sign-in, so the way out is a login that asks for it.
    void aStrongerLoginIsAskedFor() {
        TabBench bench;
        bench.transport.answer = [](const Request& request) {
            if (request.url.path() == "/token")
                return reply(200, R"({"access_token":"golden-token","token_type":"bearer"})");
            if (request.headers.first("Authorization") == QByteArray("Bearer golden-token"))
                return reply(200, "{}");
            return reply(401, {},
                         {{"WWW-Authenticate", "Bearer error=\"insufficient_user_authentication\", "
                                               "acr_values=\"gold silver\", max_age=5"}});
        };
        bench.open();
        QVERIFY(bench.send());
        QVERIFY(!bench.button(QStringLiteral("Refresh and send again")));
        QPushButton* login = bench.button(QStringLiteral("Log in as the API wants it"));
        QVERIFY(login);
        login->click();
        QTRY_VERIFY(bench.browser.opened.isValid());
        const QUrlQuery asked(bench.browser.opened);
        QCOMPARE(asked.queryItemValue(QStringLiteral("acr_values"), QUrl::FullyDecoded).replace(u'+', u' '),
                 QStringLiteral("gold silver"));
        QCOMPARE(asked.queryItemValue(QStringLiteral("max_age")), QStringLiteral("5"));
        QVERIFY(bench.listener.arrived("/callback?code=c&state=" +
                                       asked.queryItemValue(QStringLiteral("state")).toLatin1()));
        QTRY_COMPARE(bench.finished->size(), 2);
        QCOMPARE(bench.tab->result()->hops.last().response().status, 200);
    }

    void aLoginThatIsNeededIsOffered() {
        TabBench bench;
        bench.record().secret.wipe();
        bench.record().parts.clear();
        bench.transport.answer = [](const Request& request) {
            return request.url.path() == "/token" ? reply(200, GrantFixture::second) : reply(200, "{}");
        };
        bench.open();
        QVERIFY(bench.send());
        QCOMPARE(bench.tab->result()->error->code, ErrorCode::LoginNeeded);
        QVERIFY(bench.transport.sent.isEmpty());
        QPushButton* login = bench.button(QStringLiteral("Log in"));
        QVERIFY(login);
        const QStringList nameless = namelessControls(bench.tab->answer());
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
        login->click();
        QTRY_VERIFY(bench.browser.opened.isValid());
        QVERIFY(bench.listener.arrived(
            "/callback?code=c&state=" +
            QUrlQuery(bench.browser.opened).queryItemValue(QStringLiteral("state")).toLatin1()));
        QTRY_COMPARE(bench.finished->size(), 2);
        QCOMPARE(bench.tokensSent(), QList<QByteArray>{"Bearer second-access-token"});
    }

    void aClosedTabGivesItsLoginUp() {
        TabBench bench;
        bench.record().secret.wipe();
        bench.record().parts.clear();
        bench.open();
        QWidget window;
        bench.tab->setParent(&window);
        window.show();
        bench.tab->show();
        QVERIFY(bench.send());
        bench.button(QStringLiteral("Log in"))->click();
        QTRY_COMPARE(bench.listener.waiting, 1);
        QTRY_VERIFY(window.findChild<LoginDialog*>());
        bench.tab.reset();
        QCOMPARE(bench.listener.waiting, 0);
        QTRY_VERIFY(!window.findChild<LoginDialog*>());
    }

    void aLoginThatFailsIsToldAndSendsNothing() {
        TabBench bench;
        bench.record().secret.wipe();
        bench.record().parts.clear();
        bench.transport.answer = [](const Request&) {
            return reply(400, R"({"error":"invalid_client","error_description":"unknown client"})");
        };
        bench.open();
        QVERIFY(bench.send());
        QSignalSpy told(bench.tab.get(), &RequestTab::message);
        bench.button(QStringLiteral("Log in"))->click();
        QTRY_VERIFY(bench.browser.opened.isValid());
        QVERIFY(bench.listener.arrived(
            "/callback?code=c&state=" +
            QUrlQuery(bench.browser.opened).queryItemValue(QStringLiteral("state")).toLatin1()));
        QTRY_COMPARE(told.size(), 1);
        QVERIFY2(told.first().first().toString().contains(QStringLiteral("unknown client")),
                 qPrintable(told.first().first().toString()));
        QVERIFY(bench.transport.sentTo("/users").isEmpty());
    }

    void anotherErrorOffersNoLogin() {
        TabBench bench;
        bench.transport.answer = [](const Request&) -> Result<TransportReply> {
            return fail(ErrorCode::ConnectFailed, QStringLiteral("refused"));
        };
        bench.open();
        QVERIFY(bench.send());
        QVERIFY(!bench.button(QStringLiteral("Log in")));
    }
};

QTEST_MAIN(TestRequestGrants)
#include "test_request_grants.moc"
