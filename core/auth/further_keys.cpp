// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/further_keys.h"

#include "core/auth/check_scheme.h"
#include "core/auth/client_certificate.h"
#include "core/workspace/scheme_fields.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>

namespace kb {

namespace {

struct FurtherKeysText {
    Q_DECLARE_TR_FUNCTIONS(FurtherKeys)
};

const QString partPrefix = QStringLiteral("key:");

/// The fields that a scheme fills itself, as keyPart() names places. What is signed or answered in steps uses
/// the fields of its own protocol.
struct OwnFields {
    QStringList operator()(const ApiKeyScheme& scheme) const { return {keyPart(scheme)}; }
    QStringList operator()(const TemplateScheme& scheme) const { return {header(scheme.header)}; }
    QStringList operator()(const LoginScheme& scheme) const {
        QStringList fields;
        if (!scheme.csrfHeader.isEmpty()) fields << header(scheme.csrfHeader);
        if (scheme.sendAs == SendPlace::Header) fields << header(scheme.sentName());
        if (scheme.sendAs == SendPlace::Cookie)
            fields << keyPart({ApiKeyScheme::In::Cookie, scheme.sentName()});
        return fields;
    }
    QStringList operator()(const HttpSignatureScheme&) const {
        return {header(QStringLiteral("Signature")), header(QStringLiteral("Signature-Input")),
                header(QStringLiteral("Content-Digest"))};
    }
    QStringList operator()(const SigV4Scheme&) const {
        return {header(QStringLiteral("X-Amz-Date")), header(QStringLiteral("X-Amz-Security-Token")),
                header(QStringLiteral("X-Amz-Content-Sha256"))};
    }
    QStringList operator()(const OAuthScheme&) const {
        return {header(QStringLiteral("DPoP")), bearerQuery()};
    }
    QStringList operator()(const BearerScheme&) const { return {bearerQuery()}; }
    template<class Other> QStringList operator()(const Other&) const { return {}; }

    /// A bearer token's other place (RFC 6750 §2.3): one method a request.
    static QString bearerQuery() {
        return keyPart({ApiKeyScheme::In::Query, QStringLiteral("access_token")});
    }
    static QString header(const QString& name) { return keyPart({ApiKeyScheme::In::Header, name}); }
};

/// Fields that have a meaning of their own: the credential's, or the connection's.
bool isReserved(const QString& name) {
    static const QSet<QString> names = {QStringLiteral("authorization"),
                                        QStringLiteral("proxy-authorization"),
                                        QStringLiteral("cookie"),
                                        QStringLiteral("host"),
                                        QStringLiteral("content-length"),
                                        QStringLiteral("connection"),
                                        QStringLiteral("transfer-encoding"),
                                        QStringLiteral("content-type")};
    return names.contains(name.toLower());
}

} // namespace

QString keyPart(const ApiKeyScheme& key) {
    switch (key.in) {
    case ApiKeyScheme::In::Query:
        return QString(partPrefix + QStringLiteral("query:") + key.name);
    case ApiKeyScheme::In::Cookie:
        return QString(partPrefix + QStringLiteral("cookie:") + key.name);
    case ApiKeyScheme::In::Header:
        break;
    }
    return QString(partPrefix + QStringLiteral("header:") + key.name.toLower()); // RFC 9110 §5.1
}

bool isKeyPart(const QString& name) {
    return name.startsWith(partPrefix);
}

QString keyTitle(const ApiKeyScheme& key) {
    switch (key.in) {
    case ApiKeyScheme::In::Query:
        return FurtherKeysText::tr("%1 in the query").arg(key.name);
    case ApiKeyScheme::In::Cookie:
        return FurtherKeysText::tr("%1 in a cookie").arg(key.name);
    case ApiKeyScheme::In::Header:
        break;
    }
    return FurtherKeysText::tr("%1 in a header").arg(key.name);
}

QString keyOwner(const TokenProfile& profile, const ApiKeyScheme& key) {
    static const QRegularExpression other(QStringLiteral("[^A-Z0-9]"));
    const auto variable = [](const ApiKeyScheme& of) {
        return of.name.toUpper().replace(other, QStringLiteral("_"));
    };
    const bool shared =
        std::any_of(profile.keys.cbegin(), profile.keys.cend(), [&](const ApiKeyScheme& each) {
            return keyPart(each) != keyPart(key) && variable(each) == variable(key);
        });
    const QString owner = profile.name + u' ' + key.name;
    return shared ? owner + u' ' + QLatin1String(apiKeyPlaceNames[std::size_t(key.in)]) : owner;
}

Result<void> checkKeys(const AuthScheme& scheme, const QList<ApiKeyScheme>& keys) {
    const QStringList own = std::visit(OwnFields{}, scheme);
    QSet<QString> seen(own.begin(), own.end());
    for (const ApiKeyScheme& key : keys) {
        if (Result<void> fine = checkScheme(AuthScheme(key)); !fine) {
            fine.error().where = key.name;
            return fine;
        }
        if (key.in == ApiKeyScheme::In::Header && isReserved(key.name))
            return fail(
                ErrorCode::InvalidInput,
                FurtherKeysText::tr("A key beside the credential cannot go into the field %1.").arg(key.name),
                key.name,
                FurtherKeysText::tr("Make it the profile's own credential, or name its own field."));
        const QString place = keyPart(key);
        if (seen.contains(place))
            return fail(
                ErrorCode::Conflict,
                FurtherKeysText::tr("Two credentials would go to the same place: %1.").arg(keyTitle(key)),
                key.name, FurtherKeysText::tr("Give each a field of its own."));
        seen.insert(place);
    }
    return {};
}

void dropOtherKeys(SecretRecord& record, const QList<ApiKeyScheme>& keys) {
    QSet<QString> wanted;
    for (const ApiKeyScheme& key : keys)
        wanted.insert(keyPart(key));
    std::erase_if(record.parts, [&](const auto& part) {
        return part.first.startsWith(partPrefix) && !wanted.contains(part.first);
    });
}

void keepBeside(SecretRecord& record, const SecretRecord& kept, const QList<ApiKeyScheme>& keys) {
    QStringList names{clientCertificatePart()};
    for (const ApiKeyScheme& key : keys)
        names << keyPart(key);
    for (const QString& name : std::as_const(names))
        if (const Secret* part = kept.part(name); part && !record.part(name))
            record.parts.insert_or_assign(name, part->revealCopy());
    dropOtherKeys(record, keys);
}

} // namespace kb
