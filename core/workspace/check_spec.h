// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <QStringList>

namespace kb {

/// How a value is taken from an answer.
enum class AnswerPart {
    Expression, ///< OpenCollection's words: "res.status", "res.body.users[0].name", "res.headers['etag']"
    Jq,         ///< a jq filter over the JSON body
    Schema ///< the whole body against a JSON Schema (draft 7): a file's path within the workspace's folder
};

/// What an answer must be (OpenCollection: an assertion).
struct CheckSpec {
    AnswerPart part = AnswerPart::Expression;
    QString expression;
    QString op = QStringLiteral("eq"); ///< one of checkOperators(); a schema has none
    QString value;                     ///< with {{variables}}; operators such as isNull have none
    QString description;
    bool enabled = true;
    bool operator==(const CheckSpec&) const = default;
};

/// A value of an answer that later requests of a run have as a variable.
struct CaptureSpec {
    QString variable;
    AnswerPart part = AnswerPart::Expression; ///< not Schema
    QString expression;
    bool enabled = true;
    bool operator==(const CaptureSpec&) const = default;
};

/// The operators by their names in files, in the order people look for them.
QStringList checkOperators();
/// Whether an operator compares with a value.
bool operatorTakesValue(const QString& op);
/// Whether other programs that read OpenCollection can read it too: what is ours alone is kept under
/// extensions.keybearer.
bool isPortable(AnswerPart part, const QString& expression);

/// The last name of an expression: "password" of res.body.user.password. It may tell that its value is
/// secret.
QString lastName(const QString& expression);

} // namespace kb
