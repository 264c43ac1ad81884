// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/misplaced_token.h"
#include "ui/request_editor_checks.h"

#include <QTest>

using namespace kb;
using In = TokenSpot::In;
using Kind = RequestHint::Kind;

class TestMisplacedToken : public QObject {
    Q_OBJECT

    static QString revealed(const std::optional<MisplacedToken>& token) {
        if (!token) return QStringLiteral("(none)");
        const std::string_view bytes = token->secret.reveal();
        return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
    }
    static RequestSpec withUrl(const QString& url) {
        RequestSpec spec;
        spec.url = url;
        return spec;
    }
    static RequestSpec withHeader(const QString& name, const QString& value) {
        RequestSpec spec = withUrl(QStringLiteral("https://h/"));
        spec.headers = {{QStringLiteral("X-First"), QStringLiteral("1"), {}, true}, {name, value, {}, true}};
        return spec;
    }

private Q_SLOTS:
    void headers_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<AuthScheme>("scheme");
        QTest::addColumn<QString>("secret");
        QTest::newRow("bearer") << "Authorization"
                                << "Bearer abc.def" << AuthScheme(BearerScheme{}) << "abc.def";
        QTest::newRow("lower case, spaces")
            << "authorization"
            << "  bearer   abc  " << AuthScheme(BearerScheme{QStringLiteral("bearer")}) << "abc";
        QTest::newRow("another word")
            << "Authorization"
            << "Token t0k3n" << AuthScheme(BearerScheme{QStringLiteral("Token")}) << "t0k3n";
        QTest::newRow("no scheme") << "Authorization"
                                   << "abc" << AuthScheme(BearerScheme{}) << "abc";
        // RFC 7617 §2: the user-id ends at the first colon.
        QTest::newRow("basic") << "Authorization"
                               << "Basic QWxhZGRpbjpvcGVuOnNlc2FtZQ=="
                               << AuthScheme(BasicScheme{QStringLiteral("Aladdin"), false}) << "open:sesame";
        QTest::newRow("api key") << "X-API-Key"
                                 << "k1" << AuthScheme(ApiKeyScheme{}) << "k1";
        QTest::newRow("other name") << "PRIVATE-TOKEN"
                                    << "k2"
                                    << AuthScheme(ApiKeyScheme{ApiKeyScheme::In::Header,
                                                               QStringLiteral("PRIVATE-TOKEN")})
                                    << "k2";
    }
    void headers() {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(AuthScheme, scheme);
        QFETCH(QString, secret);
        const RequestSpec spec = withHeader(name, value);
        const TokenSpot place{In::Header, 1, {}};
        const std::optional<MisplacedToken> token = tokenAt(spec, place);
        QCOMPARE(revealed(token), secret);
        QVERIFY(token->scheme == scheme);
        const RequestSpec clean = withoutToken(spec, place);
        QCOMPARE(clean.headers, QList<HeaderRow>{spec.headers.first()});
        QCOMPARE(clean.url, spec.url);
    }

    void query_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("field");
        QTest::addColumn<AuthScheme>("scheme");
        QTest::addColumn<QString>("secret");
        QTest::addColumn<QString>("clean");
        QTest::newRow("alone") << "https://h/x?access_token=ab%2Bc"
                               << "access_token" << AuthScheme(BearerScheme{}) << "ab+c"
                               << "https://h/x";
        QTest::newRow("between") << "https://h/%7E?a=1&access_token=abc&b#f"
                                 << "access_token" << AuthScheme(BearerScheme{}) << "abc"
                                 << "https://h/%7E?a=1&b#f";
        QTest::newRow("a key") << "{{baseUrl}}/x?api_key=k&q=2"
                               << "api_key"
                               << AuthScheme(ApiKeyScheme{ApiKeyScheme::In::Query, QStringLiteral("api_key")})
                               << "k"
                               << "{{baseUrl}}/x?q=2";
    }
    void query() {
        QFETCH(QString, url);
        QFETCH(QString, field);
        QFETCH(AuthScheme, scheme);
        QFETCH(QString, secret);
        QFETCH(QString, clean);
        const TokenSpot place{In::Query, -1, field};
        const std::optional<MisplacedToken> token = tokenAt(withUrl(url), place);
        QCOMPARE(revealed(token), secret);
        QVERIFY(token->scheme == scheme);
        QCOMPARE(withoutToken(withUrl(url), place).url, clean);
    }

    void userInfo() {
        const QString url = QStringLiteral("https://al%3Aice:p%40ss:w@h:8443/a@b?c=d@e");
        const TokenSpot place{In::UserInfo, -1, {}};
        const std::optional<MisplacedToken> token = tokenAt(withUrl(url), place);
        QCOMPARE(revealed(token), QStringLiteral("p@ss:w"));
        QCOMPARE(std::get<BasicScheme>(token->scheme).user, QStringLiteral("al:ice"));
        QCOMPARE(withoutToken(withUrl(url), place).url, QStringLiteral("https://h:8443/a@b?c=d@e"));
        QVERIFY(!tokenAt(withUrl(QStringLiteral("https://h/a:b@c")), place));
        QVERIFY(!tokenAt(withUrl(QStringLiteral("https://alice@h/")), place));
    }

    void aTokenInsteadOfAUrl() {
        const QString token = QStringLiteral("Bearer ghp_0123456789abcdefghijklmnopqrstuvwxyzAB");
        const QList<RequestHint> hints = requestHints({withUrl(token), {}, {}, nullptr, nullptr, 0});
        QCOMPARE(hints.size(), 1); // and no word of a URL that does not parse
        QCOMPARE(hints.first().kind, Kind::TokenAsUrl);
        QVERIFY(!hints.first().action.isEmpty());
        QVERIFY(!hints.first().text.contains(QStringLiteral("ghp_")));
        QCOMPARE(revealed(tokenAt(withUrl(token), hints.first().token)), token.mid(7));
        QVERIFY(withoutToken(withUrl(token), hints.first().token).url.isEmpty());
    }

    /// Every remark on a token names the place its button takes it from.
    void hintsNameTheirPlace() {
        RequestSpec spec = withHeader(QStringLiteral("Authorization"), QStringLiteral("Bearer abcdefghijkl"));
        spec.url = QStringLiteral("https://u:p@h/?access_token=abc");
        QList<In> places;
        for (const RequestHint& hint : requestHints({spec, {}, {}, nullptr, nullptr, 0})) {
            if (hint.token.in == In::Nowhere) continue;
            places.append(hint.token.in);
            QVERIFY(!hint.action.isEmpty());
            QVERIFY(tokenAt(spec, hint.token));
        }
        QCOMPARE(places, (QList<In>{In::UserInfo, In::Query, In::Header}));
    }

    void nothingThere() {
        const RequestSpec spec = withHeader(QStringLiteral("Authorization"), QString());
        for (const TokenSpot& place :
             {TokenSpot{In::Header, 1, {}}, TokenSpot{In::Header, 9, {}}, TokenSpot{In::Query, -1, "x"},
              TokenSpot{In::UserInfo, -1, {}}, TokenSpot{}})
            QVERIFY(!tokenAt(spec, place));
        QCOMPARE(withoutToken(spec, {In::Header, 9, {}}), spec);
        QCOMPARE(withoutToken(spec, {}), spec);
    }
};

QTEST_GUILESS_MAIN(TestMisplacedToken)
#include "test_misplaced_token.moc"
