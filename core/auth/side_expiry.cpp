// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/side_expiry.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct SideExpiry {
    Q_DECLARE_TR_FUNCTIONS(SideExpiry)
};

} // namespace

QStringList endingBeside(const TokenFacts& facts, double nowSeconds, double withinSeconds) {
    QStringList sentences;
    const auto look = [&](const std::optional<double>& end, const QString& ended, const QString& ends) {
        if (!end) return;
        const double left = *end - nowSeconds;
        if (left <= 0)
            sentences.append(ended);
        else if (left <= withinSeconds)
            sentences.append(ends.arg(timeLeftText({TokenState::Valid, left, {}, 0})));
    };
    look(facts.refreshExpiresAt,
         SideExpiry::tr("The refresh token has expired: a login is needed when the token ends."),
         SideExpiry::tr("The refresh token expires in %1."));
    look(facts.clientSecretExpiresAt,
         SideExpiry::tr("The client secret has expired: nothing can be refreshed with it."),
         SideExpiry::tr("The client secret expires in %1."));
    look(facts.certificateExpiresAt, SideExpiry::tr("The client certificate has expired."),
         SideExpiry::tr("The client certificate expires in %1."));
    return sentences;
}

} // namespace kb
