// SPDX-License-Identifier: GPL-3.0-or-later
// Two profiles' tokens side by side.
#include "tests/support/accessible_walk.h"
#include "tests/support/ui_fixture.h"
#include "ui/compare_dialog.h"
#include "ui/main_window.h"
#include "ui/profile_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QTreeWidget>

using namespace kb;
using namespace kb::test;

namespace {

/// The fixture with a second JWT, of an admin who has no role claim but a tenant.
struct CompareBench : UiFixture {
    CompareBench() {
        addProfile("admin", "Admin", BearerScheme{},
                   jwt(R"({"sub":"user-1","scope":"profile users:read users:delete","tenant":"acme","iat":)" +
                       QByteArray::number(clock.now / 1000 - 138) + R"(,"exp":)" +
                       QByteArray::number(clock.now / 1000 + 762 + 3600) + "}"));
        if (!session->openWorkspace(QStringLiteral("/nowhere")))
            qFatal("the workspace in memory did not open");
    }
    bool bothRead() const {
        const ProfileState* admin = session->state(QStringLiteral("admin"));
        return ready() && admin && admin->facts;
    }
};

QTreeWidgetItem* member(const QDialog& dialog, const QString& name) {
    const auto* tree = dialog.findChild<QTreeWidget*>();
    for (int group = 0; group < tree->topLevelItemCount(); ++group)
        for (int at = 0; at < tree->topLevelItem(group)->childCount(); ++at)
            if (QTreeWidgetItem* item = tree->topLevelItem(group)->child(at); item->text(0) == name)
                return item;
    return nullptr;
}

} // namespace

class TestCompare : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachMemberIsTold() {
        CompareBench bench;
        QTRY_VERIFY(bench.bothRead());
        CompareDialog dialog(*bench.session, QStringLiteral("reader"));
        dialog.show();
        const auto* other = dialog.findChild<QComboBox*>();
        QCOMPARE(other->count(), 1); // the key and the empty profile have no claims
        QCOMPARE(other->currentText(), QStringLiteral("Admin"));
        QCOMPARE(member(dialog, QStringLiteral("alg"))->text(1), QStringLiteral("= same"));
        QCOMPARE(member(dialog, QStringLiteral("sub"))->text(1), QStringLiteral("= same"));
        QCOMPARE(member(dialog, QStringLiteral("sub"))->text(2), QStringLiteral("user-1"));
        QCOMPARE(member(dialog, QStringLiteral("role"))->text(1), QStringLiteral("← only left"));
        QCOMPARE(member(dialog, QStringLiteral("tenant"))->text(1), QStringLiteral("→ only right"));
        const QTreeWidgetItem* scope = member(dialog, QStringLiteral("scope"));
        QCOMPARE(scope->text(1), QStringLiteral("≠ changed"));
        QCOMPARE(scope->childCount(), 1); // as sets: their order means nothing
        QCOMPARE(scope->child(0)->text(2),
                 QStringLiteral("only left: invoices:read; only right: users:delete"));
        const QTreeWidgetItem* exp = member(dialog, QStringLiteral("exp"));
        QVERIFY2(exp->child(0)->text(2).contains(QStringLiteral("60 min later")),
                 qPrintable(exp->child(0)->text(2)));
        QString said;
        for (const QLabel* label : dialog.findChildren<QLabel*>())
            said += label->text();
        QVERIFY(said.contains(QStringLiteral("4 member(s) differ")));
        QVERIFY(said.contains(QStringLiteral("decoded, not verified")));
        const QStringList nameless = namelessControls(dialog);
        QVERIFY2(nameless.isEmpty(), qPrintable(nameless.join(u'\n')));
    }

    void whatIsTheSameCanBeLeftOut() {
        CompareBench bench;
        QTRY_VERIFY(bench.bothRead());
        CompareDialog dialog(*bench.session, QStringLiteral("reader"));
        dialog.findChild<QCheckBox*>()->setChecked(false);
        QVERIFY(!member(dialog, QStringLiteral("sub")));
        QVERIFY(member(dialog, QStringLiteral("role")));
    }

    void theWindowOpensIt() {
        CompareBench bench;
        MainWindow window(*bench.session);
        window.show();
        QTRY_VERIFY(bench.bothRead());
        QVERIFY(!CompareDialog::isPossible(*bench.session, QStringLiteral("key")));
        window.selectProfile(QStringLiteral("reader"));
        for (QPushButton* each : window.findChild<ProfilePanel*>()->findChildren<QPushButton*>())
            if (each->text() == QStringLiteral("Compare with…")) each->click();
        QVERIFY(window.findChild<CompareDialog*>());
    }
};

QTEST_MAIN(TestCompare)
#include "test_compare.moc"
