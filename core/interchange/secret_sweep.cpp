// SPDX-License-Identifier: GPL-3.0-or-later
// Takes the secrets out of what was read: from authorization blocks, headers, addresses, bodies, variables.
#include "core/auth/further_keys.h"
#include "core/auth/misplaced_token.h"
#include "core/http/url_template.h"
#include "core/interchange/folder_variables.h"
#include "core/interchange/import_text.h"
#include "core/interchange/loose_secrets.h"
#include "core/interchange/profile_maker.h"
#include "core/workspace/inherit.h"

#include <QRegularExpression>
#include <algorithm>

namespace kb::importing {

namespace {

QString textOfSecret(const Secret& secret) {
    const std::string_view bytes = secret.reveal();
    return QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
}

/// What counts for a request from the folders above it.
struct Above {
    DraftAuth auth;
    QList<HeaderRow> headers;
};

/// A credential of a request, and where in it it stood; nothing for what the format itself calls one.
struct Found {
    DraftAuth auth;
    QString what;
};

class Sweep {
public:
    explicit Sweep(Draft draft)
        : m_draft(std::move(draft)), m_profiles(environments(), m_draft.secretVariables) {}

    Imported run() {
        Imported out;
        m_profiles.reserve(namedIn(m_draft.items));
        out.format = m_draft.format;
        m_place = ImportText::tr("A name");
        out.name = clean(m_draft.name, {});
        out.items = items(m_draft.items, {m_draft.auth, m_draft.headers});
        for (const auto& [auth, place] : std::as_const(m_draft.kept)) {
            m_profiles.profileFor(auth, QString(), {place});
            noteOnce(
                m_draft,
                ImportText::tr("%1 held a secret. It is kept as a profile and sent nowhere.").arg(place));
        }
        out.environments = m_profiles.environmentsWithoutSecrets(uses(), [this](const QString& name) {
            noteOnce(m_draft, ImportText::tr("The variable %1 holds a secret. It is kept in a profile and no "
                                             "longer a variable.")
                                  .arg(name));
        });
        for (Environment& environment : out.environments)
            for (Variable& variable : environment.variables)
                takeFromAddress(variable);
        out.notes = m_draft.notes;
        for (QString& note : out.notes)
            note = clean(note, QString());
        out.profiles = m_profiles.take(); // last: whatever is cleaned may find one more
        out.secrets = m_profiles.takeSecrets();
        out.api = std::move(m_draft.api);
        return out;
    }

private:
    /// The collection's variables count in every environment that does not say otherwise.
    QList<Environment> environments() {
        if (m_draft.environments.isEmpty() && !m_draft.variables.isEmpty())
            m_draft.environments = {{QStringLiteral("Default"), {}}};
        for (Environment& environment : m_draft.environments)
            for (const Variable& variable : std::as_const(m_draft.variables)) {
                const auto own =
                    std::find_if(environment.variables.cbegin(), environment.variables.cend(),
                                 [&](const Variable& each) { return each.name == variable.name; });
                if (own == environment.variables.cend()) environment.variables.append(variable);
            }
        return m_draft.environments;
    }

    QList<TreeItem> items(const QList<DraftItem>& drafts, const Above& above) {
        QList<TreeItem> all;
        int order = 0;
        for (const DraftItem& draft : drafts) {
            TreeItem item;
            item.order = ++order;
            m_place = ImportText::tr("A name");
            item.name = clean(draft.name.trimmed(), {});
            if (item.name.isEmpty()) item.name = ImportText::tr("Unnamed");
            if (draft.isFolder) {
                item.kind = TreeItem::Kind::Folder;
                Above next = above;
                if (draft.auth.kind != DraftAuth::Kind::Inherit) next.auth = draft.auth;
                next.headers += draft.headers;
                item.children = items(draft.children, next);
            } else {
                item.request = request(draft, above);
                item.request.name = item.name;
            }
            all.append(item);
        }
        return all;
    }

    RequestSpec request(const DraftItem& draft, const Above& above) {
        RequestSpec spec = draft.request;
        m_place = spec.method;
        m_place += u' ' + clean(bareUrl(spec.url), QStringLiteral("token"));
        inheritHeaders(spec, above.headers);
        const DraftAuth& auth = draft.auth.kind == DraftAuth::Kind::Inherit ? above.auth : draft.auth;
        m_found.clear();
        if (auth.kind == DraftAuth::Kind::Scheme) m_found.append({auth, {}});
        takeUserInfo(spec);
        takeHeaders(spec);
        takeQuery(spec);
        if (!m_found.isEmpty())
            spec.profileId = identity(bareUrl(spec.url));
        else if (auth.kind == DraftAuth::Kind::None)
            spec.profileId = explicitlyAnonymous(); // whatever its folder here gives
        takeBody(spec.body);
        spec.url = clean(spec.url, QStringLiteral("token"));
        for (ParamRow& row : spec.params)
            row.value = cleanNamed(row.name, row.value);
        for (HeaderRow& row : spec.headers) {
            row.value = clean(row.value, row.name);
            row.description = clean(row.description, row.name);
        }
        for (CheckSpec& check : spec.checks) {
            check.expression = clean(check.expression, {});
            check.value = cleanNamed(lastName(check.expression), check.value);
            check.description = clean(check.description, {});
        }
        for (CaptureSpec& capture : spec.captures)
            capture.expression = clean(capture.expression, {});
        noteUses(spec);
        return spec;
    }

    template<class Visit> static void visitTexts(const RequestSpec& spec, const Visit& visit) {
        visit(spec.url);
        visit(spec.body.text);
        for (const HeaderRow& row : spec.headers)
            visit(row.value);
        for (const ParamRow& row : spec.params)
            visit(row.value);
        for (const BodyPart& part : spec.body.parts)
            visit(part.value);
    }

    static QSet<QString> namedIn(const QList<DraftItem>& items) {
        QSet<QString> names;
        for (const DraftItem& item : items) {
            visitTexts(item.request, [&](const QString& text) {
                for (const VariableUse& use : variableUses(text))
                    names.insert(use.name);
            });
            names += namedIn(item.children);
        }
        return names;
    }

    /// Which variables the request still names, and where it goes: the host is enough.
    void noteUses(const RequestSpec& spec) {
        QString address = bareUrl(spec.url);
        const qsizetype scheme = address.indexOf(QLatin1String("://"));
        const qsizetype path = address.indexOf(u'/', scheme < 0 ? 0 : scheme + 3);
        if (path >= 0) address.truncate(path);
        visitTexts(spec, [&](const QString& text) {
            for (const VariableUse& use : variableUses(text))
                if (!m_uses.contains(use.name, address)) m_uses.insert(use.name, address);
        });
    }

    /// The same with the variables that those are made of.
    QMultiHash<QString, QString> uses() const {
        QMultiHash<QString, QString> all = m_uses;
        for (int depth = 0; depth < 8; ++depth) {
            const qsizetype before = all.size();
            for (const Environment& environment : m_draft.environments)
                for (const Variable& variable : environment.variables)
                    for (const VariableUse& use : variableUses(variable.value))
                        for (const QString& address : all.values(variable.name))
                            if (!all.contains(use.name, address)) all.insert(use.name, address);
            if (all.size() == before) break;
        }
        return all;
    }

    static void inheritHeaders(RequestSpec& spec, const QList<HeaderRow>& headers) {
        QList<HeaderRow> all;
        for (const HeaderRow& row : headers) {
            const bool own =
                std::any_of(spec.headers.cbegin(), spec.headers.cend(), [&](const HeaderRow& each) {
                    return each.enabled && each.name.compare(row.name, Qt::CaseInsensitive) == 0;
                });
            if (row.enabled && !own) all.append(row);
        }
        spec.headers = all + spec.headers;
    }

    static QString bareUrl(const QString& url) {
        UrlParts parts = splitUrl(url);
        parts.query.clear();
        parts.hasQuery = false;
        parts.fragment.clear();
        RequestSpec spec;
        spec.url = joinUrl(parts);
        return withoutToken(spec, {TokenSpot::In::UserInfo, -1, {}}).url;
    }

    void take(RequestSpec& spec, const TokenSpot& spot, const QString& what) {
        const std::optional<MisplacedToken> found = tokenAt(spec, spot);
        if (!found) return;
        spec = withoutToken(spec, spot);
        m_found.append(
            {{DraftAuth::Kind::Scheme, found->scheme, {{QString(), textOfSecret(found->secret)}}, {}}, what});
    }

    /// A request goes out as one identity: its profile is the first credential that cannot go along with
    /// another, and the keys beside it go along. A second credential that cannot is kept and told.
    QString identity(const QString& url) {
        const auto own = std::find_if_not(m_found.cbegin(), m_found.cend(),
                                          [](const Found& each) { return goesAlong(each.auth); });
        const qsizetype first = own == m_found.cend() ? 0 : std::distance(m_found.cbegin(), own);
        DraftAuth one = m_found.at(first).auth;
        QStringList places{placeOf(m_found.at(first))};
        QList<Found> rest;
        for (qsizetype i = 0; i < m_found.size(); ++i) {
            const Found& each = m_found.at(i);
            if (i == first) continue;
            if (each.auth.scheme == one.scheme && each.auth.secrets == one.secrets) {
                places.append(placeOf(each));
            } else if (addKey(one, each.auth)) {
                places.append(placeOf(each));
            } else {
                rest.append(each);
            }
        }
        const QString id = m_profiles.profileFor(one, url, places);
        for (const Found& each : std::as_const(rest)) {
            m_profiles.profileFor(each.auth, url, {placeOf(each)});
            noteOnce(m_draft,
                     ImportText::tr("%1 carries two credentials. %2 is a profile of its own and is "
                                    "not sent along.")
                         .arg(m_place, each.what.isEmpty() ? schemeName(each.auth.scheme) : each.what));
        }
        return id;
    }

    static bool goesAlong(const DraftAuth& auth) {
        const auto* key = std::get_if<ApiKeyScheme>(&auth.scheme);
        return key && checkKeys(BearerScheme(), {*key});
    }

    /// Lets a key go along with a credential, if it can.
    static bool addKey(DraftAuth& one, const DraftAuth& more) {
        if (!goesAlong(more)) return false;
        const ApiKeyScheme key = std::get<ApiKeyScheme>(more.scheme);
        const std::pair<ApiKeyScheme, QString> added(key, more.secrets.value(QString()));
        if (one.keys.contains(added)) return true;
        QList<ApiKeyScheme> keys{key};
        for (const auto& each : std::as_const(one.keys))
            keys.append(each.first);
        if (!checkKeys(one.scheme, keys)) return false;
        one.keys.append(added);
        return true;
    }

    QString placeOf(const Found& found) const {
        return found.what.isEmpty() ? m_place : QString(m_place + QStringLiteral(", ") + found.what);
    }

    void takeUserInfo(RequestSpec& spec) {
        take(spec, {TokenSpot::In::UserInfo, -1, {}}, ImportText::tr("the address"));
    }

    void takeHeaders(RequestSpec& spec) {
        for (int row = 0; row < spec.headers.size();) {
            const HeaderRow header = spec.headers.at(row);
            // The proxy's credential belongs to the proxy setting: nothing sends it to the API.
            if (header.name.compare(QLatin1String("Proxy-Authorization"), Qt::CaseInsensitive) == 0) {
                spec.headers.removeAt(row);
                if (!header.value.trimmed().isEmpty())
                    m_profiles.keep(header.name, header.value.trimmed(), m_place);
                noteOnce(m_draft,
                         ImportText::tr("%1 carries a credential for a proxy. It is kept as a profile and is "
                                        "not sent along: the proxy is set in the settings.")
                             .arg(m_place));
                continue;
            }
            const bool authorization =
                header.name.compare(QLatin1String("Authorization"), Qt::CaseInsensitive) == 0;
            const bool cookie = header.name.compare(QLatin1String("Cookie"), Qt::CaseInsensitive) == 0;
            const bool secret = !header.value.trimmed().isEmpty() &&
                                (authorization || cookie || headerHoldsToken(header.name, header.value) ||
                                 m_profiles.usesSecret(header.value));
            if (!secret) {
                ++row;
                continue;
            }
            // A variable alone is the whole field, its scheme's word included.
            const bool whole = !onlyVariable(header.value).isEmpty();
            const qsizetype before = spec.headers.size();
            if (!whole) take(spec, {TokenSpot::In::Header, row, {}}, header.name);
            if (spec.headers.size() != before) continue;
            // So is what is no credential that we know, such as a user name without a password.
            spec.headers.removeAt(row);
            m_found.append({{DraftAuth::Kind::Scheme,
                             ApiKeyScheme{ApiKeyScheme::In::Header, header.name},
                             {{QString(), header.value.trimmed()}},
                             {}},
                            header.name});
        }
    }

    void takeQuery(RequestSpec& spec) {
        for (int guard = 0; guard < 50; ++guard) {
            std::optional<QueryField> field = queryToken(spec.url);
            if (!field)
                for (const QueryField& each : splitUrl(spec.url).query)
                    if (m_profiles.usesSecret(each.value)) field = each;
            if (!field || field->name.isEmpty()) return;
            const QString before = spec.url;
            take(spec, {TokenSpot::In::Query, -1, field->name}, QStringLiteral("?") + field->name);
            if (spec.url == before) return;
        }
    }

    void takeBody(BodySpec& body) {
        for (BodyPart& part : body.parts)
            if (!part.isFile) part.value = cleanNamed(part.name, part.value);
        if (body.kind != BodySpec::Kind::Json && body.kind != BodySpec::Kind::Text) return;
        // A variable's value is put in as it is: one that has to be escaped or encoded there is none.
        const bool form = body.contentType.startsWith(QLatin1String("application/x-www-form-urlencoded"),
                                                      Qt::CaseInsensitive);
        body.text = replaceBodySecrets(body.text, body.contentType,
                                       keeper(form ? QStringLiteral("+&% ") : QStringLiteral("\"\\")));
    }

    /// Keeps what is found, and puts a variable of that name in its place.
    SecretReplacer keeper(const QString& unfit = {}) {
        return [this, unfit](const QString& name, const QString& value) -> QString {
            QString plain = name.isEmpty() || hasTokenShape(name) ? QStringLiteral("token") : name;
            static const QRegularExpression other(QStringLiteral("[^A-Za-z0-9_\\-]+"));
            plain.replace(other, QStringLiteral("_"));
            const bool fits = std::none_of(value.cbegin(), value.cend(),
                                           [&](QChar c) { return unfit.contains(c) || c.unicode() < 0x20; });
            const QString variable = fits ? m_profiles.variableFor(plain, value, m_place) : QString();
            const QString kept =
                variable.isEmpty() ? m_profiles.placeholderFor(plain, value, m_place) : variable;
            noteOnce(m_draft, (variable.isEmpty()
                                   ? ImportText::tr("%1 held a secret. It is kept as the profile %2; {{%2}} "
                                                    "stands in its place.")
                                   : ImportText::tr("%1 held a secret. It is kept as the secret variable %2; "
                                                    "{{%2}} stands in its place."))
                                  .arg(m_place, kept));
            return QStringLiteral("{{") + kept + QStringLiteral("}}");
        };
    }

    QString cleanNamed(const QString& name, const QString& value) {
        return headerHoldsToken(name, value) ? keeper()(name, value) : clean(value, name);
    }

    QString clean(const QString& text, const QString& name) { return replaceShapes(text, name, keeper()); }

    /// An address in a variable may hold a user's password or a key of its query.
    void takeFromAddress(Variable& variable) {
        if (!variable.value.contains(QLatin1String("://"))) return;
        RequestSpec spec;
        spec.url = variable.value;
        m_place = variable.name;
        const auto out = [&](const TokenSpot& spot, const QString& name) {
            const std::optional<MisplacedToken> found = tokenAt(spec, spot);
            if (found) m_profiles.keep(name, textOfSecret(found->secret), m_place);
            const QString before = spec.url;
            spec = withoutToken(spec, spot);
            return spec.url != before;
        };
        out({TokenSpot::In::UserInfo, -1, {}}, variable.name);
        for (std::optional<QueryField> field = queryToken(spec.url); field; field = queryToken(spec.url))
            if (!out({TokenSpot::In::Query, -1, field->name}, field->name)) break;
        variable.value = spec.url;
    }

    Draft m_draft;
    ProfileMaker m_profiles;
    QString m_place;
    QList<Found> m_found;                ///< of the request at hand
    QMultiHash<QString, QString> m_uses; ///< variables that are still named, and the addresses of who does
};

} // namespace

Imported sweep(Draft draft) {
    FolderVariables folders(draft);
    Imported made = Sweep(std::move(draft)).run();
    folders.giveBack(made);
    return made;
}

} // namespace kb::importing
