// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"
#include "ui/theme.h"

#include <QComboBox>

namespace kb {

/// What kind of identity a profile is, in a few words: "JWT bearer · RS256", "API key · X-API-Key".
QString profileKindText(const TokenProfile& profile, const ProfileState* state);
/// The colour of a profile's state. Its words come beside it: see profileStateText().
Tone profileTone(const ProfileState* state);
/// "valid 12:41", "expired 3 d", "no expiry known", "locked" …
QString profileStateText(const ProfileState* state);

/// Chooses who sends: each line has the state's dot, the name and the kind.
class ProfileCombo final : public QComboBox {
    Q_OBJECT
public:
    enum Role { IdRole = Qt::UserRole, KindRole, ToneRole, HollowRole };

    explicit ProfileCombo(Session& session, QWidget* parent = nullptr);
    void rebuild();       ///< after profiles came, went or moved
    void refreshStates(); ///< after a state changed
    void setProfile(const QString& id);
    QString profileId() const { return m_id; }
    /// How much of a width the name and a whole wording of the kind would use.
    int usedWidth(int available) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void profileChosen(const QString& id);

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void select();
    Session& m_session;
    QString m_id;
};

} // namespace kb
