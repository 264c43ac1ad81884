// SPDX-License-Identifier: GPL-3.0-or-later
// The grid of the access matrix: filters, keys, signs, details, and what its menu runs and accepts.
#include "core/http/challenge.h"
#include "tests/app/matrix_window_fixture.h"
#include "ui/matrix_delegate.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QScrollBar>

using namespace kb;

class TestWindowMatrixGrid : public QObject, MatrixWindowFixture {
    Q_OBJECT
    QAction* action(const QString& text) const {
        for (QAction* each : m_matrix->findChildren<QAction*>())
            if (each->text() == text) return each;
        return nullptr;
    }
    QList<MatrixMark> marks() const { return m->workspaces.load(m->practiceFolder())->matrix.marks; }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers) {
        m_matrix->grid().setFocus();
        QTest::keyClick(&m_matrix->grid(), key, modifiers);
    }
    void onPractice() {
        m = std::make_unique<WindowFixture>();
        m->openOnPractice();
        open();
        QTRY_COMPARE(m_matrix->model().columnCount(), 7);
    }
    /// Triggers what runs, and gives the cells that it sent.
    QSet<int> cellsOf(const QString& what) {
        QSet<int> cells;
        const auto watch =
            connect(&m_matrix->model(), &QAbstractItemModel::dataChanged, this,
                    [&](const QModelIndex& at) { cells.insert(m_matrix->model().cellAt(at)); });
        QSignalSpy finished(m_matrix, &MatrixWindow::finished);
        trigger(what);
        if (!finished.wait(20000)) cells.clear();
        disconnect(watch);
        return cells;
    }
    /// The cells that would be sent and that are wanted.
    QSet<int> cellsWhere(const std::function<bool(const CellResult&, const CellPlan&)>& wanted) const {
        QSet<int> cells;
        const RunRecord& record = m_matrix->model().record();
        for (const CellResult& each : record.results) {
            const CellPlan& plan = record.plan.cells.at(each.cell);
            if (plan.notSent.isEmpty() && wanted(each, plan)) cells.insert(each.cell);
        }
        return cells;
    }

private Q_SLOTS:
    void cleanup() { m.reset(); }

    void aMethodIsTheMethodAndATagIsTheTag() {
        ApiDescription api;
        const auto add = [&](const char* method, const char* path, const QStringList& tags) {
            ApiOperation& made = api.operations.emplaceBack();
            made.method = QLatin1String(method);
            made.path = QLatin1String(path);
            made.tags = tags;
        };
        add("GET", "/widgets", {"Billing core"});
        add("DELETE", "/widgets/all", {"Billing"});
        add("POST", "/orders", {});
        add("GET", "/posts", {"blog"});
        RunRecord record;
        record.plan = makePlan(api, {anonymousProfile()}, {}, {"https://api.example.com", {}, false, false});
        MatrixModel model;
        model.setRecord(record);
        MatrixFilter rows;
        rows.setSourceModel(&model);
        const auto shown = [&](const QString& text) {
            rows.setText(text);
            QStringList all;
            for (int row = 0; row < rows.rowCount(); ++row)
                all.append(rows.headerData(row, Qt::Vertical).toString().simplified());
            return all;
        };
        QCOMPARE(shown("get"), (QStringList{"GET /widgets", "GET /posts"}));
        QCOMPARE(shown("POST"), QStringList{"POST /orders"});
        QCOMPARE(shown("/post"), QStringList{"GET /posts"});
        QCOMPARE(shown("widgets"), (QStringList{"GET /widgets", "DELETE /widgets/all"}));
        QCOMPARE(shown("widgets delete"), QStringList{"DELETE /widgets/all"});
        QCOMPARE(shown("tag:bill"), (QStringList{"GET /widgets", "DELETE /widgets/all"}));
        QCOMPARE(shown("TAG:core get"), QStringList{"GET /widgets"});
        QCOMPARE(shown("tag:post"), QStringList{});
        QCOMPARE(shown("blog"), QStringList{"GET /posts"}); // a whole tag
        QCOMPARE(shown("billing core"), QStringList{"GET /widgets"});
        QCOMPARE(shown({}).size(), 4);
        rows.setKind(MatrixFilter::Kind::Unsafe);
        QCOMPARE(shown({}), (QStringList{"DELETE /widgets/all", "POST /orders"}));
        QCOMPARE(shown("post"), QStringList{"POST /orders"});
    }

    /// Rows of another's object, and of a group, can be folded; a finding never is out of sight.
    void rowsAreGroupedAndFolded() {
        ApiDescription api;
        const auto add = [&](const char* path, const QStringList& tags) {
            ApiOperation& made = api.operations.emplaceBack();
            made.method = "GET";
            made.path = QLatin1String(path);
            made.tags = tags;
            made.responses = {"200"};
            return api.operations.size() - 1;
        };
        add("/users", {"Users"});
        const qsizetype user = add("/users/{id}", {"Users", "Admin"});
        add("/plans/all", {});
        add("/admin", {"Admin"});
        ApiParameter id;
        id.in = "path";
        id.name = "id";
        api.operations[user].parameters.append(id);
        api.security = ApiSecurity();
        MatrixSettings settings;
        settings.own["id"] = {{"ada", "1"}, {"bob", "2"}};
        QList<MatrixProfile> profiles{anonymousProfile(), {}, {}};
        profiles[1].id = profiles[1].name = "ada";
        profiles[2].id = profiles[2].name = "bob";
        RunRecord record;
        record.plan = makePlan(api, profiles, settings, {"https://api.example.com", {}, false, false});
        MatrixModel model;
        model.setRecord(record);
        MatrixFilter rows;
        rows.setSourceModel(&model);
        const auto shown = [&] {
            QStringList all;
            for (int row = 0; row < rows.rowCount(); ++row)
                all.append(rows.headerData(row, Qt::Vertical).toString().simplified());
            return all;
        };
        const auto rowOf = [&](const QString& name) {
            for (int row = 0; row < model.rowCount(); ++row)
                if (model.headerData(row, Qt::Vertical).toString().simplified() == name) return row;
            return -1;
        };
        const QStringList folded{"GET /users", "GET /users/{id} [self]", "GET /plans/all", "GET /admin"};
        QCOMPARE(shown(), folded);
        QCOMPARE(model.placeOf(rowOf("GET /users/{id} [self]")).more, 2); // peer, absent
        rows.toggle(rowOf("GET /users/{id} [self]"));
        QVERIFY(shown().contains("GET /users/{id} [peer]") && shown().contains("GET /users/{id} [absent]"));
        rows.toggle(rowOf("GET /users/{id} [self]"));
        rows.reveal(rowOf("GET /users/{id} [absent]"));
        QVERIFY(shown().contains("GET /users/{id} [absent]"));
        rows.forgetFolds();
        rows.showAllBindings(true);
        QCOMPARE(rows.rowCount(), 6);
        rows.showAllBindings(false);
        QCOMPARE(shown(), folded);
        // What is looked for is shown.
        rows.setText("peer");
        QCOMPARE(shown(), QStringList{"GET /users/{id} [peer]"});
        rows.setText({});
        // A finding is.
        record = model.record();
        record.results[model.cellAt(model.index(rowOf("GET /users/{id} [peer]"), 2))].rule = "bola";
        model.setRecord(record);
        QCOMPARE(shown(), (QStringList{"GET /users", "GET /users/{id} [self]", "GET /users/{id} [peer]",
                                       "GET /plans/all", "GET /admin"}));

        model.setGrouped(true);
        QCOMPARE(shown(), (QStringList{"Users: 4 row(s), 1 with findings", "GET /users",
                                       "GET /users/{id} [self]", "GET /users/{id} [peer]", "/plans: 1 row(s)",
                                       "GET /plans/all", "Admin: 1 row(s)", "GET /admin"}));
        QCOMPARE(model.cellAt(model.index(0, 1)), -1);
        for (int cell = 0; cell < record.plan.cells.size(); ++cell)
            QCOMPARE(model.cellAt(model.indexOf(cell)), cell);
        rows.toggle(0);
        QVERIFY(!rows.isOpen(0));
        QCOMPARE(shown().mid(0, 2), (QStringList{"Users: 4 row(s), 1 with findings", "/plans: 1 row(s)"}));
        rows.setText("users");
        QCOMPARE(shown().size(), 5); // its heading, and what it looks for
        rows.setText({});
        rows.sort(1, Qt::AscendingOrder); // the groups are apart then
        QVERIFY(!shown().join(u' ').contains("row(s)"));
        QVERIFY(shown().contains("GET /users"));
        rows.sort(-1);
        QVERIFY(shown().contains("Admin: 1 row(s)"));
    }

    /// What was another outcome in the run before has its mark.
    void whatChangedSinceTheRunBefore() {
        ApiDescription api;
        for (const char* path : {"/a", "/b"}) {
            ApiOperation& made = api.operations.emplaceBack();
            made.method = "GET";
            made.path = QLatin1String(path);
        }
        RunRecord record;
        record.plan = makePlan(api, {anonymousProfile()}, {}, {"https://api.example.com", {}, false, false});
        QHash<QString, QString> before;
        for (int i = 0; i < 2; ++i) {
            CellResult& result = record.results.emplaceBack();
            result.cell = i;
            result.seen.sent = true;
            result.seen.status = 200;
            result.outcome.outcome = Outcome::Allowed;
            before.insert(record.plan.cells.at(i).id, i == 0 ? "denied-authn" : "allowed");
        }
        MatrixModel model;
        model.setRecord(record);
        MatrixFilter rows;
        rows.setSourceModel(&model);
        QCOMPARE(model.before(0), QString());
        model.setBefore(before);
        QCOMPARE(model.before(0), QString("denied-authn"));
        QCOMPARE(model.before(1), QString());
        QVERIFY(model.data(model.index(0, 1), Qt::ToolTipRole).toString().contains("It was denied-authn"));
        rows.setKind(MatrixFilter::Kind::ChangedSinceLast);
        QCOMPARE(rows.rowCount(), 1);
    }

    void everyVerdictHasASignOfItsOwn() {
        QMap<QString, Verdict> signs;
        for (const Verdict verdict :
             {Verdict::Pass, Verdict::OverRestricted, Verdict::Bypass, Verdict::Suspect, Verdict::Error,
              Verdict::NotProven, Verdict::Undecided}) {
            CellResult result;
            result.seen.sent = true;
            result.seen.status = 200;
            result.judged.verdict = verdict;
            const QString sign = lookOf(result, {}).sign;
            QVERIFY(!sign.isEmpty());
            QVERIFY2(!signs.contains(sign), qPrintable(verdictName(verdict)));
            signs.insert(sign, verdict);
        }
    }

    void aChallengeIsTakenApart() {
        RunRecord record;
        ApiDescription api;
        ApiOperation& operation = api.operations.emplaceBack();
        operation.method = "GET";
        operation.path = "/me";
        record.plan = makePlan(api, {anonymousProfile()}, {}, {"https://api.example.com", {}, false, false});
        CellResult& result = record.results.emplaceBack();
        result.seen.sent = true;
        result.seen.status = 401;
        result.seen.problemType = "https://api.example.com/problems/expired";
        result.seen.challenges =
            parseChallenges(
                {"Bearer realm=\"the, API\", error=\"invalid_token\", "
                 "error_description=\"It has expired\", scope=\"a b\", "
                 "resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource\"",
                 "Negotiate YWJj"})
                .challenges;
        MatrixDetails details;
        details.setCell(record, 0);
        const QStringList lines = details.text().split('\n');
        for (const char* line :
             {"WWW-Authenticate: Bearer", "    realm: the, API", "    error: invalid_token",
              "    error_description: It has expired", "    scope: a b",
              "    resource_metadata: https://api.example.com/.well-known/oauth-protected-resource",
              "WWW-Authenticate: Negotiate", "    YWJj",
              "Problem type: https://api.example.com/problems/expired"})
            QVERIFY2(lines.contains(QLatin1String(line)), qPrintable(details.text()));
    }

    void aRowAndAColumnAreAccepted() {
        onPractice();
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        choose("GET /users/{id} [peer]", "Reader");
        press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
        const QList<MatrixMark> row = marks();
        QVERIFY(row.size() > 6);
        for (const MatrixMark& mark : row)
            QCOMPARE(mark.operation, "GET /users/{id}");
        QCOMPARE(result("GET /users/{id} [peer]", "Other reader").judged.verdict, Verdict::Pass);
        QCOMPARE(result("GET /users/{id}/invoices [peer]", "Reader").judged.verdict, Verdict::Bypass);
        press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(marks().size(), 0);
        choose("GET /users/{id} [peer]", "Reader");
        press(Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
        const QList<MatrixMark> column = marks();
        QVERIFY(column.size() > 6);
        for (const MatrixMark& mark : column)
            QCOMPARE(mark.profile, "practice-reader");
        QCOMPARE(result("GET /users/{id}/invoices [peer]", "Reader").judged.verdict, Verdict::Pass);
        QCOMPARE(result("GET /users/{id}/invoices [peer]", "Other reader").judged.verdict, Verdict::Bypass);
    }

    void theContextMenuHasWhatIsOfTheCellWithItsKeys() {
        onPractice();
        QCOMPARE(m_matrix->grid().contextMenuPolicy(), Qt::ActionsContextMenu);
        for (const char* text :
             {"Run this cell", "Run this row", "Run this column", "Accept as expected", "Accept the row",
              "Accept the column", "Sort by this column", "Copy as curl"}) {
            const QAction* found = action(text);
            QVERIFY2(found && m_matrix->grid().actions().contains(found), text);
            QVERIFY2(!found->shortcut().isEmpty() && found->isShortcutVisibleInContextMenu(), text);
        }
    }

    void aColumnIsSortedByItsKey() {
        onPractice();
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        const auto first = [this] { return filter().headerData(0, Qt::Vertical).toString().simplified(); };
        const QString usual = first();
        choose("GET /users", "Reader");
        press(Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(first(), "GET /users/{id} [peer]");
        QVERIFY(m_matrix->grid().horizontalHeader()->isSortIndicatorShown());
        press(Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(first() != "GET /users/{id} [peer]");
        press(Qt::Key_O, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(first(), usual);
    }

    void aColumnIsRunAlone() {
        onPractice();
        choose("GET /users", "Admin");
        const int profile = columnOf("Admin") - MatrixModel::firstProfileColumn;
        const QSet<int> wanted = cellsWhere(
            [profile](const CellResult&, const CellPlan& plan) { return plan.profile == profile; });
        QVERIFY(wanted.size() > 5);
        QCOMPARE(cellsOf("Run this column"), wanted);
        QCOMPARE(result("GET /users", "Admin").judged.verdict, Verdict::Pass);
        QVERIFY(!result("GET /users", "Reader").seen.sent);
    }

    /// What is held back is no failure: nothing is done for it.
    void whatFailedIsRunAlone() {
        onPractice();
        QVERIFY(m->practice.setDefect("bola", true));
        runAll();
        const QSet<int> wanted = cellsWhere([](const CellResult& each, const CellPlan&) {
            return each.judged.verdict != Verdict::Pass && each.judged.verdict != Verdict::Undecided;
        });
        QVERIFY(wanted.contains(cellOf("GET /users/{id} [peer]", "Reader")));
        QVERIFY(!wanted.contains(cellOf("GET /admin/stats", "Reader")));
        QVERIFY(m->practice.setDefect("bola", false));
        // What is compared with another's object is sent beside it.
        QSet<int> compared;
        const QList<CellPlan>& cells = m_matrix->model().record().plan.cells;
        for (const int cell : wanted)
            if (cell + 1 < cells.size() && cells.at(cell).binding == Binding::Peer &&
                cells.at(cell + 1).binding == Binding::Absent)
                compared.insert(cell + 1);
        QVERIFY(!compared.isEmpty());
        QCOMPARE(cellsOf("Run what failed"), wanted + compared);
        QCOMPARE(result("GET /users/{id} [peer]", "Reader").judged.verdict, Verdict::Pass);
        choose("DELETE /webhooks/{id}", "Admin");
        trigger("Run this cell");
        QVERIFY(!m_matrix->isRunning());
    }

    void bothHeadersStayWhileItScrolls() {
        onPractice();
        m_matrix->resize(720, 420);
        QTableView& grid = m_matrix->grid();
        QTRY_VERIFY(grid.verticalScrollBar()->maximum() > 0 && grid.horizontalScrollBar()->maximum() > 0);
        const QRect left = grid.verticalHeader()->geometry(), top = grid.horizontalHeader()->geometry();
        grid.verticalScrollBar()->setValue(grid.verticalScrollBar()->maximum());
        grid.horizontalScrollBar()->setValue(grid.horizontalScrollBar()->maximum());
        QVERIFY(grid.rowAt(0) > 0);
        QCOMPARE(grid.verticalHeader()->geometry(), left);
        QCOMPARE(grid.horizontalHeader()->geometry(), top);
        QVERIFY(grid.verticalHeader()->isVisible() && grid.horizontalHeader()->isVisible());
        // And they name what is in sight.
        QCOMPARE(grid.verticalHeader()->logicalIndexAt(1), grid.rowAt(1));
        QCOMPARE(grid.horizontalHeader()->logicalIndexAt(1), grid.columnAt(1));
    }

    void aCellIsCopiedAsCurlByItsKey() {
        onPractice();
        choose("GET /users/{id} [peer]", "Reader");
        press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        const QString curl = QApplication::clipboard()->text();
        const CellPlan& plan =
            m_matrix->model().record().plan.cells.at(cellOf("GET /users/{id} [peer]", "Reader"));
        QVERIFY2(curl.startsWith("curl ") && curl.contains(plan.address()) &&
                     curl.contains("\"$KEYBEARER_SECRET_READER\""),
                 qPrintable(curl));
    }
};

QTEST_MAIN(TestWindowMatrixGrid)
#include "test_window_matrix_grid.moc"
