// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profile_list.h"

#include "ui/compare_dialog.h"
#include "ui/expiry_bar.h"
#include "ui/profile_list_model.h"
#include "ui/theme.h"

#include <QColorDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>

namespace kb {

namespace {

/// Sign and name at the left, time left at the right, the bar below.
class ProfileDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const int bar = index.data(ProfileListModel::HasBarRole).toBool() ? 10 : 0;
        return {120, option.fontMetrics.height() + 11 + bar};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme().selection);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(option.rect, theme().window);
        const QColor own(index.data(ProfileListModel::ColourRole).toString());
        if (own.isValid())
            painter->fillRect(QRect(option.rect.left(), option.rect.top() + 3, 3, option.rect.height() - 6),
                              own);
        const bool hasBar = index.data(ProfileListModel::HasBarRole).toBool();
        QRect line = option.rect.adjusted(12, 0, -12, hasBar ? -10 : 0);
        const Tone tone = static_cast<Tone>(index.data(ProfileListModel::ToneRole).toInt());
        const QColor colour = tone == Tone::Neutral ? theme().muted : theme().tone(tone).text;
        painter->setPen(colour);
        painter->drawText(QRect(line.left(), line.top(), 16, line.height()), Qt::AlignVCenter,
                          index.data(ProfileListModel::SignRole).toString());
        const QString time = index.data(ProfileListModel::TimeTextRole).toString();
        const int timeWidth = option.fontMetrics.horizontalAdvance(time) + 4;
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignRight, time);
        painter->setPen(theme().text);
        const QRect name(line.left() + 20, line.top(), line.width() - 24 - timeWidth, line.height());
        painter->drawText(
            name, Qt::AlignVCenter,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, name.width()));
        if (hasBar) {
            const QRectF groove(line.left() + 20, option.rect.bottom() - 11, line.width() - 20, 5);
            paintExpiry(*painter, groove, index.data(ProfileListModel::FractionRole).toDouble(), tone,
                        option.direction);
        }
        if (option.state & QStyle::State_HasFocus) {
            painter->setBrush(Qt::NoBrush);
            painter->setPen(theme().accent);
            painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
        }
        painter->restore();
    }
};

} // namespace

ProfileList::ProfileList(Session& session, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_model(new ProfileListModel(session, this)),
      m_view(new QListView(this)),
      m_heading(new QLabel(this)) {
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    m_heading->setProperty("heading", true);
    auto* add = new QToolButton(this);
    add->setText(QStringLiteral("+"));
    add->setAutoRaise(true);
    add->setToolTip(tr("New profile"));
    add->setAccessibleName(tr("New profile"));
    add->setFocusPolicy(Qt::TabFocus);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new ProfileDelegate(m_view));
    m_view->setMouseTracking(true);
    m_view->setDragDropMode(QAbstractItemView::InternalMove);
    m_view->setDefaultDropAction(Qt::MoveAction);
    m_view->setAccessibleName(tr("Token profiles"));
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->installEventFilter(this);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(12, 8, 8, 0);
    top->addWidget(m_heading, 1);
    top->addWidget(add);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(top);
    layout->addWidget(m_view, 1);

    connect(add, &QToolButton::clicked, this, &ProfileList::addRequested);
    connect(m_view, &QListView::clicked, this, [this](const QModelIndex& index) {
        Q_EMIT chosen(index.data(ProfileListModel::IdRole).toString());
    });
    connect(m_view, &QListView::doubleClicked, this, [this](const QModelIndex& index) {
        if (index.row() > 0) Q_EMIT editRequested(index.data(ProfileListModel::IdRole).toString());
    });
    connect(m_view, &QListView::customContextMenuRequested, this, &ProfileList::showMenu);
    // The model starts anew when the list changes: keep what was chosen.
    connect(m_model, &QAbstractItemModel::modelReset, this, [this] { setCurrent(m_current); });
    connect(&session, &Session::workspaceChanged, this, &ProfileList::updateHeading);
    connect(&session, &Session::environmentChanged, this, &ProfileList::updateHeading);
    connect(&theme(), &Theme::changed, m_view->viewport(), qOverload<>(&QWidget::update));
    updateHeading();
}

void ProfileList::updateHeading() {
    const QString environment = m_session.environmentName();
    m_heading->setText(environment.isEmpty() ? tr("Token profiles")
                                             : tr("Token profiles · %1").arg(environment));
}

void ProfileList::setCurrent(const QString& profileId) {
    m_current = profileId;
    m_view->setCurrentIndex(m_model->indexOf(profileId));
}

QString ProfileList::current() const {
    return m_current;
}

int ProfileList::wantedHeight() const {
    int height = m_view->y() + 12;
    for (int row = 0; row < m_model->rowCount(); ++row)
        height += qMax(m_view->sizeHintForIndex(m_model->index(row)).height(), fontMetrics().height() + 21);
    return height;
}

void ProfileList::moveCurrent(int by) {
    const int from = m_view->currentIndex().row() - 1;
    if (from < 0) return;
    if (const Result<void> moved = m_session.moveProfile(from, from + by); !moved)
        Q_EMIT m_session.message(moved.error().text());
}

void ProfileList::duplicateCurrent() {
    if (m_current.isEmpty()) return;
    if (const Result<void> made = m_session.duplicateProfile(m_current); !made)
        Q_EMIT m_session.message(made.error().text());
}

void ProfileList::removeCurrent() {
    if (!m_current.isEmpty()) m_session.removeProfile(m_current);
}

void ProfileList::colourCurrent() {
    if (!m_current.isEmpty()) chooseColour(m_current);
}

void ProfileList::chooseColour(const QString& profileId) {
    const TokenProfile* profile = m_session.workspace().profile(profileId);
    if (!profile) return;
    auto* dialog = new QColorDialog(QColor(profile->colour), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Colour of %1").arg(profile->name));
    connect(dialog, &QColorDialog::colorSelected, this, [this, profileId](const QColor& colour) {
        const TokenProfile* now = m_session.workspace().profile(profileId);
        if (!now) return;
        TokenProfile changed = *now;
        changed.colour = colour.name();
        m_session.saveProfile(changed, std::nullopt, [this](const Result<void>& saved) {
            if (!saved) Q_EMIT m_session.message(saved.error().text());
        });
    });
    dialog->open();
}

void ProfileList::showMenu(const QPoint& position) {
    const QModelIndex index = m_view->indexAt(position);
    const QString id = index.data(ProfileListModel::IdRole).toString();
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [this, menu](const QString& text, auto run) {
        connect(menu->addAction(text), &QAction::triggered, this, run);
    };
    add(tr("New profile…"), [this] { Q_EMIT addRequested(); });
    if (!id.isEmpty()) {
        add(tr("Edit…"), [this, id] { Q_EMIT editRequested(id); });
        add(tr("Duplicate"), [this, id] {
            if (const Result<void> made = m_session.duplicateProfile(id); !made)
                Q_EMIT m_session.message(made.error().text());
        });
        if (CompareDialog::isPossible(m_session, id))
            add(tr("Compare with…"), [this, id] { Q_EMIT compareRequested(id); });
        add(tr("Colour…"), [this, id] { chooseColour(id); });
        add(tr("Move up"), [this] { moveCurrent(-1); });
        add(tr("Move down"), [this] { moveCurrent(1); });
        add(tr("Read the secret again"), [this, id] { m_session.reloadProfile(id); });
        menu->addSeparator();
        add(tr("Delete"), [this, id] { m_session.removeProfile(id); });
    }
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

bool ProfileList::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_view || event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const QString id = m_view->currentIndex().data(ProfileListModel::IdRole).toString();
    const bool moving = key->modifiers() & Qt::AltModifier;
    switch (key->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (!moving) return false;
        moveCurrent(key->key() == Qt::Key_Up ? -1 : 1);
        return true;
    case Qt::Key_Delete:
        if (!id.isEmpty()) m_session.removeProfile(id);
        return true;
    case Qt::Key_F2:
        if (!id.isEmpty()) Q_EMIT editRequested(id);
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        Q_EMIT chosen(id);
        return true;
    default:
        return false;
    }
}

} // namespace kb
