// SPDX-License-Identifier: GPL-3.0-or-later
// Which tokens end next, in the desktop's tray. On a real display a real tray is started; offscreen there is
// none.
#include "window_fixture.h"

#include "ui/expiry_tray.h"
#include "ui/profile_list.h"

#include <QMenu>
#include <QProcess>
#include <QSystemTrayIcon>

using namespace kb;

class TestWindowTray : public QObject {
    Q_OBJECT
    QProcess m_tray;

    static bool onADisplay() { return QGuiApplication::platformName() == QLatin1String("xcb"); }
    static QStringList texts(QMenu& menu) {
        QStringList all;
        for (const QAction* each : menu.actions())
            if (!each->isSeparator()) all << each->text();
        return all;
    }

private Q_SLOTS:
    void initTestCase() {
        if (!onADisplay()) return;
        m_tray.start(QStringLiteral("trayer"), {QStringLiteral("--edge"), QStringLiteral("top"),
                                                QStringLiteral("--align"), QStringLiteral("right")});
        QVERIFY2(m_tray.waitForStarted(10000), qPrintable(m_tray.errorString()));
        QTRY_VERIFY_WITH_TIMEOUT(QSystemTrayIcon::isSystemTrayAvailable(), 20000);
    }
    void cleanupTestCase() {
        m_tray.kill();
        m_tray.waitForFinished(5000);
    }

    void theMostUrgentComesFirst() {
        WindowFixture m;
        m.openOnPractice();
        QTRY_VERIFY_WITH_TIMEOUT(trayRows(*m.session).size() >= 3, 10000);
        const QList<TrayRow> rows = trayRows(*m.session);
        for (qsizetype at = 1; at < rows.size(); ++at)
            QVERIFY(rows.at(at - 1).secondsLeft <= rows.at(at).secondsLeft);
        QVERIFY(rows.first().secondsLeft < 0); // the practice API's expired reader
        QCOMPARE(rows.first().tone, Tone::Bad);
        QVERIFY2(rows.first().text.contains(QLatin1String("expired")), qPrintable(rows.first().text));
        ExpiryTray tray(*m.session);
        Q_EMIT tray.menu().aboutToShow();
        QCOMPARE(texts(tray.menu()).size(), rows.size() + 2);
        QSignalSpy chosen(&tray, &ExpiryTray::profileChosen);
        tray.menu().actions().first()->trigger();
        QCOMPARE(chosen.value(0).value(0).toString(), rows.first().profileId);
    }

    void itIsThereWhereTheDesktopHasOne() {
        WindowFixture m;
        m.openOnPractice();
        m.session->begin();
        auto find = [&] { return m.window->findChild<ExpiryTray*>(); };
        QTRY_VERIFY_WITH_TIMEOUT(find(), 10000); // after the window, so that it does not hold it back
        if (!onADisplay()) {
            QVERIFY(!QSystemTrayIcon::isSystemTrayAvailable());
            QVERIFY(!find()->icon());
            return;
        }
        QVERIFY(find()->icon());
        QTRY_VERIFY_WITH_TIMEOUT(!find()->icon()->geometry().isEmpty(), 10000);
        QTRY_VERIFY2_WITH_TIMEOUT(find()->icon()->toolTip().contains(QLatin1String("expired")),
                                  qPrintable(find()->icon()->toolTip()), 10000);
        m.settings.setValue(QStringLiteral("tray/enabled"), false);
        QTRY_VERIFY_WITH_TIMEOUT(!find()->icon(), 5000);
        m.settings.setValue(QStringLiteral("tray/enabled"), true);
        QTRY_VERIFY_WITH_TIMEOUT(find()->icon(), 5000);
        // A profile that is chosen there is shown in the window.
        m.window->showMinimized();
        const QString id = trayRows(*m.session).first().profileId;
        Q_EMIT find()->profileChosen(id);
        QTRY_VERIFY(!m.window->isMinimized());
        QCOMPARE(m.window->profileList().current(), id);
    }

    void aWorkspaceWithoutExpiriesSaysSo() {
        WindowFixture m;
        QVERIFY(m.workspaces.create(m.folder.filePath("w"), "W"));
        QVERIFY(m.session->openWorkspace(m.folder.filePath("w")));
        m.open();
        ExpiryTray tray(*m.session);
        Q_EMIT tray.menu().aboutToShow();
        QCOMPARE(texts(tray.menu()),
                 (QStringList{"No token has an end that is known", "Show Keybearer", "Quit"}));
    }
};

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    Theme::instance().apply(app, Theme::Mode::Light);
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/keybearer-32.png")));
    TestWindowTray test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_window_tray.moc"
