// SPDX-License-Identifier: GPL-3.0-or-later
// Every importer: the first byte chooses the format, the rest is the text. What comes out may hold no word
// that has a token's shape.
#include "core/auth/misplaced_token.h"
#include "core/interchange/import.h"

using namespace kb;

static void check(const QList<TreeItem>& items) {
    for (const TreeItem& item : items) {
        for (const HeaderRow& row : item.request.headers)
            if (headerHoldsToken(row.name, row.value) && hasTokenShape(row.value)) __builtin_trap();
        for (const CheckSpec& each : item.request.checks)
            if (hasTokenShape(each.value)) __builtin_trap();
        check(item.children);
    }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 2 || size > 20000) return 0;
    const QStringList formats = importFormats();
    const QByteArray text(reinterpret_cast<const char*>(data) + 1, qsizetype(size) - 1);
    const Result<Imported> made =
        importFiles({{QStringLiteral("file"), text}}, formats.at(data[0] % formats.size()));
    if (made) check(made->items);
    return 0;
}
