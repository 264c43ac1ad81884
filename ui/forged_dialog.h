// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/matrix.h"

#include <QDialog>

class QTreeWidget;

namespace kb {

/// Which forgeries of which identities are columns of the access matrix. Recipes only: nothing is made here.
class ForgedDialog final : public QDialog {
    Q_OBJECT
public:
    ForgedDialog(const QList<MatrixProfile>& profiles, const QList<DerivedProfile>& now,
                 QWidget* parent = nullptr);
    /// Those that were there stay as they were, with their names; those of identities that are not shown too.
    QList<DerivedProfile> chosen() const;

private:
    QTreeWidget* m_tree;
    QList<DerivedProfile> m_now;
};

} // namespace kb
