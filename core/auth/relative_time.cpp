// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/relative_time.h"

#include <QCoreApplication>
#include <cmath>

namespace kb {

namespace {

struct RelativeTimeText {
    Q_DECLARE_TR_FUNCTIONS(RelativeTime)
};

/// A span of at least a second.
QString spanText(double seconds) {
    struct Unit {
        double seconds;
        QString text;
    };
    const Unit units[] = {{365.0 * 86400, RelativeTimeText::tr("%1 y")},
                          {86400, RelativeTimeText::tr("%1 d")},
                          {3600, RelativeTimeText::tr("%1 h")},
                          {60, RelativeTimeText::tr("%1 min")}};
    for (const Unit& unit : units)
        if (seconds >= unit.seconds) return unit.text.arg(std::floor(seconds / unit.seconds), 0, 'f', 0);
    return RelativeTimeText::tr("%1 s").arg(std::floor(seconds), 0, 'f', 0);
}

} // namespace

QString relativeTimeText(double seconds, double nowSeconds) {
    const double left = seconds - nowSeconds;
    if (!std::isfinite(left)) return {};
    if (std::abs(left) < 1) return RelativeTimeText::tr("now");
    return left > 0 ? RelativeTimeText::tr("in %1").arg(spanText(left))
                    : RelativeTimeText::tr("%1 ago").arg(spanText(-left));
}

} // namespace kb
