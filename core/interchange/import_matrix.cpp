// SPDX-License-Identifier: GPL-3.0-or-later
// Whose matrix a file is, and who reads it.
#include "core/interchange/import_matrix.h"

#include "core/interchange/import_matrix_identity.h"
#include "core/interchange/import_text.h"
#include "core/interchange/loose_secrets.h"
#include "core/interchange/tree.h"

namespace kb {

using yaml::Node;

namespace {

QString matrixFormatOf(const Node& root) {
    for (const char* name : {"arrayOfUsers", "arrayOfMessages", "arrayOfRoles"})
        if (root.find(name)) return QStringLiteral("authmatrix");
    if (root.find("subjects")) return QStringLiteral("overstep");
    const Node* auth = root.find("auth");
    return auth && auth->isSequence() ? QStringLiteral("wfc") : QString();
}

} // namespace

QStringList matrixFormats() {
    return {QStringLiteral("auto"), QStringLiteral("wfc"), QStringLiteral("overstep"),
            QStringLiteral("authmatrix")};
}

Result<ImportedMatrix> readMatrix(const QByteArray& text, const QString& name,
                                  const MatrixImportOptions& options) {
    QString format = options.format == QLatin1String("auto") ? QString() : options.format;
    if (!format.isEmpty() && !matrixFormats().contains(format))
        return fail(ErrorCode::InvalidInput, ImportText::tr("There is no format called %1.").arg(format), {},
                    ImportText::tr("There are: %1.").arg(matrixFormats().join(QStringLiteral(", "))));
    const Result<Node> root = readTree(text, name);
    if (!root) return tl::unexpected(root.error());
    const QString own = matrixFormatOf(*root);
    if (format.isEmpty()) format = own;
    if (own.isEmpty() || own != format)
        return fail(ErrorCode::ParseError,
                    format.isEmpty() ? ImportText::tr("It is not known what this is.")
                                     : ImportText::tr("This is no file of the format %1.").arg(format),
                    name,
                    ImportText::tr("It can be an authentication file of Web Fuzzing Commons, a matrix of "
                                   "overstep, or the saved state of AuthMatrix."));
    ImportedMatrix made;
    made.format = format;
    importing::MatrixMaker maker(made, options, name);
    const Result<void> read = format == QLatin1String("wfc") ? importing::readWfc(*root, maker)
                              : format == QLatin1String("overstep")
                                  ? importing::readOverstep(*root, maker, made)
                                  : importing::readAuthMatrix(*root, maker, made);
    if (!read) return tl::unexpected(read.error());
    // Words of the file stand in the notes: none of them may be a token.
    for (QString& note : made.notes)
        note = replaceShapes(note, {}, [](const QString&, const QString&) { return QStringLiteral("…"); });
    if (made.profiles.empty() && made.marks.isEmpty() && made.rules.isEmpty())
        return fail(ErrorCode::NotFound, ImportText::tr("There is no identity in it."), name,
                    made.notes.isEmpty() ? QString() : made.notes.first());
    return made;
}

} // namespace kb
