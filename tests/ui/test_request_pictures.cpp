// SPDX-License-Identifier: GPL-3.0-or-later
// Draws the request editor in light and dark at several widths. With KB_GRAB_DIR set the pictures are kept
// for the eye; without, the test still lays everything out and looks for text that is cut off.
#include "tests/support/ui_fixture.h"
#include "ui/request_editor.h"
#include "ui/send_as_bar.h"

#include <QApplication>
#include <QDir>
#include <QPushButton>
#include <QTest>

using namespace kb;
using namespace kb::test;

class TestRequestPictures : public QObject {
    Q_OBJECT

    static RequestSpec sample() {
        RequestSpec spec;
        spec.name = QStringLiteral("Delete user");
        spec.method = QStringLiteral("DELETE");
        spec.url = QStringLiteral("{{baseUrl}}/users/:id?notify=true");
        spec.params = {{ParamRow::In::Path, QStringLiteral("id"), QStringLiteral("12345"),
                        QStringLiteral("User to delete"), true},
                       {ParamRow::In::Query, QStringLiteral("dryRun"), QStringLiteral("1"),
                        QStringLiteral("only look"), false}};
        spec.headers = {{QStringLiteral("X-Trace"), QStringLiteral("{{tenant}}-1"), {}, true}};
        spec.body = {BodySpec::Kind::Json,
                     QStringLiteral("{\n  \"reason\": \"asked\",\n  \"count\": 3,\n  \"hard\": true\n}\n"),
                     {}};
        spec.profileId = QStringLiteral("reader");
        return spec;
    }
    static void keep(QWidget& widget, const QString& name) {
        const QString folder = qEnvironmentVariable("KB_GRAB_DIR");
        if (folder.isEmpty()) return;
        QDir().mkpath(folder);
        QVERIFY(widget.grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png")));
    }

private Q_SLOTS:
    void cleanup() { theme().apply(*qApp, Theme::Mode::Light); }

    void everyTab_data() {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<int>("width");
        for (const bool dark : {false, true})
            for (const int width : {640, 840, 1400})
                QTest::addRow("%s-%d", dark ? "dark" : "light", width) << dark << width;
    }
    void everyTab() {
        QFETCH(bool, dark);
        QFETCH(int, width);
        theme().apply(*qApp, dark ? Theme::Mode::Dark : Theme::Mode::Light);
        UiFixture fixture;
        RequestEditor editor(*fixture.session);
        QObject::connect(&editor, &RequestEditor::moveTokenToProfileRequested, &editor, [] {});
        QTRY_VERIFY(fixture.ready());
        editor.setSpec(sample());
        editor.resize(width, 340);
        editor.show();
        const QString row = QString::fromLatin1(QTest::currentDataTag());
        for (int tab = 0; tab <= RequestEditor::SettingsTab; ++tab) {
            editor.showTab(static_cast<RequestEditor::Tab>(tab));
            QCoreApplication::processEvents();
            keep(editor, row + QStringLiteral("-tab") + QString::number(tab));
            QCOMPARE(editor.width(), width);
            for (const QPushButton* each : editor.findChildren<QPushButton*>())
                if (each->isVisible())
                    QVERIFY2(each->fontMetrics().horizontalAdvance(each->text()) < each->width(),
                             qPrintable(each->text()));
        }
    }

    void remarks_data() { everyTab_data(); }
    void remarks() {
        QFETCH(bool, dark);
        QFETCH(int, width);
        theme().apply(*qApp, dark ? Theme::Mode::Dark : Theme::Mode::Light);
        UiFixture fixture(QStringLiteral("http://staging.example.com"));
        RequestEditor editor(*fixture.session);
        QObject::connect(&editor, &RequestEditor::moveTokenToProfileRequested, &editor, [] {});
        QTRY_VERIFY(fixture.ready());
        RequestSpec spec = sample();
        spec.url = QStringLiteral("{{baseUrl}}/{{missing}}/users/:id?access_token=abc");
        spec.settings.verifyTls = false;
        spec.headers.append({QStringLiteral("X-API-Key"), QStringLiteral("0123456789abcdef"), {}, true});
        editor.setSpec(spec);
        editor.resize(width, 420);
        editor.show();
        QCoreApplication::processEvents();
        keep(editor, QString::fromLatin1(QTest::currentDataTag()) + QStringLiteral("-remarks"));
        QVERIFY(editor.hints().size() >= 3);
        spec.url = QStringLiteral("{{baseUrl}}/users/:id");
        spec.headers.clear();
        editor.setSpec(spec);
        auto* bar = editor.findChild<SendAsBar*>();
        for (QPushButton* each : bar->findChildren<QPushButton*>())
            if (each->isVisible()) each->click();
        QTRY_VERIFY(bar->isRevealed());
        QCoreApplication::processEvents();
        keep(editor, QString::fromLatin1(QTest::currentDataTag()) + QStringLiteral("-revealed"));
        QCOMPARE(editor.width(), width);
    }
};

QTEST_MAIN(TestRequestPictures)
#include "test_request_pictures.moc"
