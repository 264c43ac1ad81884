// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/run.h"
#include "io/keychain/memory_store.h"
#include "io/network/curl_transport.h"
#include "tests/interop/forty_requests.h"
#include "tests/interop/listener.h"

#include <QtTest>

namespace forty {

/// The secrets of its profiles.
inline const QByteArray secret = "plain-secret_0123.456~";

/// The number in the address of one of the forty.
inline QByteArray key(const Arrived& arrived) {
    static const QRegularExpression number(QStringLiteral("/r(\\d+)"));
    return number.match(QString::fromUtf8(arrived.line)).captured(1).toUtf8();
}

/// What Keybearer sends of the workspace, by number. Nothing where it went wrong.
inline QMap<QByteArray, Arrived> sent(const kb::Workspace& workspace, Listener& server) {
    using namespace kb;
    QMap<QByteArray, Arrived> ours;
    MemoryStore secrets;
    for (const TokenProfile& profile : workspace.profiles) {
        SecretRecord record;
        record.secret = Secret(secret.toStdString());
        record.allowedOrigins = profile.bindings.first().allowedOrigins;
        const HandlePtr writing =
            secrets.write(profile.bindings.first().secret, std::move(record), [](const Result<void>&) {});
        QCoreApplication::processEvents();
    }
    CurlTransport transport;
    SystemClock clock;
    FileWorkspaceStore store;
    for (const TreeItem& group : workspace.items)
        for (const TreeItem& each : group.children) {
            RunInput input;
            input.spec = each.request;
            input.spec.id = each.path;
            input.spec = withInherited(workspace, input.spec);
            if (const TokenProfile* profile = workspace.profile(input.spec.profileId))
                input.profile = *profile;
            input.variables = variablesOf(workspace, QStringLiteral("Local"), {}, input.spec);
            input.readFile = [&](const QString& path) { return store.readBodyFile(workspace.folder, path); };
            Run run({transport, secrets, clock}, std::move(input));
            bool done = false;
            QObject::connect(&run, &Run::finished, &run, [&] { done = true; });
            server.last.reset();
            run.start();
            if (!QTest::qWaitFor([&] { return done; }, 10000) || !server.last) {
                qWarning("%s was not sent", qPrintable(each.name));
                return {};
            }
            ours.insert(key(*server.last), *server.last);
        }
    return ours;
}

} // namespace forty
