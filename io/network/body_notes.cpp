// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/body_notes.h"

#include <QCoreApplication>
#include <QLocale>
#include <curl/curl.h>

namespace kb {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Transport)
};

bool isKnownCoding(const QByteArray& coding) {
    static const int features = curl_version_info(CURLVERSION_NOW)->features;
    if (coding.isEmpty() || coding == "identity" || coding == "none") return true;
    if (coding == "gzip" || coding == "x-gzip" || coding == "deflate")
        return (features & CURL_VERSION_LIBZ) != 0;
    if (coding == "br") return (features & CURL_VERSION_BROTLI) != 0;
    if (coding == "zstd") return (features & CURL_VERSION_ZSTD) != 0;
    return false;
}

} // namespace

CodingKind codingKind(const HeaderList& headers) {
    CodingKind kind = CodingKind::None;
    for (const HeaderField& field : headers.fields) {
        if (!sameFieldName(field.name, "Content-Encoding")) continue;
        const QList<QByteArray> codings = field.value.toLower().split(',');
        for (const QByteArray& coding : codings) {
            const QByteArray name = coding.trimmed();
            if (!isKnownCoding(name)) return CodingKind::Unknown;
            if (name.isEmpty() || name == "identity" || name == "none") continue;
            const bool gzip = name == "gzip" || name == "x-gzip";
            kind = gzip && kind == CodingKind::None ? CodingKind::Gzip : CodingKind::Known;
        }
    }
    return kind;
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
    if (bytes == 1) return Text::tr("1 byte");
    if (bytes < 10000) return Text::tr("%1 bytes").arg(bytes);
    return QLocale::c().formattedDataSize(bytes, 1, QLocale::DataSizeSIFormat);
}

QStringList framingNotes(const Response& response, bool excess) {
    QStringList notes;
    const QList<QByteArray> lengths = response.headers.all("Content-Length");
    for (const QByteArray& length : lengths) {
        if (length == lengths.first()) continue;
        notes << Text::tr("The answer announces different lengths (%1 and %2), which lets two programs read "
                          "it differently.")
                     .arg(QString::fromLatin1(lengths.first()), QString::fromLatin1(length));
        break;
    }
    if (!lengths.isEmpty() && response.headers.contains("Transfer-Encoding")) {
        notes << Text::tr(
            "The answer has both Content-Length and Transfer-Encoding; the latter counts (RFC 9112 §6.3).");
    }
    if (excess) {
        notes << Text::tr("The server sent more than the announced %1; the rest was not read.")
                     .arg(byteCount(std::max<qint64>(0, response.declaredLength)));
    }
    const qint64 decoded = response.body.size();
    if (decoded > 1000000 && response.encodedBodyBytes > 0 && decoded / response.encodedBodyBytes >= 100) {
        notes << Text::tr("Unpacked to %1 from %2: %3 times its size.")
                     .arg(byteCount(decoded), byteCount(response.encodedBodyBytes))
                     .arg(decoded / response.encodedBodyBytes);
    }
    return notes;
}

} // namespace kb
