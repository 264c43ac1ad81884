// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <vector>

namespace kb {

/// A stretch of a text that must not be shown.
struct MaskSpan {
    qsizetype start = 0;
    qsizetype end = 0;
    int tag = 0; ///< VariantTag
};

/// Stretches of one text, in the order of their starts; those that touch grow together.
class MaskSpans {
public:
    void add(qsizetype start, qsizetype end, int tag = 0);
    void add(const MaskSpans& others);
    bool isEmpty() const { return m_spans.empty(); }
    const std::vector<MaskSpan>& spans() const { return m_spans; }
    qsizetype lastEnd() const { return m_spans.empty() ? -1 : m_spans.back().end; }
    /// The text with every stretch replaced. UTF-16 stretches get asterisks of their own width, so that the
    /// rest of such a text stays readable.
    QByteArray applied(const QByteArray& text, const QByteArray& mask) const;

private:
    std::vector<MaskSpan> m_spans;
};

/// The values of access_token, refresh_token, id_token, client_secret and password in JSON (also broken JSON,
/// and JSON inside a JSON string), forms, queries and multipart bodies; and private keys in PEM.
MaskSpans findNamedValues(const QByteArray& text);

/// Tokens known by their shape: of a JWT the signature, of a JWE all but the header, of a provider's token
/// all but its prefix.
MaskSpans findTokenShapes(const QByteArray& text);

} // namespace kb
