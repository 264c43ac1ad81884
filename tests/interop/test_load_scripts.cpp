// SPDX-License-Identifier: GPL-3.0-or-later
// A workspace exported for engines that make load: JMeter runs its plan, k6's script fits k6's own types.
#include "tests/app/cli_process.h"

class TestLoadScripts : public QObject {
    Q_OBJECT
    PracticeProcess m_practice;
    QTemporaryDir m_folder;

    CliResult cli(const QStringList& arguments) { return runCli(arguments, {}, m_folder.path()); }
    /// Exit code and all that it said.
    std::pair<int, QByteArray> run(const QString& command, const QString& folder,
                                   const QMap<QString, QString>& extra = {}) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (auto each = extra.cbegin(); each != extra.cend(); ++each)
            environment.insert(each.key(), each.value());
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(folder);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start("bash", {"-c", command});
        process.waitForFinished(180000);
        return {process.exitCode(), process.readAll()};
    }

private Q_SLOTS:
    void initTestCase() {
        QFile file(m_folder.filePath("collection.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QJsonObject auth{
            {"type", "bearer"},
            {"bearer", QJsonArray{QJsonObject{{"key", "token"}, {"value", "{{reader}}"}}}}};
        const auto item = [](const char* name, const char* method, const char* url,
                             const QJsonObject& body = {}) {
            QJsonObject request{{"method", method}, {"url", url}};
            if (!body.isEmpty()) request.insert("body", body);
            return QJsonObject{{"name", name}, {"request", request}};
        };
        const QJsonObject collection{
            {"info", QJsonObject{{"name", "Load & more"}, {"schema", "postman"}}},
            {"variable", QJsonArray{QJsonObject{{"key", "base"}, {"value", m_practice.url()}}}},
            {"auth", auth},
            {"item",
             QJsonArray{item("Me", "GET", "{{base}}/me"), item("Search", "GET", "{{base}}/search?q=a%20b"),
                        item("Refused", "POST", "{{base}}/users",
                             {{"mode", "raw"},
                              {"raw", "{\"name\": \"a$b \\\\ <c>\"}"},
                              {"options", QJsonObject{{"raw", QJsonObject{{"language", "json"}}}}}})}}};
        file.write(QJsonDocument(collection).toJson());
        file.close();
        const CliResult made = cli({"import", "collection.json", "-o", "w", "--storage", "memory"});
        QVERIFY2(made.exitCode == 0, made.err.constData());
    }

    void jmeterRunsThePlan() {
        const CliResult written = cli({"--workspace", "w", "export", "--format", "jmeter", "-o", "plan.jmx"});
        QVERIFY2(written.exitCode == 0, written.err.constData());
        // Debian's JMeter refuses every plan, its own too, with Debian's XStream; RunPlan.java lets it read
        // them.
        const QString home = "/usr/share/jmeter/bin";
        const auto [code, said] =
            run(QString("java -cp \"$(ls ../lib/*.jar ../lib/ext/*.jar *.jar /usr/share/java/*.jar | tr "
                        "'\\n' ':')\" " KB_INTEROP_SOURCE
                        "/RunPlan.java -n -t %1/plan.jmx -l %1/result.csv -j %1/jmeter.log "
                        "-JKEYBEARER_SECRET_READER=\"$KEYBEARER_SECRET_READER\"")
                    .arg(m_folder.path()),
                home, {{"KEYBEARER_SECRET_READER", QString::fromUtf8(m_practice.secret("Reader"))}});
        QFile result(m_folder.filePath("result.csv"));
        QVERIFY2(result.open(QIODevice::ReadOnly), said.constData());
        QStringList rows;
        for (const QByteArray& line : result.readAll().split('\n'))
            if (line.count(',') > 4)
                rows.append(QString::fromUtf8(line.split(',').at(2) + ' ' + line.split(',').at(3)));
        QCOMPARE(rows, (QStringList{"Me 200", "Search 200", "Refused 403"}));
        QCOMPARE(code, 0);
    }

    void k6sScriptFitsItsTypes() {
        const CliResult written = cli({"--workspace", "w", "export", "--format", "k6", "-o", "load.js"});
        QVERIFY2(written.exitCode == 0, written.err.constData());
        const auto check = [&](const char* file) {
            return run(
                QString(
                    "ln -sfn " KB_INTEROP_DIR "/node_modules node_modules && node_modules/.bin/tsc --noEmit "
                    "--allowJs --checkJs --strict --target es2020 --module esnext --moduleResolution bundler "
                    "--types k6 ") +
                    file,
                m_folder.path());
        };
        const auto [code, said] = check("load.js");
        QVERIFY2(code == 0, said.constData());
        // The check can fail.
        QFile broken(m_folder.filePath("broken.js"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        QFile script(m_folder.filePath("load.js"));
        QVERIFY(script.open(QIODevice::ReadOnly));
        broken.write(script.readAll().replace("http.request(\"GET\"", "http.request(7"));
        broken.close();
        QVERIFY(check("broken.js").first != 0);
    }
};

QTEST_GUILESS_MAIN(TestLoadScripts)
#include "test_load_scripts.moc"
