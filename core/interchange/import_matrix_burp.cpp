// SPDX-License-Identifier: GPL-3.0-or-later
// The state that the Burp extension AuthMatrix saves: users with cookies and headers, their roles, and
// requests with the roles that should get through. A user of any such role is to succeed.
#include "core/auth/misplaced_token.h"
#include "core/http/url.h"
#include "core/interchange/import_matrix_identity.h"
#include "core/interchange/import_text.h"
#include "core/interchange/tree.h"

#include <QHash>

namespace kb::importing {

using yaml::Node;

namespace {

QByteArray decoded(const Node& node) {
    const auto result = QByteArray::fromBase64Encoding(node.text, QByteArray::AbortOnBase64DecodingErrors);
    return result ? *result : QByteArray();
}

QByteArray decodedMember(const Node& node, QByteArrayView name) {
    const Node* found = childOf(&node, {name});
    return found && found->isScalar() ? decoded(*found) : QByteArray();
}

/// What is neither deleted nor switched off.
bool counts(const Node& node) {
    const Node* enabled = childOf(&node, {"enabled"});
    return !isTrue(&node, {"deleted"}) && (!enabled || enabled->text != "false");
}

/// The indexes of the roles that are ticked.
QSet<QByteArray> rolesOf(const Node& node) {
    QSet<QByteArray> ticked;
    const Node* roles = childOf(&node, {"roles"});
    if (roles && roles->isMapping())
        for (const Node::Entry& entry : roles->entries)
            if (entry.value.isScalar() && entry.value.text == "true") ticked.insert(entry.key);
    return ticked;
}

struct BurpUser {
    QString profile;
    QSet<QByteArray> roles;
};

class BurpState {
public:
    BurpState(const Node& root, MatrixMaker& maker, ImportedMatrix& into)
        : m_root(root), m_maker(maker), m_into(into) {}

    Result<void> read() {
        m_maker.tellUnknown(&m_root, {"version", "arrayOfRoles", "arrayOfUsers", "arrayOfMessages",
                                      "arrayOfChains", "arrayOfChainSources"});
        m_maker.tellLeftOut(&m_root, {"arrayOfChains", "arrayOfChainSources"});
        readRoles();
        readOrigins();
        readUsers();
        return readRequests();
    }

private:
    void readRoles() {
        for (const Node::Entry& entry : elementsOf(&m_root, {"arrayOfRoles"})) {
            if (isTrue(&entry.value, {"deleted"})) continue;
            const QByteArray index = textOf(&entry.value, {"index"}).toUtf8();
            m_roles.insert(index);
            // A role that a user has for itself alone says nothing that its name does not.
            const QString name = textOf(&entry.value, {"name"});
            if (!isTrue(&entry.value, {"singleUser"}) && !hasTokenShape(name))
                m_names.insert(index, plainWord(name, 100));
        }
    }

    /// The requests were sent there: that is where the credentials may go.
    void readOrigins() {
        for (const Node::Entry& entry : elementsOf(&m_root, {"arrayOfMessages"})) {
            if (!counts(entry.value) || m_origins.size() >= 20) continue;
            const Result<Origin> origin =
                Origin::parse(textOf(&entry.value, {"protocol"}) + QStringLiteral("://") +
                              textOf(&entry.value, {"host"}) + u':' + textOf(&entry.value, {"port"}));
            if (origin && !m_origins.contains(origin->text())) m_origins.append(origin->text());
        }
    }

    void readUsers() {
        int number = 0;
        for (const Node::Entry& entry : elementsOf(&m_root, {"arrayOfUsers"})) {
            const Node& user = entry.value;
            if (++number > mostIdentities) {
                m_maker.note(ImportText::tr("Only the first %1 identities are read.").arg(mostIdentities));
                return;
            }
            if (isTrue(&user, {"deleted"})) continue;
            const QString name = plainWord(textOf(&user, {"name"}));
            if (!counts(user)) {
                m_maker.note(ImportText::tr("%1 is switched off and is left out.").arg(name));
                continue;
            }
            m_maker.tellUnknown(&user,
                                {"index", "tableRow", "name", "roles", "deleted", "enabled", "cookiesBase64",
                                 "headersBase64", "chainResults"},
                                name);
            IdentityDraft draft;
            draft.name = textOf(&user, {"name"});
            draft.origins = m_origins;
            const QByteArray cookies = decodedMember(user, "cookiesBase64");
            if (!cookies.trimmed().isEmpty())
                draft.headers.append({QStringLiteral("Cookie"), QString::fromUtf8(cookies)});
            for (const Node::Entry& each : elementsOf(&user, {"headersBase64"})) {
                const QString line = QString::fromUtf8(decoded(each.value));
                const qsizetype colon = line.indexOf(u':');
                if (colon > 0 && draft.headers.size() <= mostHeaders)
                    draft.headers.append({line.left(colon), line.mid(colon + 1)});
            }
            QSet<QByteArray> roles = rolesOf(user);
            roles.intersect(m_roles);
            for (const QByteArray& index : roles)
                if (const QString role = m_names.value(index); !role.isEmpty())
                    draft.declared.roles.append(role);
            draft.declared.roles.sort();
            const QString profile = m_maker.add(std::move(draft));
            if (!profile.isEmpty()) m_users.append({profile, roles});
        }
    }

    Result<void> readRequests() {
        m_into.concrete = true;
        int read = 0, regexes = 0;
        for (const Node::Entry& entry : elementsOf(&m_root, {"arrayOfMessages"})) {
            const Node& message = entry.value;
            if (isTrue(&message, {"deleted"})) continue;
            const QString name = plainWord(textOf(&message, {"name"}));
            if (!counts(message)) {
                m_maker.note(ImportText::tr("%1 is switched off and is left out.").arg(name));
                continue;
            }
            if (++read > mostOperations)
                return fail(ErrorCode::Unsupported, ImportText::tr("The file has too many operations."), {},
                            ImportText::tr("The limit is %1.").arg(mostOperations));
            m_maker.tellUnknown(&message,
                                {"index", "tableRow", "name", "roles", "requestBase64", "protocol", "port",
                                 "host", "deleted", "enabled", "regexBase64", "failureRegexMode",
                                 "runResultForRoleID", "runBase64ForUserID"},
                                name);
            const QByteArray regex = decodedMember(message, "regexBase64");
            regexes += !regex.isEmpty() && !regex.startsWith("^HTTP/1");
            const QString operation = operationOf(message);
            if (operation.isEmpty()) {
                m_maker.note(ImportText::tr("%1 is left out: its request does not read.").arg(name));
                continue;
            }
            const QSet<QByteArray> ticked = rolesOf(message);
            for (const BurpUser& user : std::as_const(m_users))
                m_maker.mark(operation, user.profile,
                             user.roles.intersects(ticked) ? Expect::Allow : Expect::Deny);
            if (m_into.marks.size() > m_maker.options().mostMarks)
                return fail(ErrorCode::Unsupported, ImportText::tr("The file says too much at once."));
        }
        if (regexes > 0)
            m_maker.note(ImportText::tr("%n request(s) tell by a pattern what a success is: see what answers "
                                        "mean in the settings of the matrix.",
                                        nullptr, regexes));
        return {};
    }

    /// Of the request's first line; its fields, with whoever sent it, and its body are not looked at.
    static QString operationOf(const Node& message) {
        const QByteArray request = decodedMember(message, "requestBase64");
        const QList<QByteArray> line = request.left(request.indexOf('\n')).trimmed().left(4000).split(' ');
        if (line.size() < 2) return {};
        QString path = QString::fromUtf8(line.at(1));
        if (const Result<HttpUrl> url = HttpUrl::parse(path)) path = QString::fromUtf8(url->path());
        return matrixOperation(QString::fromUtf8(line.at(0)), path.section(u'?', 0, 0).section(u'#', 0, 0));
    }

    const Node& m_root;
    MatrixMaker& m_maker;
    ImportedMatrix& m_into;
    QSet<QByteArray> m_roles;
    QHash<QByteArray, QString> m_names;
    QStringList m_origins;
    QList<BurpUser> m_users;
};

} // namespace

Result<void> readAuthMatrix(const Node& root, MatrixMaker& maker, ImportedMatrix& into) {
    return BurpState(root, maker, into).read();
}

} // namespace kb::importing
