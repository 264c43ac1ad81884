// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/matrix_run.h"
#include "tests/core/probe/api_transport.h"

namespace kbtest {

inline QByteArray whoOf(const Request& request) {
    return request.headers.first("Authorization").value_or("");
}

/// An API behind a bearer token, and two who have one: ada's is a token as it is, svc's an OAuth client's.
struct SafetyBench : SenderBench {
    ApiDescription api;
    MatrixSettings settings;
    MatrixRun::Options options;
    bool allowUnsafe = false;

    SafetyBench() : SenderBench(QStringLiteral("http://127.0.0.1:8080")) {
        options.parallel = 1;
        api.security = ApiSecurity{{{QStringLiteral("token"), {}}}};
        api.schemes = {{}};
        api.schemes.first().name = QStringLiteral("token");
        api.schemes.first().type = QStringLiteral("oauth2");
        SecretRecord ada;
        ada.secret = Secret("token-of-ada-0123456789");
        add(QStringLiteral("ada"), BearerScheme(), std::move(ada));
    }
    void addClient() {
        OAuthScheme scheme;
        scheme.clientId = QStringLiteral("app");
        scheme.tokenUrl = QStringLiteral("http://127.0.0.1:8081/token");
        SecretRecord record;
        record.plainHttpOrigins = {QStringLiteral("http://127.0.0.1:8081")};
        confirmServer(record, *proposedServer(scheme, nullptr));
        record.secret = Secret("svc-first-token");
        record.parts[grantpart::clientSecret] = Secret("client-secret-9a8b7c");
        add(QStringLiteral("svc"), scheme, std::move(record));
    }
    ApiOperation& operation(const char* method, const char* path, const QStringList& parameters = {}) {
        ApiOperation made;
        made.method = QString::fromLatin1(method);
        made.path = QString::fromLatin1(path);
        for (const QString& name : parameters) {
            ApiParameter parameter;
            parameter.in = QStringLiteral("path");
            parameter.name = name;
            parameter.example = name + QStringLiteral("-1");
            made.parameters.append(parameter);
        }
        api.operations.append(made);
        return api.operations.last();
    }
    MatrixPlan plan() const {
        PlanOptions planned;
        planned.baseUrl = origin;
        planned.allowUnsafe = allowUnsafe;
        return makePlan(api, profiles, settings, planned);
    }
    RunRecord go() {
        transport.sent.clear();
        MatrixRun run(transport, clock, plan(), senders, settings, options);
        QSignalSpy finished(&run, &MatrixRun::finished);
        run.start();
        if (finished.isEmpty() && !finished.wait(15000)) qFatal("the run did not end");
        return run.takeRecord();
    }
    static const CellResult& cell(const RunRecord& record, const char* profile, const char* name) {
        for (const CellResult& result : record.results) {
            const CellPlan& plan = record.plan.cells.at(result.cell);
            if (record.plan.profileOf(plan).id == QLatin1String(profile) &&
                plan.spec->name == QLatin1String(name))
                return result;
        }
        qFatal("there is no cell %s as %s", name, profile);
    }
    QByteArrayList paths(const char* method) const {
        QByteArrayList all;
        for (const Request& each : transport.sent)
            if (each.method == method) all << each.url.path();
        return all;
    }
};

inline TransportReply json(int status, const QByteArray& body = "{\"a\":1}",
                           QList<HeaderField> headers = {}) {
    headers.append(HeaderField{"Content-Type", "application/json"});
    return answer(status, headers, body);
}

} // namespace kbtest
