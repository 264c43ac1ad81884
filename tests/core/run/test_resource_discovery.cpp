// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 9728: from a 401 to the server that gives tokens.
#include "core/run/resource_discovery.h"
#include "tests/core/run/run_fakes.h"

using namespace kbtest;

namespace {

HttpUrl urlOf(const char* text) {
    const Result<HttpUrl> url = HttpUrl::parse(QString::fromLatin1(text));
    if (!url) qFatal("%s", text);
    return *url;
}

Step document(const QByteArray& json, int status = 200) {
    return {answer(status, {{"Content-Type", "application/json"}}, json)};
}

Step redirect(const QByteArray& to) {
    return {answer(302, {{"Location", to}})};
}

QStringList addressesOf(const QList<MetadataPlace>& places) {
    QStringList out;
    for (const MetadataPlace& place : places)
        out.append(QString::fromLatin1(place.at.text()));
    return out;
}

} // namespace

class TestResourceDiscovery : public QObject {
    Q_OBJECT
    FakeClock m_clock;

    template<class T> Result<T> wait(const std::function<HandlePtr(std::function<void(Result<T>)>)>& start) {
        std::optional<Result<T>> out;
        const HandlePtr handle = start([&](Result<T> result) { out.emplace(std::move(result)); });
        if (out) qFatal("it answered before it was asked");
        if (!QTest::qWaitFor([&] { return out.has_value(); })) qFatal("no answer");
        return *out;
    }
    Result<ResourceMetadata> ask(FakeTransport& transport, const char* url,
                                 const QByteArray& challenge = {}) {
        const auto places = resourceMetadataPlaces(
            urlOf(url), challenge.isEmpty() ? QList<QByteArray>() : QList<QByteArray>{challenge});
        if (!places) return tl::unexpected(places.error());
        return wait<ResourceMetadata>([&](std::function<void(Result<ResourceMetadata>)> done) {
            return fetchResourceMetadata(transport, *places, {}, done);
        });
    }

private Q_SLOTS:
    void s5_9_whatThe401NamesComesFirst() {
        const auto places = resourceMetadataPlaces(
            urlOf("https://api.test/v1/users?page=2"),
            {"Bearer resource_metadata=\"https://api.test/meta\", error=\"invalid_token\""});
        QCOMPARE(addressesOf(*places),
                 (QStringList{"https://api.test/meta",
                              "https://api.test/.well-known/oauth-protected-resource/v1/users?page=2",
                              "https://api.test/.well-known/oauth-protected-resource/v1/users",
                              "https://api.test/.well-known/oauth-protected-resource/v1",
                              "https://api.test/.well-known/oauth-protected-resource"}));
        QCOMPARE(places->first().resource.text(), QByteArray("https://api.test/v1/users?page=2"));
        QCOMPARE(places->last().resource.text(), QByteArray("https://api.test/"));
    }

    void s5_9_aPlaceThatIsNotTheApisOwnIsRefused() {
        for (const char* at :
             {"https://evil.test/meta", "https://api.test:8443/meta", "http://api.test/meta"}) {
            const auto places = resourceMetadataPlaces(
                urlOf("https://api.test/users"), {QByteArray("Bearer resource_metadata=\"") + at + "\""});
            QVERIFY2(!places, at);
            QVERIFY(!places.error().next.isEmpty());
        }
        QVERIFY(!resourceMetadataPlaces(urlOf("https://api.test/users"),
                                        {"Bearer resource_metadata=\"nonsense\""}));
        QVERIFY(!resourceMetadataPlaces(urlOf("http://api.test/users"), {})); // not encrypted
    }

    void aLongPathIsNotAskedForEver() {
        const auto places = resourceMetadataPlaces(urlOf("https://api.test/a/b/c/d/e/f/g/h/i"), {});
        QVERIFY(places->size() <= 7);
        // The most usual name is always among them.
        QCOMPARE(places->last().resource.text(), QByteArray("https://api.test/"));
        const auto named = resourceMetadataPlaces(urlOf("https://api.test/api/v1/users/5/orders?page=2"),
                                                  {"Bearer resource_metadata=\"https://api.test/m\""});
        QCOMPARE(named->last().resource.text(), QByteArray("https://api.test/"));
    }

    // RFC 9728 §3.3: what a named address says counts for the URL of the request alone; a shorter name is
    // asked at its own well-known address.
    void s5_9_ofThisVeryResource() {
        FakeTransport transport(m_clock);
        transport.script = {document("{\"resource\":\"https://api.test/users\",\"authorization_servers\":"
                                     "[\"https://id.test\"],\"scopes_supported\":[\"users:read\"]}")};
        const auto exact =
            ask(transport, "https://api.test/users", "Bearer resource_metadata=\"https://api.test/m\"");
        QVERIFY2(exact.has_value(), exact ? "" : qPrintable(exact.error().text()));
        QCOMPARE(exact->authorizationServers, QStringList{"https://id.test"});
        QCOMPARE(transport.sent.size(), 1);
        QVERIFY(!transport.sent.first().headers.contains("Authorization"));

        FakeTransport other(m_clock);
        const QByteArray ofTheApi =
            "{\"resource\":\"https://api.test\",\"authorization_servers\":[\"https://id.test\"]}";
        other.script = {document(ofTheApi), document("{}", 404), document(ofTheApi)};
        const auto shorter =
            ask(other, "https://api.test/users", "Bearer resource_metadata=\"https://api.test/m\"");
        QVERIFY2(shorter.has_value(), shorter ? "" : qPrintable(shorter.error().text()));
        QCOMPARE(other.sent.last().url.text(),
                 QByteArray("https://api.test/.well-known/oauth-protected-resource"));

        FakeTransport foreign(m_clock);
        foreign.script = {
            document("{\"resource\":\"https://bank.test\",\"authorization_servers\":[\"https://id.test\"]}"),
            document("{}", 404), document("{}", 404)};
        const auto refused =
            ask(foreign, "https://api.test/users", "Bearer resource_metadata=\"https://api.test/m\"");
        QVERIFY(!refused);
        QVERIFY2(refused.error().text().contains(QStringLiteral("another resource")),
                 qPrintable(refused.error().text()));
    }

    void redirectsStayAtTheApi() {
        FakeTransport transport(m_clock);
        transport.script = {redirect("/elsewhere"),
                            document("{\"resource\":\"https://api.test\",\"authorization_servers\":[]}")};
        QVERIFY(ask(transport, "https://api.test/"));
        QCOMPARE(transport.sent.last().url.text(), QByteArray("https://api.test/elsewhere"));

        FakeTransport away(m_clock);
        away.script = {redirect("https://evil.test/meta")};
        QVERIFY(!ask(away, "https://api.test/"));
        QCOMPARE(away.sent.size(), 1);

        FakeTransport circle(m_clock);
        for (int i = 0; i < 9; ++i)
            circle.script.append(redirect("/"));
        QVERIFY(!ask(circle, "https://api.test/"));
        QVERIFY(circle.sent.size() <= 5);
    }

    void theServerSaysItsAddresses() {
        FakeTransport transport(m_clock);
        transport.script = {
            document("{}", 404),
            document("{\"issuer\":\"https://id.test\",\"token_endpoint\":\"https://id.test/token\","
                     "\"authorization_endpoint\":\"https://id.test/authorize\","
                     "\"grant_types_supported\":[\"authorization_code\",\"client_credentials\"]}")};
        const auto ask = [&](FakeTransport& at, const char* issuer) {
            return wait<ServerMetadata>([&](std::function<void(Result<ServerMetadata>)> done) {
                return fetchServerMetadata(at, QString::fromLatin1(issuer), {}, done);
            });
        };
        const Result<ServerMetadata> server = ask(transport, "https://id.test");
        QVERIFY2(server.has_value(), server ? "" : qPrintable(server.error().text()));
        QCOMPARE(transport.sent.last().url.path(), QByteArray("/.well-known/openid-configuration"));
        ResourceMetadata resource;
        resource.resource = QStringLiteral("https://api.test");
        resource.scopes = {QStringLiteral("users:read")};
        OAuthScheme scheme = discoveredScheme(resource, *server);
        QCOMPARE(scheme.issuer, QStringLiteral("https://id.test"));
        QCOMPARE(scheme.grant, OAuthGrant::AuthorizationCode);
        QCOMPARE(scheme.clientAuth, ClientAuth::None);
        QCOMPARE(scheme.scopes, resource.scopes);
        QCOMPARE(scheme.resources, QStringList{resource.resource});
        QVERIFY(!scheme.dpop);
        ServerMetadata machine = *server;
        machine.grantTypes = {QStringLiteral("client_credentials")};
        resource.dpopRequired = true;
        scheme = discoveredScheme(resource, machine);
        QCOMPARE(scheme.grant, OAuthGrant::ClientCredentials);
        QCOMPARE(scheme.clientAuth, ClientAuth::Basic);
        QVERIFY(scheme.dpop);
        // RFC 8414 §3.3: of another issuer, nothing counts. And an issuer that may not be one is not asked.
        FakeTransport other(m_clock);
        other.script = {
            document("{\"issuer\":\"https://id.test/\",\"token_endpoint\":\"https://id.test/token\"}"),
            document("{}", 404)};
        QVERIFY(!ask(other, "https://id.test"));
        FakeTransport none(m_clock);
        QVERIFY(!ask(none, "http://id.test"));
        QVERIFY(none.sent.isEmpty());
    }

    void lettingGoIsSilence() {
        FakeTransport transport(m_clock);
        transport.script = {document("{}", 404)};
        {
            const auto places = resourceMetadataPlaces(urlOf("https://api.test/"), {});
            const HandlePtr handle = fetchResourceMetadata(
                transport, *places, {}, [](const auto&) { QFAIL("nobody waits any more"); });
        }
        QTest::qWait(20);
        QCOMPARE(transport.alive, 0);
    }
};

QTEST_GUILESS_MAIN(TestResourceDiscovery)
#include "test_resource_discovery.moc"
