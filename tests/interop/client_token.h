// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "tests/app/cli_process.h"
#include "tests/interop/node_peer.h"

/// A token by client credentials (RFC 6749 §4.4), got with the program itself: the client's Basic
/// authentication comes from a profile that lives as long as this takes.
inline QByteArray tokenOf(const QString& client, const QString& scope, const NodePeer& issuer,
                          const QString& folder) {
    const QMap<QString, QString> secret{
        {QStringLiteral("KEYBEARER_SECRET_") + client.toUpper(), issuer.clientSecret(client)}};
    runCli({QStringLiteral("profile"), QStringLiteral("add"), client, QStringLiteral("--kind"),
            QStringLiteral("basic"), QStringLiteral("--user"), client, QStringLiteral("--storage"),
            QStringLiteral("memory"), QStringLiteral("--allow"), issuer.text("issuer")},
           {}, folder);
    const CliResult got = runCli({QStringLiteral("send"), QStringLiteral("--reveal"), QStringLiteral("POST"),
                                  issuer.text("issuer") + QStringLiteral("/token"), QStringLiteral("-d"),
                                  QStringLiteral("grant_type=client_credentials&scope=") + scope,
                                  QStringLiteral("--as"), client},
                                 {}, folder, secret);
    runCli({QStringLiteral("profile"), QStringLiteral("remove"), client}, {}, folder);
    const QByteArray token =
        QJsonDocument::fromJson(got.out).object().value(QStringLiteral("access_token")).toString().toUtf8();
    if (token.isEmpty()) qWarning().noquote() << got.out << got.err;
    return token;
}
