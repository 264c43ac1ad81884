// SPDX-License-Identifier: GPL-3.0-or-later
// The steps of Digest (RFC 7616), driven by hand.
#include "core/auth/digest_flow.h"

#include <QtTest>

using namespace kb;

namespace {

constexpr const char* word = "Circle of Life";

/// A server's side of the conversation, and the client's.
struct Talk {
    Redactor redactor;
    int drawn = 0;
    FlowContext context{redactor, 1'700'000'000'000,
                        [this](qsizetype count) { return QByteArray(count, char(++drawn)); }};
    Request plain;
    Talk(const char* url = "https://h/a/../b?x=%7e", const char* method = "GET") {
        plain.method = method;
        plain.url = *HttpUrl::parse(QString::fromLatin1(url));
    }
};

Response respond(int status, const QList<HeaderField>& fields = {}, const QByteArray& body = {}) {
    Response response;
    response.status = status;
    for (const HeaderField& field : fields)
        response.headers.append(field.name, field.value);
    response.body = body;
    return response;
}

Response challenge(const QByteArray& params) {
    return respond(401, {{"WWW-Authenticate", "Digest " + params}});
}

Challenge fieldOf(const FlowSend& send) {
    const ChallengeList list = parseChallenges(send.request.headers.all("Authorization"));
    return list.challenges.size() == 1 ? list.challenges.first() : Challenge{};
}

DigestInput inputOf(const Challenge& field, const Request& request) {
    DigestInput input;
    input.algorithm = *digestAlgorithm(field.param("algorithm"));
    input.qop = field.param("qop") == "auth-int" ? DigestQop::AuthInt
                : field.hasParam("qop")          ? DigestQop::Auth
                                                 : DigestQop::None;
    input.user = field.param("username");
    input.realm = field.param("realm");
    input.nonce = field.param("nonce");
    input.cnonce = field.param("cnonce");
    input.count = field.param("nc").toUInt(nullptr, 16);
    input.method = request.method;
    input.uri = request.url.requestTarget();
    input.bodyHash = digestHex(input.algorithm.hash, viewOf(request.body));
    input.sessionNonce = input.nonce;
    input.sessionCnonce = input.cnonce;
    return input;
}

bool isRight(const FlowSend& send) {
    const Challenge field = fieldOf(send);
    const QByteArray expected = digestResponse(inputOf(field, send.request), Secret(word));
    return field.is("Digest") && field.param("response") == expected;
}

QByteArray proof(const FlowSend& send) {
    return digestRspauth(inputOf(fieldOf(send), send.request), Secret(word));
}

QByteArray told(const Result<FlowStep>& step) {
    if (!step) return step.error().text().toUtf8();
    if (const auto* done = std::get_if<FlowDone>(&*step)) return "done: " + done->finding.toUtf8();
    return "sent: " + std::get<FlowSend>(*step).request.headers.first("Authorization").value_or("");
}

DigestFlow mufasa(std::shared_ptr<DigestSession> session = {}) {
    return {DigestScheme{QStringLiteral("Mufasa")}, Secret(word), std::move(session)};
}

} // namespace

/// The next send of a flow, or the failure of the test.
#define KB_SEND(name, flow, response)                                                                        \
    const Result<FlowStep> name##Step = (flow).resume(response, talk.context);                               \
    QVERIFY2(name##Step&& std::holds_alternative<FlowSend>(*name##Step), told(name##Step).constData());      \
    [[maybe_unused]] const FlowSend& name = std::get<FlowSend>(*name##Step)
/// The finding at a flow's end, or the failure of the test.
#define KB_DONE(name, flow, response)                                                                        \
    const Result<FlowStep> name##Step = (flow).resume(response, talk.context);                               \
    QVERIFY2(name##Step&& std::holds_alternative<FlowDone>(*name##Step), told(name##Step).constData());      \
    const QString name = std::get<FlowDone>(*name##Step).finding

class TestDigestFlow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void s5_4_asksThenAnswers() {
        Talk talk;
        DigestFlow flow = mufasa();
        const Result<FlowSend> first = flow.begin(talk.plain, talk.context);
        QVERIFY(first.has_value());
        QVERIFY(first->request.headers.isEmpty() && first->placed.headerFields.isEmpty());
        QVERIFY(first->note.isEmpty());
        KB_SEND(second, flow,
                challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\", opaque=\"o\", algorithm=SHA-256"));
        QVERIFY(isRight(second));
        QVERIFY(!second.note.isEmpty());
        QCOMPARE(second.placed.headerFields, QList<QByteArray>{"Authorization"});
        const Challenge field = fieldOf(second);
        QCOMPARE(field.param("uri"), QByteArray("/a/../b?x=%7e"));
        QCOMPARE(field.param("nc"), QByteArray("00000001"));
        QCOMPARE(field.param("opaque"), QByteArray("o"));
        KB_DONE(finding, flow,
                respond(200, {{"Authentication-Info", "qop=auth, rspauth=\"" + proof(second) + '"'}}));
        QCOMPARE(finding, QString());
        // The password is masked, and so is the whole field.
        QVERIFY(!talk.redactor.text(QByteArray(word)).contains("Life"));
        QVERIFY(!talk.redactor.requestHeaders(second.request.headers).first("Authorization")->contains("n1"));
    }

    void s5_4_wrongPasswordEndsAfterOneAnswer() {
        Talk talk;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        KB_SEND(second, flow, challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\""));
        QVERIFY(isRight(second));
        KB_DONE(finding, flow, challenge("realm=\"r\", nonce=\"n2\", qop=\"auth\", stale=FALSE"));
        QVERIFY2(finding.contains(QLatin1String("password")), qPrintable(finding));
    }

    void s5_4_staleIsAnsweredWithoutAsking() {
        Talk talk;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        KB_SEND(second, flow, challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\""));
        KB_SEND(third, flow, challenge("realm=\"r\", nonce=\"n2\", qop=\"auth\", stale=tRuE"));
        QVERIFY(isRight(third));
        QVERIFY(third.note.contains(QLatin1String("nonce")));
        QCOMPARE(fieldOf(third).param("nonce"), QByteArray("n2"));
        QCOMPARE(fieldOf(third).param("nc"), QByteArray("00000001"));
        QVERIFY(fieldOf(third).param("cnonce") != fieldOf(second).param("cnonce"));
        QCOMPARE(third.request.headers.all("Authorization").size(), 1);
    }

    void s5_4_staleForeverIsGivenUp() {
        Talk talk;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        int sends = 0;
        QString finding;
        while (finding.isEmpty() && sends < 50) {
            const auto step =
                flow.resume(challenge("realm=\"r\", nonce=\"n\", qop=\"auth\", stale=true"), talk.context);
            QVERIFY(step.has_value());
            if (const auto* done = std::get_if<FlowDone>(&*step))
                finding = done->finding;
            else
                ++sends;
        }
        QVERIFY(sends >= 2 && sends <= 4);
        QVERIFY2(finding.contains(QLatin1String("stale")), qPrintable(finding));
    }

    void s5_4_twoChallengesTheStrongestIsAnswered() {
        Talk talk;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        KB_SEND(second, flow,
                respond(401,
                        {{"WWW-Authenticate", "Digest realm=\"r\", nonce=\"m\", algorithm=MD5, qop=\"auth\""},
                         {"Www-Authenticate",
                          "Basic realm=\"r\", Digest realm=\"r\", nonce=\"s\", algorithm=SHA-512-256, "
                          "qop=\"auth\""}}));
        QCOMPARE(fieldOf(second).param("nonce"), QByteArray("s"));
        QCOMPARE(fieldOf(second).param("algorithm"), QByteArray("SHA-512-256"));
        QVERIFY(isRight(second));
    }

    void s5_4_unknownAlgorithmIsSaid() {
        Talk talk;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        KB_DONE(finding, flow, challenge("realm=\"r\", nonce=\"n1\", algorithm=SHA-512"));
        QVERIFY2(finding.contains(QLatin1String("SHA-512")), qPrintable(finding));
    }

    void s5_4_anotherSchemeIsSaid() {
        Talk talk;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        KB_DONE(finding, flow, respond(401, {{"WWW-Authenticate", "Basic realm=\"r\", Bearer"}}));
        QVERIFY2(finding.contains(QLatin1String("Basic, Bearer")), qPrintable(finding));
        KB_DONE(silent, flow, respond(401));
        QVERIFY(!silent.isEmpty());
    }

    void s5_4_anAnswerWithoutAChallengeIsSaid() {
        Talk talk;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        KB_DONE(finding, flow, respond(200));
        QVERIFY2(finding.contains(QLatin1String("no credential was sent")), qPrintable(finding));
    }

    void s5_4_bodiesAreHashedForAuthInt() {
        Talk talk("https://h/x", "POST");
        talk.plain.body = "{\"a\":1}";
        talk.plain.hasBody = true;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        KB_SEND(second, flow, challenge("realm=\"r\", nonce=\"n1\", qop=\"auth-int\", algorithm=SHA-256"));
        QCOMPARE(fieldOf(second).param("qop"), QByteArray("auth-int"));
        QVERIFY(isRight(second));
        QCOMPARE(second.request.body, talk.plain.body);
        DigestInput answered = inputOf(fieldOf(second), second.request);
        answered.bodyHash = digestHex(Hash::Sha256, "hello");
        const QByteArray rspauth = digestRspauth(answered, Secret(word));
        const QList<HeaderField> info = {{"Authentication-Info", "qop=auth-int, rspauth=\"" + rspauth + '"'}};
        KB_DONE(fine, flow, respond(200, info, "hello"));
        QCOMPARE(fine, QString());
        KB_DONE(changed, flow, respond(200, info, "hello!"));
        QVERIFY2(changed.contains(QLatin1String("wrong")), qPrintable(changed));
        Response packed = respond(200, info, "hello");
        packed.headers.append("Content-Encoding", "gzip");
        KB_DONE(unknown, flow, packed);
        QVERIFY2(unknown.contains(QLatin1String("could not be checked")), qPrintable(unknown));
    }

    void s5_4_theServersProof() {
        Talk talk;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        KB_SEND(second, flow, challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\""));
        const QByteArray right = proof(second);
        const auto info = [](const QByteArray& text) {
            return respond(200, {{"Authentication-Info", text}});
        };
        KB_DONE(none, flow, respond(204));
        QVERIFY2(none.contains(QLatin1String("did not prove")), qPrintable(none));
        KB_DONE(refused, flow, respond(403));
        QCOMPARE(refused, QString());
        KB_DONE(wrong, flow, info("rspauth=\"00000000000000000000000000000000\""));
        QVERIFY2(wrong.contains(QLatin1String("wrong")), qPrintable(wrong));
        KB_DONE(other, flow, info("rspauth=\"" + right + "\", nc=00000002"));
        QVERIFY2(other.contains(QLatin1String("another request")), qPrintable(other));
        KB_DONE(cnonce, flow, info("rspauth=\"" + right + "\", cnonce=\"x\""));
        QVERIFY2(cnonce.contains(QLatin1String("another request")), qPrintable(cnonce));
        KB_DONE(upper, flow, info("rspauth=\"" + right.toUpper() + "\", nc=00000001"));
        QCOMPARE(upper, QString());
    }

    void s5_4_theLegacyFormHasNoProof() {
        Talk talk;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        KB_SEND(second, flow, challenge("realm=\"r\", nonce=\"n1\""));
        QVERIFY(isRight(second));
        QVERIFY(!fieldOf(second).hasParam("qop") && !fieldOf(second).hasParam("nc"));
        KB_DONE(finding, flow, respond(200));
        QCOMPARE(finding, QString());
    }

    void s5_4_aSessionAnswersBeforeItIsAsked() {
        Talk talk;
        const auto session = std::make_shared<DigestSession>();
        DigestFlow first = mufasa(session);
        QVERIFY(first.begin(talk.plain, talk.context));
        KB_SEND(answered, first, challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\""));
        DigestFlow second = mufasa(session);
        const Result<FlowSend> ahead = second.begin(talk.plain, talk.context);
        QVERIFY(ahead.has_value() && isRight(*ahead));
        QCOMPARE(fieldOf(*ahead).param("nonce"), QByteArray("n1"));
        QCOMPARE(fieldOf(*ahead).param("nc"), QByteArray("00000002"));
        QVERIFY(fieldOf(*ahead).param("cnonce") != fieldOf(answered).param("cnonce"));
        KB_DONE(
            finding, second,
            respond(200, {{"Authentication-Info", "nextnonce=\"n2\", rspauth=\"" + proof(*ahead) + '"'}}));
        QCOMPARE(finding, QString());
        DigestFlow third = mufasa(session);
        const Result<FlowSend> next = third.begin(talk.plain, talk.context);
        QVERIFY(next.has_value() && isRight(*next));
        QCOMPARE(fieldOf(*next).param("nonce"), QByteArray("n2"));
        QCOMPARE(fieldOf(*next).param("nc"), QByteArray("00000001"));
    }

    void s5_4_aSessionIsOfOneOriginAndOneUser() {
        Talk talk;
        const auto session = std::make_shared<DigestSession>();
        DigestFlow first = mufasa(session);
        QVERIFY(first.begin(talk.plain, talk.context));
        KB_SEND(answered, first, challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\""));
        Talk elsewhere("https://other/");
        DigestFlow second = mufasa(session);
        QVERIFY(second.begin(elsewhere.plain, elsewhere.context)->request.headers.isEmpty());
        DigestFlow simba(DigestScheme{QStringLiteral("Simba")}, Secret(word), session);
        QVERIFY(simba.begin(talk.plain, talk.context)->request.headers.isEmpty());
    }

    void s5_4_anOldSessionIsRenewedOnce() {
        Talk talk;
        const auto session = std::make_shared<DigestSession>();
        DigestFlow first = mufasa(session);
        QVERIFY(first.begin(talk.plain, talk.context));
        KB_SEND(answered, first, challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\""));
        DigestFlow second = mufasa(session);
        QVERIFY(!second.begin(talk.plain, talk.context)->request.headers.isEmpty());
        // Servers there are that forget a nonce and do not call it stale.
        KB_SEND(renewed, second, challenge("realm=\"r\", nonce=\"n2\", qop=\"auth\""));
        QVERIFY(isRight(renewed));
        KB_DONE(finding, second, challenge("realm=\"r\", nonce=\"n3\", qop=\"auth\""));
        QVERIFY(finding.contains(QLatin1String("password")));
        // A refused session is not used again.
        QVERIFY(mufasa(session).begin(talk.plain, talk.context)->request.headers.isEmpty());
    }

    void s5_4_theSameNonceAgainMeansRefused() {
        Talk talk;
        const auto session = std::make_shared<DigestSession>();
        DigestFlow first = mufasa(session);
        QVERIFY(first.begin(talk.plain, talk.context));
        KB_SEND(answered, first, challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\""));
        DigestFlow second = mufasa(session);
        QVERIFY(!second.begin(talk.plain, talk.context)->request.headers.isEmpty());
        KB_DONE(finding, second, challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\""));
        QVERIFY(finding.contains(QLatin1String("password")));
    }

    // RFC 7616 §3.4.2: the key of a -sess algorithm is that of the session's first request.
    void s5_4_sessionKeysLastAsLongAsTheSession() {
        Talk talk;
        const auto session = std::make_shared<DigestSession>();
        DigestFlow first = mufasa(session);
        QVERIFY(first.begin(talk.plain, talk.context));
        KB_SEND(one, first, challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256-sess"));
        QVERIFY(isRight(one));
        KB_DONE(finding, first,
                respond(200, {{"Authentication-Info", "nextnonce=\"n2\", rspauth=\"" + proof(one) + '"'}}));
        QCOMPARE(finding, QString());
        DigestFlow second = mufasa(session);
        const Result<FlowSend> two = second.begin(talk.plain, talk.context);
        QVERIFY(two.has_value());
        const Challenge field = fieldOf(*two);
        QCOMPARE(field.param("nonce"), QByteArray("n2"));
        QCOMPARE(field.param("cnonce"), fieldOf(one).param("cnonce"));
        DigestInput input = inputOf(field, two->request);
        input.sessionNonce = "n1";
        QCOMPARE(field.param("response"), digestResponse(input, Secret(word)));
        // A new challenge begins a new session.
        KB_SEND(three, second,
                challenge("realm=\"r\", nonce=\"n3\", qop=\"auth\", algorithm=SHA-256-sess, stale=true"));
        QVERIFY(isRight(three));
        QVERIFY(fieldOf(three).param("cnonce") != field.param("cnonce"));
    }

    void s5_4_namesAndPasswordsAreComposed() {
        Talk talk;
        // "e" and a combining acute accent, in both.
        DigestFlow flow(DigestScheme{QStringLiteral("Andre\u0301")}, Secret("e\xcc\x81t\xc3\xa9"), {});
        QVERIFY(flow.begin(talk.plain, talk.context));
        KB_SEND(send, flow,
                challenge("realm=\"r\", nonce=\"n1\", qop=\"auth\", charset=UTF-8, userhash=true"));
        const Challenge field = fieldOf(send);
        DigestInput input = inputOf(field, send.request);
        input.user = "Andr\xc3\xa9";
        QCOMPARE(field.param("username"), digestUserHash(Hash::Md5, input.user, "r"));
        QCOMPARE(field.param("response"), digestResponse(input, Secret("\xc3\xa9t\xc3\xa9")));
    }

    void s5_4_refusals() {
        Talk talk;
        talk.plain.headers.append("authorization", "by hand");
        QCOMPARE(mufasa().begin(talk.plain, talk.context).error().code, ErrorCode::Conflict);
        Talk clean;
        DigestFlow noPassword(DigestScheme{QStringLiteral("u")}, Secret(), {});
        QCOMPARE(noPassword.begin(clean.plain, clean.context).error().code, ErrorCode::InvalidInput);
        DigestFlow control(DigestScheme{QStringLiteral("u\r\nX: y")}, Secret("p"), {});
        QCOMPARE(control.begin(clean.plain, clean.context).error().code, ErrorCode::InvalidInput);
    }

    void s5_4_aServersTextCannotEndTheField() {
        Talk talk;
        DigestFlow flow = mufasa();
        QVERIFY(flow.begin(talk.plain, talk.context));
        const auto step =
            flow.resume(challenge("realm=\"r\", nonce=\"n1\", opaque=\"a\r\nX: y\""), talk.context);
        QVERIFY(!step);
        QCOMPARE(step.error().code, ErrorCode::InvalidInput);
    }
};

QTEST_APPLESS_MAIN(TestDigestFlow)
#include "test_digest_flow.moc"
