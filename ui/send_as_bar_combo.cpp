// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/send_as_bar_combo.h"

#include <QPainter>
#include <QStylePainter>
#include <QStyledItemDelegate>
#include <QWheelEvent>

namespace kb {

namespace {

constexpr int dotSize = 9;
constexpr int gap = 6;

QFont nameFont(QFont font) {
    font.setWeight(QFont::DemiBold);
    return font;
}

/// The kind in full, else without its detail, else not at all: a stump of it tells nothing.
QString fittingKind(const QFontMetrics& metrics, const QString& kind, int width) {
    if (metrics.horizontalAdvance(kind) <= width) return kind;
    const QString brief = kind.section(QStringLiteral(" · "), 0, 0);
    return metrics.horizontalAdvance(brief) <= width ? brief : QString();
}

/// Dot, name, kind: the same in the field and in its list.
void paintProfile(QPainter* painter, const QRect& rect, const QFont& font, const QVariant& name,
                  const QVariant& kind, Tone tone, bool hollow) {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QColor colour = hollow ? theme().faint : theme().tone(tone).text;
    const QRectF dot(rect.left() + 1, rect.center().y() - dotSize / 2.0 + 0.5, dotSize, dotSize);
    painter->setPen(QPen(colour, 1.4));
    painter->setBrush(hollow ? QBrush(Qt::NoBrush) : QBrush(colour));
    painter->drawEllipse(dot);
    const QFont bold = nameFont(font);
    const QFontMetrics boldMetrics(bold), metrics(font);
    QRect text = rect.adjusted(dotSize + gap + 1, 0, 0, 0);
    const QString shownName = boldMetrics.elidedText(name.toString(), Qt::ElideRight, text.width());
    painter->setFont(bold);
    painter->setPen(theme().text);
    painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, shownName);
    text.setLeft(text.left() + boldMetrics.horizontalAdvance(shownName) + gap);
    painter->setFont(font);
    painter->setPen(theme().muted);
    painter->drawText(text, Qt::AlignLeft | Qt::AlignVCenter,
                      fittingKind(metrics, kind.toString(), text.width()));
    painter->restore();
}

int profileWidth(const QFont& font, const QString& name, const QString& kind) {
    return dotSize + gap + 2 + QFontMetrics(nameFont(font)).horizontalAdvance(name) + gap +
           QFontMetrics(font).horizontalAdvance(kind);
}

class SendAsDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        return {profileWidth(option.font, index.data().toString(),
                             index.data(ProfileCombo::KindRole).toString()) +
                    24,
                option.fontMetrics.height() + 12};
    }
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->fillRect(option.rect,
                          option.state & QStyle::State_Selected ? theme().selection : theme().raised);
        paintProfile(painter, option.rect.adjusted(8, 0, -8, 0), option.font, index.data(),
                     index.data(ProfileCombo::KindRole),
                     static_cast<Tone>(index.data(ProfileCombo::ToneRole).toInt()),
                     index.data(ProfileCombo::HollowRole).toBool());
    }
};

} // namespace

QString profileKindText(const TokenProfile& profile, const ProfileState* state) {
    if (const auto* key = std::get_if<ApiKeyScheme>(&profile.scheme))
        return ProfileCombo::tr("API key · %1").arg(key->name);
    if (const auto* basic = std::get_if<BasicScheme>(&profile.scheme))
        return ProfileCombo::tr("Basic · %1").arg(basic->user);
    if (!state || !state->facts) return ProfileCombo::tr("bearer");
    if (state->facts->jwt)
        return state->facts->jwt->algorithm.isEmpty()
                   ? ProfileCombo::tr("JWT bearer")
                   : ProfileCombo::tr("JWT bearer · %1").arg(state->facts->jwt->algorithm);
    return state->facts->kind.id == QLatin1String("opaque") ? ProfileCombo::tr("opaque bearer")
                                                            : state->facts->kind.label;
}

Tone profileTone(const ProfileState* state) {
    if (!state) return Tone::Neutral;
    if (state->problem) return Tone::Bad;
    if (state->loading != ProfileState::Loading::Done) return Tone::Neutral;
    switch (state->status.state) {
    case TokenState::Valid:
        return Tone::Good;
    case TokenState::DueSoon:
    case TokenState::NotYetValid:
    case TokenState::Unreadable:
        return Tone::Warn;
    case TokenState::Expired:
        return Tone::Bad;
    case TokenState::NoExpiryKnown:
    case TokenState::NoToken:
        break;
    }
    return Tone::Neutral;
}

QString profileStateText(const ProfileState* state) {
    if (!state || state->loading == ProfileState::Loading::NotYet) return ProfileCombo::tr("not read yet");
    if (state->problem) {
        switch (state->problem->code) {
        case ErrorCode::SecretMissing:
            return ProfileCombo::tr("no secret");
        case ErrorCode::StoreLocked:
            return ProfileCombo::tr("locked");
        default:
            return ProfileCombo::tr("not readable");
        }
    }
    if (state->loading == ProfileState::Loading::Waiting) return ProfileCombo::tr("reading…");
    const QString left = timeLeftText(state->status);
    if (left.isEmpty() || state->status.state == TokenState::Expired)
        return left.isEmpty() ? tokenStateText(state->status.state) : left;
    return tokenStateText(state->status.state) % u' ' % left;
}

ProfileCombo::ProfileCombo(Session& session, QWidget* parent) : QComboBox(parent), m_session(session) {
    setItemDelegate(new SendAsDelegate(this));
    setAccessibleName(tr("Send as"));
    setFocusPolicy(Qt::StrongFocus);
    connect(this, &QComboBox::activated, this, [this](int row) {
        const QString id = itemData(row, IdRole).toString();
        if (id == m_id) return;
        setProfile(id);
        Q_EMIT profileChosen(id);
    });
    connect(&theme(), &Theme::changed, this, qOverload<>(&QWidget::update));
    rebuild();
}

void ProfileCombo::rebuild() {
    const QSignalBlocker quiet(this);
    clear();
    addItem(tr("Anonymous"), QString());
    setItemData(0, tr("no token"), KindRole);
    setItemData(0, true, HollowRole);
    for (const TokenProfile& profile : m_session.profiles())
        addItem(profile.name, profile.id);
    refreshStates();
    select();
}

void ProfileCombo::refreshStates() {
    for (int row = 1; row < count(); ++row) {
        const TokenProfile* profile = m_session.workspace().profile(itemData(row, IdRole).toString());
        if (!profile) continue;
        const ProfileState* state = m_session.state(profile->id);
        const QString kind = profileKindText(*profile, state);
        const int tone = static_cast<int>(profileTone(state));
        if (itemData(row, KindRole).toString() != kind) setItemData(row, kind, KindRole);
        if (itemData(row, ToneRole).toInt() != tone) setItemData(row, tone, ToneRole);
        const QStringList words = {profile->name, kind, profileStateText(state)};
        setItemData(row, words.join(QLatin1Char('\n')), Qt::ToolTipRole);
        setItemData(row, words.join(QStringLiteral(", ")), Qt::AccessibleTextRole);
    }
    setToolTip(itemData(currentIndex(), Qt::ToolTipRole).toString());
    updateGeometry();
    update();
}

void ProfileCombo::setProfile(const QString& id) {
    m_id = id;
    select();
}

void ProfileCombo::select() {
    const QSignalBlocker quiet(this);
    setCurrentIndex(findData(m_id, IdRole));
    setToolTip(itemData(currentIndex(), Qt::ToolTipRole).toString());
    updateGeometry();
    update();
}

QSize ProfileCombo::sizeHint() const {
    const int row = currentIndex();
    const QString name = row < 0 ? tr("Unknown profile") : currentText();
    const QString kind = row < 0 ? QString() : itemData(row, KindRole).toString();
    return {profileWidth(font(), name, kind) + 42, QComboBox::sizeHint().height()};
}

QSize ProfileCombo::minimumSizeHint() const {
    const QString name = currentIndex() < 0 ? tr("Unknown profile") : currentText();
    const int named = profileWidth(font(), name, QString()) + 42;
    return {qMin(sizeHint().width(), qMin(named, 150)), QComboBox::minimumSizeHint().height()};
}

int ProfileCombo::usedWidth(int available) const {
    const QString kind = itemData(currentIndex(), KindRole).toString();
    const int named = sizeHint().width() - QFontMetrics(font()).horizontalAdvance(kind);
    const QFontMetrics metrics(font());
    return named + metrics.horizontalAdvance(fittingKind(metrics, kind, available - named));
}

void ProfileCombo::paintEvent(QPaintEvent*) {
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    option.currentText.clear();
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    const QRect field =
        style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    const int row = currentIndex();
    paintProfile(&painter, field.adjusted(2, 0, -2, 0), font(),
                 row < 0 ? QVariant(tr("Unknown profile")) : itemText(row),
                 row < 0 ? QVariant() : itemData(row, KindRole),
                 static_cast<Tone>(row < 0 ? static_cast<int>(Tone::Bad) : itemData(row, ToneRole).toInt()),
                 row < 0 || itemData(row, HollowRole).toBool());
}

void ProfileCombo::wheelEvent(QWheelEvent* event) {
    // Scrolling past must not change who sends.
    event->ignore();
}

} // namespace kb
