// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/json_make.h"
#include "core/interchange/export.h"

namespace kb::exporting {

struct Source {
    const Workspace& workspace;
    QList<TreeItem> items; ///< those that were chosen, in their folders
    VariableMap variables;
    QStringList& notes;

    const TokenProfile* profileOf(const RequestSpec& spec) const { return workspace.profile(spec.profileId); }
    /// All requests, folders left aside.
    QList<const RequestSpec*> requests() const;
};

/// What an engine that makes load can send: logins that talk back and forth are left out, and told.
struct LoadRequest {
    SnippetRequest request;
    const RequestSpec* spec;
};
QList<LoadRequest> loadRequests(Source& source);

Result<QByteArray> postman(Source& source);
Result<QByteArray> openApi(Source& source);
Result<QByteArray> har(Source& source);
Result<QByteArray> openCollection(Source& source);
Result<QByteArray> k6(Source& source);
Result<QByteArray> jmeter(Source& source);

/// "https://host/a?b" in its parts, variables left alone: base without path, path, query fields.
struct TemplateUrl {
    QString base; ///< "{{baseUrl}}", "https://host:8443"
    QString path; ///< "/users/{id}", with {name} for each path parameter
    QList<std::pair<QString, QString>> query;
};
TemplateUrl templateUrl(const QString& url);

} // namespace kb::exporting
