// SPDX-License-Identifier: GPL-3.0-or-later
// The authorization matrix of overstep: subjects with one role each, resources, and who of which role may
// have them. What no policy allows is denied.
#include "core/interchange/import_matrix_overstep.h"

#include "core/auth/misplaced_token.h"
#include "core/http/url.h"
#include "core/interchange/import_text.h"
#include "core/interchange/tree.h"

#include <QRegularExpression>
#include <algorithm>

namespace kb::importing {

using yaml::Node;

namespace {

/// What one resource grants one role.
struct Grant {
    bool own = false;
    bool any = false;
    bool conditional = false; ///< on a condition that only overstep evaluates
};

struct OverstepSubject {
    QString name;
    QString role;
    QString profile; ///< its id; empty where it is left out
    const Node* node = nullptr;
};

class OverstepFile {
public:
    OverstepFile(const Node& root, MatrixMaker& maker, ImportedMatrix& into)
        : m_root(root), m_maker(maker), m_into(into) {}

    Result<void> read() {
        m_maker.tellUnknown(&m_root,
                            {"base_url", "roles", "modules", "subjects", "resources", "policy", "access",
                             "servers", "mcp_access", "auth", "setup", "teardown", "probe_victims"});
        m_maker.tellLeftOut(&m_root,
                            {"access", "servers", "mcp_access", "setup", "teardown", "probe_victims"});
        const Node* modules = childOf(&m_root, {"modules"});
        m_maker.tellUnknown(modules, {"rest", "mcp"}, QStringLiteral("modules"));
        m_maker.tellLeftOut(modules, {"mcp"});
        m_maker.tellLeftOut(childOf(modules, {"rest"}), {"access"}, QStringLiteral("rest"));
        m_base = settled(textOf(modules, {"rest", "base_url"}));
        if (m_base.isEmpty()) m_base = settled(textOf(&m_root, {"base_url"}));
        readSubjects();
        return readResources();
    }

private:
    void readSubjects() {
        int number = 0;
        for (const Node::Entry& entry : elementsOf(&m_root, {"subjects"})) {
            if (++number > mostIdentities) {
                m_maker.note(ImportText::tr("Only the first %1 identities are read.").arg(mostIdentities));
                return;
            }
            OverstepSubject subject{
                textOf(&entry.value, {"name"}), textOf(&entry.value, {"role"}), {}, &entry.value};
            if (subject.role.isEmpty()) subject.role = QStringLiteral("user");
            subject.profile = m_maker.add(identityOf(subject));
            m_subjects.append(subject);
            if (const QString marker = settled(textOf(&entry.value, {"marker"}));
                !marker.isEmpty() && !subject.profile.isEmpty() && marker.size() <= 200) {
                if (hasTokenShape(marker))
                    m_maker.note(ImportText::tr("%1: its marker looks like a secret and is left out.")
                                     .arg(plainWord(subject.name)));
                else
                    m_into.markers[subject.profile].append(marker);
            }
        }
    }

    IdentityDraft identityOf(const OverstepSubject& subject) {
        const Node* node = subject.node;
        const QString shown = plainWord(subject.name);
        m_maker.tellUnknown(
            node, {"name", "role", "token", "auth", "headers", "attributes", "marker", "token_audience"},
            shown);
        m_maker.tellLeftOut(node, {"token_audience"}, shown);
        IdentityDraft draft;
        draft.name = subject.name;
        if (!hasTokenShape(subject.role)) draft.declared.roles = {plainWord(subject.role, 100)};
        if (const Node* attributes = childOf(node, {"attributes"}); attributes && attributes->isMapping())
            for (const Node::Entry& entry : attributes->entries) {
                const QString name = QString::fromUtf8(entry.key);
                const QString value = entry.value.isScalar() ? settled(entry.value.string()) : QString();
                static const QRegularExpression word(QStringLiteral("^[A-Za-z0-9_.\\-]{1,60}$"));
                if (word.match(name).hasMatch() && !value.isEmpty() && value.size() <= 200 &&
                    !headerHoldsToken(name, value) && draft.declared.claims.size() < 50)
                    draft.declared.claims.append(name + u'=' + plainWord(value, 200));
            }
        if (const Result<HttpUrl> url = HttpUrl::parse(m_base)) draft.origins = {url->origin().text()};
        if (const Node* headers = childOf(node, {"headers"}); headers && headers->isMapping())
            for (const Node::Entry& entry : headers->entries)
                if (entry.value.isScalar() && draft.headers.size() <= mostHeaders)
                    draft.headers.append({QString::fromUtf8(entry.key), entry.value.string()});
        // A header that says who asks goes before the token.
        const bool said =
            std::any_of(draft.headers.cbegin(), draft.headers.cend(), [](const HeaderPair& each) {
                return each.first.compare(QLatin1String("Authorization"), Qt::CaseInsensitive) == 0;
            });
        if (const QString token = textOf(node, {"token"}); !token.isEmpty() && !said)
            draft.headers.prepend(
                {QStringLiteral("Authorization"), QStringLiteral("Bearer ") + token.trimmed()});
        if (childOf(node, {"auth"}) && childOf(node, {"auth"})->isMapping())
            readOverstepProvider(m_root, *node, m_base, draft, m_maker);
        return draft;
    }

    Result<void> readResources() {
        int number = 0;
        for (const Node::Entry& entry : elementsOf(&m_root, {"resources"})) {
            if (++number > mostOperations)
                return fail(ErrorCode::Unsupported, ImportText::tr("The file has too many operations."), {},
                            ImportText::tr("The limit is %1.").arg(mostOperations));
            readResource(entry.value);
            if (m_into.marks.size() > m_maker.options().mostMarks)
                return fail(ErrorCode::Unsupported, ImportText::tr("The file says too much at once."));
        }
        if (const Node* policy = childOf(&m_root, {"policy"}); policy && policy->isMapping())
            for (const Node::Entry& entry : policy->entries)
                if (!m_read.contains(entry.key))
                    m_maker.note(ImportText::tr("\"%1\" has a policy and is no resource of the file.")
                                     .arg(plainWord(QString::fromUtf8(entry.key))));
        return {};
    }

    void readResource(const Node& resource) {
        const QString id = textOf(&resource, {"name"});
        const QString name = plainWord(id);
        m_read.insert(id.toUtf8());
        m_maker.tellUnknown(&resource,
                            {"name", "request", "call", "read", "type", "owner", "owner_param", "owner_attr",
                             "ownership", "description", "access", "mcp_access", "objects",
                             "forbidden_fields", "probe_methods", "probe_victims", "transport"},
                            name);
        if (!childOf(&resource, {"request"})) {
            m_maker.note(ImportText::tr("%1 is left out: it is no HTTP request.").arg(name));
            return;
        }
        m_maker.tellLeftOut(&resource, {"access", "forbidden_fields", "probe_methods", "probe_victims"},
                            name);
        m_maker.tellLeftOut(childOf(&resource, {"request"}), {"query", "body", "form", "headers"}, name);
        const QString operation =
            matrixOperation(textOf(&resource, {"request", "method"}), textOf(&resource, {"request", "path"}));
        if (operation.isEmpty()) {
            m_maker.note(ImportText::tr("%1 is left out: its request does not read.").arg(name));
            return;
        }
        const bool object = textOf(&resource, {"type"}) == QLatin1String("object");
        const Node* policy = childOf(&m_root, {"policy"});
        const Node* entry = policy ? policy->find(id.toUtf8()) : nullptr;
        const QMap<QString, Grant> grants = grantsOf(entry, name);
        if (object) readObjects(resource, operation, name);
        if (!object && byRule(operation, grants)) return;
        for (const OverstepSubject& subject : std::as_const(m_subjects))
            expect(operation, object, grants.value(subject.role), subject.profile);
    }

    QMap<QString, Grant> grantsOf(const Node* policy, const QString& name) {
        QMap<QString, Grant> grants;
        m_maker.tellUnknown(policy, {"allow"}, name);
        for (const Node::Entry& entry : elementsOf(policy, {"allow"})) {
            const Node* rule = &entry.value;
            m_maker.tellUnknown(rule, {"role", "scope", "condition"}, name);
            Grant& grant = grants[textOf(rule, {"role"})];
            if (!textOf(rule, {"condition"}).isEmpty()) {
                grant.conditional = true;
                m_maker.note(ImportText::tr("%1: what the role %2 may have on a condition is left undecided.")
                                 .arg(name, plainWord(textOf(rule, {"role"}))));
            } else if (textOf(rule, {"scope"}) == QLatin1String("own")) {
                grant.own = true;
            } else {
                grant.any = true;
            }
        }
        return grants;
    }

    /// What one role alone may do is a rule, so that an identity that comes later is judged by it too.
    bool byRule(const QString& operation, const QMap<QString, Grant>& grants) {
        const QString path = operation.section(u' ', 1);
        if (grants.size() != 1 || grants.first().conditional || path.contains(u'*')) return false;
        const QString role = plainWord(grants.firstKey(), 100);
        if (role == QLatin1String("anonymous") || role.isEmpty() || hasTokenShape(role)) return false;
        for (const OverstepSubject& subject : m_subjects) // nobody declares a role
            if (subject.profile == QLatin1String("anonymous") && subject.role == grants.firstKey())
                return false;
        MatrixRule rule;
        rule.methods = {operation.section(u' ', 0, 0)};
        rule.path = path;
        rule.claims = {QStringLiteral("role=") + role};
        rule.otherwise = Expect::Deny;
        m_into.rules.append(rule);
        return true;
    }

    void expect(const QString& operation, bool object, const Grant& grant, const QString& profile) {
        static const QString others[] = {QStringLiteral("peer"), QStringLiteral("other-tenant"),
                                         QStringLiteral("higher")};
        const bool mine = grant.own || grant.any;
        if (!mine) {
            if (!grant.conditional) m_maker.mark(operation, profile, Expect::Deny);
            return;
        }
        if (!object) return m_maker.mark(operation, profile, Expect::Allow);
        m_maker.mark(operation, profile, Expect::Allow, QStringLiteral("self"));
        if (grant.any) m_maker.mark(operation, profile, Expect::Allow, QStringLiteral("none"));
        if (!grant.any && grant.conditional) return;
        // A refusal of another's object may well say that there is none.
        for (const QString& binding : others)
            m_maker.mark(operation, profile, grant.any ? Expect::Allow : Expect::Conceal, binding);
    }

    /// Whose object is whose: of the resource's list, else of the subjects' attributes.
    void readObjects(const Node& resource, const QString& operation, const QString& name) {
        QString place = textOf(&resource, {"owner"});
        QString attribute = textOf(&resource, {"owner_attr"});
        if (place.isEmpty()) place = textOf(&resource, {"owner_param"});
        if (attribute.isEmpty()) attribute = QStringLiteral("user_id");
        const auto& injections = elementsOf(&resource, {"ownership", "injections"});
        if (!injections.empty()) {
            const Node* first = &injections.front().value;
            place = overstepPlace(textOf(first, {"location"}), textOf(first, {"selector"}));
            if (const QString own = textOf(first, {"owner_attr"}); !own.isEmpty()) attribute = own;
            if (injections.size() > 1)
                m_maker.note(ImportText::tr("%1: only the first place of its object is read.").arg(name));
        }
        if (place.isEmpty() || place.size() > 200) {
            m_maker.note(ImportText::tr("%1: it is not known here where its object is named.").arg(name));
            return;
        }
        for (const OverstepSubject& subject : std::as_const(m_subjects)) {
            const Node* objects = childOf(&resource, {"objects"});
            const Node* own = objects ? objects->find(subject.name.toUtf8()) : nullptr;
            QString value = own && own->isScalar() ? own->string() : QString();
            if (!own) value = textOf(subject.node, {"attributes", attribute.toUtf8()});
            if (value.isEmpty() || subject.profile.isEmpty()) continue;
            // Such words would be read as where to look for the value.
            const bool asked = value.startsWith(QLatin1String("from:")) ||
                               value.startsWith(QLatin1String("claim:")) ||
                               value.contains(QLatin1String("{{")) || value.contains(QLatin1String("${"));
            if (asked || value.size() > 200 || hasTokenShape(value) || plainWord(value, 200) != value) {
                m_maker.note(ImportText::tr("%1: the object of %2 is no plain value and is left out.")
                                 .arg(name, plainWord(subject.name)));
                continue;
            }
            if (subject.profile != QLatin1String("anonymous"))
                m_into.objects.append({operation, place, subject.profile, value});
        }
    }

    const Node& m_root;
    MatrixMaker& m_maker;
    ImportedMatrix& m_into;
    QString m_base;
    QList<OverstepSubject> m_subjects;
    QSet<QByteArray> m_read;
};

} // namespace

Result<void> readOverstep(const Node& root, MatrixMaker& maker, ImportedMatrix& into) {
    return OverstepFile(root, maker, into).read();
}

} // namespace kb::importing
