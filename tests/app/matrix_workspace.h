// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// A workspace in a folder of its own, with the practice API's identities, for tests of the access matrix.
#include "cli_process.h"

inline QString s(const char* text) {
    return QString::fromUtf8(text);
}

class MatrixWorkspace {
protected:
    std::unique_ptr<QTemporaryDir> m_folder;
    QMap<QString, QString> m_secrets;

    CliResult cli(const QStringList& arguments, const QByteArray& input = {}) {
        return runCli(arguments, input, m_folder->path(), m_secrets);
    }
    void write(const QString& name, const QByteArray& text) {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QByteArray bytes(const QString& name) {
        QFile file(m_folder->filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void addProfile(const QString& name, const QString& kind, const QString& origin, const QByteArray& secret,
                    const QStringList& more = {}) {
        const CliResult added = cli(QStringList{s("profile"), s("add"), name, s("--kind"), kind, s("--allow"),
                                                origin, s("--storage"), s("memory")} +
                                    more);
        QVERIFY2(added.exitCode == 0, added.err.constData());
        QString variable = s("KEYBEARER_SECRET_") + name.toUpper();
        m_secrets.insert(variable.replace(u' ', u'_'), QString::fromUtf8(secret));
    }
    /// Starts a run of the matrix that is watched while it goes on.
    void startMatrix(QProcess& process, const QStringList& more) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (auto each = m_secrets.cbegin(); each != m_secrets.cend(); ++each)
            environment.insert(each.key(), each.value());
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_folder->path());
        process.start(s(KB_BIN_DIR "/keybearer-cli"),
                      QStringList{s("matrix"), s("run"), s("--openapi"), s("openapi.json"), s("--json")} +
                          more);
        QVERIFY(process.waitForStarted());
    }
    /// A workspace with the practice API's identities, and its document as it serves it.
    void workspaceFor(const PracticeProcess& practice) {
        const CliResult document = runCli({s("send"), practice.url(s("/openapi.json"))});
        QCOMPARE(document.exitCode, 0);
        write(s("openapi.json"), document.out);
        for (const char* name : {"Reader", "Other reader", "Admin"})
            addProfile(s(name), s("bearer"), practice.url(), practice.secret(s(name)));
        addProfile(s("Expired reader"), s("bearer"), practice.url(), practice.secret(s("Expired reader")),
                   {s("--stale"), s("expired")});
        addProfile(s("Partner"), s("api-key"), practice.url(), practice.secret(s("Partner API key")));
        // The same token without its signature, as anybody could make it.
        const QByteArray claims = practice.secret(s("Reader")).split('.').at(1);
        const QByteArray none = QByteArray(R"({"alg":"none","typ":"at+jwt"})")
                                    .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        addProfile(s("Forged"), s("bearer"), practice.url(), none + '.' + claims + '.',
                   {s("--stale"), s("unsigned")});
    }
    void addForged(const QStringList& recipe) {
        const CliResult added =
            cli(QStringList{s("profile"), s("add"), recipe.at(0), s("--kind"), s("derived"), s("--from"),
                            recipe.at(1), s("--defect"), recipe.at(2)});
        QVERIFY2(added.exitCode == 0, added.err.constData());
    }
    CliResult matrix(const QStringList& more = {}) {
        return cli(QStringList{s("matrix"), s("run"), s("--openapi"), s("openapi.json"), s("--json")} + more);
    }
    static int count(const QJsonObject& run, const char* verdict) {
        return run.value(s("summary")).toObject().value(s(verdict)).toInt();
    }
    void freshFolder() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_secrets.clear();
    }
};
