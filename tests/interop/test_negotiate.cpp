// SPDX-License-Identifier: GPL-3.0-or-later
// Negotiate (RFC 4559) with a ticket that MIT's KDC gave, before a server that checks it.
#include "tests/app/cli_process.h"

#include <QtTest>

namespace {

/// kerberos_realm.py, running as long as this lives.
class KerberosRealm {
public:
    bool start() {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral("/usr/bin/python3"),
                        {QStringLiteral(KB_INTEROP_SOURCE "/kerberos_realm.py")});
        QByteArray line;
        while (!line.endsWith('\n')) {
            if (!m_process.waitForReadyRead(60000)) return false;
            line += m_process.readAllStandardOutput();
        }
        m_facts = QJsonDocument::fromJson(line).object();
        return !m_facts.isEmpty();
    }
    ~KerberosRealm() {
        m_process.closeWriteChannel(); // the script ends with its input, and takes its children along
        m_process.waitForFinished(10000);
    }
    QString text(const char* name) const { return m_facts.value(QLatin1String(name)).toString(); }
    QString url(const QString& path, const QString& host = QStringLiteral("localhost")) const {
        return QStringLiteral("http://%1:%2%3").arg(host).arg(m_facts.value(u"port").toInt()).arg(path);
    }

private:
    QProcess m_process;
    QJsonObject m_facts;
};

} // namespace

class TestNegotiate : public QObject {
    Q_OBJECT
    KerberosRealm m_realm;
    QTemporaryDir m_folder;

    QMap<QString, QString> desktop(const QString& tickets) const {
        return {{"KRB5_CONFIG", m_realm.text("krb5_conf")},
                {"KRB5CCNAME", "FILE:" + m_folder.filePath(tickets)}};
    }
    CliResult send(const QString& url, const QString& tickets) {
        return runCli({"send", url, "--as", "corp", "--json"}, {}, m_folder.path(), desktop(tickets));
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY2(m_realm.start(), "Has scripts/setup-interop run?");
        QProcess kinit;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        const QMap<QString, QString> extra = desktop("tickets");
        for (auto it = extra.cbegin(); it != extra.cend(); ++it)
            environment.insert(it.key(), it.value());
        kinit.setProcessEnvironment(environment);
        kinit.setProcessChannelMode(QProcess::MergedChannels);
        kinit.start("kinit", {"-k", "-t", m_realm.text("keytab"), m_realm.text("user")});
        QVERIFY(kinit.waitForFinished(30000));
        QVERIFY2(kinit.exitCode() == 0, kinit.readAll().constData());
        const CliResult made = runCli({"profile", "add", "corp", "--kind", "negotiate", "--allow",
                                       m_realm.url({}), "--allow", m_realm.url({}, "127.0.0.1")},
                                      {}, m_folder.path());
        QVERIFY2(made.exitCode == 0, made.err.constData());
    }

    void theTicketLetsIn() {
        const CliResult sent = send(m_realm.url("/who.cgi"), "tickets");
        QVERIFY2(sent.exitCode == 0, sent.err.constData());
        QCOMPARE(sent.json().value("status").toInt(), 200);
        QCOMPARE(sent.json().value("body").toString(), m_realm.text("user"));
    }

    void noTicketIsExplained() {
        const QJsonObject answer = send(m_realm.url("/who.cgi"), "none").json();
        QCOMPARE(answer.value("status").toInt(), 401);
        const QJsonObject doctor = answer.value("doctor").toObject();
        QCOMPARE(doctor.value("cause").toString(), QString("no-ticket"));
        const QByteArray said = QJsonDocument(doctor).toJson();
        QVERIFY2(said.contains("HTTP/localhost"), said.constData());
        QVERIFY2(said.contains("kinit"), said.constData());
    }

    // Kerberos knows a server by its name.
    void anAddressHasNoTicket() {
        const QJsonObject answer = send(m_realm.url("/who.cgi", "127.0.0.1"), "tickets").json();
        QCOMPARE(answer.value("status").toInt(), 401);
        const QJsonObject doctor = answer.value("doctor").toObject();
        QCOMPARE(doctor.value("cause").toString(), QString("no-ticket"));
        const QByteArray said = QJsonDocument(doctor).toJson();
        QVERIFY2(said.contains("is an address"), said.constData());
    }

    // The ticket may be handed on, as kinit asked for it; the server still gets none to use in the user's
    // name.
    void nothingIsDelegated() {
        const CliResult sent = send(m_realm.url("/delegated/who.cgi"), "tickets");
        QCOMPARE(sent.json().value("status").toInt(), 401);
        QCOMPARE(sent.json().value("doctor").toObject().value("cause").toString(),
                 QString("ticket-rejected"));
    }
};

QTEST_GUILESS_MAIN(TestNegotiate)
#include "test_negotiate.moc"
