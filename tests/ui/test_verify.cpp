// SPDX-License-Identifier: GPL-3.0-or-later
// Checking a token's signature in the window: where the key comes from, what is said, and what is kept.
#include "core/auth/signing_key.h"
#include "tests/support/accessible_walk.h"
#include "tests/support/grant_fixture.h"
#include "ui/pill.h"
#include "ui/profile_panel.h"
#include "ui/secret_edit.h"
#include "ui/verify_dialog.h"

#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace kb;
using namespace kb::test;

namespace {

const QByteArray sharedSecret = "canary-shared-secret-of-32-bytes-and-more";

QByteArray signedToken(const QString& algorithm, const SigningKey& key, const QByteArray& claims) {
    return *signCompact(
        algorithm, *parseJson(QByteArray(R"({"alg":")" + algorithm.toLatin1() + R"(","kid":"2026-11"})")),
        claims, key);
}

/// A panel over a session with one bearer profile, "reader", and a key that signed its token.
struct VerifyBench : GrantFixture {
    SigningKey key = *SigningKey::generate(QStringLiteral("ES256"));
    QByteArray token;
    std::unique_ptr<ProfilePanel> panel;

    QByteArray claims(qint64 leftS = 600) const {
        return R"({"iss":"https://id.example.com","sub":"ada","aud":"users-api","iat":)" +
               QByteArray::number(clock.now / 1000 - 100) + R"(,"exp":)" +
               QByteArray::number(clock.now / 1000 + leftS) + '}';
    }
    QByteArray keySet(const SigningKey& of) const {
        const QByteArray jwk = writeJson(of.publicJwk());
        return R"({"keys":[{"kid":"2026-11",)" + jwk.mid(1) + "]}";
    }
    void use(const QByteArray& compact) {
        token = compact;
        record().secret = Secret(std::string_view(token.constData(), static_cast<std::size_t>(token.size())));
    }
    void open() {
        workspaces.workspace.profiles.first().scheme = BearerScheme{};
        record().parts.clear();
        record().facts.clear();
        if (token.isEmpty()) use(signedToken(QStringLiteral("ES256"), key, claims()));
        begin();
        panel = std::make_unique<ProfilePanel>(*session);
        panel->resize(320, 900);
        panel->setProfile(QStringLiteral("grant"));
        panel->show();
        if (!QTest::qWaitFor([this] { return ready(); })) qFatal("the profile was not read");
    }
    const Pill* pill(const char* name = "signaturePill") const {
        const Pill* found = panel->findChild<Pill*>(QLatin1String(name));
        return found && !found->isHidden() ? found : nullptr;
    }
    QString words() const { return panel->findChild<SignaturePanel*>()->plainText(); }
    /// The rows of header and claims, as "name: value".
    QStringList claimRows() const {
        QStringList rows;
        for (const QLabel* label : panel->findChildren<QLabel*>())
            if (label->accessibleName().contains(QStringLiteral(": ")))
                rows << label->accessibleName().section(QStringLiteral(": "), 0, 0) + QStringLiteral(": ") +
                            label->text();
        return rows;
    }
    bool says(const QString& text) const {
        for (const QLabel* label : panel->findChildren<QLabel*>())
            if (label->text().contains(text)) return true;
        return false;
    }
    VerifyDialog* dialog() const {
        for (VerifyDialog* each : panel->findChildren<VerifyDialog*>())
            if (each->isVisible()) return each;
        return nullptr;
    }
    VerifyDialog* ask(const QString& source) {
        for (QPushButton* each : panel->findChildren<QPushButton*>())
            if (each->text() == QStringLiteral("Verify…")) each->click();
        VerifyDialog* opened = dialog();
        if (!opened) qFatal("no dialog");
        auto* box = field<QComboBox>(QStringLiteral("Key"));
        if (!source.isEmpty()) box->setCurrentIndex(box->findData(source));
        return opened;
    }
    template<class T> T* field(const QString& name) const {
        for (T* each : dialog()->findChildren<T*>())
            if (each->accessibleName() == name) return each;
        qFatal("no field %s", qPrintable(name));
    }
    void verify() const {
        for (QPushButton* each : dialog()->findChildren<QPushButton*>())
            if (each->text() == QStringLiteral("Verify")) each->click();
    }
    QString problem() const {
        QString all;
        for (const QLabel* label : dialog()->findChildren<QLabel*>())
            if (label->isVisible()) all += label->text() + u'\n';
        return all;
    }
    void serve(const QByteArray& keys) {
        transport.answer = [keys](const Request& request) {
            return request.url.path() == "/jwks" ? AnsweringTransport::reply(200, keys)
                                                 : AnsweringTransport::reply(404);
        };
    }
};

const QString jwksUrl = QStringLiteral("https://id.example.com/jwks");

} // namespace

class TestVerify : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Every member of the header, and times both as the clock here says them and from now.
    void s5_6_theWholeHeaderAndTimesFromNow() {
        VerifyBench bench;
        const auto encoded = [](const QByteArray& text) {
            return text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        };
        bench.use(
            encoded(json("{'alg':'ES256','typ':'at+jwt','kid':'2026-11','cty':'x','crit':['b64'],'b64':true,"
                         "'jku':'https://id.example.com/keys'}")) +
            '.' + encoded(bench.claims(7300)) + ".c2ln");
        bench.open();
        const QStringList rows = bench.claimRows();
        for (const char* row :
             {"alg: ES256", "cty: x", "crit: [\"b64\"]", "b64: true", "jku: https://id.example.com/keys"})
            QVERIFY2(rows.contains(QLatin1String(row)), row);
        const auto shown = [&](const QString& name) {
            const QStringList found =
                bench.claimRows().filter(QRegularExpression(u'^' + name + QStringLiteral(": ")));
            return found.value(0);
        };
        QVERIFY2(shown(QStringLiteral("exp")).endsWith(QStringLiteral("(in 2 h)")),
                 qPrintable(shown(QStringLiteral("exp"))));
        QVERIFY(shown(QStringLiteral("iat")).endsWith(QStringLiteral("(1 min ago)")));
        // It goes on with the time.
        bench.clock.now += 4000'000;
        QTRY_VERIFY(shown(QStringLiteral("exp")).endsWith(QStringLiteral("min)")));
    }

    void s5_6_ofAnEncryptedTokenTheHeaderIsShown() {
        VerifyBench bench;
        const QByteArray header =
            json("{'alg':'RSA-OAEP-256','enc':'A256GCM','cty':'JWT'}")
                .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        bench.use(header + ".a2V5.aXYx.Y2lwaGVy.dGFn");
        bench.open();
        const QStringList rows = bench.claimRows();
        for (const char* row : {"alg: RSA-OAEP-256", "enc: A256GCM", "cty: JWT"})
            QVERIFY2(rows.contains(QLatin1String(row)), qPrintable(rows.join(u'\n')));
        QVERIFY(bench.says(QStringLiteral("claims are encrypted")));
    }

    /// RFC 8705 §3.1: to what a token is bound stands beside its times.
    void s5_6_whatATokenIsBoundToIsSaid() {
        for (const bool bound : {true, false}) {
            VerifyBench bench;
            const QByteArray binding = bound ? ",\"cnf\":{\"x5t#S256\":\"somebody-elses\"}}" : "}";
            bench.use(signedToken(QStringLiteral("ES256"), bench.key, bench.claims().chopped(1) + binding));
            bench.open();
            bool said = false;
            for (const QLabel* label : bench.panel->findChildren<QLabel*>())
                said =
                    said || (label->isVisible() &&
                             label->text().contains(QStringLiteral(
                                 "The token is bound to a client certificate, and the profile has none.")));
            QCOMPARE(said, bound);
        }
    }

    void s5_6_decodedIsNeverGreen() {
        VerifyBench bench;
        bench.open();
        QVERIFY(bench.pill());
        QCOMPARE(bench.pill()->text(), QStringLiteral("not verified"));
        QVERIFY(bench.pill()->tone() != Tone::Good);
        QVERIFY(bench.words().contains(QStringLiteral("anyone can write these words")));
        for (const Pill* pill : bench.panel->findChild<SignaturePanel*>()->findChildren<Pill*>())
            QVERIFY(pill->isHidden() || pill->tone() != Tone::Good);
    }

    void s5_6_byAKeySetAtAnAddress() {
        VerifyBench bench;
        bench.serve(bench.keySet(bench.key));
        bench.open();
        bench.ask(QStringLiteral("url"));
        bench.field<QLineEdit>(QStringLiteral("Address"))->setText(jwksUrl);
        bench.verify();
        QTRY_COMPARE(bench.pill()->text(), QStringLiteral("verified"));
        QCOMPARE(bench.pill()->tone(), Tone::Good);
        QVERIFY2(bench.words().contains(QStringLiteral("ES256, key 2026-11")), qPrintable(bench.words()));
        QVERIFY(bench.words().contains(jwksUrl));
        QCOMPARE(bench.pill("timesPill")->text(), QStringLiteral("in time"));
        QVERIFY(!bench.pill("claimsPill"));
        QTRY_VERIFY(!bench.dialog());
        QCOMPARE(bench.transport.sent.size(), 1);
        const Request& asked = bench.transport.sent.first();
        QVERIFY(!asked.headers.first("Authorization")); // keys are public
        QVERIFY(!asked.url.text().contains("eyJ"));
        QVERIFY(bench.transport.options.first().bodyLimit > 0);
        QVERIFY(bench.transport.options.first().lane != QStringLiteral("grant"));
    }

    void s5_6_byTheIssuersMetadata() {
        VerifyBench bench;
        const QByteArray keys = bench.keySet(bench.key);
        bench.transport.answer = [keys](const Request& request) {
            const QByteArray path = request.url.path();
            if (path == "/.well-known/openid-configuration")
                return AnsweringTransport::reply(
                    200, R"({"issuer":"https://id.example.com","jwks_uri":"https://keys.example.com/jwks",)"
                         R"("response_types_supported":["code"]})");
            return path == "/jwks" ? AnsweringTransport::reply(200, keys) : AnsweringTransport::reply(404);
        };
        bench.open();
        bench.ask({}); // the first choice, and what the token says of its issuer is proposed
        QCOMPARE(bench.field<QLineEdit>(QStringLiteral("Issuer"))->text(),
                 QStringLiteral("https://id.example.com"));
        QVERIFY(bench.transport.sent.isEmpty()); // nothing is fetched before the user says so
        bench.verify();
        QTRY_COMPARE(bench.pill()->text(), QStringLiteral("verified"));
        QVERIFY(bench.words().contains(QStringLiteral("https://keys.example.com/jwks")));
    }

    /// RFC 8725 §3.8: an issuer's keys say nothing of a token that names another.
    void s5_6_anotherIssuersTokenIsNotVerifiedByItsKeys() {
        VerifyBench bench;
        const QByteArray keys = bench.keySet(bench.key);
        bench.transport.answer = [keys](const Request& request) {
            if (request.url.path() == "/.well-known/openid-configuration")
                return AnsweringTransport::reply(
                    200,
                    R"({"issuer":"https://other.example.com","jwks_uri":"https://other.example.com/jwks",)"
                    R"("response_types_supported":["code"]})");
            return request.url.path() == "/jwks" ? AnsweringTransport::reply(200, keys)
                                                 : AnsweringTransport::reply(404);
        };
        bench.open();
        bench.ask({});
        bench.field<QLineEdit>(QStringLiteral("Issuer"))
            ->setText(QStringLiteral("https://other.example.com"));
        bench.verify();
        QTRY_VERIFY(bench.pill("claimsPill"));
        QCOMPARE(bench.pill("claimsPill")->tone(), Tone::Bad);
        QVERIFY2(bench.words().contains(QStringLiteral("https://id.example.com")), qPrintable(bench.words()));
    }

    void s5_6_aForgedTokenIsRed() {
        VerifyBench bench;
        const SigningKey other = *SigningKey::generate(QStringLiteral("ES256"));
        bench.serve(bench.keySet(other));
        bench.open();
        bench.ask(QStringLiteral("url"));
        bench.field<QLineEdit>(QStringLiteral("Address"))->setText(jwksUrl);
        bench.verify();
        QTRY_COMPARE(bench.pill()->tone(), Tone::Bad);
        QCOMPARE(bench.pill()->text(), QStringLiteral("not verified"));
        QVERIFY(!bench.pill("timesPill")); // that it is in time is no good news
        QVERIFY(!bench.words().contains(QStringLiteral("anyone can write")));
        QVERIFY(bench.words().size() > 20);
    }

    void s5_6_withoutAFittingKeyItCannotBeSaid() {
        VerifyBench bench;
        const SigningKey other = *SigningKey::generate(QStringLiteral("ES256"));
        QByteArray set = bench.keySet(other);
        bench.serve(set.replace("2026-11", "2031-01"));
        bench.open();
        bench.ask(QStringLiteral("url"));
        bench.field<QLineEdit>(QStringLiteral("Address"))->setText(jwksUrl);
        bench.verify();
        QTRY_COMPARE(bench.pill()->text(), QStringLiteral("cannot verify"));
        QCOMPARE(bench.pill()->tone(), Tone::Warn);
    }

    /// A genuine token may be expired: both are said, apart.
    void s5_6_timesAreKeptApart() {
        VerifyBench bench;
        bench.use(signedToken(QStringLiteral("ES256"), bench.key, bench.claims(-300)));
        bench.serve(bench.keySet(bench.key));
        bench.open();
        bench.ask(QStringLiteral("url"));
        bench.field<QLineEdit>(QStringLiteral("Address"))->setText(jwksUrl);
        bench.verify();
        QTRY_COMPARE(bench.pill()->text(), QStringLiteral("verified"));
        QCOMPARE(bench.pill("timesPill")->text(), QStringLiteral("times refused"));
        QCOMPARE(bench.pill("timesPill")->tone(), Tone::Bad);
    }

    void s5_6_theAudienceCounts() {
        VerifyBench bench;
        bench.serve(bench.keySet(bench.key));
        bench.open();
        bench.ask(QStringLiteral("url"));
        bench.field<QLineEdit>(QStringLiteral("Address"))->setText(jwksUrl);
        bench.field<QLineEdit>(QStringLiteral("aud must hold"))->setText(QStringLiteral("billing-api"));
        bench.verify();
        QTRY_VERIFY(bench.pill("claimsPill"));
        QCOMPARE(bench.pill("claimsPill")->tone(), Tone::Bad);
        QCOMPARE(bench.pill()->text(), QStringLiteral("verified"));
    }

    /// RFC 8725 §3.11: a token made for something else is none of these.
    void s5_6_theTypeCounts() {
        VerifyBench bench;
        bench.use(*signCompact(QStringLiteral("ES256"),
                               *parseJson(R"({"alg":"ES256","kid":"2026-11","typ":"logout+jwt"})"),
                               bench.claims(), bench.key));
        bench.serve(bench.keySet(bench.key));
        bench.open();
        const auto verifyAs = [&](const QString& type) {
            bench.ask(QStringLiteral("url"));
            bench.field<QLineEdit>(QStringLiteral("Address"))->setText(jwksUrl);
            auto* box = bench.field<QComboBox>(QStringLiteral("typ must be"));
            if (!type.isNull()) box->setEditText(type);
            const QString shown = box->currentText();
            bench.verify();
            const bool closed = QTest::qWaitFor([&] { return !bench.dialog(); });
            return closed ? shown : QStringLiteral("the dialog stays");
        };
        QCOMPARE(verifyAs({}), QString()); // any
        QCOMPARE(bench.pill()->text(), QStringLiteral("verified"));
        QVERIFY(!bench.pill("claimsPill"));
        verifyAs(QStringLiteral("at+jwt"));
        QVERIFY(bench.pill("claimsPill"));
        QCOMPARE(bench.pill("claimsPill")->tone(), Tone::Bad);
        QVERIFY2(bench.words().contains(QStringLiteral("typ")), qPrintable(bench.words()));
        QCOMPARE(verifyAs({}), QStringLiteral("at+jwt")); // remembered
        verifyAs(QStringLiteral("application/logout+jwt"));
        QVERIFY(!bench.pill("claimsPill"));
    }

    void s5_6_aFileAndAPastedSecret() {
        QTemporaryDir folder;
        VerifyBench bench;
        bench.open();
        QFile file(folder.filePath(QStringLiteral("keys.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bench.keySet(bench.key));
        file.close();
        bench.ask(QStringLiteral("file"));
        bench.field<QLineEdit>(QStringLiteral("File"))->setText(file.fileName());
        bench.verify();
        QTRY_COMPARE(bench.pill()->text(), QStringLiteral("verified"));
        QVERIFY(bench.words().contains(QStringLiteral("keys.json")));
        QVERIFY(bench.transport.sent.isEmpty());

        VerifyBench hmac;
        const SigningKey secret =
            *SigningKey::read(Secret(std::string_view(sharedSecret.constData(), sharedSecret.size())), true);
        hmac.use(signedToken(QStringLiteral("HS256"), secret, hmac.claims()));
        hmac.open();
        hmac.ask({}); // proposed by the algorithm
        hmac.dialog()->findChild<SecretEdit*>()->setText(QString::fromLatin1(sharedSecret));
        hmac.verify();
        QTRY_COMPARE(hmac.pill()->text(), QStringLiteral("verified"));
        QVERIFY(hmac.transport.sent.isEmpty());
        for (auto it = hmac.settings.values.cbegin(); it != hmac.settings.values.cend(); ++it)
            QVERIFY2(!it.value().toString().contains(QString::fromLatin1(sharedSecret)),
                     qPrintable(it.key()));
        QVERIFY(!hmac.words().contains(QString::fromLatin1(sharedSecret)));
    }

    /// A set that anyone can fetch may hold no shared secret: it would verify what anyone can sign.
    void s5_6_aSharedSecretFromTheNetProvesNothing() {
        VerifyBench bench;
        const SigningKey secret =
            *SigningKey::read(Secret(std::string_view(sharedSecret.constData(), sharedSecret.size())), true);
        bench.use(signedToken(QStringLiteral("HS256"), secret, bench.claims()));
        bench.serve(R"({"keys":[{"kty":"oct","kid":"2026-11","k":")" +
                    sharedSecret.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals) +
                    R"("}]})");
        bench.open();
        bench.ask(QStringLiteral("url"));
        bench.field<QLineEdit>(QStringLiteral("Address"))->setText(jwksUrl);
        bench.verify();
        QTRY_COMPARE(bench.pill()->text(), QStringLiteral("cannot verify"));
    }

    void s5_6_troubleIsToldInTheDialog_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("said");
        QTest::newRow("plain http") << "http://id.example.com/jwks" << 200 << QByteArray("{}")
                                    << "encryption";
        QTest::newRow("user name") << "https://me@id.example.com/jwks" << 200 << QByteArray("{}")
                                   << "user name";
        QTest::newRow("redirect") << "https://id.example.com/jwks" << 302 << QByteArray("x") << "redirects";
        QTest::newRow("HTML") << "https://id.example.com/jwks" << 200 << QByteArray("<html>") << "jwks";
        QTest::newRow("nothing") << "" << 200 << QByteArray("{}") << "";
    }
    void s5_6_troubleIsToldInTheDialog() {
        QFETCH(QString, address);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, said);
        VerifyBench bench;
        bench.transport.answer = [&](const Request&) { return AnsweringTransport::reply(status, body); };
        bench.open();
        bench.ask(QStringLiteral("url"));
        bench.field<QLineEdit>(QStringLiteral("Address"))->setText(address);
        const QString before = bench.problem();
        bench.verify();
        QTRY_VERIFY(bench.dialog() && bench.problem() != before && bench.problem().size() > before.size());
        QVERIFY2(bench.problem().contains(said), qPrintable(bench.problem()));
        QVERIFY(bench.dialog()->isVisible()); // nothing that was typed is lost
        QCOMPARE(bench.pill()->text(), QStringLiteral("not verified"));
        QCOMPARE(bench.pill()->tone(), Tone::Neutral);
    }

    void s5_6_theSourceIsRemembered() {
        VerifyBench bench;
        bench.serve(bench.keySet(bench.key));
        bench.open();
        bench.ask(QStringLiteral("url"));
        bench.field<QLineEdit>(QStringLiteral("Address"))->setText(jwksUrl);
        bench.verify();
        QTRY_COMPARE(bench.pill()->text(), QStringLiteral("verified"));
        QTRY_VERIFY(!bench.dialog());
        bench.ask({});
        QCOMPARE(bench.field<QComboBox>(QStringLiteral("Key"))->currentData().toString(),
                 QStringLiteral("url"));
        QCOMPARE(bench.field<QLineEdit>(QStringLiteral("Address"))->text(), jwksUrl);
        const QStringList nameless = namelessControls(*bench.dialog());
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
    }

    /// The verdict is about one token. Another one starts as unverified again.
    void s5_6_anotherTokenIsNotVerifiedByTheOld() {
        VerifyBench bench;
        bench.serve(bench.keySet(bench.key));
        bench.open();
        bench.ask(QStringLiteral("url"));
        bench.field<QLineEdit>(QStringLiteral("Address"))->setText(jwksUrl);
        bench.verify();
        QTRY_COMPARE(bench.pill()->text(), QStringLiteral("verified"));
        bench.panel->setProfile({});
        bench.panel->setProfile(QStringLiteral("grant"));
        QCOMPARE(bench.pill()->text(), QStringLiteral("verified")); // the same token
        bench.use(signedToken(QStringLiteral("ES256"), bench.key, bench.claims(900)));
        bench.session->reloadProfile(QStringLiteral("grant"));
        QTRY_COMPARE(bench.pill()->text(), QStringLiteral("not verified"));
        QCOMPARE(bench.pill()->tone(), Tone::Neutral);
    }

    void s5_6_closingTheDialogEndsTheFetch() {
        VerifyBench bench;
        bench.serve(bench.keySet(bench.key));
        bench.open();
        bench.ask(QStringLiteral("url"));
        bench.field<QLineEdit>(QStringLiteral("Address"))->setText(jwksUrl);
        bench.verify();
        bench.dialog()->reject();
        QTest::qWait(50);
        QCOMPARE(bench.pill()->text(), QStringLiteral("not verified"));
    }
};

QTEST_MAIN(TestVerify)
#include "test_verify.moc"
