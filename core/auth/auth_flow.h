// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/credentials.h"

#include <functional>
#include <variant>

namespace kb {

/// What a flow may use beside the request: everything that would else be I/O.
struct FlowContext {
    Redactor& redactor;
    qint64 nowMs = 0;                                 ///< trusted Unix time
    std::function<QByteArray(qsizetype)> randomBytes; ///< from the operating system, fixed in tests
};

/// The flow wants this request on the wire.
struct FlowSend {
    Request request;
    PlacedCredential placed;
    QString note; ///< why it is sent (again), a sentence for the timeline; empty for the first time
};
/// The answer stands. `finding` is what the flow noticed about it ("The server did not prove that it knows
/// the password."), or empty.
struct FlowDone {
    QString finding;
};
using FlowStep = std::variant<FlowSend, FlowDone>;

/// A protocol that puts a credential into one request, as steps without I/O: begin, then resume with each
/// answer until it is done. An error means refused: nothing (more) is sent.
class AuthFlow {
public:
    virtual ~AuthFlow() = default;
    virtual Result<FlowSend> begin(const Request& plain, const FlowContext& context) = 0;
    /// Called with the answer to the request last sent. Ends after a bounded number of sends.
    virtual Result<FlowStep> resume(const Response& response, const FlowContext& context) = 0;
};

} // namespace kb
