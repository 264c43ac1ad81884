// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/check_spec.h"
#include "core/workspace/environment.h"

#include <QList>
#include <QString>
#include <optional>

namespace kb {

/// A row of the parameter table that is not part of the URL text: a path parameter's value, or a query field
/// that is switched off. Query fields that are on live in the URL itself.
struct ParamRow {
    enum class In { Path, Query };
    In in = In::Path;
    QString name;
    QString value;
    QString description;
    bool enabled = true;
    bool operator==(const ParamRow&) const = default;
};

struct HeaderRow {
    QString name;
    QString value;
    QString description;
    bool enabled = true;
    bool operator==(const HeaderRow&) const = default;
};

/// One part of a multipart/form-data body (RFC 7578).
struct BodyPart {
    QString name;
    QString value; ///< the text, or the file's path within the workspace's folder
    bool isFile = false;
    QString contentType; ///< empty: none for a text, application/octet-stream for a file
    bool enabled = true;
    bool operator==(const BodyPart&) const = default;
};

struct BodySpec {
    enum class Kind {
        None,
        Json,
        Text,
        Multipart,
        File ///< the bytes of a file in the workspace's folder, whose path is `text`
    };
    Kind kind = Kind::None;
    QString text;
    QString contentType;        ///< of Kind::Text (empty means text/plain) and Kind::File
    QList<BodyPart> parts = {}; ///< of Kind::Multipart
    /// With Kind::None: the file has a body of this kind, which is kept but cannot be sent.
    QString unsupported = {};
    bool operator==(const BodySpec&) const = default;
};

enum class ProxyMode { Inherit, System, None, Manual };

struct RequestSettings {
    int timeoutMs = 30000; ///< of the whole exchange; 0 means none
    bool followRedirects = true;
    int maxRedirects = 10;
    bool verifyTls = true; ///< false: the exception that stays visible
    QStringList
        removedDefaultHeaders; ///< User-Agent, Accept, Accept-Encoding, Content-Type the user took out
    bool operator==(const RequestSettings&) const = default;
};

/// What the user wrote, with {{variables}} still in it.
struct RequestSpec {
    QString id; ///< stable within the workspace; the file path relative to it for saved ones
    QString name;
    QString method = QStringLiteral("GET"); ///< any token (RFC 9110 §9.1)
    QString url;                            ///< with the enabled query fields
    QList<ParamRow> params;
    QList<HeaderRow> headers;
    BodySpec body;
    QString profileId; ///< Send as; empty means anonymous
    RequestSettings settings;
    QList<CheckSpec> checks;        ///< what the answer must be
    QList<CaptureSpec> captures;    ///< what later requests of a run get to know of it
    QList<Variable> variables = {}; ///< its own: they win over its folders'
    bool operator==(const RequestSpec&) const = default;
};

/// What a folder, or the workspace, gives to the requests below it.
struct RequestDefaults {
    QList<HeaderRow> headers;
    QList<Variable> variables;
    QString profileId; ///< Send as; empty: as what is above
    bool operator==(const RequestDefaults&) const = default;
};

} // namespace kb
