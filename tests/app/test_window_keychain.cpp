// SPDX-License-Identifier: GPL-3.0-or-later
// The window on a session without a keychain service, and on one that is locked: what it says, and the way
// out. KB_KEYRING tells which session this is: "none" or "locked".
#include "window_fixture.h"

#include "ui/notice_bar.h"
#include "ui/profile_dialog.h"
#include "ui/profile_list_model.h"
#include "ui/request_tab.h"
#include "ui/secret_edit.h"

#include <QAbstractButton>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>

using namespace kb;

class TestWindowKeychain : public QObject {
    Q_OBJECT
    std::unique_ptr<WindowFixture> m;
    const bool m_locked = qgetenv("KB_KEYRING") == "locked";

    static QString words(const QWidget& top) {
        QString all;
        for (const QLabel* label : top.findChildren<QLabel*>())
            if (label->isVisibleTo(&top)) all += label->text() + '\n';
        return all;
    }
    static QAbstractButton* button(const QWidget& top, const QString& part) {
        for (QAbstractButton* each : top.findChildren<QAbstractButton*>())
            if (each->text().contains(part)) return each;
        return nullptr;
    }

private Q_SLOTS:
    void init() {
        m = std::make_unique<WindowFixture>();
        QVERIFY(m->session->openPractice(m->practiceFolder()));
        m->open();
        QTRY_VERIFY_WITH_TIMEOUT(m->session->storeState().kind != StoreState::Kind::Unknown, 20000);
    }
    void cleanup() { m.reset(); }

    void itSaysWhatIsWrongAndOffersAnotherTry() {
        QCOMPARE(m->session->storeState().kind,
                 m_locked ? StoreState::Kind::Locked : StoreState::Kind::Unavailable);
        const QString said = m->window->notice().text();
        QVERIFY2(said.contains(m_locked ? "locked" : "keychain", Qt::CaseInsensitive), qPrintable(said));
        QVERIFY2(words(*m->window).contains(m_locked ? "Keychain locked" : "No keychain"), "status bar");
        QVERIFY(button(m->window->notice(), "Try again"));
        QVERIFY(button(m->window->notice(), "memory"));
    }

    /// The practice profiles live in memory: the first send works on any machine.
    void thePracticeWorkspaceWorksAllTheSame() {
        QTRY_VERIFY_WITH_TIMEOUT(m->session->state("practice-reader")->facts, 10000);
        QSignalSpy finished(m->window->currentTab(), &RequestTab::finished);
        m->window->currentTab()->send();
        QVERIFY(finished.wait(20000));
        QCOMPARE(m->window->currentTab()->result()->hops.last().response().status, 200);
    }

    void savingIsRefusedInWordsAndMemoryIsTheWayOut() {
        button(m->window->notice(), "memory")->click();
        auto* dialog = m->window->findChild<ProfileDialog*>();
        QVERIFY(dialog);
        // Who asked for memory gets memory; the keychain stays one click away and says why it cannot serve.
        QVERIFY(qobject_cast<QRadioButton*>(button(*dialog, "In memory only"))->isChecked());
        button(*dialog, "In the keychain")->click();
        QVERIFY2(words(*dialog).contains(m_locked ? "locked" : "keychain", Qt::CaseInsensitive),
                 qPrintable(words(*dialog)));
        QVERIFY(words(*dialog).contains("memory only"));
        dialog->findChild<QLineEdit*>()->setText("Mine");
        dialog->findChild<SecretEdit*>()->setText("c0ffee00c0ffee00c0ffee00c0ffee01");
        QSignalSpy saved(dialog, &ProfileDialog::saved);
        if (!m_locked) { // a locked one asks for its password, and nobody is there to type it
            button(*dialog, "Save")->click();
            QTRY_VERIFY_WITH_TIMEOUT(button(*dialog, "Save")->isEnabled(), 60000);
            QVERIFY(saved.isEmpty() && dialog->isVisible());
            QVERIFY(words(*dialog).contains("keychain", Qt::CaseInsensitive));
        }
        QCOMPARE(dialog->findChild<SecretEdit*>()->text().size(), 32);
        button(*dialog, "In memory only")->click();
        button(*dialog, "Save")->click();
        QTRY_COMPARE_WITH_TIMEOUT(saved.size(), 1, 10000);
        const QString id = saved.first().first().toString();
        QTRY_VERIFY_WITH_TIMEOUT(m->session->state(id) && m->session->state(id)->facts, 10000);
        QCOMPARE(m->session->workspace().profile(id)->storage, SecretStorage::Memory);
    }

    /// A profile of a shared workspace whose secret cannot be had: the list has a word for it, and the panel
    /// the whole sentence.
    void aProfileInTheKeychainSaysWhyItCannotBeRead() {
        if (m_locked) return; // reading would ask for the password
        TokenProfile profile = m->session->profiles().first();
        profile.id = "mine";
        profile.name = "Mine";
        profile.storage = SecretStorage::Keychain;
        profile.bindings = {{{}, SecretRef{"nowhere"}, {}, {}}};
        std::optional<bool> saved;
        m->session->saveProfile(profile, {}, [&](const Result<void>& done) { saved = done.has_value(); });
        QTRY_VERIFY(saved);
        QTRY_VERIFY_WITH_TIMEOUT(m->session->state("mine")->problem, 60000);
        QCOMPARE(lookOf(m->session->state("mine")).text, QString("no keychain"));
        m->window->selectProfile("mine");
        QVERIFY(words(*m->window).contains(m->session->state("mine")->problem->what));
        QVERIFY(!m->session->state("mine")->problem->next.isEmpty());
    }
};

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    Theme::instance().apply(app, Theme::Mode::Light);
    TestWindowKeychain test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_window_keychain.moc"
