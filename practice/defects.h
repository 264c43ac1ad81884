// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <atomic>
#include <optional>

namespace kb::practice {

/// What the practice API can be told to do wrong. The names for people are in practiceDefects().
enum class Defect {
    IgnoreExp,
    AcceptNone,
    HsConfusion,
    TrustJwk,
    SkipAud,
    SkipScope,
    Bola,
    ExistenceOracle,
    ErrorOnDeny,
    OkWithErrorBody,
    RetryAfterSeconds,
    RetryAfterDate,
    RedirectOtherOrigin,
    ReflectToken,
    SkipSignature,
    KeyPrefix,
    KeyIgnoreCase,
    DenyAfterDelete
};

std::optional<Defect> defectByName(const QString& name);

/// The switches. The window's thread turns them, the server's thread reads them.
class Defects {
public:
    bool has(Defect defect) const { return (m_bits.load() & bit(defect)) != 0; }
    void set(Defect defect, bool on) {
        if (on)
            m_bits.fetch_or(bit(defect));
        else
            m_bits.fetch_and(~bit(defect));
    }
    void clear() { m_bits.store(0); }

private:
    static quint32 bit(Defect defect) { return 1U << static_cast<unsigned>(defect); }
    std::atomic<quint32> m_bits{0};
};

} // namespace kb::practice
