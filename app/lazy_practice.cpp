// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lazy_practice.h"

#include "app/module.h"

namespace kb {

Result<void> LazyPractice::load() {
    if (m_practice) return {};
    const Result<QFunctionPointer> create =
        moduleFunction(QStringLiteral("keybearer-practice"), "kbCreatePractice");
    if (!create) return tl::unexpected(create.error());
    m_practice.reset(reinterpret_cast<PracticeControl* (*)()>(*create)());
    return {};
}

Result<void> LazyPractice::start(const PracticeSettings& settings) {
    if (const Result<void> loaded = load(); !loaded) return loaded;
    return m_practice->start(settings);
}

Result<void> LazyPractice::begin(const PracticeSettings& settings, std::function<void(Result<void>)> ready) {
    if (const Result<void> loaded = load(); !loaded) return loaded;
    return m_practice->begin(settings, std::move(ready));
}

void LazyPractice::stop() {
    if (m_practice) m_practice->stop();
}

bool LazyPractice::isRunning() const {
    return m_practice && m_practice->isRunning();
}

QString LazyPractice::baseUrl() const {
    return m_practice ? m_practice->baseUrl() : QString();
}

QList<PracticeDefect> LazyPractice::defects() const {
    return m_practice ? m_practice->defects() : QList<PracticeDefect>();
}

Result<void> LazyPractice::setDefect(const QString& name, bool on) {
    if (const Result<void> loaded = load(); !loaded) return loaded;
    return m_practice->setDefect(name, on);
}

void LazyPractice::takeTokens(const std::function<void(PracticeToken)>& each) {
    if (m_practice) m_practice->takeTokens(each);
}

} // namespace kb
