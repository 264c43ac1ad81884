// SPDX-License-Identifier: GPL-3.0-or-later
// The access matrix with tokens of a real authorization server (oidc-provider) at an API that checks them
// well (express-oauth2-jwt-bearer).
#include "tests/interop/client_token.h"

class TestInteropMatrix : public QObject {
    Q_OBJECT
    NodePeer m_issuer;
    NodePeer m_api;
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
    void addBearer(const QString& name, const QByteArray& token, const NodePeer& api,
                   const QString& stale = {}) {
        QVERIFY2(!token.isEmpty(), qPrintable(name));
        QStringList arguments{"profile",   "add",    name,      "--kind",       "bearer",
                              "--storage", "memory", "--allow", api.text("url")};
        if (!stale.isEmpty()) arguments << "--stale" << stale;
        QVERIFY2(cli(arguments).exitCode == 0, qPrintable(name));
        m_secrets.insert("KEYBEARER_SECRET_" + name.toUpper().replace(' ', '_'), QString::fromUtf8(token));
    }
    /// The API as its document would describe it, with what the matrix was told by hand.
    void describe(const NodePeer& api) {
        write("api.yaml",
              "openapi: 3.1.0\nservers:\n  - url: " + api.text("url").toUtf8() +
                  "\n"
                  "components:\n  securitySchemes:\n    oauth:\n      type: openIdConnect\n"
                  "      openIdConnectUrl: https://issuer.example/\n"
                  "paths:\n"
                  "  /public:\n    get:\n      security: []\n      responses: {}\n"
                  "  /users:\n    get:\n      security: [{oauth: [users:read]}]\n      responses: {}\n"
                  "  /users/{id}:\n    delete:\n      security: [{oauth: [users:delete]}]\n"
                  "      parameters: [{name: id, in: path, schema: {type: integer}}]\n      responses: {}\n"
                  "  /audit:\n    get:\n      security: [{oauth: [users:read, users:delete]}]\n"
                  "      responses: {}\n");
        QFile file(m_folder->filePath("opencollection.yml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray root = file.readAll();
        file.close();
        root.replace("  keybearer:\n",
                     "  keybearer:\n    matrix:\n"
                     "      marks:\n        - operation: GET /public\n          expect: allow\n"
                     "      strategies:\n        - operation: DELETE /users/{id}\n"
                     "          strategy: absent-object\n");
        write("opencollection.yml", root);
    }

    /// What did not pass, for the message of a test that fails.
    static QByteArray trouble(const CliResult& run) {
        QByteArray said;
        for (const QJsonValue& value : run.json().value("cells").toArray())
            if (value.toObject().value("verdict") != "pass") said += QJsonDocument(value.toObject()).toJson();
        return said + run.err;
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(m_issuer.start("authorization_server.mjs"), m_issuer.problem().constData());
        QVERIFY2(m_api.start("api_server.mjs", {{"KB_ISSUER", m_issuer.text("issuer")},
                                                {"KB_AUDIENCE", m_issuer.text("audience")}}),
                 m_api.problem().constData());
    }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_secrets.clear();
    }

    void eightIdentitiesAtFourEndpoints() {
        NodePeer stranger, opaque;
        QVERIFY2(stranger.start("authorization_server.mjs"), stranger.problem().constData());
        QVERIFY2(opaque.start("authorization_server.mjs", {{"KB_OPAQUE", "1"}}),
                 opaque.problem().constData());
        const QByteArray good = tokenOf("service", "users:read users:delete", m_issuer, m_folder->path());
        addBearer("Both", good, m_api);
        addBearer("Reader", tokenOf("reader", "users:read", m_issuer, m_folder->path()), m_api);
        addBearer("Deleter", tokenOf("service", "users:delete", m_issuer, m_folder->path()), m_api);
        addBearer("Stranger", tokenOf("service", "users:read", stranger, m_folder->path()), m_api,
                  "of another issuer");
        addBearer("Opaque", tokenOf("service", "users:read", opaque, m_folder->path()), m_api,
                  "of another issuer");
        addBearer("Unsigned", good.left(good.lastIndexOf('.') + 1), m_api, "without its signature");
        addBearer("Garbage", "c0ffee00c0ffee00c0ffee00c0ffee00", m_api, "no token at all");
        describe(m_api);
        const CliResult run = cli({"matrix", "run", "--openapi", "api.yaml", "--allow-unsafe", "--json"});
        const QJsonObject summary = run.json().value("summary").toObject();
        QVERIFY2(run.exitCode == 0, trouble(run).constData());
        QCOMPARE(summary.value("pass").toInt(), 32);
        QCOMPARE(summary.size(), 1); // nothing but passes
    }

    /// Tokens of five seconds, and a run of more than a minute: live columns stay alive, and the one
    /// that is expired on purpose stays so.
    void tokensAreRefreshedInMidRun() {
        NodePeer issuer, api;
        QVERIFY2(issuer.start("authorization_server.mjs", {{"KB_LIFETIME", "5"}}),
                 issuer.problem().constData());
        QVERIFY2(api.start("api_server.mjs",
                           {{"KB_ISSUER", issuer.text("issuer")}, {"KB_AUDIENCE", issuer.text("audience")}}),
                 api.problem().constData());
        addBearer("Expired", tokenOf("service", "users:read users:delete", issuer, m_folder->path()), api,
                  "expired");
        for (const char* name : {"Robot", "Other robot"}) {
            const CliResult made =
                cli({"profile", "add", name, "--kind", "oauth2", "--grant", "client_credentials", "--issuer",
                     issuer.text("issuer"), "--client-id", "service", "--scope", "users:read", "--scope",
                     "users:delete", "--allow", api.text("url")},
                    issuer.clientSecret("service").toUtf8());
            QVERIFY2(made.exitCode == 0, made.err.constData());
            const CliResult login = cli({"token", "login", name});
            QVERIFY2(login.exitCode == 0, login.err.constData());
        }
        describe(api);
        // The API allows five seconds of difference between clocks.
        QTest::qWait(11000);
        const CliResult run = cli({"matrix", "run", "--openapi", "api.yaml", "--allow-unsafe", "--json",
                                   "--rate", "0.3", "--parallel", "1"});
        QVERIFY2(run.exitCode == 0, trouble(run).constData());
        QCOMPARE(run.json().value("summary").toObject().value("pass").toInt(), 16);
        const qint64 took =
            qint64(run.json().value("ended_ms").toDouble() - run.json().value("started_ms").toDouble());
        QVERIFY2(took > 60000,
                 qPrintable(QString::number(took))); // a token of the start would be refused at the end
        for (const QJsonValue& value : run.json().value("cells").toArray()) {
            const QJsonObject cell = value.toObject();
            if (cell.value("profile") == "Expired" && cell.value("path") != "/public")
                QCOMPARE(cell.value("status").toInt(), 401);
        }
    }
};

QTEST_GUILESS_MAIN(TestInteropMatrix)
#include "test_matrix.moc"
