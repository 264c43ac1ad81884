// SPDX-License-Identifier: GPL-3.0-or-later
// The dialog of rules, public operations, waivers, own objects and canaries.
#include "core/interchange/openapi.h"
#include "ui/matrix_rules_dialog.h"

#include <QComboBox>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableWidget>
#include <QTest>

using namespace kb;

class TestMatrixRules : public QObject {
    Q_OBJECT

    static ApiDescription api() {
        const Result<ApiDescription> read = readOpenApi(
            QStringLiteral("api.yaml"), "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"
                                        "components: {securitySchemes: {b: {type: http, scheme: bearer}}}\n"
                                        "paths:\n  /plans: {get: {responses: {}}, post: {responses: {}}}\n"
                                        "  /users: {get: {security: [{b: []}], responses: {}}}\n");
        if (!read) qFatal("no document");
        return *read;
    }
    static QList<MatrixProfile> profiles() {
        MatrixProfile reader;
        reader.id = QStringLiteral("id-reader");
        reader.name = QStringLiteral("Reader");
        return {anonymousProfile(), reader};
    }
    static MatrixSettings full() {
        MatrixSettings settings;
        settings.rules = {{{QStringLiteral("GET"), QStringLiteral("POST")},
                           {QStringLiteral("Admin")},
                           QStringLiteral("/admin/*"),
                           {QStringLiteral("role=admin"), QStringLiteral("plan=premium")},
                           Expect::Conceal}};
        settings.confirmedPublic = {QStringLiteral("GET /plans")};
        settings.waivers = {{QStringLiteral("c0ffee"),
                             QStringLiteral("known"),
                             QStringLiteral("QA"),
                             QStringLiteral("2030-01-31"),
                             {}},
                            {{}, QStringLiteral("of old"), {}, {}, QStringLiteral("bola GET /users/{id}")}};
        settings.own[QStringLiteral("id")][QStringLiteral("id-reader")] = QStringLiteral("7");
        settings.canaries[QStringLiteral("id-reader")] = QStringLiteral("GET /users");
        MatrixMark mark{QStringLiteral("GET /users"), QStringLiteral("id-reader"), QStringLiteral("peer"),
                        Expect::Conceal, QStringLiteral("agreed")};
        mark.exactly = ExactAnswer();
        mark.exactly->statuses = {QStringLiteral("404")};
        settings.marks = {mark, {QStringLiteral("GET /plans"), {}, {}, Expect::Allow, {}}};
        settings.fields = {{{QStringLiteral("GET")},
                            {QStringLiteral("Users")},
                            QStringLiteral("/users*"),
                            {QStringLiteral("/*/ssn"), QStringLiteral("password")},
                            {QStringLiteral("role=admin")},
                            {QStringLiteral("peer")}}};
        settings.markers[QStringLiteral("id-reader")] = {QStringLiteral("ada@example.com"),
                                                         QStringLiteral("Street 1")};
        settings.conceal = true;
        return settings;
    }
    static QTableWidget* table(MatrixRulesDialog& dialog, const char* name) {
        for (QTableWidget* each : dialog.findChildren<QTableWidget*>())
            if (each->accessibleName() == QLatin1String(name)) return each;
        qFatal("no table %s", name);
    }
    /// Its page's button: adds a row, and gives its number.
    static int added(QTableWidget* table) {
        for (QPushButton* each : table->parentWidget()->findChildren<QPushButton*>())
            if (each->text() == QLatin1String("Add")) each->click();
        return table->rowCount() - 1;
    }

private Q_SLOTS:
    void whatIsSetIsShownAndStays() {
        const ApiDescription document = api();
        MatrixRulesDialog dialog(&document, profiles(), full());
        dialog.show();
        QCOMPARE(table(dialog, "Rules")->item(0, 3)->text(), QStringLiteral("role=admin, plan=premium"));
        dialog.accept();
        QCOMPARE(dialog.result(), int(QDialog::Accepted));
        MatrixSettings settings;
        settings.conceal = true; // what is not of this dialog stays
        dialog.applyTo(settings);
        QVERIFY(settings == full());
    }

    /// A tag with a comma in it, and a rule that asks for no claim, stay what they are.
    void whatIsNotTouchedStays() {
        MatrixSettings settings;
        settings.rules = {
            {{}, {QStringLiteral("Users, Admin")}, {}, {QStringLiteral("aud=a,b")}, Expect::Deny},
            {{QStringLiteral("GET")}, {}, QStringLiteral("/me"), {}, Expect::DenyAuthn}};
        MatrixRulesDialog dialog(nullptr, profiles(), settings);
        dialog.accept();
        QCOMPARE(dialog.message(), QString());
        MatrixSettings after;
        dialog.applyTo(after);
        QVERIFY(after == settings);
    }

    void oneProfileHasOneCanary() {
        const ApiDescription document = api();
        MatrixRulesDialog dialog(&document, profiles(), {});
        QTableWidget* canaries = table(dialog, "Canaries");
        added(canaries);
        added(canaries);
        dialog.accept();
        QVERIFY2(dialog.message().contains(QStringLiteral("one already")), qPrintable(dialog.message()));
    }

    void aRuleIsTyped() {
        MatrixRulesDialog dialog(nullptr, profiles(), {});
        QTableWidget* rules = table(dialog, "Rules");
        const int row = added(rules);
        dialog.accept();
        QVERIFY2(dialog.message().contains(QStringLiteral("role=admin")), qPrintable(dialog.message()));
        rules->item(row, 3)->setText(QStringLiteral("admin"));
        dialog.accept();
        QVERIFY2(dialog.message().contains(QStringLiteral("\"admin\" is no claim")),
                 qPrintable(dialog.message()));
        QCOMPARE(dialog.result(), 0);
        rules->item(row, 0)->setText(QStringLiteral("/admin/*"));
        rules->item(row, 3)->setText(QStringLiteral("role=admin"));
        dialog.accept();
        MatrixSettings settings;
        dialog.applyTo(settings);
        QCOMPARE(
            settings.rules,
            (QList<MatrixRule>{
                {{}, {}, QStringLiteral("/admin/*"), {QStringLiteral("role=admin")}, Expect::DenyAuthz}}));
    }

    void aWaiverNeedsAReasonAndADate() {
        MatrixRulesDialog dialog(nullptr, profiles(), {});
        QTableWidget* waivers = table(dialog, "Waivers");
        const int row = added(waivers);
        waivers->item(row, 0)->setText(QStringLiteral("bola GET /users/{id}"));
        dialog.accept();
        QVERIFY2(dialog.message().contains(QStringLiteral("reason")), qPrintable(dialog.message()));
        QCOMPARE(dialog.findChild<QTabWidget*>()->currentIndex(), 2);
        waivers->item(row, 1)->setText(QStringLiteral("known"));
        waivers->item(row, 3)->setText(QStringLiteral("31.1.2030"));
        dialog.accept();
        QVERIFY2(dialog.message().contains(QStringLiteral("2030-01-31")), qPrintable(dialog.message()));
        waivers->item(row, 3)->setText(QStringLiteral("2030-01-31"));
        dialog.accept();
        QCOMPARE(dialog.result(), int(QDialog::Accepted));
    }

    /// Where the document protects some operations, those it says nothing of are confirmed all at once.
    void allThatMayBePublicIsConfirmedAtOnce() {
        const ApiDescription document = api();
        MatrixRulesDialog dialog(&document, profiles(), {});
        QStringList names;
        auto* list = dialog.findChild<QListWidget*>();
        for (int row = 0; row < list->count(); ++row)
            names.append(list->item(row)->text());
        QCOMPARE(names, (QStringList{QStringLiteral("GET /plans"), QStringLiteral("POST /plans")}));
        for (QPushButton* each : dialog.findChildren<QPushButton*>())
            if (each->text() == QLatin1String("Tick all")) each->click();
        dialog.accept();
        MatrixSettings settings;
        dialog.applyTo(settings);
        QCOMPARE(settings.confirmedPublic, names);
        const ApiOperation& plans = document.operations.first();
        QCOMPARE(expectationFor(document, plans, anonymousProfile(), Binding::None, settings).expect,
                 Expect::Allow);
        QCOMPARE(expectationFor(document, plans, anonymousProfile(), Binding::None, {}).expect,
                 Expect::Unknown);
    }

    void marksFieldsAndMarkersAreTyped() {
        MatrixRulesDialog dialog(nullptr, profiles(), {});
        QTableWidget* marks = table(dialog, "Marks");
        const int mark = added(marks);
        dialog.accept();
        QVERIFY2(dialog.message().contains(QStringLiteral("an operation or a profile")),
                 qPrintable(dialog.message()));
        marks->item(mark, 0)->setText(QStringLiteral("GET /users"));
        marks->item(mark, 2)->setText(QStringLiteral("friend"));
        dialog.accept();
        QVERIFY2(dialog.message().contains(QStringLiteral("\"friend\" is no binding")),
                 qPrintable(dialog.message()));
        marks->item(mark, 2)->setText(QStringLiteral("peer"));
        auto* expected = qobject_cast<QComboBox*>(marks->cellWidget(mark, 3));
        expected->setCurrentIndex(expected->findData(expectName(Expect::Conceal)));
        QTableWidget* fields = table(dialog, "Fields");
        const int field = added(fields);
        dialog.accept();
        QVERIFY2(dialog.message().contains(QStringLiteral("Name the fields")), qPrintable(dialog.message()));
        fields->item(field, 3)->setText(QStringLiteral("/a~b"));
        dialog.accept();
        QVERIFY(!dialog.message().isEmpty());
        fields->item(field, 3)->setText(QStringLiteral("/users/*/ssn, password"));
        QTableWidget* markers = table(dialog, "Markers");
        markers->item(added(markers), 1)->setText(QStringLiteral("ada@example.com"));
        dialog.accept();
        QCOMPARE(dialog.message(), QString());
        MatrixSettings settings;
        dialog.applyTo(settings);
        QCOMPARE(settings.marks,
                 (QList<MatrixMark>{
                     {QStringLiteral("GET /users"), {}, QStringLiteral("peer"), Expect::Conceal, {}}}));
        QCOMPARE(settings.fields.size(), 1);
        QCOMPARE(settings.fields.first().fields,
                 (QStringList{QStringLiteral("/users/*/ssn"), QStringLiteral("password")}));
        QCOMPARE(settings.markers.value(QStringLiteral("id-reader")),
                 QStringList{QStringLiteral("ada@example.com")});
    }

    void ownObjectsAndCanaries() {
        const ApiDescription document = api();
        MatrixRulesDialog dialog(&document, profiles(), {});
        QTableWidget* own = table(dialog, "Own objects");
        const int row = added(own);
        own->item(row, 0)->setText(QStringLiteral("id"));
        dialog.accept();
        QVERIFY(dialog.message().contains(QStringLiteral("Something is missing")));
        own->item(row, 2)->setText(QStringLiteral("claim:account"));
        QTableWidget* canaries = table(dialog, "Canaries");
        auto* operation = qobject_cast<QComboBox*>(canaries->cellWidget(added(canaries), 1));
        QVERIFY(operation);
        QCOMPARE(operation->count(), 2); // the safe ones
        dialog.accept();
        MatrixSettings settings;
        dialog.applyTo(settings);
        QCOMPARE(settings.own.value(QStringLiteral("id")).value(QStringLiteral("id-reader")),
                 QStringLiteral("claim:account"));
        QCOMPARE(settings.canaries.value(QStringLiteral("id-reader")), QStringLiteral("GET /plans"));
    }
};

QTEST_MAIN(TestMatrixRules)
#include "test_matrix_rules.moc"
