// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/conflict_bar.h"

#include <QLabel>
#include <QPushButton>
#include <QtTest>

using namespace kb;

class TestConflictBar : public QObject {
    Q_OBJECT
    static QString said(const ConflictBar& bar) {
        QString all;
        for (const QLabel* label : bar.findChildren<QLabel*>())
            all += label->text() + label->toolTip() + u'\n';
        return all;
    }

private Q_SLOTS:
    /// What somebody typed where no token belongs is not put on the screen a second time.
    void noTokenIsShown() {
        const QString token = QStringLiteral("ghp_") + QString(36, u'A');
        ConflictBar bar;
        bar.showConflicts(
            {{QStringLiteral("URL"), QStringLiteral("https://ada:s3cretword@example.com/a"),
              QStringLiteral("https://example.com/a?access_token=") + token},
             {QStringLiteral("Body"), QStringLiteral("token is ") + token, QStringLiteral("plain")}});
        QVERIFY(said(bar).contains(QStringLiteral("example.com/a")) &&
                said(bar).contains(QStringLiteral("plain")));
        QVERIFY2(!said(bar).contains(token), qPrintable(said(bar)));
        QVERIFY2(!said(bar).contains(QStringLiteral("s3cretword")), qPrintable(said(bar)));
    }

    void itAsksWhileItIsShown() {
        ConflictBar bar;
        QVERIFY(!bar.asks());
        bar.showConflicts({{QStringLiteral("URL"), QStringLiteral("a"), QStringLiteral("b")}});
        QVERIFY(bar.asks());
        bar.hide(); // a later change settled it
        QVERIFY(!bar.asks());
        bar.showNote(QStringLiteral("merged"));
        QVERIFY(!bar.asks());
    }
};

QTEST_MAIN(TestConflictBar)
#include "test_conflict_bar.moc"
