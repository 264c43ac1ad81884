// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/flow_factory.h"

#include "core/auth/http_signature.h"
#include "core/auth/jwt_mint.h"
#include "core/auth/login_flow.h"
#include "core/auth/sigv4.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct FlowFactoryText {
    Q_DECLARE_TR_FUNCTIONS(FlowFactory)
};

/// One step: what is placed needs no answer.
class PlacedFlow : public AuthFlow {
public:
    PlacedFlow(AuthScheme scheme, Secret secret) : m_scheme(std::move(scheme)), m_secret(std::move(secret)) {}

    Result<FlowSend> begin(const Request& plain, const FlowContext& context) override {
        return place(plain, m_scheme, m_secret, context);
    }
    Result<FlowStep> resume(const Response&, const FlowContext&) override { return FlowStep(FlowDone{}); }

protected:
    static Result<FlowSend> place(const Request& plain, const AuthScheme& scheme, const Secret& secret,
                                  const FlowContext& context) {
        FlowSend send{plain, {}, {}};
        Result<PlacedCredential> placed = placeCredential(send.request, scheme, secret, context.redactor);
        if (!placed) return tl::unexpected<Error>(placed.error());
        send.placed = std::move(*placed);
        return send;
    }

private:
    AuthScheme m_scheme;
    Secret m_secret;
};

/// A token made for this request, placed as a bearer token is.
class JwtFlow final : public PlacedFlow {
public:
    JwtFlow(JwtScheme scheme, Secret key)
        : PlacedFlow(scheme, {}), m_scheme(std::move(scheme)), m_key(std::move(key)) {}

    Result<FlowSend> begin(const Request& plain, const FlowContext& context) override {
        const Result<Secret> token =
            mintJwt(m_scheme, m_scheme.claims, m_key, context.nowMs, context.randomBytes);
        if (!token) return tl::unexpected<Error>(token.error());
        context.redactor.addSecret(m_key);
        return place(plain, BearerScheme{m_scheme.prefix}, *token, context);
    }

private:
    JwtScheme m_scheme;
    Secret m_key;
};

/// Sends nothing, and says why.
class RefusedFlow final : public AuthFlow {
public:
    explicit RefusedFlow(Error why) : m_why(std::move(why)) {}
    Result<FlowSend> begin(const Request&, const FlowContext&) override {
        return tl::unexpected<Error>(m_why);
    }
    Result<FlowStep> resume(const Response&, const FlowContext&) override {
        return tl::unexpected<Error>(m_why);
    }

private:
    Error m_why;
};

/// The transport puts the credential in and answers the challenges itself.
class TransportFlow final : public AuthFlow {
public:
    Result<FlowSend> begin(const Request& plain, const FlowContext&) override {
        return FlowSend{plain, {}, {}};
    }
    Result<FlowStep> resume(const Response&, const FlowContext&) override { return FlowStep(FlowDone{}); }
};

struct Maker {
    const Secret& secret;
    const FlowParts& parts;

    const Secret* part(const char* name) const {
        const auto found = parts.secrets.find(QString::fromLatin1(name));
        return found == parts.secrets.end() || found->second.isEmpty() ? nullptr : &found->second;
    }

    std::unique_ptr<AuthFlow> operator()(const BasicScheme& scheme) const {
        return std::make_unique<BasicFlow>(scheme, secret.revealCopy(), parts.basic);
    }
    std::unique_ptr<AuthFlow> operator()(const DigestScheme& scheme) const {
        return std::make_unique<DigestFlow>(scheme, secret.revealCopy(), parts.digest);
    }
    std::unique_ptr<AuthFlow> operator()(const SigV4Scheme& scheme) const {
        std::optional<Secret> session;
        if (const Secret* token = part("session_token")) session = token->revealCopy();
        return std::make_unique<SigV4Flow>(scheme, secret.revealCopy(), std::move(session));
    }
    std::unique_ptr<AuthFlow> operator()(const HttpSignatureScheme& scheme) const {
        return std::make_unique<HttpSignatureFlow>(scheme, secret.revealCopy());
    }
    std::unique_ptr<AuthFlow> operator()(const JwtScheme& scheme) const {
        return std::make_unique<JwtFlow>(scheme, secret.revealCopy());
    }
    std::unique_ptr<AuthFlow> operator()(const OAuthScheme& scheme) const {
        const auto isType = [this](const char* name) {
            return parts.tokenType.compare(QLatin1String(name), Qt::CaseInsensitive) == 0;
        };
        if (isType("N_A"))
            return std::make_unique<RefusedFlow>(
                Error{ErrorCode::Unsupported,
                      FlowFactoryText::tr("What the server issued is no access token (token_type N_A)."),
                      {},
                      FlowFactoryText::tr("Exchange it for an access token, or ask for another token type."),
                      -1});
        const Secret* boundTo = scheme.dpop ? part("dpop_key") : nullptr;
        const bool bound = parts.tokenType.isEmpty() || isType("DPoP");
        return boundTo && bound ? proven(*boundTo) : (*this)(BearerScheme{});
    }
    std::unique_ptr<AuthFlow> operator()(const LoginScheme& scheme) const {
        const Secret* csrf = part("csrf_token");
        return std::make_unique<LoginFlow>(scheme, secret.revealCopy(), csrf ? csrf->revealCopy() : Secret());
    }
    std::unique_ptr<AuthFlow> proven(const Secret& boundTo) const {
        Result<SigningKey> key = SigningKey::read(boundTo, false);
        if (!key) return std::make_unique<RefusedFlow>(key.error());
        const Result<QString> algorithm = dpopAlgorithm(*key, {});
        if (!algorithm) return std::make_unique<RefusedFlow>(algorithm.error());
        DpopFlow::Setup setup;
        setup.key = std::make_shared<const SigningKey>(std::move(*key));
        setup.algorithm = *algorithm;
        setup.nonces = parts.dpopNonces ? parts.dpopNonces : std::make_shared<DpopNonces>();
        setup.accessToken = secret.revealCopy();
        return std::make_unique<DpopFlow>(std::move(setup));
    }
    std::unique_ptr<AuthFlow> operator()(const NtlmScheme&) const {
        return std::make_unique<TransportFlow>();
    }
    std::unique_ptr<AuthFlow> operator()(const ClientCertificateScheme&) const {
        return std::make_unique<TransportFlow>();
    }
    template<class Placed> std::unique_ptr<AuthFlow> operator()(const Placed& scheme) const {
        return std::make_unique<PlacedFlow>(scheme, secret.revealCopy());
    }
};

} // namespace

std::unique_ptr<AuthFlow> makeFlow(const AuthScheme& scheme, const Secret& secret, const FlowParts& parts) {
    return std::visit(Maker{secret, parts}, scheme);
}

} // namespace kb
