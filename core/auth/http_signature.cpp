// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/http_signature.h"
#include "core/auth/http_signature_text.h"

#include "core/auth/credential_text.h"
#include "core/auth/crypto.h"
#include "core/auth/signing_key.h"
#include "core/http/structured_field_text.h"

#include <algorithm>

namespace kb {

namespace {

struct MessageAlgorithm {
    const char* name; ///< RFC 9421 §6.2.2
    const char* jose; ///< the same computation by its JOSE name
};
constexpr MessageAlgorithm messageAlgorithms[] = {
    {"rsa-pss-sha512", "PS512"},    {"rsa-v1_5-sha256", "RS256"},   {"hmac-sha256", "HS256"},
    {"ecdsa-p256-sha256", "ES256"}, {"ecdsa-p384-sha384", "ES384"}, {"ed25519", "EdDSA"},
};

constexpr qsizetype nonceBytes = 18;

tl::unexpected<Error> refuse(const QString& what, const QString& where) {
    return fail(ErrorCode::InvalidInput, what, where,
                HttpSignatureText::tr("Change the profile's signature settings."));
}

Result<const MessageAlgorithm*> findAlgorithm(const QString& name) {
    for (const MessageAlgorithm& each : messageAlgorithms)
        if (name == QLatin1String(each.name)) return &each;
    return refuse(HttpSignatureText::tr("The signature algorithm \"%1\" is not known.").arg(name), name);
}

/// The labels of signatures that the request already has.
bool hasLabel(const Request& request, const QByteArray& label) {
    for (const char* field : {"Signature-Input", "Signature"}) {
        const auto members = parseSfDictionary(request.headers.all(field));
        const auto same = [&label](const SfMember& member) { return member.key == label; };
        if (members && std::any_of(members->begin(), members->end(), same)) return true;
    }
    return false;
}

bool digestIsWrong(const Request& request) {
    const auto members = parseSfDictionary(request.headers.all("Content-Digest"));
    if (!members) return true;
    const QByteArray body = request.hasBody ? request.body : QByteArray();
    return std::any_of(members->begin(), members->end(), [&body](const SfMember& member) {
        if (member.key == "sha-256") return member.item.text != hashOf(Hash::Sha256, viewOf(body));
        if (member.key == "sha-512") return member.item.text != hashOf(Hash::Sha512, viewOf(body));
        return false;
    });
}

} // namespace

QByteArray contentDigest(const QByteArray& body, bool sha512) {
    return sha512 ? "sha-512=" + sfBytesText(hashOf(Hash::Sha512, viewOf(body)))
                  : "sha-256=" + sfBytesText(hashOf(Hash::Sha256, viewOf(body)));
}

Result<SignatureBase> makeSignatureBase(const Request& request, const QList<SignatureComponent>& components,
                                        const SignatureParams& params) {
    SignatureBase out;
    QByteArrayList identifiers;
    for (const SignatureComponent& component : components) {
        const Result<QByteArray> value = signatureComponentValue(component, request);
        if (!value) return tl::unexpected<Error>(value.error());
        // A line break would let one component pass for two; the base is ASCII (RFC 9421 §2.5).
        const auto bad = [](char c) { return c == '\n' || c == '\r' || uchar(c) >= 0x80; };
        if (std::any_of(value->begin(), value->end(), bad))
            return fail(ErrorCode::InvalidInput,
                        HttpSignatureText::tr(
                            "A covered component has a line break or a character outside ASCII in it."),
                        QString::fromLatin1(component.identifier),
                        HttpSignatureText::tr("Cover a field of that kind with the parameter bs."));
        out.base += component.identifier + ": " + *value + '\n';
        identifiers.append(component.identifier);
    }
    out.params = '(' + identifiers.join(' ') + ')';
    if (params.created) out.params += ";created=" + QByteArray::number(*params.created);
    if (params.expires) out.params += ";expires=" + QByteArray::number(*params.expires);
    const std::pair<const char*, const QByteArray&> texts[] = {
        {"keyid", params.keyId}, {"nonce", params.nonce}, {"tag", params.tag}, {"alg", params.algorithm}};
    for (const auto& [name, value] : texts) {
        if (value.isEmpty()) continue;
        const auto text = sfStringText(value);
        if (!text)
            return refuse(HttpSignatureText::tr("The signature parameter %1 may hold printable ASCII only.")
                              .arg(QLatin1String(name)),
                          QString::fromUtf8(value));
        out.params += QByteArray(";") + name + '=' + *text;
    }
    out.base += "\"@signature-params\": " + out.params;
    return out;
}

Result<HttpSigned> signHttp(const Request& plain, const HttpSignatureScheme& scheme, const Secret& key,
                            const FlowContext& context) {
    if (key.isEmpty()) return tl::unexpected<Error>(checkSecret(key).error());
    const Result<const MessageAlgorithm*> algorithm = findAlgorithm(scheme.algorithm);
    if (!algorithm) return tl::unexpected<Error>(algorithm.error());
    const QByteArray label = scheme.label.toUtf8();
    if (!isSfKey(label))
        return refuse(
            HttpSignatureText::tr("\"%1\" cannot label a signature; use small letters, digits and - _ . *")
                .arg(scheme.label),
            scheme.label);
    if (hasLabel(plain, label)) {
        return credentialConflict(
            HttpSignatureText::tr("The request already has a signature labelled %1.").arg(scheme.label),
            scheme.label);
    }
    const auto components = readSignatureComponents(scheme.components);
    if (!components) return tl::unexpected<Error>(components.error());
    const Result<SigningKey> signer = SigningKey::read(key, (*algorithm)->jose == QByteArrayView("HS256"));
    if (!signer) return tl::unexpected<Error>(signer.error());
    context.redactor.addSecret(key);

    HttpSigned out;
    out.request = plain;
    const auto isDigest = [](const SignatureComponent& each) { return each.name == "content-digest"; };
    if (std::any_of(components->begin(), components->end(), isDigest)) {
        if (!plain.headers.contains("Content-Digest"))
            out.request.headers.append("Content-Digest",
                                       contentDigest(plain.hasBody ? plain.body : QByteArray()));
        else if (digestIsWrong(plain))
            out.placed.warning =
                HttpSignatureText::tr("The request's own Content-Digest does not fit its body.");
    }

    SignatureParams params;
    params.created = context.nowMs / 1000;
    if (scheme.expiresS > 0) params.expires = *params.created + scheme.expiresS;
    params.keyId = scheme.keyId.toUtf8();
    if (scheme.nonce) params.nonce = toBase64Url(viewOf(context.randomBytes(nonceBytes)));
    params.tag = scheme.tag.toUtf8();
    params.algorithm = scheme.algorithm.toLatin1();
    const Result<SignatureBase> base = makeSignatureBase(out.request, *components, params);
    if (!base) return tl::unexpected<Error>(base.error());
    const Result<QByteArray> signature = signer->sign(QLatin1String((*algorithm)->jose), viewOf(base->base));
    if (!signature) return tl::unexpected<Error>(signature.error());

    out.request.headers.append("Signature-Input", label + '=' + base->params);
    out.request.headers.append("Signature", label + '=' + sfBytesText(*signature));
    out.placed.headerFields = {"Signature-Input", "Signature"};
    context.redactor.addCredentialField("Signature");
    out.base = context.redactor.text(base->base);
    return out;
}

namespace {

QStringList componentsIn(const SfMember& member) {
    QStringList out;
    for (const SfMember& each : member.innerList)
        out.append(QString::fromUtf8(each.item.text + sfParamsText(each.params)));
    return out;
}

} // namespace

QList<WantedSignature> wantedSignatures(const Response& response) {
    QList<WantedSignature> out;
    const auto wanted = parseSfDictionary(response.headers.all("Accept-Signature"));
    if (!wanted) return out;
    for (const SfMember& member : *wanted) {
        if (!member.isInnerList) return {};
        WantedSignature each{componentsIn(member), {}};
        for (const auto& [name, value] : member.params) {
            // A time is for the signer to say: that it is asked for is all that its value means (§5.1).
            const bool bare = value.type == SfItem::Type::Boolean || name == "created" || name == "expires";
            each.params.append(QString::fromUtf8(bare ? name : QByteArray(name + ' ' + value.text)));
        }
        out.append(each);
    }
    return out;
}

QStringList coveredComponents(const Request& request) {
    QStringList out;
    const auto signatures = parseSfDictionary(request.headers.all("Signature-Input"));
    for (const SfMember& member : signatures.value_or(QList<SfMember>()))
        out += componentsIn(member);
    return out;
}

QString acceptSignatureSentence(const Response& response) {
    const QList<WantedSignature> wanted = wantedSignatures(response);
    if (wanted.isEmpty()) return {};
    QStringList sentences;
    for (const WantedSignature& each : wanted.mid(0, 3)) {
        const QString list = each.components.mid(0, 30).join(QStringLiteral(", "));
        sentences.append(
            each.params.isEmpty()
                ? HttpSignatureText::tr("The server asks for a signature over: %1.").arg(list)
                : HttpSignatureText::tr("The server asks for a signature over: %1; with %2 in it.")
                      .arg(list, each.params.mid(0, 10).join(QStringLiteral(", "))));
    }
    return sentences.join(u' ');
}

HttpSignatureFlow::HttpSignatureFlow(HttpSignatureScheme scheme, Secret key)
    : m_scheme(std::move(scheme)), m_key(std::move(key)) {}

Result<FlowSend> HttpSignatureFlow::begin(const Request& plain, const FlowContext& context) {
    Result<HttpSigned> made = signHttp(plain, m_scheme, m_key, context);
    if (!made) return tl::unexpected<Error>(made.error());
    m_base = made->base;
    return FlowSend{std::move(made->request), std::move(made->placed), {}};
}

Result<FlowStep> HttpSignatureFlow::resume(const Response& response, const FlowContext&) {
    return FlowStep(FlowDone{response.status >= 400 ? acceptSignatureSentence(response) : QString()});
}

} // namespace kb
