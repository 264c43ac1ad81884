// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/send_as_bar_parts.h"

#include <QEvent>
#include <QPainter>
#include <QStyle>
#include <algorithm>

namespace kb {

namespace {

constexpr int spacing = 6;
constexpr int margin = 8;

QFont pillFont(QFont font) {
    font.setWeight(QFont::DemiBold);
    return font;
}

QString restText(qsizetype count) {
    return u'+' % QString::number(count);
}

} // namespace

ScopePills::ScopePills(QWidget* parent) : QWidget(parent) {
    connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ScopePills::setScopes(const QStringList& scopes) {
    if (scopes == m_scopes) return;
    m_scopes = scopes;
    setAccessibleName(tr("Scopes: %1").arg(scopes.join(QStringLiteral(", "))));
    setToolTip(tr("Scopes of the token:") % u'\n' % scopes.join(QLatin1Char('\n')));
    updateGeometry();
    update();
}

int ScopePills::pillWidth(const QString& text) const {
    return QFontMetrics(pillFont(font())).horizontalAdvance(text) + 2 * margin;
}

int ScopePills::widthOf(int shown) const {
    int width = 0;
    for (int i = 0; i < shown; ++i)
        width += pillWidth(m_scopes[i]) + spacing;
    if (shown < m_scopes.size()) width += pillWidth(restText(m_scopes.size() - shown)) + spacing;
    return qMax(0, width - spacing);
}

int ScopePills::fit(int width) const {
    int shown = static_cast<int>(qMin<qsizetype>(3, m_scopes.size()));
    while (shown > 0 && widthOf(shown) > width)
        --shown;
    return shown;
}

QSize ScopePills::sizeHint() const {
    return {widthOf(static_cast<int>(qMin<qsizetype>(3, m_scopes.size()))),
            QFontMetrics(pillFont(font())).height() + 4};
}

QSize ScopePills::minimumSizeHint() const {
    return {widthOf(0), sizeHint().height()};
}

void ScopePills::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(pillFont(font()));
    int x = 0;
    const auto draw = [&](const QString& text, Tone tone) {
        const QRect pill =
            style()->visualRect(layoutDirection(), rect(), QRect(x, 0, pillWidth(text), height()));
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme().tone(tone).fill);
        painter.drawRoundedRect(pill, height() / 2.0, height() / 2.0);
        painter.setPen(theme().tone(tone).text);
        painter.drawText(pill, Qt::AlignCenter, text);
        x += pill.width() + spacing;
    };
    const int shown = fit(width());
    for (int i = 0; i < shown; ++i)
        draw(m_scopes[i], Tone::Info);
    if (shown < m_scopes.size()) draw(restText(m_scopes.size() - shown), Tone::Neutral);
}

FittingLabel::FittingLabel(QWidget* parent) : QWidget(parent) {
    setFont(theme().monospace());
    connect(&theme(), &Theme::changed, this, [this] {
        setFont(theme().monospace());
        update();
    });
}

void FittingLabel::setForms(const QStringList& longestFirst) {
    if (longestFirst == m_forms) return;
    m_forms = longestFirst;
    setAccessibleName(m_forms.value(0));
    setToolTip(m_forms.value(0));
    updateGeometry();
    update();
}

QString FittingLabel::textFor(int available) const {
    const QFontMetrics metrics(font());
    for (const QString& form : m_forms)
        if (metrics.horizontalAdvance(form) <= available) return form;
    return m_forms.isEmpty() ? QString() : metrics.elidedText(m_forms.last(), Qt::ElideRight, available);
}

int FittingLabel::usedWidth(int available) const {
    return qMin(available, QFontMetrics(font()).horizontalAdvance(textFor(available)) + 1);
}

QSize FittingLabel::sizeHint() const {
    const QFontMetrics metrics(font());
    return {metrics.horizontalAdvance(m_forms.value(0)) + 1, metrics.height()};
}

QSize FittingLabel::minimumSizeHint() const {
    const QFontMetrics metrics(font());
    return {m_forms.isEmpty() ? 0 : metrics.horizontalAdvance(m_forms.last()) + 1, metrics.height()};
}

void FittingLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(theme().muted);
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, shownText());
}

FitRow::FitRow(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void FitRow::add(QWidget* widget, Place place) {
    widget->setParent(this);
    m_items.append({widget, place, {}, true});
}

void FitRow::setSteps(QWidget* widget, std::function<int(int)> usedWidth) {
    for (Item& item : m_items)
        if (item.widget == widget) item.usedWidth = usedWidth;
}

void FitRow::setWanted(QWidget* widget, bool wanted) {
    for (Item& item : m_items)
        if (item.widget == widget) item.wanted = wanted;
}

int FitRow::least(const Item& item) {
    // What cannot grow has its own size or is not there: half a pill tells nothing.
    const int own =
        item.place.grow ? item.widget->minimumSizeHint().width() : item.widget->sizeHint().width();
    return qMax(own, item.widget->minimumWidth());
}

void FitRow::arrange() {
    QList<Item*> byKeep;
    int needed = -spacing;
    for (Item& item : m_items) {
        if (!item.wanted) continue;
        byKeep.append(&item);
        needed += least(item) + spacing;
    }
    std::stable_sort(byKeep.begin(), byKeep.end(),
                     [](const Item* a, const Item* b) { return a->place.keep < b->place.keep; });
    while (needed > width() && !byKeep.isEmpty() && byKeep.last()->place.keep > 0)
        needed -= least(*byKeep.takeLast()) + spacing;
    QHash<QWidget*, int> widths;
    QList<Item*> byGrow;
    for (Item* item : std::as_const(byKeep)) {
        widths.insert(item->widget, least(*item));
        if (item->place.grow) byGrow.append(item);
    }
    std::stable_sort(byGrow.begin(), byGrow.end(),
                     [](const Item* a, const Item* b) { return a->place.grow < b->place.grow; });
    int spare = qMax(0, width() - needed);
    for (const Item* item : std::as_const(byGrow)) {
        const int base = widths.value(item->widget);
        const int offered = qMax(base, qMin(item->widget->sizeHint().width(), base + spare));
        const int used = item->usedWidth ? qMax(base, item->usedWidth(offered)) : offered;
        widths.insert(item->widget, used);
        spare -= used - base;
    }
    int left = 0, right = width();
    for (const Item& item : std::as_const(m_items)) {
        const bool show = widths.contains(item.widget);
        item.widget->setVisible(show);
        if (!show) continue;
        const int w = widths.value(item.widget);
        const int h = qMin(height(), item.widget->sizeHint().height());
        const int x = item.place.trailing ? right - w : left;
        if (item.place.trailing)
            right -= w + spacing;
        else
            left += w + spacing;
        item.widget->setGeometry(
            style()->visualRect(layoutDirection(), rect(), QRect(x, (height() - h) / 2, w, h)));
    }
}

QSize FitRow::sizeHint() const {
    QSize size(-spacing, 0);
    for (const Item& item : m_items) {
        const QSize wanted = item.widget->sizeHint();
        if (item.wanted) size.rwidth() += wanted.width() + spacing;
        size.setHeight(qMax(size.height(), wanted.height()));
    }
    return size;
}

QSize FitRow::minimumSizeHint() const {
    int width = -spacing;
    for (const Item& item : m_items)
        if (item.wanted && item.place.keep == 0) width += least(item) + spacing;
    return {qMax(0, width), sizeHint().height()};
}

void FitRow::resizeEvent(QResizeEvent*) {
    arrange();
}

bool FitRow::event(QEvent* event) {
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::LayoutDirectionChange) arrange();
    return QWidget::event(event);
}

} // namespace kb
