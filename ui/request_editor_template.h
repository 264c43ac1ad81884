// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/variables.h"

#include <optional>

namespace kb {

/// A text with its {{variables}} filled in, which still knows where each part came from, so that a problem
/// found in the filled text can be shown in the text the user typed.
struct FilledText {
    struct Piece {
        qsizetype source = 0; ///< in the text as typed
        qsizetype sourceLength = 0;
        qsizetype start = 0; ///< in `text`
        qsizetype length = 0;
        QString variable; ///< empty for literal text
    };
    QString text;
    QList<Piece> pieces;
    QStringList unknown; ///< names nothing defines, each once

    struct Place {
        qsizetype start = 0;
        qsizetype length = 1;
        QString variable; ///< the problem lies in this variable's value
    };
    /// The place in the typed text of an index into `text`.
    Place placeOf(qsizetype position) const;
};

/// `standIn` takes the place of a variable nothing defines.
FilledText fillVariables(const QString& typed, const VariableMap& variables, const QString& standIn);

/// Where a JSON body stops being JSON, in the text as typed. Line and column count from 1.
struct JsonProblem {
    QString what;
    qsizetype position = 0;
    int line = 1;
    int column = 1;
};
/// A hint, never a reason not to send. An empty text is no problem.
std::optional<JsonProblem> jsonProblem(const QString& typed, const VariableMap& variables);

} // namespace kb
