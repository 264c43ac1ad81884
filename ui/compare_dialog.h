// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jwt_compare.h"
#include "ui/session.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QTreeWidget;
class QTreeWidgetItem;

namespace kb {

/// Two profiles' tokens side by side, member by member, as decoded.
class CompareDialog final : public QDialog {
    Q_OBJECT
public:
    CompareDialog(Session& session, const QString& profileId, QWidget* parent = nullptr);
    /// Whether there is anything to compare the profile with.
    static bool isPossible(const Session& session, const QString& profileId);

private:
    void build();
    void compare();
    void addGroup(const QString& title, const QList<JwtMemberComparison>& members);
    void addMember(QTreeWidgetItem& group, const JwtMemberComparison& member);
    const DecodedJwt* tokenOf(const QString& profileId) const;

    Session& m_session;
    QString m_left;
    QComboBox* m_right;
    QCheckBox* m_all;
    QTreeWidget* m_tree;
    QLabel* m_summary;
    int m_differences = 0;
};

} // namespace kb
