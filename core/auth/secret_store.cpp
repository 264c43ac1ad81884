// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/secret_store.h"

#include "core/base/json.h"

#include <QCoreApplication>

namespace kb {

namespace {

constexpr int recordVersion = 1;
// The version and the secret come first, so that the secret can be cut out before the rest is parsed: the
// JSON reader then never makes a copy of it that nobody wipes.
constexpr std::string_view secretName = "\"secret\"";

struct Text {
    Q_DECLARE_TR_FUNCTIONS(SecretRecord)
};

QByteArray textArray(const QStringList& texts) {
    JsonValue array;
    array.type = JsonValue::Type::Array;
    for (const QString& text : texts) {
        JsonValue item;
        item.type = JsonValue::Type::String;
        item.string = text;
        array.items.append(item);
    }
    return writeJson(array);
}

tl::unexpected<Error> unreadable(const QString& where) {
    return fail(ErrorCode::SecretUnreadable, Text::tr("The keychain item is not a record of this program."),
                where, Text::tr("Enter the secret again, or delete the item in the keychain's own program."));
}

Result<QStringList> readTexts(const JsonValue& object, QStringView name) {
    QStringList texts;
    const JsonValue* array = object.find(name);
    if (!array) return texts;
    if (!array->isArray()) return unreadable(name.toString());
    for (const JsonValue& item : array->items) {
        if (!item.isString()) return unreadable(name.toString());
        texts.append(item.string);
    }
    return texts;
}

/// Where the secret's base64 stands in the record's text.
struct Stretch {
    qsizetype start = -1;
    qsizetype end = -1;
};

Stretch findSecret(const QByteArray& bytes) {
    const std::string_view text(bytes.constData(), std::size_t(bytes.size()));
    std::size_t at = text.find(secretName);
    if (at == std::string_view::npos) return {};
    at += secretName.size();
    at = text.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos || text[at] != ':') return {};
    at = text.find_first_not_of(" \t\r\n", at + 1);
    if (at == std::string_view::npos || text[at] != '"') return {};
    const std::size_t end = text.find('"', at + 1);
    if (end == std::string_view::npos) return {};
    return {qsizetype(at + 1), qsizetype(end)};
}

} // namespace

SecretRecord SecretRecord::revealCopy() const {
    return {secret.revealCopy(), allowedOrigins, plainHttpOrigins, insecureTlsOrigins};
}

QByteArray encodeSecretRecord(const SecretRecord& record) {
    const QByteArray allowed = textArray(record.allowedOrigins);
    const QByteArray plainHttp = textArray(record.plainHttpOrigins);
    const QByteArray insecureTls = textArray(record.insecureTlsOrigins);
    const std::string_view bytes = record.secret.reveal();
    QByteArray base64 = QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())).toBase64();
    QByteArray text;
    // Room for everything at once: a buffer that grows leaves its old copy behind.
    text.reserve(base64.size() + allowed.size() + plainHttp.size() + insecureTls.size() + 128);
    text.append("{\"keybearer\":").append(QByteArray::number(recordVersion));
    text.append(",\"secret\":\"").append(base64);
    text.append("\",\"allowedOrigins\":").append(allowed);
    text.append(",\"plainHttpOrigins\":").append(plainHttp);
    text.append(",\"insecureTlsOrigins\":").append(insecureTls).append('}');
    wipeBytes(base64);
    return text;
}

Result<SecretRecord> decodeSecretRecord(const QByteArray& bytes) {
    const Stretch stretch = findSecret(bytes);
    if (stretch.start < 0) return unreadable({});
    QByteArray rest;
    rest.reserve(bytes.size() - (stretch.end - stretch.start));
    rest.append(bytes.constData(), stretch.start);
    rest.append(bytes.constData() + stretch.end, bytes.size() - stretch.end);
    const Result<JsonValue> parsed = parseJson(rest);
    if (!parsed || !parsed->isObject()) return unreadable({});
    const JsonValue* version = parsed->find(u"keybearer");
    if (!version || !version->isNumber() || version->toDouble() < 1)
        return unreadable(QStringLiteral("keybearer"));
    if (version->toDouble() > recordVersion) {
        return fail(ErrorCode::SecretUnreadable,
                    Text::tr("The keychain item was written by a newer version of this program."), {},
                    Text::tr("Update the program, or enter the secret again."));
    }
    const auto base64 =
        QByteArray::fromRawData(bytes.constData() + stretch.start, stretch.end - stretch.start);
    auto decoded = QByteArray::fromBase64Encoding(base64, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded) return unreadable(QStringLiteral("secret"));
    SecretRecord record;
    record.secret = Secret::take(*decoded);
    struct Part {
        QStringView name;
        QStringList& target;
    };
    const Part parts[] = {{u"allowedOrigins", record.allowedOrigins},
                          {u"plainHttpOrigins", record.plainHttpOrigins},
                          {u"insecureTlsOrigins", record.insecureTlsOrigins}};
    for (const Part& part : parts) {
        const Result<QStringList> texts = readTexts(*parsed, part.name);
        if (!texts) return tl::unexpected<Error>(texts.error());
        part.target = *texts;
    }
    return record;
}

} // namespace kb
