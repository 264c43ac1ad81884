// SPDX-License-Identifier: GPL-3.0-or-later
// Web Fuzzing Commons, authentication: users by fixed headers or by a login, with a template for what they
// have in common. Both spellings of the token's place are read, that of today and the one before it.
#include "core/interchange/import_matrix_identity.h"
#include "core/interchange/import_text.h"
#include "core/interchange/tree.h"

namespace kb::importing {

using yaml::Node;

namespace {

/// An entry with the template behind it: what the entry does not say itself, the template says.
struct Layered {
    const Node* own;
    const Node* base;

    const Node* child(std::initializer_list<QByteArrayView> path) const {
        const Node* found = childOf(own, path);
        return found && !found->isNull() ? found : childOf(base, path);
    }
    QString text(std::initializer_list<QByteArrayView> path) const {
        const Node* found = child(path);
        return found && found->isScalar() ? found->string() : QString();
    }
    QList<HeaderPair> headers(std::initializer_list<QByteArrayView> path) const {
        QList<HeaderPair> all;
        for (const Node::Entry& entry : elementsOf(child(path), {})) {
            if (all.size() > mostHeaders) break; // one more than is taken, so that it is told
            all.append({textOf(&entry.value, {"name"}), textOf(&entry.value, {"value"})});
        }
        return all;
    }
};

/// Where the login's answer has the token, and how it is sent. An error says what has no place here.
Result<void> readToken(const Layered& all, LoginDraft& login, MatrixMaker& maker, const QString& name) {
    // Of one who says it in the older words, the template's newer ones do not count.
    const Node* own = childOf(all.own, {"loginEndpointAuth", "token"});
    const bool older = own && (own->find("extractFromField") || own->find("extractFromHeader"));
    const Layered who{all.own, older ? nullptr : all.base};
    const auto text = [&](QByteArrayView word) { return who.text({"loginEndpointAuth", "token", word}); };
    if (!who.child({"loginEndpointAuth", "token"})) {
        const Node* cookies = who.child({"loginEndpointAuth", "expectCookies"});
        if (!cookies || cookies->text != "true")
            return fail(ErrorCode::Unsupported,
                        ImportText::tr("The file does not say what its login's answer gives."));
        login.inCookie = true;
        login.tokenFrom = AnswerPlace::Cookie;
        login.tokenName = QStringLiteral("session");
        maker.note(ImportText::tr("%1: the file does not say which cookie its login sets. \"session\" is "
                                  "taken for it; change that in the profile.")
                       .arg(name));
        return {};
    }
    const bool header =
        text("extractFrom") == QLatin1String("header") || !text("extractFromHeader").isEmpty();
    login.tokenFrom = header ? AnswerPlace::Header : AnswerPlace::Pointer;
    login.tokenName = text("extractSelector");
    if (login.tokenName.isEmpty())
        login.tokenName = header ? text("extractFromHeader") : text("extractFromField");
    if (text("sendIn") == QLatin1String("query"))
        return fail(ErrorCode::Unsupported,
                    ImportText::tr("Its token goes into the query, where a login's token is not sent here."));
    if (const QString sent = text("sendName"); !sent.isEmpty()) login.sendName = sent;
    if (const QString sent = text("httpHeaderName"); !sent.isEmpty()) login.sendName = sent;
    if (const QString form = text("sendTemplate"); !form.isEmpty())
        login.sendTemplate = form;
    else
        login.sendTemplate = text("headerPrefix") + QStringLiteral("{token}") + text("headerPostfix");
    return {};
}

Result<LoginDraft> readLogin(const Layered& who, MatrixMaker& maker, const QString& name) {
    LoginDraft login;
    login.url = who.text({"loginEndpointAuth", "externalEndpointURL"});
    if (login.url.isEmpty()) login.url = who.text({"loginEndpointAuth", "endpoint"});
    if (const QString verb = who.text({"loginEndpointAuth", "verb"}); !verb.isEmpty()) login.method = verb;
    login.contentType = who.text({"loginEndpointAuth", "contentType"});
    login.headers = who.headers({"loginEndpointAuth", "headers"});
    const Node* raw = childOf(who.own, {"loginEndpointAuth", "payloadRaw"});
    const Node* pair = who.child({"loginEndpointAuth", "payloadUserPwd"});
    if (pair && (!raw || raw->isNull())) {
        const auto text = [&](QByteArrayView word) {
            return who.text({"loginEndpointAuth", "payloadUserPwd", word});
        };
        const std::optional<QString> body =
            loginBody(login.contentType, text("usernameField"), text("passwordField"));
        if (!body)
            return fail(ErrorCode::Unsupported,
                        ImportText::tr("Its login's body is neither JSON nor a form."));
        if (login.contentType.isEmpty()) login.contentType = QStringLiteral("application/json");
        login.body = *body;
        login.user = text("username");
        login.password = text("password");
    } else {
        login.body = who.text({"loginEndpointAuth", "payloadRaw"});
    }
    if (const Result<void> token = readToken(who, login, maker, name); !token)
        return tl::unexpected(token.error());
    return login;
}

void tellRest(const Node* entry, MatrixMaker& maker, const QString& where) {
    maker.tellUnknown(
        entry, {"name", "requireMockHandling", "fixedHeaders", "loginEndpointAuth", "createUsers"}, where);
    maker.tellLeftOut(entry, {"requireMockHandling", "createUsers"}, where);
    const Node* login = childOf(entry, {"loginEndpointAuth"});
    maker.tellUnknown(login,
                      {"endpoint", "externalEndpointURL", "payloadRaw", "payloadUserPwd", "headers", "verb",
                       "contentType", "token", "expectCookies"},
                      where);
    maker.tellUnknown(childOf(login, {"token"}),
                      {"extractFrom", "extractSelector", "sendIn", "sendName", "sendTemplate",
                       "extractFromField", "extractFromHeader", "httpHeaderName", "headerPrefix",
                       "headerPostfix"},
                      where);
    maker.tellUnknown(childOf(login, {"payloadUserPwd"}),
                      {"username", "password", "usernameField", "passwordField"}, where);
}

} // namespace

Result<void> readWfc(const Node& root, MatrixMaker& maker) {
    maker.tellUnknown(&root, {"schemaVersion", "auth", "authTemplate", "configs"});
    maker.tellLeftOut(&root, {"configs"});
    const Node* base = childOf(&root, {"authTemplate"});
    tellRest(base, maker, QStringLiteral("authTemplate"));
    int number = 0;
    for (const Node::Entry& entry : elementsOf(&root, {"auth"})) {
        if (++number > mostIdentities) {
            maker.note(ImportText::tr("Only the first %1 identities are read.").arg(mostIdentities));
            break;
        }
        const Layered who{&entry.value, base};
        IdentityDraft draft;
        draft.name = textOf(&entry.value, {"name"});
        draft.mayBeNobody = false;
        const QString shown = plainWord(draft.name);
        tellRest(&entry.value, maker, shown);
        draft.headers = who.headers({"fixedHeaders"});
        // A template's login alone, without anybody's name in it, is none of who has headers of their own.
        const bool ownHeaders = childOf(&entry.value, {"fixedHeaders"});
        const bool ownLogin = childOf(&entry.value, {"loginEndpointAuth"});
        if (who.child({"loginEndpointAuth"}) && (ownLogin || !ownHeaders)) {
            const Result<LoginDraft> login = readLogin(who, maker, shown);
            if (!login) {
                maker.note(ImportText::tr("%1 is left out. %2").arg(shown, login.error().what));
                continue;
            }
            draft.login = *login;
        }
        maker.add(std::move(draft));
    }
    return {};
}

} // namespace kb::importing
