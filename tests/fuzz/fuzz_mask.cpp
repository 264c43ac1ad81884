// SPDX-License-Identifier: GPL-3.0-or-later
// The search for secrets in anything a server may send. The text falls into lines at 0xFF: the first is a
// secret.
#include "core/auth/mask_spans.h"
#include "core/auth/secret_variants.h"

#include <cstdint>
#include <cstdlib>

namespace {

void require(bool promise) {
    if (!promise) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const QByteArray input(reinterpret_cast<const char*>(data), qsizetype(size));
    const qsizetype line = input.indexOf('\xff');
    const QByteArray secret = line < 0 ? QByteArray("a-fixed-secret") : input.left(line);
    const QByteArray text = input.mid(line + 1);
    kb::MaskSpans spans;
    if (secret.size() >= 8) {
        kb::PatternSearch search;
        kb::addSecretVariants(search, {secret.constData(), std::size_t(secret.size())});
        search.prepare();
        qsizetype last = 0;
        search.each(text, [&](const kb::PatternSearch::Match& match) {
            const std::string_view bytes = match.pattern->bytes.reveal();
            require(match.start >= last && match.start + qsizetype(bytes.size()) <= text.size());
            require(text.mid(match.start, qsizetype(bytes.size())) ==
                    QByteArrayView(bytes.data(), qsizetype(bytes.size())));
            last = match.start;
            spans.add(match.start, match.start + qsizetype(bytes.size()), match.pattern->tag);
        });
        require(text.contains(secret) <= !spans.isEmpty());
    }
    spans.add(kb::findNamedValues(text));
    spans.add(kb::findTokenShapes(text));
    // A byte that no secret, name or token can hold: then nothing that was masked is left, and nothing new
    // arises.
    const QByteArray masked = spans.applied(text, QByteArray(1, '\0'));
    require(spans.isEmpty() == (masked == text) || text.contains('\0'));
    if (secret.size() >= 8 && !secret.contains('\0') && !secret.contains('*'))
        require(!masked.contains(secret));
    return 0;
}
