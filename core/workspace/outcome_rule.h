// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QList>
#include <QString>
#include <QStringList>
#include <optional>

namespace kb {

/// What the server did with a request, in the order of docs/access-matrix.md.
enum class Outcome {
    NotSent,
    NoAnswer,
    Throttled,
    DeniedAuthn,
    DeniedAuthz,
    ProxyProblem,
    DeniedRedirect,
    Redirected,
    Concealed,
    ReachedMissing,
    Ambiguous,
    Reached,
    ServerError,
    Allowed,
    AllowedEmpty
};
QString outcomeName(Outcome outcome); ///< "not-sent", "no-answer", "throttled", "denied-authn" …

/// What is looked for at a place of an answer.
struct AnswerTest {
    enum class Kind { Exists, Absent, Equals, Contains };
    /// Of a body: a JSON pointer, where "*" is any item of a list; empty: the body's text. Of a header: its
    /// name.
    QString at;
    Kind kind = Kind::Exists;
    QStringList values; ///< of Equals and Contains: any one of them
    bool operator==(const AnswerTest&) const = default;
};

/// What an expected answer must look like beside being a denial or none. All of its parts must fit.
struct ExactAnswer {
    QStringList statuses; ///< "200", "4XX"; empty: any
    QString problem;      ///< the `type` of a problem document (RFC 9457); empty: any
    QString challenge;    ///< the `error` of a challenge (RFC 6750 §3.1); empty: any
    std::optional<AnswerTest> body;
    std::optional<AnswerTest> header;
    bool operator==(const ExactAnswer&) const = default;
};

/// What the user says an answer means, where the status does not: for an API that answers 200 with an error
/// in the body, say. The first rule that fits counts.
struct OutcomeRule {
    QString name;         ///< for people; may be empty
    QStringList methods;  ///< empty: any
    QStringList tags;     ///< any one of them; empty: any
    QString path;         ///< a glob over the path template; empty: any
    QStringList statuses; ///< "200", "4XX"; empty: any
    std::optional<AnswerTest> body;
    std::optional<AnswerTest> header;
    Outcome means = Outcome::Ambiguous;
    bool operator==(const OutcomeRule&) const = default;
};
/// The names of the outcomes that a rule may say.
QStringList outcomesOfRules();

} // namespace kb
