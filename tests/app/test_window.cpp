// SPDX-License-Identifier: GPL-3.0-or-later
// The real main window, offscreen or on a display, on real parts.
#include "window_fixture.h"

#include "tests/support/accessible_walk.h"
#include "ui/answer_pane.h"
#include "ui/clipboard_guard.h"
#include "ui/expiry_bar.h"
#include "ui/notice_bar.h"
#include "ui/pill.h"
#include "ui/profile_dialog.h"
#include "ui/profile_list.h"
#include "ui/profile_list_model.h"
#include "ui/profile_panel.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/request_tree_model.h"
#include "ui/secret_edit.h"
#include "ui/secret_reveal.h"

#include <QAbstractButton>
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace kb;

class TestWindow : public QObject {
    Q_OBJECT
    std::unique_ptr<WindowFixture> m;

    RequestTab& tab() { return *m->window->currentTab(); }

    /// Sends the open request as a profile and waits for the answer.
    RunResult sendAs(const QString& profileId) {
        tab().setProfile(profileId);
        QSignalSpy finished(&tab(), &RequestTab::finished);
        tab().send();
        if (!finished.wait(20000)) qFatal("no answer within 20 s");
        return *tab().result();
    }

private Q_SLOTS:
    void init() {
        m = std::make_unique<WindowFixture>();
        m->openOnPractice();
    }
    void cleanup() { m.reset(); }

    void firstStart() {
        QCOMPARE(m->session->workspace().name, "Practice API");
        QCOMPARE(m->session->profiles().size(), 5);
        QVERIFY(m->session->practiceRunning());
        QCOMPARE(m->session->variables().value("baseUrl"), m->practice.baseUrl());
        QCOMPARE(m->session->state("practice-reader")->status.state, TokenState::Valid);
        QCOMPARE(m->session->state("practice-admin")->status.state, TokenState::DueSoon);
        QCOMPARE(m->session->state("practice-expired-reader")->status.state, TokenState::Expired);
        QCOMPARE(m->session->state("practice-api-key")->status.state, TokenState::NoExpiryKnown);
    }

    void readerGets200() {
        const RunResult result = sendAs("practice-reader");
        QVERIFY(!result.error);
        QCOMPARE(result.hops.last().response().status, 200);
        QVERIFY(!result.diagnosis);
    }

    void otherReaderGets403WithItsSentence() {
        const RunResult result = sendAs("practice-other-reader");
        QCOMPARE(result.hops.last().response().status, 403);
        QVERIFY(result.diagnosis);
        QCOMPARE(result.diagnosis->cause, "insufficient-scope");
        QCOMPARE(result.diagnosis->sentence, "The token is valid, but it may not do this.");
        QVERIFY(!result.diagnosis->missingScopes.isEmpty());
    }

    void expiredReaderGets401WithItsSentence() {
        const RunResult result = sendAs("practice-expired-reader");
        QCOMPARE(result.hops.last().response().status, 401);
        QCOMPARE(result.diagnosis->cause, "token-expired");
        QVERIFY(!result.diagnosis->evidence.isEmpty());
    }

    void anonymousGets401() {
        const RunResult result = sendAs({});
        QCOMPARE(result.hops.last().response().status, 401);
        QCOMPARE(result.diagnosis->cause, "no-credential");
    }

    /// The remedy's button does what it says.
    void sendAsRemedy() {
        const RunResult result = sendAs("practice-expired-reader");
        const auto remedy = std::find_if(result.diagnosis->remedies.begin(), result.diagnosis->remedies.end(),
                                         [](const Remedy& r) { return r.kind == Remedy::Kind::SendAs; });
        QVERIFY(remedy != result.diagnosis->remedies.end());
        QSignalSpy finished(&tab(), &RequestTab::finished);
        Q_EMIT tab().answer().remedyChosen(*remedy);
        QVERIFY(finished.wait(20000));
        QCOMPARE(tab().editor().profileId(), remedy->argument);
    }

    void digitsSwitchTheProfile() {
        QTest::keyClick(m->window.get(), Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(tab().editor().profileId(), "practice-other-reader");
        QTest::keyClick(m->window.get(), Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(tab().editor().profileId(), "");
        QTest::keyClick(m->window.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(tab().editor().profileId(), "practice-reader");
        QCOMPARE(m->window->profileList().current(), "practice-reader");
    }

    void sendByKeyboard() {
        QSignalSpy finished(&tab(), &RequestTab::finished);
        QTest::keyClick(m->window.get(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(finished.wait(20000));
    }

    void elsewhereIsRefusedAndCanBeAllowed() {
        RequestSpec spec = tab().editor().spec();
        spec.url = QString(m->practice.baseUrl()).replace("127.0.0.1", "localhost") + "/users/12345";
        spec.params.clear();
        RequestTab* other = m->window->openSpec(spec);
        QSignalSpy finished(other, &RequestTab::finished);
        other->send();
        QVERIFY(finished.wait(20000));
        QCOMPARE(other->result()->error->code, ErrorCode::OriginRefused);
        QVERIFY(other->result()->nothingSent);
        Q_EMIT other->answer().allowOriginRequested(other->result()->error->where);
        QVERIFY(finished.wait(20000));
        QVERIFY2(!other->result()->error,
                 qPrintable(other->result()->error ? other->result()->error->text() : QString()));
        QCOMPARE(other->result()->hops.last().response().status, 200);
    }

    void savedRequestSurvives() {
        RequestSpec spec;
        spec.name = "Mine / with: odd name";
        spec.url = "{{baseUrl}}/search?q=a%20b";
        spec.headers = {{"X-Twice", "1", {}, true}, {"X-Twice", "2", {}, true}};
        RequestTab* made = m->window->openSpec(spec);
        const Result<void> saved = made->save({});
        QVERIFY2(saved, qPrintable(saved ? QString() : saved.error().text()));
        FileWorkspaceStore fresh;
        const Result<Workspace> again = fresh.load(m->practiceFolder());
        QVERIFY(again);
        const TreeItem* item = again->find(made->path());
        QVERIFY(item);
        QCOMPARE(item->name, spec.name);
        QCOMPARE(item->request.url, spec.url);
        QCOMPARE(item->request.headers, spec.headers);
    }

    void profileInTheKeychain() {
        ProfileDialog dialog(*m->session, {}, m->window.get());
        dialog.show();
        dialog.findChild<QLineEdit*>()->setText("Mine");
        auto* secret = dialog.findChild<SecretEdit*>();
        secret->useText("Bearer c0ffee00c0ffee00c0ffee00c0ffee00\n");
        QCOMPARE(secret->text(), "c0ffee00c0ffee00c0ffee00c0ffee00");
        QCOMPARE(secret->echoMode(), QLineEdit::Password);
        dialog.findChild<QPlainTextEdit*>()->setPlainText(m->practice.baseUrl());
        QSignalSpy saved(&dialog, &ProfileDialog::saved);
        for (QAbstractButton* button : dialog.findChildren<QAbstractButton*>())
            if (button->text().contains("Save")) button->click();
        QVERIFY(saved.wait(10000));
        const QString id = saved.first().first().toString();
        QTRY_VERIFY_WITH_TIMEOUT(m->session->state(id) && m->session->state(id)->facts, 10000);
        const TokenProfile* profile = m->session->workspace().profile(id);
        QCOMPARE(profile->storage, SecretStorage::Keychain);
        const QString ref = profile->bindings.first().secret.id;
        // It is really there: another store object reads it.
        LazyKeychain other;
        std::optional<Result<SecretRecord>> record;
        const HandlePtr handle = other.read(profile->bindings.first().secret,
                                            [&](Result<SecretRecord> r) { record = std::move(r); });
        QTRY_VERIFY_WITH_TIMEOUT(record, 10000);
        QVERIFY(*record);
        QCOMPARE(QByteArray((*record)->secret.reveal().data(), 32), "c0ffee00c0ffee00c0ffee00c0ffee00");

        // Deleted for good, it is in the keychain no more; undone, it is in the file and the keychain again.
        const auto kept = [&] {
            std::optional<QByteArray> found;
            const HandlePtr reading = other.read(SecretRef{ref}, [&](const Result<SecretRecord>& r) {
                found = r ? QByteArray(r->secret.reveal().data(), qsizetype(r->secret.size())) : "none";
            });
            return QTest::qWaitFor([&] { return found.has_value(); }, 10000) ? *found : QByteArray("?");
        };
        m->session->removeProfile(id);
        m->session->removeProfile("practice-reader"); // ends the first one's undo time
        QTRY_COMPARE_WITH_TIMEOUT(kept(), QByteArray("none"), 10000);
        m->session->undoStack().undo();
        m->session->undoStack().undo();
        QTRY_COMPARE_WITH_TIMEOUT(kept(), QByteArray("c0ffee00c0ffee00c0ffee00c0ffee00"), 10000);
        QTRY_VERIFY_WITH_TIMEOUT(m->session->state(id) && m->session->state(id)->facts, 10000);
        QVERIFY(FileWorkspaceStore().load(m->practiceFolder())->profile("Mine"));
    }

    void removeCanBeUndone() {
        const int before = int(m->session->profiles().size());
        m->session->removeProfile("practice-reader");
        QCOMPARE(m->session->profiles().size(), before - 1);
        QVERIFY(m->window->notice().text().contains("Reader"));
        m->session->undoRemoveProfile();
        QCOMPARE(m->session->profiles().size(), before);
        QCOMPARE(m->session->profiles().first().id, "practice-reader");
        QCOMPARE(sendAs("practice-reader").hops.last().response().status, 200);
    }

    void removeDeletesTheSecretAfterTheUndoTime() {
        m->session->removeProfile("practice-reader");
        const SecretRef ref{"practice-reader"};
        const auto stillThere = [&] {
            std::optional<bool> there;
            const HandlePtr handle =
                m->memory.read(ref, [&](const Result<SecretRecord>& r) { there = r.has_value(); });
            return QTest::qWaitFor([&] { return there.has_value(); }, 5000) && *there;
        };
        QVERIFY(stillThere()); // the undo time is not over
        QVERIFY(QTest::qWaitFor([&] { return !stillThere(); }, (m->session->undoSeconds() + 10) * 1000));
    }

    void duplicateAndReorder() {
        QVERIFY(m->session->duplicateProfile("practice-reader"));
        const TokenProfile copy = m->session->profiles().last();
        QCOMPARE(copy.name, "Reader copy");
        QTRY_VERIFY_WITH_TIMEOUT(m->session->state(copy.id) && m->session->state(copy.id)->facts, 10000);
        QCOMPARE(sendAs(copy.id).hops.last().response().status, 200);
        QVERIFY(m->session->moveProfile(int(m->session->profiles().size()) - 1, 0));
        QCOMPARE(m->session->profiles().first().id, copy.id);
        FileWorkspaceStore fresh;
        QCOMPARE(fresh.load(m->practiceFolder())->profiles.first().id, copy.id);
    }

    void modelsAreSound() {
        ProfileListModel profiles(*m->session);
        QAbstractItemModelTester profilesTester(&profiles,
                                                QAbstractItemModelTester::FailureReportingMode::Fatal);
        RequestTreeModel requests;
        QAbstractItemModelTester requestsTester(&requests,
                                                QAbstractItemModelTester::FailureReportingMode::Fatal);
        requests.setItems(m->session->workspace().items);
        QVERIFY(requests.rowCount() >= 3);
        QCOMPARE(profiles.rowCount(), 6);
        QVERIFY(requests.indexOf(tab().path()).isValid());
    }

    /// Every control tells a screen reader what it is, in every part of the window.
    void everyControlHasAName() {
        sendAs("practice-other-reader"); // the doctor's buttons, the answer's tools
        QStringList nameless;
        for (int part = 0; part <= RequestEditor::SettingsTab; ++part) {
            tab().editor().showTab(static_cast<RequestEditor::Tab>(part));
            nameless << test::namelessControls(*m->window);
        }
        for (int part = 0; part <= AnswerPane::SentTab; ++part) {
            tab().answer().setCurrentTab(static_cast<AnswerPane::Tab>(part));
            nameless << test::namelessControls(*m->window);
        }
        m->session->removeProfile("practice-admin"); // the notice bar with its button
        QTest::keyClick(m->window.get(), Qt::Key_K, Qt::ControlModifier);
        nameless << test::namelessControls(*m->window);
        nameless.removeDuplicates();
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join('\n')));
    }

    void f6GoesRoundThePanes() {
        tab().editor().focusUrl();
        QList<QWidget*> panes;
        const auto paneOf = [](QWidget* widget) -> QWidget* {
            for (; widget; widget = widget->parentWidget())
                for (const char* name : {"kb::RequestTree", "kb::ProfileList", "kb::RequestEditor",
                                         "kb::AnswerPane", "kb::ProfilePanel"})
                    if (qstrcmp(widget->metaObject()->className(), name) == 0) return widget;
            return nullptr;
        };
        sendAs("practice-reader");
        for (int i = 0; i < 5; ++i) {
            QTest::keyClick(m->window.get(), Qt::Key_F6);
            panes << paneOf(m->window->focusWidget());
        }
        QCOMPARE(QSet<QWidget*>(panes.begin(), panes.end()).size(), 5);
        QVERIFY(!panes.contains(nullptr));
        QTest::keyClick(m->window.get(), Qt::Key_F6, Qt::ShiftModifier);
        QCOMPARE(paneOf(m->window->focusWidget()), panes.at(3));
        QTest::keyClick(m->window.get(), Qt::Key_L, Qt::ControlModifier);
        QVERIFY(qobject_cast<QLineEdit*>(m->window->focusWidget()));
    }

    /// The time left stands in the list, under the URL and in the panel, and all three agree.
    void timeLeftIsInThreePlaces() {
        tab().setProfile("practice-reader");
        QTRY_VERIFY(m->session->state("practice-reader")->status.fractionLeft > 0.5);
        const QList<ExpiryBar*> bars = m->window->findChildren<ExpiryBar*>();
        int underUrl = 0, inPanel = 0;
        for (const ExpiryBar* bar : bars) {
            if (!bar->isVisible()) continue;
            QVERIFY(bar->fraction() > 0.5);
            QVERIFY2(bar->accessibleName().contains(':'), qPrintable(bar->accessibleName()));
            (m->window->currentTab()->isAncestorOf(bar) ? underUrl : inPanel) += 1;
        }
        QCOMPARE(underUrl, 1);
        QCOMPARE(inPanel, 1);
        ProfileListModel list(*m->session);
        const QModelIndex reader = list.indexOf("practice-reader");
        QVERIFY(reader.data(ProfileListModel::HasBarRole).toBool());
        QVERIFY(reader.data(ProfileListModel::TimeTextRole).toString().contains(':'));
        QVERIFY(reader.data(Qt::AccessibleTextRole).toString().contains("valid"));
        QVERIFY(list.indexOf("practice-expired-reader")
                    .data(ProfileListModel::TimeTextRole)
                    .toString()
                    .contains("expired"));
    }

    void thePanelSaysThatNothingIsVerified() {
        m->window->selectProfile("practice-reader");
        auto* panel = m->window->findChild<ProfilePanel*>();
        const auto says = [panel](const char* part) {
            for (const QLabel* label : panel->findChildren<QLabel*>())
                if (label->isVisible() && label->text().contains(part)) return true;
            return false;
        };
        for (const char* part : {"The claims are decoded", "issued", "expires", "iss", "aud", "RS256",
                                 "Kept in memory only", "127.0.0.1"})
            QTRY_VERIFY2(says(part), part); // a layout shows new labels when the event loop comes round
        QStringList pills;
        for (const Pill* pill : panel->findChildren<Pill*>())
            pills << pill->text();
        QVERIFY(pills.contains("users:read") && pills.contains("role: user"));
        QVERIFY(pills.contains("not verified"));
    }

    void thePanelRevealsWhileHeldAndCopies() {
        m->window->selectProfile("practice-reader");
        auto* panel = m->window->findChild<ProfilePanel*>();
        SecretReveal& reveal = panel->reveal();
        QVERIFY(reveal.button()->isVisible() && !reveal.isRevealed());
        QTest::mousePress(reveal.button(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(reveal.isRevealed(), 5000);
        QVERIFY(reveal.secret()->isVisible());
        QTest::qWait(500); // held: a long press
        QTest::mouseRelease(reveal.button(), Qt::LeftButton);
        QVERIFY(!reveal.isRevealed());
        panel->clipboard().setSeconds(1);
        for (QAbstractButton* button : panel->findChildren<QAbstractButton*>())
            if (button->text() == "Copy") button->click();
        QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith("eyJ"));
        QTRY_VERIFY_WITH_TIMEOUT(QGuiApplication::clipboard()->text().isEmpty(), 5000);
    }

    /// Sent while the practice API still makes its keys: it waits, and is answered.
    void sendingBeforeTheTokensAreThereWaits() {
        QVERIFY(m->session->openPractice(m->practiceFolder()));
        QVERIFY(m->session->practiceStarting()); // told through the event loop, which has not turned
        QVERIFY(m->practice.isRunning());
        QSignalSpy finished(&tab(), &RequestTab::finished);
        tab().setProfile("practice-reader");
        tab().send();
        QVERIFY(tab().isRunning());
        QVERIFY(finished.wait(20000));
        QVERIFY2(!tab().result()->error,
                 qPrintable(tab().result()->error ? tab().result()->error->text() : QString()));
        QCOMPARE(tab().result()->hops.last().response().status, 200);
    }

    void lightAndDark() {
        Theme::instance().apply(*qApp, Theme::Mode::Dark);
        QVERIFY(Theme::instance().isDark());
        Theme::instance().apply(*qApp, Theme::Mode::Light);
        QVERIFY(!Theme::instance().isDark());
    }
};

int main(int argc, char** argv) {
    // The modules lie where the programs look for them, beside the build's bin folder.
    QApplication app(argc, argv);
    QTEST_SET_MAIN_SOURCE_PATH
    Theme::instance().apply(app, Theme::Mode::Light);
    TestWindow test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_window.moc"
