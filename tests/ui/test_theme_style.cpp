// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/expiry_bar.h"
#include "ui/theme.h"

#include <QApplication>
#include <QCheckBox>
#include <QPainter>
#include <QRadioButton>
#include <QTest>
#include <cmath>

using namespace kb;

class TestThemeStyle : public QObject {
    Q_OBJECT

    /// Relative luminance and contrast as WCAG 2.1 defines them.
    static double luminance(const QColor& colour) {
        const auto linear = [](double c) {
            return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) +
               0.0722 * linear(colour.blueF());
    }
    static double contrast(const QColor& a, const QColor& b) {
        const double x = luminance(a), y = luminance(b);
        return (qMax(x, y) + 0.05) / (qMin(x, y) + 0.05);
    }
    static QImage picture(QWidget& widget) {
        widget.resize(40, 24);
        widget.setAutoFillBackground(true);
        QImage image(widget.size(), QImage::Format_RGB32);
        widget.render(&image);
        return image;
    }
    static double strongest(const QImage& image, const QColor& ground) {
        double best = 1;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                best = qMax(best, contrast(image.pixelColor(x, y), ground));
        return best;
    }

private Q_SLOTS:
    void cleanup() { Theme::instance().apply(*qApp, Theme::Mode::Light); }

    /// WCAG 2.1 §1.4.11: what tells a control apart has a contrast of 3 to 1.
    void boxesStandOut_data() {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("checked");
        for (const bool dark : {false, true})
            for (const bool checked : {false, true})
                QTest::addRow("%s, %s", dark ? "dark" : "light", checked ? "checked" : "unchecked")
                    << dark << checked;
    }
    void boxesStandOut() {
        QFETCH(bool, dark);
        QFETCH(bool, checked);
        Theme::instance().apply(*qApp, dark ? Theme::Mode::Dark : Theme::Mode::Light);
        QCheckBox box;
        box.setChecked(checked);
        QRadioButton radio;
        radio.setChecked(checked);
        for (QAbstractButton* button : std::initializer_list<QAbstractButton*>{&box, &radio})
            for (const QColor& ground : {theme().window, theme().surface}) {
                QPalette palette = button->palette();
                palette.setColor(QPalette::Window, ground);
                button->setPalette(palette);
                const double found = strongest(picture(*button), ground);
                QVERIFY2(found >= 3, qPrintable(QString::number(found)));
            }
    }

    void checkedIsSeen() {
        for (const Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            Theme::instance().apply(*qApp, mode);
            QCheckBox box;
            const QImage off = picture(box);
            box.setChecked(true);
            const QImage on = picture(box);
            box.setTristate(true);
            box.setCheckState(Qt::PartiallyChecked);
            const QImage half = picture(box);
            QVERIFY(off != on && on != half && off != half);
        }
    }

    void theBarTellsHowMuchIsLeft() {
        const auto coloured = [](double fraction, Qt::LayoutDirection direction) {
            QImage image(100, 8, QImage::Format_RGB32);
            image.fill(theme().surface);
            QPainter painter(&image);
            paintExpiry(painter, image.rect(), fraction, Tone::Good, direction);
            painter.end();
            const QRgb good = theme().tone(Tone::Good).text.rgb();
            int first = -1, count = 0;
            for (int x = 0; x < image.width(); ++x)
                if (image.pixel(x, 4) == good) {
                    if (first < 0) first = x;
                    ++count;
                }
            return std::pair(first, count);
        };
        QVERIFY(qAbs(coloured(0.5, Qt::LeftToRight).second - 50) <= 2);
        QCOMPARE(coloured(0.5, Qt::LeftToRight).first <= 1, true);
        QVERIFY(coloured(0.5, Qt::RightToLeft).first >= 48);
        QVERIFY(coloured(0.001, Qt::LeftToRight).second >= 4); // the last second is still seen
        QCOMPARE(coloured(0, Qt::LeftToRight).second, 0);
        QVERIFY(coloured(2, Qt::LeftToRight).second >= 98);
        QCOMPARE(coloured(-1, Qt::LeftToRight).second, 0);
    }
};

QTEST_MAIN(TestThemeStyle)
#include "test_theme_style.moc"
