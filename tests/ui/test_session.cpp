// SPDX-License-Identifier: GPL-3.0-or-later
// What the session does by itself: time, notifications, secrets that move or leave.
#include "tests/support/ui_fixture.h"
#include "ui/clipboard_guard.h"
#include "ui/profile_list_model.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

using namespace kb;
using namespace kb::test;

class TestSession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aNotificationComesOnceBeforeExpiry() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        QCOMPARE(fixture.session->state("reader")->status.state, TokenState::Valid);
        fixture.clock.now += 600'000; // 162 of 900 s left: the last 20 %
        QTRY_COMPARE_WITH_TIMEOUT(fixture.notifications.size(), 1, 5000);
        QVERIFY2(fixture.notifications.first().contains("Reader"), qPrintable(fixture.notifications.first()));
        QVERIFY(fixture.notifications.first().contains("2:42"));
        QSignalSpy ticked(fixture.session.get(), &Session::ticked);
        QVERIFY(ticked.wait(5000));
        QCOMPARE(fixture.notifications.size(), 1);
        QCOMPARE(fixture.session->state("reader")->status.state, TokenState::DueSoon);
    }

    /// A refresh token that ends is told where the token's own time is told.
    void whatEndsBesideTheTokenIsInSight() {
        UiFixture fixture;
        fixture.addProfile("robot", "Robot", OAuthScheme{}, fixture.readerToken);
        fixture.secrets.records[QStringLiteral("robot")].facts.insert(
            QStringLiteral("refresh_expires_ms"),
            QString::number(fixture.clock.now + qint64(3.5 * 86'400'000)));
        QVERIFY(fixture.session->openWorkspace(QStringLiteral("/nowhere")));
        fixture.session->begin();
        QTRY_VERIFY(fixture.session->state("robot") && fixture.session->state("robot")->facts);
        const ProfileListModel list(*fixture.session);
        const QModelIndex robot = list.indexOf(QStringLiteral("robot"));
        QVERIFY(robot.data(ProfileListModel::TimeTextRole).toString().startsWith(QStringLiteral("⚠")));
        for (const int role : {int(Qt::ToolTipRole), int(Qt::AccessibleTextRole)})
            QVERIFY2(robot.data(role).toString().contains("The refresh token expires in 3 d."),
                     qPrintable(robot.data(role).toString()));
        const QModelIndex reader = list.indexOf(QStringLiteral("reader"));
        QVERIFY(!reader.data(ProfileListModel::TimeTextRole).toString().contains(QStringLiteral("⚠")));
    }

    void theNotificationCanBeTurnedOff() {
        UiFixture fixture;
        fixture.settings.setValue(QStringLiteral("notify/expiry"), false);
        QTRY_VERIFY(fixture.ready());
        fixture.clock.now += 600'000;
        QTRY_COMPARE_WITH_TIMEOUT(fixture.session->state("reader")->status.state, TokenState::DueSoon, 5000);
        QVERIFY(fixture.notifications.isEmpty());
    }

    /// A machine that slept: the clock that counts sleep has gone on.
    void sleepCounts() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        fixture.clock.now += 3'600'000;
        QTRY_COMPARE_WITH_TIMEOUT(fixture.session->state("reader")->status.state, TokenState::Expired, 5000);
    }

    void aTurnedClockDoesNotFoolTheCountdown() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        QSignalSpy jumped(fixture.session.get(), &Session::clockJumped);
        fixture.clock.moved = -86'400'000;
        QTRY_COMPARE_WITH_TIMEOUT(jumped.size(), 1, 5000);
        QCOMPARE(fixture.session->state("reader")->status.state, TokenState::Valid);
        fixture.session->acceptClock();
        QVERIFY(fixture.session->state("reader")->status.state != TokenState::Valid ||
                *fixture.session->state("reader")->status.secondsLeft > 80'000);
    }

    /// Each state has its own word and its own sign: colour is never the only one.
    void statesDifferInMoreThanColour() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        QStringList signs, words;
        const double now = fixture.session->nowSeconds();
        const auto add = [&](std::optional<double> notBefore, std::optional<double> expires) {
            ProfileState state;
            state.loading = ProfileState::Loading::Done;
            state.facts.emplace();
            state.facts->issuedAt = now - 100;
            state.facts->notBefore = notBefore;
            state.facts->expiresAt = expires;
            state.status = statusAt(*state.facts, now, now);
            const ProfileLook look = lookOf(&state);
            signs << look.sign;
            words << look.stateText;
        };
        add({}, now + 900); // valid
        add({}, now + 10);  // due soon
        add({}, now - 10);  // expired
        add(now + 100, now + 900);
        QCOMPARE(QSet<QString>(signs.begin(), signs.end()).size(), 4);
        QCOMPARE(QSet<QString>(words.begin(), words.end()).size(), 4);
    }

    /// Each trouble with the keychain has its own word in the list and its own message.
    void keychainTroublesDiffer() {
        QStringList words;
        for (const ErrorCode code :
             {ErrorCode::StoreLocked, ErrorCode::StoreUnavailable, ErrorCode::StoreRefused,
              ErrorCode::StoreTimeout, ErrorCode::SecretMissing, ErrorCode::SecretChanged}) {
            ProfileState state;
            state.loading = ProfileState::Loading::Failed;
            state.problem = Error{code, QStringLiteral("x"), {}, {}, -1};
            words << lookOf(&state).text;
        }
        QCOMPARE(QSet<QString>(words.begin(), words.end()).size(), words.size());
    }

    void aSecretThatMovesToMemoryLeavesTheKeychain() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        TokenProfile profile = *fixture.session->workspace().profile("key");
        profile.storage = SecretStorage::Memory;
        SecretRecord record;
        record.secret = Secret(std::string_view("another"));
        std::optional<bool> saved;
        fixture.session->saveProfile(profile, std::move(record),
                                     [&](const Result<void>& result) { saved = result.has_value(); });
        QTRY_VERIFY(saved);
        QVERIFY(*saved);
        QTRY_VERIFY(!fixture.secrets.records.contains(QStringLiteral("key")));
        QVERIFY(fixture.memorySecrets.records.contains(QStringLiteral("key")));
    }

    void aRefusalByTheStoreKeepsTheOldProfile() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        TokenProfile profile = *fixture.session->workspace().profile("key");
        profile.name = QStringLiteral("Renamed");
        fixture.secrets.refusal =
            Error{ErrorCode::StoreLocked, QStringLiteral("The keychain is locked."), {}, {}, -1};
        SecretRecord record;
        record.secret = Secret(std::string_view("another"));
        std::optional<Error> error;
        fixture.session->saveProfile(profile, std::move(record), [&](const Result<void>& result) {
            if (!result) error = result.error();
        });
        QTRY_VERIFY(error);
        QCOMPARE(error->code, ErrorCode::StoreLocked);
        QCOMPARE(fixture.session->workspace().profile("key")->name, QStringLiteral("Key"));
    }

    void theClipboardIsClearedIfUnchanged() {
        ClipboardGuard guard;
        guard.setSeconds(1);
        QSignalSpy countdown(&guard, &ClipboardGuard::countdown);
        guard.copy(Secret(std::string_view("sesame")));
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("sesame"));
        QVERIFY(
            QGuiApplication::clipboard()->mimeData()->hasFormat(QStringLiteral("x-kde-passwordManagerHint")));
        QCOMPARE(countdown.first().first().toInt(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(QGuiApplication::clipboard()->text().isEmpty(), 5000);
        QCOMPARE(countdown.last().first().toInt(), 0);
        QCOMPARE(ClipboardGuard::seconds, 30);
    }

    void whatTheUserCopiedSinceStays() {
        ClipboardGuard guard;
        guard.setSeconds(1);
        guard.copy(Secret(std::string_view("sesame")));
        QGuiApplication::clipboard()->setText(QStringLiteral("a recipe"));
        QTRY_COMPARE_WITH_TIMEOUT(guard.secondsLeft(), 0, 5000);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("a recipe"));
    }

    void leavingTakesItOffAtOnce() {
        {
            ClipboardGuard guard;
            guard.copy(Secret(std::string_view("sesame")));
        }
        QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
    }
};

QTEST_MAIN(TestSession)
#include "test_session.moc"
