// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/secret_store.h"

#include "core/base/json.h"

#include <QCoreApplication>
#include <QtEndian>
#include <optional>
#include <vector>

namespace kb {

namespace {

// Version 1 holds one secret. Version 2 holds named parts with it, bundled into the same base64.
constexpr int plainVersion = 1;
constexpr int bundleVersion = 2;
// The version and the secret come first, so that the secret can be cut out before the rest is parsed: the
// JSON reader then never makes a copy of it that nobody wipes.
constexpr std::string_view secretName = "\"secret\"";

struct SecretRecordText {
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
    return fail(
        ErrorCode::SecretUnreadable,
        SecretRecordText::tr("The keychain item is not a record of this program."), where,
        SecretRecordText::tr("Enter the secret again, or delete the item in the keychain's own program."));
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

void appendSized(QByteArray& bundle, std::string_view bytes) {
    const auto size = qToBigEndian<quint32>(static_cast<quint32>(bytes.size()));
    bundle.append(reinterpret_cast<const char*>(&size), sizeof(size));
    bundle.append(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

/// The secret and its parts, each name and value after its length.
QByteArray bundleOf(const SecretRecord& record) {
    std::size_t room = record.secret.size() + sizeof(quint32);
    std::vector<std::pair<QByteArray, const Secret*>> parts;
    for (const auto& [name, secret] : record.parts) {
        parts.emplace_back(name.toUtf8(), &secret);
        room += std::size_t(parts.back().first.size()) + secret.size() + 2 * sizeof(quint32);
    }
    QByteArray bundle;
    bundle.reserve(static_cast<qsizetype>(room)); // a buffer that grows leaves its old copy behind
    appendSized(bundle, record.secret.reveal());
    for (const auto& [name, secret] : parts) {
        appendSized(bundle, {name.constData(), std::size_t(name.size())});
        appendSized(bundle, secret->reveal());
    }
    return bundle;
}

std::optional<std::string_view> takeSized(std::string_view& bundle) {
    quint32 size = 0;
    if (bundle.size() < sizeof(size)) return std::nullopt;
    size = qFromBigEndian<quint32>(bundle.data());
    bundle.remove_prefix(sizeof(size));
    if (bundle.size() < size) return std::nullopt;
    const std::string_view taken = bundle.substr(0, size);
    bundle.remove_prefix(size);
    return taken;
}

bool readBundle(std::string_view bundle, SecretRecord& record) {
    const std::optional<std::string_view> secret = takeSized(bundle);
    if (!secret) return false;
    record.secret = Secret(*secret);
    while (!bundle.empty()) {
        const std::optional<std::string_view> name = takeSized(bundle);
        const std::optional<std::string_view> value = name ? takeSized(bundle) : std::nullopt;
        if (!value) return false;
        record.parts[QString::fromUtf8(name->data(), static_cast<qsizetype>(name->size()))] = Secret(*value);
    }
    return true;
}

QByteArray factsJson(const QMap<QString, QString>& facts) {
    JsonValue object;
    object.type = JsonValue::Type::Object;
    for (auto fact = facts.begin(); fact != facts.end(); ++fact) {
        JsonValue value;
        value.type = JsonValue::Type::String;
        value.string = fact.value();
        object.members.append({fact.key(), value});
    }
    return writeJson(object);
}

Result<QMap<QString, QString>> readFacts(const JsonValue& object) {
    QMap<QString, QString> facts;
    const JsonValue* found = object.find(u"facts");
    if (!found) return facts;
    if (!found->isObject()) return unreadable(QStringLiteral("facts"));
    for (const JsonValue::Member& member : found->members) {
        if (!member.second.isString()) return unreadable(QStringLiteral("facts"));
        facts.insert(member.first, member.second.string);
    }
    return facts;
}

} // namespace

const Secret* SecretRecord::part(const QString& name) const {
    const auto found = parts.find(name);
    return found == parts.end() || found->second.isEmpty() ? nullptr : &found->second;
}

SecretRecord SecretRecord::revealCopy() const {
    SecretRecord copy{secret.revealCopy(), allowedOrigins, plainHttpOrigins, insecureTlsOrigins, {}, facts};
    for (const auto& [name, value] : parts)
        copy.parts[name] = value.revealCopy();
    return copy;
}

SecretRecord SecretRecord::mergedInto(const SecretRecord& base, const SecretRecord& now) const {
    SecretRecord merged = now.revealCopy();
    if (!secret.equals(base.secret)) merged.secret = secret.revealCopy();
    for (auto list :
         {&SecretRecord::allowedOrigins, &SecretRecord::plainHttpOrigins, &SecretRecord::insecureTlsOrigins})
        if (this->*list != base.*list) merged.*list = this->*list;
    for (const auto& [name, had] : base.parts)
        if (!part(name)) merged.parts.erase(name);
    for (const auto& [name, has] : parts) {
        const Secret* had = base.part(name);
        if (!had || !had->equals(has)) merged.parts.insert_or_assign(name, has.revealCopy());
    }
    for (auto had = base.facts.begin(); had != base.facts.end(); ++had)
        if (!facts.contains(had.key())) merged.facts.remove(had.key());
    for (auto has = facts.begin(); has != facts.end(); ++has)
        if (!base.facts.contains(has.key()) || base.fact(has.key()) != has.value())
            merged.facts.insert(has.key(), has.value());
    return merged;
}

QByteArray encodeSecretRecord(const SecretRecord& record) {
    const QByteArray allowed = textArray(record.allowedOrigins);
    const QByteArray plainHttp = textArray(record.plainHttpOrigins);
    const QByteArray insecureTls = textArray(record.insecureTlsOrigins);
    // A record without parts stays readable for older versions of this program.
    const bool bundled = !record.parts.empty() || !record.facts.isEmpty();
    const QByteArray facts = bundled ? factsJson(record.facts) : QByteArray();
    const std::string_view bytes = record.secret.reveal();
    QByteArray bundle = bundled ? bundleOf(record) : QByteArray();
    QByteArray base64 = bundled ? bundle.toBase64()
                                : QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())).toBase64();
    if (bundled) wipeBytes(bundle);
    QByteArray text;
    // Room for everything at once: a buffer that grows leaves its old copy behind.
    text.reserve(base64.size() + allowed.size() + plainHttp.size() + insecureTls.size() + facts.size() + 128);
    text.append("{\"keybearer\":").append(QByteArray::number(bundled ? bundleVersion : plainVersion));
    text.append(",\"secret\":\"").append(base64);
    text.append("\",\"allowedOrigins\":").append(allowed);
    text.append(",\"plainHttpOrigins\":").append(plainHttp);
    text.append(",\"insecureTlsOrigins\":").append(insecureTls);
    if (bundled) text.append(",\"facts\":").append(facts);
    text.append('}');
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
    if (version->toDouble() > bundleVersion) {
        return fail(ErrorCode::SecretUnreadable,
                    SecretRecordText::tr("The keychain item was written by a newer version of this program."),
                    {}, SecretRecordText::tr("Update the program, or enter the secret again."));
    }
    const auto base64 =
        QByteArray::fromRawData(bytes.constData() + stretch.start, stretch.end - stretch.start);
    auto decoded = QByteArray::fromBase64Encoding(base64, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded) return unreadable(QStringLiteral("secret"));
    SecretRecord record;
    Secret held = Secret::take(*decoded);
    if (version->toDouble() < bundleVersion)
        record.secret = std::move(held);
    else if (!readBundle(held.reveal(), record))
        return unreadable(QStringLiteral("secret"));
    Result<QMap<QString, QString>> facts = readFacts(*parsed);
    if (!facts) return tl::unexpected<Error>(facts.error());
    record.facts = std::move(*facts);
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
