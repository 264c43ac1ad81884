// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QDir>
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

/// One finished run of the real keybearer-cli.
struct CliResult {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
    QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

inline void startCli(QProcess& process, const QStringList& arguments, const QString& folder,
                     const QMap<QString, QString>& extra) {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (auto it = extra.cbegin(); it != extra.cend(); ++it)
        environment.insert(it.key(), it.value());
    process.setProcessEnvironment(environment);
    if (!folder.isEmpty()) process.setWorkingDirectory(folder);
    process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"), arguments);
}

/// Runs the real program in `folder`, with `input` on its standard input and `extra` variables in its
/// environment.
inline CliResult runCli(const QStringList& arguments, const QByteArray& input = {},
                        const QString& folder = {}, const QMap<QString, QString>& extra = {}) {
    QProcess process;
    startCli(process, arguments, folder, extra);
    if (!process.waitForStarted(20000)) return {-2, {}, process.errorString().toUtf8()};
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(120000)) {
        process.kill();
        process.waitForFinished(5000);
        return {-3, process.readAllStandardOutput(), process.readAllStandardError()};
    }
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -4;
    return {code, process.readAllStandardOutput(), process.readAllStandardError()};
}

/// The same while this process goes on: for programs that talk to a server of the test itself.
inline CliResult runCliBeside(const QStringList& arguments, const QByteArray& input, const QString& folder,
                              const QMap<QString, QString>& extra = {}) {
    QProcess process;
    startCli(process, arguments, folder, extra);
    process.write(input);
    process.closeWriteChannel();
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60000)) return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

/// A practice API in a process of its own, stopped with the object.
class PracticeProcess {
public:
    explicit PracticeProcess(const QStringList& defects = {}) {
        QStringList arguments{QStringLiteral("practice"), QStringLiteral("--json")};
        for (const QString& defect : defects)
            arguments << QStringLiteral("--defect") << defect;
        m_process.start(QStringLiteral(KB_BIN_DIR "/keybearer-cli"), arguments);
        QByteArray text;
        while (!text.contains('\n') && m_process.waitForReadyRead(30000))
            text += m_process.readAllStandardOutput();
        m_document = QJsonDocument::fromJson(text).object();
    }
    ~PracticeProcess() {
        m_process.terminate();
        if (!m_process.waitForFinished(5000)) m_process.kill();
        m_process.waitForFinished(5000);
    }
    QString url(const QString& path = {}) const {
        return m_document.value(QStringLiteral("base_url")).toString() + path;
    }
    QByteArray secret(const QString& name) const {
        for (const QJsonValue& identity : m_document.value(QStringLiteral("identities")).toArray())
            if (identity.toObject().value(QStringLiteral("name")).toString() == name)
                return identity.toObject().value(QStringLiteral("secret")).toString().toUtf8();
        return {};
    }

private:
    QProcess m_process;
    QJsonObject m_document;
};

/// Every file below a folder, with its bytes.
inline QMap<QString, QByteArray> filesBelow(const QString& folder) {
    QMap<QString, QByteArray> files;
    QDirIterator each(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (each.hasNext()) {
        QFile file(each.next());
        if (file.open(QIODevice::ReadOnly)) files.insert(file.fileName(), file.readAll());
    }
    return files;
}

/// The forms a leaked secret may take: as it is, in base64 at each alignment, base64url, percent-encoded, in
/// hex.
inline QList<QByteArray> formsOf(const QByteArray& secret) {
    QList<QByteArray> forms{secret, secret.toPercentEncoding(), secret.toHex()};
    for (qsizetype skip = 0; skip < 3; ++skip) {
        const QByteArray part = secret.mid(skip);
        const QByteArray whole = part.left(part.size() - part.size() % 3);
        forms << whole.toBase64(QByteArray::OmitTrailingEquals)
              << whole.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    }
    return forms;
}

inline QByteArray firstLeak(const QByteArray& text, const QByteArray& secret) {
    for (const QByteArray& form : formsOf(secret))
        if (text.contains(form)) return form;
    return {};
}
