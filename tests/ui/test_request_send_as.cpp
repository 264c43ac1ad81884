// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/ui_fixture.h"
#include "ui/pill.h"
#include "ui/secret_reveal.h"
#include "ui/send_as_bar.h"
#include "ui/send_as_bar_combo.h"
#include "ui/send_as_bar_parts.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace kb;
using namespace kb::test;

class TestRequestSendAs : public QObject {
    Q_OBJECT

    static QStringList pills(const SendAsBar& bar) {
        QStringList texts;
        for (const Pill* pill : bar.findChildren<Pill*>())
            if (pill->isVisibleTo(&bar)) texts.append(pill->text());
        return texts;
    }
    static QPushButton* revealButton(const SendAsBar& bar) { return bar.findChild<QPushButton*>(); }
    /// Everything a widget says in words, to itself or to a screen reader.
    static QString allWords(const QWidget& top) {
        QString words;
        QList<QWidget*> widgets = top.findChildren<QWidget*>();
        widgets.append(const_cast<QWidget*>(&top));
        for (const QWidget* widget : widgets) {
            words += widget->accessibleName() + widget->accessibleDescription() + widget->toolTip();
            for (const char* name : {"text", "currentText", "placeholderText"})
                words += widget->property(name).toString();
        }
        return words;
    }

private Q_SLOTS:
    void saysWhoAndHowLong() {
        UiFixture fixture;
        SendAsBar bar(*fixture.session);
        bar.resize(1100, 40);
        bar.show();
        QCOMPARE(pills(bar), QStringList{"no token"});
        QTRY_VERIFY(fixture.ready());
        bar.setProfile(QStringLiteral("reader"));
        QCOMPARE(pills(bar), (QStringList{"valid 12:42", "role: user"}));
        QCOMPARE(bar.findChild<ScopePills*>()->scopes(),
                 (QStringList{"users:read", "profile", "invoices:read"}));
        QVERIFY(bar.findChild<FittingLabel*>()->shownText().startsWith(
            QStringLiteral("Authorization: Bearer eyJ")));
        bar.setProfile(QStringLiteral("key"));
        QVERIFY(bar.findChild<FittingLabel*>()->shownText().startsWith(QStringLiteral("X-API-Key: ")));
        QCOMPARE(pills(bar).size(), 1);
        bar.setProfile(QStringLiteral("empty"));
        QCOMPARE(pills(bar), QStringList{"no secret"});
        QVERIFY(!revealButton(bar)->isVisible());
        bar.setProfile(QStringLiteral("gone"));
        QCOMPARE(pills(bar), QStringList{"not in this workspace"});
    }

    void theExceptionsStayInSightHoweverNarrow() {
        UiFixture fixture;
        SendAsBar bar(*fixture.session);
        QTRY_VERIFY(fixture.ready());
        bar.setProfile(QStringLiteral("reader"));
        bar.setTlsChecked(false);
        bar.show();
        for (const int width : {1400, 840, 640, 480}) {
            bar.resize(width, 40);
            QVERIFY2(pills(bar).contains(QStringLiteral("TLS check off")),
                     qPrintable(QString::number(width)));
            QVERIFY(bar.findChild<ProfileCombo*>()->isVisible());
            for (const Pill* pill : bar.findChildren<Pill*>())
                if (pill->isVisible())
                    QVERIFY2(pill->width() >= pill->sizeHint().width(), qPrintable(pill->text()));
            // One line, and nothing beyond its edge or over its neighbour.
            QList<QRect> taken;
            for (const QWidget* child :
                 bar.findChild<FitRow*>()->findChildren<QWidget*>(Qt::FindDirectChildrenOnly)) {
                if (!child->isVisible()) continue;
                QVERIFY(child->geometry().left() >= 0 && child->geometry().right() < width);
                for (const QRect& other : std::as_const(taken))
                    QVERIFY(!other.intersects(child->geometry()));
                taken.append(child->geometry());
            }
        }
        bar.setTlsChecked(true);
        QVERIFY(!pills(bar).contains(QStringLiteral("TLS check off")));
    }

    void choosingAProfileIsTold() {
        UiFixture fixture;
        SendAsBar bar(*fixture.session);
        bar.show();
        QSignalSpy chosen(&bar, &SendAsBar::profileChosen);
        auto* combo = bar.findChild<ProfileCombo*>();
        combo->setFocus();
        QTest::keyClick(combo, Qt::Key_Down);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(bar.profileId(), QStringLiteral("reader"));
        bar.setProfile(QStringLiteral("key"));
        QCOMPARE(chosen.size(), 1);
    }

    void aClickShowsTheSecretForAWhile() {
        UiFixture fixture;
        SendAsBar bar(*fixture.session);
        bar.show();
        QTRY_VERIFY(fixture.ready());
        bar.setProfile(QStringLiteral("reader"));
        QCOMPARE(SecretReveal::shownMs, 30000);
        bar.reveal().setShownTime(300);
        auto* secret = bar.findChild<RevealedSecret*>();
        QTest::mouseClick(revealButton(bar), Qt::LeftButton);
        QTRY_VERIFY(secret->isRevealed());
        QVERIFY(secret->shows(
            {fixture.readerToken.constData(), static_cast<std::size_t>(fixture.readerToken.size())}));
        QVERIFY(secret->isVisible());
        QVERIFY(!allWords(bar).contains(QString::fromLatin1(fixture.readerToken)));
        QCOMPARE(revealButton(bar)->text(), QStringLiteral("Hide"));
        QTRY_VERIFY(!secret->isRevealed());
        QCOMPARE(revealButton(bar)->text(), QStringLiteral("Reveal"));
    }

    void aSecondClickAndAnotherProfileHideIt() {
        UiFixture fixture;
        SendAsBar bar(*fixture.session);
        bar.show();
        QTRY_VERIFY(fixture.ready());
        bar.setProfile(QStringLiteral("reader"));
        QTest::mouseClick(revealButton(bar), Qt::LeftButton);
        QTRY_VERIFY(bar.isRevealed());
        QTest::mouseClick(revealButton(bar), Qt::LeftButton);
        QVERIFY(!bar.isRevealed());
        QTest::mouseClick(revealButton(bar), Qt::LeftButton);
        QTRY_VERIFY(bar.isRevealed());
        bar.setProfile(QStringLiteral("key"));
        QVERIFY(!bar.isRevealed());
        QTest::mouseClick(revealButton(bar), Qt::LeftButton);
        QTRY_VERIFY(bar.isRevealed());
        bar.hide();
        QVERIFY(!bar.isRevealed());
    }

    void holdingShowsItUntilLetGo() {
        UiFixture fixture;
        SendAsBar bar(*fixture.session);
        bar.show();
        QTRY_VERIFY(fixture.ready());
        bar.setProfile(QStringLiteral("reader"));
        QTest::mousePress(revealButton(bar), Qt::LeftButton);
        QTRY_VERIFY(bar.isRevealed());
        QTest::qWait(600); // longer than a click; a slower machine only makes it a longer hold
        QVERIFY(bar.isRevealed());
        QTest::mouseRelease(revealButton(bar), Qt::LeftButton);
        QVERIFY(!bar.isRevealed());
    }

    void aStoreThatRefusesIsSaid() {
        UiFixture fixture;
        SendAsBar bar(*fixture.session);
        bar.show();
        QTRY_VERIFY(fixture.ready());
        bar.setProfile(QStringLiteral("reader"));
        fixture.secrets.refusal =
            Error{ErrorCode::StoreLocked, QStringLiteral("The keychain is locked."), {}, {}, -1};
        QTest::mouseClick(revealButton(bar), Qt::LeftButton);
        QTRY_VERIFY(allWords(bar).contains(QStringLiteral("The keychain is locked.")));
        QVERIFY(!bar.isRevealed());
    }

    void scopesThatFindNoRoomAreCounted() {
        ScopePills scopes;
        scopes.setScopes({"a:read", "b:read", "c:read", "d:read", "e:read"});
        scopes.resize(scopes.sizeHint());
        QCOMPARE(scopes.shownCount(), 3);
        scopes.resize(scopes.minimumSizeHint());
        QCOMPARE(scopes.shownCount(), 0);
        QVERIFY(scopes.toolTip().contains(QStringLiteral("e:read")));
    }
};

QTEST_MAIN(TestRequestSendAs)
#include "test_request_send_as.moc"
