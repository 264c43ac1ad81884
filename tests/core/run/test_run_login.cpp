// SPDX-License-Identifier: GPL-3.0-or-later
// Logins that the transport speaks: NTLM and Negotiate.
#include "tests/core/run/run_fakes.h"

using namespace kb;
using namespace kbtest;

class TestRunLogin : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theTransportGetsTheLogin() {
        Bench bench;
        bench.profile.scheme = NtlmScheme{false, QStringLiteral("DOMAIN\\reader")};
        TransportReply reply = answer(200, {}, QByteArray("you are ") + Bench::canary);
        LoginLeg leg;
        leg.status = 401;
        leg.sentHeaders.append("Authorization", "NTLM TlRMTVNTUAABAAAA");
        reply.legs = {leg};
        bench.transport.script = {{reply}};
        const RunResult result = bench.run();
        QVERIFY(!result.error);
        const TransportOptions& options = bench.transport.options.first();
        QVERIFY(options.login);
        QVERIFY(!options.login->negotiate);
        QCOMPARE(options.login->user, QStringLiteral("DOMAIN\\reader"));
        QVERIFY(options.login->password.reveal() == Bench::canary);
        QVERIFY(!bench.transport.sent.first().headers.contains("Authorization"));
        QCOMPARE(result.hops.first().legs().size(), 1);
        QVERIFY(!holds(everythingIn(result), Bench::canary));
    }

    void negotiate() {
        Bench bench;
        bench.profile.scheme = NtlmScheme{true, QString()};
        bench.record().secret = Secret(); // the ticket is the desktop's
        bench.transport.script = {{answer(200)}};
        QVERIFY(!bench.run().error);
        QVERIFY(bench.transport.options.first().login->negotiate);
    }

    void ntlmNeedsItsPassword() {
        Bench bench;
        bench.profile.scheme = NtlmScheme{};
        bench.record().secret = Secret();
        const RunResult result = bench.run();
        QVERIFY(result.error && result.error->code == ErrorCode::SecretMissing);
        QVERIFY(bench.transport.sent.isEmpty());
    }

    void otherSchemesHaveNone() {
        Bench bench;
        bench.transport.script = {{answer(200)}};
        bench.run();
        QVERIFY(!bench.transport.options.first().login);
    }

    void theSameOriginKeepsTheLogin() {
        Bench bench;
        bench.profile.scheme = NtlmScheme{};
        bench.transport.script = {redirectTo("/people"), {answer(200)}};
        bench.run();
        QVERIFY(bench.transport.options.at(1).login);
    }

    void anotherOriginGetsNoLoginAndItDoesNotReturn_data() { addOtherOrigins(); }
    void anotherOriginGetsNoLoginAndItDoesNotReturn() {
        QFETCH(QByteArray, location);
        Bench bench;
        bench.profile.scheme = NtlmScheme{};
        bench.transport.script = {redirectTo(location),
                                  redirectTo("https://api.acme.test/users"),
                                  {answer(401, {{"WWW-Authenticate", "NTLM"}})}};
        const RunResult result = bench.run();
        QCOMPARE(bench.transport.options.size(), 3);
        QVERIFY(bench.transport.options.at(0).login);
        QVERIFY(!bench.transport.options.at(1).login);
        QVERIFY(!bench.transport.options.at(2).login);
        QVERIFY2(result.hops.at(1).hopNote.contains(QLatin1String("login did not travel")),
                 qPrintable(result.hops.at(1).hopNote));
        QCOMPARE(result.diagnosis->cause, QByteArray("redirect-dropped-credential"));
    }

    /// A client certificate is the identity's as much as its token.
    void anotherOriginGetsNoCertificate_data() { anotherOriginGetsNoLoginAndItDoesNotReturn_data(); }
    void anotherOriginGetsNoCertificate() {
        QFETCH(QByteArray, location);
        for (const bool alone : {true, false}) {
            Bench bench;
            if (alone) bench.profile.scheme = ClientCertificateScheme{};
            bench.record().parts.insert_or_assign(QStringLiteral("client_certificate"), Secret("a PEM text"));
            bench.transport.script = {
                redirectTo(location), redirectTo("https://api.acme.test/users"), {answer(401)}};
            const RunResult result = bench.run();
            QCOMPARE(bench.transport.options.size(), 3);
            QVERIFY(bench.transport.options.at(0).clientCertificate->reveal() == "a PEM text");
            QVERIFY(!bench.transport.options.at(1).clientCertificate);
            QVERIFY(!bench.transport.options.at(2).clientCertificate);
            if (alone)
                QVERIFY2(result.hops.at(1).hopNote.contains(QLatin1String("certificate did not travel")),
                         qPrintable(result.hops.at(1).hopNote));
            QCOMPARE(result.diagnosis->cause, QByteArray("redirect-dropped-credential"));
            QVERIFY(!holds(everythingIn(result), "a PEM text"));
        }
    }

    void theSameOriginKeepsTheCertificate() {
        Bench bench;
        bench.record().parts.insert_or_assign(QStringLiteral("client_certificate"), Secret("a PEM text"));
        bench.transport.script = {redirectTo("/people"), {answer(200)}};
        bench.run();
        QVERIFY(bench.transport.options.at(1).clientCertificate);
    }

    /// RFC 7617 §2.1: a server that says UTF-8 gets it, of the address that was asked last and with its
    /// method.
    void s5_3_basicGoesOutAgainInTheCharsetOfTheChallenge() {
        Bench bench;
        bench.profile.scheme = BasicScheme{QStringLiteral("J\u00fcrgen"), true};
        const Step refused{answer(401, {{"WWW-Authenticate", "Basic realm=\"r\", charset=\"utf-8\""}})};
        bench.transport.script = {redirectTo("/people"), refused, {answer(200)}};
        const RunResult result = bench.run();
        QVERIFY(!result.error);
        QCOMPARE(bench.transport.sent.size(), 3);
        const auto sentTo = [&](int i) { return bench.transport.sent.at(i).url.text(); };
        QCOMPARE(sentTo(2), sentTo(1));
        QVERIFY(sentTo(1) != sentTo(0));
        const auto pair = [&](int i) {
            return QByteArray::fromBase64(
                bench.transport.sent.at(i).headers.first("Authorization").value_or("").mid(6));
        };
        QCOMPARE(pair(1), QByteArray("J\xfcrgen:") + Bench::canary);
        QCOMPARE(pair(2), QByteArray("J\xc3\xbcrgen:") + Bench::canary);
        QVERIFY(result.hops.last().hopNote.contains(QLatin1String("UTF-8")));
        QVERIFY(!holds(everythingIn(result), Bench::canary));
    }

    void aRefusedLoginIsNotCalledAnonymous() {
        Bench bench;
        bench.profile.scheme = NtlmScheme{};
        bench.transport.script = {{answer(401, {{"WWW-Authenticate", "NTLM"}})}};
        const RunResult result = bench.run();
        QVERIFY(result.diagnosis.has_value());
        QVERIFY2(result.diagnosis->cause != "no-credential", result.diagnosis->cause.constData());
    }
};

QTEST_GUILESS_MAIN(TestRunLogin)
#include "test_run_login.moc"
