// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QAbstractListModel>

namespace kb {

/// Anonymous first, then the profiles with their time left. Holds no secret.
class ProfileListModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        TimeTextRole,
        FractionRole,
        ToneRole,
        SignRole,
        ColourRole,
        HasBarRole
    };

    explicit ProfileListModel(Session& session, QObject* parent = nullptr);
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;
    QModelIndex indexOf(const QString& profileId) const;

private:
    void changedAll();
    Session& m_session;
};

/// What a profile's state is in one word, in a tone and in a sign; shared by the list, the bar and the panel.
struct ProfileLook {
    QString text;         ///< "12:41", "expired 3 d", "no expiry", "waiting…", "locked"
    QString stateText;    ///< "valid", "due soon" …
    int tone = 0;         ///< a kb::Tone
    QString sign;         ///< ● ◑ ✕ ○ !
    double fraction = -1; ///< of the life left, or -1 without a bar
};
ProfileLook lookOf(const ProfileState* state);

} // namespace kb
