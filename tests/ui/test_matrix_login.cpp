// SPDX-License-Identifier: GPL-3.0-or-later
// The access window while a column waits for a login, and after a run that was stopped.
#include "tests/support/grant_fixture.h"
#include "ui/login_dialog.h"
#include "ui/matrix_model.h"
#include "ui/matrix_window.h"
#include "ui/notice_bar.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QUrlQuery>

using namespace kb;
using namespace kb::test;

namespace {

const QByteArray matrixDocument =
    R"({"openapi":"3.1.0","info":{"title":"t","version":"1"},"servers":[{"url":"https://api.example.com"}],)"
    R"("components":{"securitySchemes":{"b":{"type":"http","scheme":"bearer"}}},"security":[{"b":[]}],)"
    R"("paths":{"/me":{"get":{"responses":{}}},"/a":{"get":{"responses":{}}},"/b":{"get":{"responses":{}}}}})";

/// The window of a session whose only identity logs in in the browser, and whose token has ended.
struct MatrixLoginBench : GrantFixture {
    explicit MatrixLoginBench(qint64 leftMs) : GrantFixture(OAuthGrant::AuthorizationCode, leftMs) {
        record().parts.erase(grantpart::refreshToken);
        transport.answer = [this](const Request& request) {
            const QByteArray path = request.url.path();
            if (path == "/openapi.json") return reply(200, matrixDocument);
            if (path == "/token") return reply(200, GrantFixture::second);
            if (path == stopAt && matrix) matrix->stop();
            return request.headers.contains("Authorization") ? reply(200, "{\"a\":1}") : reply(401);
        };
        begin();
        if (!QTest::qWaitFor([this] { return ready(); })) qFatal("the profile was not read");
        matrix = std::make_unique<MatrixWindow>(*session);
        matrix->show();
        matrix->findChild<QLineEdit*>()->setText(QStringLiteral("https://api.example.com/openapi.json"));
        matrix->load();
        if (!QTest::qWaitFor([this] { return matrix->model().rowCount() == 3; })) qFatal("no document");
        finished = std::make_unique<QSignalSpy>(matrix.get(), &MatrixWindow::finished);
    }
    NoticeBar& notice() { return *matrix->findChild<NoticeBar*>(); }
    void press(const QString& text) {
        for (QPushButton* button : notice().findChildren<QPushButton*>())
            if ((button->text() == text || button->accessibleName() == text) && button->isVisible())
                return button->click();
        qFatal("no button %s", qPrintable(text));
    }
    int sentWith(const char* token) const {
        return int(std::count_if(transport.sent.begin(), transport.sent.end(), [&](const Request& each) {
            return each.headers.first("Authorization").value_or("").contains(token);
        }));
    }
    Verdict verdict(int row) {
        const MatrixModel& model = matrix->model();
        const int cell = model.cellAt(model.index(row, MatrixModel::firstProfileColumn + 1));
        return model.record().results.at(cell).judged.verdict;
    }
    QByteArray stopAt;
    std::unique_ptr<MatrixWindow> matrix;
    std::unique_ptr<QSignalSpy> finished;
};

} // namespace

class TestMatrixLogin : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aColumnWaitsAndGoesOn() {
        MatrixLoginBench bench(-1000);
        bench.matrix->run();
        QTRY_VERIFY2(bench.notice().text().startsWith(QStringLiteral("Grant needs a login.")),
                     qPrintable(bench.notice().text()));
        QCOMPARE(bench.sentWith("Bearer"), 0);
        QVERIFY(bench.matrix->isRunning());
        bench.press(QStringLiteral("Log in"));
        QTRY_VERIFY(bench.browser.opened.isValid());
        QTRY_VERIFY(!bench.matrix->findChildren<LoginDialog*>().isEmpty());
        // Given up, it is asked for again.
        bench.matrix->findChild<LoginDialog*>()->reject();
        QTRY_VERIFY(bench.notice().text().startsWith(QStringLiteral("Grant needs a login.")));
        bench.browser.opened.clear();
        bench.press(QStringLiteral("Log in"));
        QTRY_VERIFY(bench.browser.opened.isValid());
        QVERIFY(bench.listener.arrived(
            "/callback?code=c&state=" +
            QUrlQuery(bench.browser.opened).queryItemValue(QStringLiteral("state")).toLatin1()));
        QTRY_COMPARE(bench.finished->size(), 1);
        QCOMPARE(bench.sentWith("first-access-token"), 0);
        QCOMPARE(bench.sentWith("second-access-token"), 5); // three cells and two canaries
        for (int row = 0; row < 3; ++row)
            QCOMPARE(bench.verdict(row), Verdict::Pass);
    }

    void whoWillNotLogInIsLeftOut_data() {
        QTest::addColumn<QString>("button");
        QTest::newRow("said so") << QStringLiteral("Leave it out");
        QTest::newRow("closed the message") << QStringLiteral("Close this message");
    }
    void whoWillNotLogInIsLeftOut() {
        QFETCH(QString, button);
        MatrixLoginBench bench(-1000);
        bench.matrix->run();
        QTRY_VERIFY(bench.notice().text().startsWith(QStringLiteral("Grant needs a login.")));
        bench.press(button);
        QTRY_COMPARE(bench.finished->size(), 1);
        QCOMPARE(bench.sentWith("Bearer"), 0);
        QCOMPARE(bench.verdict(0), Verdict::NotProven);
    }

    /// A document is untrusted: a server that only it names gets nothing, and the window says why.
    void aServerThatOnlyTheDocumentNamesGetsNothing() {
        MatrixLoginBench bench(600'000);
        bench.transport.answer = [](const Request& request) {
            QByteArray foreign = matrixDocument;
            foreign.replace("https://api.example.com", "https://elsewhere.example");
            return request.url.path() == "/openapi.json" ? reply(200, foreign) : reply(200, "{}");
        };
        QSignalSpy planned(bench.matrix.get(), &MatrixWindow::planned);
        bench.matrix->load();
        QTRY_VERIFY(!planned.isEmpty());
        QVERIFY2(bench.notice().text().contains(QStringLiteral("names the server https://elsewhere.example")),
                 qPrintable(bench.notice().text()));
        QCOMPARE(bench.matrix->model().rowCount(), 0);
        bench.matrix->run();
        QVERIFY(!bench.matrix->isRunning());
        for (const Request& each : std::as_const(bench.transport.sent))
            QVERIFY(!each.url.text().contains("elsewhere"));
    }

    /// What a stopped run has left is sent, and nothing twice that a canary had closed.
    void aStoppedRunGoesOn() {
        MatrixLoginBench bench(600'000);
        bench.stopAt = "/a";
        bench.matrix->run();
        QTRY_COMPARE(bench.finished->size(), 1);
        QVERIFY2(bench.notice().text().contains(QStringLiteral("The run was stopped.")),
                 qPrintable(bench.notice().text()));
        bench.stopAt.clear();
        bench.press(QStringLiteral("Go on"));
        QTRY_COMPARE(bench.finished->size(), 2);
        for (int row = 0; row < 3; ++row)
            QCOMPARE(bench.verdict(row), Verdict::Pass);
        QVERIFY(!bench.matrix->model().record().stopped);
        // Nothing is left: nothing is sent.
        const qsizetype before = bench.transport.sent.size();
        bench.matrix->runWhatIsLeft();
        QVERIFY(!bench.matrix->isRunning());
        QCOMPARE(bench.transport.sent.size(), before);
    }
};

QTEST_MAIN(TestMatrixLogin)
#include "test_matrix_login.moc"
