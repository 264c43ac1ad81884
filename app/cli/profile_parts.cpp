// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/profile_parts.h"

#include "app/cli/scheme_options.h"
#include "core/http/url.h"

namespace kb::cli {

JsonValue profileJson(const TokenProfile& profile) {
    JsonObject object;
    object.add(QStringLiteral("name"), profile.name)
        .add(QStringLiteral("id"), profile.id)
        .add(QStringLiteral("kind"), schemeName(profile.scheme));
    addSchemeFields(object, profile.scheme);
    object.add(QStringLiteral("storage"), profile.storage == SecretStorage::Memory
                                              ? QStringLiteral("memory")
                                              : QStringLiteral("keychain"));
    QList<JsonValue> bindings;
    for (const ProfileBinding& binding : profile.bindings) {
        bindings.append(JsonObject()
                            .add(QStringLiteral("environment"), binding.environment)
                            .add(QStringLiteral("allow"), jsonTexts(binding.allowedOrigins))
                            .addOptional(QStringLiteral("expires"),
                                         binding.expiresAt
                                             ? std::optional<double>(static_cast<double>(*binding.expiresAt))
                                             : std::nullopt)
                            .value());
    }
    const DeclaredAccess& declared = profile.declared;
    if (declared != DeclaredAccess())
        object.add(QStringLiteral("declared"), JsonObject()
                                                   .add(QStringLiteral("scopes"), jsonTexts(declared.scopes))
                                                   .add(QStringLiteral("roles"), jsonTexts(declared.roles))
                                                   .add(QStringLiteral("claims"), jsonTexts(declared.claims))
                                                   .add(QStringLiteral("stale"), declared.stale)
                                                   .value());
    return object.add(QStringLiteral("bindings"), jsonArray(std::move(bindings))).value();
}

Result<QStringList> originsOf(const std::vector<std::string>& allow) {
    QStringList origins;
    for (const std::string& text : allow) {
        const Result<Origin> origin = Origin::parse(QString::fromStdString(text));
        if (!origin) return tl::unexpected(origin.error());
        if (!origins.contains(origin->text())) origins.append(origin->text());
    }
    return origins;
}

QStringList plainOnes(const QStringList& origins) {
    QStringList plain;
    for (const QString& text : origins)
        if (text.startsWith(QLatin1String("http:"))) plain.append(text);
    return plain;
}

Result<void> storeSecret(Context& context, const SecretRef& ref, SecretRecord record) {
    auto held = std::make_shared<SecretRecord>(std::move(record));
    return await<Result<void>>([&](std::function<void(Result<void>)> done) {
        return context.keychain().write(ref, std::move(*held), std::move(done));
    });
}

Result<void> removeSecret(Context& context, const SecretRef& ref) {
    return await<Result<void>>([&](std::function<void(Result<void>)> done) {
        return context.keychain().remove(ref, std::move(done));
    });
}

} // namespace kb::cli
