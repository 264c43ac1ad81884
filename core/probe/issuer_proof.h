// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/matrix.h"
#include "core/run/sender.h"

#include <QObject>

namespace kb {

/// Asks a token's issuer once whether the token is good; one that is due is refreshed first, as before any
/// request. `finished` comes exactly once, never inside start(), also after cancel().
class IssuerProof final : public QObject {
    Q_OBJECT
public:
    /// `sender.grants` and `sender.store` are not null.
    IssuerProof(Sender sender, GrantInput input, IssuerWord word, QObject* parent = nullptr);

    void start();
    void cancel();

Q_SIGNALS:
    /// `problem` says why it is not good, or why the issuer could not be asked.
    void finished(bool good, const QString& problem);

private:
    void refreshed(const Result<GrantKeeper::Ready>& ready);
    void ask();
    void answered(const Result<GrantOutcome>& outcome);
    void end(bool good, const QString& problem);
    /// Runs it in a later turn of the event loop: what calls us is not destroyed inside its own call.
    void later(std::function<void()> step);

    Sender m_sender;
    GrantInput m_input;
    IssuerWord m_word;
    HandlePtr m_work;
    int m_tries = 0;
    bool m_over = false;
};

} // namespace kb
