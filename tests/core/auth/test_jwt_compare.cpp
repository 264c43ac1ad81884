// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/crypto.h"
#include "core/auth/jwt_compare.h"

#include <QtTest>

using namespace kb;

namespace {

using Kind = JwtMemberComparison::Kind;

DecodedJwt jwt(const QByteArray& claims, const QByteArray& header = R"({"alg":"HS256"})") {
    const QByteArray text = toBase64Url(viewOf(header)) + '.' + toBase64Url(viewOf(claims)) + ".c2ln";
    return *decodeJwt(viewOf(text));
}

/// The comparison of two claims sets as short lines: "= sub", "~ exp", "- a", "+ b".
QStringList lines(const QByteArray& left, const QByteArray& right) {
    QStringList out;
    const JwtComparison comparison = compareJwts(jwt(left), jwt(right));
    for (const JwtMemberComparison& member : comparison.claims)
        out.append(QStringLiteral("=~-+").mid(int(member.kind), 1) + QLatin1Char(' ') + member.name);
    return out;
}

} // namespace

class TestJwtCompare : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void members_data() {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* left, const char* right, const char* expected) {
            QTest::newRow(name) << QByteArray(left) << QByteArray(right) << QString::fromLatin1(expected);
        };
        row("nothing", "{}", "{}", "");
        row("the same in another order", R"({"a":1,"b":"x"})", R"({"b":"x","a":1})", "= a,= b");
        row("changed, gone and new", R"({"a":1,"b":2})", R"({"c":3,"a":4})", "~ a,- b,+ c");
        row("another type", R"({"a":1})", R"({"a":"1"})", "~ a");
        row("null is a value", R"({"a":null})", "{}", "- a");
        row("large numbers count in full", R"({"a":36893488147419103233})", R"({"a":36893488147419103232})",
            "~ a");
        row("objects within", R"({"realm_access":{"roles":["a"],"x":1}})",
            R"({"realm_access":{"roles":["a"],"x":2}})", "= realm_access.roles,~ realm_access.x");
        row("an object and none", R"({"a":{"b":1}})", R"({"a":1})", "~ a");
        row("lists have an order", R"({"a":[1,2]})", R"({"a":[2,1]})", "~ a");
        row("objects in lists have none", R"({"a":[{"b":1,"c":2}]})", R"({"a":[{"c":2,"b":1}]})", "= a");
        row("a name twice", R"({"a":1,"a":2})", R"({"a":1})", "= a,- a");
        row("a name twice on both sides", R"({"a":1,"a":2})", R"({"a":1,"a":3})", "= a,~ a");
        row("scopes are a set", R"({"scope":"b a"})", R"({"scope":"a  b"})", "= scope");
        row("roles are a set", R"({"roles":["b","a","a"]})", R"({"roles":["a","b"]})", "= roles");
        row("a text is a set of one", R"({"aud":"api"})", R"({"aud":["api"]})", "= aud");
        row("an audience may have spaces", R"({"aud":"a b"})", R"({"aud":["a","b"]})", "~ aud");
        row("no set after all", R"({"roles":[1,2]})", R"({"roles":[2,1]})", "~ roles");
    }
    void members() {
        QFETCH(QByteArray, left);
        QFETCH(QByteArray, right);
        QFETCH(QString, expected);
        QCOMPARE(lines(left, right).join(QLatin1Char(',')), expected);
        const JwtComparison comparison = compareJwts(jwt(left), jwt(right));
        QCOMPARE(comparison.same, !expected.contains(QRegularExpression(QStringLiteral("[-~+]"))));
    }

    void sets() {
        const JwtMemberComparison scope =
            compareJwts(jwt(R"({"scope":"read write x"})"), jwt(R"({"scope":"admin read"})")).claims.first();
        QVERIFY(scope.isSet);
        QCOMPARE(scope.onlyLeft, (QStringList{QStringLiteral("write"), QStringLiteral("x")}));
        QCOMPARE(scope.onlyRight, QStringList{QStringLiteral("admin")});
        QCOMPARE(scope.left, QStringLiteral("\"read write x\""));
        QCOMPARE(scope.right, QStringLiteral("\"admin read\""));
    }

    void times() {
        const JwtMemberComparison exp =
            compareJwts(jwt(R"({"exp":1000})"), jwt(R"({"exp":1300.5})")).claims.first();
        QCOMPARE(exp.laterBy.value_or(0), 300.5);
        QVERIFY(!compareJwts(jwt(R"({"exp":1})"), jwt(R"({"exp":1e400})")).claims.first().laterBy);
        QVERIFY(!compareJwts(jwt(R"({"exp":1})"), jwt(R"({"exp":"1"})")).claims.first().laterBy);
        QVERIFY(!compareJwts(jwt(R"({"n":1})"), jwt(R"({"n":2})")).claims.first().laterBy);
    }

    void headers() {
        const JwtComparison comparison =
            compareJwts(jwt("{}", R"({"alg":"HS256","kid":"a"})"), jwt("{}", R"({"alg":"none","kid":"a"})"));
        QCOMPARE(comparison.header.size(), 2);
        QCOMPARE(int(comparison.header[0].kind), int(Kind::Changed));
        QCOMPARE(int(comparison.header[1].kind), int(Kind::Same));
        QVERIFY(!comparison.same && comparison.claims.isEmpty());
    }

    void payloadsWithoutClaims() {
        QVERIFY(compareJwts(jwt("Payload"), jwt("Payload")).same);
        QVERIFY(!compareJwts(jwt("Payload"), jwt("payload")).same);
        QVERIFY(!compareJwts(jwt("Payload"), jwt("{}")).same);
    }
};

QTEST_APPLESS_MAIN(TestJwtCompare)
#include "test_jwt_compare.moc"
