// SPDX-License-Identifier: GPL-3.0-or-later
// A matrix of another program, on anything: it ends, and what is saved of it holds no word that has a token's
// shape, nor a variable that a file could have put there.
#include "core/auth/misplaced_token.h"
#include "core/interchange/import_matrix.h"

using namespace kb;

static void check(const QString& text) {
    if (hasTokenShape(text)) __builtin_trap();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size > 20000) return 0;
    MatrixImportOptions options;
    options.baseUrl = QStringLiteral("https://api.example.com");
    const Result<ImportedMatrix> made = readMatrix(
        QByteArray(reinterpret_cast<const char*>(data), qsizetype(size)), QStringLiteral("file"), options);
    if (!made) return 0;
    for (const ImportedProfile& each : made->profiles) {
        check(each.profile.name);
        if (const auto* login = std::get_if<LoginScheme>(&each.profile.scheme))
            if (QString(login->loginUrl + login->user + login->method).contains(QLatin1String("{{")))
                __builtin_trap();
        for (const QString& role : each.profile.declared.roles)
            check(role);
    }
    for (const ImportedObject& each : made->objects)
        if (each.value.startsWith(QLatin1String("from:")) || hasTokenShape(each.value)) __builtin_trap();
    return 0;
}
