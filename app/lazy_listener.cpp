// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lazy_listener.h"

#include "app/module.h"

namespace kb {

Result<std::unique_ptr<RedirectWait>> LazyListener::listen(const QString& path,
                                                           std::function<bool(const QByteArray&)> arrived) {
    if (!m_listener) {
        const Result<QFunctionPointer> create =
            moduleFunction(QStringLiteral("keybearer-login"), "kbCreateRedirectListener");
        if (!create) return tl::unexpected(create.error());
        m_listener.reset(reinterpret_cast<RedirectListener* (*)()>(*create)());
    }
    return m_listener->listen(path, std::move(arrived));
}

} // namespace kb
