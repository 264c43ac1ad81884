// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/practice_control_impl.h"

namespace kb {

namespace {

PracticeOptions optionsFor(const PracticeSettings& settings) {
    PracticeOptions options;
    options.port = settings.port;
    options.preferredPort = settings.preferredPort;
    options.defects = QSet<QString>(settings.defects.begin(), settings.defects.end());
    options.readerLifetimeS = settings.readerLifetimeS;
    options.otherReaderLifetimeS = settings.readerLifetimeS;
    options.adminLifetimeS = settings.adminLifetimeS;
    options.accessTokenLifetimeS = settings.accessTokenLifetimeS;
    options.rateLimitPerMinute = settings.rateLimitPerMinute;
    return options;
}

} // namespace

Result<void> PracticeControlImpl::start(const PracticeSettings& settings) {
    return m_server.start(optionsFor(settings));
}

Result<void> PracticeControlImpl::begin(const PracticeSettings& settings,
                                        std::function<void(Result<void>)> ready) {
    return m_server.begin(optionsFor(settings), std::move(ready));
}

void PracticeControlImpl::stop() {
    m_server.stop();
}

bool PracticeControlImpl::isRunning() const {
    return m_server.isRunning();
}

QString PracticeControlImpl::baseUrl() const {
    return m_server.baseUrl();
}

QList<PracticeDefect> PracticeControlImpl::defects() const {
    return practiceDefects();
}

Result<void> PracticeControlImpl::setDefect(const QString& name, bool on) {
    return m_server.setDefect(name, on);
}

void PracticeControlImpl::takeTokens(const std::function<void(PracticeToken)>& each) {
    const QList<PracticeIdentity> identities = m_server.identities();
    for (const PracticeIdentity& identity : identities)
        each({identity.name, identity.kind,
              Secret({identity.secret.constData(), static_cast<std::size_t>(identity.secret.size())})});
}

} // namespace kb
