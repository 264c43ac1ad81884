// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/run_record.h"

namespace kb {

/// An operation, and the values that its path's variables have in an address.
struct OperationAt {
    const ApiOperation* operation = nullptr;
    QHash<QString, QString> values;
};
/// The operation of a document that a request addresses: of its method, with a path that fits one of the
/// document's templates. `path` is the address's, which may begin with a server's. A concrete path goes
/// before one with variables (OpenAPI 3.1 §4.8.8.2). nullopt where the document has none.
std::optional<OperationAt> operationAt(const ApiDescription& api, const QString& method, const QString& path);

/// One request as each identity, as one row of the matrix: expected by the same rules, and judged by them. No
/// canary is sent: that a credential is good is seen by what it gets here, and where it gets 401 or nothing
/// at all, its answer proves nothing. A forgery proves something only where its parent got in.
///
/// `values` are the path's, by parameter: whose object is asked for, where that matters. Results stand in the
/// order of the profiles, and those without an observation yet are not sent.
RunRecord rowOf(const ApiDescription& api, const ApiOperation& operation,
                const QList<MatrixProfile>& profiles, const QList<Observation>& seen,
                const QHash<QString, QString>& values, const MatrixSettings& settings, qint64 nowMs);

/// The values of a template's variables in a path that fits it; nullopt where it does not fit.
std::optional<QHash<QString, QString>> pathValues(const QString& pathTemplate, const QString& path);

} // namespace kb
