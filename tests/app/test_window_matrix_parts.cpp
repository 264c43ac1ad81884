// SPDX-License-Identifier: GPL-3.0-or-later
// The access matrix in the window, part by part: what a run of some cells changes, and what it leaves alone.
#include "core/probe/matrix_run.h"
#include "tests/app/matrix_window_fixture.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"

#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>

using namespace kb;

class TestWindowMatrixParts : public QObject, MatrixWindowFixture {
    Q_OBJECT
    const TokenProfile& profile(const QString& id) const { return *m->session->workspace().profile(id); }
    QByteArray secretOf(const QString& id) {
        std::optional<QByteArray> secret;
        const HandlePtr reading = m->session->revealSecret(id, [&](Result<Secret> got) {
            if (got) secret = QByteArray(got->reveal().data(), qsizetype(got->reveal().size()));
        });
        return QTest::qWaitFor([&] { return secret.has_value(); }) ? *secret : QByteArray();
    }
    bool isRead(const QString& id) const {
        const ProfileState* state = m->session->state(id);
        return state && state->loading != ProfileState::Loading::Waiting;
    }
    void give(const QString& id, const QByteArray& secret) {
        SecretRecord record;
        record.secret = Secret(std::string_view(secret.constData(), std::size_t(secret.size())));
        record.allowedOrigins = {m->practice.baseUrl()};
        bool saved = false;
        m->session->saveProfile(profile(id), std::move(record),
                                [&](const Result<void>& done) { saved = bool(done); });
        QTRY_VERIFY(saved);
        QTRY_VERIFY(isRead(id));
    }
    void runOne(const QString& row, const QString& who) {
        choose(row, who);
        QSignalSpy finished(m_matrix, &MatrixWindow::finished);
        trigger("Run this cell");
        QVERIFY(m_matrix->isRunning());
        QVERIFY(finished.wait(20000));
    }
    QPushButton* button(const QString& text) const {
        for (QPushButton* each : m_matrix->findChildren<QPushButton*>())
            if (each->text().startsWith(text) && each->isVisible()) return each;
        return nullptr;
    }
    QString runText() const { // "Run 80 probe(s)"
        for (const QPushButton* each : m_matrix->findChildren<QPushButton*>())
            if (each->property("primary").toBool()) return each->text();
        return {};
    }
    const CellPlan& planOf(const QString& row, const QString& who) const {
        return m_matrix->model().record().plan.cells.at(cellOf(row, who));
    }

private Q_SLOTS:
    void init() {
        m = std::make_unique<WindowFixture>();
        m->openOnPractice();
        open();
        QTRY_COMPARE(m_matrix->model().columnCount(), 7);
    }
    void cleanup() { m.reset(); }

    /// What was seen with a dead token proves nothing, whatever token is there later; and what was proven
    /// stays.
    void eachCellRestsOnTheCanariesOfItsRun() {
        const QByteArray good = secretOf("practice-reader"), dead = secretOf("practice-expired-reader");
        QVERIFY(!good.isEmpty() && !dead.isEmpty());
        const char* ill = "⚠ Reader";
        give("practice-reader", dead);
        runAll();
        QCOMPARE(result("GET /admin/stats", ill).judged.verdict, Verdict::NotProven);
        QCOMPARE(result("GET /users", ill).judged.verdict, Verdict::NotProven);
        give("practice-reader", good);
        runOne("GET /users", ill);
        QCOMPARE(result("GET /users", "Reader").judged.verdict, Verdict::Pass);
        QCOMPARE(result("GET /admin/stats", "Reader").judged.verdict, Verdict::NotProven);
        QVERIFY(m_matrix->report("json").contains("\"run\": 1") ||
                m_matrix->report("json").contains("\"run\":1"));
        runAll();
        QCOMPARE(result("GET /admin/stats", "Reader").judged.verdict, Verdict::Pass);
        QSet<QString> known;
        for (const ProfileHealth& each : m_matrix->model().record().health) {
            QVERIFY2(!known.contains(each.profile), qPrintable(each.profile)); // no cell rests on the others
            known.insert(each.profile);
        }
        give("practice-reader", dead);
        runOne("GET /users", "Reader");
        QCOMPARE(result("GET /users", ill).judged.verdict, Verdict::NotProven);
        QCOMPARE(result("GET /admin/stats", ill).judged.verdict, Verdict::Pass);
        QVERIFY(m_matrix->model().record().isInconclusive());
    }

    /// What asking for one's own objects gave is seen in the grid, said, and tried again by the next run.
    void whatIsAskedForBeforeARunIsTakenOver() {
        MatrixSettings settings = m->session->workspace().matrix;
        settings.own = {{"id",
                         {{"practice-reader", "from:GET /me#/sub"},
                          {"practice-other-reader", "from:GET /me#/nothing"},
                          {"practice-admin", "from:GET /me#/sub"}}}};
        QVERIFY(m->session->saveMatrix(settings));
        QSignalSpy planned(m_matrix, &MatrixWindow::planned);
        m_matrix->load();
        QVERIFY(planned.wait(10000));
        QVERIFY(planOf("GET /users/{id} [self]", "Other reader").notSent.isEmpty());
        const QString before = runText();
        runAll();
        const CellPlan lost = planOf("GET /users/{id} [self]", "Other reader");
        QVERIFY2(lost.notSent.contains("could not be found out"), qPrintable(lost.notSent));
        const MatrixModel& model = m_matrix->model();
        const int held = cellOf("GET /users/{id} [self]", "Other reader");
        QCOMPARE(model.indexOf(held).data().toString(), "held");
        QVERIFY2(said().contains("The own id of Other reader is not known"), qPrintable(said()));
        QVERIFY(m_matrix->report("json").contains("The own id of Other reader is not known"));
        // What is not sent is not among what was decided.
        RunRecord sent = model.record();
        sent.plan.cells[held].notSent.clear();
        evaluate(sent, settings, 0);
        QCOMPARE(model.record().decided, sent.decided - 1);
        QCOMPARE(result("GET /users/{id} [self]", "Reader").judged.verdict, Verdict::Pass);
        QCOMPARE(result("GET /users/{id} [self]", "Reader").seen.status, 200);
        // The value stands in the address.
        choose("GET /users/{id} [self]", "Reader");
        QTest::mouseClick(button("Open as request"), Qt::LeftButton);
        QCOMPARE(m->window->currentTab()->editor().spec().params.first().value, "12345");
        trigger("Copy as curl");
        const QString curl = QApplication::clipboard()->text();
        QVERIFY2(curl.contains("/users/12345") && !curl.contains("{{"), qPrintable(curl));
        // It may be known the next time.
        QVERIFY(before.startsWith("Run "));
        QCOMPARE(runText(), before);
        choose("GET /users/{id} [self]", "Other reader");
        QVERIFY(button("Run this cell")->isEnabled());
        runOne("GET /users/{id} [self]", "Other reader");
        QVERIFY(!planOf("GET /users/{id} [self]", "Other reader").notSent.isEmpty());
        QCOMPARE(result("GET /users/{id} [self]", "Reader").seen.status, 200);
        // A plan that is made anew keeps what was found out.
        m_matrix->load();
        QVERIFY(planned.wait(10000));
        QVERIFY(!planOf("GET /users/{id} [self]", "Other reader").notSent.isEmpty());
    }

    void whoOwnTheSameAreNotProbed() {
        MatrixSettings settings = m->session->workspace().matrix;
        settings.own = {{"id",
                         {{"practice-reader", "from:GET /me#/role"},
                          {"practice-other-reader", "from:GET /me#/role"},
                          {"practice-admin", "from:GET /me#/nothing"}}}};
        QVERIFY(m->session->saveMatrix(settings));
        QSignalSpy planned(m_matrix, &MatrixWindow::planned);
        m_matrix->load();
        QVERIFY(planned.wait(10000));
        runAll();
        choose("GET /users/{id} [peer]", "Reader");
        QVERIFY2(m_matrix->details().text().contains("Not probeable"),
                 qPrintable(m_matrix->details().text()));
        // Run alone it is still compared with the own one: no open door is made up.
        runOne("GET /users/{id} [peer]", "Reader");
        QVERIFY(planOf("GET /users/{id} [peer]", "Reader").notSent.contains("Not probeable"));
        QVERIFY(!result("GET /users/{id} [peer]", "Reader").seen.sent);
    }

    /// Undo takes back the marks it made, and nothing else that was changed since.
    void undoIsOfTheMarksOnly() {
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        choose("GET /users/{id} [peer]", "Reader");
        trigger("Accept as expected");
        MatrixSettings settings = m->session->workspace().matrix;
        QCOMPARE(settings.marks.size(), 1);
        settings.conceal = true;
        settings.baseline = "kept.json";
        const MatrixMark others{"GET /plans", {}, {}, Expect::Allow, "by somebody else"};
        settings.marks.append(others);
        QVERIFY(m->session->saveMatrix(settings));
        m_matrix->undo();
        const MatrixSettings now = m->workspaces.load(m->practiceFolder())->matrix;
        QVERIFY(now.conceal);
        QCOMPARE(now.baseline, "kept.json");
        QCOMPARE(now.marks, QList<MatrixMark>{others});
        QCOMPARE(result("GET /users/{id} [peer]", "Reader").judged.verdict, Verdict::Bypass);
    }

    /// Where the workspace says what an answer means, the cell tells which rule did.
    void aRuleForAnswersIsTold() {
        QVERIFY(m->practice.setDefect("200-with-error-body", true));
        MatrixSettings settings = m->session->workspace().matrix;
        OutcomeRule rule;
        rule.name = "no permission";
        rule.body = AnswerTest{"/code", AnswerTest::Kind::Equals, {"403"}};
        rule.means = Outcome::DeniedAuthz;
        settings.outcomes = {rule};
        QVERIFY(m->session->saveMatrix(settings));
        runAll();
        choose("GET /admin/stats", "Reader");
        QVERIFY2(said().contains("The answer means denied-authz by the rule \"no permission\"."),
                 qPrintable(said()));
        QCOMPARE(result("GET /admin/stats", "Reader").judged.verdict, Verdict::Pass);
        QCOMPARE(result("GET /admin/stats", "Anonymous").judged.verdict, Verdict::Bypass);
    }

    /// A mark that another one replaced comes back.
    void undoBringsBackWhatWasReplaced() {
        QVERIFY(m->practice.setDefect("bola", true));
        MatrixSettings settings = m->session->workspace().matrix;
        const MatrixMark mine{"GET /users/{id}", "practice-reader", "peer", Expect::Conceal, "by hand"};
        settings.marks = {mine};
        QVERIFY(m->session->saveMatrix(settings));
        runAll();
        choose("GET /users/{id} [peer]", "Reader");
        trigger("Accept as expected");
        QCOMPARE(m->session->workspace().matrix.marks.first().expect, Expect::Allow);
        m_matrix->undo();
        QCOMPARE(m->session->workspace().matrix.marks, QList<MatrixMark>{mine});
    }

    /// Every cell is counted once, also those of an operation that is new since the run.
    void everyCellIsCountedOnce() {
        runAll();
        ApiDescription api = m_matrix->model().record().plan.api;
        ApiOperation more = api.operations.first();
        more.method = "GET";
        more.path = "/new/of/today";
        more.parameters.clear();
        more.ownObjectsOnly = false;
        api.operations.append(more);
        m->session->services().readApi = [api](const QString&) { return api; };
        m_matrix->findChild<QLineEdit*>()->setText("api.json");
        m_matrix->load();
        QVERIFY(cellOf("GET /new/of/today", "Reader") >= 0);
        QVERIFY2(m_matrix->summary().contains("6 not sent yet"), qPrintable(m_matrix->summary()));
        int counted = 0;
        static const QRegularExpression number("^(\\d+) ");
        for (const QString& part : m_matrix->summary().split("  ·  "))
            counted += number.match(part).captured(1).toInt();
        QCOMPARE(counted, m_matrix->model().record().plan.cells.size());
    }

    /// Who has no secret keeps a column, and it says why nothing is sent as them.
    void whoHasNoSecretKeepsAColumn() {
        const QByteArray good = secretOf("practice-reader");
        MatrixSettings settings = m->session->workspace().matrix;
        settings.derived = {{"forged-1", "No signature", "practice-reader", TokenDefect::NoSignature}};
        QVERIFY(m->session->saveMatrix(settings));
        bool removed = false;
        const HandlePtr removing =
            m->memory.remove(SecretRef{"practice-reader"}, [&](const Result<void>&) { removed = true; });
        QTRY_VERIFY(removed);
        m->session->reloadProfile("practice-reader");
        QTRY_VERIFY(columnOf("⚠ Reader") > 0);
        const MatrixModel& model = m_matrix->model();
        const int column = columnOf("⚠ Reader");
        const QString why = model.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString();
        QVERIFY2(why.contains("secret"), qPrintable(why));
        QVERIFY(columnOf("⚠ No signature") > 0);
        QCOMPARE(model.columnCount(), 8);
        QVERIFY2(m_matrix->summary().contains("left out: Reader"), qPrintable(m_matrix->summary()));
        m_matrix->grid().setCurrentIndex(filter().mapFromSource(model.index(0, column)));
        QVERIFY2(m_matrix->details().text().contains(why), qPrintable(m_matrix->details().text()));
        QVERIFY(!m_matrix->grab().isNull());
        runAll(); // the others
        QCOMPARE(result("GET /admin/stats", "Admin").judged.verdict, Verdict::Pass);
        give("practice-reader", good);
        QTRY_VERIFY(columnOf("Reader") > 0);
        QVERIFY(!m_matrix->summary().contains("left out"));
    }
};

QTEST_MAIN(TestWindowMatrixParts)
#include "test_window_matrix_parts.moc"
