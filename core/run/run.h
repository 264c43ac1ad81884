// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret_store.h"
#include "core/base/clock.h"
#include "core/run/auth_memory.h"
#include "core/run/doctor.h"
#include "core/run/grant_keeper.h"
#include "core/run/secret_source.h"
#include "core/run/variables.h"
#include "core/workspace/token_defect.h"

#include <QObject>

namespace kb {

/// The bytes of a file that a body names, by its path within the workspace's folder.
using BodyFiles = std::function<Result<QByteArray>(const QString& path)>;

/// Everything one run starts from.
struct RunInput {
    RequestSpec spec;
    std::optional<TokenProfile> profile; ///< Send as; nullopt is anonymous
    QString environment;
    VariableMap variables;
    QList<SecretSource> secretVariables = {}; ///< those the request names are read when it is sent
    std::optional<QByteArray> rawBody;        ///< sent in place of the spec's text, byte for byte
    BodyFiles readFile = {}; ///< what a body takes from files; without it such a body is refused
    ProxySetting proxy;
    QString caFile;
    qint64 bodyLimit = 100 * 1024 * 1024;
    std::optional<Secret> looseBearer; ///< a bearer token that belongs to no profile (CLI --bearer-stdin)
    bool trustFileOrigins =
        false;             ///< the secret comes from the process environment: the file's origins count
    bool sendAsIs = false; ///< an expired token is sent on purpose, and not refreshed
    std::optional<TokenDefect> defect = {}; ///< the credential is forged: spoilt like this, for this request
    bool allowPlainHttpOnce = false;        ///< the user answered the plain-http question for this run
    QList<QPair<QString, TokenFacts>> otherProfiles; ///< profile id and facts, for the doctor's remedies
    QMap<QString, QString> profileNames;             ///< profile id to its name, for the remedies' labels
};

struct RunResult {
    std::optional<Error> error; ///< no answer, or nothing was sent
    bool nothingSent = false;
    QList<Exchange> hops; ///< redirects in order; the last is the answer
    std::optional<Diagnosis> diagnosis;
    std::optional<TokenFacts> facts; ///< of the token used
    QString credentialWarning;       ///< from PlacedCredential
    bool plainHttp = false;          ///< sent over http to a host beyond loopback: marked
    QString authNote; ///< what the scheme noticed of the answer: "The server did not prove …"; else empty
    QList<Exchange> grantExchanges; ///< with the authorization server, before or between the hops
    quint64 tokenEpoch =
        0; ///< of its grant's access tokens the one sent last: each new one is one more; else 0
    bool refusalTold = false; ///< the timeline has the last answer's refusal already
    QString redirectNote;     ///< why the last answer's redirect was not followed; empty if it named none
};

/// One request from click to picture (docs/architecture.md). Owned by whoever started it; deleting it
/// cancels. `finished` comes exactly once, never inside start(), also after cancel().
class Run final : public QObject {
    Q_OBJECT
public:
    struct Services {
        Transport& transport;
        SecretStore& secrets;
        const Clock& clock;
        AuthMemory* memory = nullptr;  ///< what servers told this identity before; null: each run asks anew
        GrantKeeper* grants = nullptr; ///< keeps OAuth tokens alive; null: a token is sent as it is
    };
    Run(Services services, RunInput input, QObject* parent = nullptr);
    ~Run() override;

    void start();
    void cancel();
    void keepGoing(qint64 newLimit);
    bool isFinished() const;

Q_SIGNALS:
    void progress(qint64 received, qint64 expected);
    /// The body reached its limit; keepGoing() or cancel() decides.
    void paused(const kb::RunResult& soFar);
    void finished(const kb::RunResult& result);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// The URL text with variables and path parameters filled in. Both are found in the text as typed, so that a
/// value is never read as a template again. A parameter without a row goes out as typed.
Result<QString> filledUrl(const RequestSpec& spec, const VariableMap& variables);

/// Turns a spec into what would be sent, without a credential: variables resolved, path parameters filled,
/// default headers added (Accept, Accept-Encoding, User-Agent, Content-Type where the user set none and
/// removed none).
Result<Request> buildRequest(const RequestSpec& spec, const VariableMap& variables,
                             const BodyFiles& readFile = {});

/// The origins the shared file proposes for a binding, variables resolved, as Origin::text(). A proposal that
/// resolves to a URL counts with its origin, so that "{{baseUrl}}" serves when it has a path. In their order,
/// each once.
Result<QStringList> proposedOrigins(const ProfileBinding& binding, const VariableMap& variables);

/// Whether the profile's secret may go to the target. nullopt: it may. The error is OriginRefused (the target
/// is not on the list) or ConsentNeeded: its `where` is the target's origin when plain http or an unchecked
/// certificate is the question, and the workspace file when that file's list differs from the confirmed one.
std::optional<Error> checkAudience(const Origin& target, const ProfileBinding& binding,
                                   const SecretRecord& record, const VariableMap& variables,
                                   const RequestSettings& settings, bool trustFileOrigins,
                                   bool allowPlainHttpOnce);

} // namespace kb
