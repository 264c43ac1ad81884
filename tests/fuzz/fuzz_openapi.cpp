// SPDX-License-Identifier: GPL-3.0-or-later
// The reader of OpenAPI documents on anything: it ends, and what it reads is within its limits.
#include "core/interchange/openapi.h"

#include <cstdint>
#include <cstdlib>

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray text(reinterpret_cast<const char*>(data), qsizetype(size));
    // Another file of the document is the same text once more: references between files can go round in
    // circles.
    const kb::DocumentReader others = [&](const QString& path) -> kb::Result<QByteArray> {
        require(!path.startsWith(u'/') && !path.split(u'/').contains(QStringLiteral("..")));
        return text;
    };
    const kb::Result<kb::ApiDescription> api = kb::readOpenApi(QStringLiteral("f"), text, others);
    if (!api) {
        require(!api.error().what.isEmpty());
        return 0;
    }
    require(!api->specification.isEmpty() && api->notes.size() <= 500);
    for (const kb::ApiOperation& operation : api->operations) {
        require(!operation.method.isEmpty() && operation.path.startsWith(u'/'));
        require(operation.place.line >= 0 && operation.bodyExample.size() < 4 * 1024 * 1024);
    }
    return 0;
}
