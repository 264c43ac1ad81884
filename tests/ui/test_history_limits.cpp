// SPDX-License-Identifier: GPL-3.0-or-later
// The history's limits in the settings.
#include "tests/support/ui_fixture.h"
#include "ui/settings_dialog.h"

#include <QCheckBox>
#include <QSpinBox>
#include <QTest>

using namespace kb;
using namespace kb::test;

class TestHistoryLimits : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theyAreKept() {
        UiFixture fixture;
        SettingsDialog dialog(*fixture.session);
        dialog.show();
        const auto field = [&](const char* name) {
            for (QSpinBox* each : dialog.findChildren<QSpinBox*>())
                if (each->accessibleName() == QLatin1String(name)) return each;
            qFatal("no field %s", name);
        };
        QSpinBox* days = field("Keep the history for");
        QCOMPARE(days->value(), 90);
        days->setValue(14);
        QCOMPARE(fixture.settings.values.value(QStringLiteral("history/days")).toInt(), 14);
        field("Keep at most")->setValue(500);
        QCOMPARE(fixture.settings.values.value(QStringLiteral("history/entries")).toInt(), 500);
        field("Keep at most, in megabytes")->setValue(20);
        QCOMPARE(fixture.settings.values.value(QStringLiteral("history/megabytes")).toInt(), 20);
        for (QCheckBox* box : dialog.findChildren<QCheckBox*>())
            if (box->text().contains(QLatin1String("history"))) box->setChecked(false);
        QVERIFY(!days->isEnabled());
    }
};

QTEST_MAIN(TestHistoryLimits)
#include "test_history_limits.moc"
