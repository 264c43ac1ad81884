// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/flow_factory.h"

#include "core/auth/http_signature.h"
#include "core/auth/sigv4.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(AuthFlow)
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
    JwtFlow(JwtScheme scheme, Secret key, decltype(FlowParts::mintJwt) mint)
        : PlacedFlow(scheme, {}),
          m_scheme(std::move(scheme)),
          m_key(std::move(key)),
          m_mint(std::move(mint)) {}

    Result<FlowSend> begin(const Request& plain, const FlowContext& context) override {
        if (!m_mint)
            return fail(ErrorCode::Unsupported, Text::tr("No token can be made here for this profile."));
        const Result<Secret> token = m_mint(m_scheme, m_key, context);
        if (!token) return tl::unexpected<Error>(token.error());
        context.redactor.addSecret(m_key);
        return place(plain, BearerScheme{m_scheme.prefix}, *token, context);
    }

private:
    JwtScheme m_scheme;
    Secret m_key;
    decltype(FlowParts::mintJwt) m_mint;
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

    std::unique_ptr<AuthFlow> operator()(const DigestScheme& scheme) const {
        return std::make_unique<DigestFlow>(scheme, secret.revealCopy(), parts.digest);
    }
    std::unique_ptr<AuthFlow> operator()(const SigV4Scheme& scheme) const {
        const auto token = parts.secrets.find(QStringLiteral("session_token"));
        std::optional<Secret> session;
        if (token != parts.secrets.end() && !token->second.isEmpty()) session = token->second.revealCopy();
        return std::make_unique<SigV4Flow>(scheme, secret.revealCopy(), std::move(session));
    }
    std::unique_ptr<AuthFlow> operator()(const HttpSignatureScheme& scheme) const {
        return std::make_unique<HttpSignatureFlow>(scheme, secret.revealCopy());
    }
    std::unique_ptr<AuthFlow> operator()(const JwtScheme& scheme) const {
        return std::make_unique<JwtFlow>(scheme, secret.revealCopy(), parts.mintJwt);
    }
    std::unique_ptr<AuthFlow> operator()(const OAuthScheme&) const { return (*this)(BearerScheme{}); }
    std::unique_ptr<AuthFlow> operator()(const NtlmScheme&) const {
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
