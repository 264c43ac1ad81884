// SPDX-License-Identifier: GPL-3.0-or-later
// One importer, KB_FUZZ_FORMAT, on anything: it ends, and what comes out holds no word that has a token's
// shape. A text may be several files: each begins with the character 0x1e and its path in a line.
#include "core/auth/misplaced_token.h"
#include "core/interchange/import.h"

using namespace kb;

static void check(const QList<TreeItem>& items) {
    for (const TreeItem& item : items) {
        for (const HeaderRow& row : item.request.headers)
            if (headerHoldsToken(row.name, row.value) && hasTokenShape(row.value)) __builtin_trap();
        for (const CheckSpec& each : item.request.checks)
            if (hasTokenShape(each.value)) __builtin_trap();
        for (const Variable& each : item.defaults.variables)
            if (hasTokenShape(each.value)) __builtin_trap();
        check(item.children);
    }
}

static QList<ImportFile> filesOf(const QByteArray& text) {
    if (!text.startsWith('\x1e')) return {{QStringLiteral("file"), text}};
    QList<ImportFile> files;
    for (const QByteArray& piece : text.mid(1).split('\x1e')) {
        const qsizetype line = piece.indexOf('\n');
        files.append({QString::fromUtf8(piece.left(line < 0 ? piece.size() : line)),
                      line < 0 ? QByteArray() : piece.mid(line + 1)});
    }
    return files;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size > 20000) return 0;
    const QString format = QStringLiteral(KB_FUZZ_FORMAT);
    QList<ImportFile> files = filesOf(QByteArray(reinterpret_cast<const char*>(data), qsizetype(size)));
    // Of an OpenAPI document the first is named and leads to the others.
    DocumentReader others;
    const QList<ImportFile> all = files;
    if (format == QLatin1String("openapi")) {
        files = {all.first()};
        others = [&](const QString& path) -> Result<QByteArray> {
            if (path.startsWith(u'/') || path.split(u'/').contains(QStringLiteral(".."))) __builtin_trap();
            for (const ImportFile& file : all)
                if (file.path == path) return file.text;
            return fail(ErrorCode::NotFound, path);
        };
    }
    const Result<Imported> made = importFiles(files, format, others);
    if (made) check(made->items);
    return 0;
}
