// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 7617: the charset of a challenge, for a profile that is set to another.
#include "core/auth/basic_flow.h"
#include "core/auth/flow_factory.h"

#include <QtTest>

using namespace kb;

namespace {

const QByteArray umlautsInLatin1 = "Basic " + QByteArray("J\xfcrgen:123\xa3").toBase64();
const QByteArray umlautsInUtf8 = "Basic " + QByteArray("J\xc3\xbcrgen:123\xc2\xa3").toBase64();
const Secret& umlautPassword() {
    static const Secret password("123\xc2\xa3");
    return password;
}

struct Asking {
    Redactor redactor;
    FlowContext context{redactor, 0, [](qsizetype count) { return QByteArray(count, 'r'); }};
    Request plain;
    std::unique_ptr<AuthFlow> flow;

    explicit Asking(const AuthScheme& scheme, const Secret& password = umlautPassword(),
                    const FlowParts& parts = {}, const QString& url = QStringLiteral("https://h/p"))
        : flow(makeFlow(scheme, password, parts)) {
        plain.method = "GET";
        plain.url = *HttpUrl::parse(url);
    }
    QByteArray begin() {
        const Result<FlowSend> sent = flow->begin(plain, context);
        return sent ? field(*sent) : sent.error().what.toUtf8();
    }
    /// What goes out for a challenge; empty where the answer stands.
    QByteArray answered(const QByteArray& challenge, int status = 401) {
        Response response;
        response.status = status;
        response.headers.append("WWW-Authenticate", challenge);
        const Result<FlowStep> step = flow->resume(response, context);
        const auto* again = step ? std::get_if<FlowSend>(&*step) : nullptr;
        note = again ? again->note : QString();
        return again ? field(*again) : QByteArray();
    }
    static QByteArray field(const FlowSend& send) {
        return send.request.headers.first("Authorization").value_or("");
    }
    QString note;
};

BasicScheme latin1(const QString& user = QStringLiteral("J\u00fcrgen")) {
    return BasicScheme{user, true};
}

} // namespace

class TestBasicFlow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void s5_3_aChallengeThatSaysUtf8IsAnsweredOnceInUtf8() {
        Asking asking(latin1());
        QCOMPARE(asking.begin(), umlautsInLatin1);
        QCOMPARE(asking.answered("Basic realm=\"r\", charset=\"UTF-8\""), umlautsInUtf8);
        QVERIFY2(asking.note.contains(QLatin1String("UTF-8")), qPrintable(asking.note));
        QVERIFY(!asking.redactor.text(umlautsInUtf8).contains(umlautsInUtf8.mid(6)));
        // Refused all the same: the password is wrong, and nothing else.
        QCOMPARE(asking.answered("Basic realm=\"r\", charset=\"UTF-8\""), QByteArray());
    }

    void s5_3_charsetIsCaseInsensitiveAndHasOneValue_data() {
        QTest::addColumn<QByteArray>("challenge");
        QTest::addColumn<bool>("utf8");
        const auto row = [](const char* challenge, bool utf8) {
            QTest::newRow(challenge) << QByteArray(challenge) << utf8;
        };
        row("Basic realm=\"r\", charset=\"utf-8\"", true);
        row("basic realm=r, CharSet=Utf-8", true);
        row("Digest realm=\"r\", nonce=\"n\", Basic realm=\"r\", charset=\"UTF-8\"", true);
        row("Basic realm=\"r\"", false);
        row("Basic realm=\"r\", charset=\"UTF8\"", false);
        row("Basic realm=\"r\", charset=\"ISO-8859-1\"", false);
        row("Basic realm=\"r\", charset=\"\"", false);
        row("Basic realm=\"r\", charset=\"UTF-8\", charset=\"utf-7\"", false); // RFC 9110 §11.2
        row("Digest realm=\"r\", nonce=\"n\", charset=\"UTF-8\", Basic realm=\"r\"", false);
    }
    void s5_3_charsetIsCaseInsensitiveAndHasOneValue() {
        QFETCH(QByteArray, challenge);
        QFETCH(bool, utf8);
        Asking asking(latin1());
        QCOMPARE(asking.begin(), umlautsInLatin1);
        QCOMPARE(asking.answered(challenge), utf8 ? umlautsInUtf8 : QByteArray());
    }

    void s5_3_nothingIsSentTwiceForNothing() {
        Asking ascii(latin1(QStringLiteral("u")), Secret("password"));
        QVERIFY(!ascii.begin().isEmpty());
        QCOMPARE(ascii.answered("Basic realm=\"r\", charset=\"UTF-8\""), QByteArray());
        Asking inUtf8(BasicScheme{QStringLiteral("J\u00fcrgen")});
        QCOMPARE(inUtf8.begin(), umlautsInUtf8);
        QCOMPARE(inUtf8.answered("Basic realm=\"r\", charset=\"UTF-8\""), QByteArray());
        Asking allowed(latin1());
        allowed.begin();
        QCOMPARE(allowed.answered("Basic realm=\"r\", charset=\"UTF-8\"", 200), QByteArray());
    }

    void s5_3_utf8IsComposed() {
        Asking asking(latin1(QString::fromUtf8("Ju\xcc\x88rgen")), Secret("123\xc2\xa3"));
        QCOMPARE(asking.begin(), umlautsInLatin1);
        QCOMPARE(asking.answered("Basic realm=\"r\", charset=\"UTF-8\""), umlautsInUtf8);
        Asking plain(BasicScheme{QString::fromUtf8("Ju\xcc\x88rgen")});
        QCOMPARE(plain.begin(), umlautsInUtf8);
    }

    /// Else every request of the profile would be a failed login first.
    void s5_3_theServersCharsetIsRememberedForItsOrigin() {
        FlowParts parts;
        parts.basic = std::make_shared<BasicSession>();
        Asking first(latin1(), umlautPassword(), parts);
        QCOMPARE(first.begin(), umlautsInLatin1);
        QCOMPARE(first.answered("Basic realm=\"r\", charset=\"UTF-8\""), umlautsInUtf8);
        QCOMPARE(Asking(latin1(), umlautPassword(), parts).begin(), umlautsInUtf8);
        QCOMPARE(Asking(latin1(), umlautPassword(), parts, QStringLiteral("https://other/p")).begin(),
                 umlautsInLatin1);
    }

    void s5_3_aUserHasNoColonAndNobodyAControl() {
        for (const bool inLatin1 : {false, true}) {
            for (const char* user : {"a:b", "a\nb", "a\x7f", "\x01"})
                QVERIFY2(!Asking(BasicScheme{QString::fromUtf8(user), inLatin1}).begin().startsWith("Basic "),
                         user);
            for (const char* password : {"a\nb", "a\x7f", "\x1f"})
                QVERIFY2(!Asking(BasicScheme{QStringLiteral("u"), inLatin1}, Secret(password))
                              .begin()
                              .startsWith("Basic "),
                         password);
        }
    }
};

QTEST_APPLESS_MAIN(TestBasicFlow)
#include "test_basic_flow.moc"
