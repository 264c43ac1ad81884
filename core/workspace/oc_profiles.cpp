// SPDX-License-Identifier: GPL-3.0-or-later
// Token profiles, which OpenCollection has no word for: extensions.keybearer.profiles in opencollection.yml.
// What is written names a secret's place in the keychain and never the secret.
#include "core/workspace/oc_fields.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QTimeZone>

namespace kb::opencollection {

using yaml::Node;

namespace {

struct OpenCollectionText {
    Q_DECLARE_TR_FUNCTIONS(OpenCollection)
};

QString whenText(qint64 seconds) {
    const QDateTime when = QDateTime::fromSecsSinceEpoch(seconds, Qt::UTC);
    if (!when.isValid() || when.date().year() < 1 || when.date().year() > 9999)
        return QString::number(seconds);
    return when.toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss'Z'"));
}

std::optional<qint64> readWhen(const Node& row, Reader& reader) {
    const QString text = reader.text(row, "expires").trimmed();
    if (text.isEmpty()) return std::nullopt;
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    if (ok) return number;
    QDateTime when = QDateTime::fromString(text, Qt::ISODate);
    if (when.isValid() && when.timeSpec() == Qt::LocalTime)
        when.setTimeSpec(Qt::UTC); // a time without a zone means the same on every machine
    if (!when.isValid()) {
        reader.refuse(OpenCollectionText::tr("\"expires\" must be a time such as 2030-01-31T12:00:00Z."),
                      *row.find("expires"));
        return std::nullopt;
    }
    return when.toSecsSinceEpoch();
}

ProfileBinding readBinding(const Node& row, Reader& reader) {
    ProfileBinding binding;
    binding.environment = reader.text(row, "environment");
    binding.secret.id = reader.text(row, "secret");
    binding.allowedOrigins = reader.texts(row, "allow");
    binding.expiresAt = readWhen(row, reader);
    return binding;
}

AuthScheme readScheme(const Node& row, Reader& reader) {
    const QString kind = reader.text(row, "kind", QStringLiteral("bearer"));
    if (kind == QLatin1String("bearer"))
        return BearerScheme{reader.text(row, "prefix", BearerScheme().prefix)};
    if (kind == QLatin1String("basic")) return BasicScheme{reader.text(row, "user"), false};
    if (kind != QLatin1String("api-key")) {
        reader.refuse(OpenCollectionText::tr("The profile kind \"%1\" is not known.").arg(kind), row);
        return BearerScheme{};
    }
    ApiKeyScheme scheme;
    scheme.name = reader.text(row, "field", scheme.name);
    const QString in = reader.text(row, "in", QStringLiteral("header"));
    if (in == QLatin1String("query"))
        scheme.in = ApiKeyScheme::In::Query;
    else if (in == QLatin1String("cookie"))
        scheme.in = ApiKeyScheme::In::Cookie;
    else if (in != QLatin1String("header"))
        reader.refuse(
            OpenCollectionText::tr("An API key goes in a header, query or cookie, not in \"%1\".").arg(in),
            row);
    return scheme;
}

void writeScheme(Node& row, const AuthScheme& scheme) {
    row.setString("kind", schemeName(scheme));
    const auto* bearer = std::get_if<BearerScheme>(&scheme);
    const auto* key = std::get_if<ApiKeyScheme>(&scheme);
    const auto* basic = std::get_if<BasicScheme>(&scheme);
    if (bearer && bearer->prefix != BearerScheme().prefix)
        row.setString("prefix", bearer->prefix); // an empty one too: the token stands alone
    else
        row.remove("prefix");
    if (key) {
        static const char* const places[] = {"header", "query", "cookie"};
        row.setString("in", QString::fromLatin1(places[int(key->in)]));
        row.setString("field", key->name);
    } else {
        row.remove("in");
        row.remove("field");
    }
    writeText(row, "user", basic ? basic->user : QString());
}

void writeBinding(Node& row, const ProfileBinding& binding) {
    Reader reader{QString()};
    writeText(row, "environment", binding.environment);
    writeText(row, "secret", binding.secret.id);
    writeTexts(row, "allow", binding.allowedOrigins);
    if (readWhen(row, reader) != binding.expiresAt || reader.error()) {
        if (binding.expiresAt)
            row.setString("expires", whenText(*binding.expiresAt));
        else
            row.remove("expires");
    }
}

void writeProfile(Node& row, const TokenProfile& profile) {
    Reader reader{QString()};
    writeText(row, "id", profile.id);
    row.setString("name", profile.name);
    writeText(row, "colour", profile.colour);
    writeScheme(row, profile.scheme);
    if (profile.storage == SecretStorage::Memory)
        row.setString("storage", QStringLiteral("memory"));
    else if (reader.text(row, "storage") != QLatin1String("keychain"))
        row.remove("storage");
    const auto likeness = [](const Node& element, const ProfileBinding& binding) {
        Reader quiet{QString()};
        if (quiet.text(element, "environment") != binding.environment) return 0;
        return quiet.text(element, "secret") == binding.secret.id ? 4 : 2;
    };
    writeRows(row, "bindings", profile.bindings, likeness, writeBinding);
}

} // namespace

QList<TokenProfile> readProfiles(const Node& root, Reader& reader) {
    QList<TokenProfile> profiles;
    const Node* own = ownExtension(root);
    const Node* list = own ? reader.sequence(*own, "profiles") : nullptr;
    if (!list) return profiles;
    for (const Node::Entry& entry : list->entries) {
        const Node* row = reader.asMapping(entry.value);
        if (!row) break;
        TokenProfile profile;
        profile.name = reader.text(*row, "name");
        profile.id = reader.text(*row, "id", profile.name); // one written by hand may have no id
        profile.colour = reader.text(*row, "colour");
        profile.scheme = readScheme(*row, reader);
        if (reader.text(*row, "storage") == QLatin1String("memory")) profile.storage = SecretStorage::Memory;
        if (const Node* bindings = reader.sequence(*row, "bindings")) {
            for (const Node::Entry& binding : bindings->entries) {
                if (const Node* map = reader.asMapping(binding.value))
                    profile.bindings.append(readBinding(*map, reader));
            }
        }
        for (const TokenProfile& other : std::as_const(profiles)) {
            if (other.id == profile.id)
                reader.refuse(OpenCollectionText::tr("Two profiles have the id \"%1\".").arg(profile.id),
                              *row);
        }
        profiles.append(profile);
    }
    return profiles;
}

void writeProfiles(Node& root, const QList<TokenProfile>& profiles) {
    const auto likeness = [](const Node& element, const TokenProfile& profile) {
        Reader reader{QString()};
        const QString name = reader.text(element, "name");
        return reader.text(element, "id", name) == profile.id ? 4 : 0;
    };
    writeRows(makeOwnExtension(root), "profiles", profiles, likeness, writeProfile);
    dropEmptyExtension(root);
}

} // namespace kb::opencollection
