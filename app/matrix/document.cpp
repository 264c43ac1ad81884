// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/matrix/document.h"

#include "core/interchange/openapi.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace kb {

namespace {

struct CliText {
    Q_DECLARE_TR_FUNCTIONS(Cli)
};

constexpr qint64 maxDocument = 32 * 1024 * 1024;

Result<QByteArray> readFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::FileError, CliText::tr("The file cannot be read: %1").arg(file.errorString()),
                    path);
    if (file.size() > maxDocument)
        return fail(ErrorCode::FileError, CliText::tr("The file is too large."), path,
                    CliText::tr("The limit is 32 MB."));
    return file.readAll();
}

} // namespace

Result<ApiDescription> readApiFile(const QString& path) {
    const Result<QByteArray> text = readFile(path);
    if (!text) return tl::unexpected(text.error());
    const QString root = QFileInfo(path).canonicalPath();
    // A link that leads out of the folder is not followed either.
    const DocumentReader others = [&](const QString& relative) -> Result<QByteArray> {
        const QString real = QFileInfo(QDir(root).filePath(relative)).canonicalFilePath();
        if (real.isEmpty() || !real.startsWith(root + u'/'))
            return fail(ErrorCode::NotFound,
                        CliText::tr("There is no such file within the document's folder."), relative);
        return readFile(real);
    };
    return readOpenApi(path, *text, others);
}

Result<void> writeWholeFile(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.flush() ||
        !file.commit())
        return fail(ErrorCode::FileError,
                    CliText::tr("The file cannot be written: %1").arg(file.errorString()), path);
    return {};
}

} // namespace kb
