// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/token_status.h"
#include "core/run/token_end.h"
#include "core/workspace/api_description.h"
#include "core/workspace/matrix_settings.h"
#include "core/workspace/token_profile.h"

namespace kb {

/// How a token's issuer says that it is good, where no request of the API itself proves it.
enum class IssuerWord {
    None,
    Userinfo,     ///< OpenID Connect Core §5.3: the token gets its user's claims
    Introspection ///< RFC 7662: "active"
};
/// What the issuer of such a profile's token can be asked. Nothing is sent.
IssuerWord issuerWordOf(const AuthScheme& scheme);
/// "userinfo" or "introspection"; empty for None.
QString issuerWordName(IssuerWord word);

/// A column: who asks. What is known of scopes, roles and claims is declared by the user or read from the
/// token.
struct MatrixProfile {
    enum class Kind {
        Anonymous,
        Live,
        Stale,  ///< kept with a defect on purpose (expired, revoked); never refreshed
        Derived ///< forged from another's credential for each request; never refreshed
    };
    QString id; ///< "anonymous" for nobody
    QString name;
    Kind kind = Kind::Live;
    AuthScheme scheme;
    bool scopesKnown = false; ///< declared, or the token says them
    bool rolesKnown = false;
    QStringList scopes;
    QStringList roles;
    QStringList claims;            ///< "name=value" each
    QString stale;                 ///< the defect, in the user's words or the forgery's
    QString parent = {};           ///< of a forgery: the id of the profile it is made from
    QString subject;               ///< sub
    QString fingerprint = {};      ///< of its token, see TokenFacts; empty where there is none at hand
    QString tenant = {};           ///< in a plan: as its claims tell; empty where that is not known
    QList<TokenEnd> ends = {};     ///< of what it sends with
    QList<ApiKeyScheme> keys = {}; ///< held beside the scheme's credential
    bool hasCertificate = false;   ///< a client certificate
    IssuerWord issuerWord = IssuerWord::None; ///< what its issuer can be asked
    /// Why nothing can be sent as it, a sentence: its secret is not at hand. Its cells are planned all the
    /// same, so that nobody takes what was not asked for proven.
    QString problem = {};

    /// Whether it holds "name=value"; `scope` and `role` are looked for in their lists too.
    bool holds(const QString& claim) const;
    /// Whether it is known that it holds it or not: an opaque token tells neither its scopes nor its roles.
    bool knows(const QString& claim) const;
    bool isDefective() const { return kind == Kind::Stale || kind == Kind::Derived; }
    bool operator==(const MatrixProfile&) const = default;
};
MatrixProfile anonymousProfile();
/// `facts` is what is known of the profile's token, or nullptr.
MatrixProfile matrixProfile(const TokenProfile& profile, const TokenFacts* facts);

/// A forged column: it has what its parent has, but for a credential that is good.
MatrixProfile derivedColumn(const DerivedProfile& derived, const MatrixProfile& parent);
/// The columns with the forged ones behind: those whose parent is among them, is live and can be forged.
QList<MatrixProfile> withDerived(QList<MatrixProfile> profiles, const QList<DerivedProfile>& derived);

/// Whose object a request addresses.
enum class Binding {
    None,
    Self,
    Peer,   ///< somebody else's, of the same tenant as far as that is known
    Absent, ///< well-formed, and of nobody
    OtherTenant,
    Higher,     ///< of somebody who holds all that one holds, and more
    ParentSwap, ///< another's, beneath what is one's own: /teams/{mine}/files/{theirs}
    Malformed   ///< an id that no object can have
};
constexpr Binding allBindings[] = {Binding::None,       Binding::Self,        Binding::Peer,
                                   Binding::Absent,     Binding::OtherTenant, Binding::Higher,
                                   Binding::ParentSwap, Binding::Malformed};
/// "none", "self", "peer", "absent", "other-tenant", "higher", "parent-swap", "malformed"
QString bindingName(Binding binding);
/// Whether it is another's object.
bool isOthers(Binding binding);
/// The tenant that a profile's claims name, declared or of its token.
QString tenantOf(const MatrixProfile& profile, const MatrixSettings& settings);
/// Whether two are of different tenants, as far as that is known of both.
bool isForeign(const MatrixProfile& one, const MatrixProfile& other);
/// Whether it holds a scope, or one that implies it by the user's rules.
bool coversScope(const MatrixProfile& profile, const QString& scope, const MatrixSettings& settings);

/// Whether the other holds all scopes and roles of the one, and more. Only what is known of both is compared.
bool mayMore(const MatrixProfile& one, const MatrixProfile& other, const MatrixSettings& settings);

/// Who said what is expected, the strongest first.
enum class Provenance { Manual, Rule, Spec, None };
QString provenanceName(Provenance provenance); ///< "manual", "rule", "spec", "none"

struct Expectation {
    Expect expect = Expect::Unknown;
    Provenance provenance = Provenance::None;
    QString why;            ///< one sentence that names the line or rule
    bool concealed = false; ///< 404 is as good as 403
    bool decided = false;   ///< a mark or a rule of the user's says so of this very operation
};

/// The stable id of a cell: it does not change with a profile's name or the order of anything.
QString cellId(const QString& method, const QString& path, const QString& server, const QString& profileId,
               Binding binding);
/// Whether a text fits a glob whose "*" stands for anything, slashes too: "/admin/*" is all of it.
bool fitsGlob(const QString& glob, const QString& text);
/// Whether an operation is one of those that a rule names: any of the methods, any of the tags, and the glob
/// over its path; what is empty fits all.
bool fitsOperation(const QStringList& methods, const QStringList& tags, const QString& path,
                   const ApiOperation& operation);
/// A document's name for people: an absolute path, which is of this machine alone, as the file's name.
QString shownPlace(const QString& file);
/// "GET /users/{id}"
QString operationName(const ApiOperation& operation);

/// What is expected when this profile asks for this operation, and why (docs/access-matrix.md): a mark by
/// hand, else a rule on claims, else the document's security.
Expectation expectationFor(const ApiDescription& api, const ApiOperation& operation,
                           const MatrixProfile& profile, Binding binding, const MatrixSettings& settings);

/// What the mark that decides of this cell wants the answer to look like; null where there is none.
const ExactAnswer* exactlyFor(const MatrixSettings& settings, const ApiOperation& operation,
                              const MatrixProfile& profile, Binding binding);

/// The operations that a document says nothing of while it protects others: they may be public, which
/// somebody has to confirm.
QStringList operationsOfUnknownSecurity(const ApiDescription& api);

} // namespace kb
