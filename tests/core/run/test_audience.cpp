// SPDX-License-Identifier: GPL-3.0-or-later
// Where a secret may go: what was confirmed and kept with it counts, what the shared file says is a proposal.
#include "core/run/run.h"

#include <QtTest/QTest>

using namespace kb;

namespace {

Origin origin(const QString& text) {
    return Origin::parse(text).value();
}
const QString api = QStringLiteral("https://api.acme.test");
const QString plain = QStringLiteral("http://api.acme.test");

struct Ask {
    QString target = api;
    QStringList file{api};
    QStringList confirmed{api};
    QStringList plainHttp;
    QStringList insecureTls;
    VariableMap variables;
    bool verifyTls = true;
    bool trustFile = false;
    bool once = false;

    std::optional<Error> operator()() const {
        ProfileBinding binding;
        binding.allowedOrigins = file;
        SecretRecord record;
        record.allowedOrigins = confirmed;
        record.plainHttpOrigins = plainHttp;
        record.insecureTlsOrigins = insecureTls;
        RequestSettings settings;
        settings.verifyTls = verifyTls;
        return checkAudience(origin(target), binding, record, variables, settings, trustFile, once);
    }
    QByteArray code() const {
        const auto error = (*this)();
        return error ? errorCodeName(error->code) : QByteArray("fine");
    }
};

const QByteArray refused = errorCodeName(ErrorCode::OriginRefused);
const QByteArray consent = errorCodeName(ErrorCode::ConsentNeeded);

} // namespace

class TestAudience : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theConfirmedListDecides() {
        QCOMPARE(Ask{}.code(), QByteArray("fine"));
        // The same origins in other words and another order.
        Ask words;
        words.file = {QStringLiteral("https://B.test:443"), QStringLiteral("https://API.acme.test/")};
        words.confirmed = {api, QStringLiteral("https://b.test")};
        QCOMPARE(words.code(), QByteArray("fine"));
        for (const char* other : {"https://evil.test", "http://api.acme.test", "https://api.acme.test:8443",
                                  "https://api.acme.test.evil.test", "https://xapi.acme.test"}) {
            Ask ask;
            ask.target = QString::fromLatin1(other);
            QCOMPARE(ask.code(), refused);
            QVERIFY(ask()->next.contains(api));
        }
        Ask nowhere;
        nowhere.file = nowhere.confirmed = {};
        QCOMPARE(nowhere.code(), refused);
    }

    void aDifferenceStopsTheSend_data() {
        QTest::addColumn<QStringList>("file");
        QTest::addColumn<QStringList>("confirmed");
        const QString evil = QStringLiteral("https://evil.test");
        QTest::newRow("file adds the target") << QStringList{api} << QStringList{};
        QTest::newRow("file adds another") << QStringList{api, evil} << QStringList{api};
        QTest::newRow("file drops another") << QStringList{api} << QStringList{api, evil};
        QTest::newRow("file drops the target") << QStringList{} << QStringList{api};
    }
    void aDifferenceStopsTheSend() {
        QFETCH(QStringList, file);
        QFETCH(QStringList, confirmed);
        Ask ask;
        ask.file = file;
        ask.confirmed = confirmed;
        QCOMPARE(ask.code(), consent);
        for (const QString& each : file + confirmed)
            QVERIFY(ask()->what.contains(each));
        ask.trustFile = true;
        QCOMPARE(ask.code(), file.contains(api) ? QByteArray("fine") : refused);
    }

    void proposalsResolveTheirVariables() {
        Ask ask;
        ask.file = {QStringLiteral("{{base}}")};
        ask.variables = {{QStringLiteral("base"), api + QStringLiteral("/v1")}};
        QCOMPARE(ask.code(), QByteArray("fine"));
        ask.variables = {{QStringLiteral("base"), QStringLiteral("https://evil.test")}};
        QCOMPARE(ask.code(), consent);
        ask.variables = {};
        QCOMPARE(ask()->code, ErrorCode::UnknownVariable);
        QCOMPARE(ask()->where, QStringLiteral("base"));
        ask.file = {QStringLiteral("no origin at all")};
        QCOMPARE(ask()->code, ErrorCode::InvalidInput);
    }

    void proposedOriginsAreTidy() {
        ProfileBinding binding;
        binding.allowedOrigins = {QStringLiteral(" {{b}} "), api,
                                  QStringLiteral("HTTPS://API.acme.test:443/x")};
        QCOMPARE(proposedOrigins(binding, {{QStringLiteral("b"), QStringLiteral("http://127.0.0.1:8080/v1")}})
                     .value(),
                 (QStringList{QStringLiteral("http://127.0.0.1:8080"), api}));
    }

    void plainHttpNeedsAWord() {
        Ask ask;
        ask.target = plain;
        ask.file = ask.confirmed = {plain};
        QCOMPARE(ask.code(), consent);
        ask.once = true;
        QCOMPARE(ask.code(), QByteArray("fine"));
        ask.once = false;
        ask.plainHttp = {QStringLiteral("http://other.test")};
        QCOMPARE(ask.code(), consent);
        ask.plainHttp = {plain};
        QCOMPARE(ask.code(), QByteArray("fine"));
        for (const char* loopback : {"http://127.0.0.1:8080", "http://[::1]:1", "http://localhost"}) {
            Ask near;
            near.target = QString::fromLatin1(loopback);
            near.file = near.confirmed = {near.target};
            QCOMPARE(near.code(), QByteArray("fine"));
        }
    }

    void anExplicitHttpOriginOfATrustedFileIsConsent() {
        Ask ask;
        ask.target = plain;
        ask.trustFile = true;
        ask.confirmed = {};
        ask.file = {plain};
        QCOMPARE(ask.code(), QByteArray("fine"));
        ask.file = {QStringLiteral("{{base}}")};
        ask.variables = {{QStringLiteral("base"), plain}};
        QCOMPARE(ask.code(), consent);
    }

    void aCertificateExceptionNeedsAWord() {
        Ask ask;
        ask.verifyTls = false;
        QCOMPARE(ask.code(), consent);
        ask.insecureTls = {QStringLiteral("https://other.test")};
        QCOMPARE(ask.code(), consent);
        ask.insecureTls = {api};
        QCOMPARE(ask.code(), QByteArray("fine"));
    }
};

QTEST_GUILESS_MAIN(TestAudience)
#include "test_audience.moc"
