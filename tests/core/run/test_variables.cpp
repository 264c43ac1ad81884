// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/variables.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QSet>
#include <QtTest/QTest>

using namespace kb;

class TestVariables : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theSessionWinsOverTheEnvironment() {
        Workspace workspace;
        Environment staging{QStringLiteral("staging"), {}};
        staging.variables = {{QStringLiteral("a"), QStringLiteral("1"), true},
                             {QStringLiteral("b"), QStringLiteral("2"), true},
                             {QStringLiteral("off"), QStringLiteral("3"), false}};
        workspace.environments = {staging};
        const VariableMap map = variablesOf(workspace, QStringLiteral("staging"),
                                            {{QStringLiteral("b"), QStringLiteral("session")}});
        QCOMPARE(map, (VariableMap{{QStringLiteral("a"), QStringLiteral("1")},
                                   {QStringLiteral("b"), QStringLiteral("session")}}));
        QVERIFY(variablesOf(workspace, QStringLiteral("nowhere")).isEmpty());
    }

    void environmentsBuildOnOthers() {
        Workspace workspace;
        Environment shared{"shared", {{"a", "shared", true}, {"b", "shared", true}, {"c", "shared", true}}};
        Environment test{"test", {{"b", "test", true}, {"off", "x", false}}};
        test.extends = "shared";
        test.fromFile = {{"c", "file", true}, {"b", "file", true}, {"d", "file", true}};
        Environment circle{"circle", {{"a", "circle", true}}};
        circle.extends = "circle";
        Environment lost{"lost", {{"a", "lost", true}}};
        lost.extends = "nowhere";
        workspace.environments = {shared, test, circle, lost};
        QCOMPARE(variablesOf(workspace, "test"),
                 (VariableMap{{"a", "shared"}, {"b", "test"}, {"c", "file"}, {"d", "file"}}));
        QCOMPARE(variablesOf(workspace, "circle"), (VariableMap{{"a", "circle"}}));
        QCOMPARE(variablesOf(workspace, "lost"), (VariableMap{{"a", "lost"}}));
    }

    void dynamicValuesAreMadeAnew() {
        const auto resolve = [](const QString& text) { return resolveVariables(text, {}).value(); };
        const QStringList two = resolve("{{$uuid}} {{$uuid}}").split(' ');
        static const QRegularExpression uuid(
            "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");
        QVERIFY(uuid.match(two.at(0)).hasMatch());
        QVERIFY(two.at(0) != two.at(1));
        QVERIFY(qAbs(resolve("{{$timestamp}}").toLongLong() - QDateTime::currentSecsSinceEpoch()) < 5);
        const QDateTime time = QDateTime::fromString(resolve("{{$isoTimestamp}}"), Qt::ISODateWithMs);
        QVERIFY(time.isValid() && qAbs(time.secsTo(QDateTime::currentDateTimeUtc())) < 5);
        QSet<QString> numbers;
        for (int i = 0; i < 200; ++i) {
            bool isNumber = false;
            const int number = resolve("{{$randomInt}}").toInt(&isNumber);
            QVERIFY(isNumber && number >= 0 && number <= 1000);
            numbers.insert(QString::number(number));
        }
        QVERIFY(numbers.size() > 50);
        QVERIFY(resolve("{{$randomEmail}}").endsWith("@example.com"));
        QVERIFY(QRegularExpression("^[0-9a-f]{16}$").match(resolve("{{$randomHex}}")).hasMatch());
        // One's own of the name wins; another name with a $ is unknown.
        QCOMPARE(resolveVariables("{{$uuid}}", {{"$uuid", "mine"}}).value(), "mine");
        QCOMPARE(resolveVariables("{{$nothing}}", {}).error().code, ErrorCode::UnknownVariable);
        RequestSpec spec;
        spec.url = "https://a.test/{{$uuid}}/{{$nothing}}";
        QCOMPARE(unknownVariables(spec, {}), QStringList{"$nothing"});
    }

    void valuesMayNameVariables() {
        const VariableMap map{{QStringLiteral("host"), QStringLiteral("api.acme.test")},
                              {QStringLiteral("base"), QStringLiteral("https://{{host}}/v1")}};
        QCOMPARE(resolveVariables(QStringLiteral("{{base}}/users?h={{host}}"), map).value(),
                 QStringLiteral("https://api.acme.test/v1/users?h=api.acme.test"));
        QCOMPARE(resolveVariables(QStringLiteral("no variable, {one} brace"), map).value(),
                 QStringLiteral("no variable, {one} brace"));
    }

    /// The session's (what an answer gave) before the request's, before its folder's, before the
    /// environment's, before the workspace's.
    void theNearerWins() {
        const auto all = [](std::initializer_list<const char*> names, const char* value) {
            QList<Variable> made;
            for (const char* name : names)
                made.append({QString::fromLatin1(name), QString::fromLatin1(value), true});
            return made;
        };
        Workspace workspace;
        workspace.defaults.variables = all({"a", "b", "c", "d", "e"}, "workspace");
        workspace.environments = {Environment{QStringLiteral("E"), all({"b", "c", "d", "e"}, "environment")}};
        TreeItem folder;
        folder.kind = TreeItem::Kind::Folder;
        folder.path = QStringLiteral("f");
        folder.defaults.variables = all({"c", "d", "e"}, "folder");
        workspace.items = {folder};
        RequestSpec spec;
        spec.id = QStringLiteral("f/r.yml");
        spec.variables = all({"d", "e"}, "request");
        const VariableMap map = variablesOf(workspace, QStringLiteral("E"),
                                            {{QStringLiteral("e"), QStringLiteral("session")}}, spec);
        QCOMPARE(map, (VariableMap{{QStringLiteral("a"), QStringLiteral("workspace")},
                                   {QStringLiteral("b"), QStringLiteral("environment")},
                                   {QStringLiteral("c"), QStringLiteral("folder")},
                                   {QStringLiteral("d"), QStringLiteral("request")},
                                   {QStringLiteral("e"), QStringLiteral("session")}}));
    }

    void anUnknownOneIsNamed() {
        const VariableMap map{{QStringLiteral("a"), QStringLiteral("{{inner}}")}};
        const auto result = resolveVariables(QStringLiteral("x {{a}}"), map);
        QCOMPARE(result.error().code, ErrorCode::UnknownVariable);
        QCOMPARE(result.error().where, QStringLiteral("inner"));
    }

    void circlesAndDepthsAreErrors() {
        const VariableMap circle{{QStringLiteral("a"), QStringLiteral("{{b}}")},
                                 {QStringLiteral("b"), QStringLiteral("{{a}}")}};
        const auto result = resolveVariables(QStringLiteral("{{a}}"), circle);
        QCOMPARE(result.error().code, ErrorCode::InvalidInput);
        QCOMPARE(result.error().where, QStringLiteral("a → b → a"));
        VariableMap deep;
        for (int i = 0; i < 12; ++i)
            deep.insert(QStringLiteral("v%1").arg(i), QStringLiteral("{{v%1}}").arg(i + 1));
        deep.insert(QStringLiteral("v12"), QStringLiteral("end"));
        QCOMPARE(resolveVariables(QStringLiteral("{{v3}}"), deep).value(), QStringLiteral("end"));
        QCOMPARE(resolveVariables(QStringLiteral("{{v0}}"), deep).error().code, ErrorCode::InvalidInput);
    }

    void aValueThatWouldFillTheMemoryIsStopped() {
        VariableMap bomb{{QStringLiteral("v0"), QString(1000, QLatin1Char('x'))}};
        for (int i = 1; i < 9; ++i)
            bomb.insert(QStringLiteral("v%1").arg(i), QStringLiteral("{{v%1}}").arg(i - 1).repeated(20));
        QCOMPARE(resolveVariables(QStringLiteral("{{v8}}"), bomb).error().code, ErrorCode::InvalidInput);
    }

    void unknownOnesAreListedInOrderAndOnce() {
        RequestSpec spec;
        spec.url = QStringLiteral("{{baseUrl}}/:id?x={{q}}");
        spec.params = {
            {ParamRow::In::Path, QStringLiteral("id"), QStringLiteral("{{id}}"), {}, true},
            {ParamRow::In::Query, QStringLiteral("off"), QStringLiteral("{{neverSent}}"), {}, false}};
        spec.headers = {{QStringLiteral("X-{{h}}"), QStringLiteral("{{q}} {{known}}"), {}, true},
                        {QStringLiteral("X"), QStringLiteral("{{offHeader}}"), {}, false}};
        spec.body = {BodySpec::Kind::Json, QStringLiteral("{\"a\":\"{{bodyValue}}\"}"), {}};
        const VariableMap map{{QStringLiteral("known"), QStringLiteral("{{inner}}")}};
        QCOMPARE(unknownVariables(spec, map),
                 (QStringList{QStringLiteral("baseUrl"), QStringLiteral("q"), QStringLiteral("id"),
                              QStringLiteral("h"), QStringLiteral("inner"), QStringLiteral("bodyValue")}));
        spec.body.kind = BodySpec::Kind::None;
        QVERIFY(!unknownVariables(spec, map).contains(QStringLiteral("bodyValue")));
    }
};

QTEST_GUILESS_MAIN(TestVariables)
#include "test_variables.moc"
