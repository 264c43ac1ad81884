// SPDX-License-Identifier: GPL-3.0-or-later
// Each file of tests/data/doctor is one answer and what the doctor must say of it. Times are written
// "now+900".
#include "core/run/doctor.h"
#include "core/run/live_credential.h"

#include <QDateTime>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest/QTest>

using namespace kb;

namespace {

/// "now-60" as Unix seconds; any other text is no time.
std::optional<qint64> relative(const QString& text, qint64 now) {
    if (text == QLatin1String("now")) return now;
    if (!text.startsWith(QLatin1String("now+")) && !text.startsWith(QLatin1String("now-")))
        return std::nullopt;
    bool ok = false;
    const qint64 offset = text.mid(3).toLongLong(&ok);
    return ok ? std::optional<qint64>(now + offset) : std::nullopt;
}

QByteArray base64Url(const QJsonObject& object) {
    return QJsonDocument(object)
        .toJson(QJsonDocument::Compact)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

/// A JWT of those claims. Its signature is 32 bytes nobody ever made with a key.
QByteArray tokenText(const QJsonValue& token, qint64 now) {
    if (token.isString()) return "canary-opaque-5f0c1de2a7b94c33";
    const QJsonObject spec = token.toObject();
    if (spec.contains(QLatin1String("text"))) return spec.value(QLatin1String("text")).toString().toUtf8();
    QJsonObject header = spec.value(QLatin1String("header")).toObject();
    if (header.isEmpty())
        header = {{QStringLiteral("alg"), QStringLiteral("RS256")},
                  {QStringLiteral("typ"), QStringLiteral("at+jwt")},
                  {QStringLiteral("kid"), QStringLiteral("2026-11")}};
    QJsonObject claims = spec.value(QLatin1String("claims")).toObject();
    for (const QString& name : claims.keys())
        if (const auto moment = relative(claims.value(name).toString(), now)) claims[name] = *moment;
    const bool none = header.value(QLatin1String("alg")).toString() == QLatin1String("none");
    const QByteArray signature =
        none ? QByteArray() : QByteArray("Q0FOQVJZLXNpZ25hdHVyZS1vZi1ub2JvZHktYXQtYWxs");
    return base64Url(header) + '.' + base64Url(claims) + '.' + signature;
}

AuthScheme schemeOf(const QString& name, const QString& user) {
    if (name == QLatin1String("DPoP")) return BearerScheme{name};
    if (name == QLatin1String("Negotiate")) return NtlmScheme{true, {}};
    if (name == QLatin1String("Basic")) return BasicScheme{user.isEmpty() ? QStringLiteral("ada") : user};
    if (name == QLatin1String("Bearer")) return BearerScheme{};
    return ApiKeyScheme{ApiKeyScheme::In::Header, name};
}

QStringList textsOf(const QJsonValue& list) {
    QStringList out;
    for (const QJsonValue& each : list.toArray())
        out << each.toString();
    return out;
}

/// Everything a diagnosis says, in one text.
QString allText(const Diagnosis& diagnosis) {
    QStringList out{QString::fromUtf8(diagnosis.cause), diagnosis.sentence, diagnosis.challengeText};
    out << diagnosis.evidence << diagnosis.wouldDecide << diagnosis.missingScopes << diagnosis.tokenScopes;
    for (const Remedy& remedy : diagnosis.remedies)
        out << remedy.label << remedy.argument;
    return out.join(QLatin1Char('\n'));
}

/// A case file, turned into what a run would hand to the doctor.
struct Patient {
    explicit Patient(const QJsonObject& file) {
        const qint64 now = QDateTime::fromString(file.value(QLatin1String("now")).toString(), Qt::ISODate)
                               .toSecsSinceEpoch();
        context.nowMs = now * 1000;
        const QJsonObject request = file.value(QLatin1String("request")).toObject();
        const QStringList line = request.value(QLatin1String("line")).toString().split(QLatin1Char(' '));
        Request sent;
        sent.method = line.value(0).toUtf8();
        sent.url = HttpUrl::parse(line.value(1)).value();
        Redactor redactor;
        if (request.contains(QLatin1String("sentAs"))) {
            QByteArray bytes = tokenText(file.value(QLatin1String("token")), now);
            secretText = bytes;
            const Secret secret = Secret::take(bytes);
            const auto expiry = relative(request.value(QLatin1String("userExpiry")).toString(), now);
            const AuthScheme scheme = schemeOf(request.value(QLatin1String("scheme")).toString(),
                                               request.value(QLatin1String("user")).toString());
            const QString input = request.value(QLatin1String("signatureInput")).toString();
            if (!input.isEmpty()) sent.headers.append("Signature-Input", input.toLatin1());
            if (std::holds_alternative<NtlmScheme>(scheme)) { // the transport's own
                const QByteArray ticket = request.value(QLatin1String("ticket")).toString().toLatin1();
                if (!ticket.isEmpty()) sent.headers.append("Authorization", "Negotiate " + ticket);
            } else if (const auto placed = placeCredential(sent, scheme, secret, redactor); !placed) {
                qFatal("%s", qPrintable(placed.error().text()));
            }
            const LiveCredential live = describeCredential(scheme, secret, expiry);
            context.profileName = request.value(QLatin1String("sentAs")).toString();
            context.credentialSent = true;
            context.facts = live.facts;
            // Whether what was shown, or what proved it, is what the token is bound to.
            const QString held = request.value(QLatin1String("bound")).toString();
            context.facts->boundToOurs = held == QLatin1String("ours");
            context.facts->boundToOther = held == QLatin1String("other");
            context.bearer = live.bearer;
            context.scheme = live.scheme;
            context.charset = live.charset;
            context.credentialName = live.name;
            context.tokenProblem = live.tokenProblem;
            const QString renewal = request.value(QLatin1String("renewal")).toString();
            context.hasUser = request.value(QLatin1String("hasUser")).toBool();
            context.asksForLevel = request.value(QLatin1String("asksForLevel")).toBool();
            context.asksForScopes = request.value(QLatin1String("asksForScopes")).toBool();
            context.renewal = renewal == QLatin1String("alone")   ? DoctorContext::Renewal::Alone
                              : renewal == QLatin1String("login") ? DoctorContext::Renewal::Login
                                                                  : DoctorContext::Renewal::ByHand;
        }
        const QString redirected = request.value(QLatin1String("redirectedTo")).toString();
        if (!redirected.isEmpty()) {
            sent.url = HttpUrl::parse(redirected).value();
            sent.headers = {};
            context.credentialSent = false;
            context.credentialDroppedByRedirect = true;
            context.droppedAtOrigin = sent.url.origin().text();
        }
        addOthers(file.value(QLatin1String("others")).toObject(), now);
        hops.append(Exchange(redactor, sent, reply(file.value(QLatin1String("answer")).toObject(), now)));
    }

    void addOthers(const QJsonObject& others, qint64 now) {
        for (const QString& name : others.keys()) {
            const QByteArray text = tokenText(others.value(name), now);
            const QString id = QStringLiteral("id of ") + name;
            context.otherProfiles.append(
                {id, factsOf({text.constData(), std::size_t(text.size())}, true, {})});
            context.profileNames.insert(id, name);
        }
    }

    TransportReply reply(const QJsonObject& answer, qint64 now) const {
        TransportReply out;
        out.response.status = answer.value(QLatin1String("status")).toInt();
        const QString secret = QString::fromUtf8(secretText);
        for (QString line : textsOf(answer.value(QLatin1String("headers")))) {
            line.replace(QLatin1String("{{token}}"), secret);
            const qsizetype colon = line.indexOf(QLatin1Char(':'));
            const QString name = line.left(colon);
            QString value = line.mid(colon + 1).trimmed();
            if (const auto moment = name == QLatin1String("Date") ? relative(value, now) : std::nullopt)
                value = QLocale::c().toString(QDateTime::fromSecsSinceEpoch(*moment, Qt::UTC),
                                              QStringLiteral("ddd, dd MMM yyyy HH:mm:ss 'GMT'"));
            out.response.headers.append(name.toUtf8(), value.toUtf8());
        }
        const QJsonValue body = answer.value(QLatin1String("body"));
        out.response.body =
            body.isObject() ? QJsonDocument(body.toObject()).toJson() : body.toString().toUtf8();
        out.response.body.replace("{{token}}", secretText);
        return out;
    }

    DoctorContext context;
    QList<Exchange> hops;
    QByteArray secretText;
};

QStringList caseFiles() {
    return QDir(QStringLiteral(KB_TEST_DATA "/doctor"))
        .entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name);
}

QJsonObject readCase(const QString& name) {
    QFile file(QStringLiteral(KB_TEST_DATA "/doctor/") + name);
    if (!file.open(QIODevice::ReadOnly)) qFatal("cannot read %s", qPrintable(file.fileName()));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &error);
    if (error.error != QJsonParseError::NoError)
        qFatal("%s: %s", qPrintable(name), qPrintable(error.errorString()));
    return document.object();
}

} // namespace

class TestDoctor : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void says_data() {
        QTest::addColumn<QString>("file");
        const QStringList files = caseFiles();
        QVERIFY(files.size() >= 40);
        for (const QString& file : files)
            QTest::newRow(qPrintable(QString(file).chopped(5))) << file;
    }

    void says() {
        QFETCH(QString, file);
        const QJsonObject object = readCase(file);
        const Patient patient(object);
        const std::optional<Diagnosis> diagnosis = diagnose(patient.hops, patient.context);
        QVERIFY(diagnosis);
        const QJsonObject expect = object.value(QLatin1String("expect")).toObject();
        QCOMPARE(QString::fromUtf8(diagnosis->cause), expect.value(QLatin1String("cause")).toString());
        QCOMPARE(diagnosis->sentence, expect.value(QLatin1String("sentence")).toString());
        QCOMPARE(diagnosis->decided, expect.value(QLatin1String("decided")).toBool());
        const QString evidence = diagnosis->evidence.join(QLatin1Char('\n'));
        for (const QString& part : textsOf(expect.value(QLatin1String("evidence"))))
            QVERIFY2(evidence.contains(part),
                     qPrintable(part + QStringLiteral("\nis missing in\n") + evidence));
        const QString would = diagnosis->wouldDecide.join(QLatin1Char('\n'));
        for (const QString& part : textsOf(expect.value(QLatin1String("wouldDecide"))))
            QVERIFY2(would.contains(part), qPrintable(part + QStringLiteral("\nis missing in\n") + would));
        QStringList buttons;
        for (const Remedy& remedy : diagnosis->remedies)
            buttons << remedy.label;
        QCOMPARE(buttons, textsOf(expect.value(QLatin1String("buttons"))));
        for (const char* name : {"missingScopes", "tokenScopes"}) {
            const QJsonValue list = expect.value(QLatin1String(name));
            if (list.isUndefined()) continue;
            QCOMPARE(name[0] == 'm' ? diagnosis->missingScopes : diagnosis->tokenScopes, textsOf(list));
        }
    }

    /// RFC 9728 §5.1: an API that names its metadata can be asked where its tokens come from.
    void s5_9_anApiThatNamesItsMetadataCanBeAsked() {
        const auto offered = [](int status, const QByteArray& challenge) {
            Request sent;
            sent.url = HttpUrl::parse(QStringLiteral("https://api.test/users")).value();
            TransportReply reply;
            reply.response.status = status;
            reply.response.headers.append("WWW-Authenticate", challenge);
            const std::optional<Diagnosis> diagnosis = diagnose({Exchange(Redactor(), sent, reply)}, {});
            for (const Remedy& remedy : diagnosis->remedies)
                if (remedy.kind == Remedy::Kind::FindLogin) return remedy.argument;
            return QString();
        };
        const QByteArray named = "Bearer resource_metadata=\"https://api.test/meta\"";
        QCOMPARE(offered(401, named), QStringLiteral("https://api.test/users"));
        QCOMPARE(offered(401, "Bearer realm=\"r\""), QString());
        QCOMPARE(offered(403, named), QString());
        QCOMPARE(offered(401, named + ", resource_metadata=\"https://evil.test/meta\""), QString());
    }

    void everyFindingIsWellFormed_data() { says_data(); }
    void everyFindingIsWellFormed() {
        QFETCH(QString, file);
        const Patient patient(readCase(file));
        const Diagnosis diagnosis = diagnose(patient.hops, patient.context).value();
        // Undecided says so and lists what would decide; a decided finding does not waver.
        QCOMPARE(diagnosis.decided, diagnosis.cause != "undecided");
        QCOMPARE(diagnosis.wouldDecide.isEmpty(), diagnosis.decided);
        QVERIFY(!diagnosis.sentence.isEmpty());
        for (const QString& each : diagnosis.evidence)
            QVERIFY(!each.trimmed().isEmpty());
        // Claims are read and never verified: no word may say otherwise.
        QVERIFY(!allText(diagnosis).contains(QLatin1String("is verified")));
        // The words the picture draws as chips stand in the evidence.
        for (const QString& scope : diagnosis.missingScopes)
            QVERIFY(diagnosis.evidence.join(QLatin1Char(' ')).contains(scope));
        if (!patient.secretText.isEmpty()) {
            const QString text = allText(diagnosis);
            QVERIFY(!text.contains(QString::fromUtf8(patient.secretText)));
            const QList<QByteArray> parts = patient.secretText.split('.');
            if (parts.size() == 3 && parts.last().size() > 8)
                QVERIFY(!text.contains(QString::fromUtf8(parts.last())));
        }
    }

    void everyCauseHasACase() {
        QSet<QString> seen;
        const QStringList files = caseFiles();
        for (const QString& file : files)
            seen.insert(readCase(file)
                            .value(QLatin1String("expect"))
                            .toObject()
                            .value(QLatin1String("cause"))
                            .toString());
        // The ids are an interface: scripts and tests branch on them.
        const QSet<QString> causes{QStringLiteral("api-key-rejected"),
                                   QStringLiteral("audience-mismatch"),
                                   QStringLiteral("basic-rejected"),
                                   QStringLiteral("clock-skew-expired"),
                                   QStringLiteral("csrf"),
                                   QStringLiteral("clock-skew-not-yet-valid"),
                                   QStringLiteral("dpop-nonce"),
                                   QStringLiteral("dpop-required"),
                                   QStringLiteral("gateway-refused"),
                                   QStringLiteral("insufficient-scope"),
                                   QStringLiteral("invalid-request"),
                                   QStringLiteral("no-credential"),
                                   QStringLiteral("no-ticket"),
                                   QStringLiteral("rate-limited"),
                                   QStringLiteral("proxy-authentication"),
                                   QStringLiteral("refused-with-reason"),
                                   QStringLiteral("redirect-dropped-credential"),
                                   QStringLiteral("scheme-mismatch"),
                                   QStringLiteral("signature-rejected"),
                                   QStringLiteral("signature-wanted"),
                                   QStringLiteral("step-up-needed"),
                                   QStringLiteral("ticket-rejected"),
                                   QStringLiteral("token-bound"),
                                   QStringLiteral("token-expired"),
                                   QStringLiteral("token-malformed"),
                                   QStringLiteral("token-not-yet-valid"),
                                   QStringLiteral("token-unreadable"),
                                   QStringLiteral("token-unsecured"),
                                   QStringLiteral("undecided"),
                                   QStringLiteral("wrong-token-kind")};
        for (const QString& cause : causes)
            QVERIFY2(seen.contains(cause), qPrintable(cause));
        for (const QString& cause : seen)
            QVERIFY2(causes.contains(cause), qPrintable(cause));
    }

    void otherStatusesAreNoneOfItsBusiness() {
        QVERIFY(!diagnose({}, {}));
        for (const int status : {200, 302, 400, 404, 429, 500}) {
            Request sent;
            sent.url = HttpUrl::parse(QStringLiteral("https://api.acme.test/")).value();
            TransportReply reply;
            reply.response.status = status;
            QVERIFY(!diagnose({Exchange(Redactor(), sent, reply)}, {}));
        }
    }

    /// RFC 6750 §3.1: invalid_request comes with 400. A body may say it of anything.
    void s5_2_a400IsLookedAtWhereAChallengeSaysInvalidRequest() {
        const auto cause = [](const QByteArray& challenge, const QByteArray& body) {
            Request sent;
            sent.url = HttpUrl::parse(QStringLiteral("https://api.acme.test/")).value();
            TransportReply reply;
            reply.response.status = 400;
            reply.response.headers.append("Content-Type", "application/json");
            if (!challenge.isEmpty()) reply.response.headers.append("WWW-Authenticate", challenge);
            reply.response.body = body;
            const auto diagnosis = diagnose({Exchange(Redactor(), sent, reply)}, {});
            return diagnosis ? diagnosis->cause : QByteArray();
        };
        QCOMPARE(cause("Bearer error=\"invalid_request\"", {}), QByteArray("invalid-request"));
        QCOMPARE(cause({}, "{\"error\":\"invalid_request\"}"), QByteArray());
        QCOMPARE(cause("Bearer realm=\"a\"", "{\"error\":\"invalid_request\"}"), QByteArray());
        QCOMPARE(cause("Bearer error=\"invalid_token\"", {}), QByteArray());
        QCOMPARE(cause("Basic realm=\"a\"", {}), QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestDoctor)
#include "test_doctor.moc"
