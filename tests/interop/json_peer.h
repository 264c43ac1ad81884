// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

/// A library of others behind a program that answers each line of JSON with one.
class JsonPeer {
public:
    /// jose, aws4 and http-message-signatures: crosscheck.mjs.
    void startNode() {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("KEYBEARER_INTEROP"), QStringLiteral(KB_INTEROP_DIR));
        start(QStringLiteral("node"), {QStringLiteral(KB_INTEROP_SOURCE "/crosscheck.mjs")}, environment);
    }
    /// jwcrypto: tests/support/jose_peer.py.
    void startJwcrypto() {
        start(QStringLiteral(KB_INTEROP_SOURCE "/../support/with-jwcrypto.sh"),
              {QStringLiteral("sh"), QStringLiteral("-c"),
               QStringLiteral("exec \"$KB_JOSE_PYTHON\" \"$KB_JOSE_PEER\"")},
              QProcessEnvironment::systemEnvironment());
    }
    ~JsonPeer() {
        m_process.closeWriteChannel(); // the program ends with its input
        if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(10000)) m_process.kill();
        m_process.waitForFinished(5000);
    }

    /// What it says; `error` where it refuses.
    QJsonObject ask(const QJsonObject& task) {
        m_process.write(QJsonDocument(task).toJson(QJsonDocument::Compact) + '\n');
        while (!m_process.canReadLine())
            if (!m_process.waitForReadyRead(60000)) {
                qWarning().noquote() << m_process.errorString() << m_process.readAllStandardError()
                                     << "Has scripts/setup-interop run?";
                return {{QStringLiteral("silent"), true}};
            }
        return QJsonDocument::fromJson(m_process.readLine()).object();
    }

private:
    void start(const QString& program, const QStringList& arguments, const QProcessEnvironment& environment) {
        m_process.setProcessEnvironment(environment);
        m_process.start(program, arguments);
        m_process.waitForStarted(30000);
    }
    QProcess m_process;
};
