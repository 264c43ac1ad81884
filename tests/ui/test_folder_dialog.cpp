// SPDX-License-Identifier: GPL-3.0-or-later
// What a folder gives to its requests: edited in a dialog, saved, and in force for what is open.
#include "core/workspace/inherit.h"
#include "tests/support/ui_fixture.h"
#include "ui/folder_dialog.h"
#include "ui/headers_table_model.h"
#include "ui/outside_change.h"
#include "ui/request_editor.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QPushButton>
#include <QTableWidget>
#include <QtTest>

using namespace kb;
using namespace kb::test;

class TestFolderDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// What another program changed meanwhile is taken in, or asked about where it is the same.
    void anEditFromOutside() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        const Variable colour{QStringLiteral("colour"), QStringLiteral("red"), true};
        RequestDefaults defaults;
        defaults.variables = {colour};
        QVERIFY(fixture.session->saveDefaults({}, defaults));
        FolderDialog dialog(*fixture.session, {});
        dialog.show();
        RequestDefaults theirs = defaults;
        theirs.headers = {{QStringLiteral("X-Theirs"), QStringLiteral("1"), {}, true}};
        QVERIFY(fixture.session->saveDefaults({}, theirs));
        auto* outside = dialog.findChild<OutsideChange*>();
        QVERIFY(!outside->text().isEmpty() && !outside->isAsking());
        QCOMPARE(dialog.shown().headers.size(), 1);
        dialog.findChild<QTableWidget*>()->item(0, 1)->setText(QStringLiteral("blue"));
        theirs.variables[0].value = QStringLiteral("green");
        QVERIFY(fixture.session->saveDefaults({}, theirs));
        QVERIFY2(outside->isAsking() && outside->text().contains(QStringLiteral("colour")),
                 qPrintable(outside->text()));
        QVERIFY(!dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->isEnabled());
        for (QPushButton* each : dialog.findChildren<QPushButton*>())
            if (each->text() == QLatin1String("Keep mine")) each->click();
        dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->click();
        const RequestDefaults saved = fixture.session->workspace().defaults;
        QCOMPARE(saved.variables.first().value, QStringLiteral("blue"));
        QCOMPARE(saved.headers.size(), 1);
    }

    void theWorkspaceGivesAProfileAndHeaders() {
        UiFixture fixture;
        QTRY_VERIFY(fixture.ready());
        RequestEditor editor(*fixture.session);
        RequestSpec spec;
        spec.url = QStringLiteral("https://api.example.com/");
        editor.setSpec(spec);
        QCOMPARE(editor.profileId(), QString());
        {
            FolderDialog dialog(*fixture.session, {});
            dialog.show();
            auto* as = dialog.findChild<QComboBox*>();
            as->setCurrentIndex(as->findData(QStringLiteral("key")));
            QVERIFY(dialog.headers().setData(dialog.headers().index(0, HeadersModel::Name),
                                             QStringLiteral("X-All"), Qt::EditRole));
            QVERIFY(dialog.headers().setData(dialog.headers().index(0, HeadersModel::Value),
                                             QStringLiteral("1"), Qt::EditRole));
            for (QPushButton* each : dialog.findChildren<QPushButton*>())
                if (each->text() == QLatin1String("Add variable")) each->click();
            auto* variables = dialog.findChild<QTableWidget*>();
            variables->item(0, 0)->setText(QStringLiteral("colour"));
            variables->item(0, 1)->setText(QStringLiteral("red"));
            QSignalSpy accepted(&dialog, &QDialog::accepted);
            dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->click();
            QCOMPARE(accepted.size(), 1);
        }
        const RequestDefaults saved = fixture.session->workspace().defaults;
        QCOMPARE(saved.profileId, QStringLiteral("key"));
        QCOMPARE(saved.headers, (QList<HeaderRow>{{QStringLiteral("X-All"), QStringLiteral("1"), {}, true}}));
        QCOMPARE(fixture.session->variables().value(QStringLiteral("colour")), QStringLiteral("red"));
        // What is open follows, and is not changed by it.
        QCOMPARE(editor.profileId(), QStringLiteral("key"));
        QVERIFY(!editor.isModified());
        QCOMPARE(editor.spec().profileId, QString());
        // Another choice is the request's own; nobody too.
        editor.setProfile(QString());
        QCOMPARE(editor.spec().profileId, explicitlyAnonymous());
        QVERIFY(editor.isModified());
        editor.setProfile(QStringLiteral("key"));
        QVERIFY(!editor.isModified());
        // What a file names itself stays named, whatever its folder gives later.
        RequestSpec named;
        named.url = spec.url;
        named.profileId = QStringLiteral("key");
        RequestEditor other(*fixture.session);
        other.setSpec(named);
        QCOMPARE(other.spec().profileId, QStringLiteral("key"));
        RequestSpec nobody = named;
        nobody.profileId = explicitlyAnonymous();
        RequestEditor third(*fixture.session);
        third.setSpec(nobody);
        QVERIFY(fixture.session->saveDefaults({}, {}).has_value());
        QCOMPARE(other.spec().profileId, QStringLiteral("key"));
        QCOMPARE(third.spec().profileId, explicitlyAnonymous());
        QCOMPARE(editor.profileId(), QString());
        // A profile that is not here is not lost by a look at it.
        RequestDefaults lost;
        lost.profileId = QStringLiteral("p-gone");
        QVERIFY(fixture.session->saveDefaults({}, lost).has_value());
        QCOMPARE(FolderDialog(*fixture.session, {}).shown(), lost);
        QVERIFY(fixture.session->saveDefaults({}, saved).has_value());
        // The dialog shows what was saved.
        FolderDialog again(*fixture.session, {});
        QCOMPARE(again.shown(), saved);
    }
};

QTEST_MAIN(TestFolderDialog)
#include "test_folder_dialog.moc"
