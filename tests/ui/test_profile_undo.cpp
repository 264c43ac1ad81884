// SPDX-License-Identifier: GPL-3.0-or-later
// Undo and redo of what is done to token profiles, and what becomes of their secrets.
#include "tests/support/ui_fixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace kb;
using namespace kb::test;

class TestProfileUndo : public QObject {
    Q_OBJECT
    std::unique_ptr<UiFixture> m;

    QStringList names() const {
        QStringList all;
        for (const TokenProfile& each : m->session->profiles())
            all << each.name;
        return all;
    }
    TokenProfile profile(const QString& id) const { return *m->session->workspace().profile(id); }
    QUndoStack& stack() { return m->session->undoStack(); }
    bool save(const TokenProfile& changed, std::optional<SecretRecord> record = {}) {
        std::optional<bool> saved;
        m->session->saveProfile(changed, std::move(record),
                                [&](const Result<void>& done) { saved = done.has_value(); });
        return QTest::qWaitFor([&] { return saved.has_value(); }) && *saved;
    }
    QByteArray secretOf(const QString& ref) const {
        const auto at = m->secrets.records.find(ref);
        if (at == m->secrets.records.end()) return "none";
        const std::string_view bytes = at->second.secret.reveal();
        return {bytes.data(), qsizetype(bytes.size())};
    }
    static SecretRecord record(std::string_view secret, const QStringList& origins = {}) {
        SecretRecord made;
        made.secret = Secret(secret);
        made.allowedOrigins = origins;
        return made;
    }
    /// The next deletion ends the undo time of the one before.
    void removeWithItsSecret(const QString& id) {
        m->session->removeProfile(id);
        m->session->removeProfile("dummy");
        stack().undo();
    }

private Q_SLOTS:
    void init() {
        m = std::make_unique<UiFixture>();
        QTRY_VERIFY(m->ready());
        TokenProfile dummy;
        dummy.id = dummy.name = "dummy";
        QVERIFY(save(dummy));
        stack().clear();
    }
    void cleanup() { m.reset(); }

    void aDeletedProfileComesBackInItsPlaceWithItsSecret() {
        const QList<TokenProfile> before = m->session->profiles();
        const QByteArray secret = secretOf("key");
        QVERIFY(secret != "none");
        const QStringList origins = m->secrets.records["key"].allowedOrigins;
        removeWithItsSecret("key");
        QTRY_COMPARE(secretOf("key"), QByteArray("none")); // it has left the keychain
        QVERIFY(!m->session->workspace().profile("key"));
        QVERIFY(!m->settings.value("profiles/pendingSecretRemovals", {}).toStringList().contains("key"));
        stack().undo();
        QCOMPARE(m->session->profiles(), before);
        QTRY_COMPARE(secretOf("key"), secret);
        QCOMPARE(m->secrets.records["key"].allowedOrigins, origins);
        QTRY_VERIFY(m->session->state("key") && m->session->state("key")->facts);
        QCOMPARE(m->workspaces.workspace.profiles, before);
        stack().redo();
        QVERIFY(!m->session->workspace().profile("key"));
        m->session->removeProfile("dummy");
        QTRY_COMPARE(secretOf("key"), QByteArray("none"));
    }

    void anUndoWhileTheSecretLeavesBringsItBack() {
        const QByteArray secret = secretOf("key");
        m->session->removeProfile("key");
        m->session->removeProfile("dummy"); // its secret is read and removed from now on
        stack().undo();
        stack().undo();
        QTest::qWait(50);
        QCOMPARE(secretOf("key"), secret);
        m->session->removeProfile("key");
        m->session->removeProfile("dummy");
        QTRY_COMPARE(secretOf("key"), QByteArray("none")); // removed, and not yet said to be
        stack().undo();
        stack().undo();
        QTRY_COMPARE(secretOf("key"), secret);
        QTRY_VERIFY(m->session->state("key") && m->session->state("key")->facts);
    }

    void aSecretThatIsThereAgainIsNewerAndStays() {
        removeWithItsSecret("key");
        QTRY_COMPARE(secretOf("key"), QByteArray("none"));
        QTest::qWait(20);
        m->secrets.records["key"] = record("newer");
        stack().undo();
        QTRY_VERIFY(m->session->state("key") && m->session->state("key")->facts);
        QCOMPARE(secretOf("key"), QByteArray("newer"));
    }

    void aKeychainThatRefusesLosesNothing() {
        const QByteArray secret = secretOf("key");
        removeWithItsSecret("key");
        QTRY_COMPARE(secretOf("key"), QByteArray("none"));
        QTest::qWait(20);
        m->secrets.refusal = Error{ErrorCode::StoreLocked, "The keychain is locked.", {}, {}, -1};
        QSignalSpy said(m->session.get(), &Session::message);
        stack().undo();
        QTRY_COMPARE(said.size(), 1);
        m->secrets.refusal.reset();
        QCOMPARE(secretOf("key"), QByteArray("none"));
        stack().redo(); // another try
        stack().undo();
        QTRY_COMPARE(secretOf("key"), secret);
        QTRY_VERIFY(m->session->state("key") && m->session->state("key")->facts);
    }

    void theSecretGoesWithTheStep() {
        removeWithItsSecret("key");
        QTRY_COMPARE(secretOf("key"), QByteArray("none"));
        QVERIFY(m->session->openWorkspace(QStringLiteral("/nowhere")));
        QVERIFY(!stack().canUndo());
        // Within the undo time, too.
        m->session->removeProfile("reader");
        QVERIFY(secretOf("reader") != "none");
        QVERIFY(m->session->openWorkspace(QStringLiteral("/nowhere")));
        QTRY_COMPARE(secretOf("reader"), QByteArray("none"));
    }

    void newOnesGoAndComeBack() {
        const QStringList before = names();
        TokenProfile made;
        made.id = made.name = "Made";
        made.bindings = {{{}, SecretRef{"made"}, {"https://one.test"}, {}}};
        QVERIFY(save(made, record("sesame")));
        QVERIFY(m->session->duplicateProfile("Made"));
        const QString copy = m->session->profiles().last().bindings.first().secret.id;
        QTRY_COMPARE(secretOf(copy), QByteArray("sesame"));
        const QStringList all = names();
        QSignalSpy offered(m->session.get(), &Session::profileRemoved);
        stack().undo();
        stack().undo();
        QCOMPARE(names(), before);
        QCOMPARE(offered.size(), 0); // what is undone is done again by redo
        QTRY_COMPARE(secretOf(copy), QByteArray("none"));
        stack().redo();
        stack().redo();
        QCOMPARE(names(), all);
        QTRY_COMPARE(secretOf(copy), QByteArray("sesame"));
        QTRY_COMPARE(secretOf("made"), QByteArray("sesame"));
        QTRY_VERIFY(m->session->state("Made") && m->session->state("Made")->facts);
    }

    void theOrderIsUndone() {
        const QStringList before = names();
        QVERIFY(m->session->moveProfile(0, 2));
        const QStringList after = names();
        QVERIFY(after != before);
        stack().undo();
        QCOMPARE(names(), before);
        stack().redo();
        QCOMPARE(names(), after);
    }

    void anEditIsUndoneAndANewerSecretStays() {
        const TokenProfile before = profile("key");
        TokenProfile changed = before;
        changed.name = "Another";
        changed.colour = "#102030";
        changed.declared.roles = {"admin"};
        QVERIFY(save(changed));
        QVERIFY(save(changed, record("newer"))); // of its own no step
        QCOMPARE(stack().count(), 1);
        QCOMPARE(secretOf("key"), QByteArray("newer"));
        stack().undo();
        QCOMPARE(profile("key"), before);
        stack().redo();
        QCOMPARE(profile("key"), changed);
        stack().undo();
        QTest::qWait(20);
        QCOMPARE(secretOf("key"), QByteArray("newer"));
    }

    void whatChangedSinceStays() {
        TokenProfile changed = profile("key");
        changed.name = "Another";
        QVERIFY(save(changed));
        // Another program's change of another field stays; one of the same field is not run over.
        m->workspaces.workspace.profiles = m->session->profiles();
        const auto edit = [&](const QString& name, const QString& colour) {
            Workspace& workspace = const_cast<Workspace&>(m->session->workspace());
            for (TokenProfile& each : workspace.profiles)
                if (each.id == "key") {
                    each.name = name;
                    each.colour = colour;
                }
        };
        edit("Another", "#445566");
        stack().undo();
        QCOMPARE(profile("key").name, QStringLiteral("Key"));
        QCOMPARE(profile("key").colour, QStringLiteral("#445566"));
        edit("Third", "#445566");
        QSignalSpy said(m->session.get(), &Session::message);
        stack().redo();
        QCOMPARE(said.size(), 1);
        QCOMPARE(profile("key").name, QStringLiteral("Third"));
    }

    /// An address that stood in the files and was never agreed to is not agreed to by undoing.
    void undoingAllowsNoAddressThatWasNotAllowed() {
        TokenProfile odd = profile("key");
        odd.bindings.first().allowedOrigins = {"https://odd.test"};
        const_cast<Workspace&>(m->session->workspace())
            .profiles[m->session->profiles().indexOf(profile("key"))] = odd;
        const QStringList confirmed = m->secrets.records["key"].allowedOrigins;
        QVERIFY(!confirmed.contains("https://odd.test"));
        TokenProfile changed = odd;
        changed.bindings.first().allowedOrigins = {"https://mine.test"};
        QVERIFY(save(changed));
        QCOMPARE(m->secrets.records["key"].allowedOrigins, QStringList{"https://mine.test"});
        stack().undo();
        QCOMPARE(profile("key").bindings.first().allowedOrigins, QStringList{"https://odd.test"});
        QTRY_COMPARE(m->secrets.records["key"].allowedOrigins, confirmed);
        stack().redo();
        QTRY_COMPARE(m->secrets.records["key"].allowedOrigins, QStringList{"https://mine.test"});
        // With a secret that was pasted along, nothing is allowed that was allowed for the other one.
        changed.bindings.first().allowedOrigins = {"https://third.test"};
        QVERIFY(save(changed, record("newer", {"https://third.test"})));
        stack().undo();
        QTest::qWait(20);
        QCOMPARE(profile("key").bindings.first().allowedOrigins, QStringList{"https://mine.test"});
        QCOMPARE(m->secrets.records["key"].allowedOrigins, QStringList{"https://third.test"});
    }

    void aKindThatCameWithItsSecretStays() {
        TokenProfile changed = profile("key");
        changed.name = "Basic";
        changed.scheme = BasicScheme{};
        QVERIFY(save(changed, record("ada:sesame")));
        stack().undo();
        QCOMPARE(profile("key").name, QStringLiteral("Key"));
        QVERIFY(std::holds_alternative<BasicScheme>(profile("key").scheme));
    }
};

QTEST_MAIN(TestProfileUndo)
#include "test_profile_undo.moc"
