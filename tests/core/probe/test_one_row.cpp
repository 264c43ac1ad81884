// SPDX-License-Identifier: GPL-3.0-or-later
// One request as one row of the matrix: which operation it is, what is expected, what the answers make of it.
#include "core/probe/one_row.h"

#include <QTest>

using namespace kb;

namespace {

ApiOperation operation(const char* method, const char* path, std::optional<ApiSecurity> security = {}) {
    ApiOperation made;
    made.method = QString::fromLatin1(method);
    made.path = QString::fromLatin1(path);
    made.security = std::move(security);
    return made;
}

/// Bearer tokens for all of it, a scope for deleting, one's own user alone for reading.
ApiDescription api() {
    ApiDescription api;
    api.file = QStringLiteral("api.yaml");
    api.servers = {{QStringLiteral("https://api.example.com/v1"), {}}};
    ApiSecurityScheme bearer, oauth;
    bearer.name = QStringLiteral("b");
    bearer.type = QStringLiteral("http");
    bearer.httpScheme = QStringLiteral("bearer");
    oauth.name = QStringLiteral("o");
    oauth.type = QStringLiteral("oauth2");
    api.schemes = {bearer, oauth};
    api.security = ApiSecurity{{{QStringLiteral("b"), {}}}};
    ApiOperation user = operation("GET", "/users/{id}");
    user.ownObjectsOnly = true;
    ApiParameter id;
    id.name = QStringLiteral("id");
    id.in = QStringLiteral("path");
    user.parameters = {id};
    api.operations = {
        operation("GET", "/users/{id}"), operation("GET", "/users/me"),
        operation("DELETE", "/users/{id}", ApiSecurity{{{QStringLiteral("o"), {QStringLiteral("admin")}}}}),
        operation("GET", "/teams/{team}/users/{id}")};
    api.operations[0] = user;
    ApiParameter team = id;
    team.name = QStringLiteral("team");
    api.operations[3].ownObjectsOnly = true;
    api.operations[3].parameters = {team, id};
    return api;
}

MatrixProfile reader(const QString& name) {
    MatrixProfile profile;
    profile.id = profile.name = name;
    profile.scheme = OAuthScheme();
    profile.scopesKnown = true;
    profile.subject = name + QStringLiteral("-id");
    return profile;
}

Observation got(int status, const QByteArray& body = "{\"id\": 1}") {
    Observation seen;
    seen.sent = true;
    seen.status = status;
    seen.bodyEmpty = false;
    seen.bodySize = body.size();
    seen.bodyDigest = body + QByteArray::number(status);
    return seen;
}

QString found(const QString& method, const QString& path) {
    const ApiDescription all = api();
    const std::optional<OperationAt> at = operationAt(all, method, path);
    if (!at) return {};
    QStringList values;
    for (auto value = at->values.cbegin(); value != at->values.cend(); ++value)
        values.append(value.key() + u'=' + *value);
    values.sort();
    return at->operation->path + u' ' + values.join(u',');
}

QStringList verdicts(const RunRecord& record) {
    QStringList all;
    for (const CellResult& result : record.results)
        all.append(verdictName(result.judged.verdict));
    return all;
}

RunRecord judged(const QString& method, const QString& path, const QList<Observation>& seen) {
    const ApiDescription all = api();
    const std::optional<OperationAt> at = operationAt(all, method, path);
    if (!at) qFatal("no operation");
    return rowOf(all, *at->operation,
                 {anonymousProfile(), reader(QStringLiteral("ada")), reader(QStringLiteral("bob"))}, seen,
                 at->values, {}, 0);
}

} // namespace

class TestOneRow : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whichOperationItIs_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("operation");
        QTest::newRow("concrete first") << "GET"
                                        << "/users/me"
                                        << "/users/me ";
        QTest::newRow("template") << "GET"
                                  << "/users/7"
                                  << "/users/{id} id=7";
        QTest::newRow("encoded") << "GET"
                                 << "/users/a%2Fb"
                                 << "/users/{id} id=a/b";
        QTest::newRow("behind the server's path") << "GET"
                                                  << "/v1/users/7"
                                                  << "/users/{id} id=7";
        QTest::newRow("another method") << "POST"
                                        << "/users/7"
                                        << "";
        QTest::newRow("longer") << "GET"
                                << "/users/7/more"
                                << "";
        QTest::newRow("nothing for the variable") << "GET"
                                                  << "/users/"
                                                  << "";
        QTest::newRow("no operation") << "GET"
                                      << "/orders"
                                      << "";
    }
    void whichOperationItIs() {
        QFETCH(QString, method);
        QFETCH(QString, path);
        QFETCH(QString, operation);
        QCOMPARE(found(method, path), operation);
    }

    void asExpected() {
        const RunRecord record =
            judged(QStringLiteral("GET"), QStringLiteral("/users/me"), {got(401), got(200), got(200)});
        QCOMPARE(verdicts(record),
                 (QStringList{QStringLiteral("pass"), QStringLiteral("pass"), QStringLiteral("pass")}));
        QCOMPARE(int(record.plan.cells.at(0).expectation.expect), int(Expect::DenyAuthn));
        QCOMPARE(int(record.plan.cells.at(1).expectation.expect), int(Expect::Allow));
    }

    void anOpenDoorAndOneLockedOut() {
        const RunRecord record =
            judged(QStringLiteral("GET"), QStringLiteral("/users/me"), {got(200), got(200), got(403)});
        QCOMPARE(verdicts(record), (QStringList{QStringLiteral("bypass"), QStringLiteral("pass"),
                                                QStringLiteral("over-restricted")}));
    }

    void whoseObjectItIs() {
        const RunRecord record =
            judged(QStringLiteral("GET"), QStringLiteral("/users/ada-id"), {got(401), got(200), got(200)});
        QCOMPARE(int(record.plan.cells.at(1).expectation.expect), int(Expect::Allow));
        QCOMPARE(int(record.plan.cells.at(2).expectation.expect), int(Expect::Conceal));
        QCOMPARE(verdicts(record),
                 (QStringList{QStringLiteral("pass"), QStringLiteral("pass"), QStringLiteral("bypass")}));
    }

    /// Nobody owns it: for everybody it is another's.
    void nobodysObject() {
        const RunRecord record =
            judged(QStringLiteral("GET"), QStringLiteral("/users/eve-id"), {got(401), got(403), got(200)});
        QCOMPARE(int(record.plan.cells.at(1).expectation.expect), int(Expect::Conceal));
        QCOMPARE(int(record.plan.cells.at(2).expectation.expect), int(Expect::Conceal));
    }

    /// An id that stands at another place is not taken for one's own.
    void aValueElsewhereIsNoObject() {
        MatrixSettings settings;
        settings.own[QStringLiteral("id")] = {{QStringLiteral("ada"), QStringLiteral("7")},
                                              {QStringLiteral("bob"), QStringLiteral("9")}};
        const ApiDescription all = api();
        const std::optional<OperationAt> at =
            operationAt(all, QStringLiteral("GET"), QStringLiteral("/teams/7/users/9"));
        QVERIFY(at);
        const RunRecord record =
            rowOf(all, *at->operation, {anonymousProfile(), reader(QStringLiteral("ada"))},
                  {got(401), got(200)}, at->values, settings, 0);
        QVERIFY(record.plan.cells.at(1).expectation.expect != Expect::Allow);
    }

    /// Nobody got through, and a 401 of who is known says nothing of permissions.
    void whatProvesNothing() {
        RunRecord record =
            judged(QStringLiteral("DELETE"), QStringLiteral("/users/ada-id"), {got(401), got(403), got(403)});
        QCOMPARE(verdicts(record), QStringList(3, QStringLiteral("not-proven")));
        record = judged(QStringLiteral("GET"), QStringLiteral("/users/me"), {got(401), got(200), got(401)});
        QCOMPARE(verdicts(record).at(2), QStringLiteral("not-proven"));
    }

    void whatHasNotComeIsNotJudged() {
        const RunRecord record = judged(QStringLiteral("GET"), QStringLiteral("/users/me"), {got(401)});
        QCOMPARE(verdicts(record), QStringList(3, QStringLiteral("not-proven")));
        QVERIFY(!record.results.at(1).judged.reason.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestOneRow)
#include "test_one_row.moc"
