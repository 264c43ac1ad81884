// SPDX-License-Identifier: GPL-3.0-or-later
// Renders the answer pane in its states. Nothing may be clipped: no shown label is smaller than it needs to
// be. With KB_GRAB_DIR set, the pictures are saved there to be looked at.
#include "answer_samples.h"
#include "ui/answer_body.h"
#include "ui/answer_find_bar.h"
#include "ui/answer_pane.h"
#include "ui/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QVBoxLayout>

using namespace kb;

class TestAnswerPictures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void render_data();
    void render();
};

void TestAnswerPictures::render_data() {
    QTest::addColumn<QString>("state");
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("dark");
    for (const char* state : {"forbidden", "undecided", "headers", "timeline", "sent", "refused", "notes",
                              "paused", "find", "hex", "empty", "running", "odd"})
        for (const int width : {640, 840, 1400})
            for (const bool dark : {false, true})
                if (!dark || width == 840 || qEnvironmentVariableIsSet("KB_GRAB_DIR"))
                    QTest::addRow("%s %d %s", state, width, dark ? "dark" : "light")
                        << QString::fromLatin1(state) << width << dark;
}

void TestAnswerPictures::render() {
    QFETCH(QString, state);
    QFETCH(int, width);
    QFETCH(bool, dark);
    theme().apply(*qApp, dark ? Theme::Mode::Dark : Theme::Mode::Light);
    QWidget window;
    auto* layout = new QVBoxLayout(&window);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* shown = new AnswerPane;
    AnswerPane& pane = *shown;
    layout->setSizeConstraint(QLayout::SetNoConstraint);
    layout->addWidget(shown);
    window.resize(width, 520);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    RunResult result = samples::resultOf(samples::forbidden());
    result.diagnosis = samples::insufficientScope();
    if (state == QLatin1String("undecided")) result.diagnosis = samples::undecided();
    if (state == QLatin1String("headers") || state == QLatin1String("timeline") ||
        state == QLatin1String("sent"))
        result = samples::redirected();
    if (state == QLatin1String("refused")) {
        result = {};
        result.nothingSent = true;
        result.error = Error{
            ErrorCode::OriginRefused,
            QStringLiteral("This profile's secret may not go to https://evil.test."),
            QStringLiteral("https://evil.test"),
            QStringLiteral("It may go to https://api.acme.test. Allow this origin in the profile, or send as "
                           "another profile."),
            -1};
    }
    if (state == QLatin1String("notes")) {
        samples::Sample sample = samples::forbidden();
        sample.reply.response.body = "{\"you sent\": \"" + sample.secret + "\", \"and\": [1, 2.5, true]";
        sample.reply.response.bodyEnd = BodyEnd::Truncated;
        sample.reply.response.declaredLength = 4000;
        sample.reply.response.encodedBodyBytes = 1200;
        result = samples::resultOf(sample);
        result.plainHttp = true;
        result.credentialWarning =
            QStringLiteral("The API key went out in the URL, where servers and proxies log it.");
    }
    if (state == QLatin1String("hex") || state == QLatin1String("odd")) {
        samples::Sample sample = samples::forbidden();
        sample.reply.response.status = 200;
        if (state == QLatin1String("hex")) {
            sample.reply.response.headers = {};
            sample.reply.response.headers.append("content-type", "image/png");
            sample.reply.response.body =
                QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) + QByteArray(200, '\xab');
        } else {
            sample.reply.response.headers = {};
            sample.reply.response.headers.append("content-type", "text/html; charset=utf-8");
            sample.reply.response.body =
                "<!doctype html><html><head><title>T</title></head><body class=\"x\"><!-- c --><p>"
                "e\u0301 \u4e2d\u6587 \U0001F469\u200D\U0001F4BB \u05e9\u05dc\u05d5\u05dd "
                "\u0645\u0631\u062d\u0628\u0627 "
                "\u202Eabc \xff \x1b[0m</p></body></html>";
        }
        result = samples::resultOf(sample);
    }
    if (state == QLatin1String("empty"))
        pane.showEmpty();
    else if (state == QLatin1String("running")) {
        pane.showRunning();
        pane.setProgress(1300000, 5000000);
        QTest::qWait(250);
    } else if (state == QLatin1String("paused"))
        pane.showPaused(result);
    else
        pane.showResult(result);
    if (state == QLatin1String("headers")) pane.setCurrentTab(AnswerPane::HeadersTab);
    if (state == QLatin1String("timeline")) pane.setCurrentTab(AnswerPane::TimelineTab);
    if (state == QLatin1String("sent")) pane.setCurrentTab(AnswerPane::SentTab);
    if (state == QLatin1String("find")) {
        pane.body().find();
        pane.body().findBar().findChild<QLineEdit*>()->setText(QStringLiteral("users"));
    }
    QApplication::processEvents();
    QApplication::processEvents();

    for (const QLabel* label : pane.findChildren<QLabel*>()) {
        if (!label->isVisible() || label->text().isEmpty()) continue;
        const QByteArray said = label->text().toUtf8();
        if (label->wordWrap())
            QVERIFY2(label->height() >= label->heightForWidth(label->width()) - 1, said.constData());
        else
            QVERIFY2(label->width() >= label->sizeHint().width(), said.constData());
        const QRect place(label->mapTo(&pane, QPoint(0, 0)), label->size());
        QVERIFY2(place.left() >= 0 && place.right() < pane.width(), said.constData());
    }
    for (const QAbstractButton* button : pane.findChildren<QAbstractButton*>()) {
        if (!button->isVisible()) continue;
        const QByteArray said = button->text().toUtf8();
        const QRect place(button->mapTo(&pane, QPoint(0, 0)), button->size());
        QVERIFY2(place.left() >= 0 && place.right() < pane.width(), said.constData());
        QVERIFY2(button->width() >= button->minimumSizeHint().width(), said.constData());
        QVERIFY(!button->text().isEmpty() || !button->accessibleName().isEmpty());
    }
    const QString folder = qEnvironmentVariable("KB_GRAB_DIR");
    const QPixmap picture = pane.grab();
    QVERIFY(!picture.isNull());
    if (!folder.isEmpty()) {
        QDir().mkpath(folder);
        const QString tone = dark ? QStringLiteral("dark") : QStringLiteral("light");
        QVERIFY(picture.save(QStringLiteral("%1/%2-%3-%4.png").arg(folder, state, tone).arg(width)));
    }
}

QTEST_MAIN(TestAnswerPictures)
#include "test_answer_pictures.moc"
