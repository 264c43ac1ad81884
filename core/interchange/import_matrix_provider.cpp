// SPDX-License-Identifier: GPL-3.0-or-later
// The providers of an overstep matrix: a login request, or one of two OAuth grants, filled in for each
// subject.
#include "core/auth/grant_record.h"
#include "core/auth/misplaced_token.h"
#include "core/base/json_make.h"
#include "core/http/url.h"
#include "core/http/url_template.h"
#include "core/interchange/import_matrix_overstep.h"
#include "core/interchange/import_text.h"
#include "core/interchange/tree.h"

#include <QRegularExpression>

namespace kb::importing {

using yaml::Node;

namespace {

constexpr qsizetype mostFilled = 64 * 1024; ///< of one text

/// {{name}} by the subject's variables, in one pass. What has none stays, and is told by who reads it.
class Filled {
public:
    explicit Filled(const Node* values) {
        if (values && values->isMapping())
            for (const Node::Entry& entry : values->entries)
                if (entry.value.isScalar())
                    m_values.insert(QString::fromUtf8(entry.key), entry.value.string());
    }
    QString operator()(const QString& text) const {
        static const QRegularExpression name(QStringLiteral("\\{\\{\\s*([^{}]+?)\\s*\\}\\}"));
        QString out;
        qsizetype from = 0;
        QRegularExpressionMatchIterator each = name.globalMatch(text);
        while (each.hasNext() && out.size() < mostFilled) {
            const QRegularExpressionMatch found = each.next();
            const auto value = m_values.constFind(found.captured(1));
            out += text.mid(from, found.capturedStart() - from) +
                   (value == m_values.cend() ? found.captured() : *value);
            from = found.capturedEnd();
        }
        return QString(out + text.mid(from)).left(mostFilled);
    }

private:
    QMap<QString, QString> m_values;
};

JsonValue jsonOf(const Node& node, const Filled& filled) {
    switch (node.kind) {
    case Node::Kind::Null:
        return jsonNull();
    case Node::Kind::Scalar:
        if (node.plain)
            if (const Result<JsonValue> value = parseJson(node.text)) return *value;
        return jsonText(filled(node.string()));
    case Node::Kind::Sequence: {
        QList<JsonValue> items;
        for (const Node::Entry& entry : node.entries)
            items.append(jsonOf(entry.value, filled));
        return jsonArray(std::move(items));
    }
    case Node::Kind::Mapping: {
        JsonObject object;
        for (const Node::Entry& entry : node.entries)
            object.add(QString::fromUtf8(entry.key), jsonOf(entry.value, filled));
        return object.value();
    }
    }
    return jsonNull();
}

LoginDraft loginOfProvider(const Node& provider, const QString& base, const Filled& filled) {
    LoginDraft login;
    const auto text = [&](std::initializer_list<QByteArrayView> path) {
        return filled(textOf(&provider, path));
    };
    const QString own = settled(text({"base_url"}));
    login.url = settled(text({"request", "path"}));
    if (!login.url.contains(QLatin1String("://"))) {
        QString server = own.isEmpty() ? base : own;
        while (server.endsWith(u'/'))
            server.chop(1);
        if (!server.isEmpty())
            login.url = server + (login.url.startsWith(u'/') ? QString() : QStringLiteral("/")) + login.url;
    }
    login.method = text({"request", "method"});
    if (const Node* headers = childOf(&provider, {"request", "headers"}); headers && headers->isMapping())
        for (const Node::Entry& entry : headers->entries)
            if (entry.value.isScalar() && login.headers.size() < mostHeaders)
                login.headers.append({QString::fromUtf8(entry.key), filled(entry.value.string())});
    const Node* form = childOf(&provider, {"request", "form"});
    const Node* body = childOf(&provider, {"request", "body"});
    if (form && form->isMapping() && !form->entries.empty()) {
        QStringList fields;
        for (const Node::Entry& entry : form->entries)
            fields.append(formEncoded(QString::fromUtf8(entry.key)) + u'=' +
                          formEncoded(filled(entry.value.string())));
        login.contentType = QStringLiteral("application/x-www-form-urlencoded");
        login.body = fields.join(u'&');
    } else if (body && !body->isNull()) {
        login.contentType = QStringLiteral("application/json");
        login.body = QString::fromUtf8(writeJson(jsonOf(*body, filled)));
    }
    const QString path = textOf(&provider, {"token_path"});
    login.tokenName = pointerOfPath(path.isEmpty() ? QStringLiteral("$.access_token") : path);
    if (const QString header = textOf(&provider, {"token_header"}); !header.isEmpty())
        login.sendName = header;
    const QString form2 = textOf(&provider, {"token_format"});
    login.sendTemplate = form2.isEmpty() ? QStringLiteral("Bearer {token}") : form2;
    return login;
}

} // namespace

QString settled(const QString& text) {
    static const QRegularExpression place(QStringLiteral("\\$\\{([^}:]*)(:-([^}]*))?\\}"));
    QString out;
    qsizetype from = 0;
    QRegularExpressionMatchIterator each = place.globalMatch(text);
    while (each.hasNext()) {
        const QRegularExpressionMatch found = each.next();
        if (found.capturedLength(2) == 0) return {};
        out += text.mid(from, found.capturedStart() - from) + found.captured(3);
        from = found.capturedEnd();
    }
    return out + text.mid(from);
}

QString pointerOfPath(const QString& path) {
    static const QRegularExpression whole(
        QStringLiteral("^\\$?\\.?([A-Za-z0-9_\\-]+(?:\\[\\d+\\])*(?:\\.[A-Za-z0-9_\\-]+(?:\\[\\d+\\])*)*)$"));
    const QRegularExpressionMatch found = whole.match(path.trimmed());
    if (!found.hasMatch()) return {};
    QString pointer = found.captured(1);
    pointer.replace(u'[', u'.').remove(u']');
    return u'/' + pointer.replace(u'.', u'/');
}

QString overstepPlace(const QString& location, const QString& selector) {
    if (selector.isEmpty()) return {};
    if (location == QLatin1String("path")) return selector;
    for (const char* same : {"query", "header", "cookie"})
        if (location == QLatin1String(same)) return location + u':' + selector;
    return location == QLatin1String("json") ? pointerOfPath(selector) : QString();
}

void readOverstepProvider(const Node& root, const Node& subject, const QString& base, IdentityDraft& draft,
                          MatrixMaker& maker) {
    const QString shown = plainWord(draft.name);
    const QString wanted = textOf(&subject, {"auth", "provider"});
    const Node* provider = nullptr;
    for (const Node::Entry& entry : elementsOf(&root, {"auth", "providers"}))
        if (!provider && textOf(&entry.value, {"name"}) == wanted) provider = &entry.value;
    draft.mayBeNobody = false;
    if (!provider) {
        maker.note(ImportText::tr("%1: the file has no provider called %2.").arg(shown, plainWord(wanted)));
        return;
    }
    maker.tellUnknown(provider,
                      {"name", "type", "base_url", "request", "token_url", "client_id", "client_secret",
                       "username", "password", "scope", "discover_from", "issuer", "resource", "token_path",
                       "token_header", "token_format"},
                      plainWord(wanted));
    const Filled filled(childOf(&subject, {"auth", "vars"}));
    const QString type = textOf(provider, {"type"});
    if (type.isEmpty() || type == QLatin1String("http")) {
        draft.login = loginOfProvider(*provider, base, filled);
        return;
    }
    const bool password = type == QLatin1String("oauth2_password");
    if (!password && type != QLatin1String("oauth2_client_credentials")) {
        maker.note(ImportText::tr("%1: a provider of the kind %2 is not known.").arg(shown, plainWord(type)));
        return;
    }
    const auto text = [&](QByteArrayView name) { return filled(textOf(provider, {name})); };
    OAuthScheme oauth;
    oauth.grant = password ? OAuthGrant::Password : OAuthGrant::ClientCredentials;
    oauth.tokenUrl = settled(text("token_url"));
    oauth.issuer = settled(text("issuer"));
    oauth.clientId = settled(text("client_id"));
    oauth.scopes = settled(text("scope")).split(u' ', Qt::SkipEmptyParts);
    if (const QString resource = settled(text("resource")); !resource.isEmpty()) oauth.resources = {resource};
    oauth.user = settled(text("username"));
    const QString secret = text("client_secret");
    oauth.clientAuth = secret.isEmpty() ? ClientAuth::None : ClientAuth::Post;
    for (const QString& each : {oauth.tokenUrl, oauth.issuer, oauth.clientId, oauth.user,
                                oauth.scopes.join(u' '), oauth.resources.join(u' ')})
        if (each.contains(QLatin1String("{{"))) {
            maker.note(ImportText::tr("%1: a word of its login holds \"{{\", which would be a variable here.")
                           .arg(shown));
            return;
        }
    if (queryToken(oauth.tokenUrl)) {
        maker.note(ImportText::tr("%1: the address of its login holds a secret.").arg(shown));
        return;
    }
    if (!secret.isEmpty()) draft.oauthSecrets.insert(grantpart::clientSecret, secret);
    if (password) draft.oauthSecrets.insert(grantpart::password, text("password"));
    draft.oauth = oauth;
}

} // namespace kb::importing
