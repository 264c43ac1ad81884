// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/sigv4_canonical.h"

#include <algorithm>
#include <map>

namespace kb {

namespace {

/// Dot segments and empty segments removed; a slash at the end stays.
QByteArray normalPath(const QByteArray& path) {
    QList<QByteArray> kept;
    const QList<QByteArray> segments = path.split('/');
    for (const QByteArray& segment : segments) {
        if (segment == "..") {
            if (!kept.isEmpty()) kept.removeLast();
        } else if (!segment.isEmpty() && segment != ".") {
            kept.append(segment);
        }
    }
    const QByteArray& last = segments.last();
    const bool folder = last.isEmpty() || last == "." || last == "..";
    QByteArray out = '/' + kept.join('/');
    if (folder && !kept.isEmpty()) out += '/';
    return out;
}

QByteArray encodedSegments(const QByteArray& path) {
    QList<QByteArray> segments = path.split('/');
    for (QByteArray& segment : segments)
        segment = sigV4Encode(segment);
    return segments.join('/');
}

QByteArray decoded(QByteArray text) {
    return QByteArray::fromPercentEncoding(text.replace('+', ' '));
}

/// Encoded slashes inside a segment stay encoded, so each segment is decoded for itself. S3 reads "+" in a
/// path as a space.
QByteArray ownOctetsEncoded(const QByteArray& path) {
    QList<QByteArray> segments = path.split('/');
    for (QByteArray& segment : segments)
        segment = sigV4Encode(decoded(segment));
    return segments.join('/');
}

QByteArray folded(const QByteArray& value) {
    QByteArray out;
    const QByteArray trimmed = value.trimmed();
    for (const char c : trimmed) {
        if (c == ' ' && out.endsWith(' ')) continue;
        out += c;
    }
    return out;
}

} // namespace

QByteArray sigV4Encode(QByteArrayView bytes) {
    return bytes.toByteArray().toPercentEncoding();
}

QByteArray sigV4Path(const QByteArray& path, bool s3) {
    return s3 ? ownOctetsEncoded(path) : encodedSegments(normalPath(path));
}

QByteArray sigV4Query(const std::optional<QByteArray>& query) {
    if (!query || query->isEmpty()) return {};
    QList<std::pair<QByteArray, QByteArray>> fields;
    for (const QByteArray& field : query->split('&')) {
        if (field.isEmpty()) continue;
        const qsizetype equals = field.indexOf('=');
        const QByteArray name = equals < 0 ? field : field.left(equals);
        const QByteArray value = equals < 0 ? QByteArray() : field.mid(equals + 1);
        fields.append({sigV4Encode(decoded(name)), sigV4Encode(decoded(value))});
    }
    std::sort(fields.begin(), fields.end());
    QByteArray out;
    for (const auto& [name, value] : std::as_const(fields)) {
        if (!out.isEmpty()) out += '&';
        out += name + '=' + value;
    }
    return out;
}

SigV4Headers sigV4Headers(const QList<HeaderField>& fields) {
    std::map<QByteArray, QByteArray> byName;
    for (const HeaderField& field : fields) {
        const QByteArray name = field.name.toLower();
        const auto [at, fresh] = byName.try_emplace(name, folded(field.value));
        if (!fresh) at->second += ',' + folded(field.value);
    }
    SigV4Headers out;
    for (const auto& [name, value] : byName) {
        out.lines += name + ':' + value + '\n';
        if (!out.signedNames.isEmpty()) out.signedNames += ';';
        out.signedNames += name;
    }
    return out;
}

QByteArray sigV4CanonicalRequest(const QByteArray& method, const QByteArray& path, const QByteArray& query,
                                 const SigV4Headers& headers, const QByteArray& payloadHash) {
    return method + '\n' + path + '\n' + query + '\n' + headers.lines + '\n' + headers.signedNames + '\n' +
           payloadHash;
}

} // namespace kb
