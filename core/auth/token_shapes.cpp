// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/token_shapes.h"

#include <QtGlobal>
#include <array>

namespace kb {

namespace {

using A = TokenAlphabet;
using T = TokenTrait;

// Lengths are loose on purpose: vendors let their tokens grow. The prefix decides.
constexpr std::size_t any = 4096;
const char toTokenEndpoint[] =
    QT_TRANSLATE_NOOP("TokenKind", "It is for the token endpoint, not for the API.");
const char liveMoney[] = QT_TRANSLATE_NOOP("TokenKind", "Live: it moves real money.");
const char testOnly[] = QT_TRANSLATE_NOOP("TokenKind", "Test environment.");
const char neverSent[] = QT_TRANSLATE_NOOP("TokenKind", "It checks signatures; it is never sent.");
const char noScheme[] = QT_TRANSLATE_NOOP("TokenKind", "It is sent without a scheme.");

// clang-format off
constexpr TokenShape shapes[] = {
    {"github-fine-grained-pat", "github_pat_", 40, 255, A::Word, QT_TRANSLATE_NOOP("TokenKind", "GitHub fine-grained token"),
     nullptr, nullptr, T::Ordinary},
    {"github-pat", "ghp_", 36, 255, A::Word, QT_TRANSLATE_NOOP("TokenKind", "GitHub personal access token"),
     nullptr, nullptr, T::Ordinary},
    {"github-oauth", "gho_", 36, 255, A::Word, QT_TRANSLATE_NOOP("TokenKind", "GitHub OAuth access token"),
     nullptr, nullptr, T::Ordinary},
    {"github-user", "ghu_", 36, 255, A::Word, QT_TRANSLATE_NOOP("TokenKind", "GitHub user-to-server token"),
     nullptr, nullptr, T::Ordinary},
    {"github-app", "ghs_", 36, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitHub app installation token"),
     nullptr, nullptr, T::Ordinary},
    {"github-refresh", "ghr_", 36, 255, A::Word, QT_TRANSLATE_NOOP("TokenKind", "GitHub refresh token"),
     toTokenEndpoint, nullptr, T::Ordinary},
    {"gitlab-pat", "glpat-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab personal access token"),
     nullptr, "PRIVATE-TOKEN", T::Ordinary},
    {"gitlab-deploy", "gldt-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab deploy token"),
     nullptr, "Deploy-Token", T::Ordinary},
    {"gitlab-runner", "glrt-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab runner token"),
     nullptr, "PRIVATE-TOKEN", T::Ordinary},
    {"gitlab-job", "glcbt-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab CI job token"),
     nullptr, "JOB-TOKEN", T::Ordinary},
    {"gitlab-trigger", "glptt-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab trigger token"),
     nullptr, nullptr, T::Ordinary},
    {"gitlab-scim", "glsoat-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab SCIM token"),
     nullptr, nullptr, T::Ordinary},
    {"gitlab-feed", "glft-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab feed token"),
     nullptr, nullptr, T::Ordinary},
    {"gitlab-mail", "glimt-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab incoming mail token"),
     nullptr, nullptr, T::Ordinary},
    {"gitlab-agent", "glagent-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab agent token"),
     nullptr, nullptr, T::Ordinary},
    {"gitlab-oauth-secret", "gloas-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab OAuth client secret"),
     toTokenEndpoint, nullptr, T::Ordinary},
    {"gitlab-feature-flag", "glffct-", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "GitLab feature flag client token"),
     nullptr, nullptr, T::Ordinary},
    {"stripe-secret", "sk_live_", 10, 255, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Stripe secret key"),
     liveMoney, nullptr, T::Live},
    {"stripe-secret", "sk_test_", 10, 255, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Stripe secret key"),
     testOnly, nullptr, T::Ordinary},
    {"stripe-restricted", "rk_live_", 10, 255, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Stripe restricted key"),
     liveMoney, nullptr, T::Live},
    {"stripe-restricted", "rk_test_", 10, 255, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Stripe restricted key"),
     testOnly, nullptr, T::Ordinary},
    {"stripe-publishable", "pk_live_", 10, 255, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Stripe publishable key"),
     QT_TRANSLATE_NOOP("TokenKind", "It is meant to be public; it opens nothing by itself."), nullptr, T::Public},
    {"stripe-publishable", "pk_test_", 10, 255, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Stripe publishable key"),
     QT_TRANSLATE_NOOP("TokenKind", "It is meant to be public; it opens nothing by itself."), nullptr, T::Public},
    {"stripe-webhook", "whsec_", 16, 255, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Stripe webhook secret"),
     neverSent, nullptr, T::Ordinary},
    {"slack-config", "xoxe.xoxp-", 10, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Slack configuration token"),
     nullptr, nullptr, T::Ordinary},
    {"slack-config", "xoxe.xoxb-", 10, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Slack configuration token"),
     nullptr, nullptr, T::Ordinary},
    {"slack-config", "xoxe.", 10, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Slack configuration token"),
     nullptr, nullptr, T::Ordinary},
    {"slack-bot", "xoxb-", 10, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Slack bot token"),
     nullptr, nullptr, T::Ordinary},
    {"slack-user", "xoxp-", 10, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Slack user token"),
     nullptr, nullptr, T::Ordinary},
    {"slack-refresh", "xoxe-", 10, any, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Slack refresh token"),
     toTokenEndpoint, nullptr, T::Ordinary},
    {"slack-app", "xapp-", 10, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Slack app-level token"),
     nullptr, nullptr, T::Ordinary},
    {"slack-legacy", "xoxa-", 10, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Slack legacy token"),
     nullptr, nullptr, T::Ordinary},
    {"slack-legacy", "xoxr-", 10, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Slack legacy token"),
     nullptr, nullptr, T::Ordinary},
    {"slack-legacy", "xoxs-", 10, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Slack legacy token"),
     nullptr, nullptr, T::Ordinary},
    {"slack-legacy", "xoxo-", 10, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Slack legacy token"),
     nullptr, nullptr, T::Ordinary},
    {"aws-key-id", "AKIA", 16, 16, A::Base32, QT_TRANSLATE_NOOP("TokenKind", "AWS access key id"),
     QT_TRANSLATE_NOOP("TokenKind", "It names a key; the secret access key is kept apart."), nullptr, T::Ordinary},
    {"aws-temporary-key-id", "ASIA", 16, 16, A::Base32, QT_TRANSLATE_NOOP("TokenKind", "AWS temporary access key id"),
     QT_TRANSLATE_NOOP("TokenKind", "It needs a session token beside the secret access key."), nullptr, T::Ordinary},
    {"aws-bearer-id", "ABIA", 16, 16, A::Base32, QT_TRANSLATE_NOOP("TokenKind", "AWS bearer token id"),
     nullptr, nullptr, T::Ordinary},
    {"aws-context-id", "ACCA", 16, 16, A::Base32, QT_TRANSLATE_NOOP("TokenKind", "AWS context credential id"),
     nullptr, nullptr, T::Ordinary},
    {"aws-bedrock-key", "ABSK", 40, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Amazon Bedrock API key"),
     nullptr, nullptr, T::Ordinary},
    {"google-api-key", "AIza", 35, 35, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Google API key"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes into the query field key or into a header."), "X-Goog-Api-Key", T::Ordinary},
    {"google-access", "ya29.", 20, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Google access token"),
     nullptr, nullptr, T::Ordinary},
    {"google-client-secret", "GOCSPX-", 20, 64, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Google OAuth client secret"),
     toTokenEndpoint, nullptr, T::Ordinary},
    {"google-refresh", "1//", 20, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Google refresh token"),
     toTokenEndpoint, nullptr, T::Ordinary},
    {"anthropic-admin-key", "sk-ant-admin01-", 20, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Anthropic admin key"),
     nullptr, "x-api-key", T::Ordinary},
    {"anthropic-api-key", "sk-ant-api03-", 20, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Anthropic API key"),
     nullptr, "x-api-key", T::Ordinary},
    {"anthropic-api-key", "sk-ant-", 20, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Anthropic API key"),
     nullptr, "x-api-key", T::Ordinary},
    {"openai-project-key", "sk-proj-", 20, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "OpenAI project key"),
     nullptr, nullptr, T::Ordinary},
    {"openai-service-key", "sk-svcacct-", 20, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "OpenAI service account key"),
     nullptr, nullptr, T::Ordinary},
    {"openai-admin-key", "sk-admin-", 20, 512, A::Word, QT_TRANSLATE_NOOP("TokenKind", "OpenAI admin key"),
     nullptr, nullptr, T::Ordinary},
    {"huggingface-token", "hf_", 30, 64, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Hugging Face token"),
     nullptr, nullptr, T::Ordinary},
    {"huggingface-org-token", "api_org_", 30, 64, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Hugging Face organisation token"),
     nullptr, nullptr, T::Ordinary},
    {"npm-token", "npm_", 36, 128, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "npm access token"),
     nullptr, nullptr, T::Ordinary},
    {"pypi-token", "pypi-AgEIcHlwaS5vcmc", 30, any, A::Word, QT_TRANSLATE_NOOP("TokenKind", "PyPI upload token"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes with Basic, user name __token__."), "Authorization: Basic", T::Ordinary},
    {"pypi-token", "pypi-AgENdGVzdC5weXBpLm9yZw", 30, any, A::Word, QT_TRANSLATE_NOOP("TokenKind", "PyPI upload token"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes with Basic, user name __token__."), "Authorization: Basic", T::Ordinary},
    {"rubygems-key", "rubygems_", 48, 48, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "RubyGems API key"),
     noScheme, "Authorization", T::Ordinary},
    {"docker-pat", "dckr_pat_", 20, 128, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Docker personal access token"),
     nullptr, nullptr, T::Ordinary},
    {"digitalocean-pat", "dop_v1_", 64, 64, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "DigitalOcean personal access token"),
     nullptr, nullptr, T::Ordinary},
    {"digitalocean-oauth", "doo_v1_", 64, 64, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "DigitalOcean OAuth token"),
     nullptr, nullptr, T::Ordinary},
    {"digitalocean-refresh", "dor_v1_", 64, 64, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "DigitalOcean refresh token"),
     toTokenEndpoint, nullptr, T::Ordinary},
    {"shopify-admin", "shpat_", 32, 64, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "Shopify admin token"),
     nullptr, "X-Shopify-Access-Token", T::Ordinary},
    {"shopify-custom-app", "shpca_", 32, 64, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "Shopify custom app token"),
     nullptr, "X-Shopify-Access-Token", T::Ordinary},
    {"shopify-private-app", "shppa_", 32, 64, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "Shopify private app token"),
     nullptr, "X-Shopify-Access-Token", T::Ordinary},
    {"shopify-shared-secret", "shpss_", 32, 64, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "Shopify shared secret"),
     neverSent, nullptr, T::Ordinary},
    {"sendgrid-key", "SG.", 60, 72, A::Token, QT_TRANSLATE_NOOP("TokenKind", "SendGrid API key"),
     nullptr, nullptr, T::Ordinary},
    {"mailgun-key", "key-", 32, 32, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "Mailgun API key"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes with Basic, user name api."), "Authorization: Basic", T::Ordinary},
    {"twilio-key", "SK", 32, 32, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "Twilio API key id"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes with Basic, as the user name."), "Authorization: Basic", T::Ordinary},
    {"twilio-account", "AC", 32, 32, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "Twilio account id"),
     QT_TRANSLATE_NOOP("TokenKind", "It names an account and is no secret."), nullptr, T::Public},
    {"vault-service-token", "hvs.", 20, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Vault service token"),
     nullptr, "X-Vault-Token", T::Ordinary},
    {"vault-batch-token", "hvb.", 20, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Vault batch token"),
     nullptr, "X-Vault-Token", T::Ordinary},
    {"vault-legacy-token", "s.", 24, 24, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Vault token"),
     nullptr, "X-Vault-Token", T::Ordinary},
    {"postman-key", "PMAK-", 30, 128, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Postman API key"),
     nullptr, "X-Api-Key", T::Ordinary},
    {"newrelic-key", "NRAK-", 20, 64, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "New Relic user key"),
     nullptr, "Api-Key", T::Ordinary},
    {"grafana-service-token", "glsa_", 32, 128, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Grafana service account token"),
     nullptr, nullptr, T::Ordinary},
    {"grafana-cloud-token", "glc_", 32, 1024, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Grafana Cloud token"),
     nullptr, nullptr, T::Ordinary},
    {"databricks-pat", "dapi", 32, 40, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Databricks token"),
     nullptr, nullptr, T::Ordinary},
    {"linear-key", "lin_api_", 32, 64, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Linear API key"),
     noScheme, "Authorization", T::Ordinary},
    {"notion-token", "ntn_", 32, 64, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Notion token"),
     nullptr, nullptr, T::Ordinary},
    {"atlassian-token", "ATATT3", 60, 512, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Atlassian API token"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes with Basic, the mail address as user name."), "Authorization: Basic", T::Ordinary},
    {"doppler-token", "dp.pt.", 40, 64, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "Doppler token"),
     nullptr, nullptr, T::Ordinary},
    {"sentry-org-token", "sntrys_", 40, 1024, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Sentry organisation token"),
     nullptr, nullptr, T::Ordinary},
    {"sentry-user-token", "sntryu_", 40, 128, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Sentry user token"),
     nullptr, nullptr, T::Ordinary},
    {"planetscale-token", "pscale_tkn_", 32, 64, A::Token, QT_TRANSLATE_NOOP("TokenKind", "PlanetScale service token"),
     QT_TRANSLATE_NOOP("TokenKind", "It is sent after the service token's id."), "Authorization", T::Ordinary},
    {"pulumi-token", "pul-", 40, 40, A::Hex, QT_TRANSLATE_NOOP("TokenKind", "Pulumi access token"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes after the word token."), "Authorization: token", T::Ordinary},
    {"fly-token", "fo1_", 40, 128, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Fly.io token"),
     nullptr, nullptr, T::Ordinary},
    {"fly-token", "fm1a_", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Fly.io token"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes after the word FlyV1."), "Authorization: FlyV1", T::Ordinary},
    {"fly-token", "fm1r_", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Fly.io token"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes after the word FlyV1."), "Authorization: FlyV1", T::Ordinary},
    {"fly-token", "fm1_", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Fly.io token"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes after the word FlyV1."), "Authorization: FlyV1", T::Ordinary},
    {"fly-token", "fm2_", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "Fly.io token"),
     QT_TRANSLATE_NOOP("TokenKind", "It goes after the word FlyV1."), "Authorization: FlyV1", T::Ordinary},
    {"heroku-key", "HRKU-AA", 40, 128, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Heroku API key"),
     nullptr, nullptr, T::Ordinary},
    {"easypost-live-key", "EZAK", 54, 54, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "EasyPost key"),
     QT_TRANSLATE_NOOP("TokenKind", "Live environment."), "Authorization: Basic", T::Live},
    {"easypost-test-key", "EZTK", 54, 54, A::Alnum, QT_TRANSLATE_NOOP("TokenKind", "EasyPost key"),
     testOnly, "Authorization: Basic", T::Ordinary},
    {"square-token", "sq0atp-", 22, 64, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Square access token"),
     nullptr, nullptr, T::Ordinary},
    {"square-token", "EAAA", 56, 128, A::Word, QT_TRANSLATE_NOOP("TokenKind", "Square access token"),
     nullptr, nullptr, T::Ordinary},
    {"paseto-local", "v1.local.", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "PASETO, encrypted"),
     QT_TRANSLATE_NOOP("TokenKind", "Only its key reads it."), nullptr, T::Ordinary},
    {"paseto-public", "v1.public.", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "PASETO, signed"),
     nullptr, nullptr, T::Ordinary},
    {"paseto-local", "v2.local.", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "PASETO, encrypted"),
     QT_TRANSLATE_NOOP("TokenKind", "Only its key reads it."), nullptr, T::Ordinary},
    {"paseto-public", "v2.public.", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "PASETO, signed"),
     nullptr, nullptr, T::Ordinary},
    {"paseto-local", "v3.local.", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "PASETO, encrypted"),
     QT_TRANSLATE_NOOP("TokenKind", "Only its key reads it."), nullptr, T::Ordinary},
    {"paseto-public", "v3.public.", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "PASETO, signed"),
     nullptr, nullptr, T::Ordinary},
    {"paseto-local", "v4.local.", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "PASETO, encrypted"),
     QT_TRANSLATE_NOOP("TokenKind", "Only its key reads it."), nullptr, T::Ordinary},
    {"paseto-public", "v4.public.", 40, any, A::Token, QT_TRANSLATE_NOOP("TokenKind", "PASETO, signed"),
     nullptr, nullptr, T::Ordinary},
};
// clang-format on

bool isLetterOrDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool isOf(char c, TokenAlphabet alphabet) {
    switch (alphabet) {
    case A::Alnum:
        return isLetterOrDigit(c);
    case A::Hex:
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    case A::Base32:
        return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
    case A::Word:
        return isLetterOrDigit(c) || c == '_' || c == '-';
    case A::Token:
        return isLetterOrDigit(c) || std::string_view("_-.~+/=:").find(c) != std::string_view::npos;
    }
    return false;
}

} // namespace

std::span<const TokenShape> tokenShapes() {
    return shapes;
}

bool isOfAlphabet(std::string_view text, TokenAlphabet alphabet) {
    for (const char c : text) {
        if (!isOf(c, alphabet)) return false;
    }
    return true;
}

const TokenShape* matchTokenShape(std::string_view value) {
    for (const TokenShape& shape : shapes) {
        if (!value.starts_with(shape.prefix)) continue;
        const std::string_view rest = value.substr(shape.prefix.size());
        if (rest.size() < shape.minRest || rest.size() > shape.maxRest) continue;
        if (isOfAlphabet(rest, shape.alphabet)) return &shape;
    }
    return nullptr;
}

} // namespace kb
