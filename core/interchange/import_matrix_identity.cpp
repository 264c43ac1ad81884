// SPDX-License-Identifier: GPL-3.0-or-later
// Identities of another program's matrix as profiles: each one's credential by the shape of its headers, and
// all that is secret of it in a record for the keychain.
#include "core/interchange/import_matrix_identity.h"

#include "core/auth/check_scheme.h"
#include "core/auth/further_keys.h"
#include "core/auth/grant_record.h"
#include "core/auth/misplaced_token.h"
#include "core/http/headers.h"
#include "core/interchange/import_text.h"
#include "core/run/resolve_scheme.h"

#include <QRegularExpression>
#include <QUuid>
#include <algorithm>

namespace kb::importing {

namespace {

QString identitySecret(const Secret& secret) {
    const std::string_view bytes = secret.reveal();
    return QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
}

QString freshId() {
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

/// Fields that the connection or the body makes, and that say nothing of who asks.
bool saysNobody(const QString& name) {
    static const QSet<QString> names{QStringLiteral("host"),         QStringLiteral("content-length"),
                                     QStringLiteral("content-type"), QStringLiteral("connection"),
                                     QStringLiteral("accept"),       QStringLiteral("accept-encoding"),
                                     QStringLiteral("user-agent"),   QStringLiteral("transfer-encoding")};
    return names.contains(name.toLower());
}

/// How the environment variable of a profile would be called: two names that give one cannot both be read.
QString variableKey(const QString& name) {
    QString key = name.toUpper();
    static const QRegularExpression other(QStringLiteral("[^A-Z0-9]"));
    return key.replace(other, QStringLiteral("_"));
}

} // namespace

struct MatrixMaker::Credential {
    AuthScheme scheme;
    QMap<QString, QString> secrets; ///< by the record's part
    QString what;                   ///< the header it stood in

    const ApiKeyScheme* key() const { return std::get_if<ApiKeyScheme>(&scheme); }
};

bool isPlaceholder(const QString& text) {
    static const QRegularExpression place(QStringLiteral("\\$\\{[^}]*\\}|^\\$?KEYBEARER_SECRET_[A-Z0-9_]*$"));
    return place.match(text).hasMatch();
}

QString plainWord(const QString& text, qsizetype most) {
    QString word;
    for (const QChar c : text.left(most))
        word += c.isPrint() ? c : QChar(u' ');
    word = word.trimmed();
    return text.size() > most ? word + QStringLiteral("…") : word;
}

QString matrixOperation(const QString& method, const QString& path) {
    const bool plain =
        std::all_of(path.cbegin(), path.cend(), [](QChar c) { return c.isPrint() && !c.isSpace(); });
    if (!isToken(method.toUtf8()) || method.size() > 20 || !path.startsWith(u'/') || path.size() > 1000 ||
        !plain)
        return {};
    const QStringList parts = path.split(u'/');
    if (std::any_of(parts.cbegin(), parts.cend(), [](const QString& part) { return hasTokenShape(part); }))
        return {};
    return method.toUpper() + u' ' + path;
}

MatrixMaker::MatrixMaker(ImportedMatrix& into, const MatrixImportOptions& options, const QString& file)
    : m_into(into), m_options(options), m_reason(ImportText::tr("from %1").arg(plainWord(file))) {
    m_names.insert(variableKey(QStringLiteral("anonymous")));
}

void MatrixMaker::note(const QString& text) {
    if (m_into.notes.size() < 200 && !m_into.notes.contains(text)) m_into.notes.append(text);
}

void MatrixMaker::tellUnknown(const yaml::Node* mapping, std::initializer_list<QByteArrayView> known,
                              const QString& where) {
    if (!mapping || !mapping->isMapping()) return;
    for (const yaml::Node::Entry& entry : mapping->entries) {
        const bool is = std::any_of(known.begin(), known.end(),
                                    [&](QByteArrayView each) { return QByteArrayView(entry.key) == each; });
        if (is) continue;
        const QString word = plainWord(QString::fromUtf8(entry.key), 40);
        note(where.isEmpty() ? ImportText::tr("\"%1\" is not known and is left out.").arg(word)
                             : ImportText::tr("%1: \"%2\" is not known and is left out.").arg(where, word));
    }
}

void MatrixMaker::tellLeftOut(const yaml::Node* mapping, std::initializer_list<QByteArrayView> names,
                              const QString& where) {
    for (const QByteArrayView name : names) {
        const yaml::Node* found = mapping ? mapping->find(name) : nullptr;
        if (!found || found->isNull() || (found->isScalar() && found->text == "false") ||
            (!found->isScalar() && found->entries.empty()))
            continue;
        const QString word = QString::fromUtf8(name);
        note(where.isEmpty()
                 ? ImportText::tr("\"%1\" is left out: there is nothing like it here.").arg(word)
                 : ImportText::tr("%1: \"%2\" is left out: there is nothing like it here.").arg(where, word));
    }
}

QString MatrixMaker::nameOf(const QString& profile) const {
    for (const ImportedProfile& each : m_into.profiles)
        if (each.profile.id == profile) return each.profile.name;
    return profile;
}

QString MatrixMaker::freeName(const QString& wanted) {
    QString name = plainWord(wanted, 100);
    if (name.isEmpty() || hasTokenShape(name)) name = ImportText::tr("Unnamed");
    QString free = name;
    for (int number = 2; m_names.contains(variableKey(free)); ++number)
        free = name + u' ' + QString::number(number);
    m_names.insert(variableKey(free));
    return free;
}

void MatrixMaker::mark(const QString& operation, const QString& profile, Expect expect,
                       const QString& binding) {
    if (operation.isEmpty() || profile.isEmpty()) return;
    m_into.marks.append({operation, profile, binding, expect, m_reason});
}

void MatrixMaker::addHeader(const HeaderPair& header, const QString& name, QList<Credential>& all) {
    const QString field = header.first.trimmed();
    const QString value = header.second.trimmed();
    if (value.isEmpty() || field.isEmpty()) return;
    if (saysNobody(field)) {
        note(ImportText::tr("%1: the header %2 is left out: it says nothing of who asks.")
                 .arg(name, plainWord(field)));
        return;
    }
    if (field.compare(QLatin1String("Cookie"), Qt::CaseInsensitive) == 0) {
        for (const QString& pair : value.split(u';').mid(0, mostHeaders)) {
            const qsizetype equals = pair.indexOf(u'=');
            if (equals <= 0) continue;
            const QString cookie = pair.left(equals).trimmed();
            all.append({ApiKeyScheme{ApiKeyScheme::In::Cookie, cookie},
                        {{QString(), pair.mid(equals + 1).trimmed()}},
                        cookie});
        }
        return;
    }
    RequestSpec spec;
    spec.headers.append({field, value, {}, true});
    const std::optional<MisplacedToken> found = tokenAt(spec, {TokenSpot::In::Header, 0, {}});
    if (found)
        all.append({found->scheme, {{QString(), identitySecret(found->secret)}}, field});
    else // what is no credential that we know, such as a user's name without a password
        all.append({ApiKeyScheme{ApiKeyScheme::In::Header, field}, {{QString(), value}}, field});
}

QList<MatrixMaker::Credential> MatrixMaker::credentialsOf(const IdentityDraft& draft, const QString& name) {
    QList<Credential> all;
    if (draft.login) {
        const Result<MadeLogin> made = makeLogin(*draft.login, m_options.baseUrl);
        if (!made) {
            note(ImportText::tr("%1 is left out. %2").arg(name, made.error().what));
            return {};
        }
        all.append({made->scheme, {{grantpart::password, made->secret}}, ImportText::tr("the login")});
    }
    if (draft.oauth) all.append({*draft.oauth, draft.oauthSecrets, ImportText::tr("the login")});
    for (const HeaderPair& header : draft.headers.mid(0, mostHeaders))
        addHeader(header, name, all);
    if (draft.headers.size() > mostHeaders)
        note(ImportText::tr("%1: only the first %2 headers are read.").arg(name).arg(mostHeaders));
    for (qsizetype i = all.size() - 1; i >= 0; --i)
        if (const Result<void> fine = checkScheme(all.at(i).scheme); !fine) {
            note(ImportText::tr("%1: %2 is left out. %3")
                     .arg(name, plainWord(all.at(i).what), plainWord(fine.error().what, 200)));
            all.removeAt(i);
        }
    return all;
}

QString MatrixMaker::add(IdentityDraft draft) {
    if (int(m_into.profiles.size()) >= mostIdentities) {
        note(ImportText::tr("Only the first %1 identities are read.").arg(mostIdentities));
        return {};
    }
    const bool none = !draft.login && !draft.oauth && draft.headers.isEmpty();
    if (none && draft.mayBeNobody) return QStringLiteral("anonymous");
    const QString shown = plainWord(hasTokenShape(draft.name) ? QString() : draft.name);
    QList<Credential> all = credentialsOf(draft, shown);
    if (all.isEmpty()) {
        if (!draft.login) note(ImportText::tr("%1 is left out: it has no credential.").arg(shown));
        return {};
    }
    // The credential that cannot go along with another is the profile's own; keys go along.
    const auto goesAlong = [](const Credential& each) {
        return each.key() && checkKeys(BearerScheme(), {*each.key()});
    };
    const auto own = std::find_if_not(all.begin(), all.end(), goesAlong);
    const Credential first = all.takeAt(own == all.end() ? 0 : std::distance(all.begin(), own));
    ImportedProfile made;
    TokenProfile& profile = made.profile;
    profile.id = freshId();
    profile.name = freeName(draft.name);
    profile.scheme = first.scheme;
    profile.declared = draft.declared;
    made.places = {QString(m_reason + QStringLiteral(": ") + first.what)};
    SecretRecord record;
    QStringList missing;
    const auto put = [&](const QString& part, QString secret, const QString& what) {
        if (isPlaceholder(secret)) missing.append(what);
        if (secret.isEmpty() || isPlaceholder(secret)) return;
        if (part.isEmpty())
            record.secret = Secret::take(secret);
        else
            record.parts.insert_or_assign(part, Secret::take(secret));
    };
    for (auto each = first.secrets.cbegin(); each != first.secrets.cend(); ++each)
        put(each.key(), *each, first.what);
    for (const Credential& more : std::as_const(all)) {
        QList<ApiKeyScheme> keys = profile.keys;
        if (more.key()) keys.append(*more.key());
        if (!more.key() || !checkKeys(profile.scheme, keys)) {
            note(ImportText::tr("%1 carries two credentials that cannot go together. %2 is left out.")
                     .arg(profile.name, plainWord(more.what)));
            continue;
        }
        profile.keys = keys;
        put(keyPart(*more.key()), more.secrets.value(QString()), more.what);
        made.places.append(QString(m_reason + QStringLiteral(": ") + more.what));
    }
    ProfileBinding binding;
    binding.allowedOrigins = m_options.allowed.isEmpty() ? draft.origins : m_options.allowed;
    if (!record.secret.isEmpty() || !record.parts.empty()) {
        record.allowedOrigins = binding.allowedOrigins;
        for (const QString& origin : m_options.allowed) // typed out by the user, and so agreed to
            if (origin.startsWith(QLatin1String("http:"))) record.plainHttpOrigins.append(origin);
        if (isGrant(profile.scheme)) {
            const Result<AuthScheme> resolved = resolveScheme(profile.scheme, m_options.variables);
            const Result<GrantServer> server =
                resolved ? proposedGrantServer(*resolved) : tl::unexpected(resolved.error());
            if (server) confirmServer(record, *server);
        }
        binding.secret = SecretRef{freshId()};
        made.secrets.emplace_back(binding.secret, std::move(record));
    }
    if (!missing.isEmpty())
        note(ImportText::tr("%1: its secret is not in the file. Give it one.").arg(profile.name));
    profile.bindings.append(binding);
    m_into.profiles.push_back(std::move(made));
    return m_into.profiles.back().profile.id;
}

} // namespace kb::importing
