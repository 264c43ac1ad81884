// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_samples.h"
#include "ui/answer_body.h"
#include "ui/answer_error.h"
#include "ui/answer_headers.h"
#include "ui/answer_pane.h"
#include "ui/answer_sent.h"
#include "ui/answer_status.h"
#include "ui/body_view.h"
#include "ui/doctor_panel.h"
#include "ui/pill.h"
#include "ui/theme.h"
#include "ui/timeline_view.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>

using namespace kb;

class TestAnswerPane : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        qRegisterMetaType<kb::Remedy>();
        qRegisterMetaType<kb::Error>();
        theme().apply(*qApp, Theme::Mode::Light);
    }
    void init() {
        m_pane = std::make_unique<AnswerPane>();
        m_pane->resize(840, 520);
        m_pane->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_pane.get()));
    }
    void cleanup() { m_pane.reset(); }

    void statusLine();
    void marksWhatWasUnsafe();
    void doctorSpeaksAndMends();
    void doctorOpensWhatItNames();
    void doctorUndecided();
    void noDoctorWithoutDiagnosis();
    void aLongExplanationLeavesRoomForTheAnswer();
    void nothingOverlapsInASmallWindow();
    void refusedOriginCanBeAllowed();
    void consentIsAskedFor();
    void cancelledIsNoFinding();
    void errorAfterAHopShowsBoth();
    void pausedGoesOnOrStops();
    void runningShowsProgressAndStops();
    void aQuickRunDoesNotFlicker();
    void headersKeepOrderRepeatsAndGroups();
    void headersAreCopied();
    void timelineTellsEachHop();
    void sentRequestIsRedacted();
    void everyControlHasAName();
    void tabKeyReachesTheParts();

private:
    QPushButton* button(const QString& text) const {
        for (QPushButton* each : m_pane->findChildren<QPushButton*>())
            if (each->isVisible() && each->text() == text) return each;
        return nullptr;
    }
    QString allText() const {
        QStringList out;
        for (const QLabel* label : m_pane->findChildren<QLabel*>())
            if (label->isVisible()) out << label->text();
        return out.join(u'\n');
    }
    std::unique_ptr<AnswerPane> m_pane;
};

void TestAnswerPane::statusLine() {
    m_pane->showResult(samples::resultOf(samples::forbidden()));
    const auto* pill = m_pane->findChild<Pill*>(QStringLiteral("statusPill"));
    QVERIFY(pill && pill->isVisible());
    QCOMPARE(pill->text(), QStringLiteral("403 Forbidden"));
    QCOMPARE(pill->tone(), Tone::Bad);
    QVERIFY(!pill->toolTip().isEmpty());
    QCOMPARE(pill->accessibleName(), pill->text());
    QCOMPARE(pill->accessibleDescription(), pill->toolTip());
    const QString text = allText();
    for (const char* part : {"38 ms", "180 B", "HTTP/2 · TLS 1.3", "203.0.113.7:443"})
        QVERIFY2(text.contains(QString::fromUtf8(part)), part);
    QCOMPARE(m_pane->findChild<AnswerStatus*>()->rateText(), QStringLiteral("71 of 100, resets in 24 s"));
    QCOMPARE(m_pane->findChild<AnswerRateBar*>()->fraction(), 0.71);

    samples::Sample quiet = samples::forbidden();
    quiet.reply.response.headers = {};
    quiet.reply.response.status = 299;
    m_pane->showResult(samples::resultOf(quiet));
    QVERIFY(!m_pane->findChild<AnswerRateBar*>()->isVisible());
    QCOMPARE(m_pane->findChild<AnswerStatus*>()->rateText(), QString());
}

void TestAnswerPane::marksWhatWasUnsafe() {
    m_pane->showResult(samples::redirected());
    QStringList marks;
    for (const Pill* pill : m_pane->findChild<AnswerStatus*>()->findChildren<Pill*>()) {
        marks << pill->text();
        QVERIFY(!pill->toolTip().isEmpty());
    }
    QVERIFY(marks.contains(QStringLiteral("plain http")));
    QVERIFY(marks.contains(QStringLiteral("certificate not checked")));
    RunResult warned = samples::resultOf(samples::forbidden());
    warned.credentialWarning = QStringLiteral("The key is in the URL.");
    m_pane->showResult(warned);
    QVERIFY(allText().contains(warned.credentialWarning));
}

void TestAnswerPane::doctorSpeaksAndMends() {
    RunResult result = samples::resultOf(samples::forbidden());
    result.diagnosis = samples::insufficientScope();
    m_pane->showResult(result);
    const QString text = allText();
    QVERIFY(text.contains(result.diagnosis->sentence));
    QVERIFY(text.contains(result.diagnosis->evidence[2]));
    QSignalSpy chosen(m_pane.get(), &AnswerPane::remedyChosen);
    QPushButton* sendAs = button(QStringLiteral("Send as Admin"));
    QVERIFY(sendAs);
    sendAs->setFocus();
    QTest::keyClick(sendAs, Qt::Key_Space);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen[0][0].value<Remedy>().kind, Remedy::Kind::SendAs);
    QCOMPARE(chosen[0][0].value<Remedy>().argument, QStringLiteral("admin"));
}

void TestAnswerPane::doctorOpensWhatItNames() {
    RunResult result = samples::resultOf(samples::forbidden());
    result.diagnosis = samples::insufficientScope();
    result.diagnosis->remedies.append({Remedy::Kind::OpenTimeline, QStringLiteral("Open the timeline"), {}});
    m_pane->showResult(result);
    QSignalSpy chosen(m_pane.get(), &AnswerPane::remedyChosen);
    QTest::mouseClick(button(QStringLiteral("Open the challenge")), Qt::LeftButton);
    QCOMPARE(m_pane->currentTab(), AnswerPane::HeadersTab);
    const auto* list = m_pane->findChild<AnswerHeaders*>()->findChild<HeaderListView*>();
    QCOMPARE(list->currentIndex().siblingAtColumn(0).data().toString(), QStringLiteral("www-authenticate"));
    QTest::mouseClick(button(QStringLiteral("Open the timeline")), Qt::LeftButton);
    QCOMPARE(m_pane->currentTab(), AnswerPane::TimelineTab);
    QCOMPARE(chosen.count(), 0);
}

void TestAnswerPane::doctorUndecided() {
    RunResult result = samples::resultOf(samples::forbidden());
    result.diagnosis = samples::undecided();
    m_pane->showResult(result);
    const QString said = m_pane->findChild<DoctorPanel*>()->plainText();
    QVERIFY(said.contains(QLatin1String("What would decide it")));
    for (const QString& would : result.diagnosis->wouldDecide)
        QVERIFY(said.contains(would));
    // Red stands for a finding only.
    const QString red = theme().tone(Tone::Bad).text.name();
    QVERIFY(!m_pane->findChild<DoctorPanel*>()->styleSheet().contains(red));
    result.diagnosis = samples::insufficientScope();
    m_pane->showResult(result);
    QVERIFY(m_pane->findChild<DoctorPanel*>()->styleSheet().contains(red));
}

void TestAnswerPane::noDoctorWithoutDiagnosis() {
    RunResult result = samples::resultOf(samples::forbidden());
    result.diagnosis = samples::insufficientScope();
    m_pane->showResult(result);
    result.diagnosis.reset();
    m_pane->showResult(result);
    QVERIFY(!m_pane->findChild<DoctorPanel*>()->isVisible());
    QVERIFY(!button(QStringLiteral("Send as Admin")));
}

void TestAnswerPane::aLongExplanationLeavesRoomForTheAnswer() {
    RunResult result = samples::resultOf(samples::forbidden());
    result.diagnosis = samples::insufficientScope();
    for (int i = 0; i < 60; ++i)
        result.diagnosis->evidence << QStringLiteral("One more sentence of evidence that takes its room.");
    m_pane->showResult(result);
    QApplication::processEvents();
    QVERIFY(m_pane->body().view().isVisible());
    QVERIFY(m_pane->body().view().height() >= 72);
}

void TestAnswerPane::nothingOverlapsInASmallWindow() {
    RunResult result = samples::resultOf(samples::forbidden());
    result.diagnosis = samples::insufficientScope();
    result.diagnosis->evidence << QStringLiteral("A sentence that makes the explanation a line longer.");
    for (const QSize& size : {QSize(700, 375), QSize(560, 300), QSize(1100, 420)}) {
        m_pane->resize(size);
        m_pane->showResult(result);
        QApplication::processEvents();
        QList<QRect> taken;
        const QWidget* page = m_pane->body().parentWidget()->parentWidget();
        for (const QWidget* part : page->findChildren<QWidget*>(Qt::FindDirectChildrenOnly)) {
            if (!part->isVisible() || part->height() == 0) continue;
            for (const QRect& other : std::as_const(taken))
                QVERIFY2(!other.intersects(part->geometry()),
                         qPrintable(QStringLiteral("%1 at %2 in a height of %3")
                                        .arg(QLatin1String(part->metaObject()->className()))
                                        .arg(part->y())
                                        .arg(size.height())));
            taken.append(part->geometry());
        }
        QVERIFY(taken.size() >= 4);
    }
}

void TestAnswerPane::refusedOriginCanBeAllowed() {
    RunResult result;
    result.nothingSent = true;
    result.error = Error{
        ErrorCode::OriginRefused, QStringLiteral("This profile's secret may not go to https://evil.test."),
        QStringLiteral("https://evil.test"), QStringLiteral("It may go to https://api.acme.test."), -1};
    m_pane->showResult(result);
    const QString said = m_pane->findChild<AnswerError*>()->plainText();
    QVERIFY(said.contains(result.error->what));
    QVERIFY(said.contains(QLatin1String("Nothing was sent.")));
    QVERIFY(said.contains(result.error->next));
    QVERIFY(!m_pane->findChild<QTabBar*>()->isVisible());
    QSignalSpy allowed(m_pane.get(), &AnswerPane::allowOriginRequested);
    QPushButton* allow = button(QStringLiteral("Allow https://evil.test for this profile"));
    QVERIFY(allow);
    QTest::mouseClick(allow, Qt::LeftButton);
    QCOMPARE(allowed.count(), 1);
    QCOMPARE(allowed[0][0].toString(), QStringLiteral("https://evil.test"));
}

void TestAnswerPane::consentIsAskedFor() {
    RunResult result;
    result.nothingSent = true;
    result.error = Error{ErrorCode::ConsentNeeded,
                         QStringLiteral("The secret would go to http://api.acme.test without encryption."),
                         QStringLiteral("http://api.acme.test"), QStringLiteral("Use https."), -1};
    m_pane->showResult(result);
    QSignalSpy asked(m_pane.get(), &AnswerPane::consentRequested);
    auto* consent = m_pane->findChild<QPushButton*>(QStringLiteral("consent"));
    QVERIFY(consent && consent->isVisible());
    QVERIFY(!m_pane->findChild<QPushButton*>(QStringLiteral("allowOrigin"))->isVisible());
    QTest::mouseClick(consent, Qt::LeftButton);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked[0][0].value<Error>().where, QStringLiteral("http://api.acme.test"));
}

void TestAnswerPane::cancelledIsNoFinding() {
    RunResult result;
    result.error = Error{ErrorCode::Cancelled, QStringLiteral("You stopped the request."), {}, {}, -1};
    m_pane->showResult(result);
    const auto* panel = m_pane->findChild<AnswerError*>();
    QVERIFY(panel->isVisible());
    const QString red = theme().tone(Tone::Bad).text.name();
    QVERIFY(!panel->styleSheet().contains(red));
    result.error = Error{ErrorCode::NameNotFound, QStringLiteral("There is no host of that name."),
                         QStringLiteral("nowhere.test"), QStringLiteral("Check the spelling."), -1};
    m_pane->showResult(result);
    QVERIFY(panel->styleSheet().contains(red));
    QVERIFY(panel->plainText().contains(QLatin1String("nowhere.test")));
    QVERIFY(!m_pane->findChild<QPushButton*>(QStringLiteral("consent"))->isVisible());
}

void TestAnswerPane::errorAfterAHopShowsBoth() {
    RunResult result = samples::redirected();
    result.hops.removeLast();
    result.error = Error{ErrorCode::TlsFailed,
                         QStringLiteral("The certificate has expired."),
                         QStringLiteral("cdn.acme.test"),
                         {},
                         -1};
    m_pane->showResult(result);
    QVERIFY(m_pane->findChild<AnswerError*>()->isVisible());
    QVERIFY(m_pane->findChild<QTabBar*>()->isVisible());
    QCOMPARE(m_pane->findChild<Pill*>(QStringLiteral("statusPill"))->text(),
             QStringLiteral("307 Temporary Redirect"));
}

void TestAnswerPane::pausedGoesOnOrStops() {
    samples::Sample sample = samples::forbidden();
    sample.reply.response.body = QByteArray(1024 * 1024, 'x');
    sample.reply.response.headers = {};
    sample.reply.response.headers.append("content-type", "text/plain");
    m_pane->showPaused(samples::resultOf(sample));
    QVERIFY(allText().contains(QLatin1String("Stopped at 1 MB.")));
    QSignalSpy goOn(m_pane.get(), &AnswerPane::keepGoingRequested);
    QSignalSpy stop(m_pane.get(), &AnswerPane::stopRequested);
    QTest::mouseClick(button(QStringLiteral("Keep going")), Qt::LeftButton);
    QTest::mouseClick(button(QStringLiteral("Stop")), Qt::LeftButton);
    QCOMPARE(goOn.count(), 1);
    QCOMPARE(stop.count(), 1);
    m_pane->showResult(samples::resultOf(sample));
    QVERIFY(!button(QStringLiteral("Keep going")));
}

void TestAnswerPane::runningShowsProgressAndStops() {
    m_pane->showRunning();
    QTRY_VERIFY(button(QStringLiteral("Stop")));
    m_pane->setProgress(512 * 1024, 1024 * 1024);
    QVERIFY(allText().contains(QLatin1String("512 kB of 1 MB")));
    m_pane->setProgress(512 * 1024, -1);
    QVERIFY(allText().contains(QLatin1String("512 kB so far")));
    QSignalSpy stop(m_pane.get(), &AnswerPane::stopRequested);
    QTest::mouseClick(button(QStringLiteral("Stop")), Qt::LeftButton);
    QCOMPARE(stop.count(), 1);
    m_pane->showEmpty();
    QVERIFY(!button(QStringLiteral("Stop")));
}

void TestAnswerPane::aQuickRunDoesNotFlicker() {
    m_pane->showResult(samples::resultOf(samples::forbidden()));
    m_pane->showRunning();
    QVERIFY(m_pane->findChild<AnswerStatus*>()->isVisible());
    m_pane->showResult(samples::resultOf(samples::forbidden()));
    QTest::qWait(300); // the delayed page must not come any more
    QVERIFY(m_pane->findChild<AnswerStatus*>()->isVisible());
}

void TestAnswerPane::headersKeepOrderRepeatsAndGroups() {
    m_pane->showResult(samples::redirected());
    m_pane->setCurrentTab(AnswerPane::HeadersTab);
    QCOMPARE(m_pane->findChild<QTabBar*>()->tabText(AnswerPane::HeadersTab), QStringLiteral("Headers 9"));
    auto* list = m_pane->findChild<AnswerHeaders*>()->findChild<HeaderListView*>();
    const QAbstractItemModel* model = list->model();
    QCOMPARE(model->rowCount(), 3);
    QVERIFY(model->index(0, 0).data().toString().contains(QLatin1String("103 Early Hints")));
    QVERIFY(model->index(2, 0).data().toString().contains(QLatin1String("Trailers")));
    const QModelIndex answer = model->index(1, 0);
    QCOMPARE(model->rowCount(answer), 9);
    QStringList names;
    for (int i = 0; i < 9; ++i)
        names << model->index(i, 0, answer).data().toString();
    QCOMPARE(names.mid(6, 2), (QStringList{QStringLiteral("set-cookie"), QStringLiteral("set-cookie")}));
    // One group needs no title: the field lines stand at the top.
    m_pane->showResult(samples::resultOf(samples::forbidden()));
    QCOMPARE(model->rowCount(list->rootIndex()), 9);
}

void TestAnswerPane::headersAreCopied() {
    m_pane->showResult(samples::resultOf(samples::forbidden()));
    m_pane->setCurrentTab(AnswerPane::HeadersTab);
    auto* list = m_pane->findChild<AnswerHeaders*>()->findChild<HeaderListView*>();
    QVERIFY(list->selectField("X-Request-Id"));
    QTest::keyClick(list, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("x-request-id: b7c1e0a2"));
    QTest::mouseClick(button(QStringLiteral("Copy all")), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text().count(u'\n'), 8);
}

void TestAnswerPane::timelineTellsEachHop() {
    const RunResult result = samples::redirected();
    m_pane->showResult(result);
    m_pane->setCurrentTab(AnswerPane::TimelineTab);
    auto* timeline = m_pane->findChild<TimelineView*>();
    const QString text = timeline->plainText();
    QVERIFY(text.contains(QLatin1String("1 of 2")));
    QVERIFY(text.contains(QLatin1String("TLS: not needed")));
    QVERIFY(text.contains(result.hops[1].hopNote));
    QVERIFY(text.contains(QLatin1String("not checked")));
    QCOMPARE(timeline->findChildren<PhaseBars*>().size(), 2);
    QVERIFY(!timeline->findChildren<PhaseBars*>().first()->accessibleDescription().isEmpty());
    QTest::mouseClick(button(QStringLiteral("Copy")), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), text);
}

void TestAnswerPane::sentRequestIsRedacted() {
    samples::Sample sample = samples::forbidden();
    sample.sent.body = R"({"reason":"gone"})";
    sample.sent.hasBody = true;
    m_pane->showResult(samples::resultOf(sample));
    m_pane->setCurrentTab(AnswerPane::SentTab);
    auto* sent = m_pane->findChild<AnswerSent*>();
    const QString text = sent->plainText();
    QVERIFY(text.startsWith(QLatin1String("DELETE /users/12345 HTTP/2\n")));
    QVERIFY(text.contains(QLatin1String("Host: api.acme.test")));
    QVERIFY(text.endsWith(QLatin1String(R"({"reason":"gone"})")));
    QVERIFY(!text.contains(QString::fromUtf8(sample.secret)));
    QVERIFY(sent->findChild<BodyView*>()->isVisible());
    m_pane->showResult(samples::resultOf(samples::forbidden()));
    QVERIFY(!sent->findChild<BodyView*>()->isVisible());
    QVERIFY(allText().contains(QLatin1String("No body was sent.")));
}

void TestAnswerPane::everyControlHasAName() {
    RunResult result = samples::redirected();
    result.diagnosis = samples::insufficientScope();
    m_pane->showResult(result);
    for (const AnswerPane::Tab tab :
         {AnswerPane::BodyTab, AnswerPane::HeadersTab, AnswerPane::TimelineTab, AnswerPane::SentTab}) {
        m_pane->setCurrentTab(tab);
        for (const QWidget* widget : m_pane->findChildren<QWidget*>()) {
            if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus)) continue;
            const auto* press = qobject_cast<const QAbstractButton*>(widget);
            const bool named = !widget->accessibleName().isEmpty() || (press && press->text().size() > 1);
            QVERIFY2(named, widget->metaObject()->className());
        }
    }
}

void TestAnswerPane::tabKeyReachesTheParts() {
    RunResult result = samples::resultOf(samples::forbidden());
    result.diagnosis = samples::insufficientScope();
    m_pane->showResult(result);
    m_pane->activateWindow();
    QApplication::processEvents();
    QPushButton* first = button(QStringLiteral("Send as Admin"));
    first->setFocus();
    QList<QWidget*> order;
    for (int i = 0; i < 24; ++i) {
        QWidget* at = m_pane->focusWidget();
        if (order.contains(at)) break;
        order << at;
        QTest::keyClick(at, Qt::Key_Tab);
    }
    // From the doctor to the tabs, on to the tools, and into the body.
    const auto place = [&](QWidget* widget) { return order.indexOf(widget); };
    QWidget* tabs = m_pane->findChild<QTabBar*>();
    QVERIFY(place(first) >= 0 && place(tabs) > place(first));
    QVERIFY(place(button(QStringLiteral("Save…"))) > place(tabs));
    QVERIFY(place(&m_pane->body().view()) > place(button(QStringLiteral("Save…"))));
}

QTEST_MAIN(TestAnswerPane)
#include "test_answer_pane.moc"
