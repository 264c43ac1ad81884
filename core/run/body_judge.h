// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/handle.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <functional>

namespace kb {

/// A question about a JSON body.
struct BodyQuestion {
    enum class Kind {
        Jq,    ///< `text` is a jq filter
        Schema ///< `text` is a JSON Schema, draft 7
    };
    Kind kind = Kind::Jq;
    QByteArray text;
};

struct BodyVerdict {
    QList<QByteArray> values; ///< of a filter: what it gave, as JSON texts
    QStringList faults;       ///< of a schema: what does not fit, with its place; empty if all fits
    QString problem;          ///< why there is no answer; empty if there is one
};

/// Answers what takes a program of its own: jq filters and JSON Schemas. They are other people's code over
/// other people's data, so each gets a limited time and can touch nothing.
class BodyJudge {
public:
    virtual ~BodyJudge() = default;
    /// One verdict a question, in their order.
    virtual HandlePtr ask(const QByteArray& body, const QList<BodyQuestion>& questions,
                          std::function<void(QList<BodyVerdict>)> done) = 0;
};

} // namespace kb
