// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/secret_scan.h"

#include <QtTest>

using namespace kb;

class TestSecretScan : public QObject {
    Q_OBJECT
    static SecretScan scan() {
        SecretScan made;
        SecretRecord record;
        record.secret = Secret("canary+secret/0001");
        record.parts.emplace("refresh_token", Secret("refresh-0123456789"));
        record.parts.emplace("empty", Secret());
        if (!made.add("Reader", record)) qWarning("too short?");
        return made;
    }
    static QString found(const QByteArray& file) {
        QStringList all;
        for (const ScanFinding& each : scan().find(file))
            all.append(QStringLiteral("%1 %2%3").arg(each.line).arg(each.exact ? "" : "? ", each.what));
        return all.join(u'|');
    }

private Q_SLOTS:
    void secretsAreFoundInEveryForm() {
        const QByteArray secret = "canary+secret/0001";
        QCOMPARE(found("a\nb " + secret + " c\n"), "2 the secret of Reader");
        QCOMPARE(found(secret.toBase64()), "1 the secret of Reader");
        QCOMPARE(found("xx" + QByteArray("user:" + secret).toBase64()), "1 the secret of Reader");
        QCOMPARE(found("?t=" + secret.toPercentEncoding()), "1 the secret of Reader");
        QCOMPARE(found("\"canary+secret\\/0001\""), "1 the secret of Reader");
        QCOMPARE(found("x refresh-0123456789"), "1 refresh_token of Reader");
        // In a file that is no text there are no lines.
        QCOMPARE(found(QByteArray("SQLite\0..", 9) + secret), "0 the secret of Reader");
    }
    void eachOnceALine() {
        QCOMPARE(found("canary+secret/0001 canary+secret/0001\n\ncanary+secret/0001"),
                 "1 the secret of Reader|3 the secret of Reader");
    }
    void shapesAreFound() {
        const QString two = found("x\ntoken: ghp_0123456789abcdefghijABCDEFGHIJ012345\n");
        QVERIFY2(two.startsWith("2 ? GitHub"), qPrintable(two));
        const QList<ScanFinding> findings = scan().find("glpat-0123456789abcdefghij");
        QCOMPARE(findings.size(), 1);
        QVERIFY(!findings.first().shown.contains("0123456789abcdefghij"));
        QVERIFY(!findings.first().shown.isEmpty());
    }
    void whatWasNotSearchedIsSaid() {
        bool all = true;
        const QByteArray line(2 * 1024 * 1024, 'a');
        QVERIFY(scan().find(line + " ghp_0123456789abcdefghijABCDEFGHIJ012345", &all).isEmpty());
        QVERIFY(!all);
        all = true;
        const QList<ScanFinding> many = scan().find(QByteArray("canary+secret/0001\n").repeated(5000), &all);
        QCOMPARE(many.size(), 1000);
        QCOMPARE(many.last().line, 1000);
        QVERIFY(!all);
        all = true;
        QCOMPARE(scan().find("x\ncanary+secret/0001", &all).size(), 1);
        QVERIFY(all);
    }

    void ordinaryTextIsClean() {
        QCOMPARE(
            found("name: Ada\nurl: https://api.example.com/users?page=2\nAuthorization: Bearer {{token}}\n"),
            "");
        QCOMPARE(found({}), "");
    }
    void shortSecretsAreSaid() {
        SecretScan made;
        SecretRecord record;
        record.secret = Secret("1234567");
        QVERIFY(!made.add("Short", record));
        QVERIFY(made.find("1234567").isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestSecretScan)
#include "test_secret_scan.moc"
