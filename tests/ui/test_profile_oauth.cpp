// SPDX-License-Identifier: GPL-3.0-or-later
// The profile dialog with OAuth and other kinds of many fields: what is stored, and what is left alone.
#include "tests/support/accessible_walk.h"
#include "tests/support/grant_fixture.h"
#include "ui/profile_dialog.h"
#include "ui/secret_edit.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace kb;
using namespace kb::test;

namespace {

const QByteArray pem = "-----BEGIN PRIVATE KEY-----\n"
                       "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                       "-----END PRIVATE KEY-----\n";

struct Form {
    ProfileDialog& dialog;

    template<class T> T* named(const QString& name) const {
        for (T* each : dialog.findChildren<T*>())
            if (each->accessibleName() == name) return each;
        qFatal("no field %s", qPrintable(name));
    }
    template<class T> T* field(const char* name) const {
        T* found = dialog.findChild<T*>(QLatin1String(name));
        if (!found) qFatal("no field %s", name);
        return found;
    }
    void kind(const char* name) const {
        auto* box = named<QComboBox>(QStringLiteral("Kind"));
        box->setCurrentIndex(box->findData(QLatin1String(name)));
    }
    void type(const char* name, const char* text) const {
        field<QLineEdit>(name)->setText(QLatin1String(text));
    }
    void choose(const char* name, int index) const { field<QComboBox>(name)->setCurrentIndex(index); }
    SecretEdit* secret() const { return dialog.findChild<SecretEdit*>(); }
    QString words() const {
        QString all;
        for (const QLabel* label : dialog.findChildren<QLabel*>())
            if (label->isVisibleTo(&dialog)) all += label->text() + u'\n';
        return all;
    }
    /// Saves; whether it was taken.
    bool save() const {
        QSignalSpy saved(&dialog, &ProfileDialog::saved);
        for (QPushButton* each : dialog.findChildren<QPushButton*>())
            if (each->text().contains(QStringLiteral("Save"))) {
                each->click();
                break;
            }
        return !saved.isEmpty() || saved.wait(200);
    }
};

} // namespace

class TestProfileOauth : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Expired on purpose: said in the dialog, and taken back there.
    void aProfileIsKeptStaleOnPurpose() {
        GrantFixture fixture;
        fixture.begin();
        QTRY_VERIFY(fixture.ready());
        const auto stale = [&] {
            return fixture.session->workspace().profile(QStringLiteral("grant"))->declared.stale;
        };
        for (const QString& text : {QStringLiteral("revoked"), QString()}) {
            ProfileDialog dialog(*fixture.session, QStringLiteral("grant"));
            const Form form{dialog};
            auto* field = form.named<QLineEdit>(QStringLiteral("Keep it stale"));
            QCOMPARE(field->text(), stale());
            field->setText(text);
            QVERIFY2(form.save(), qPrintable(form.words()));
            QCOMPARE(stale(), text);
        }
    }

    void aPublicClientHasNoSecretToType() {
        GrantFixture fixture;
        fixture.begin();
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        const Form form{dialog};
        form.named<QLineEdit>(QStringLiteral("Name"))->setText(QStringLiteral("Public"));
        form.kind("oauth2");
        form.choose("grant", static_cast<int>(OAuthGrant::AuthorizationCode));
        form.choose("clientAuth", static_cast<int>(ClientAuth::Basic));
        QVERIFY(form.secret()->isVisible());
        form.choose("clientAuth", static_cast<int>(ClientAuth::None));
        QVERIFY(!form.secret()->isVisible());
        form.type("clientId", "spa");
        form.type("authorizationUrl", "https://id.example.com/authorize");
        form.type("tokenUrl", "https://id.example.com/token");
        form.type("scopes", "openid users:read");
        form.named<QPlainTextEdit>(QStringLiteral("Allowed hosts, one a line"))
            ->setPlainText(QStringLiteral("https://api.example.com"));
        QVERIFY2(form.save(), qPrintable(form.words()));

        const TokenProfile& saved = fixture.session->profiles().last();
        QCOMPARE(saved.name, QStringLiteral("Public"));
        const auto& scheme = std::get<OAuthScheme>(saved.scheme);
        QCOMPARE(scheme.scopes, QStringList({QStringLiteral("openid"), QStringLiteral("users:read")}));
        const SecretRecord& record = fixture.secrets.records.at(saved.bindings.first().secret.id);
        QVERIFY(record.secret.isEmpty());
        QVERIFY(record.parts.empty());
        QCOMPARE(record.allowedOrigins, QStringList{QStringLiteral("https://api.example.com")});
        const Result<GrantServer> server = confirmedServer(record);
        QVERIFY(server.has_value());
        QCOMPARE(server->clientId, QStringLiteral("spa"));
        QCOMPARE(server->endpoints.token->text(), QByteArray("https://id.example.com/token"));
        QVERIFY(serverChanges(record, scheme).isEmpty());
    }

    void aMissingClientIdIsSaid() {
        GrantFixture fixture;
        fixture.begin();
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        const Form form{dialog};
        form.named<QLineEdit>(QStringLiteral("Name"))->setText(QStringLiteral("Nobody"));
        form.kind("oauth2");
        form.type("tokenUrl", "https://id.example.com/token");
        QVERIFY(!form.save());
        QVERIFY2(form.words().contains(QStringLiteral("client id is missing")), qPrintable(form.words()));
        QVERIFY(form.words().contains(QStringLiteral("Client id"))); // where, in the form's own words
        QCOMPARE(fixture.session->profiles().size(), 1);
    }

    void aConfidentialClientNeedsItsSecret() {
        GrantFixture fixture;
        fixture.begin();
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        const Form form{dialog};
        form.named<QLineEdit>(QStringLiteral("Name"))->setText(QStringLiteral("Machine"));
        form.kind("oauth2");
        form.choose("grant", static_cast<int>(OAuthGrant::ClientCredentials));
        form.choose("clientAuth", static_cast<int>(ClientAuth::Post));
        form.type("clientId", "machine");
        form.type("tokenUrl", "https://id.example.com/token");
        QVERIFY(!form.save());
        QVERIFY2(form.words().contains(QStringLiteral("no secret")), qPrintable(form.words()));
        form.secret()->setText(QStringLiteral("client-secret-9a8b7c"));
        QVERIFY2(form.save(), qPrintable(form.words()));
        const SecretRecord& record =
            fixture.secrets.records.at(fixture.session->profiles().last().bindings.first().secret.id);
        QVERIFY(record.part(grantpart::clientSecret)->equals(Secret("client-secret-9a8b7c")));
        QVERIFY(record.secret.isEmpty()); // the client's secret is no access token
    }

    void aLoginOfTheApisOwn() {
        GrantFixture fixture;
        fixture.begin();
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        const Form form{dialog};
        form.named<QLineEdit>(QStringLiteral("Name"))->setText(QStringLiteral("Own"));
        form.kind("login");
        QVERIFY(!form.field<QLineEdit>("sendName")->isVisible());
        form.choose("sendAs", static_cast<int>(SendPlace::Header));
        QVERIFY(form.field<QLineEdit>("sendName")->isVisible());
        QVERIFY(!form.field<QLineEdit>("csrfName")->isVisible()); // under the further settings
        form.type("sendName", "X-Auth");
        form.type("loginUrl", "https://api.example.com/login");
        form.type("tokenName", "token");
        form.field<QPlainTextEdit>("body")->setPlainText(QStringLiteral("{\n  \"p\": \"{{secret}}\"\n}"));
        form.field<QPlainTextEdit>("headers")->setPlainText(
            QStringLiteral("X-Tenant: acme corp\nX-Kind: one two"));
        form.secret()->setText(QStringLiteral("pass-word-1234"));
        QVERIFY(!form.save());
        QVERIFY2(form.words().contains(QStringLiteral("begins with a slash")), qPrintable(form.words()));
        form.type("tokenName", "/token");
        QVERIFY2(form.save(), qPrintable(form.words()));

        const TokenProfile& saved = fixture.session->profiles().last();
        const auto& scheme = std::get<LoginScheme>(saved.scheme);
        QCOMPARE(scheme.headers,
                 QStringList({QStringLiteral("X-Tenant: acme corp"), QStringLiteral("X-Kind: one two")}));
        QCOMPARE(scheme.body, QStringLiteral("{\n  \"p\": \"{{secret}}\"\n}"));
        const SecretRecord& record = fixture.secrets.records.at(saved.bindings.first().secret.id);
        QVERIFY(record.secret.isEmpty());
        QVERIFY(record.part(grantpart::password)->equals(Secret("pass-word-1234")));
        QVERIFY(grantServerChanges(record, saved.scheme).isEmpty());
    }

    void editingLeavesTheTokensAlone() {
        GrantFixture fixture;
        fixture.begin();
        QTRY_VERIFY(fixture.ready());
        ProfileDialog dialog(*fixture.session, QStringLiteral("grant"));
        dialog.show();
        const Form form{dialog};
        form.type("scopes", "users:read users:write");
        form.named<QPlainTextEdit>(QStringLiteral("Allowed hosts, one a line"))
            ->setPlainText(QStringLiteral("https://api.example.com\nhttps://two.example.com"));
        QVERIFY2(form.save(), qPrintable(form.words()));
        QVERIFY(fixture.record().secret.equals(Secret(GrantFixture::access)));
        QVERIFY(fixture.record().part(grantpart::refreshToken)->equals(Secret(GrantFixture::refresh)));
        QVERIFY(!fixture.record().fact(QStringLiteral("expires_ms")).isEmpty());
        QCOMPARE(fixture.record().allowedOrigins.size(), 2);
        QCOMPARE(std::get<OAuthScheme>(fixture.session->profiles().first().scheme).scopes.size(), 2);
    }

    void aChangedSecretReplacesItsPartAlone() {
        GrantFixture fixture;
        fixture.scheme().clientAuth = ClientAuth::Basic;
        fixture.record().parts[grantpart::clientSecret] = Secret("the-old-client-secret");
        fixture.record().parts[grantpart::dpopKey] = Secret("the-dpop-key");
        fixture.begin();
        QTRY_VERIFY(fixture.ready());
        {
            ProfileDialog dialog(*fixture.session, QStringLiteral("grant"));
            dialog.show();
            const Form form{dialog};
            QVERIFY(form.secret()->isVisible() && form.secret()->isEmptySecret());
            QVERIFY(form.secret()->placeholderText().contains(QStringLiteral("leave empty")));
            QVERIFY2(form.save(), qPrintable(form.words()));
            QVERIFY(fixture.record().part(grantpart::clientSecret)->equals(Secret("the-old-client-secret")));
        }
        ProfileDialog dialog(*fixture.session, QStringLiteral("grant"));
        dialog.show();
        const Form form{dialog};
        form.secret()->setText(QStringLiteral("the-new-client-secret"));
        QVERIFY2(form.save(), qPrintable(form.words()));
        QVERIFY(fixture.record().part(grantpart::clientSecret)->equals(Secret("the-new-client-secret")));
        QVERIFY(fixture.record().part(grantpart::dpopKey)->equals(Secret("the-dpop-key")));
        QVERIFY(fixture.record().part(grantpart::refreshToken)->equals(Secret(GrantFixture::refresh)));
        QVERIFY(fixture.record().secret.equals(Secret(GrantFixture::access)));
    }

    /// Another server than before is confirmed by saving it in this window.
    void anotherServerIsConfirmedByTyping() {
        GrantFixture fixture;
        fixture.begin();
        QTRY_VERIFY(fixture.ready());
        ProfileDialog dialog(*fixture.session, QStringLiteral("grant"));
        dialog.show();
        const Form form{dialog};
        form.type("tokenUrl", "https://new.example.com/token");
        QVERIFY2(form.save(), qPrintable(form.words()));
        QCOMPARE(confirmedServer(fixture.record())->endpoints.token->text(),
                 QByteArray("https://new.example.com/token"));
    }

    void aKeyOfSeveralLinesSurvives() {
        GrantFixture fixture;
        fixture.begin();
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        const Form form{dialog};
        form.named<QLineEdit>(QStringLiteral("Name"))->setText(QStringLiteral("Signer"));
        form.kind("jwt");
        QGuiApplication::clipboard()->setText(QString::fromLatin1(pem));
        form.secret()->setFocus();
        QTest::keyClick(form.secret(), Qt::Key_V, Qt::ControlModifier);
        QGuiApplication::clipboard()->clear();
        QVERIFY(!form.secret()->text().contains(QStringLiteral("MC4C")));
        QVERIFY2(form.save(), qPrintable(form.words()));
        const SecretRecord& record =
            fixture.secrets.records.at(fixture.session->profiles().last().bindings.first().secret.id);
        const QByteArray kept(record.secret.reveal().data(), static_cast<qsizetype>(record.secret.size()));
        QCOMPARE(kept.trimmed(), pem.trimmed());
        QCOMPARE(kept.count('\n'), 2);
    }

    void everyControlHasAName() {
        GrantFixture fixture;
        fixture.begin();
        ProfileDialog dialog(*fixture.session, {});
        dialog.show();
        const Form form{dialog};
        auto* kind = form.named<QComboBox>(QStringLiteral("Kind"));
        for (int at = 0; at < kind->count(); ++at) {
            kind->setCurrentIndex(at);
            QCoreApplication::processEvents();
            const QStringList nameless = namelessControls(dialog);
            QVERIFY2(nameless.isEmpty(), qPrintable(kind->currentText() + u'\n' + nameless.join(u'\n')));
        }
    }
};

QTEST_MAIN(TestProfileOauth)
#include "test_profile_oauth.moc"
