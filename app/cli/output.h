// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json_make.h"
#include "core/base/result.h"

#include <QStringList>
#include <optional>

namespace kb::cli {

/// The exit codes of the contract (docs/cli.md).
enum Exit { Clean = 0, Findings = 1, Usage = 2, Inconclusive = 3 };

/// What an error with an authorization server comes to: no answer is 3, what the server refused or said
/// wrongly is 1, anything else is a set-up error, 2.
Exit serverExit(const Error& error);

/// Where results and messages go: results to standard output, everything else to standard error.
class Output {
public:
    bool json = false;
    bool quiet = false;

    void write(QByteArrayView bytes) const;    ///< to standard output, as is
    void line(const QString& text = {}) const; ///< to standard output
    void message(const QString& text) const;   ///< to standard error, unless --quiet
    /// The same in bold, if standard error is a terminal and NO_COLOR is not set to anything.
    void headline(const QString& text) const;
    void document(JsonObject object) const; ///< the one JSON document, with its schema version
    Exit error(const Error& error,
               Exit code) const; ///< to standard error, and as the JSON document with --json
    /// Sends out what standard output still holds. An error, if not everything written to it got through.
    Result<void> flush() const;
};

} // namespace kb::cli
