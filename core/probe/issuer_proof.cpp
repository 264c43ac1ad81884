// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/issuer_proof.h"
#include "core/probe/matrix_text.h"

#include <QTimer>

namespace kb {

namespace {

constexpr int busyTries = 40;
constexpr int busyWaitMs = 250;

} // namespace

IssuerProof::IssuerProof(Sender sender, GrantInput input, IssuerWord word, QObject* parent)
    : QObject(parent), m_sender(std::move(sender)), m_input(std::move(input)), m_word(word) {}

void IssuerProof::later(std::function<void()> step) {
    QTimer::singleShot(0, this, [this, step = std::move(step)] {
        if (!m_over) step();
    });
}

void IssuerProof::start() {
    const ProfileBinding* binding = m_sender.profile.bindingFor(m_input.environment);
    if (!binding || binding->secret.isEmpty())
        return later([this] { end(false, MatrixText::tr("The profile has no secret.")); });
    m_work = m_sender.store->read(binding->secret, [this](Result<SecretRecord> record) {
        auto held = std::make_shared<Result<SecretRecord>>(std::move(record));
        later([this, held] {
            if (!*held) return end(false, held->error().text());
            m_work = m_sender.grants->ready(m_input, std::move(**held), false,
                                            [this](Result<GrantKeeper::Ready> ready) { refreshed(ready); });
        });
    });
}

void IssuerProof::refreshed(const Result<GrantKeeper::Ready>& ready) {
    const QString problem = ready ? QString() : ready.error().text();
    later([this, problem] { problem.isEmpty() ? ask() : end(false, problem); });
}

void IssuerProof::ask() {
    const auto kind =
        m_word == IssuerWord::Userinfo ? GrantOperation::Kind::Userinfo : GrantOperation::Kind::Introspect;
    m_work = m_sender.grants->run(m_input, kind, {},
                                  [this](const Result<GrantOutcome>& outcome) { answered(outcome); });
}

void IssuerProof::answered(const Result<GrantOutcome>& outcome) {
    // Somebody else's work with the same grant: ours comes after it.
    if (!outcome && outcome.error().code == ErrorCode::Conflict && ++m_tries < busyTries)
        return later([this] { QTimer::singleShot(busyWaitMs, this, [this] { m_over ? void() : ask(); }); });
    if (!outcome) return later([this, problem = outcome.error().text()] { end(false, problem); });
    const bool good = outcome->userinfo || (outcome->introspection && outcome->introspection->active);
    later([this, good] {
        end(good, good ? QString() : MatrixText::tr("Its issuer says that the token is not active."));
    });
}

void IssuerProof::cancel() {
    later([this] { end(false, MatrixText::tr("The run was stopped.")); });
}

void IssuerProof::end(bool good, const QString& problem) {
    m_over = true;
    m_work.reset();
    Q_EMIT finished(good, problem);
}

} // namespace kb
