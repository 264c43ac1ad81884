// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/oauth_code.h"

#include "oauth_samples.h"

using namespace kb;
using Kind = RedirectOutcome::Kind;

namespace {

CodeRequest sample() {
    CodeRequest request;
    request.endpoint = urlOf(QStringLiteral("https://as.example.com/authorize?tenant=1"));
    request.clientId = QStringLiteral("native app");
    request.redirectUri = *loopbackRedirectUri(false, 41234, QStringLiteral("/callback"));
    request.wish.scopes = {QStringLiteral("openid"), QStringLiteral("users:read")};
    request.issuer = QStringLiteral("https://as.example.com");
    return request;
}

QString field(const QList<FormField>& fields, const char* name) {
    QStringList values;
    for (const FormField& f : fields)
        if (f.first == QLatin1String(name)) values.append(f.second);
    return values.join(u'|');
}

} // namespace

class TestOAuthCode : public QObject {
    Q_OBJECT

    OAuthFixture m_f;

    CodeFlow start(const CodeRequest& request = sample()) {
        return std::move(*CodeFlow::start(request, m_f.context()));
    }
    static QByteArray stateOf(const CodeFlow& flow) { return field(flow.parameters(), "state").toLatin1(); }
    RedirectOutcome answer(CodeFlow& flow, const QByteArray& more) {
        return flow.redirected("/callback?state=" + stateOf(flow) + more, m_f.context());
    }

private Q_SLOTS:
    void init() { m_f = OAuthFixture(); }

    /// RFC 7636 appendix B.
    void s5_8_pkceVector() {
        QCOMPARE(pkceChallenge(Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
                 QByteArray("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    }

    void s5_8_pkceIsAlwaysS256() {
        const CodeFlow flow = start();
        const QList<FormField> fields = flow.parameters();
        QCOMPARE(field(fields, "code_challenge_method"), QStringLiteral("S256"));
        QCOMPARE(field(fields, "code_challenge").toLatin1(), pkceChallenge(flow.verifier()));
        QCOMPARE(flow.verifier().size(), std::size_t(43)); // 32 random bytes
        for (const char c : flow.verifier().reveal())
            QVERIFY(QByteArrayView("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
                        .contains(c));
        const QByteArray verifier(flow.verifier().reveal().data(), 43);
        QVERIFY(m_f.masks(verifier));
        QVERIFY(!flow.browserUrl().text().contains(verifier));
    }

    void s5_8_browserUrl() {
        CodeRequest request = sample();
        request.wish.resources = {QStringLiteral("https://a.example"), QStringLiteral("https://b.example")};
        request.extra = {{QStringLiteral("prompt"), QStringLiteral("consent")}};
        request.dpopThumbprint = QStringLiteral("thumb");
        const HttpUrl url = start(request).browserUrl();
        QVERIFY(url.text().startsWith(
            "https://as.example.com/authorize?tenant=1&response_type=code&client_id=native%20app&"));
        const auto fields = parseForm(*url.query());
        QVERIFY(fields);
        QCOMPARE(field(*fields, "redirect_uri"), QStringLiteral("http://127.0.0.1:41234/callback"));
        QCOMPARE(field(*fields, "scope"), QStringLiteral("openid users:read"));
        QCOMPARE(field(*fields, "resource"), QStringLiteral("https://a.example|https://b.example"));
        QCOMPARE(field(*fields, "prompt"), QStringLiteral("consent"));
        QCOMPARE(field(*fields, "dpop_jkt"), QStringLiteral("thumb"));
        QCOMPARE(field(*fields, "tenant"), QStringLiteral("1"));
    }

    void s5_8_eachParameterOnce() {
        CodeRequest request = sample();
        request.extra = {{QStringLiteral("state"), QStringLiteral("mine")}};
        QCOMPARE(CodeFlow::start(request, m_f.context()).error().code, ErrorCode::Conflict);
        request = sample();
        request.endpoint = urlOf(QStringLiteral("https://as.example.com/authorize?scope=x"));
        QCOMPARE(CodeFlow::start(request, m_f.context()).error().code, ErrorCode::Conflict);
        request = sample();
        request.clientId.clear();
        QVERIFY(!CodeFlow::start(request, m_f.context()));
        request = sample();
        request.endpoint = urlOf(QStringLiteral("http://as.example.com/authorize"));
        QVERIFY(!CodeFlow::start(request, m_f.context()));
    }

    void s5_8_redirectIsALoopbackLiteral() {
        QCOMPARE(*loopbackRedirectUri(false, 1, QStringLiteral("/a")),
                 QStringLiteral("http://127.0.0.1:1/a"));
        QCOMPARE(*loopbackRedirectUri(true, 65535, QStringLiteral("/")),
                 QStringLiteral("http://[::1]:65535/"));
        QVERIFY(!loopbackRedirectUri(false, 0, QStringLiteral("/a")));
        for (const char* bad : {"a", "", "/a?b", "/a#b", "/a b", "@evil.example/"})
            QVERIFY2(!loopbackRedirectUri(false, 1, QString::fromLatin1(bad)), bad);
    }

    void s5_8_stateIsFresh() {
        const CodeFlow first = start();
        const CodeFlow second = start();
        QVERIFY(stateOf(first).size() >= 43);
        QVERIFY(stateOf(first) != stateOf(second));
        QVERIFY(field(first.parameters(), "nonce") != field(second.parameters(), "nonce"));
        QVERIFY(field(first.parameters(), "nonce") != field(first.parameters(), "state"));
        CodeRequest plain = sample();
        plain.wish.scopes = {QStringLiteral("users:read")};
        QVERIFY(field(start(plain).parameters(), "nonce").isEmpty());
    }

    void s5_8_theCodeComes() {
        CodeFlow flow = start();
        const RedirectOutcome outcome = answer(flow, "&code=SplxlO%2BeSIA&session_state=unknown");
        QCOMPARE(outcome.kind, Kind::Code);
        QVERIFY(outcome.code.equals(Secret("SplxlO+eSIA")));
        QVERIFY(m_f.masks("SplxlO+eSIA"));
        QVERIFY(flow.isOver());
    }

    // RFC 9700 §4.4.2.2: with a path for each issuer, the answer of another server does not count, not even
    // with this login's state.
    void s5_8_anotherIssuersPathIsIgnored() {
        const QString path = redirectPathOf(QStringLiteral("https://id.example.com"));
        const QString other = redirectPathOf(QStringLiteral("https://id.example.com/"));
        QVERIFY(path != other);
        CodeRequest request = sample();
        request.redirectUri = *loopbackRedirectUri(false, 41234, path);
        CodeFlow flow = start(request);
        const QByteArray rest = "?code=a&state=" + stateOf(flow);
        for (const QString& wrong : {other, QStringLiteral("/callback")}) {
            const RedirectOutcome outcome = flow.redirected(wrong.toLatin1() + rest, m_f.context());
            QCOMPARE(outcome.kind, Kind::Ignored);
        }
        QVERIFY(!flow.isOver());
        QCOMPARE(flow.redirected(path.toLatin1() + rest, m_f.context()).kind, Kind::Code);
    }

    void s5_8_unknownStateIsIgnoredSilently() {
        CodeFlow flow = start();
        const QByteArray state = stateOf(flow);
        const QList<QByteArray> targets = {QByteArray("/callback?code=a"),
                                           QByteArray("/callback?code=a&state="),
                                           QByteArray("/callback?code=a&state=other"),
                                           "/callback?code=a&state=" + state.chopped(1),
                                           "/callback?code=a&state=" + state + "x",
                                           "/callback?code=a&state=" + state.toLower(),
                                           QByteArray("/callback?error=access_denied"),
                                           QByteArray("/callback"),
                                           QByteArray("/callback?%"),
                                           "/other?code=a&state=" + state,
                                           "/callback/?code=a&state=" + state,
                                           QByteArray("/favicon.ico"),
                                           QByteArray()};
        for (const QByteArray& target : targets) {
            QVERIFY2(flow.redirected(target, m_f.context()).kind == Kind::Ignored, target.constData());
            QVERIFY(!flow.isOver());
        }
        QCOMPARE(answer(flow, "&code=real").kind, Kind::Code); // none of them harmed the login
    }

    void s5_8_stateIsUsedOnce() {
        CodeFlow flow = start();
        QCOMPARE(answer(flow, "&code=first").kind, Kind::Code);
        QCOMPARE(answer(flow, "&code=second").kind, Kind::Ignored);
        CodeFlow failed = start();
        QCOMPARE(answer(failed, "&error=server_error").kind, Kind::Refused);
        QCOMPARE(answer(failed, "&code=late").kind, Kind::Ignored);
    }

    void s5_8_repeatedParametersRefused() {
        for (const char* more : {"&code=a&code=b", "&code=a&code=a",
                                 "&code=a&iss=https://as.example.com&iss=https://as.example.com",
                                 "&code=a&x=1&x=2", "&error=a&error=b", "&code=a&state=other"}) {
            CodeFlow flow = start();
            const RedirectOutcome outcome = answer(flow, more);
            QVERIFY2(outcome.kind == Kind::Refused && outcome.code.isEmpty(), more);
            QVERIFY(flow.isOver());
        }
    }

    void s5_8_issuerOfTheAnswer_data() {
        QTest::addColumn<bool>("announced");
        QTest::addColumn<QByteArray>("iss");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("announced, right") << true << QByteArray("&iss=https%3A%2F%2Fas.example.com") << true;
        QTest::newRow("announced, missing") << true << QByteArray() << false;
        QTest::newRow("announced, other") << true << QByteArray("&iss=https%3A%2F%2Fevil.example") << false;
        QTest::newRow("announced, almost")
            << true << QByteArray("&iss=https%3A%2F%2Fas.example.com%2F") << false;
        QTest::newRow("unannounced, missing") << false << QByteArray() << true;
        QTest::newRow("unannounced, right")
            << false << QByteArray("&iss=https%3A%2F%2Fas.example.com") << true;
        QTest::newRow("unannounced, other")
            << false << QByteArray("&iss=https%3A%2F%2Fevil.example") << false;
        QTest::newRow("unannounced, empty") << false << QByteArray("&iss=") << false;
    }
    void s5_8_issuerOfTheAnswer() {
        QFETCH(bool, announced);
        QFETCH(QByteArray, iss);
        QFETCH(bool, accepted);
        CodeRequest request = sample();
        request.answersWithIssuer = announced;
        CodeFlow flow = start(request);
        QCOMPARE(answer(flow, "&code=a" + iss).kind, accepted ? Kind::Code : Kind::Refused);
        CodeFlow failing = start(request);
        const RedirectOutcome error = answer(failing, "&error=access_denied" + iss);
        QCOMPARE(error.errorCode, accepted ? QStringLiteral("access_denied") : QString());
    }

    void s5_8_errorsAreText() {
        CodeFlow flow = start();
        const RedirectOutcome outcome =
            answer(flow, "&error=invalid_scope&error_description=%3Cscript%3Ealert(1)%3C/"
                         "script%3E%00x&error_uri=https://as.example.com/e");
        QCOMPARE(outcome.kind, Kind::Refused);
        QCOMPARE(outcome.errorCode, QStringLiteral("invalid_scope"));
        QCOMPARE(outcome.error.where, QStringLiteral("<script>alert(1)</script> x"));
        QCOMPARE(outcome.error.next, QStringLiteral("https://as.example.com/e"));
        CodeFlow denied = start();
        QCOMPARE(answer(denied, "&error=access_denied").error.code, ErrorCode::Cancelled);
        CodeFlow empty = start();
        QCOMPARE(answer(empty, "&code=").kind, Kind::Refused);
    }

    void s5_11_pushedOnce() {
        CodeFlow flow = start();
        const PushedAuthorization pushed{QStringLiteral("urn:ietf:params:oauth:request_uri:6esc"), 60};
        const auto url = flow.pushedBrowserUrl(pushed);
        QCOMPARE(url->text(),
                 QByteArray("https://as.example.com/authorize?tenant=1&client_id=native%20app&request_uri="
                            "urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A6esc"));
        QCOMPARE(flow.pushedBrowserUrl(pushed).error().code, ErrorCode::Conflict);
    }
};

QTEST_GUILESS_MAIN(TestOAuthCode)
#include "test_oauth_code.moc"
