// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import.h"
#include "core/run/variables.h"

namespace kb {

/// Whose object an identity owns, as a matrix says it: what MatrixSettings::own has, of one operation.
struct ImportedObject {
    QString operation; ///< "GET /users/{id}"
    QString place;     ///< "id" in the path, "query:id", "header:id", "cookie:id", "/owner/id" in a JSON body
    QString profile;   ///< the profile's id
    QString value;
};

/// What another program's matrix of identities would make. Nothing in it but the secrets of the profiles is
/// secret. Marks, objects and markers name the profiles by their ids, "anonymous" for nobody.
struct ImportedMatrix {
    QString format; ///< "wfc", "overstep", "authmatrix"
    std::vector<ImportedProfile> profiles;
    QList<MatrixMark> marks;
    QList<MatrixRule> rules;
    QList<ImportedObject> objects;
    QMap<QString, QStringList> markers; ///< by profile id: texts that only its own objects hold
    bool concrete = false; ///< operations are of requests as they were sent: "GET /users/17", and no template
    QStringList notes;     ///< what was left out or needs a look
};

struct MatrixImportOptions {
    QString format;        ///< one of matrixFormats(); empty: found out
    QStringList allowed;   ///< where the secrets may go, as Origin::text(); empty: where the file has them go
    QString baseUrl;       ///< the API's address, for a login that is only a path; may hold {{variables}}
    VariableMap variables; ///< which those are
    int mostMarks = 100000; ///< a file that would make more is refused
};

/// The formats that can be named: "auto", "wfc" (Web Fuzzing Commons authentication), "overstep" (its
/// authorization matrix), "authmatrix" (the state of the Burp extension of that name).
QStringList matrixFormats();
/// Reads a matrix. Untrusted: nothing else is opened or fetched, sizes and depth are bounded, and words that
/// are not known are told in the notes. `name` is the file's, without its folder.
Result<ImportedMatrix> readMatrix(const QByteArray& text, const QString& name,
                                  const MatrixImportOptions& options);

} // namespace kb
