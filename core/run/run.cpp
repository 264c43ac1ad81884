// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include "core/run/run_private.h"

namespace kb {

Run::Run(Services services, RunInput input, QObject* parent)
    : QObject(parent), d(std::make_unique<Private>(this, services, std::move(input))) {}

Run::~Run() = default;

void Run::start() {
    if (d->started) return;
    d->started = true;
    d->later([this] { d->begin(); });
}

void Run::cancel() {
    if (d->finished || d->cancelled) return;
    d->cancelled = true;
    if (!d->started) return; // start() finds it cancelled
    if (d->transfer) {
        // What there is of the answer comes through the transfer's own completion.
        if (!d->replyArrived) d->transfer->stop();
        return;
    }
    if (d->masking) return; // the answer is there; its next step finds the run cancelled
    d->secretRead.reset();
    d->grantWait.reset();
    d->later([this] { d->finish(d->cancelledError()); });
}

void Run::keepGoing(qint64 newLimit) {
    if (d->finished || d->cancelled || !d->transfer || d->replyArrived) return;
    d->transfer->keepGoing(newLimit);
}

bool Run::isFinished() const {
    return d->finished;
}

} // namespace kb
