// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/basic_flow.h"
#include "core/auth/digest_flow.h"
#include "core/auth/dpop.h"

#include <QMap>

namespace kb {

/// What servers told an identity and what the next request of the same lane may use: the charset of Basic,
/// the nonces of Digest and DPoP. Holds no secret, and nothing of it is saved.
class AuthMemory {
public:
    std::shared_ptr<BasicSession> basic(const QString& lane) {
        auto& session = m_basic[lane];
        if (!session) session = std::make_shared<BasicSession>();
        return session;
    }
    std::shared_ptr<DigestSession> digest(const QString& lane) {
        auto& session = m_digest[lane];
        if (!session) session = std::make_shared<DigestSession>();
        return session;
    }
    std::shared_ptr<DpopNonces> dpop(const QString& lane) {
        auto& nonces = m_dpop[lane];
        if (!nonces) nonces = std::make_shared<DpopNonces>();
        return nonces;
    }

private:
    QMap<QString, std::shared_ptr<BasicSession>> m_basic;
    QMap<QString, std::shared_ptr<DigestSession>> m_digest;
    QMap<QString, std::shared_ptr<DpopNonces>> m_dpop;
};

} // namespace kb
