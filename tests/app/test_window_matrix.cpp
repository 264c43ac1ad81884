// SPDX-License-Identifier: GPL-3.0-or-later
// The access matrix in the window, on the practice API: real requests, real verdicts.
#include "core/interchange/openapi.h"
#include "core/probe/matrix_run.h"
#include "tests/app/matrix_window_fixture.h"
#include "ui/matrix_delegate.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace kb;

class TestWindowMatrix : public QObject, MatrixWindowFixture {
    Q_OBJECT
    Verdict verdict(const QString& row, const QString& profile) const {
        return result(row, profile).judged.verdict;
    }
    QPushButton* button(const QString& text) const {
        for (QPushButton* each : m_matrix->findChildren<QPushButton*>())
            if (each->text() == text && each->isVisible()) return each;
        return nullptr;
    }

private Q_SLOTS:
    void init() {
        m = std::make_unique<WindowFixture>();
        m->openOnPractice();
    }
    void cleanup() { m.reset(); }

    void thePlanStandsBeforeAnythingIsSent() {
        open();
        QAbstractItemModelTester tester(&m_matrix->model());
        QCOMPARE(m_matrix->model().columnCount(), 7); // what is needed, anonymous, five profiles
        const CellPlan& cell = m_matrix->model().record().plan.cells.at(cellOf("GET /admin/stats", "Reader"));
        QCOMPARE(cell.expectation.expect, Expect::DenyAuthz);
        QVERIFY2(m_matrix->summary().contains("nothing sent yet"), qPrintable(m_matrix->summary()));
        QVERIFY(m_matrix->summary().contains("held back"));
        QCOMPARE(m_matrix->model().index(0, 0).data().toString(), "public");
    }

    void everybodyGetsWhatTheDocumentSays() {
        open();
        QAbstractItemModelTester tester(&m_matrix->model());
        int live = 0;
        connect(&m_matrix->model(), &QAbstractItemModel::dataChanged, this, [&] { ++live; });
        runAll();
        QVERIFY(live > 80); // the grid fills while it runs
        QVERIFY2(!m_matrix->summary().contains("open door"), qPrintable(m_matrix->summary()));
        QVERIFY2(m_matrix->summary().contains("as expected"), qPrintable(m_matrix->summary()));
        QCOMPARE(verdict("GET /users", "Reader"), Verdict::Pass);
        QCOMPARE(verdict("GET /users", "Expired reader"), Verdict::Pass);
        QCOMPARE(verdict("GET /users/{id} [peer]", "Reader"), Verdict::Pass);
        choose("GET /admin/stats", "Reader");
        const QString said = m_matrix->details().text();
        for (const char* part : {"as expected", "GET /admin/stats as Reader", "It lacks admin", "403"})
            QVERIFY2(said.contains(QLatin1String(part)), qPrintable(said));
        choose("GET /users", "Other reader");
        QVERIFY2(m_matrix->details().text().contains("WWW-Authenticate: Bearer"),
                 qPrintable(m_matrix->details().text()));
    }

    void anOpenDoorIsSeenAndCanBeAccepted() {
        QVERIFY(m->practice.setDefect("bola", true));
        open();
        runAll();
        QCOMPARE(verdict("GET /users/{id} [peer]", "Reader"), Verdict::Bypass);
        QVERIFY2(m_matrix->summary().contains("4 open door"), qPrintable(m_matrix->summary()));
        choose("GET /users/{id} [peer]", "Reader");
        QVERIFY(m_matrix->details().text().contains("open door"));
        QTest::mouseClick(button("Accept as expected"), Qt::LeftButton);
        QCOMPARE(verdict("GET /users/{id} [peer]", "Reader"), Verdict::Pass);
        QVERIFY(m_matrix->summary().contains("3 open door"));
        // It is in the file, and gone from there with undo.
        QCOMPARE(m->workspaces.load(m->practiceFolder())->matrix.marks.size(), 1);
        m_matrix->undo();
        QCOMPARE(verdict("GET /users/{id} [peer]", "Reader"), Verdict::Bypass);
        QCOMPARE(m->workspaces.load(m->practiceFolder())->matrix.marks.size(), 0);
        // Mended: that one row is run again, and the rest stays.
        QVERIFY(m->practice.setDefect("bola", false));
        choose("GET /users/{id} [peer]", "Reader");
        QSignalSpy finished(m_matrix, &MatrixWindow::finished);
        trigger("Run this row");
        QVERIFY(finished.wait(20000));
        QCOMPARE(verdict("GET /users/{id} [peer]", "Reader"), Verdict::Pass);
        QCOMPARE(verdict("GET /users/{id}/invoices [peer]", "Reader"), Verdict::Bypass);
    }

    void aCellOpensAsARequest() {
        open();
        choose("GET /users/{id} [self]", "Reader");
        QTest::mouseClick(button("Open as request"), Qt::LeftButton);
        RequestTab* tab = m->window->currentTab();
        QCOMPARE(tab->editor().spec().url, m->practice.baseUrl() + "/users/{id}");
        QCOMPARE(tab->editor().spec().params.first().value, "12345");
        QCOMPARE(tab->editor().profileId(), "practice-reader");
        QTest::mouseClick(button("Copy as curl"), Qt::LeftButton);
        const QString curl = QApplication::clipboard()->text();
        QVERIFY2(curl.contains(m->practice.baseUrl() + "/users/12345") &&
                     curl.contains("\"$KEYBEARER_SECRET_READER\""),
                 qPrintable(curl));
    }

    /// The profile gets another name, as its dialog would give it.
    void rename(const QString& name) {
        TokenProfile profile = m->session->workspace().profiles.first();
        QCOMPARE(profile.id, "practice-reader");
        profile.name = name;
        bool saved = false;
        m->session->saveProfile(profile, {}, [&](const Result<void>& done) { saved = bool(done); });
        QTRY_VERIFY(saved);
    }

    void whatWasSeenStaysWhenThePlanIsMadeAnew() {
        open();
        runAll();
        QCOMPARE(verdict("GET /admin/stats", "Reader"), Verdict::Pass);
        rename("Reader of old");
        QTRY_VERIFY(cellOf("GET /admin/stats", "Reader of old") >= 0);
        QCOMPARE(verdict("GET /admin/stats", "Reader of old"), Verdict::Pass);
        // Its secrets are read anew for another environment: the columns come back with them.
        Environment other;
        other.name = "Elsewhere";
        other.variables = {{"baseUrl", "https://elsewhere.example", true}};
        QVERIFY(m->session->saveEnvironment(other));
        m->session->setEnvironment("Elsewhere");
        QVERIFY(cellOf("GET /admin/stats", "Reader of old") < 0);
        QTRY_VERIFY(cellOf("GET /admin/stats", "Reader of old") >= 0);
        QTRY_COMPARE(m_matrix->model().columnCount(), 7);
    }

    /// What was seen at one place says nothing of another.
    void whatWasSeenElsewhereIsForgotten() {
        m->session->services().readApi = [](const QString& path) {
            return readOpenApi(path, "{\"openapi\":\"3.1.0\",\"paths\":{\"/users\":{\"get\":{}}}}");
        };
        MatrixSettings settings = m->session->workspace().matrix;
        settings.document = "api.json";
        QVERIFY(m->session->saveMatrix(settings));
        QVERIFY(m->session->openWorkspace(m->practiceFolder())); // without the practice API
        QTest::keyClick(m->window.get(), Qt::Key_M, Qt::ControlModifier);
        m_matrix = m->window->findChild<MatrixWindow*>();
        QVERIFY(m_matrix);
        Environment here = m->session->workspace().environments.first();
        for (const char* base : {"https://one.example", "https://two.example"}) {
            here.variables = {{"baseUrl", base, true}};
            QVERIFY(m->session->saveEnvironment(here));
            QCOMPARE(m_matrix->model().rowCount(), 1);
            QCOMPARE(m_matrix->model().record().plan.baseUrl, QLatin1String(base));
            if (base == QLatin1String("https://one.example")) {
                RunRecord seen = m_matrix->model().record();
                seen.results[0].seen.sent = true;
                seen.results[0].seen.status = 200;
                m_matrix->model().setRecord(seen);
            }
        }
        QVERIFY2(m_matrix->summary().contains("nothing sent yet"), qPrintable(m_matrix->summary()));
    }

    void aProfileRenamedWhileItRunsIsSeenAfterwards() {
        open();
        QSignalSpy finished(m_matrix, &MatrixWindow::finished);
        m_matrix->run();
        rename("Renamed in mid-run");
        QVERIFY(m_matrix->isRunning());
        QVERIFY(cellOf("GET /admin/stats", "Renamed in mid-run") < 0);
        QVERIFY(finished.wait(30000));
        QCOMPARE(verdict("GET /admin/stats", "Renamed in mid-run"), Verdict::Pass);
    }

    void theDocumentIsKeptWithTheWorkspaceUnlessItMayHoldASecret() {
        open();
        const auto kept = [&] { return m->workspaces.load(m->practiceFolder())->matrix.document; };
        auto* document = m_matrix->findChild<QLineEdit*>();
        QSignalSpy planned(m_matrix, &MatrixWindow::planned);
        const auto name = [&](const QString& place) {
            document->setText(place);
            m_matrix->load();
            QVERIFY(planned.wait(10000));
            QVERIFY(m_matrix->model().rowCount() > 0);
        };
        name("{{baseUrl}}/openapi.json"); // the practice API's own, which needs no keeping
        QCOMPARE(kept(), "");
        name("{{baseUrl}}/openapi.json?key=s3cret-in-the-address");
        QCOMPARE(kept(), "");
        const QString plain = m->practice.baseUrl() + "/openapi.json";
        name(plain);
        QCOMPARE(kept(), plain);
        // The next window starts with it.
        MatrixWindow next(*m->session);
        QCOMPARE(next.findChild<QLineEdit*>()->text(), plain);
    }

    void aRunStops() {
        QVERIFY(m->practice.setDefect("429-retry-after-seconds", true));
        open();
        QSignalSpy finished(m_matrix, &MatrixWindow::finished);
        m_matrix->run();
        QTest::qWait(300);
        QVERIFY(m_matrix->isRunning());
        m_matrix->stop();
        QVERIFY(finished.wait(1000));
        QVERIFY(m_matrix->model().record().stopped);
    }

    void rowsAreFiltered() {
        open();
        const int all = filter().rowCount();
        filter().setText("invoices");
        QCOMPARE(filter().rowCount(), 4); // one's own, another's, that of who may more, nobody's
        filter().setText({});
        filter().setKind(MatrixFilter::Kind::Findings);
        QCOMPARE(filter().rowCount(), 0);
        filter().setKind(MatrixFilter::Kind::All);
        QCOMPARE(filter().rowCount(), all);
    }

    void reportsHoldNoSecret() {
        QVERIFY(m->practice.setDefect("reflect-token", true));
        open();
        runAll();
        QByteArray all;
        for (const char* kind : {"html", "junit", "sarif", "json", "markdown", "csv"}) {
            const QByteArray report = m_matrix->report(kind);
            QVERIFY2(report.size() > 40, kind);
            all += report;
        }
        std::optional<QByteArray> secret;
        const HandlePtr reading = m->session->revealSecret("practice-reader", [&](Result<Secret> got) {
            if (got) secret = QByteArray(got->reveal().data(), qsizetype(got->reveal().size()));
        });
        QTRY_VERIFY(secret);
        QVERIFY(!all.contains(*secret));
    }

    void anotherDocumentIsRefusedWithItsReason() {
        open();
        auto* document = m_matrix->findChild<QLineEdit*>();
        QSignalSpy planned(m_matrix, &MatrixWindow::planned);
        document->setText("{{baseUrl}}/users");
        m_matrix->load();
        QVERIFY(planned.wait(10000));
        QString said;
        for (const QLabel* label : m_matrix->findChildren<QLabel*>())
            if (label->isVisible()) said += label->text();
        QVERIFY2(said.contains("answered 401"), qPrintable(said));
    }

    /// Thousands of rows by thirty columns: what is painted is what is in sight.
    void aLargeGridIsShown() {
        RunRecord record;
        record.plan.profiles = {anonymousProfile()};
        for (int i = 1; i < 30; ++i) {
            MatrixProfile profile;
            profile.id = profile.name = QString::number(i);
            record.plan.profiles.append(profile);
        }
        for (int i = 0; i < 2000; ++i) {
            ApiOperation operation;
            operation.method = "GET";
            operation.path = "/things/" + QString::number(i);
            record.plan.api.operations.append(operation);
        }
        record.plan = makePlan(record.plan.api, record.plan.profiles, {},
                               {"https://api.example.com", {}, false, false});
        open();
        m_matrix->model().setRecord(record);
        QCOMPARE(m_matrix->model().rowCount(), 2000);
        m_matrix->grid().scrollToBottom();
        QVERIFY(!m_matrix->grab().isNull());
        Observation seen;
        seen.sent = true;
        seen.status = 200;
        for (int cell = 0; cell < 60000; ++cell)
            m_matrix->model().setSeen(cell, seen);
        QCOMPARE(m_matrix->model().index(1999, 30).data().toString(), "200");
    }
};

QTEST_MAIN(TestWindowMatrix)
#include "test_window_matrix.moc"
