// SPDX-License-Identifier: GPL-3.0-or-later
// Every defect changes what it is meant to change, and nothing else: the same probes run with all switches
// off and with one on, and the probes whose answers differ must be the ones listed.
#include "practice/jose.h"
#include "tests/practice/raw_client.h"

#include <QMap>
#include <QtTest>

using namespace kb;
using namespace kb::test;

namespace {

QByteArray encoded(const QJsonObject& value) {
    return practice::toBase64Url(QJsonDocument(value).toJson(QJsonDocument::Compact));
}

QByteArray unsignedToken(const QByteArray& good, const char* alg) {
    QJsonObject header = part(good, 0);
    header.insert(QStringLiteral("alg"), QString::fromLatin1(alg));
    return encoded(header) + '.' + good.split('.').at(1) + '.';
}

QByteArray keyedToken(const QByteArray& good, const QByteArray& key) {
    QJsonObject header = part(good, 0);
    header.insert(QStringLiteral("alg"), QStringLiteral("HS256"));
    const QByteArray input = encoded(header) + '.' + good.split('.').at(1);
    return input + '.' + practice::toBase64Url(practice::hmacSha256(key, input));
}

QByteArray ownKeyToken(const QByteArray& good, const practice::RsaKey& key, bool bringKey) {
    QJsonObject header = part(good, 0);
    if (bringKey) header.insert(QStringLiteral("jwk"), key.publicJwk());
    const QByteArray input = encoded(header) + '.' + good.split('.').at(1);
    return input + '.' + practice::toBase64Url(key.sign(input));
}

// What can be told apart from outside; the moment and the numbers left are not part of it.
QString shape(const Answer& answer, const QByteArray& secret) {
    QStringList words{QString::number(answer.status)};
    if (!answer.challenge().isEmpty()) words.append(QStringLiteral("challenged"));
    const QByteArray wait = answer.field("Retry-After");
    if (!wait.isEmpty())
        words.append(wait.endsWith("GMT") ? QStringLiteral("date") : QStringLiteral("seconds"));
    if (answer.status / 100 == 3) words.append(QStringLiteral("elsewhere"));
    if (answer.object().contains(QLatin1String("error"))) words.append(QStringLiteral("error body"));
    if (!secret.isEmpty() && answer.body.contains(secret)) words.append(QStringLiteral("echoed"));
    return words.join(QLatin1Char(' '));
}

} // namespace

class TestDefects : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void allAreNamed();
    void baseline();
    void exactEffect_data();
    void exactEffect();
    void redirectIsReal();
    void reflectsInFieldAndList();
    void twistedBodies();
    void onFromTheStart();
    void unknownNames();

private:
    QMap<QString, QString> probe();
    PracticeServer m_server;
    QByteArray m_publicPem;
    QByteArray m_foreignToken; ///< for the other audience
    QMap<QString, QString> m_baseline;
};

void TestDefects::initTestCase() {
    PracticeOptions options;
    options.rateLimitPerMinute = 0;
    QVERIFY(m_server.start(options));
    const QJsonObject keys = send(m_server.port(), "GET", "/.well-known/jwks.json").object();
    // An attacker has no more than this either.
    const auto publicKey =
        practice::RsaKey::fromPublicJwk(keys.value(QLatin1String("keys")).toArray().first().toObject());
    QVERIFY(publicKey.has_value());
    m_publicPem = publicKey->publicPem();
    QVERIFY(m_publicPem.startsWith("-----BEGIN PUBLIC KEY-----\n"));
    const Answer other = postForm(
        m_server, "/oauth/token",
        "grant_type=client_credentials&resource=urn%3Akeybearer%3Apractice%3Areports", clientBasic(m_server));
    m_foreignToken = other.text("access_token").toLatin1();
    QVERIFY(!m_foreignToken.isEmpty());
    m_baseline = probe();
}

QMap<QString, QString> TestDefects::probe() {
    QMap<QString, QString> shapes;
    const auto run = [&](const char* name, const char* target, const FieldList& fields) {
        QByteArray sent = fields.isEmpty() ? QByteArray() : fields.first().second;
        sent.replace("Bearer ", "");
        shapes.insert(QString::fromLatin1(name), shape(send(m_server.port(), "GET", target, fields), sent));
    };
    static const auto ownKey = practice::RsaKey::generate();
    const QByteArray good = secret(m_server, "Reader");
    run("own", "/users/12345", as(m_server, "Reader"));
    run("anonymous", "/me", {});
    run("expired", "/me", as(m_server, "Expired reader"));
    run("none", "/me", bearer(unsignedToken(good, "none")));
    run("nOnE", "/me", bearer(unsignedToken(good, "nOnE")));
    run("none with signature", "/me", bearer(unsignedToken(good, "none") + good.split('.').at(2)));
    run("hs", "/me", bearer(keyedToken(good, m_publicPem)));
    run("hs, empty key", "/me", bearer(keyedToken(good, {})));
    run("jwk", "/me", bearer(ownKeyToken(good, *ownKey, true)));
    run("own key, their kid", "/me", bearer(ownKeyToken(good, *ownKey, false)));
    run("audience", "/me", bearer(m_foreignToken));
    run("scope", "/users", as(m_server, "Other reader"));
    run("role", "/admin/stats", as(m_server, "Reader"));
    run("plan", "/billing/export", as(m_server, "Other reader"));
    run("foreign", "/users/67890/invoices", as(m_server, "Reader"));
    run("absent", "/users/999999/invoices", as(m_server, "Reader"));
    run("key", "/users", as(m_server, "Partner API key"));
    run("health", "/health", {});
    run("nothing", "/nothing", {});
    return shapes;
}

void TestDefects::allAreNamed() {
    QStringList names;
    for (const PracticeDefect& defect : practiceDefects()) {
        names.append(defect.name);
        QVERIFY2(defect.description.endsWith(QLatin1Char('.')), qPrintable(defect.name));
        QVERIFY2(!m_server.hasDefect(defect.name), qPrintable(defect.name));
    }
    const QStringList expected{QStringLiteral("ignore-exp"),
                               QStringLiteral("accept-none"),
                               QStringLiteral("hs-confusion"),
                               QStringLiteral("trust-jwk"),
                               QStringLiteral("skip-aud"),
                               QStringLiteral("skip-scope"),
                               QStringLiteral("bola"),
                               QStringLiteral("existence-oracle"),
                               QStringLiteral("500-on-deny"),
                               QStringLiteral("200-with-error-body"),
                               QStringLiteral("429-retry-after-seconds"),
                               QStringLiteral("429-retry-after-date"),
                               QStringLiteral("redirect-other-origin"),
                               QStringLiteral("reflect-token"),
                               QStringLiteral("skip-signature"),
                               QStringLiteral("key-prefix"),
                               QStringLiteral("key-ignore-case"),
                               QStringLiteral("deny-after-delete")};
    QCOMPARE(names, expected);
}

void TestDefects::baseline() {
    const QMap<QString, QString>& b = m_baseline;
    for (const char* ok : {"own", "key", "health"})
        QCOMPARE(b[QLatin1String(ok)], QStringLiteral("200"));
    for (const char* refused : {"anonymous", "expired", "none", "nOnE", "none with signature", "hs",
                                "hs, empty key", "jwk", "own key, their kid", "audience"})
        QVERIFY2(b[QLatin1String(refused)] == QLatin1String("401 challenged"), refused);
    QCOMPARE(b[QStringLiteral("scope")], QStringLiteral("403 challenged"));
    for (const char* denied : {"role", "plan", "foreign", "absent"})
        QCOMPARE(b[QLatin1String(denied)], QStringLiteral("403"));
    QCOMPARE(b[QStringLiteral("nothing")], QStringLiteral("404"));
}

void TestDefects::exactEffect_data() {
    using Changes = QMap<QString, QString>;
    QTest::addColumn<Changes>("changes");
    const auto all = [](const QStringList& names, const char* shape) {
        Changes changes;
        for (const QString& name : names)
            changes.insert(name, QString::fromLatin1(shape));
        return changes;
    };
    QStringList denied, guarded = m_baseline.keys();
    for (auto it = m_baseline.begin(); it != m_baseline.end(); ++it)
        if (it.value().startsWith(QLatin1Char('4')) && it.key() != QLatin1String("nothing"))
            denied.append(it.key());
    guarded.removeAll(QStringLiteral("health"));
    guarded.removeAll(QStringLiteral("nothing"));
    QStringList withCredential = guarded;
    withCredential.removeAll(QStringLiteral("anonymous"));
    Changes echoed;
    for (const QString& name : withCredential) {
        echoed.insert(name, m_baseline[name] + QLatin1String(" echoed"));
    }

    const auto one = [](const char* name, const char* shape) {
        return Changes{{QString::fromLatin1(name), QString::fromLatin1(shape)}};
    };
    QTest::newRow("ignore-exp") << one("expired", "200");
    QTest::newRow("accept-none") << all({QStringLiteral("none"), QStringLiteral("nOnE")}, "200");
    QTest::newRow("hs-confusion") << one("hs", "200");
    QTest::newRow("trust-jwk") << one("jwk", "200");
    QTest::newRow("skip-aud") << one("audience", "200");
    QTest::newRow("skip-scope") << one("scope", "200");
    // Whoever may see all objects also learns which do not exist.
    QTest::newRow("bola") << Changes{{QStringLiteral("foreign"), QStringLiteral("200")},
                                     {QStringLiteral("absent"), QStringLiteral("404")}};
    QTest::newRow("existence-oracle") << one("absent", "404");
    QTest::newRow("500-on-deny") << all(denied, "500");
    QTest::newRow("200-with-error-body") << all(denied, "200 error body");
    QTest::newRow("429-retry-after-seconds") << all(guarded, "429 seconds");
    QTest::newRow("429-retry-after-date") << all(guarded, "429 date");
    QTest::newRow("redirect-other-origin") << all(guarded, "307 elsewhere");
    QTest::newRow("reflect-token") << echoed;
}

void TestDefects::exactEffect() {
    using Changes = QMap<QString, QString>;
    QFETCH(Changes, changes);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    QVERIFY(m_server.setDefect(name, true));
    QVERIFY(m_server.hasDefect(name));
    const QMap<QString, QString> on = probe();
    QVERIFY(m_server.setDefect(name, false));
    Changes seen;
    for (auto it = on.begin(); it != on.end(); ++it)
        if (it.value() != m_baseline[it.key()]) seen.insert(it.key(), it.value());
    QCOMPARE(seen, changes);
    QCOMPARE(probe(), m_baseline); // off again means off
}

void TestDefects::redirectIsReal() {
    QVERIFY(m_server.setDefect(QStringLiteral("redirect-other-origin"), true));
    const Answer first = send(m_server.port(), "GET", "/search?q=a%20b", as(m_server, "Reader"));
    const Answer again = send(m_server.port(), "GET", "/me", as(m_server, "Reader"));
    QVERIFY(m_server.setDefect(QStringLiteral("redirect-other-origin"), false));
    const QUrl target(QString::fromLatin1(first.field("Location")));
    QCOMPARE(target.host(), QStringLiteral("localhost"));
    QVERIFY(target.port() != m_server.port());
    QCOMPARE(target.path(), QStringLiteral("/search"));
    QCOMPARE(target.query(QUrl::FullyEncoded), QStringLiteral("q=a%20b"));
    QCOMPARE(QUrl(QString::fromLatin1(again.field("Location"))).port(), target.port());

    const auto port = static_cast<quint16>(target.port());
    const auto received = [&](const FieldList& fields) {
        const Answer answer = send(port, "GET", "/search", fields);
        return answer.status == 200 ? answer.object().value(QLatin1String("credentials_received")).toArray()
                                    : QJsonArray{answer.status};
    };
    QCOMPARE(received({}), QJsonArray());
    QCOMPARE(received(as(m_server, "Reader")), QJsonArray{QStringLiteral("Authorization")});
    QCOMPARE(received(as(m_server, "Partner API key")), QJsonArray{QStringLiteral("X-API-Key")});
}

void TestDefects::reflectsInFieldAndList() {
    QVERIFY(m_server.setDefect(QStringLiteral("reflect-token"), true));
    const Answer list = send(m_server.port(), "GET", "/users", as(m_server, "Reader"));
    const Answer key = send(m_server.port(), "GET", "/me", as(m_server, "Partner API key"));
    QVERIFY(m_server.setDefect(QStringLiteral("reflect-token"), false));
    const QByteArray sent = "Bearer " + secret(m_server, "Reader");
    QCOMPARE(list.field("X-Debug-Credential"), sent);
    QCOMPARE(list.array().last().toObject().value(QLatin1String("received_credential")).toString().toLatin1(),
             sent);
    QCOMPARE(key.text("received_credential").toLatin1(), secret(m_server, "Partner API key"));
}

void TestDefects::twistedBodies() {
    QVERIFY(m_server.setDefect(QStringLiteral("200-with-error-body"), true));
    const Answer ok = send(m_server.port(), "GET", "/users", as(m_server, "Other reader"));
    QVERIFY(m_server.setDefect(QStringLiteral("200-with-error-body"), false));
    QCOMPARE(ok.field("Content-Type"), QByteArray("application/json"));
    QCOMPARE(ok.object().value(QLatin1String("code")).toInt(), 403);
    QVERIFY(m_server.setDefect(QStringLiteral("429-retry-after-seconds"), true));
    const Answer wait = send(m_server.port(), "GET", "/users", as(m_server, "Reader"));
    QVERIFY(m_server.setDefect(QStringLiteral("429-retry-after-seconds"), false));
    QCOMPARE(wait.problem(), QStringLiteral("too-many-requests"));
    QVERIFY(wait.field("Retry-After").toInt() >= 1);
}

void TestDefects::onFromTheStart() {
    PracticeServer faulty;
    PracticeOptions options;
    options.defects = {QStringLiteral("ignore-exp"), QStringLiteral("skip-scope")};
    QVERIFY(faulty.start(options));
    QCOMPARE(send(faulty.port(), "GET", "/me", as(faulty, "Expired reader")).status, 200);
    QCOMPARE(send(faulty.port(), "GET", "/users", as(faulty, "Other reader")).status, 200);
    // Without any at the next start, none is left over.
    QVERIFY(faulty.start());
    QCOMPARE(send(faulty.port(), "GET", "/me", as(faulty, "Expired reader")).status, 401);
}

void TestDefects::unknownNames() {
    const auto set = m_server.setDefect(QStringLiteral("no-such"), true);
    QVERIFY(!set);
    QCOMPARE(set.error().code, ErrorCode::NotFound);
    QVERIFY(set.error().what.contains(QLatin1String("no-such")));
    PracticeServer other;
    PracticeOptions options;
    options.defects = {QStringLiteral("no-such")};
    const auto started = other.start(options);
    QVERIFY(!started);
    QCOMPARE(started.error().code, ErrorCode::InvalidInput);
    QVERIFY(!other.isRunning());
}

QTEST_GUILESS_MAIN(TestDefects)
#include "test_defects.moc"
