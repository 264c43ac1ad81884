// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

/// One of the node programs of this folder, running as long as this lives.
class NodePeer {
public:
    /// False if it did not come up; problem() says why.
    bool start(const QString& script, const QMap<QString, QString>& options = {}) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("KEYBEARER_INTEROP"), QStringLiteral(KB_INTEROP_DIR));
        for (auto it = options.cbegin(); it != options.cend(); ++it)
            environment.insert(it.key(), it.value());
        m_process.setProcessEnvironment(environment);
        m_process.start(QStringLiteral("node"), {QStringLiteral(KB_INTEROP_SOURCE "/") + script});
        QByteArray text;
        // The programs may talk before they serve; what they tell us is a line of JSON.
        while (m_process.waitForReadyRead(30000)) {
            text += m_process.readAllStandardOutput();
            for (const QByteArray& line : text.split('\n')) {
                const QJsonDocument told = QJsonDocument::fromJson(line);
                if (!told.isObject()) continue;
                m_facts = told.object();
                return true;
            }
        }
        return false;
    }
    ~NodePeer() {
        m_process.closeWriteChannel(); // the program ends with its input
        if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(10000)) m_process.kill();
        m_process.waitForFinished(5000);
    }

    QString text(const char* name) const { return m_facts.value(QLatin1String(name)).toString(); }
    QString clientSecret(const QString& id) const {
        return m_facts.value(QLatin1String("clients")).toObject().value(id).toString();
    }
    QByteArray problem() {
        return m_process.errorString().toUtf8() + '\n' + m_process.readAllStandardError() +
               "\nHas scripts/setup-interop run?";
    }

private:
    QProcess m_process;
    QJsonObject m_facts;
};
