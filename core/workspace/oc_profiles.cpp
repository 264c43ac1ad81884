// SPDX-License-Identifier: GPL-3.0-or-later
// Token profiles, which OpenCollection has no word for: extensions.keybearer.profiles in opencollection.yml.
// What is written names a secret's place in the keychain and never the secret.
#include "core/workspace/oc_fields.h"
#include "core/workspace/opencollection_text.h"

#include <QDateTime>
#include <QTimeZone>

namespace kb::opencollection {

using yaml::Node;

namespace {

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

DeclaredAccess readDeclared(const Node& row, Reader& reader) {
    DeclaredAccess declared;
    const Node* own = reader.mapping(row, "declared");
    if (!own) return declared;
    declared.scopes = reader.texts(*own, "scopes");
    declared.roles = reader.texts(*own, "roles");
    declared.claims = reader.texts(*own, "claims");
    declared.stale = reader.text(*own, "stale");
    return declared;
}

void writeDeclared(Node& row, const DeclaredAccess& declared) {
    if (declared == DeclaredAccess()) {
        row.remove("declared");
        return;
    }
    Node& own = row.collection("declared", Node::Kind::Mapping);
    writeTexts(own, "scopes", declared.scopes);
    writeTexts(own, "roles", declared.roles);
    writeTexts(own, "claims", declared.claims);
    writeText(own, "stale", declared.stale);
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
    const auto sameKey = [](const Node& element, const ApiKeyScheme& key) {
        Reader quiet{QString()};
        return readKey(element, quiet) == key ? 4 : 0;
    };
    writeRows(row, "keys", profile.keys, sameKey, writeKey);
    writeDeclared(row, profile.declared);
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
        if (const Node* keys = reader.sequence(*row, "keys"))
            for (const Node::Entry& key : keys->entries)
                if (const Node* map = reader.asMapping(key.value)) profile.keys.append(readKey(*map, reader));
        profile.declared = readDeclared(*row, reader);
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
