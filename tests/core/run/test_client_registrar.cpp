// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 7591, RFC 7592: registering a client at an issuer, keeping what came of it, and ending it.
#include "core/run/client_registrar.h"
#include "tests/core/run/run_fakes.h"

using namespace kbtest;

namespace {

Step document(const QByteArray& json, int status = 200) {
    return {answer(status, {{"Content-Type", "application/json"}}, json)};
}

const QByteArray metadata =
    "{\"issuer\":\"https://id.test\",\"token_endpoint\":\"https://id.test/token\","
    "\"authorization_endpoint\":\"https://id.test/authorize\",\"registration_endpoint\":\"https://id.test/"
    "register\","
    "\"token_endpoint_auth_methods_supported\":[\"none\",\"client_secret_basic\",\"client_secret_post\"]}";

} // namespace

class TestClientRegistrar : public QObject {
    Q_OBJECT
    FakeClock m_clock;

    using Made = Result<std::shared_ptr<RegisteredClient>>;
    Made go(FakeTransport& transport, OAuthGrant grant, const char* initialToken = nullptr,
            const QString& redirectPath = {}) {
        RegistrationWish wish;
        wish.issuer = QStringLiteral("https://id.test");
        if (!redirectPath.isEmpty()) wish.scheme.redirectPath = redirectPath;
        wish.scheme.grant = grant;
        wish.scheme.scopes = {QStringLiteral("users:read"), QStringLiteral("users:delete")};
        wish.clientName = QStringLiteral("Keybearer");
        if (initialToken) wish.initialToken = Secret(initialToken);
        std::optional<Made> out;
        const HandlePtr handle = registerClient(transport, m_clock, std::move(wish),
                                                [&](Made made) { out.emplace(std::move(made)); });
        if (out) qFatal("it answered before it was asked");
        if (!QTest::qWaitFor([&] { return out.has_value(); })) qFatal("no answer");
        return *out;
    }
    static JsonValue sentJson(const FakeTransport& transport) {
        return parseJson(transport.sent.last().body).value();
    }
    static QByteArray listed(const JsonValue& json, QStringView name) {
        const JsonValue* value = json.find(name);
        return value ? writeJson(*value) : QByteArray("-");
    }

private Q_SLOTS:
    void s3_1_aProgramWithAUser() {
        FakeTransport transport(m_clock);
        transport.script = {
            document(metadata),
            document("{\"client_id\":\"c-1\",\"token_endpoint_auth_method\":\"none\",\"scope\":"
                     "\"users:read\",\"registration_access_token\":\"manage-it-9f8e7d6c\","
                     "\"registration_client_uri\":\"https://id.test/register/c-1\"}",
                     201)};
        const Made made = go(transport, OAuthGrant::AuthorizationCode);
        QVERIFY2(made.has_value(), made ? "" : qPrintable(made.error().text()));
        QCOMPARE(transport.sent.size(), 2);
        QCOMPARE(transport.sent.last().method, QByteArray("POST"));
        QCOMPARE(transport.sent.last().url.path(), QByteArray("/register"));
        QVERIFY(!transport.sent.last().headers.contains("Authorization"));
        const JsonValue sent = sentJson(transport);
        QCOMPARE(sent.text(u"client_name"), QStringLiteral("Keybearer"));
        QCOMPARE(sent.text(u"application_type"), QStringLiteral("native"));
        QCOMPARE(sent.text(u"token_endpoint_auth_method"), QStringLiteral("none"));
        // RFC 9700 §4.4.2.2: the path is this issuer's alone, and the profile's login listens there.
        const QByteArray path = made.value()->scheme.redirectPath.toLatin1();
        QCOMPARE(path, QByteArray("/callback/L05VQrCau8jJOuBz"));
        QCOMPARE(listed(sent, u"redirect_uris"),
                 QByteArray("[\"http://127.0.0.1" + path + "\",\"http://[::1]" + path + "\"]"));
        QCOMPARE(listed(sent, u"grant_types"), QByteArray("[\"authorization_code\",\"refresh_token\"]"));
        QCOMPARE(listed(sent, u"response_types"), QByteArray("[\"code\"]"));
        const RegisteredClient& client = **made;
        QCOMPARE(client.scheme.clientId, QStringLiteral("c-1"));
        QCOMPARE(client.scheme.issuer, QStringLiteral("https://id.test"));
        QCOMPARE(client.scheme.clientAuth, ClientAuth::None);
        QCOMPARE(client.scheme.scopes, QStringList{"users:read"}); // the server gave less, and that is said
        QVERIFY(client.findings.join(u' ').contains(QStringLiteral("scope")));
    }

    void s2_aServiceHasNoRedirects() {
        FakeTransport transport(m_clock);
        transport.script = {document(metadata),
                            document("{\"client_id\":\"c-2\",\"client_secret\":\"made-by-the-server-1\","
                                     "\"token_endpoint_auth_method\":\"client_secret_post\"}",
                                     201)};
        const Made made = go(transport, OAuthGrant::ClientCredentials, "the-initial-token-42");
        QVERIFY2(made.has_value(), made ? "" : qPrintable(made.error().text()));
        QCOMPARE(transport.sent.last().headers.first("Authorization").value(),
                 QByteArray("Bearer the-initial-token-42"));
        const JsonValue sent = sentJson(transport);
        QCOMPARE(listed(sent, u"redirect_uris"), QByteArray("[]"));
        QCOMPARE(listed(sent, u"response_types"), QByteArray("[]"));
        QCOMPARE(listed(sent, u"grant_types"), QByteArray("[\"client_credentials\"]"));
        QCOMPARE(sent.text(u"token_endpoint_auth_method"), QStringLiteral("client_secret_basic"));
        QCOMPARE((*made)->scheme.clientAuth, ClientAuth::Post); // the server's word
    }

    void whatIsKeptServesTheGrantAndTheRegistration() {
        FakeTransport transport(m_clock);
        transport.script = {
            document(metadata),
            document("{\"client_id\":\"c-3\",\"client_secret\":\"made-by-the-server-1\","
                     "\"client_secret_expires_at\":1900000000,\"token_endpoint_auth_method\":"
                     "\"client_secret_basic\",\"registration_access_token\":\"manage-it-9f8e7d6c\","
                     "\"registration_client_uri\":\"https://id.test/register/c-3\"}",
                     201),
            document({}, 204)};
        const Made made = go(transport, OAuthGrant::ClientCredentials);
        QVERIFY2(made.has_value(), made ? "" : qPrintable(made.error().text()));
        SecretRecord record;
        const OAuthScheme scheme = (*made)->scheme;
        QVERIFY(putRegisteredClient(record, **made));
        QVERIFY(serverChanges(record, scheme).isEmpty());
        const Result<GrantServer> server = confirmedServer(record);
        QVERIFY(server);
        QCOMPARE(server->clientId, QStringLiteral("c-3"));
        QCOMPARE(server->endpoints.token->text(), QByteArray("https://id.test/token"));
        QVERIFY(record.part(grantpart::clientSecret)->equals(Secret("made-by-the-server-1")));
        QCOMPARE(*grantSummary(record).clientSecretExpiresMs, 1900000000000);
        std::optional<Result<void>> gone;
        const HandlePtr handle = deleteRegistration(transport, m_clock, record, {}, {},
                                                    [&](Result<void> result) { gone = std::move(result); });
        QTRY_VERIFY(gone);
        QVERIFY2(gone->has_value(), *gone ? "" : qPrintable(gone->error().text()));
        QCOMPARE(transport.sent.last().method, QByteArray("DELETE"));
        QCOMPARE(transport.sent.last().url.path(), QByteArray("/register/c-3"));
        QCOMPARE(transport.sent.last().headers.first("Authorization").value(),
                 QByteArray("Bearer manage-it-9f8e7d6c"));
    }

    void problemsAreSaid() {
        FakeTransport none(m_clock);
        none.script = {
            document("{\"issuer\":\"https://id.test\",\"token_endpoint\":\"https://id.test/token\"}")};
        const Made nowhere = go(none, OAuthGrant::DeviceCode);
        QCOMPARE(nowhere.error().code, ErrorCode::Unsupported);
        QCOMPARE(none.sent.size(), 1);

        FakeTransport refused(m_clock);
        refused.script = {document(metadata),
                          document("{\"error\":\"invalid_redirect_uri\",\"error_description\":"
                                   "\"no loopback here\"}",
                                   400)};
        const Made no = go(refused, OAuthGrant::AuthorizationCode);
        QVERIFY(!no);
        QVERIFY(no.error().what.contains(QStringLiteral("no loopback here")));

        // A server that throws the token to register with back does not get it shown.
        FakeTransport echo(m_clock);
        echo.script = {document(metadata), document("{\"error\":\"access_denied\",\"error_description\":"
                                                    "\"the-initial-token-42 is used up\"}",
                                                    403)};
        const Made used = go(echo, OAuthGrant::ClientCredentials, "the-initial-token-42");
        QVERIFY(!used);
        QVERIFY2(!used.error().text().contains(QStringLiteral("the-initial-token-42")),
                 qPrintable(used.error().text()));
        QVERIFY(used.error().text().contains(QStringLiteral("is used up")));

        // A method that takes more than was registered: said, so that the login's refusal is no riddle.
        FakeTransport odd(m_clock);
        odd.script = {
            document(metadata),
            document("{\"client_id\":\"c-4\",\"token_endpoint_auth_method\":\"tls_client_auth\"}", 201)};
        const Made strange = go(odd, OAuthGrant::AuthorizationCode);
        QVERIFY(strange);
        QVERIFY((*strange)->findings.join(u' ').contains(QStringLiteral("tls_client_auth")));

        FakeTransport nothing(m_clock);
        std::optional<Result<void>> gone;
        const HandlePtr handle = deleteRegistration(nothing, m_clock, SecretRecord(), {}, {},
                                                    [&](Result<void> result) { gone = std::move(result); });
        QVERIFY(!gone);
        QTRY_VERIFY(gone);
        QCOMPARE(gone->error().code, ErrorCode::NotFound);
        QVERIFY(nothing.sent.isEmpty());
    }

    void aTypedRedirectPathStays() {
        FakeTransport transport(m_clock);
        transport.script = {document(metadata), document("{\"client_id\":\"c-1\"}", 201)};
        const Made made = go(transport, OAuthGrant::AuthorizationCode, nullptr, QStringLiteral("/mine/back"));
        QVERIFY(made.has_value());
        QCOMPARE(made.value()->scheme.redirectPath, QStringLiteral("/mine/back"));
        QCOMPARE(listed(sentJson(transport), u"redirect_uris"),
                 QByteArray("[\"http://127.0.0.1/mine/back\",\"http://[::1]/mine/back\"]"));
    }

    void lettingGoIsSilence() {
        FakeTransport transport(m_clock);
        transport.script = {document(metadata), {{}, true}};
        RegistrationWish wish;
        wish.issuer = QStringLiteral("https://id.test");
        HandlePtr handle = registerClient(transport, m_clock, std::move(wish),
                                          [](const Made&) { QFAIL("nobody waits any more"); });
        QTRY_COMPARE(transport.sent.size(), 2);
        handle.reset();
        QTest::qWait(20);
        QCOMPARE(transport.alive, 0);
    }
};

QTEST_GUILESS_MAIN(TestClientRegistrar)
#include "test_client_registrar.moc"
