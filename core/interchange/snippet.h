// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/variables.h"
#include "core/workspace/workspace.h"

namespace kb {

/// A text of a request in code. What is secret is an environment variable, never a value.
struct SnippetText {
    struct Piece {
        enum class Kind {
            Literal,
            Secret,        ///< the value of the environment variable `text`
            SecretInQuery, ///< the same, percent-encoded
            BasicSecret    ///< base64 of "user:" and that value (RFC 7617 §2)
        };
        Kind kind = Kind::Literal;
        QString text;
        QString user; ///< of BasicSecret
    };
    QList<Piece> pieces;

    static SnippetText literal(const QString& text) { return {{{Piece::Kind::Literal, text, {}}}}; }
    bool isLiteral() const { return pieces.size() == 1 && pieces.first().kind == Piece::Kind::Literal; }
};

/// A request as code would make it.
struct SnippetRequest {
    QString name;
    QString method;
    SnippetText url;
    QList<std::pair<QString, SnippetText>> headers; ///< the user's own, Content-Type, the credential
    bool hasBody = false;
    QString body;          ///< text; empty with parts or a file
    QList<BodyPart> parts; ///< of a multipart form; only those that are on
    QString file;          ///< the body is this file
    bool followRedirects = true;
    bool verifyTls = true;
    int timeoutMs = 0;
    /// Schemes that talk back and forth: "digest", "ntlm", "negotiate", "aws-sigv4"; else empty.
    QString login;
    QString loginUser;
    QString loginVariable; ///< the environment variable with the password
    QString loginDetail;   ///< "region:service" of aws-sigv4
    QStringList notes;     ///< what the code does not do
};

/// What would be sent, with variables filled in and secrets as environment variables.
Result<SnippetRequest> snippetRequest(const RequestSpec& spec, const TokenProfile* profile,
                                      const VariableMap& variables);
/// The environment variable that holds a profile's secret: "CI reader" gives KEYBEARER_SECRET_CI_READER.
QString secretVariable(const QString& profileName);

/// A language and library that requests can be written in.
struct SnippetTarget {
    QString id;        ///< "python-requests"
    QString label;     ///< "Python (requests)"
    QString extension; ///< of a file: "py"
};
QList<SnippetTarget> snippetTargets();
/// The request as a whole program in that target. Unsupported: it cannot say what the request needs.
Result<QString> snippet(const QString& target, const SnippetRequest& request);

} // namespace kb
