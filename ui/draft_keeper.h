// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/draft.h"
#include "ui/session.h"

#include <QPointer>

namespace kb {

class RequestTab;

/// Keeps the open requests' edits aside while they are not saved, without what looks like a secret, and gives
/// back those of a program that ended without a word.
class DraftKeeper final : public QObject {
    Q_OBJECT
public:
    struct Kept {
        QString id;
        Draft draft;
    };
    explicit DraftKeeper(Session& session, QObject* parent = nullptr);
    /// The request was edited, saved or cleaned: soon its draft is written, or goes.
    void touch(RequestTab* tab);
    void flush(); ///< now
    void leave(); ///< writes what is to be written, and leaves it for the next time
    void drop(const QString& id);
    void dropAll(); ///< of the requests that are open here
    /// Of this workspace, but for those of requests that are open here.
    QList<Kept> kept();

private:
    void write(RequestTab& tab);
    Session& m_session;
    QTimer m_soon;
    QList<QPointer<RequestTab>> m_touched;
    QSet<QString> m_written;
    bool m_failed = false;
};

} // namespace kb
