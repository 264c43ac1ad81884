// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"
#include "core/interchange/openapi.h"
#include "core/workspace/workspace.h"

namespace kb {

/// One file of what is imported.
struct ImportFile {
    QString path; ///< relative to what the user named; for one file its name
    QByteArray text;
    QString place = {};         ///< where it stands on disk, for the matrix to read it again; empty: nowhere
    DocumentReader others = {}; ///< reads what it refers to, by a path as `path` is one
};

/// A profile made of what was found, and its secrets, which go to the keychain: one a binding.
struct ImportedProfile {
    TokenProfile profile;
    std::vector<std::pair<SecretRef, SecretRecord>> secrets;
    QStringList places; ///< where they stood: "GET /users, Authorization"
};

/// A secret variable made of what was found, and its value, which goes to the keychain.
struct ImportedSecret {
    QString environment; ///< empty: every environment that the workspace has
    QString name;
    SecretRecord record; ///< without a secret where the file says that there is one and not what it is
    QStringList places;  ///< where it stood: "POST /login"
    bool enabled = true;
};

/// What an import would make. Nothing in it but the secrets of profiles and variables is secret.
struct Imported {
    QString format; ///< "openapi", "postman", "insomnia", "bruno", "opencollection", "har", "curl", "http"
    QString name;
    QList<TreeItem> items; ///< without paths; RequestSpec::profileId names one of the profiles
    QList<Environment> environments;
    std::vector<ImportedProfile> profiles;
    std::vector<ImportedSecret> secrets; ///< variables; their environments do not have them yet
    QStringList notes;                   ///< what was left out or needs a look
    std::optional<ApiDescription> api;
    QString document; ///< the place of the file that `api` was read from; empty if it has none

    int requestCount() const;
};

/// The formats that can be named: "auto", "openapi", "postman", …
QStringList importFormats();
/// Reads what the files hold. `format` "auto" or empty finds out by itself. `others` reads what an OpenAPI
/// document refers to whose file does not say so itself. Untrusted: nothing else is opened, and sizes are
/// bounded.
Result<Imported> importFiles(const QList<ImportFile>& files, const QString& format = {},
                             const DocumentReader& others = {});
/// Tells that the matrix will not find the document again: `document` and what the workspace has are empty.
void noteDocument(Imported& imported, const QString& document, const QString& kept);

} // namespace kb
