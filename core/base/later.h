// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/handle.h"

#include <QObject>
#include <functional>

namespace kb {

/// Gives an answer that is known already in the way every port does: from the event loop, never inside the
/// call, and not at all once this is gone.
class Later final : public Handle {
public:
    explicit Later(std::function<void()> answer) : m_answer(std::move(answer)) {
        QMetaObject::invokeMethod(
            &m_context,
            [this] {
                // The answer may destroy this object, and must not be destroyed with it while it runs.
                const std::function<void()> taken = std::move(m_answer);
                taken();
            },
            Qt::QueuedConnection);
    }

private:
    std::function<void()> m_answer;
    QObject m_context;
};

} // namespace kb
