// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does with an OAuth profile's token: buttons, logins, what it tells, and refreshing by
// itself.
#include "tests/support/accessible_walk.h"
#include "tests/support/grant_fixture.h"
#include "ui/grant_panel.h"
#include "ui/login_dialog.h"
#include "ui/profile_timeline_dialog.h"
#include "ui/rotate_dialog.h"
#include "ui/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QTreeWidget>
#include <QUrlQuery>

using namespace kb;
using namespace kb::test;

namespace {

QString formValue(const Request& request, const QString& name) {
    return QUrlQuery(QString::fromLatin1(request.body)).queryItemValue(name, QUrl::FullyDecoded);
}

/// The panel in a window of its own, over a session that is ready.
struct PanelBench : GrantFixture {
    QWidget window;
    GrantPanel* panel = nullptr;

    explicit PanelBench(OAuthGrant grant = OAuthGrant::AuthorizationCode, qint64 leftMs = 600'000)
        : GrantFixture(grant, leftMs) {}
    void open() {
        begin();
        panel = new GrantPanel(*session, &window);
        panel->setProfile(QStringLiteral("grant"));
        window.resize(320, 500);
        window.show();
        if (!QTest::qWaitFor([this] { return ready(); })) qFatal("the profile was not read");
    }
    QPushButton* button(const QString& text) const {
        for (QPushButton* each : panel->findChildren<QPushButton*>())
            if (each->text() == text) return each;
        return nullptr;
    }
    QString words() const {
        QStringList all;
        for (const QLabel* label : panel->findChildren<QLabel*>())
            if (label->isVisibleTo(panel)) all << label->text();
        return all.join(u'\n');
    }
    /// "Rotate…" and its dialog, answered with Rotate.
    void rotate(bool tryOld = false) {
        button(QStringLiteral("Rotate…"))->click();
        auto* asked = window.findChild<RotateDialog*>();
        if (!asked || !asked->isVisible()) qFatal("nothing was asked");
        asked->findChild<QCheckBox*>()->setChecked(tryOld);
        for (QPushButton* each : asked->findChildren<QPushButton*>())
            if (each->text() == QStringLiteral("Rotate")) each->click();
    }
    LoginDialog* dialog() const {
        for (LoginDialog* each : window.findChildren<LoginDialog*>())
            if (each->isVisible()) return each;
        return nullptr;
    }
};

} // namespace

class TestGrantPanel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aProfileWithoutAGrantHasNoButtons() {
        PanelBench bench;
        bench.workspaces.workspace.profiles.first().scheme = BearerScheme{};
        bench.open();
        QVERIFY(!bench.button(QStringLiteral("Refresh now"))->isVisible());
        QVERIFY(bench.words().isEmpty());
    }

    void whatIsPossibleIsEnabled() {
        PanelBench bench;
        bench.record().parts.clear();
        bench.record().secret.wipe();
        bench.open();
        QVERIFY(!bench.button(QStringLiteral("Refresh now"))->isEnabled());
        QVERIFY(!bench.button(QStringLiteral("Revoke"))->isEnabled());
        QVERIFY(!bench.button(QStringLiteral("Rotate…"))->isEnabled());
        QVERIFY(bench.button(QStringLiteral("Log in…"))->isEnabled());
        QVERIFY(bench.words().contains(QStringLiteral("needs a login")));
        const QStringList nameless = namelessControls(bench.window);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
    }

    void refreshNow() {
        PanelBench bench;
        bench.open();
        QVERIFY2(bench.words().contains(QStringLiteral("60 s before expiry")), qPrintable(bench.words()));
        bench.transport.answer = [](const Request&) { return reply(200, GrantFixture::second); };
        bench.button(QStringLiteral("Refresh now"))->click();
        QVERIFY(!bench.button(QStringLiteral("Refresh now"))->isEnabled()); // one at a time
        QTRY_VERIFY(bench.record().secret.equals(Secret("second-access-token")));
        QTRY_VERIFY(bench.button(QStringLiteral("Refresh now"))->isEnabled());
        QCOMPARE(bench.transport.sent.size(), 1);
        QCOMPARE(formValue(bench.transport.sent.first(), QStringLiteral("grant_type")),
                 QStringLiteral("refresh_token"));
        QVERIFY2(bench.words().contains(QStringLiteral("Refreshed.")), qPrintable(bench.words()));
        QVERIFY(bench.words().contains(QStringLiteral("Timeline")));
        QVERIFY(bench.words().contains(QStringLiteral("↻")));
        QTRY_VERIFY(
            bench.session->state(QStringLiteral("grant"))->facts->masked.contains(QStringLiteral("•")));
        for (const char* secret : {"first-access", "first-refresh", "second-access", "second-refresh"})
            QVERIFY2(!bench.words().contains(QLatin1String(secret)), secret);
    }

    void aFailedRefreshSaysWhyAndLosesNothing() {
        PanelBench bench;
        bench.open();
        bench.transport.answer = [](const Request&) { return reply(500, "<html>oops</html>"); };
        bench.button(QStringLiteral("Refresh now"))->click();
        QTRY_VERIFY(bench.words().contains(u'!'));
        QVERIFY(bench.record().secret.equals(Secret(GrantFixture::access)));
        QVERIFY(bench.record().part(grantpart::refreshToken)->equals(Secret(GrantFixture::refresh)));
        QTRY_VERIFY(bench.button(QStringLiteral("Revoke"))->isEnabled());
    }

    void revoke() {
        PanelBench bench;
        bench.open();
        bench.transport.answer = [](const Request&) { return reply(200); };
        bench.button(QStringLiteral("Revoke"))->click();
        QTRY_VERIFY(bench.record().secret.isEmpty());
        QVERIFY(!bench.record().part(grantpart::refreshToken));
        QCOMPARE(bench.transport.sentTo("/revoke").size(), 2);
        QTRY_VERIFY(!bench.button(QStringLiteral("Revoke"))->isEnabled());
        QVERIFY2(bench.words().contains(QStringLiteral("⊘")), qPrintable(bench.words()));
        QVERIFY(bench.transport.sentTo("/token").isEmpty());
    }

    /// A compromised token: revoked first, then wiped, then a new one by a login.
    void rotate() {
        PanelBench bench;
        bench.open();
        bool revokedFirst = false;
        bench.transport.answer = [&](const Request& request) {
            if (request.url.path() == "/revoke") return reply(200);
            if (request.url.path() == "/introspect") return reply(200, json("{'active':false}"));
            revokedFirst = bench.record().secret.isEmpty();
            return reply(200, GrantFixture::second);
        };
        bench.rotate();
        QTRY_VERIFY(bench.browser.opened.isValid());
        QTRY_VERIFY(bench.dialog());
        const QByteArray state =
            QUrlQuery(bench.browser.opened).queryItemValue(QStringLiteral("state")).toLatin1();
        QVERIFY(bench.listener.arrived("/callback?code=the-code&state=" + state));
        QTRY_VERIFY(bench.record().secret.equals(Secret("second-access-token")));
        QVERIFY(revokedFirst);
        QTRY_VERIFY(!bench.dialog());
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("Rotated: the old token is gone")),
                     qPrintable(bench.words()));
        QCOMPARE(bench.transport.sentTo("/revoke").size(), 2);
        QVERIFY2(bench.words().contains(QStringLiteral("⇄")), qPrintable(bench.words()));
    }

    /// What a rotation could not do stays in sight after the new token came.
    void rotatingWithoutARevocationEndpointSaysSo() {
        PanelBench bench(OAuthGrant::ClientCredentials);
        bench.scheme().revocationUrl.clear();
        bench.record().facts.remove(QStringLiteral("revocation_url"));
        bench.open();
        bench.transport.answer = [](const Request&) {
            return reply(200, json("{'access_token':'machine-token','token_type':'Bearer'}"));
        };
        bench.rotate();
        QTRY_VERIFY(bench.record().secret.equals(Secret("machine-token")));
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("revocation endpoint")),
                     qPrintable(bench.words()));
        QVERIFY(bench.words().contains(QStringLiteral("Rotated: the old token is gone")));
    }

    /// The old token is tried where the user agreed, and only there; that it still works is said.
    void rotatingTriesTheOldTokenWhereOneAgreed() {
        PanelBench bench(OAuthGrant::ClientCredentials);
        bench.open();
        bench.session->makeRun({}); // nothing was sent: no address is proposed
        QCOMPARE(bench.session->lastGoodGet(QStringLiteral("grant")), QString());
        bench.transport.answer = [](const Request& request) {
            if (request.url.path() == "/revoke") return reply(200);
            if (request.url.path() == "/introspect") return reply(200, json("{'active':false}"));
            if (request.url.path() == "/me")
                return reply(request.headers.contains("Authorization") ? 200 : 401);
            return reply(200, json("{'access_token':'machine-token','token_type':'Bearer'}"));
        };
        RequestSpec spec;
        spec.url = QStringLiteral("https://api.example.com/me?page=2");
        spec.profileId = QStringLiteral("grant");
        const std::unique_ptr<Run> run = bench.session->makeRun(spec);
        run->start();
        QTRY_COMPARE(bench.session->lastGoodGet(QStringLiteral("grant")),
                     QStringLiteral("https://api.example.com/me"));
        bench.rotate(true);
        QTRY_VERIFY(bench.record().secret.equals(Secret("machine-token")));
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("GET /me with the old token still gives 200")),
                     qPrintable(bench.words()));
        QTRY_VERIFY(bench.words().contains(QStringLiteral("old token is no longer active")));
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("can still use it")), qPrintable(bench.words()));
        // The run before, the old token twice, and nobody once.
        const QList<Request> tried = bench.transport.sentTo("/me");
        QCOMPARE(tried.size(), 4);
        for (int i : {0, 1, 2})
            QCOMPARE(tried.at(i).headers.first("Authorization").value_or("none"),
                     QByteArray("Bearer ") + GrantFixture::access);
        QVERIFY(!tried.at(3).headers.contains("Authorization"));
    }

    /// A login that is given up after the revocation: the old tokens are gone, and that is known.
    void aRotationGivenUpHalfway() {
        PanelBench bench;
        bench.open();
        bench.transport.answer = [](const Request&) { return reply(200); };
        bench.rotate();
        QTRY_VERIFY(bench.dialog());
        QVERIFY(bench.record().secret.isEmpty());
        bench.dialog()->reject();
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("⊘")), qPrintable(bench.words()));
        QTRY_VERIFY(!bench.button(QStringLiteral("Revoke"))->isEnabled());
        QVERIFY(bench.button(QStringLiteral("Log in…"))->isEnabled());
    }

    void theWholeTimelineAndItsEnd() {
        PanelBench bench;
        bench.open();
        bench.transport.answer = [](const Request&) { return reply(200, GrantFixture::second); };
        for (int i = 0; i < 8; ++i) {
            QTRY_VERIFY(bench.button(QStringLiteral("Refresh now"))->isEnabled());
            bench.button(QStringLiteral("Refresh now"))->click();
            QTRY_COMPARE(bench.session->events(QStringLiteral("grant")).size(), i + 1);
        }
        QTRY_VERIFY(bench.button(QStringLiteral("Show all…"))->isVisible());
        bench.button(QStringLiteral("Show all…"))->click();
        auto* shown = bench.window.findChild<ProfileTimelineDialog*>();
        QVERIFY(shown && shown->isVisible());
        auto* list = shown->findChild<QTreeWidget*>();
        QCOMPARE(list->topLevelItemCount(), 8);
        QCOMPARE(list->topLevelItem(0)->text(1), QStringLiteral("Refreshed"));
        for (QPushButton* each : shown->findChildren<QPushButton*>())
            if (each->text() == QStringLiteral("Delete timeline")) each->click();
        QCOMPARE(list->topLevelItemCount(), 0);
        QVERIFY(bench.session->events(QStringLiteral("grant")).isEmpty());
        const QStringList nameless = namelessControls(*shown);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
    }

    void aRotationStaysWithItsProfile() {
        PanelBench bench(OAuthGrant::ClientCredentials);
        TokenProfile other = bench.workspaces.workspace.profiles.first();
        other.id = other.name = QStringLiteral("other");
        other.bindings.first().secret.id = other.id;
        bench.secrets.records[other.id] = bench.record().revealCopy();
        bench.workspaces.workspace.profiles.append(other);
        bench.open();
        bench.transport.answer = [](const Request& request) {
            return request.url.path() == "/revoke"
                       ? reply(200)
                       : reply(200, json("{'access_token':'machine-token','token_type':'Bearer'}"));
        };
        bench.rotate();
        bench.panel->setProfile(QStringLiteral("other"));
        QTRY_VERIFY(bench.record().secret.equals(Secret("machine-token")));
        QVERIFY(bench.secrets.records.at(other.id).secret.equals(Secret(GrantFixture::access)));
        QVERIFY(!bench.words().contains(QStringLiteral("Obtained")));
    }

    void introspect() {
        PanelBench bench;
        bench.open();
        bench.transport.answer = [](const Request&) { return reply(200, json("{'active':false}")); };
        bench.button(QStringLiteral("Ask the server"))->click();
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("this token is not active")),
                     qPrintable(bench.words()));
        QVERIFY(!bench.words().contains(QStringLiteral("client_id")));
        const QByteArray end = QByteArray::number(bench.clock.now / 1000 + 7300);
        bench.transport.answer = [end](const Request&) {
            return reply(200,
                         json("{'active':true,'scope':'users:read users:write','sub':'ada','client_id':'app',"
                              "'aud':['users-api'],'token':'first-access-token','exp':") +
                             end + '}');
        };
        QTRY_VERIFY(bench.button(QStringLiteral("Ask the server"))->isEnabled());
        bench.button(QStringLiteral("Ask the server"))->click();
        QTRY_VERIFY(bench.words().contains(QStringLiteral("this token is active")));
        for (const char* line : {"scope: users:read users:write", "sub: ada", "client_id: app",
                                 "aud: [\"users-api\"]", "(in 2 h)"})
            QVERIFY2(bench.words().contains(QLatin1String(line)), line);
        QVERIFY(!bench.words().contains(QStringLiteral("active: ")));
        QVERIFY2(!bench.words().contains(QLatin1String(GrantFixture::access)), "an echo is masked");
        QVERIFY(bench.record().secret.equals(Secret(GrantFixture::access)));
    }

    void whoTheTokenStandsFor() {
        PanelBench bench;
        bench.scheme().userinfoUrl = QStringLiteral("https://id.example.com/me");
        confirmServer(bench.record(), *proposedServer(bench.scheme(), nullptr));
        bench.open();
        QByteArray claims = "{'sub':'ada','name':'Ada L.','email_verified':true";
        for (int i = 0; i < 12; ++i)
            claims += ",'c" + QByteArray::number(i) + "':" + QByteArray::number(i);
        bench.transport.answer = [&](const Request& request) {
            return request.url.path() == "/me" ? reply(200, json(QByteArray(claims + "}").constData()))
                                               : reply(404);
        };
        bench.button(QStringLiteral("Who is it?"))->click();
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("name: Ada L.")), qPrintable(bench.words()));
        QVERIFY(bench.words().contains(QStringLiteral("email_verified: true")));
        QVERIFY(bench.words().contains(QStringLiteral("and 3 more.")));
        QVERIFY(!bench.words().contains(QStringLiteral("c9")));
    }

    void aDeviceLoginShowsItsCodeAndAPictureOfIt() {
        PanelBench bench(OAuthGrant::DeviceCode);
        const QList<QByteArray> modules{QByteArray::fromHex("010001"), QByteArray::fromHex("000100"),
                                        QByteArray::fromHex("010100")};
        QString pictured;
        bench.open();
        bench.session->services().qrCode = [&](const QString& text) {
            pictured = text;
            return modules;
        };
        bench.transport.answer = [](const Request& request) {
            if (request.url.path() == "/device")
                return reply(200,
                             json("{'device_code':'the-device-code','user_code':'WDJB-MJHT','verification_"
                                  "uri':'https://id.example.com/go','verification_uri_complete':'https://"
                                  "id.example.com/go?c=WDJB-MJHT','expires_in':900,'interval':1}"));
            return reply(400, json("{'error':'authorization_pending'}"));
        };
        bench.button(QStringLiteral("Log in…"))->click();
        QTRY_VERIFY(bench.dialog());
        QCOMPARE(pictured, QStringLiteral("https://id.example.com/go?c=WDJB-MJHT"));
        QStringList shown;
        const QLabel* qr = nullptr;
        for (const QLabel* label : bench.dialog()->findChildren<QLabel*>()) {
            shown << label->text();
            if (!label->pixmap(Qt::ReturnByValue).isNull()) qr = label;
        }
        QVERIFY(shown.contains(QStringLiteral("WDJB-MJHT")));
        QVERIFY(!shown.join(u' ').contains(QStringLiteral("the-device-code"))); // that one is a secret
        QVERIFY(qr && !qr->accessibleName().isEmpty());
        const QStringList nameless = namelessControls(*bench.dialog());
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));

        // Closed, the login is given up: nothing is asked any more, and another can begin.
        bench.dialog()->reject();
        QTRY_VERIFY(bench.button(QStringLiteral("Log in…"))->isEnabled());
        QVERIFY(bench.words().contains(QStringLiteral("given up")));
        QVERIFY(bench.record().secret.equals(Secret(GrantFixture::access)));
        const qsizetype before = bench.transport.sent.size();
        QTest::qWait(1500); // more than the interval of the device grant
        QCOMPARE(bench.transport.sent.size(), before);
    }

    void aDeviceLoginEndsByItself() {
        PanelBench bench(OAuthGrant::DeviceCode);
        bench.open();
        int polls = 0;
        bench.transport.answer = [&](const Request& request) {
            if (request.url.path() == "/device")
                return reply(200, json("{'device_code':'d','user_code':'ABCD','verification_uri':'https://"
                                       "id.example.com/go','interval':1}"));
            return ++polls < 2 ? reply(400, json("{'error':'authorization_pending'}"))
                               : reply(200, GrantFixture::second);
        };
        bench.button(QStringLiteral("Log in…"))->click();
        QTRY_VERIFY(bench.dialog());
        QTimer time; // the interval passes by the session's clock
        connect(&time, &QTimer::timeout, this, [&] { bench.clock.now += 1000; });
        time.start(50);
        QTRY_VERIFY_WITH_TIMEOUT(bench.record().secret.equals(Secret("second-access-token")), 20000);
        QTRY_VERIFY(!bench.dialog());
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("Logged in.")), qPrintable(bench.words()));
    }

    void aBrowserLoginThatIsClosedFreesThePort() {
        PanelBench bench;
        bench.browser.starts = false;
        bench.open();
        bench.button(QStringLiteral("Log in…"))->click();
        QTRY_VERIFY(bench.dialog());
        QCOMPARE(bench.listener.waiting, 1);
        QStringList said;
        for (const QLabel* label : bench.dialog()->findChildren<QLabel*>())
            said << label->text();
        QVERIFY(said.join(u' ').contains(QStringLiteral("No browser could be started")));
        for (QPushButton* each : bench.dialog()->findChildren<QPushButton*>())
            if (each->text() == QStringLiteral("Copy address")) each->click();
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(
            QStringLiteral("https://id.example.com/authorize?")));
        for (QPushButton* each : bench.dialog()->findChildren<QPushButton*>())
            if (each->text() == QStringLiteral("Give up")) each->click();
        QTRY_COMPARE(bench.listener.waiting, 0);
        QVERIFY(bench.button(QStringLiteral("Log in…"))->isEnabled());
    }

    /// The modules of a QR code, dark on light with their quiet zone, in a dark window too (ISO 18004).
    void theQrCodeIsDrawnModuleByModule() {
        Theme::instance().apply(*qApp, Theme::Mode::Dark);
        QList<QByteArray> modules;
        for (int y = 0; y < 21; ++y) {
            QByteArray row(21, '\0');
            for (int x = 0; x < 21; ++x)
                row[x] = static_cast<char>((x * 7 + y * 3 + x * y) % 3 == 0);
            modules.append(row);
        }
        const std::unique_ptr<LoginDialog> dialog(LoginDialog::forDevice(
            QStringLiteral("CODE"), QStringLiteral("https://id.example.com/go"), {}, modules, nullptr));
        QImage image;
        for (const QLabel* label : dialog->findChildren<QLabel*>())
            if (const QPixmap map = label->pixmap(Qt::ReturnByValue); !map.isNull()) image = map.toImage();
        Theme::instance().apply(*qApp, Theme::Mode::Light);
        QVERIFY(!image.isNull());
        QCOMPARE(image.width() % (21 + 8), 0);
        QCOMPARE(image.width(), image.height());
        const int side = image.width() / (21 + 8);
        for (int y = -4; y < 25; ++y)
            for (int x = -4; x < 25; ++x) {
                const bool dark = x >= 0 && y >= 0 && x < 21 && y < 21 && modules[y][x];
                const QRect square((x + 4) * side, (y + 4) * side, side, side);
                for (const QPoint& at : {square.topLeft(), square.center(), square.bottomRight()})
                    QCOMPARE(image.pixel(at), dark ? qRgb(0, 0, 0) : qRgb(255, 255, 255));
            }
    }

    void aTokenIsRefreshedAheadByItself() {
        PanelBench bench;
        bench.open();
        bench.transport.answer = [](const Request&) { return reply(200, GrantFixture::second); };
        QSignalSpy ticked(bench.session.get(), &Session::ticked);
        QVERIFY(ticked.wait(5000));
        QVERIFY(bench.transport.sent.isEmpty()); // 600 s are left
        bench.clock.now += 545'000;
        QTRY_VERIFY_WITH_TIMEOUT(bench.record().secret.equals(Secret("second-access-token")), 5000);
        QTRY_VERIFY2(bench.words().contains(QStringLiteral("ahead of its expiry")),
                     qPrintable(bench.words()));
        ticked.clear();
        QVERIFY(ticked.wait(5000));
        QCOMPARE(bench.transport.sent.size(), 1); // once
    }

    void theSwitchForThatIsObeyed() {
        PanelBench bench;
        bench.scheme().refreshAhead = false;
        bench.open();
        QVERIFY(bench.words().contains(QStringLiteral("does not do so by itself")));
        bench.clock.now += 545'000;
        QSignalSpy ticked(bench.session.get(), &Session::ticked);
        QVERIFY(ticked.wait(5000) && ticked.wait(5000));
        QVERIFY(bench.transport.sent.isEmpty());
    }

    void aTokenKeptStaleOnPurposeIsLeftAlone() {
        PanelBench bench;
        bench.workspaces.workspace.profiles.first().declared.stale = QStringLiteral("expired");
        bench.open();
        QVERIFY(bench.words().contains(QStringLiteral("on purpose")));
        bench.clock.now += 700'000;
        QSignalSpy ticked(bench.session.get(), &Session::ticked);
        QVERIFY(ticked.wait(5000) && ticked.wait(5000));
        QVERIFY(bench.transport.sent.isEmpty());
    }
};

QTEST_MAIN(TestGrantPanel)
#include "test_grant_panel.moc"
