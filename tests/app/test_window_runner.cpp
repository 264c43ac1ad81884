// SPDX-License-Identifier: GPL-3.0-or-later
// Checks in the window: edited and saved with the request, judged when it is sent, and run in many requests.
#include "core/interchange/openapi.h"
#include "tests/app/cli_process.h"
#include "tests/app/window_fixture.h"
#include "ui/answer_pane.h"
#include "ui/check_results.h"
#include "ui/checks_tab.h"
#include "ui/everyone_model.h"
#include "ui/everyone_window.h"
#include "ui/notice_bar.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/runner_model.h"
#include "ui/runner_window.h"

#include <QComboBox>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QTabBar>
#include <QToolButton>

using namespace kb;

class TestWindowRunner : public QObject {
    Q_OBJECT
    std::unique_ptr<WindowFixture> m;

    QString pathOf(const QString& name) const { return pathIn(m->session->workspace().items, name); }
    static QString pathIn(const QList<TreeItem>& items, const QString& name) {
        for (const TreeItem& item : items) {
            if (item.kind == TreeItem::Kind::Request && item.name == name) return item.path;
            if (const QString found = pathIn(item.children, name); !found.isEmpty()) return found;
        }
        return {};
    }
    RunnerWindow* open() {
        m->window->activateWindow();
        if (!QTest::qWaitForWindowActive(m->window.get())) qWarning("the window is not active");
        QTest::keyClick(m->window.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        return m->window->findChild<RunnerWindow*>();
    }
    static QString tabText(const QWidget& pane, const QString& part) {
        for (QTabBar* bar : pane.findChildren<QTabBar*>())
            for (int i = 0; i < bar->count(); ++i)
                if (bar->tabText(i).contains(part)) return bar->isTabVisible(i) ? bar->tabText(i) : QString();
        return {};
    }
    static QStringList states(const RunnerWindow& runner) {
        QStringList all;
        for (const RunnerEntry& entry : const_cast<RunnerWindow&>(runner).model().record().entries)
            all.append(stateName(entry.state));
        return all;
    }

private Q_SLOTS:
    void init() {
        m = std::make_unique<WindowFixture>();
        m->openOnPractice();
    }
    void cleanup() { m.reset(); }

    void checksAreJudgedWhenARequestIsSent() {
        RequestTab* tab = m->window->openRequest(pathOf("List users"));
        QSignalSpy finished(tab, &RequestTab::finished);
        tab->send();
        QVERIFY(finished.wait(10000));
        QTRY_COMPARE_WITH_TIMEOUT(tabText(tab->answer(), "Checks"), "✓ Checks 3", 10000);
        // What it kept is a variable from now on.
        QVERIFY(m->session->variables().contains("firstUser"));
        // As somebody who is not let in.
        tab->setProfile("practice-expired-reader");
        tab->send();
        QVERIFY(finished.wait(10000));
        QTRY_VERIFY_WITH_TIMEOUT(tabText(tab->answer(), "Checks").startsWith("✕ Checks 0/3"), 10000);
        tab->answer().setCurrentTab(AnswerPane::ChecksTab);
        auto* results = tab->answer().findChild<CheckResultsView*>();
        QCOMPARE(results->model()->index(0, CheckResultsModel::Message).data().toString(),
                 "It should be 200. It is 401.");
        // A request without checks has no such tab.
        RequestTab* other = m->window->openRequest(pathOf("Plans"));
        QSignalSpy done(other, &RequestTab::finished);
        other->send();
        QVERIFY(done.wait(10000));
        QTest::qWait(50);
        QCOMPARE(tabText(other->answer(), "Checks"), QString());
    }

    void checksAreSavedWithTheRequest() {
        const QString path = pathOf("Plans");
        RequestTab* tab = m->window->openRequest(path);
        RequestSpec spec = tab->editor().spec();
        spec.checks = {{AnswerPart::Expression, "res.status", "eq", "200", {}, true}};
        tab->editor().replaceSpec(spec);
        QVERIFY(tab->isModified());
        QCOMPARE(tabText(tab->editor(), "Checks"), "Checks 1");
        QVERIFY(tab->save({}).has_value());
        QVERIFY(!tab->isModified());
        FileWorkspaceStore store;
        const Result<Workspace> again = store.load(m->practiceFolder());
        QVERIFY(again);
        QCOMPARE(again->find(path)->request.checks, spec.checks);
    }

    void aRunShowsWhatPassedAndWhy() {
        RunnerWindow* runner = open();
        QVERIFY(runner && runner->isVisible());
        QSignalSpy finished(runner, &RunnerWindow::finished);
        runner->run();
        QVERIFY(runner->isRunning());
        QVERIFY(finished.wait(20000));
        // The reader gets what is a reader's; requests without checks pass with any answer.
        const RunnerRecord& record = runner->model().record();
        QVERIFY2(record.isClean(), qPrintable(states(*runner).join(' ')));
        QCOMPARE(runner->summary(), "2 passed, 7 answered, without checks");
        // What was sent is in the history, each as the saved request that it is.
        const Result<QList<HistoryEntry>> kept = m->history.find({});
        QVERIFY(kept.has_value());
        QCOMPARE(kept->size(), 9);
        for (const HistoryEntry& entry : *kept)
            QVERIFY2(m->session->workspace().find(entry.requestPath), qPrintable(entry.requestPath));
        for (const char* kind : {"html", "junit", "json"})
            QVERIFY(!runner->report(kind).isEmpty());
    }

    /// A token that nothing renews, and a run that takes longer than it lives.
    void aRunThatOutlivesItsTokenIsSaid() {
        RunnerChoice choice;
        QCOMPARE(m->session->outlivedByRun(choice), QStringList());
        choice.iterations = 100'000;
        const QStringList said = m->session->outlivedByRun(choice);
        QVERIFY(!said.isEmpty());
        QVERIFY2(said.first().contains("token ends in") && said.first().contains("Nothing renews it"),
                 qPrintable(said.first()));
        choice.asProfile = QString(); // nobody has no token
        QCOMPARE(m->session->outlivedByRun(choice), QStringList());
        RunnerWindow* runner = open();
        runner->findChildren<QSpinBox*>().first()->setValue(100'000);
        QSignalSpy finished(runner, &RunnerWindow::finished);
        runner->run();
        const auto* notice = runner->findChild<NoticeBar*>();
        QVERIFY(notice && notice->isVisible());
        QVERIFY(notice->text().contains("Nothing renews it"));
        runner->stop();
        QVERIFY(finished.wait(20000));
    }

    /// Many requests are one event in the timeline of who sent them.
    void aRunIsOneEventOfItsProfile() {
        RunnerWindow* runner = open();
        runner->choose({pathOf("List users")});
        QSignalSpy finished(runner, &RunnerWindow::finished);
        runner->run();
        QVERIFY(finished.wait(20000));
        const QString reader = runner->model().record().entries.first().profile;
        const QList<ProfileEvent> events = m->session->events(m->session->workspace().profile(reader)->id);
        QCOMPARE(events.size(), 1);
        QCOMPARE(events.first().kind, ProfileEvent::Kind::Used);
        QVERIFY2(events.first().text.contains("1 answers"), qPrintable(events.first().text));
    }

    void asSomebodyElseWhatFailsIsChosenAndExplained() {
        RunnerWindow* runner = open();
        auto* as = runner->findChildren<QComboBox*>().at(1);
        as->setCurrentIndex(as->findText("As anonymous"));
        runner->choose({pathOf("List users")});
        QSignalSpy finished(runner, &RunnerWindow::finished);
        runner->run();
        QVERIFY(finished.wait(20000));
        QCOMPARE(states(*runner), QStringList{"failed"});
        QCOMPARE(runner->list().currentIndex().row(), 0);
        QCOMPARE(runner->details().model()->index(0, CheckResultsModel::Message).data().toString(),
                 "It should be 200. It is 401.");
    }

    void dataGivesIterations() {
        QFile file(m->folder.filePath("data.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("who\na\nb\nc\n");
        file.close();
        RunnerWindow* runner = open();
        runner->useData(file.fileName());
        runner->choose({pathOf("Plans")});
        QSignalSpy finished(runner, &RunnerWindow::finished);
        runner->run();
        QVERIFY(finished.wait(20000));
        QCOMPARE(states(*runner).size(), 3);
        // A file that is none is refused, with its reason.
        runner->useData(m->folder.filePath("missing.csv"));
        auto* notice = runner->findChild<NoticeBar*>();
        QVERIFY(notice && notice->isVisible());
    }

    void productionIsAskedAbout() {
        Environment environment = *m->session->workspace().environment(m->session->environmentName());
        environment.kind = EnvironmentKind::Production;
        QVERIFY(m->session->saveEnvironment(environment).has_value());
        QToolButton* look = nullptr;
        for (QToolButton* each : m->window->findChildren<QToolButton*>())
            if (each->accessibleName() == "Environment") look = each;
        QVERIFY(look && look->text().startsWith("⚠ Production"));
        const auto box = [this] { return m->window->findChild<QMessageBox*>(); };
        const auto press = [&](const QString& text) {
            for (QAbstractButton* each : box()->buttons())
                if (each->text() == text) return each->click();
            QFAIL("no such button");
        };
        // What changes nothing is sent at once.
        RequestTab* tab = m->window->openRequest(pathOf("Plans"));
        QSignalSpy finished(tab, &RequestTab::finished);
        tab->send();
        QVERIFY(!box());
        QVERIFY(finished.wait(10000));
        // The rest is asked about; No sends nothing.
        RequestTab* unsafe = m->window->openRequest(pathOf("Delete user"));
        QSignalSpy done(unsafe, &RequestTab::finished);
        unsafe->send();
        QVERIFY(box());
        QVERIFY(static_cast<QAbstractButton*>(box()->defaultButton()) == box()->button(QMessageBox::Cancel));
        QVERIFY(box()->informativeText().startsWith("DELETE http://127.0.0.1"));
        box()->reject();
        QTRY_VERIFY(!box());
        QVERIFY(!unsafe->isRunning() && !unsafe->result());
        unsafe->send();
        press("Send to production");
        QVERIFY(done.wait(10000));
        QCOMPARE(unsafe->result()->hops.last().response().status, 403);
        QTRY_VERIFY(!box());
        // A run: the others only.
        RunnerWindow* runner = open();
        QSignalSpy ran(runner, &RunnerWindow::finished);
        runner->run();
        QVERIFY(!runner->isRunning());
        press("Send the others only");
        QVERIFY(ran.wait(20000));
        QCOMPARE(runner->model().record().count(RunnerEntry::State::Error), 3);
        for (const RunnerEntry& entry : runner->model().record().entries)
            QCOMPARE(entry.status == 0, entry.state == RunnerEntry::State::Error);
    }

    void oneRequestAsEveryone() {
        m->window->openRequest(pathOf("Get user"));
        QTest::keyClick(m->window.get(), Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
        auto* everyone = m->window->findChild<EveryoneWindow*>();
        QVERIFY(everyone && everyone->isVisible());
        QSignalSpy finished(everyone, &EveryoneWindow::finished);
        QVERIFY(!everyone->isRunning() || finished.wait(20000));
        QMap<QString, int> statuses;
        for (const EveryoneModel::Row& row : everyone->model().rows())
            statuses.insert(row.name, row.status);
        QCOMPARE(statuses, (QMap<QString, int>{{"Anonymous", 401},
                                               {"Reader", 200},
                                               {"Other reader", 403},
                                               {"Expired reader", 401},
                                               {"Admin", 200},
                                               {"Partner API key", 401}}));
        QVERIFY2(everyone->model().summary().startsWith("2 get in, 4 do not"),
                 qPrintable(everyone->model().summary()));
        QVERIFY(everyone->list().isColumnHidden(EveryoneModel::Verdict)); // no document is known
        // Equal answers are seen to be, and refusals are explained.
        for (int row = 0; row < everyone->model().rowCount(); ++row) {
            const QString name = everyone->model().rows().at(row).name;
            const QString answer = everyone->model().index(row, EveryoneModel::Answer).data().toString();
            if (name == "Admin") QVERIFY2(answer.contains("the same as Reader"), qPrintable(answer));
            if (everyone->model().rows().at(row).status >= 400)
                QVERIFY(!everyone->model().index(row, EveryoneModel::Why).data().toString().isEmpty());
        }
        // A row is one click from being sent in the window.
        RequestTab* tab = m->window->currentTab();
        QSignalSpy sent(tab, &RequestTab::finished);
        Q_EMIT everyone->list().activated(everyone->model().index(0, 0));
        QVERIFY(sent.wait(10000));
        QCOMPARE(tab->editor().profileId(), QString());
        everyone->close();
    }

    /// Where the API's document is known it is judged as a row of the access matrix.
    void oneRequestIsARowOfTheMatrix() {
        RequestSpec spec;
        spec.url = "{{baseUrl}}/openapi.json";
        const std::unique_ptr<Run> run = m->session->makeRun(spec);
        QSignalSpy read(run.get(), &Run::finished);
        QByteArray text;
        connect(run.get(), &Run::finished, this,
                [&](const RunResult& result) { text = result.hops.last().rawBody(); });
        run->start();
        QVERIFY(read.wait(10000));
        const Result<ApiDescription> api = readOpenApi("openapi.json", text);
        QVERIFY(api);
        m->session->setMatrixApi(*api);
        m->window->openRequest(pathOf("List users"));
        QTest::keyClick(m->window.get(), Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
        auto* everyone = m->window->findChild<EveryoneWindow*>();
        QVERIFY(everyone);
        const auto rowsOf = [&] {
            QSignalSpy finished(everyone, &EveryoneWindow::finished);
            if (everyone->isRunning() && !finished.wait(20000)) qFatal("it does not end");
            QMap<QString, QString> all;
            const EveryoneModel& model = everyone->model();
            for (int row = 0; row < model.rowCount(); ++row)
                all.insert(model.rows().at(row).name,
                           model.index(row, EveryoneModel::Expected).data().toString() + " | " +
                               model.index(row, EveryoneModel::Verdict).data().toString());
            all.insert("", model.summary());
            return all;
        };
        QMap<QString, QString> rows = rowsOf();
        QVERIFY(!everyone->list().isColumnHidden(EveryoneModel::Verdict));
        QCOMPARE(rows.value("Anonymous"), "401 | ✓ as expected");
        QCOMPARE(rows.value("Reader"), "gets in | ✓ as expected");
        QCOMPARE(rows.value("Expired reader"), "401 | ✓ as expected");
        QVERIFY2(!rows.value("").contains("not as expected"), qPrintable(rows.value("")));
        // An answer that holds what only another's objects do says whose.
        MatrixSettings settings = m->session->workspace().matrix;
        settings.markers["practice-admin"] = {"\"users\"", "\"id\""};
        QVERIFY(m->session->saveMatrix(settings));
        QVERIFY(m->practice.setDefect("ignore-exp", true));
        everyone->run();
        rows = rowsOf();
        const CellResult* reader = everyone->model().resultOf("practice-reader");
        QVERIFY(reader);
        QVERIFY2(reader->judged.advisories.join(u'\n').contains("only objects of Admin hold"),
                 qPrintable(reader->judged.advisories.join(u'\n')));
        const CellResult* admin = everyone->model().resultOf("practice-admin");
        QVERIFY(admin && !admin->judged.advisories.join(u'\n').contains("only objects of"));
        QCOMPARE(rows.value("Expired reader"), "401 | ✕ open door");
        QVERIFY2(rows.value("").endsWith("; 1 not as expected"), qPrintable(rows.value("")));
        everyone->close();
    }

    /// In production one at a time, and one a second, as the access matrix does.
    void productionIsNotHurried() {
        Environment environment = *m->session->workspace().environment(m->session->environmentName());
        environment.kind = EnvironmentKind::Production;
        QVERIFY(m->session->saveEnvironment(environment).has_value());
        m->window->openRequest(pathOf("Get user"));
        QTest::keyClick(m->window.get(), Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
        auto* everyone = m->window->findChild<EveryoneWindow*>();
        QVERIFY(everyone && everyone->isRunning());
        QElapsedTimer time;
        time.start();
        const auto done = [everyone] {
            const QList<EveryoneModel::Row>& rows = everyone->model().rows();
            return int(std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.done; }));
        };
        QTRY_COMPARE(done(), 1);
        QTRY_COMPARE(done(), 2);
        QVERIFY2(time.elapsed() > 900, qPrintable(QString::number(time.elapsed())));
        QVERIFY(everyone->isRunning());
        QSignalSpy finished(everyone, &EveryoneWindow::finished);
        everyone->stop(); // between two of them: nothing more is sent
        QCOMPARE(finished.size(), 1);
        QVERIFY(!everyone->isRunning());
        QTest::qWait(1200);
        QCOMPARE(done(), 2);
        everyone->close();
    }

    void whatChangesSomethingIsAskedAboutFirst() {
        m->window->openRequest(pathOf("Delete user"));
        QTest::keyClick(m->window.get(), Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
        auto* everyone = m->window->findChild<EveryoneWindow*>();
        QVERIFY(everyone && !everyone->isRunning());
        QCOMPARE(everyone->model().rowCount(), 0);
        auto* box = everyone->findChild<QMessageBox*>();
        QVERIFY(box);
        // The environment becomes another one while it is asked: it is asked anew, about that one.
        Environment other{"Other", {}};
        other.kind = EnvironmentKind::Production;
        QVERIFY(m->session->saveEnvironment(other).has_value());
        m->session->setEnvironment("Other");
        for (QAbstractButton* each : box->buttons())
            if (each->text() == "Send as everyone") each->click();
        QVERIFY(!everyone->isRunning());
        QTRY_VERIFY(everyone->findChild<QMessageBox*>() && everyone->findChild<QMessageBox*>() != box);
        QVERIFY(everyone->findChild<QMessageBox*>()->text().contains("in production"));
        everyone->findChild<QMessageBox*>()->reject();
        QVERIFY(!everyone->isRunning());
    }

    void stopEndsIt() {
        RunnerWindow* runner = open();
        for (QSpinBox* box : runner->findChildren<QSpinBox*>())
            if (box->accessibleName() == "Iterations") box->setValue(2000);
        QSignalSpy finished(runner, &RunnerWindow::finished);
        runner->run();
        QTest::qWait(50);
        QTest::keyClick(runner, Qt::Key_Period, Qt::ControlModifier);
        QVERIFY(finished.count() > 0 || finished.wait(10000));
        QVERIFY(runner->model().record().stopped);
        QVERIFY(runner->model().record().count(RunnerEntry::State::Skipped) > 0);
    }
};

QTEST_MAIN(TestWindowRunner)
#include "test_window_runner.moc"
