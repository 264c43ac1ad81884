// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/misplaced_token.h"
#include "core/http/url.h"
#include "core/http/url_template.h"
#include "core/run/variables.h"
#include "ui/request_editor_template.h"
#include "ui/session.h"
#include "ui/theme.h"

namespace kb {

/// What the URL of a request comes to, before anything is sent.
struct UrlCheck {
    QString resolved; ///< with variables and path parameters filled in; empty where it does not parse
    std::optional<Origin> origin;
    bool hasUserInfo = false;
    std::optional<Error> error;  ///< why it does not parse
    FilledText::Place place;     ///< of the error, in the text as typed
    QStringList emptyParameters; ///< path parameters that are on and have no value
};
UrlCheck checkUrl(const RequestSpec& spec, const VariableMap& variables);

/// A remark under the request, shown before it is sent. It never blocks the send.
struct RequestHint {
    enum class Kind {
        BadMethod,
        BadUrl,
        UserInfo,
        EmptyParameter,
        UnknownVariable,
        BadHeader,
        MissingProfile,
        ProfileProblem,
        OriginRefused,
        OriginsChanged,
        PlainHttp,
        HeaderInTheWay,
        TokenInUrl,
        TokenAsUrl,
        TokenInHeader
    };
    Kind kind;
    Tone tone = Tone::Warn;
    QString text;
    QString action;       ///< the button's label; empty for none
    QString subject;      ///< an origin, the query field's name
    int row = -1;         ///< the header row meant
    TokenSpot token = {}; ///< what the button would move to a profile
    bool operator==(const RequestHint&) const = default;
};

struct HintInput {
    const RequestSpec& spec;
    const VariableMap& variables;
    QString environment;
    const TokenProfile* profile = nullptr; ///< nullptr: anonymous, or not there
    const ProfileState* state = nullptr;
    double nowSeconds = 0;
    QStringList secretNames = {}; ///< variables whose values are in the keychain
};
/// Every remark on the request, the gravest first.
QList<RequestHint> requestHints(const HintInput& input);

/// The header field a profile's secret goes into; empty where it goes elsewhere.
QString credentialHeader(const AuthScheme& scheme);
/// The secret's place with the secret masked: "Authorization: Bearer eyJh••••f3Qw", "?key=••••".
QString credentialPreview(const AuthScheme& scheme, const QString& masked);
/// What to know of a place that is easily seen by others; empty for none.
QString credentialPlaceWarning(const AuthScheme& scheme);
} // namespace kb
