// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json.h"
#include "core/http/message.h"

#include <QStringList>
#include <optional>

namespace kb {

/// A value of an answer; nullopt where there is none ("undefined").
using AnswerValue = std::optional<JsonValue>;

/// An answer as expressions see it.
struct AnswerView {
    const Response* response = nullptr;
    const QByteArray* body = nullptr; ///< decoded
    double milliseconds = 0;          ///< until the answer was there
    bool unreadable = false;          ///< it is said to be JSON, and is none
    AnswerValue parsed = {};          ///< the body as JSON; a text where it is none. Made by answerView()
};
AnswerView answerView(const Response& response, const QByteArray& body, double milliseconds);

/// The names and indexes of such an expression, the property of the answer first: "body", "users", "0". Calls
/// are the properties they give.
Result<QStringList> pathOf(const QString& expression);

/// Follows an expression of OpenCollection's words, without running anything: `res.` and one of status,
/// statusText, responseTime, size, headers, cookies, body, then names and indexes, as in
/// "res.body.users[0].name" and "res.headers['content-type']"; also res.getStatus() and its sisters. A name
/// that is not there gives nullopt; an expression that is none of these is an error.
Result<AnswerValue> valueOf(const QString& expression, const AnswerView& answer);

/// Whether a value is as the operator wants it. The error says why not, in a sentence, with what was got.
/// The operand is read as in a file: true, false, null, numbers and quoted texts are what they look like, all
/// else is a text. Whole numbers compare by their digits, so that none is rounded.
Result<void> compareValue(const AnswerValue& value, const QString& op, const QString& operand);

/// An operand as it is read: what looks like a JSON value is one, 'text' in either quotes a text, all else a
/// text.
JsonValue operandValue(const QString& operand);
/// "a, b" and "[a, b]".
QList<JsonValue> operandList(QString operand);

/// A value as a person reads it, shortened.
QString shownValue(const AnswerValue& value);

} // namespace kb
