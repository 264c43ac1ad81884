// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/variables.h"

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

    void valuesMayNameVariables() {
        const VariableMap map{{QStringLiteral("host"), QStringLiteral("api.acme.test")},
                              {QStringLiteral("base"), QStringLiteral("https://{{host}}/v1")}};
        QCOMPARE(resolveVariables(QStringLiteral("{{base}}/users?h={{host}}"), map).value(),
                 QStringLiteral("https://api.acme.test/v1/users?h=api.acme.test"));
        QCOMPARE(resolveVariables(QStringLiteral("no variable, {one} brace"), map).value(),
                 QStringLiteral("no variable, {one} brace"));
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
