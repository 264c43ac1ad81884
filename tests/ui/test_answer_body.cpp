// SPDX-License-Identifier: GPL-3.0-or-later
#include "answer_samples.h"
#include "ui/answer_body.h"
#include "ui/answer_find_bar.h"
#include "ui/answer_pane.h"
#include "ui/body_view.h"
#include "ui/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace kb;

class TestAnswerBody : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme().apply(*qApp, Theme::Mode::Light); }
    void init() {
        m_pane = std::make_unique<AnswerPane>();
        m_pane->resize(840, 520);
        m_pane->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_pane.get()));
    }
    void cleanup() { m_pane.reset(); }

    void choosesTheForm_data();
    void choosesTheForm();
    void prettyRawAndHex();
    void keepsTheFormTheUserChose();
    void findsWithTheKeyboard();
    void saysWhenNothingIsFound();
    void copiesTheWhole();
    void masksAnEchoedSecret();
    void hidesTheSecretAgain();
    void clearsTheClipboardOfASecret();
    void indentsALargeBodyBesideTheWindow();
    void aNewAnswerSilencesTheOldOne();
    void notes_data();
    void notes();
    void noBody();
    void asksToSave();

private:
    AnswerBody& body() { return m_pane->body(); }
    QString shown() { return QString::fromUtf8(body().view().lines().bytes()); }
    QPushButton* button(const QString& text) const {
        for (QPushButton* each : m_pane->findChildren<QPushButton*>())
            if (each->isVisible() && each->text() == text) return each;
        return nullptr;
    }
    static samples::Sample answer(const QByteArray& type, const QByteArray& bytes) {
        samples::Sample sample = samples::forbidden();
        Response& response = sample.reply.response;
        response.status = 200;
        response.headers = {};
        if (!type.isEmpty()) response.headers.append("Content-Type", type);
        response.body = bytes;
        response.encodedBodyBytes = bytes.size();
        response.declaredLength = bytes.size();
        return sample;
    }
    static samples::Sample echo() {
        samples::Sample sample = answer("application/json", {});
        sample.reply.response.body = "{\"sent\":\"" + sample.secret + "\"}";
        return sample;
    }
    bool windowHolds(const QByteArray& secret) {
        const QString text = QString::fromUtf8(secret);
        for (const QWidget* widget : m_pane->findChildren<QWidget*>()) {
            for (const char* name : {"text", "toolTip", "accessibleName", "accessibleDescription"})
                if (widget->property(name).toString().contains(text)) return true;
            if (const auto* view = qobject_cast<const BodyView*>(widget))
                if (view->lines().bytes().contains(secret)) return true;
        }
        return false;
    }
    std::unique_ptr<AnswerPane> m_pane;
};

void TestAnswerBody::choosesTheForm_data() {
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("form");
    const auto pretty = int(AnswerBody::Form::Pretty);
    QTest::newRow("json") << QByteArray("application/json") << QByteArray("{\"a\":1}") << pretty;
    QTest::newRow("problem") << QByteArray("application/problem+json") << QByteArray("{\"a\":1}") << pretty;
    QTest::newRow("xml") << QByteArray("text/xml") << QByteArray("<a><b/></a>") << pretty;
    QTest::newRow("html") << QByteArray("text/html") << QByteArray("<p>x</p>") << pretty;
    QTest::newRow("text") << QByteArray("text/plain") << QByteArray("hello") << int(AnswerBody::Form::Raw);
    QTest::newRow("binary") << QByteArray("image/png") << QByteArray("\x89PNG\r\n\x1a\n\0", 9)
                            << int(AnswerBody::Form::Hex);
}

void TestAnswerBody::choosesTheForm() {
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, bytes);
    QFETCH(int, form);
    m_pane->showResult(samples::resultOf(answer(type, bytes)));
    QCOMPARE(int(body().form()), form);
    QCOMPARE(body().view().lines().mode() == BodyLines::Mode::Hex, form == int(AnswerBody::Form::Hex));
    QCOMPARE(button(QStringLiteral("Pretty"))->isEnabled(), form == int(AnswerBody::Form::Pretty));
}

void TestAnswerBody::prettyRawAndHex() {
    const QByteArray bytes = R"({"big":12345678901234567890,"a":1,"a":2})";
    m_pane->showResult(samples::resultOf(answer("application/json", bytes)));
    QVERIFY(body().view().lines().lineCount() >= 5);
    QVERIFY(shown().contains(QLatin1String("12345678901234567890"))); // no number is rounded
    QTest::mouseClick(button(QStringLiteral("Raw")), Qt::LeftButton);
    QCOMPARE(shown(), QString::fromUtf8(bytes));
    QCOMPARE(body().view().lines().lineCount(), 1);
    QTest::mouseClick(button(QStringLiteral("Hex")), Qt::LeftButton);
    QVERIFY(body().view().visibleText().startsWith(QLatin1String("00000000  7b 22 62 69 67")));
    QTest::mouseClick(button(QStringLiteral("Pretty")), Qt::LeftButton);
    QVERIFY(body().view().lines().lineCount() >= 5);
}

void TestAnswerBody::keepsTheFormTheUserChose() {
    m_pane->showResult(samples::resultOf(answer("application/json", "{\"a\":1}")));
    QTest::mouseClick(button(QStringLiteral("Raw")), Qt::LeftButton);
    m_pane->showResult(samples::resultOf(answer("application/json", "{\"a\":2}")));
    QCOMPARE(body().form(), AnswerBody::Form::Raw);
}

void TestAnswerBody::findsWithTheKeyboard() {
    m_pane->showResult(samples::resultOf(samples::forbidden()));
    m_pane->activateWindow();
    body().view().setFocus();
    QTRY_VERIFY(body().view().hasFocus());
    QTest::keyClick(&body().view(), Qt::Key_F, Qt::ControlModifier);
    QTRY_VERIFY(body().findBar().isVisible());
    auto* field = body().findBar().findChild<QLineEdit*>();
    QTRY_VERIFY(field->hasFocus());
    QTest::keyClicks(field, QStringLiteral("USERS"));
    QCOMPARE(body().findBar().countText(), QStringLiteral("1 of 2"));
    QCOMPARE(body().view().matchCount(), 2);
    const BodyPosition first = body().view().caret();
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(body().findBar().countText(), QStringLiteral("2 of 2"));
    QVERIFY(body().view().caret() > first);
    QTest::keyClick(field, Qt::Key_Return); // around
    QCOMPARE(body().view().caret(), first);
    QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(body().findBar().countText(), QStringLiteral("2 of 2"));
    // Another form is searched anew.
    body().setForm(AnswerBody::Form::Raw);
    QCOMPARE(body().view().matchCount(), 2);
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(!body().findBar().isVisible());
    QCOMPARE(body().view().matchCount(), 0);
    QTRY_VERIFY(body().view().hasFocus());
}

void TestAnswerBody::saysWhenNothingIsFound() {
    m_pane->showResult(samples::resultOf(samples::forbidden()));
    body().find();
    body().findBar().findChild<QLineEdit*>()->setText(QStringLiteral("not in there"));
    QCOMPARE(body().findBar().countText(), QStringLiteral("No match"));
    QVERIFY(!button(QStringLiteral("Next"))->isEnabled());
}

void TestAnswerBody::copiesTheWhole() {
    m_pane->showResult(samples::resultOf(answer("text/plain", "one\ntwo")));
    QTest::mouseClick(button(QStringLiteral("Copy")), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("one\ntwo"));
    QVERIFY(!body().view().hasSelection());
    body().view().setCaret({0, 0});
    body().view().setCaret({0, 3}, true);
    QTest::mouseClick(button(QStringLiteral("Copy")), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("one"));
}

void TestAnswerBody::masksAnEchoedSecret() {
    const samples::Sample sample = echo();
    m_pane->showResult(samples::resultOf(sample));
    QVERIFY(body().notes().join(u' ').contains(QLatin1String("repeats your secret: masked")));
    QVERIFY(!windowHolds(sample.secret));
    for (const auto form : {AnswerBody::Form::Raw, AnswerBody::Form::Hex, AnswerBody::Form::Pretty}) {
        body().setForm(form);
        QVERIFY(!windowHolds(sample.secret));
    }
    QPushButton* show = button(QStringLiteral("Show"));
    QVERIFY(show);
    QTest::mouseClick(show, Qt::LeftButton);
    QVERIFY(shown().contains(QString::fromUtf8(sample.secret)));
    QTest::mouseClick(button(QStringLiteral("Hide")), Qt::LeftButton);
    QVERIFY(!windowHolds(sample.secret));
    // Nothing to show where nothing was echoed.
    m_pane->showResult(samples::resultOf(samples::forbidden()));
    QVERIFY(!button(QStringLiteral("Show")));
}

void TestAnswerBody::hidesTheSecretAgain() {
    const samples::Sample sample = echo();
    m_pane->showResult(samples::resultOf(sample));
    body().setRevealed(true);
    QVERIFY(windowHolds(sample.secret));
    m_pane->showResult(samples::resultOf(sample)); // another answer begins masked
    QVERIFY(!body().isRevealed());
    QVERIFY(!windowHolds(sample.secret));
    body().setRevealed(true);
    m_pane->showEmpty();
    QVERIFY(!windowHolds(sample.secret));
}

void TestAnswerBody::clearsTheClipboardOfASecret() {
    const samples::Sample sample = echo();
    m_pane->showResult(samples::resultOf(sample));
    body().setRevealed(true);
    body().copy();
    QVERIFY(QApplication::clipboard()->text().contains(QString::fromUtf8(sample.secret)));
    QVERIFY(body().notes().join(u' ').contains(QLatin1String("clipboard is cleared")));
    m_pane.reset(); // going away is the latest moment
    QCOMPARE(QApplication::clipboard()->text(), QString());
    // What came to the clipboard meanwhile stays.
    init();
    m_pane->showResult(samples::resultOf(sample));
    body().setRevealed(true);
    body().copy();
    QApplication::clipboard()->setText(QStringLiteral("mine"));
    m_pane.reset();
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("mine"));
}

void TestAnswerBody::indentsALargeBodyBesideTheWindow() {
    QByteArray bytes = "[";
    while (bytes.size() < 3 * 1024 * 1024)
        bytes += "{\"id\":1,\"name\":\"x\"},";
    bytes += "{}]";
    m_pane->showResult(samples::resultOf(answer("application/json", bytes)));
    QCOMPARE(body().view().lines().lineCount(), 1); // there at once, as it came
    QVERIFY(body().isFormatting());
    QTRY_VERIFY(!body().isFormatting());
    QVERIFY(body().view().lines().lineCount() > 100000);
}

void TestAnswerBody::aNewAnswerSilencesTheOldOne() {
    const QByteArray bytes = "[" + QByteArray("1,").repeated(2 * 1024 * 1024) + "1]";
    m_pane->showResult(samples::resultOf(answer("application/json", bytes)));
    m_pane->showResult(samples::resultOf(answer("text/plain", "small")));
    QTest::qWait(500);
    QCOMPARE(shown(), QStringLiteral("small"));
    QVERIFY(body().notes().isEmpty());
}

void TestAnswerBody::notes_data() {
    QTest::addColumn<int>("end");
    QTest::addColumn<QString>("note");
    QTest::addColumn<QString>("expected");
    QTest::newRow("complete") << int(BodyEnd::Complete) << QString() << QString();
    QTest::newRow("truncated") << int(BodyEnd::Truncated) << QString()
                               << QStringLiteral("of the 3.91 kB announced");
    QTest::newRow("limit") << int(BodyEnd::LimitReached) << QString() << QStringLiteral("Stopped at");
    QTest::newRow("broken") << int(BodyEnd::DecodeFailed) << QString()
                            << QStringLiteral("compression is broken");
    QTest::newRow("told") << int(BodyEnd::Complete) << QStringLiteral("More came than announced.")
                          << QStringLiteral("More came than announced.");
}

void TestAnswerBody::notes() {
    QFETCH(int, end);
    QFETCH(QString, note);
    QFETCH(QString, expected);
    samples::Sample sample = answer("text/plain", "hello");
    sample.reply.response.bodyEnd = static_cast<BodyEnd>(end);
    sample.reply.response.bodyNote = note;
    sample.reply.response.declaredLength = 4000;
    m_pane->showResult(samples::resultOf(sample));
    const QString said = body().notes().join(u' ');
    if (expected.isEmpty())
        QCOMPARE(said, QString());
    else
        QVERIFY2(said.contains(expected), said.toUtf8().constData());
}

void TestAnswerBody::noBody() {
    m_pane->showResult(samples::resultOf(answer({}, {})));
    bool said = false;
    for (const QLabel* label : body().findChildren<QLabel*>())
        said = said || (label->isVisible() && label->text() == QLatin1String("The answer has no body."));
    QVERIFY(said);
    for (const char* name : {"Raw", "Hex", "Copy", "Find", "Save…"})
        QVERIFY2(!button(QString::fromUtf8(name))->isEnabled(), name);
}

void TestAnswerBody::asksToSave() {
    m_pane->showResult(samples::resultOf(samples::forbidden()));
    QSignalSpy save(m_pane.get(), &AnswerPane::saveBodyRequested);
    QTest::mouseClick(button(QStringLiteral("Save…")), Qt::LeftButton);
    QCOMPARE(save.count(), 1);
}

QTEST_MAIN(TestAnswerBody)
#include "test_answer_body.moc"
