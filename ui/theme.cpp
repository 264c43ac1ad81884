// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include "ui/theme_style.h"

#include <QApplication>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPalette>
#include <QPointer>
#include <QStyle>
#include <QStyleHints>

namespace kb {

namespace {

QColor rgb(const char* hex) {
    return QColor(QLatin1String(hex));
}

} // namespace

Theme& Theme::instance() {
    static Theme theme;
    return theme;
}

void Theme::setColours(bool dark) {
    m_dark = dark;
    window = rgb(dark ? "#181a1f" : "#f6f7f9");
    surface = rgb(dark ? "#1f2229" : "#ffffff");
    raised = rgb(dark ? "#282c35" : "#ffffff");
    border = rgb(dark ? "#353a45" : "#d9dde3");
    text = rgb(dark ? "#e6e8ec" : "#1b1f26");
    muted = rgb(dark ? "#9ba1ad" : "#666d7a");
    faint = rgb(dark ? "#7d8390" : "#858c99");
    accent = rgb(dark ? "#6d9eff" : "#2f6fed");
    accentText = rgb(dark ? "#10131a" : "#ffffff");
    selection = rgb(dark ? "#2a3550" : "#e8f0fe");
    bar = rgb(dark ? "#363b46" : "#dfe3e8");
    syntaxKey = rgb(dark ? "#7fb0ff" : "#1f5fd0");
    syntaxString = rgb(dark ? "#6fd39a" : "#1a7a43");
    syntaxNumber = rgb(dark ? "#f2b457" : "#a35200");
    syntaxLiteral = rgb(dark ? "#c3a6ff" : "#6b3fc4");
    syntaxTag = syntaxKey;
    syntaxComment = muted;
}

ToneColours Theme::tone(Tone tone) const {
    switch (tone) {
    case Tone::Good:
        return m_dark ? ToneColours{rgb("#5fd08d"), rgb("#16382a")}
                      : ToneColours{rgb("#17713d"), rgb("#e2f4e9")};
    case Tone::Warn:
        return m_dark ? ToneColours{rgb("#f5b84d"), rgb("#3d2f12")}
                      : ToneColours{rgb("#8a5a00"), rgb("#fff0c9")};
    case Tone::Bad:
        return m_dark ? ToneColours{rgb("#ff7b7b"), rgb("#451d22")}
                      : ToneColours{rgb("#b3222a"), rgb("#fde6e6")};
    case Tone::Info:
        return m_dark ? ToneColours{rgb("#8ab4ff"), rgb("#1f2f52")}
                      : ToneColours{rgb("#1f56c4"), rgb("#e5eefe")};
    case Tone::Role:
        return m_dark ? ToneColours{rgb("#b9a3ff"), rgb("#30294f")}
                      : ToneColours{rgb("#5735bd"), rgb("#ece7fb")};
    case Tone::Neutral:
        break;
    }
    return m_dark ? ToneColours{rgb("#c2c7d0"), rgb("#2c303a")} : ToneColours{rgb("#4b5260"), rgb("#e9ecf0")};
}

QColor Theme::methodColour(const QString& method) const {
    if (method == QLatin1String("GET") || method == QLatin1String("HEAD")) return tone(Tone::Good).text;
    if (method == QLatin1String("DELETE")) return tone(Tone::Bad).text;
    if (method == QLatin1String("POST")) return tone(Tone::Info).text;
    if (method == QLatin1String("PUT")) return tone(Tone::Warn).text;
    if (method == QLatin1String("PATCH")) return tone(Tone::Role).text;
    return muted;
}

QFont Theme::monospace() const {
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setPointSizeF(QApplication::font().pointSizeF());
    return font;
}

void Theme::applyColours(QApplication& app, Mode mode) {
    m_mode = mode;
    bool dark = mode == Mode::Dark;
    if (mode == Mode::System) {
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
        dark = QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
        static const QPalette desktop = app.style()->standardPalette();
        static const QPalette started = QGuiApplication::palette();
        dark = started.color(QPalette::Window).lightness() < 128 ||
               desktop.color(QPalette::Window).lightness() < 128;
#endif
    }
    setColours(dark);
    static QPointer<ThemeStyle> style; // the application's, while there is one
    if (!style) app.setStyle(style = new ThemeStyle);
    QPalette palette;
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, surface);
    palette.setColor(QPalette::AlternateBase, window);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, raised);
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, tone(Tone::Bad).text);
    palette.setColor(QPalette::Highlight, accent);
    palette.setColor(QPalette::HighlightedText, accentText);
    palette.setColor(QPalette::Link, accent);
    palette.setColor(QPalette::PlaceholderText, faint);
    palette.setColor(QPalette::ToolTipBase, raised);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::Mid, border);
    palette.setColor(QPalette::Light, raised);
    palette.setColor(QPalette::Midlight, window);
    palette.setColor(QPalette::Dark, border);
    palette.setColor(QPalette::Shadow, border);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, faint);
    app.setPalette(palette);
}

void Theme::applySheet(QApplication& app) {
    app.setStyleSheet(styleSheet());
    Q_EMIT changed();
}

void Theme::apply(QApplication& app, Mode mode) {
    applyColours(app, mode);
    applySheet(app);
}

QString Theme::styleSheet() const {
    const QString sheet = QStringLiteral(R"(
QToolTip { color: @text; background: @raised; border: 1px solid @border; padding: 4px 6px; }
QMenuBar { background: @window; border-bottom: 1px solid @border; padding: 2px 4px; }
QMenuBar::item { padding: 4px 8px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected { background: @selection; }
QMenu { background: @raised; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: @selection; color: @text; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @border; margin: 4px 6px; }
QPushButton, QToolButton[button="true"] { background: @raised; border: 1px solid @border; border-radius: 5px; padding: 4px 11px; min-height: 20px; }
QPushButton:hover, QToolButton[button="true"]:hover { border-color: @accent; }
QPushButton:focus, QToolButton[button="true"]:focus { border: 1px solid @accent; }
QPushButton:pressed { background: @selection; }
QPushButton:disabled { color: @faint; }
QPushButton[primary="true"] { background: @accent; color: @accentText; border-color: @accent; font-weight: 600; }
QPushButton[primary="true"]:disabled { background: @bar; color: @faint; border-color: @bar; }
QPushButton[flat="true"] { background: transparent; border: 1px solid transparent; padding: 3px 6px; }
QPushButton[flat="true"]:hover { background: @selection; }
QPushButton[flat="true"]:focus { border: 1px solid @accent; }
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDateTimeEdit { background: @surface; border: 1px solid @border; border-radius: 5px; padding: 4px 7px; min-height: 20px; selection-background-color: @accent; selection-color: @accentText; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDateTimeEdit:focus { border: 1px solid @accent; }
QLineEdit[problem="true"] { border: 1px solid @bad; }
QComboBox::drop-down { border: none; background: transparent; width: 20px; }
QComboBox::down-arrow { image: url(:/icons/chevron-@shade.png); width: 10px; height: 10px; margin-right: 8px; }
QToolButton[button="true"] { padding-right: 22px; }
QToolButton[button="true"]::menu-indicator { image: url(:/icons/chevron-@shade.png); width: 10px; height: 10px; subcontrol-origin: padding; subcontrol-position: center right; right: 8px; }
QTabBar::close-button { image: url(:/icons/close-@shade.png); subcontrol-position: right; padding: 2px; }
QTabBar::close-button:hover { background: @selection; border-radius: 4px; }
QToolBar { background: @window; border: none; border-bottom: 1px solid @border; spacing: 6px; padding: 4px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @border; selection-background-color: @selection; selection-color: @text; }
QTabWidget::pane { border: none; border-top: 1px solid @border; }
QTabBar { qproperty-drawBase: 0; background: transparent; }
QTabBar::tab { background: transparent; border: none; border-bottom: 2px solid transparent; padding: 7px 12px; color: @muted; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; font-weight: 600; }
QTabBar::tab:focus { color: @accent; }
QHeaderView::section { background: @surface; color: @muted; border: none; border-bottom: 1px solid @border; padding: 6px 8px; font-weight: 600; }
QTableCornerButton::section { background: @surface; border: none; border-bottom: 1px solid @border; }
QTableView, QTreeView, QListView { background: @surface; border: none; outline: none; gridline-color: @border; selection-background-color: @selection; selection-color: @text; alternate-background-color: @surface; }
QTableView::item, QTreeView::item, QListView::item { border: none; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: @selection; color: @text; }
QSplitter::handle { background: @border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QStatusBar { background: @window; border-top: 1px solid @border; }
QStatusBar::item { border: none; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: @bar; border-radius: 4px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QFrame[surface="true"], QWidget[surface="true"] { background: @surface; }
QLabel[muted="true"] { color: @muted; }
QLabel[heading="true"] { color: @muted; font-weight: 600; }
QFrame#palette { background: @surface; border: 1px solid @border; border-radius: 8px; }
QFrame[line="true"] { background: @border; border: none; }
)");
    QString done = sheet;
    done.replace(QLatin1String("@shade"), m_dark ? QLatin1String("dark") : QLatin1String("light"));
    const std::pair<const char*, QColor> names[] = {{"@accentText", accentText},
                                                    {"@accent", accent},
                                                    {"@text", text},
                                                    {"@raised", raised},
                                                    {"@border", border},
                                                    {"@window", window},
                                                    {"@selection", selection},
                                                    {"@faint", faint},
                                                    {"@surface", surface},
                                                    {"@muted", muted},
                                                    {"@bad", tone(Tone::Bad).text},
                                                    {"@bar", bar}};
    for (const auto& [name, colour] : names)
        done.replace(QLatin1String(name), colour.name());
    return done;
}

} // namespace kb
