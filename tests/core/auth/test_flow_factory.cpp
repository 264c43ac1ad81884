// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/flow_factory.h"
#include "core/auth/jwt.h"

#include <QFile>
#include <QtTest>

using namespace kb;

namespace {

struct Sending {
    Redactor redactor;
    FlowContext context{redactor, 1'700'000'000'000, [](qsizetype count) { return QByteArray(count, 'r'); }};
    Request plain;
    Sending() {
        plain.method = "GET";
        plain.url = *HttpUrl::parse(QStringLiteral("https://h/p?a=1"));
    }
    Result<FlowSend> begin(const AuthScheme& scheme, const Secret& secret, const FlowParts& parts = {}) {
        return makeFlow(scheme, secret, parts)->begin(plain, context);
    }
};

} // namespace

class TestFlowFactory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void placedInOneStep_data() {
        QTest::addColumn<int>("scheme");
        QTest::addColumn<QByteArray>("field");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("bearer") << 0 << QByteArray("Authorization") << QByteArray("Bearer s3cret-value");
        QTest::newRow("api key") << 1 << QByteArray("X-API-Key") << QByteArray("s3cret-value");
        QTest::newRow("basic") << 2 << QByteArray("Authorization")
                               << QByteArray("Basic dTpzM2NyZXQtdmFsdWU=");
        QTest::newRow("template") << 3 << QByteArray("Authorization") << QByteArray("Token s3cret-value");
        QTest::newRow("oauth2") << 4 << QByteArray("Authorization") << QByteArray("Bearer s3cret-value");
    }
    void placedInOneStep() {
        QFETCH(int, scheme);
        QFETCH(QByteArray, field);
        QFETCH(QByteArray, value);
        const AuthScheme schemes[] = {BearerScheme{}, ApiKeyScheme{}, BasicScheme{QStringLiteral("u")},
                                      TemplateScheme{}, OAuthScheme{}};
        Sending sending;
        const auto flow = makeFlow(schemes[scheme], Secret("s3cret-value"), {});
        const auto send = flow->begin(sending.plain, sending.context);
        QVERIFY(send.has_value());
        QCOMPARE(send->request.headers.fields, (QList<HeaderField>{{field, value}}));
        QCOMPARE(send->placed.headerFields, QList<QByteArray>{field});
        QVERIFY(!sending.redactor.text("echo " + value).contains("s3cret"));
        Response response;
        response.status = 401;
        const auto step = flow->resume(response, sending.context);
        QVERIFY(step && std::holds_alternative<FlowDone>(*step));
    }

    void conflictsAreRefused() {
        Sending sending;
        sending.plain.headers.append("Authorization", "by hand");
        for (const AuthScheme& scheme :
             {AuthScheme(BearerScheme{}), AuthScheme(DigestScheme{QStringLiteral("u")}),
              AuthScheme(OAuthScheme{})})
            QCOMPARE(sending.begin(scheme, Secret("s3cret-value")).error().code, ErrorCode::Conflict);
    }

    void digestSharesItsSession() {
        Sending sending;
        FlowParts parts;
        parts.digest = std::make_shared<DigestSession>();
        const AuthScheme scheme = DigestScheme{QStringLiteral("u")};
        const auto first = makeFlow(scheme, Secret("p4ssword"), parts);
        QVERIFY(first->begin(sending.plain, sending.context)->request.headers.isEmpty());
        Response response;
        response.status = 401;
        response.headers.append("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\"");
        QVERIFY(std::holds_alternative<FlowSend>(*first->resume(response, sending.context)));
        QVERIFY(sending.begin(scheme, Secret("p4ssword"), parts)->request.headers.contains("Authorization"));
        QVERIFY(!sending.begin(scheme, Secret("p4ssword"))->request.headers.contains("Authorization"));
    }

    void sigV4TakesTheSessionToken() {
        Sending sending;
        SigV4Scheme scheme;
        scheme.accessKeyId = QStringLiteral("AKIDEXAMPLE");
        scheme.region = QStringLiteral("eu-central-1");
        scheme.service = QStringLiteral("execute-api");
        FlowParts parts;
        QVERIFY(!sending.begin(scheme, Secret("key-key-key"), parts)
                     ->request.headers.contains("X-Amz-Security-Token"));
        parts.secrets.emplace(QStringLiteral("session_token"), Secret("token-token"));
        QCOMPARE(sending.begin(scheme, Secret("key-key-key"), parts)
                     ->request.headers.first("X-Amz-Security-Token")
                     .value_or(""),
                 QByteArray("token-token"));
        parts.secrets.clear();
        parts.secrets.emplace(QStringLiteral("session_token"), Secret());
        QVERIFY(!sending.begin(scheme, Secret("key-key-key"), parts)
                     ->request.headers.contains("X-Amz-Security-Token"));
    }

    void httpSignature() {
        QFile file(QStringLiteral(KB_TEST_DATA "/http-signature/test-key-ed25519.pem"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray pem = file.readAll();
        Sending sending;
        const auto send = sending.begin(HttpSignatureScheme{}, Secret({pem.constData(), size_t(pem.size())}));
        QVERIFY2(send.has_value(), send ? "" : qPrintable(send.error().text()));
        QVERIFY(send->request.headers.contains("Signature-Input") &&
                send->request.headers.contains("Content-Digest"));
    }

    void jwtsAreMade() {
        Sending sending;
        JwtScheme scheme;
        scheme.prefix = QStringLiteral("JWT");
        scheme.claims = QStringLiteral("{\"sub\":\"me\"}");
        const Secret key("a-key-of-at-least-thirty-two-bytes");
        const auto send = sending.begin(scheme, key);
        QVERIFY2(send.has_value(), send ? "" : qPrintable(send.error().text()));
        const QByteArray value = send->request.headers.first("Authorization").value_or("");
        QVERIFY(value.startsWith("JWT "));
        const auto token = decodeJwt({value.constData() + 4, std::size_t(value.size() - 4)});
        QVERIFY(token.has_value());
        QCOMPARE(token->subject, QStringLiteral("me"));
        QCOMPARE(token->issuedAt.value_or(0), 1'700'000'000.0);
        QVERIFY(!sending.redactor.text(QByteArray("a-key-of-at-least-thirty-two-bytes")).contains("thirty"));
        QVERIFY(!sending.redactor.text(value).contains(value.right(20)));
        scheme.claims = QStringLiteral("{");
        QVERIFY(!sending.begin(scheme, key));
    }

    // RFC 9449 §7.1
    void boundTokensGoWithAProof() {
        const auto key = SigningKey::generate(QStringLiteral("ES256"));
        QVERIFY(key.has_value());
        Sending sending;
        FlowParts parts;
        parts.secrets.emplace(QStringLiteral("dpop_key"), key->toPem());
        OAuthScheme scheme;
        scheme.dpop = true;
        for (const char* type : {"", "DPoP", "dpop"}) {
            parts.tokenType = QString::fromLatin1(type);
            const auto send = sending.begin(scheme, Secret("s3cret-value"), parts);
            QVERIFY2(send.has_value(), send ? "" : qPrintable(send.error().text()));
            QCOMPARE(send->request.headers.first("Authorization").value_or(""),
                     QByteArray("DPoP s3cret-value"));
            QVERIFY(send->request.headers.contains("DPoP"));
        }
        // RFC 9449 §5: a server that answers Bearer has bound nothing; nor does a profile that wants none.
        for (const bool wanted : {true, false}) {
            scheme.dpop = wanted;
            parts.tokenType = QString::fromLatin1(wanted ? "Bearer" : "DPoP");
            const auto send = sending.begin(scheme, Secret("s3cret-value"), parts);
            QVERIFY(send.has_value());
            QCOMPARE(send->request.headers.first("Authorization").value_or(""),
                     QByteArray("Bearer s3cret-value"));
            QVERIFY(!send->request.headers.contains("DPoP"));
        }
        // RFC 8693 §2.2.1: what is no access token is not sent as one.
        parts.tokenType = QStringLiteral("N_A");
        QVERIFY(!sending.begin(scheme, Secret("s3cret-value"), parts));
        scheme.dpop = true;
        parts.tokenType.clear();
        parts.secrets.clear();
        parts.secrets.emplace(QStringLiteral("dpop_key"), Secret("not a key"));
        QVERIFY(!sending.begin(scheme, Secret("s3cret-value"), parts));
    }

    void ntlmIsTheTransports() {
        Sending sending;
        const auto send = sending.begin(NtlmScheme{}, Secret("p4ssword"));
        QVERIFY(send.has_value());
        QVERIFY(send->request.headers.isEmpty());
        QCOMPARE(send->request.url, sending.plain.url);
    }
};

QTEST_APPLESS_MAIN(TestFlowFactory)
#include "test_flow_factory.moc"
