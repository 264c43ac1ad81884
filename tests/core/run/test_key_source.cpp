// SPDX-License-Identifier: GPL-3.0-or-later
// Fetching the keys that verify a token: which addresses are asked, and which answers count.
#include "core/run/key_source.h"
#include "tests/core/run/run_fakes.h"

using namespace kbtest;

namespace {

/// JSON with the other kind of quotes.
QByteArray json(const char* text) {
    return QByteArray(text).replace('\'', '"');
}

const QByteArray keySet =
    json("{'keys':[{'kty':'OKP','crv':'Ed25519','kid':'a','x':'11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'},"
         "{'kty':'oct','kid':'b','k':'c2VjcmV0LXRoYXQtYW55b25lLWNhbi1mZXRjaC0xMjM0NTY'}]}");

Step metadata(const char* members) {
    return {answer(200, {{"Content-Type", "application/json"}},
                   json("{'issuer':'https://id.acme.test','response_types_supported':['code']") +
                       json(members) + '}')};
}

} // namespace

class TestKeySource : public QObject {
    Q_OBJECT

    static Result<FetchedKeys> fetch(FakeTransport& transport, const KeyPlace& place) {
        std::optional<Result<FetchedKeys>> out;
        const HandlePtr handle =
            fetchKeys(transport, place, {}, [&](Result<FetchedKeys> got) { out = std::move(got); });
        if (out) qFatal("it ended inside the call");
        if (!QTest::qWaitFor([&] { return out.has_value(); })) qFatal("it did not end");
        return *out;
    }
    static KeyPlace at(const char* url) { return {KeyPlace::Kind::KeySet, QString::fromLatin1(url)}; }
    static KeyPlace issuer() { return {KeyPlace::Kind::Issuer, QStringLiteral("https://id.acme.test")}; }

private Q_SLOTS:
    void onlyAddressesNobodyCanChangeOnTheWay() {
        QVERIFY(keySetUrl(QStringLiteral("https://id.acme.test/jwks")).has_value());
        QVERIFY(keySetUrl(QStringLiteral("http://127.0.0.1:8080/jwks")).has_value());
        QCOMPARE(keySetUrl(QStringLiteral("http://id.acme.test/jwks")).error().code,
                 ErrorCode::OriginRefused);
        QVERIFY(!keySetUrl(QStringLiteral("https://me:pass@id.acme.test/jwks")));
        QVERIFY(!keySetUrl(QString()));
    }

    void aSetIsFetchedOnceAndWithoutCredentials() {
        FakeClock clock;
        FakeTransport transport(clock);
        transport.script = {{answer(200, {}, keySet)}};
        const Result<FetchedKeys> got = fetch(transport, at("https://id.acme.test/jwks"));
        QVERIFY2(got.has_value(), got ? "" : qPrintable(got.error().text()));
        QCOMPARE(got->from, QStringLiteral("https://id.acme.test/jwks"));
        QCOMPARE(got->keys.keys.size(), 2);
        QVERIFY(got->keys.keys[0].isUsable());
        QVERIFY(!got->keys.keys[1].isUsable()); // a shared secret for everybody proves nothing
        QCOMPARE(transport.sent.size(), 1);
        QVERIFY(!transport.sent[0].headers.first("Authorization"));
        QVERIFY(!transport.sent[0].headers.first("Cookie"));
        QCOMPARE(transport.options[0].bodyLimit, largestKeySet);
        QVERIFY(!transport.destroyedInsideCallback);
    }

    void nothingIsFollowed() {
        FakeClock clock;
        FakeTransport transport(clock);
        transport.script = {redirectTo("https://evil.test/jwks")};
        const Result<FetchedKeys> got = fetch(transport, at("https://id.acme.test/jwks"));
        QVERIFY(!got);
        QVERIFY(got.error().text().contains(QStringLiteral("redirects are not followed")));
        QCOMPARE(transport.sent.size(), 1);
    }

    void halfASetIsNone() {
        FakeClock clock;
        FakeTransport transport(clock);
        Step cut{answer(200, {}, keySet)};
        cut.answer->response.bodyEnd = BodyEnd::LimitReached;
        transport.script = {cut};
        const Result<FetchedKeys> got = fetch(transport, at("https://id.acme.test/jwks"));
        QVERIFY(!got);
        QVERIFY(got.error().text().contains(QStringLiteral("1 MB")));
    }

    void theIssuersMetadataNameTheSet() {
        FakeClock clock;
        FakeTransport transport(clock);
        transport.script = {
            {answer(404)}, metadata(",'jwks_uri':'https://keys.acme.test/set'"), {answer(200, {}, keySet)}};
        const Result<FetchedKeys> got = fetch(transport, issuer());
        QVERIFY2(got.has_value(), got ? "" : qPrintable(got.error().text()));
        QCOMPARE(got->from, QStringLiteral("https://keys.acme.test/set"));
        QCOMPARE(transport.sent.size(), 3);
        QCOMPARE(transport.sent[2].url.text(), QByteArray("https://keys.acme.test/set"));
    }

    void metadataOfAnotherIssuerCountForNothing() {
        FakeClock clock;
        FakeTransport transport(clock);
        Step other{answer(200, {{"Content-Type", "application/json"}},
                          json("{'issuer':'https://evil.test','jwks_uri':'https://evil.test/jwks'}"))};
        transport.script = {other, other};
        QVERIFY(!fetch(transport, issuer()));
        QCOMPARE(transport.sent.size(), 2);
        for (const Request& request : transport.sent)
            QCOMPARE(request.url.origin().text(), QStringLiteral("https://id.acme.test"));
    }

    void metadataWithoutKeysSaySo() {
        FakeClock clock;
        FakeTransport transport(clock);
        transport.script = {metadata("")};
        const Result<FetchedKeys> got = fetch(transport, issuer());
        QVERIFY(!got);
        QVERIFY(got.error().text().contains(QStringLiteral("jwks_uri")));
    }

    void aSetWithoutEncryptionIsNotFetchedThroughMetadataEither() {
        FakeClock clock;
        FakeTransport transport(clock);
        transport.script = {metadata(",'jwks_uri':'http://keys.acme.test/set'"), {answer(404)}};
        QVERIFY(!fetch(transport, issuer()));
        for (const Request& request : transport.sent)
            QVERIFY(request.url.origin().isSecure());
    }

    void withoutItsHandleItIsSilent() {
        FakeClock clock;
        FakeTransport transport(clock);
        transport.script = {{answer(200, {}, keySet)}};
        HandlePtr handle = fetchKeys(transport, at("https://id.acme.test/jwks"), {},
                                     [](const Result<FetchedKeys>&) { QFAIL("it was given up"); });
        handle.reset();
        QTest::qWait(20);
        QCOMPARE(transport.alive, 0);
    }
};

QTEST_GUILESS_MAIN(TestKeySource)
#include "test_key_source.moc"
