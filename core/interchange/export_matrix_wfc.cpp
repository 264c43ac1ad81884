// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/export_matrix_private.h"

#include "core/base/json_make.h"
#include "core/http/url_template.h"
#include "core/interchange/export_text.h"
#include "core/run/resolve_scheme.h"

namespace kb {

using yaml::Node;

namespace exporting {

Node& appended(Node& sequence) {
    sequence.entries.emplace_back();
    Node& node = sequence.entries.back().value;
    node.kind = Node::Kind::Mapping;
    return node;
}

QByteArray yamlText(Node root) {
    yaml::Document document;
    document.root = std::move(root);
    return yaml::write(document);
}

QList<std::pair<QString, SnippetText>> credentialHeaders(const TokenProfile& profile, QStringList& notes) {
    RequestSpec spec;
    spec.method = QStringLiteral("GET");
    spec.url = QStringLiteral("https://api.example.com/");
    const Result<SnippetRequest> plain = snippetRequest(spec, nullptr, {});
    const Result<SnippetRequest> made = snippetRequest(spec, &profile, {});
    if (!plain || !made) return {};
    for (const QString& note : made->notes)
        notes.append(profile.name + QStringLiteral(": ") + note);
    const bool inUrl = !made->url.isLiteral();
    if (inUrl || !made->login.isEmpty())
        notes.append(ExportText::tr("%1: a credential of the kind %2 cannot be said and is left out.")
                         .arg(profile.name, inUrl ? QStringLiteral("api-key, query") : made->login));
    return made->headers.mid(plain->headers.size());
}

} // namespace exporting

namespace {

using exporting::appended;

QString placed(const SnippetText& text, bool& basic) {
    QString all;
    for (const SnippetText::Piece& piece : text.pieces)
        if (piece.kind == SnippetText::Piece::Kind::BasicSecret) {
            basic = true;
            all += QString::fromLatin1(QString(piece.user + u':' + piece.text).toUtf8().toBase64());
        } else {
            all += piece.text;
        }
    return all;
}

/// A text of a login as it would be sent, with a name in the secret's place, escaped as its body is.
QString filledBody(const LoginScheme& scheme, const QString& secret) {
    const QString type = scheme.contentType.section(u';', 0, 0).trimmed().toLower();
    QString user = scheme.user;
    if (type.endsWith(QLatin1String("json"))) {
        const QString quoted = QString::fromUtf8(writeJson(jsonText(user)));
        user = quoted.mid(1, quoted.size() - 2);
    } else if (type == QLatin1String("application/x-www-form-urlencoded")) {
        user = formEncoded(user);
    }
    QString body = scheme.body;
    body.replace(QLatin1String("{{secret}}"), secret); // first: a user's name may hold anything
    return body.replace(QLatin1String("{{user}}"), user);
}

class WfcWriter {
public:
    WfcWriter(const Workspace& workspace, const VariableMap& variables)
        : m_workspace(workspace), m_variables(variables) {}

    Exported run() {
        Node root;
        root.kind = Node::Kind::Mapping;
        Node& list = root.collection("auth", Node::Kind::Sequence);
        for (const TokenProfile& profile : m_workspace.profiles) {
            if (!profile.declared.stale.isEmpty()) {
                note(ExportText::tr("%1 is no longer good on purpose and is left out.").arg(profile.name));
                continue;
            }
            Node made;
            made.kind = Node::Kind::Mapping;
            made.setString("name", profile.name);
            const auto* login = std::get_if<LoginScheme>(&profile.scheme);
            if (login ? addLogin(made, profile, *login) : addHeaders(made, profile))
                appended(list) = std::move(made);
        }
        return {exporting::yamlText(std::move(root)), m_notes};
    }

private:
    void note(const QString& text) {
        if (!m_notes.contains(text)) m_notes.append(text);
    }

    bool addHeaders(Node& made, const TokenProfile& profile) {
        const auto headers = exporting::credentialHeaders(profile, m_notes);
        if (headers.isEmpty()) return false;
        Node& list = made.collection("fixedHeaders", Node::Kind::Sequence);
        for (const auto& [name, value] : headers) {
            bool basic = false;
            Node& header = appended(list);
            header.setString("name", name);
            header.setString("value", placed(value, basic));
            if (basic)
                note(ExportText::tr("%1: put the base64 of \"user:password\" in the place of what stands in "
                                    "Authorization.")
                         .arg(profile.name));
        }
        return true;
    }

    bool addLogin(Node& made, const TokenProfile& profile, const LoginScheme& saved) {
        const auto left = [&](const QString& why) {
            note(ExportText::tr("%1 is left out. %2").arg(profile.name, why));
            return false;
        };
        const Result<AuthScheme> resolved = resolveScheme(saved, m_variables);
        if (!resolved) return left(resolved.error().text());
        const LoginScheme& scheme = std::get<LoginScheme>(*resolved);
        const bool cookie = scheme.tokenFrom == AnswerPlace::Cookie;
        if (cookie != (scheme.sendAs == SendPlace::Cookie))
            return left(ExportText::tr("A token cannot be taken from here and sent there."));
        const QString secret = secretVariable(profile.name);
        Node& login = made.collection("loginEndpointAuth", Node::Kind::Mapping);
        login.setString("externalEndpointURL", scheme.loginUrl);
        login.setString("verb", scheme.method);
        if (!scheme.body.isEmpty()) {
            login.setString("contentType", scheme.contentType);
            login.setString("payloadRaw", filledBody(scheme, secret));
        }
        for (const QString& line : scheme.headers) {
            if (line.contains(QLatin1String("{{refresh_token}}"))) continue;
            Node& header = appended(login.collection("headers", Node::Kind::Sequence));
            header.setString("name", line.section(u':', 0, 0).trimmed());
            QString value = line.section(u':', 1).trimmed();
            value.replace(QLatin1String("{{secret}}"), secret);
            header.setString("value", value.replace(QLatin1String("{{user}}"), scheme.user));
        }
        if (!scheme.csrfName.isEmpty())
            note(ExportText::tr("%1: its CSRF token is left out.").arg(profile.name));
        if (!profile.keys.isEmpty())
            note(ExportText::tr("%1: the keys beside its login are left out.").arg(profile.name));
        if (cookie) {
            login.setPlain("expectCookies", "true");
            return true;
        }
        Node& token = login.collection("token", Node::Kind::Mapping);
        token.setString("extractFrom", scheme.tokenFrom == AnswerPlace::Header ? QStringLiteral("header")
                                                                               : QStringLiteral("body"));
        token.setString("extractSelector", scheme.tokenName);
        token.setString("sendIn", QStringLiteral("header"));
        const bool bearer = scheme.sendAs == SendPlace::Bearer;
        token.setString("sendName", bearer ? QStringLiteral("Authorization") : scheme.sentName());
        token.setString("sendTemplate", bearer && !scheme.prefix.isEmpty()
                                            ? QString(scheme.prefix + QStringLiteral(" {token}"))
                                            : QStringLiteral("{token}"));
        return true;
    }

    const Workspace& m_workspace;
    const VariableMap& m_variables;
    QStringList m_notes;
};

} // namespace

Exported exportWfc(const Workspace& workspace, const VariableMap& variables) {
    return WfcWriter(workspace, variables).run();
}

} // namespace kb
