// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/profile_list_model.h"

#include "core/auth/side_expiry.h"
#include "ui/theme.h"

#include <QCoreApplication>
#include <QMimeData>

namespace kb {

namespace {

const QString rowFormat = QStringLiteral("application/x-keybearer-profile-row");

struct ProfileLookText {
    Q_DECLARE_TR_FUNCTIONS(ProfileLook)
};

ProfileLook problemLook(const Error& problem) {
    ProfileLook look;
    look.tone = static_cast<int>(Tone::Warn);
    look.sign = QStringLiteral("!");
    switch (problem.code) {
    case ErrorCode::StoreLocked:
        look.text = ProfileLookText::tr("locked");
        break;
    case ErrorCode::StoreUnavailable:
        look.text = ProfileLookText::tr("no keychain");
        break;
    case ErrorCode::StoreRefused:
        look.text = ProfileLookText::tr("refused");
        break;
    case ErrorCode::StoreTimeout:
        look.text = ProfileLookText::tr("no answer");
        break;
    case ErrorCode::SecretMissing:
        look.text = ProfileLookText::tr("no secret");
        break;
    case ErrorCode::SecretChanged:
        look.text = ProfileLookText::tr("changed");
        break;
    default:
        look.text = ProfileLookText::tr("not readable");
        break;
    }
    look.stateText = look.text;
    return look;
}

} // namespace

ProfileLook lookOf(const ProfileState* state) {
    ProfileLook look;
    look.tone = static_cast<int>(Tone::Neutral);
    look.sign = QStringLiteral("○");
    if (!state || state->loading == ProfileState::Loading::NotYet) {
        look.text = look.stateText = ProfileLookText::tr("not read yet");
        return look;
    }
    if (state->loading == ProfileState::Loading::Waiting) {
        look.text = ProfileLookText::tr("waiting…");
        look.stateText = ProfileLookText::tr("waiting for the keychain");
        return look;
    }
    if (state->problem) return problemLook(*state->problem);
    const TokenStatus& status = state->status;
    look.stateText = tokenStateText(status.state);
    look.text = timeLeftText(status);
    switch (status.state) {
    case TokenState::Valid:
        look.tone = static_cast<int>(Tone::Good);
        look.sign = QStringLiteral("●");
        look.fraction = status.fractionLeft;
        break;
    case TokenState::DueSoon:
        look.tone = static_cast<int>(Tone::Warn);
        look.sign = QStringLiteral("◑");
        look.fraction = status.fractionLeft;
        break;
    case TokenState::Expired:
        look.tone = static_cast<int>(Tone::Bad);
        look.sign = QStringLiteral("✕");
        break;
    case TokenState::NotYetValid:
        look.tone = static_cast<int>(Tone::Warn);
        look.sign = QStringLiteral("◌");
        if (look.text.isEmpty()) look.text = look.stateText;
        break;
    case TokenState::NoExpiryKnown:
        look.text = ProfileLookText::tr("no expiry");
        look.sign = QStringLiteral("●");
        break;
    case TokenState::Unreadable:
        look.tone = static_cast<int>(Tone::Warn);
        look.sign = QStringLiteral("!");
        look.text = ProfileLookText::tr("unreadable");
        break;
    case TokenState::NoToken:
        look.text = ProfileLookText::tr("no token yet");
        look.sign = QStringLiteral("○");
        break;
    }
    return look;
}

ProfileListModel::ProfileListModel(Session& session, QObject* parent)
    : QAbstractListModel(parent), m_session(session) {
    const auto reset = [this] {
        beginResetModel();
        endResetModel();
    };
    connect(&session, &Session::workspaceChanged, this, reset);
    connect(&session, &Session::profilesChanged, this, reset);
    connect(&session, &Session::profileStateChanged, this, &ProfileListModel::changedAll);
    connect(&session, &Session::ticked, this, &ProfileListModel::changedAll);
}

void ProfileListModel::changedAll() {
    if (rowCount() > 0) Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

int ProfileListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_session.profiles().size()) + 1;
}

QVariant ProfileListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    if (index.row() == 0) {
        switch (role) {
        case Qt::DisplayRole:
            return tr("Anonymous");
        case Qt::AccessibleTextRole:
            return tr("Anonymous, no token");
        case TimeTextRole:
            return tr("no token");
        case IdRole:
            return QString();
        case SignRole:
            return QStringLiteral("○");
        case ToneRole:
            return static_cast<int>(Tone::Neutral);
        case HasBarRole:
            return false;
        default:
            return {};
        }
    }
    const TokenProfile& profile = m_session.profiles().at(index.row() - 1);
    const ProfileState* state = m_session.state(profile.id);
    if (role == Qt::DisplayRole) return profile.name;
    if (role == IdRole) return profile.id;
    if (role == ColourRole) return profile.colour;
    const ProfileLook look = lookOf(state);
    // What ends beside the token is no part of its own state, and shall not be overlooked.
    const QStringList beside =
        state && state->facts ? endingBeside(*state->facts, m_session.nowSeconds()) : QStringList();
    switch (role) {
    case TimeTextRole:
        return beside.isEmpty() ? look.text : QString(QStringLiteral("⚠ ") + look.text);
    case SignRole:
        return look.sign;
    case ToneRole:
        return look.tone;
    case FractionRole:
        return look.fraction;
    case HasBarRole:
        return look.fraction >= 0;
    case Qt::AccessibleTextRole:
        return QString(tr("%1, %2, %3").arg(profile.name, look.stateText, look.text) +
                       (beside.isEmpty() ? QString() : QStringLiteral(", ")) + beside.join(u' '));
    case Qt::ToolTipRole:
        if (state && state->problem) return state->problem->text();
        return QStringList(QStringList{QStringLiteral("%1 — %2").arg(profile.name, look.stateText)} + beside)
            .join(u'\n');
    default:
        return {};
    }
}

Qt::ItemFlags ProfileListModel::flags(const QModelIndex& index) const {
    if (!index.isValid()) return Qt::ItemIsDropEnabled;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (index.row() > 0) flags |= Qt::ItemIsDragEnabled;
    return flags;
}

QStringList ProfileListModel::mimeTypes() const {
    return {rowFormat};
}

QMimeData* ProfileListModel::mimeData(const QModelIndexList& indexes) const {
    auto* data = new QMimeData;
    if (!indexes.isEmpty()) data->setData(rowFormat, QByteArray::number(indexes.first().row() - 1));
    return data;
}

bool ProfileListModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int,
                                    const QModelIndex&) {
    if (action != Qt::MoveAction || !data->hasFormat(rowFormat)) return false;
    const int from = data->data(rowFormat).toInt();
    const int count = static_cast<int>(m_session.profiles().size());
    int to = row < 0 ? count - 1 : qBound(0, row - 1, count - 1);
    if (row > 0 && from < row - 1) to = qBound(0, row - 2, count - 1);
    if (const Result<void> moved = m_session.moveProfile(from, to); !moved)
        Q_EMIT m_session.message(moved.error().text());
    return false; // the session has moved it; the view must not remove the row as well
}

QModelIndex ProfileListModel::indexOf(const QString& profileId) const {
    if (profileId.isEmpty()) return index(0);
    for (int row = 1; row < rowCount(); ++row)
        if (m_session.profiles().at(row - 1).id == profileId) return index(row);
    return {};
}

} // namespace kb
