// SPDX-License-Identifier: GPL-3.0-or-later
// What the window sends is remembered without its secrets, found again, compared, sent again and deleted.
#include "tests/app/cli_process.h"
#include "tests/app/window_fixture.h"
#include "ui/history_window.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>

using namespace kb;

class TestWindowHistory : public QObject {
    Q_OBJECT
    std::unique_ptr<WindowFixture> m;

    void send(const QString& path, const QString& profile, const QString& method = "GET",
              const QString& body = {}) {
        RequestSpec spec;
        spec.method = method;
        spec.url = "{{baseUrl}}" + path;
        spec.profileId = profile;
        if (!body.isEmpty()) spec.body = {BodySpec::Kind::Json, body, {}};
        const std::unique_ptr<Run> run = m->session->makeRun(spec);
        QSignalSpy finished(run.get(), &Run::finished);
        run->start();
        QVERIFY(finished.count() || finished.wait(10000));
    }
    HistoryWindow* open() {
        QTest::keyClick(m->window.get(), Qt::Key_H, Qt::ControlModifier);
        auto* window = m->window->findChild<HistoryWindow*>();
        if (!window) qFatal("no history");
        window->find();
        return window;
    }
    static QStringList rows(HistoryWindow& window) {
        QStringList all;
        for (int row = 0; row < window.model().rowCount(); ++row) {
            const HistoryEntry& entry = window.model().at(row);
            all.append(entry.method + ' ' + entry.url.section('/', 3) + ' ' + QString::number(entry.status) +
                       ' ' + entry.profileName);
        }
        return all;
    }
    static QPushButton* button(HistoryWindow& window, const QString& text) {
        for (QPushButton* each : window.findChildren<QPushButton*>())
            if (each->text() == text) return each;
        qFatal("no button %s", qPrintable(text));
    }

    static QComboBox* box(HistoryWindow& window, const QString& name) {
        for (QComboBox* each : window.findChildren<QComboBox*>())
            if (each->accessibleName() == name) return each;
        qFatal("no box %s", qPrintable(name));
    }

private Q_SLOTS:
    void byHostAndByDay() {
        send("/plans", {});
        HistoryRecord old;
        old.entry.method = "GET";
        old.entry.url = "https://old.example.com/a";
        old.entry.host = "old.example.com";
        old.entry.status = 200;
        old.entry.timeMs = QDateTime::currentDateTime().addDays(-10).toMSecsSinceEpoch();
        QVERIFY(m->history.add(old));
        HistoryWindow* window = open();
        QCOMPARE(window->model().rowCount(), 2);
        QComboBox* hosts = box(*window, "Host");
        QCOMPARE(hosts->count(), 3);
        hosts->setCurrentIndex(hosts->findData("old.example.com"));
        QTRY_COMPARE(rows(*window), QStringList{"GET a 200 "});
        hosts->setCurrentIndex(0);
        QComboBox* when = box(*window, "When");
        when->setCurrentIndex(when->findText("Today"));
        QTRY_COMPARE(rows(*window), QStringList{"GET plans 200 "});
        when->setCurrentIndex(when->findText("The last 30 days"));
        QTRY_COMPARE(window->model().rowCount(), 2);
    }

    void init() {
        m = std::make_unique<WindowFixture>();
        m->openOnPractice();
    }
    void cleanup() { m.reset(); }

    void whatWasSentIsFoundAgain() {
        send("/me", "practice-reader");
        send("/admin/stats", "practice-reader");
        send("/search?q=Ada", "practice-reader");
        send("/users", "");
        HistoryWindow* window = open();
        QCOMPARE(rows(*window), (QStringList{"GET users 401 ", "GET search?q=Ada 200 Reader",
                                             "GET admin/stats 403 Reader", "GET me 200 Reader"}));
        // The details tell what was sent and what came, and why.
        QVERIFY2(window->details().contains("WWW-Authenticate"), qPrintable(window->details()));
        auto* text = window->findChild<QLineEdit*>();
        text->setText("search?q=A");
        QTRY_COMPARE(rows(*window), QStringList{"GET search?q=Ada 200 Reader"});
        text->clear();
        const QList<QComboBox*> boxes = window->findChildren<QComboBox*>();
        for (QComboBox* box : boxes)
            if (box->accessibleName() == "Status") box->setCurrentText("Failed");
        QTRY_COMPARE(rows(*window), (QStringList{"GET users 401 ", "GET admin/stats 403 Reader"}));
        for (QComboBox* box : boxes)
            if (box->accessibleName() == "Sent as") box->setCurrentText("Reader");
        QTRY_COMPARE(rows(*window), QStringList{"GET admin/stats 403 Reader"});
        // It fills while it is open.
        send("/admin/stats?again=1", "practice-reader");
        QTRY_COMPARE(window->model().rowCount(), 2);
    }

    void twoAnswersAreCompared() {
        send("/users", "practice-reader");
        send("/users", "");
        HistoryWindow* window = open();
        window->table().selectAll();
        QVERIFY2(window->details().contains("status | 200 | 401"), qPrintable(window->details()));
        QVERIFY(window->details().contains("header www-authenticate"));
    }

    void anExchangeIsOpenedAsItWas() {
        send("/users", "practice-reader", "POST", "{\"name\": \"Ada\"}");
        HistoryWindow* window = open();
        QVERIFY(!button(*window, "Open the saved request")->isEnabled());
        QTest::mouseClick(button(*window, "Open as it was"), Qt::LeftButton);
        const RequestSpec spec = m->window->currentTab()->editor().spec();
        QCOMPARE(spec.method, "POST");
        QCOMPARE(spec.url, m->practice.baseUrl() + "/users");
        QCOMPARE(spec.body.text, "{\"name\": \"Ada\"}");
        QCOMPARE(spec.profileId, "practice-reader");
        for (const HeaderRow& row : spec.headers)
            QVERIFY2(row.name != "Authorization", qPrintable(row.value)); // it comes from the profile
    }

    void theSavedRequestIsOpenedAsItIsNow() {
        const QString path = m->window->currentTab()->path();
        QSignalSpy finished(m->window->currentTab(), &RequestTab::finished);
        m->window->currentTab()->send();
        QVERIFY(finished.wait(10000));
        HistoryWindow* window = open();
        m->window->openSpec({});
        QVERIFY(m->window->currentTab()->path() != path);
        QTest::mouseClick(button(*window, "Open the saved request"), Qt::LeftButton);
        QCOMPARE(m->window->currentTab()->path(), path);
    }

    void pinnedAndDeleted() {
        send("/me", "practice-reader");
        send("/users", "");
        HistoryWindow* window = open();
        window->selectRow(1);
        QTest::mouseClick(button(*window, "Pin"), Qt::LeftButton);
        QVERIFY(window->model().at(1).pinned);
        QVERIFY(window->details().contains("GET " + m->practice.baseUrl() + "/me")); // it stays in sight
        window->findChild<QCheckBox*>()->setChecked(true);
        QTRY_COMPARE(rows(*window), QStringList{"GET me 200 Reader"});
        QTest::mouseClick(button(*window, "Delete"), Qt::LeftButton);
        QCOMPARE(window->model().rowCount(), 0);
        window->findChild<QCheckBox*>()->setChecked(false);
        QTRY_COMPARE(window->model().rowCount(), 1);
        QTest::mouseClick(button(*window, "Delete all…"), Qt::LeftButton);
        auto* box = window->findChild<QMessageBox*>();
        QVERIFY(box);
        for (QAbstractButton* each : box->buttons())
            if (each->text().contains("Delete all")) QTest::mouseClick(each, Qt::LeftButton);
        QCOMPARE(window->model().rowCount(), 0);
    }

    void switchedOffNothingIsKept() {
        m->settings.setValue(QStringLiteral("history/enabled"), false);
        send("/me", "practice-reader");
        QVERIFY(!QFile::exists(m->folder.filePath("history.sqlite")));
        m->settings.setValue(QStringLiteral("history/enabled"), true);
        send("/me", "practice-reader");
        QVERIFY(QFile::exists(m->folder.filePath("history.sqlite")));
    }

    /// Neither the request's secret nor one that the answer repeats, nor what was typed into an address.
    void noSecretIsKept() {
        QVERIFY(m->practice.setDefect("reflect-token", true));
        std::optional<QByteArray> secret;
        const HandlePtr reading = m->session->revealSecret("practice-reader", [&](Result<Secret> got) {
            if (got) secret = QByteArray(got->reveal().data(), qsizetype(got->reveal().size()));
        });
        QTRY_VERIFY(secret);
        for (const char* path :
             {"/me", "/users", "/admin/stats", "/search?q=a&api_key=typed-into-the-url-0123456789"})
            send(path, "practice-reader");
        send("/oauth/token", "", "POST", "{\"client_secret\": \"typed-into-the-body-0123456789\"}");
        QVERIFY(open()->model().rowCount() >= 5);
        QByteArray all;
        const QMap<QString, QByteArray> files = filesBelow(m->folder.path());
        for (auto each = files.cbegin(); each != files.cend(); ++each)
            if (each.key().contains("history")) all += each.value();
        QVERIFY(all.contains("/admin/stats"));
        QVERIFY2(firstLeak(all, *secret).isEmpty(), firstLeak(all, *secret).constData());
        // Of the token not even the parts: its signature is what makes it one.
        QVERIFY(!all.contains(secret->split('.').at(2)));
        for (const char* typed : {"typed-into-the-url-0123456789", "typed-into-the-body-0123456789"})
            QVERIFY2(firstLeak(all, typed).isEmpty(), typed);
    }
};

QTEST_MAIN(TestWindowHistory)
#include "test_window_history.moc"
