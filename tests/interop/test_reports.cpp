// SPDX-License-Identifier: GPL-3.0-or-later
// The matrix's SARIF report before the eyes of another's validator: schema and the rules that the format's
// makers add.
#include "tests/app/matrix_workspace.h"

class TestReports : public QObject, MatrixWorkspace {
    Q_OBJECT
    /// "level ruleId: message" of all that the validator has to say; nothing where it could not be run.
    std::optional<QStringList> validate(const QString& report) {
        QProcess tool;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1"); // it needs no libicu then
        environment.insert("DOTNET_BUNDLE_EXTRACT_BASE_DIR", m_folder->filePath("dotnet"));
        tool.setProcessEnvironment(environment);
        tool.setWorkingDirectory(m_folder->path());
        tool.setProcessChannelMode(QProcess::MergedChannels);
        const QString package = s(KB_INTEROP_DIR "/node_modules/@microsoft/sarif-multitool-linux/");
        QFile program(package + s("Sarif.Multitool"));
        program.setPermissions(program.permissions() | QFile::ExeOwner); // no script of a package was run
        tool.start(program.fileName(),
                   {s("validate"), report, s("--output"), s("verdict.sarif"), s("--log"), s("ForceOverwrite"),
                    s("--level"), s("Error;Warning"), s("--kind"), s("Fail")});
        if (!tool.waitForFinished(120000) || !QFile::exists(m_folder->filePath("verdict.sarif"))) {
            qWarning().noquote() << tool.errorString() << tool.readAll();
            return std::nullopt;
        }
        QStringList all;
        const QJsonArray runs =
            QJsonDocument::fromJson(bytes(s("verdict.sarif"))).object().value(s("runs")).toArray();
        for (const QJsonValue& run : runs)
            for (const QJsonValue& result : run[s("results")].toArray())
                all.append(
                    result[s("level")].toString(s("warning")) + u' ' + result[s("ruleId")].toString() +
                    s(": ") +
                    QString::fromUtf8(
                        QJsonDocument(result[s("message")].toObject()).toJson(QJsonDocument::Compact)));
        if (runs.isEmpty()) return std::nullopt;
        return all;
    }

private Q_SLOTS:
    /// The JSON report, as the schema in docs describes it and another's validator reads that.
    void jsonFitsItsSchema() {
        m_folder = std::make_unique<QTemporaryDir>();
        const PracticeProcess practice({s("bola"), s("500-on-deny")});
        workspaceFor(practice);
        const CliResult run = cli({s("matrix"), s("run"), s("--openapi"),
                                   m_folder->filePath(s("openapi.json")), s("--report"), s("json=run.json")});
        QCOMPARE(run.exitCode, 1);
        write(s("spoilt.json"), bytes(s("run.json")).replace("\"verdict\":\"pass\"", "\"verdict\":\"fine\""));
        QProcess tool;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("KEYBEARER_INTEROP", KB_INTEROP_DIR);
        tool.setProcessEnvironment(environment);
        tool.setWorkingDirectory(m_folder->path());
        tool.start(s("node"), {s(KB_INTEROP_SOURCE "/export_schemas.mjs"), s("run.json"), s("spoilt.json")});
        QVERIFY(tool.waitForFinished(60000));
        const QByteArrayList lines = tool.readAllStandardOutput().trimmed().split('\n');
        QVERIFY2(lines.size() == 2, tool.readAllStandardError().constData());
        QCOMPARE(lines.at(0), QByteArray("[\"\"]"));
        QVERIFY2(lines.at(1).contains("verdict"), lines.at(1).constData());
    }

    void sarifIsValid() {
#if !defined(Q_OS_LINUX) || !defined(Q_PROCESSOR_X86_64)
        QSKIP("The validator's package is for Linux on x86-64.");
#endif
        m_folder = std::make_unique<QTemporaryDir>();
        const PracticeProcess practice({s("bola"), s("ignore-exp"), s("500-on-deny")});
        workspaceFor(practice);
        // All there can be in such a report: another place, a waiver, what is gone, and what is no finding by
        // itself.
        QVERIFY(QDir(m_folder->path()).mkdir(s("my api")));
        write(s("my api/open %1.json"), bytes(s("openapi.json")));
        write(s("base.json"), "{\"cells\":[{\"id\":\"0123456789abcdef\",\"operation\":\"GET /gone\","
                              "\"profile\":\"Reader\",\"outcome\":\"allowed\",\"body_shape\":\"\"}]}");
        QByteArray root = bytes(s("opencollection.yml"));
        root.replace("  keybearer:\n", "  keybearer:\n    matrix:\n      waivers:\n"
                                       "        - finding: broken-token-validation GET /me\n"
                                       "          reason: mended in May\n          expires: 2190-01-31\n");
        write(s("opencollection.yml"), root);
        const CliResult run =
            cli({s("matrix"), s("run"), s("--openapi"), m_folder->filePath(s("my api/open %1.json")),
                 s("--baseline"), s("base.json"), s("--fail-on"),
                 s("bypass,over-restricted,suspect,error,undecided,not-proven,drift,advisory"), s("--report"),
                 s("sarif=r.sarif")});
        QCOMPARE(run.exitCode, 1);
        const QByteArray sarif = bytes(s("r.sarif"));
        QVERIFY(sarif.count("\"ruleId\"") > 5);
        for (const char* part : {"\"absent\"", "\"suppressions\"", "\"justification\":\"mended in May",
                                 "my%20api/open%20%251.json", "\"relationships\"", "API1:2023"})
            QVERIFY2(sarif.contains(part), part);
        std::optional<QStringList> found = validate(s("r.sarif"));
        QVERIFY(found);
        found->removeIf(
            [](const QString& each) { return each.contains(s("ToolnformationUri")); }); // none yet
        QVERIFY2(found->isEmpty(), qPrintable(found->join(u'\n')));

        // The validator does look: what the schema does not know is seen.
        QByteArray spoilt = sarif;
        spoilt.replace("\"ruleId\"", "\"rule_id\"");
        write(s("spoilt.sarif"), spoilt);
        const std::optional<QStringList> seen = validate(s("spoilt.sarif"));
        QVERIFY(seen && seen->join(u'\n').contains(s("JSON10")));
    }
};

QTEST_GUILESS_MAIN(TestReports)
#include "test_reports.moc"
