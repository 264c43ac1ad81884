// SPDX-License-Identifier: GPL-3.0-or-later
// From a 401 to a login, in the real window with the real keychain: the API and its authorization server are
// this test's.
#include "tests/support/answering_server.h"
#include "window_fixture.h"

#include "ui/answer_pane.h"
#include "ui/discovery_dialog.h"
#include "ui/notice_bar.h"
#include "ui/profile_dialog.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/secret_edit.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QUrlQuery>

using namespace kb;

class TestWindowDiscovery : public QObject {
    Q_OBJECT
    std::unique_ptr<WindowFixture> m;
    std::unique_ptr<kb::test::AnsweringServer> m_server;
    bool m_refuseDelete = false;

    QString url(const QString& path = {}) const { return m_server->url(path); }
    int asked(const QByteArray& start) const { return m_server->count(start); }
    kb::test::AnsweringServer::Answer answerTo(const QByteArray& request) const {
        const QByteArray base = url().toLatin1();
        if (request.startsWith("GET /users") && !request.contains("Bearer the-access-token-77"))
            return {"401 Unauthorized", "{}",
                    "WWW-Authenticate: Bearer resource_metadata=\"" + base + "/meta\"\r\n"};
        if (request.startsWith("GET /meta"))
            return {"200 OK",
                    "{\"resource\":\"" + base + "/users\",\"authorization_servers\":[\"" + base + "/id\"]}"};
        if (request.startsWith("GET /.well-known/oauth-authorization-server/id"))
            return {"200 OK", "{\"issuer\":\"" + base + "/id\",\"token_endpoint\":\"" + base +
                                  "/id/token\",\"authorization_endpoint\":\"" + base +
                                  "/id/authorize\",\"registration_endpoint\":\"" + base + "/id/register\"}"};
        if (request.startsWith("POST /id/register"))
            return {
                "201 Created",
                "{\"client_id\":\"c-9\",\"client_secret\":\"made-by-the-server-1\",\"client_name\":\"Other\","
                "\"token_endpoint_auth_method\":\"client_secret_basic\",\"registration_access_token\":"
                "\"manage-it-9f8e7d6c\",\"registration_client_uri\":\"" +
                    base + "/id/register/c-9\"}"};
        if (request.startsWith("DELETE /id/register/c-9"))
            return {m_refuseDelete ? "500 Broken" : "204 No Content", {}};
        if (request.startsWith("POST /id/token"))
            return {
                "200 OK",
                "{\"access_token\":\"the-access-token-77\",\"token_type\":\"Bearer\",\"expires_in\":600}"};
        return {};
    }
    static QPushButton* button(const QWidget* in, const QString& text) {
        for (QPushButton* each : in->findChildren<QPushButton*>())
            if (each->isVisible() && each->isEnabled() && each->text() == text) return each;
        return nullptr;
    }
    template<class Dialog> Dialog* shown() const {
        for (Dialog* each : m->window->findChildren<Dialog*>())
            if (each->isVisible()) return each;
        return nullptr;
    }
    RequestTab& tab() const { return *m->window->currentTab(); }
    /// Sends, asks where the tokens come from, and asks that server.
    void toTheServer() {
        tab().send();
        QTRY_VERIFY_WITH_TIMEOUT(tab().result() && tab().result()->diagnosis, 10000);
        QTRY_VERIFY(button(&tab(), "Find out where its tokens come from…"));
        button(&tab(), "Find out where its tokens come from…")->click();
        QTRY_VERIFY(shown<DiscoveryDialog>());
        QTRY_VERIFY_WITH_TIMEOUT(button(shown<DiscoveryDialog>(), "Ask this server"), 10000);
        QCOMPARE(asked("GET /.well-known"), 0); // nobody said yes
        button(shown<DiscoveryDialog>(), "Ask this server")->click();
        QTRY_VERIFY_WITH_TIMEOUT(button(shown<DiscoveryDialog>(), "Register there"), 10000);
        QCOMPARE(asked("POST /id/register"), 0);
    }
    void toTheProfile() {
        toTheServer();
        button(shown<DiscoveryDialog>(), "Register there")->click();
        QTRY_VERIFY_WITH_TIMEOUT(shown<ProfileDialog>(), 10000);
        QVERIFY(!shown<DiscoveryDialog>());
    }
    void save() {
        for (QPushButton* each : shown<ProfileDialog>()->findChildren<QPushButton*>())
            if (each->isDefault()) each->click();
    }

private Q_SLOTS:
    void init() {
        m_refuseDelete = false;
        m_server = std::make_unique<kb::test::AnsweringServer>();
        m_server->answer = [this](const QByteArray& request) { return answerTo(request); };
        m = std::make_unique<WindowFixture>();
        QVERIFY(m->workspaces.create(m->folder.filePath("w"), "W"));
        QVERIFY(m->session->openWorkspace(m->folder.filePath("w")));
        m->open();
        m->session->begin();
        RequestSpec spec;
        spec.url = url("/users");
        m->window->openSpec(spec);
    }
    void cleanup() { m.reset(); }

    void fromA401ToAnAnswer() {
        toTheProfile();
        auto* dialog = shown<ProfileDialog>();
        QVERIFY2(dialog->findChildren<QLabel*>().size() > 0, "");
        QStringList words;
        for (const QLabel* label : dialog->findChildren<QLabel*>())
            if (label->isVisible()) words << label->text();
        QVERIFY2(words.join('\n').contains("client_name"),
                 qPrintable(words.join('\n'))); // what the server changed
        save();
        QTRY_VERIFY_WITH_TIMEOUT(!shown<ProfileDialog>(), 10000);
        QCOMPARE(m->session->profiles().size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(tab().editor().profileId(), m->session->profiles().first().id, 10000);
        QCOMPARE(asked("DELETE"), 0);

        // Nothing was typed, and the login works.
        const QString id = m->session->profiles().first().id;
        QTRY_VERIFY_WITH_TIMEOUT(m->session->state(id) && m->session->state(id)->facts, 10000);
        m->window->selectProfile(id);
        QTRY_VERIFY_WITH_TIMEOUT(button(m->window.get(), "Log in…"), 10000);
        button(m->window.get(), "Log in…")->click();
        QTRY_VERIFY_WITH_TIMEOUT(m->browser.opened.isValid(), 10000);
        QVERIFY(m->browser.opened.toString().startsWith(url("/id/authorize")));
        const QUrlQuery query(m->browser.opened);
        QCOMPARE(query.queryItemValue("client_id"), "c-9");
        const QByteArray path = m->listener.wantedPath.toLatin1(); // this issuer's own
        QVERIFY(path.startsWith("/callback/") && path.size() == 26);
        QCOMPARE(query.queryItemValue("redirect_uri", QUrl::FullyDecoded),
                 QString("http://127.0.0.1:49152" + path));
        const QByteArray answer =
            "?code=the-code-123&state=" + query.queryItemValue(QStringLiteral("state")).toLatin1();
        QVERIFY(!m->listener.arrived("/callback" + answer));
        QVERIFY(m->listener.arrived(path + answer));
        QTRY_COMPARE_WITH_TIMEOUT(asked("POST /id/token"), 1, 10000);
        QVERIFY(m_server->asked.last().contains(
            QByteArray("Basic " + QByteArray("c-9:made-by-the-server-1").toBase64())));
        QTRY_VERIFY_WITH_TIMEOUT(m->session->state(id)->facts && !m->session->state(id)->facts->missing,
                                 10000);
        tab().send();
        QTRY_VERIFY_WITH_TIMEOUT(tab().result() && !tab().result()->hops.isEmpty() &&
                                     tab().result()->hops.last().response().status == 200,
                                 10000);
    }

    /// Whoever presses Esc while the server or the keychain is at it loses neither the client nor the
    /// profile.
    void closingInTheMiddleLosesNothing() {
        toTheServer();
        auto* discovery = shown<DiscoveryDialog>();
        button(discovery, "Register there")->click();
        discovery->reject();
        QVERIFY(discovery->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(shown<ProfileDialog>(), 10000);
        save();
        shown<ProfileDialog>()->reject();
        QTRY_VERIFY_WITH_TIMEOUT(!shown<ProfileDialog>(), 10000);
        QCOMPARE(m->session->profiles().size(), 1);
        QTest::qWait(200);
        QCOMPARE(asked("POST /id/register"), 1);
        QCOMPARE(asked("DELETE"), 0);
    }

    void whoGivesItUpLeavesNoClientBehind() {
        toTheProfile();
        shown<ProfileDialog>()->reject();
        QTRY_COMPARE_WITH_TIMEOUT(asked("DELETE /id/register/c-9"), 1, 10000);
        QVERIFY(m_server->asked.last().contains("Authorization: Bearer manage-it-9f8e7d6c"));
        QVERIFY(m->session->profiles().isEmpty());
        QTest::qWait(100);
        QVERIFY2(m->window->notice().text().isEmpty(), qPrintable(m->window->notice().text()));
    }

    void aClientThatStaysIsNamed() {
        m_refuseDelete = true;
        toTheProfile();
        shown<ProfileDialog>()->reject();
        QTRY_VERIFY_WITH_TIMEOUT(m->window->notice().text().contains("c-9"), 10000);
        QVERIFY(m->window->notice().text().contains(url("/id")));
    }

    void anotherClientIdIsAnotherClient() {
        toTheProfile();
        auto* dialog = shown<ProfileDialog>();
        QLineEdit* field = nullptr;
        for (QLineEdit* each : dialog->findChildren<QLineEdit*>())
            if (each->text() == "c-9") field = each;
        QVERIFY(field);
        auto* secret = dialog->findChild<SecretEdit*>();
        QVERIFY(secret);
        const QString given = secret->placeholderText();
        QVERIFY2(given.startsWith("The server gave one"), qPrintable(given));
        field->setText("mine");
        QVERIFY2(secret->placeholderText() != given, "it gave none to this client");
        field->setText("c-9");
        QCOMPARE(secret->placeholderText(), given);
        field->setText("mine");
        save(); // the secret that was given is not this client's: one has to be typed
        QTest::qWait(50);
        QVERIFY(shown<ProfileDialog>());
        QVERIFY(m->session->profiles().isEmpty());
        // With one typed it is saved, and the client that was registered for it is taken back.
        secret->setText("a-secret-of-mine-1");
        save();
        QTRY_VERIFY_WITH_TIMEOUT(!shown<ProfileDialog>(), 10000);
        QCOMPARE(m->session->profiles().size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(asked("DELETE /id/register/c-9"), 1, 10000);
    }
};

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    Theme::instance().apply(app, Theme::Mode::Light);
    TestWindowDiscovery test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_window_discovery.moc"
