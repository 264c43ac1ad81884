// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QByteArray>
#include <QList>

namespace kb {

/// The port to edits that are not saved yet, kept aside on this machine in case the program ends without a
/// word. What is kept must hold no secret.
class DraftStore {
public:
    struct Entry {
        QString id;
        QByteArray text;
    };
    virtual ~DraftStore() = default;
    virtual Result<void> keep(const QString& workspaceFolder, const QString& id, const QByteArray& text) = 0;
    virtual void drop(const QString& workspaceFolder, const QString& id) = 0;
    /// The drafts of this program, and of those that have ended; they are this program's from now on. Drafts
    /// of a program that runs are left alone.
    virtual QList<Entry> entries(const QString& workspaceFolder) = 0;
};

} // namespace kb
