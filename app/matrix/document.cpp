// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/matrix/document.h"
#include "app/cli/cli_text.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace kb {

namespace {

constexpr qint64 maxDocument = 32 * 1024 * 1024;

Result<QByteArray> readFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::FileError, CliText::tr("The file cannot be read: %1").arg(file.errorString()),
                    path);
    const QByteArray text = readDocument(file);
    if (text.size() > maxDocument)
        return fail(ErrorCode::FileError, CliText::tr("The file is too large."), path,
                    CliText::tr("The limit is 32 MB."));
    return text;
}

} // namespace

QByteArray readDocument(QFile& file) {
    // A pipe and a device tell no size, and some have no end.
    QByteArray text;
    while (text.size() <= maxDocument) {
        const QByteArray piece = file.read(maxDocument + 1 - text.size());
        if (piece.isEmpty()) break;
        text += piece;
    }
    return text;
}

DocumentReader documentReader(const QString& path) {
    const QFileInfo named(path);
    const QString root = named.isDir() ? named.canonicalFilePath() : named.canonicalPath();
    // A link that leads out of the folder is not followed either.
    return [root](const QString& relative) -> Result<QByteArray> {
        const QString real = QFileInfo(QDir(root).filePath(relative)).canonicalFilePath();
        if (real.isEmpty() || !real.startsWith(root + u'/'))
            return fail(ErrorCode::NotFound,
                        CliText::tr("There is no such file within the document's folder."), relative);
        return readFile(real);
    };
}

Result<ApiDescription> readApiFile(const QString& path) {
    const Result<QByteArray> text = readFile(path);
    if (!text) return tl::unexpected(text.error());
    return readOpenApi(path, *text, documentReader(path));
}

Result<QList<ImportFile>> readImportFiles(const QString& path) {
    QList<ImportFile> files;
    if (!QFileInfo(path).isDir()) {
        const Result<QByteArray> text = readFile(path);
        if (!text) return tl::unexpected(text.error());
        files.append(
            {QFileInfo(path).fileName(), *text, QFileInfo(path).canonicalFilePath(), documentReader(path)});
        return files;
    }
    const QString root = QFileInfo(path).canonicalFilePath();
    QDirIterator each(root,
                      {QStringLiteral("*.bru"), QStringLiteral("bruno.json"), QStringLiteral("*.json"),
                       QStringLiteral("*.yaml"), QStringLiteral("*.yml"), QStringLiteral("*.http"),
                       QStringLiteral("*.rest"), QStringLiteral("*.har")},
                      QDir::Files, QDirIterator::Subdirectories);
    const DocumentReader others = documentReader(root);
    qint64 total = 0;
    QStringList found;
    while (each.hasNext())
        found.append(each.next());
    found.sort();
    const bool bruno = QFileInfo::exists(root + QStringLiteral("/bruno.json"));
    for (const QString& file : std::as_const(found)) {
        const QString real = QFileInfo(file).canonicalFilePath();
        const QString relative = file.mid(root.size() + 1);
        if (!real.startsWith(root + u'/') || relative.contains(QLatin1String("node_modules/"))) continue;
        if (bruno && !file.endsWith(QLatin1String(".bru")) && relative != QLatin1String("bruno.json"))
            continue;
        const Result<QByteArray> text = readFile(real);
        if (!text) return tl::unexpected(text.error());
        total += text->size();
        if (total > 4 * maxDocument || files.size() >= 20000)
            return fail(ErrorCode::FileError, CliText::tr("The folder holds too much."), path,
                        CliText::tr("Name a folder that holds the collection alone."));
        files.append({relative, *text, real, others});
    }
    if (files.isEmpty())
        return fail(ErrorCode::NotFound, CliText::tr("The folder holds nothing that can be imported."), path);
    return files;
}

Result<Imported> readImport(const QStringList& paths) {
    QList<ImportFile> all;
    for (const QString& path : paths) {
        const Result<QList<ImportFile>> files = readImportFiles(path);
        if (!files) return tl::unexpected(files.error());
        all += *files;
    }
    return importFiles(all);
}

Result<void> writeWholeFile(const QString& path, const QByteArray& bytes) {
    return writeWholeFile(path, [&bytes](const FileSink& sink) { sink(bytes); });
}

Result<void> writeWholeFile(const QString& path, const std::function<void(const FileSink&)>& produce) {
    QSaveFile file(path);
    bool good = file.open(QIODevice::WriteOnly);
    if (good) produce([&](const QByteArray& piece) { good = good && file.write(piece) == piece.size(); });
    if (!good || !file.flush() || !file.commit())
        return fail(ErrorCode::FileError,
                    CliText::tr("The file cannot be written: %1").arg(file.errorString()), path);
    return {};
}

} // namespace kb
