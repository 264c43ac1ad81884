// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/jws_verify.h"
#include "ui/session.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace kb {

class Pill;

/// What came of checking a token's signature. Holds neither the token nor a key.
struct SignatureVerdict {
    JwsVerification result;
    QString keysFrom;        ///< a phrase: an address, a file's name, "a key that was pasted"
    double checkedAt = 0;    ///< trusted Unix time
    bool timesThere = false; ///< the token has exp, nbf or iat
};

/// Whether a profile's token is genuine. Until its signature was checked, it says so: what is only decoded
/// is never green. Verdicts last until the token is another one, or the program ends.
class SignaturePanel final : public QWidget {
    Q_OBJECT
public:
    explicit SignaturePanel(Session& session, QWidget* parent = nullptr);
    /// Shows what is known of this profile's token; without facts of a JWT it hides.
    void setProfile(const QString& profileId, const TokenFacts* facts);
    void setVerdict(const QString& profileId, const SignatureVerdict& verdict);
    QString plainText() const; ///< everything it says

private:
    struct Kept {
        QByteArray token; ///< a digest of what the verdict is about
        SignatureVerdict verdict;
    };
    void refresh();
    void showVerdict(const SignatureVerdict& verdict);
    void verify();

    Session& m_session;
    QString m_id;
    QByteArray m_token; ///< a digest of the one in sight
    QHash<QString, Kept> m_kept;
    Pill *m_signature, *m_times, *m_claims;
    QLabel *m_key, *m_reason, *m_timesText, *m_claimsText, *m_from;
    QPushButton* m_verify;
};

} // namespace kb
