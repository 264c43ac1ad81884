// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/body_view.h"
#include "ui/theme.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace kb;

class TestBodyView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { theme().apply(*qApp, Theme::Mode::Light); }
    void init() {
        m_view = std::make_unique<BodyView>();
        m_view->resize(600, 300);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }

    void keysMoveAndSelect();
    void wordsAndLines();
    void selectsAllAndCopies();
    void refusesToCopyTooMuch();
    void mouseSelects();
    void doubleClickTakesTheWord();
    void wheelScrollsByLines();
    void manyLines();
    void oneVeryLongLine();
    void paintsEverything();
    void hexShowsOffsets();
    void matchesComeIntoSight();
    void speaksToScreenReaders();
    void tabLeavesTheView();

private:
    void type(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
        QTest::keyClick(m_view.get(), key, modifiers);
    }
    std::unique_ptr<BodyView> m_view;
};

void TestBodyView::keysMoveAndSelect() {
    m_view->setText("{\n\t\"n\u00e4me\": 1\n}", BodyKind::Json);
    type(Qt::Key_Down);
    QCOMPARE(m_view->caret(), (BodyPosition{1, 0}));
    type(Qt::Key_Right);                    // over the tab
    type(Qt::Key_Right);                    // over the quote
    type(Qt::Key_Right);                    // n
    type(Qt::Key_Right, Qt::ShiftModifier); // two bytes, one step
    QCOMPARE(m_view->selectedText(), QString::fromUtf8("\u00e4"));
    type(Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY(!m_view->hasSelection());
    type(Qt::Key_End);
    type(Qt::Key_Right); // on to the next line
    QCOMPARE(m_view->caret(), (BodyPosition{2, 0}));
    type(Qt::Key_Left);
    QCOMPARE(m_view->caret().line, 1);
    type(Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(m_view->caret(), BodyPosition());
    type(Qt::Key_End, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(m_view->selectedText(), QString::fromUtf8("{\n\t\"n\u00e4me\": 1\n}"));
}

void TestBodyView::wordsAndLines() {
    m_view->setText("one two-three  four\nx", BodyKind::Text);
    type(Qt::Key_Right, Qt::ControlModifier);
    QCOMPARE(m_view->caret().byte, 4);
    type(Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(m_view->selectedText(), QStringLiteral("two-three  "));
    type(Qt::Key_End);
    type(Qt::Key_Down); // a shorter line
    QCOMPARE(m_view->caret(), (BodyPosition{1, 1}));
    type(Qt::Key_Up); // the column is remembered
    QCOMPARE(m_view->caret(), (BodyPosition{0, 19}));
    type(Qt::Key_Left, Qt::ControlModifier);
    QCOMPARE(m_view->caret().byte, 15);
}

void TestBodyView::selectsAllAndCopies() {
    m_view->setText("first\r\nsecond\r\n", BodyKind::Text);
    QSignalSpy copied(m_view.get(), &BodyView::copied);
    type(Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(copied.count(), 0);
    type(Qt::Key_A, Qt::ControlModifier);
    type(Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(copied.count(), 1);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("first\r\nsecond"));
}

void TestBodyView::refusesToCopyTooMuch() {
    QByteArray big(BodyView::copyLimit + 10, 'x');
    for (qsizetype i = 99; i < big.size(); i += 100)
        big[i] = '\n';
    QApplication::clipboard()->setText(QStringLiteral("before"));
    m_view->setText(big, BodyKind::Text);
    QSignalSpy refused(m_view.get(), &BodyView::copyRefused);
    m_view->selectAll();
    m_view->copy();
    QCOMPARE(refused.count(), 1);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("before"));
}

void TestBodyView::mouseSelects() {
    m_view->setText("alpha beta\ngamma", BodyKind::Text);
    const auto point = [&](BodyPosition p) {
        return m_view->cellRect(p).center() - QPoint(m_view->cellRect(p).width() / 2 - 1, 0);
    };
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, point({0, 6}));
    QTest::mouseMove(m_view->viewport(), point({1, 3}));
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, point({1, 3}));
    QCOMPARE(m_view->selectedText(), QStringLiteral("beta\ngam"));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::ShiftModifier, point({0, 10}));
    QCOMPARE(m_view->selectedText(), QStringLiteral("beta"));
}

void TestBodyView::doubleClickTakesTheWord() {
    m_view->setText("{\"users_read\": 12}", BodyKind::Json);
    const QPoint inWord = m_view->cellRect({0, 5}).center();
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, inWord);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, inWord);
    QCOMPARE(m_view->selectedText(), QStringLiteral("users_read"));
}

void TestBodyView::wheelScrollsByLines() {
    QByteArray text;
    for (int i = 0; i < 500; ++i)
        text += "line " + QByteArray::number(i) + '\n';
    m_view->setText(text, BodyKind::Text);
    QWheelEvent wheel(QPointF(10, 10), m_view->mapToGlobal(QPoint(10, 10)), {}, {0, -120}, Qt::NoButton, {},
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(m_view->viewport(), &wheel);
    QCOMPARE(m_view->firstVisibleLine(), QApplication::wheelScrollLines());
    type(Qt::Key_PageDown);
    type(Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(m_view->caret(), (BodyPosition{499, 8}));
    QVERIFY(m_view->firstVisibleLine() + m_view->visibleLines() == 500);
}

void TestBodyView::manyLines() {
    const QByteArray line = "    \"name\": \"a value of some length\",\n";
    QByteArray text;
    const int count = 600000;
    text.reserve(line.size() * count);
    for (int i = 0; i < count; ++i)
        text += line;
    m_view->setText(text, BodyKind::Json);
    QCOMPARE(m_view->lines().lineCount(), count);
    m_view->setCaret({count / 2, 4});
    QVERIFY(m_view->visibleText().contains(QLatin1String("a value of some length")));
    QVERIFY(!m_view->grab().isNull());
    // The bytes are kept once.
    QCOMPARE(m_view->lines().bytes().constData(), text.constData());
}

void TestBodyView::oneVeryLongLine() {
    QByteArray text = "[";
    const qsizetype size = 50 * 1024 * 1024;
    text.reserve(size + 64);
    while (text.size() < size)
        text += "{\"id\":12345,\"name\":\"\xc3\xa4 value\"},";
    text += "]";
    m_view->setText(text, BodyKind::Json);
    QVERIFY(!m_view->grab().isNull());
    type(Qt::Key_End, Qt::ControlModifier);
    QCOMPARE(m_view->caret().byte, text.size());
    QVERIFY(m_view->firstVisibleColumn() > 40 * 1024 * 1024);
    QVERIFY(!m_view->grab().isNull());
    // The end is in sight.
    QVERIFY(m_view->viewport()->rect().contains(m_view->cellRect(m_view->caret()).topLeft()));
    type(Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedText(), QStringLiteral("]"));
    for (int i = 0; i < 30; ++i)
        type(Qt::Key_Left);
    QVERIFY(m_view->caret().byte < text.size() - 30);
    // Not the whole line goes to a screen reader.
    QVERIFY(m_view->visibleText().size() < 10000);
}

void TestBodyView::paintsEverything() {
    // Marks, wide and joined characters, right-to-left text, controls, broken bytes, direction overrides.
    const QByteArray text = "e\u0301 \u4e2d\u6587 \U0001F469\u200D\U0001F4BB \U0001F1E9\U0001F1EA "
                            "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627\n"
                            "\x01\x1b[0m\t|\xff\xfe|\u202Eabc";
    m_view->setText(text, BodyKind::Text);
    m_view->setMatches({{0, 3}, {text.indexOf('|'), 1}});
    m_view->showMatch(1);
    m_view->selectAll();
    const QImage picture = m_view->grab().toImage();
    int inked = 0;
    for (int x = 0; x < picture.width(); ++x)
        inked += picture.pixelColor(x, 12) != picture.pixelColor(picture.width() - 1, picture.height() - 1);
    QVERIFY(inked > 20);
}

void TestBodyView::hexShowsOffsets() {
    QByteArray bytes;
    for (int i = 0; i < 40; ++i)
        bytes += static_cast<char>(i);
    bytes += "PNG";
    m_view->setHex(bytes);
    QCOMPARE(m_view->lines().lineCount(), 3);
    QVERIFY(m_view->visibleText().startsWith(QLatin1String("00000000  00 01 02")));
    type(Qt::Key_A, Qt::ControlModifier);
    QVERIFY(m_view->selectedText().endsWith(QLatin1String("PNG")));
}

void TestBodyView::matchesComeIntoSight() {
    QByteArray text;
    for (int i = 0; i < 1000; ++i)
        text += QByteArray(300, '.') + "end\n";
    m_view->setText(text, BodyKind::Text);
    m_view->setMatches({{700 * 304 + 300, 3}});
    m_view->showMatch(0);
    QCOMPARE(m_view->caret(), (BodyPosition{700, 300}));
    QVERIFY(m_view->firstVisibleLine() <= 700 && m_view->firstVisibleLine() + m_view->visibleLines() > 700);
    QVERIFY(m_view->viewport()->rect().contains(m_view->cellRect({700, 303})));
}

void TestBodyView::speaksToScreenReaders() {
    m_view->setText("one\ntwo\nthree", BodyKind::Text);
    QAccessibleInterface* face = QAccessible::queryAccessibleInterface(m_view.get());
    QVERIFY(face);
    QCOMPARE(face->text(QAccessible::Name), QStringLiteral("Body"));
    QVERIFY(face->state().readOnly);
    QAccessibleTextInterface* text = face->textInterface();
    QVERIFY(text);
    QCOMPARE(text->text(0, text->characterCount()), QStringLiteral("one\ntwo\nthree"));
    m_view->setCaret({1, 1});
    QCOMPARE(text->cursorPosition(), 5);
    text->setCursorPosition(9);
    QCOMPARE(m_view->caret(), (BodyPosition{2, 1}));
}

void TestBodyView::tabLeavesTheView() {
    QWidget window;
    auto* view = new BodyView(&window);
    auto* other = new QWidget(&window);
    other->setFocusPolicy(Qt::StrongFocus);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.activateWindow();
    view->setFocus();
    QTest::keyClick(view, Qt::Key_Tab);
    QCOMPARE(window.focusWidget(), other);
}

QTEST_MAIN(TestBodyView)
#include "test_body_view.moc"
