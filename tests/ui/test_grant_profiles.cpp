// SPDX-License-Identifier: GPL-3.0-or-later
// Profiles with a grant that are copied or changed while the window is open.
#include "tests/support/grant_fixture.h"

#include "ui/grant_panel.h"
#include "ui/rotate_dialog.h"

#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace kb;
using namespace kb::test;

class TestGrantProfiles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// A refresh token has one user: its second use ends it where the server detects reuse.
    void aCopyGetsALoginOfItsOwn() {
        GrantFixture bench;
        SecretRecord& original = bench.record();
        original.parts[grantpart::clientSecret] = Secret("client-secret-9a8b7c");
        original.parts[grantpart::dpopKey] = Secret("dpop-key-1a2b3c");
        original.parts[grantpart::registrationToken] = Secret("registration-token-4d5e6f");
        original.facts[QStringLiteral("registration_client_url")] =
            QStringLiteral("https://id.example.com/c/1");
        bench.begin();
        QTRY_VERIFY(bench.ready());
        QSignalSpy said(bench.session.get(), &Session::message);
        QVERIFY(bench.session->duplicateProfile(QStringLiteral("grant")));
        const TokenProfile copy = bench.session->profiles().last();
        const QString kept = copy.bindings.first().secret.id;
        QTRY_VERIFY(bench.secrets.records.contains(kept));
        const SecretRecord& record = bench.secrets.records.at(kept);
        QVERIFY(record.secret.isEmpty());
        for (const QString& name :
             {grantpart::refreshToken, grantpart::dpopKey, grantpart::registrationToken})
            QVERIFY2(!record.part(name), qPrintable(name));
        QVERIFY(!keptRegistration(record));
        QVERIFY(record.part(grantpart::clientSecret)->equals(Secret("client-secret-9a8b7c")));
        QCOMPARE(record.allowedOrigins, bench.record().allowedOrigins);
        QVERIFY(confirmedServer(record)->endpoints.token); // no question asked again
        QVERIFY2(said.value(0).value(0).toString().contains(QStringLiteral("login of its own")),
                 qPrintable(said.value(0).value(0).toString()));
        // The original has all that it had.
        QVERIFY(bench.record().secret.equals(Secret(GrantFixture::access)));
        QVERIFY(bench.record().part(grantpart::refreshToken) && bench.record().part(grantpart::dpopKey));
    }

    /// A compromised token is looked for elsewhere in the workspace, and replaced there where the user says
    /// so.
    void rotatingNamesWhoElseKeepsTheToken() {
        for (const bool replace : {false, true}) {
            GrantFixture bench(OAuthGrant::ClientCredentials);
            TokenProfile pasted;
            pasted.id = QStringLiteral("pasted");
            pasted.name = QStringLiteral("Pasted");
            pasted.bindings.append({{}, SecretRef{pasted.id}, {}, {}});
            bench.workspaces.workspace.profiles.append(pasted);
            SecretRecord copied;
            copied.secret = Secret(GrantFixture::access);
            bench.secrets.records[pasted.id] = std::move(copied);
            bench.begin();
            QTRY_VERIFY(bench.ready());
            bench.transport.answer = [](const Request& request) {
                if (request.url.path() == "/revoke") return reply(200);
                if (request.url.path() == "/introspect") return reply(200, json("{'active':false}"));
                return reply(200, json("{'access_token':'machine-token','token_type':'Bearer'}"));
            };
            QWidget window;
            GrantPanel panel(*bench.session, &window);
            panel.setProfile(QStringLiteral("grant"));
            window.show();
            const auto press = [](QWidget& over, const QString& text) {
                for (QPushButton* each : over.findChildren<QPushButton*>())
                    if (each->text() == text) return each->click();
                qFatal("no button %s", qPrintable(text));
            };
            const auto words = [](QWidget& of) {
                QStringList all;
                for (const QLabel* label : of.findChildren<QLabel*>())
                    if (!label->isHidden()) all << label->text();
                return all.join(u'\n');
            };
            press(panel, QStringLiteral("Rotate…"));
            auto* dialog = window.findChild<RotateDialog*>();
            QVERIFY(dialog);
            QTRY_VERIFY(words(*dialog).contains(QStringLiteral("also kept in: Pasted")));
            for (QCheckBox* box : dialog->findChildren<QCheckBox*>())
                if (box->text().contains(QStringLiteral("there too"))) box->setChecked(replace);
            press(*dialog, QStringLiteral("Rotate"));
            QTRY_VERIFY2(words(panel).contains(replace ? QStringLiteral("Pasted has the new token")
                                                       : QStringLiteral("still kept in: Pasted")),
                         qPrintable(words(panel)));
            const Secret& kept = bench.secrets.records[pasted.id].secret;
            QVERIFY(kept.equals(Secret(replace ? "machine-token" : GrantFixture::access)));
        }
    }

    /// The keeper has seen the profile before it was changed.
    void aChangedSwitchIsObeyedAtOnce() {
        GrantFixture bench;
        bench.begin();
        QTRY_VERIFY(bench.ready());
        TokenProfile changed = *bench.session->workspace().profile(QStringLiteral("grant"));
        std::get<OAuthScheme>(changed.scheme).refreshAhead = false;
        std::optional<Result<void>> saved;
        bench.session->saveProfile(changed, {}, [&](Result<void> result) { saved = result; });
        QTRY_VERIFY(saved && *saved);
        bench.clock.now += 545'000;
        bench.transport.answer = [](const Request&) { return reply(200); };
        RequestSpec spec;
        spec.url = QStringLiteral("https://api.example.com/me");
        spec.profileId = QStringLiteral("grant");
        const std::unique_ptr<Run> run = bench.session->makeRun(spec);
        QSignalSpy ended(run.get(), &Run::finished);
        run->start();
        QTRY_COMPARE(ended.size(), 1);
        QVERIFY(bench.transport.sentTo("/token").isEmpty());
        QCOMPARE(bench.transport.sentTo("/me").size(), 1);
    }
};

QTEST_MAIN(TestGrantProfiles)
#include "test_grant_profiles.moc"
