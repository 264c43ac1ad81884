// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/body_notes.h"
#include "io/network/transport_text.h"

#include "io/network/body_decoder.h"

#include <QLocale>

namespace kb {
std::optional<QList<QByteArray>> contentCodings(const HeaderList& headers) {
    QList<QByteArray> codings;
    for (const HeaderField& field : headers.fields) {
        if (!sameFieldName(field.name, "Content-Encoding")) continue;
        for (const QByteArray& coding : field.value.toLower().split(',')) {
            const QByteArray name = coding.trimmed();
            if (name.isEmpty() || name == "identity" || name == "none") continue;
            if (!BodyDecoder::knows(name)) return std::nullopt;
            codings.append(name);
        }
    }
    return codings;
}

HeaderList parseSentFields(QByteArrayView block, const HeaderList& asked) {
    HeaderList sent;
    qsizetype at = block.indexOf('\n') + 1; // past the request line
    while (at < block.size()) {
        qsizetype end = block.indexOf('\n', at);
        if (end < 0) end = block.size();
        QByteArrayView line = block.sliced(at, end - at);
        at = end + 1;
        if (line.endsWith('\r')) line.chop(1);
        const qsizetype colon = line.indexOf(':');
        if (colon < 0) continue;
        QByteArrayView value = line.sliced(colon + 1);
        if (value.startsWith(' ')) value = value.sliced(1);
        sent.append(line.first(colon).toByteArray(), value.toByteArray());
        HeaderField& field = sent.fields.last();
        if (sameFieldName(field.name, "Proxy-Authorization") && !asked.contains(field.name)) {
            field.value = field.value.left(std::max<qsizetype>(0, field.value.indexOf(' '))) + " ***";
        }
    }
    return sent;
}

QString byteCount(qint64 bytes) {
    if (bytes == 1) return TransportText::tr("1 byte");
    if (bytes < 10000) return TransportText::tr("%1 bytes").arg(bytes);
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

QStringList framingNotes(const Response& response, bool excess) {
    QStringList notes;
    const QList<QByteArray> lengths = response.headers.all("Content-Length");
    for (const QByteArray& length : lengths) {
        if (length == lengths.first()) continue;
        notes << TransportText::tr(
                     "The answer announces different lengths (%1 and %2), which lets two programs read "
                     "it differently.")
                     .arg(QString::fromLatin1(lengths.first()), QString::fromLatin1(length));
        break;
    }
    if (!lengths.isEmpty() && response.headers.contains("Transfer-Encoding")) {
        notes << TransportText::tr(
            "The answer has both Content-Length and Transfer-Encoding; the latter counts (RFC 9112 §6.3).");
    }
    if (excess) {
        notes << TransportText::tr("The server sent more than the announced %1; the rest was not read.")
                     .arg(byteCount(std::max<qint64>(0, response.declaredLength)));
    }
    const qint64 decoded = response.body.size();
    if (decoded > 1000000 && response.encodedBodyBytes > 0 && decoded / response.encodedBodyBytes >= 100) {
        notes << TransportText::tr("Unpacked to %1 from %2: %3 times its size.")
                     .arg(byteCount(decoded), byteCount(response.encodedBodyBytes))
                     .arg(decoded / response.encodedBodyBytes);
    }
    return notes;
}

} // namespace kb
