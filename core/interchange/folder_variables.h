// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import_draft.h"

#include <QSet>

namespace kb::importing {

/// Variables of folders and requests while the secrets are taken out. They stand among the collection's for
/// that time, under names that nothing else has, so that what is a secret is found and kept as any other; the
/// rest is given back.
class FolderVariables {
public:
    explicit FolderVariables(Draft& draft);
    void giveBack(Imported& made);

private:
    struct Lifted {
        QList<qsizetype> way; ///< to the folder or request, a place in the list at each step
        QString name;
        QString standIn;
        bool enabled = true;
        bool extends = false; ///< its value names the variable of that name further out: a folder's cannot
    };
    void lift(QList<DraftItem>& items, const QMap<QString, QString>& above, const QList<qsizetype>& way);
    QString freeName(const QString& wanted);

    Draft& m_draft;
    QSet<QString> m_names;
    QList<Lifted> m_lifted;
    bool m_hadNone = false; ///< neither environments nor variables
};

} // namespace kb::importing
