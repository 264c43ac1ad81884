// SPDX-License-Identifier: GPL-3.0-or-later
// One open request: consent, refusal, cancelling, and tokens moved out of it.
#include "tests/support/ui_fixture.h"
#include "ui/answer_pane.h"
#include "ui/main_window.h"
#include "ui/notice_bar.h"
#include "ui/profile_dialog.h"
#include "ui/request_editor.h"
#include "ui/request_tab.h"
#include "ui/secret_edit.h"
#include "ui/theme.h"
#include "ui/url_edit.h"

#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace kb;
using namespace kb::test;

class TestRequestTab : public QObject {
    Q_OBJECT

    static QPushButton* button(const QWidget& top, const QString& part) {
        for (QPushButton* each : top.findChildren<QPushButton*>())
            if (each->text().contains(part) && each->isVisibleTo(&top)) return each;
        return nullptr;
    }
    static RequestSpec to(const QString& url, const QString& profile = QStringLiteral("reader")) {
        RequestSpec spec;
        spec.url = url;
        spec.profileId = profile;
        return spec;
    }

private Q_SLOTS:
    void plainHttpAsksOnceAndIsMarked() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        const QString origin = QStringLiteral("http://api.example.com");
        std::optional<bool> allowed;
        fixture.session->allowOrigin(QStringLiteral("reader"), origin, false, false,
                                     [&](const Result<void>& done) { allowed = done.has_value(); });
        QTRY_VERIFY(allowed);
        RequestTab tab(*fixture.session, to(origin + QStringLiteral("/users")));
        tab.resize(900, 700);
        tab.show();
        QSignalSpy finished(&tab, &RequestTab::finished);
        tab.send();
        QVERIFY(finished.wait(5000));
        QCOMPARE(tab.result()->error->code, ErrorCode::ConsentNeeded);
        QVERIFY(tab.result()->nothingSent);
        QVERIFY(fixture.transport.sent.isEmpty());
        QPushButton* yes = button(tab.answer(), QStringLiteral("Allow and send"));
        QVERIFY(yes);
        yes->click();
        QTRY_COMPARE(fixture.transport.sent.size(), 1);
        QVERIFY(fixture.secrets.records["reader"].plainHttpOrigins.contains(origin));
        tab.cancel();
        QTRY_COMPARE(finished.size(), 2);
        tab.send(); // it asked once
        QTRY_COMPARE(fixture.transport.sent.size(), 2);
        // And stays marked.
        bool marked = false;
        for (const RequestHint& hint : tab.editor().hints())
            marked = marked || hint.kind == RequestHint::Kind::PlainHttp;
        QVERIFY(marked);
        tab.cancel();
        QTRY_COMPARE(finished.size(), 3);
    }

    void aMissingProfileIsNotSentAsNobody() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        RequestTab tab(*fixture.session,
                       to(QStringLiteral("https://api.example.com/"), QStringLiteral("gone")));
        tab.show();
        tab.send();
        QTRY_VERIFY(tab.result() && tab.result()->error);
        QVERIFY(tab.result()->nothingSent && !tab.isRunning());
        QVERIFY(fixture.transport.sent.isEmpty());
    }

    void cancelEndsTheRun() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        RequestTab tab(*fixture.session, to(QStringLiteral("https://api.example.com/")));
        tab.show();
        QSignalSpy finished(&tab, &RequestTab::finished);
        tab.send();
        QTRY_COMPARE(fixture.transport.sent.size(), 1);
        QVERIFY(tab.isRunning() && tab.editor().isRunning());
        tab.send(); // a second press sends nothing twice
        button(tab.editor(), QStringLiteral("Cancel"))->click();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(tab.result()->error->code, ErrorCode::Cancelled);
        QVERIFY(!tab.isRunning() && !tab.editor().isRunning());
        QCOMPARE(fixture.transport.sent.size(), 1);
    }

    void aTokenMovesIntoAProfile_data() {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("cleanUrl");
        QTest::addColumn<QString>("secret");
        QTest::addColumn<QString>("scheme");
        QTest::newRow("in the URL") << "https://new.example/x?access_token=abcdefabcdef0123&b=2"
                                    << ""
                                    << ""
                                    << "https://new.example/x?b=2"
                                    << "abcdefabcdef0123"
                                    << "bearer";
        QTest::newRow("in a header") << "https://new.example/x"
                                     << "Authorization"
                                     << "Bearer abcdefabcdef0123"
                                     << "https://new.example/x"
                                     << "abcdefabcdef0123"
                                     << "bearer";
        QTest::newRow("a key") << "https://new.example/x"
                               << "X-API-Key"
                               << "abcdefabcdef0123"
                               << "https://new.example/x"
                               << "abcdefabcdef0123"
                               << "api-key";
        QTest::newRow("a password") << "https://ann:pa%20ss@new.example/x"
                                    << ""
                                    << ""
                                    << "https://new.example/x"
                                    << "pa ss"
                                    << "basic";
    }
    void aTokenMovesIntoAProfile() {
        QFETCH(QString, url);
        QFETCH(QString, header);
        QFETCH(QString, value);
        QFETCH(QString, cleanUrl);
        QFETCH(QString, secret);
        QFETCH(QString, scheme);
        UiFixture fixture;
        MainWindow window(*fixture.session);
        window.show();
        QTRY_VERIFY(fixture.ready());
        RequestSpec spec = to(url, {});
        if (!header.isEmpty()) spec.headers = {{header, value, {}, true}};
        RequestTab* tab = window.openSpec(spec);
        QPushButton* move = button(tab->editor(), QStringLiteral("Move to a profile"));
        QVERIFY(move);
        move->click();
        auto* dialog = window.findChild<ProfileDialog*>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->findChild<SecretEdit*>()->text(), secret);
        QCOMPARE(dialog->findChild<SecretEdit*>()->echoMode(), QLineEdit::Password);
        QCOMPARE(dialog->findChild<QPlainTextEdit*>()->toPlainText(), QStringLiteral("https://new.example"));

        // A keychain that refuses loses nothing: neither the dialog's nor the request's.
        fixture.secrets.refusal =
            Error{ErrorCode::StoreLocked, QStringLiteral("The keychain is locked."), {}, {}, -1};
        button(*dialog, QStringLiteral("Save"))->click();
        QTRY_VERIFY(button(*dialog, QStringLiteral("Save"))->isEnabled());
        QCOMPARE(tab->editor().spec().url, url);
        QVERIFY(dialog->isVisible());
        fixture.secrets.refusal.reset();

        QSignalSpy saved(dialog, &ProfileDialog::saved);
        button(*dialog, QStringLiteral("Save"))->click();
        QTRY_COMPARE(saved.size(), 1);
        const QString id = saved.first().first().toString();
        const RequestSpec now = tab->editor().spec();
        QCOMPARE(now.url, cleanUrl);
        QVERIFY(now.headers.isEmpty());
        QCOMPARE(now.profileId, id);
        QVERIFY(tab->isModified());
        QVERIFY(!tab->editor().findChild<UrlEdit*>()->isUndoAvailable()); // undo would bring the token back
        const TokenProfile* profile = fixture.session->workspace().profile(id);
        QVERIFY(profile);
        QCOMPARE(schemeName(profile->scheme), scheme);
        QVERIFY(profile->name.contains(QStringLiteral("new.example")));
        const SecretRecord& record = fixture.secrets.records.at(profile->bindings.first().secret.id);
        QCOMPARE(QString::fromUtf8(record.secret.reveal().data(), qsizetype(record.secret.size())), secret);
        QCOMPARE(record.allowedOrigins, QStringList{QStringLiteral("https://new.example")});
        // And it is sent as that profile, with nothing in the way.
        tab->send();
        QTRY_COMPARE(fixture.transport.sent.size(), 1);
        tab->cancel();
        QTRY_VERIFY(!tab->isRunning());
    }

    void theAnswerHasTheGreaterPart() {
        UiFixture fixture;
        RequestTab tab(*fixture.session, to(QStringLiteral("https://api.example.com/")));
        tab.resize(900, 900);
        tab.show();
        for (const int height : {900, 620, 1200}) {
            tab.resize(900, height);
            QCoreApplication::processEvents();
            QVERIFY2(tab.answer().height() > tab.editor().height(), qPrintable(QString::number(height)));
        }
    }

    // The program shows the bare window first and fills it then, before the style sheet is in force. Every
    // part must come out as in a window that was built in one go.
    void aWindowFilledLaterLooksTheSame() {
        const auto places = [](const MainWindow& window) {
            QStringList all;
            for (const QWidget* each : window.findChildren<QWidget*>()) {
                if (!each->isVisible()) continue;
                const QRect at(each->mapTo(&window, QPoint()), each->size());
                all.append(QStringLiteral("%1 %2 %3,%4 %5x%6")
                               .arg(QString::fromLatin1(each->metaObject()->className()), each->objectName())
                               .arg(at.x())
                               .arg(at.y())
                               .arg(at.width())
                               .arg(at.height()));
            }
            all.sort();
            return all;
        };
        UiFixture fixture;
        theme().apply(*qApp, Theme::Mode::Light);
        QStringList expected;
        QImage picture;
        {
            MainWindow window(*fixture.session);
            window.show();
            QTRY_VERIFY(fixture.ready());
            QTest::qWait(50);
            window.setFocus();
            expected = places(window);
            picture = window.grab().toImage();
        }
        qApp->setStyleSheet({});
        theme().applyColours(*qApp, Theme::Mode::Light);
        MainWindow window(*fixture.session, MainWindow::Contents::Later);
        window.show();
        QCoreApplication::processEvents();
        window.build();
        theme().applySheet(*qApp);
        window.begin();
        QTest::qWait(50);
        window.setFocus();
        QVERIFY(expected.size() > 60);
        QCOMPARE(places(window), expected);
        QCOMPARE(window.grab().toImage(), picture);
    }

    void requestsThatWereNeverSavedAreAskedAbout() {
        UiFixture fixture;
        MainWindow window(*fixture.session);
        window.show();
        QTRY_VERIFY(fixture.ready());
        RequestTab* tab = window.openSpec({});
        tab->editor().findChild<UrlEdit*>()->setText(QStringLiteral("https://api.example.com/new"));
        QVERIFY(!window.close());
        QVERIFY(window.notice().text().contains(QStringLiteral("never saved")));
        button(window.notice(), QStringLiteral("Close without saving"))->click();
        QVERIFY(!window.isVisible());
    }

    void anotherLanguageKeepsTheOpenRequests() {
        UiFixture fixture;
        MainWindow old(*fixture.session);
        old.openSpec({})->editor().findChild<UrlEdit*>()->setText(QStringLiteral("https://h/edited"));
        RequestSpec named = to(QStringLiteral("https://h/second"));
        named.name = QStringLiteral("Second");
        old.openSpec(named);
        MainWindow fresh(*fixture.session);
        fresh.takeTabsFrom(old);
        const QList<RequestTab*> tabs = fresh.findChildren<RequestTab*>();
        QStringList urls;
        for (RequestTab* tab : tabs)
            urls << tab->editor().spec().url;
        QVERIFY(urls.contains(QStringLiteral("https://h/edited")));
        QVERIFY(urls.contains(QStringLiteral("https://h/second")));
        QCOMPARE(fresh.currentTab()->title(), QStringLiteral("Second"));
        for (RequestTab* tab : tabs)
            QCOMPARE(tab->isModified(), tab->editor().spec().url == QStringLiteral("https://h/edited"));
    }
};

QTEST_MAIN(TestRequestTab)
#include "test_request_tab.moc"
