// SPDX-License-Identifier: GPL-3.0-or-later
// Matrices of other programs, in and out: profiles and expectations are made, secrets are in the keychain and
// nowhere else.
#include "matrix_workspace.h"

class TestCliMatrixExchange : public QObject, MatrixWorkspace {
    Q_OBJECT

    static QString sample(const char* name) { return s(KB_TEST_DATA "/import/matrix/") + s(name); }
    QByteArray everything() {
        QByteArray all;
        const QMap<QString, QByteArray> files = filesBelow(m_folder->path());
        for (auto each = files.cbegin(); each != files.cend(); ++each)
            all += each.key().toUtf8() + each.value();
        return all;
    }

private Q_SLOTS:
    void init() { freshFolder(); }

    void aDryRunWritesNothing() {
        const CliResult told =
            cli({s("matrix"), s("import"), sample("overstep.yaml"), s("--dry-run"), s("--json")});
        QVERIFY2(told.exitCode == 0, told.err.constData());
        QCOMPARE(told.json().value(s("format")).toString(), s("overstep"));
        QCOMPARE(told.json().value(s("profiles")).toArray().size(), 5);
        QVERIFY(told.json().value(s("marks")).toArray().size() > 10);
        QVERIFY(filesBelow(m_folder->path()).isEmpty());
    }

    /// Imported, exported, imported elsewhere: the same identities, and no secret on the way.
    void thereAndBack() {
        for (const char* name : {"wfc.yaml", "overstep.yaml", "authmatrix.json"}) {
            freshFolder();
            const CliResult made = cli({s("matrix"), s("import"), sample(name), s("--allow"),
                                        s("https://shop.example.com"), s("--json")});
            QVERIFY2(made.exitCode == 0, made.err.constData());
            const CliResult out =
                cli({s("matrix"), s("export"), s("--format"), s("wfc"), s("-o"), s("out.yaml")});
            QVERIFY2(out.exitCode == 0, out.err.constData());
            QVERIFY(bytes(s("out.yaml")).contains("KEYBEARER_SECRET_"));
            const QByteArray all = everything() + made.out + made.err + out.err;
            for (const char* secret : {"wfc-static-token", "wfc-tenant-key", "wfc-raw-password",
                                       "wfc-basic-password", "overstep-token", "overstep-key",
                                       "overstep-cookie", "overstep-desk", "overstep-robot", "authmatrix-"})
                QVERIFY2(firstLeak(all, secret).isEmpty(), secret);
            const CliResult again =
                cli({s("matrix"), s("import"), s("out.yaml"), s("--dry-run"), s("--json")});
            QVERIFY2(again.exitCode == 0, again.err.constData());
            QVERIFY(again.json().value(s("profiles")).toArray().isEmpty());
            QVERIFY(again.json().value(s("kept")).toArray().size() >= 2);
        }
    }
};

QTEST_GUILESS_MAIN(TestCliMatrixExchange)
#include "test_cli_matrix_exchange.moc"
