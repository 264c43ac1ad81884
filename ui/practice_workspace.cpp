// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/practice_workspace.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct PracticeWorkspaceText {
    Q_DECLARE_TR_FUNCTIONS(PracticeWorkspace)
};

struct Sample {
    const char* folder;
    const char* name;
    const char* method;
    const char* path;
    const char* id;   ///< value of the path parameter, or empty
    const char* body; ///< JSON, or empty
};

constexpr Sample samples[] = {
    {"Users", QT_TRANSLATE_NOOP("PracticeWorkspace", "Get user"), "GET", "/users/:id", "12345", ""},
    {"Users", QT_TRANSLATE_NOOP("PracticeWorkspace", "List users"), "GET", "/users", "", ""},
    {"Users", QT_TRANSLATE_NOOP("PracticeWorkspace", "User's invoices"), "GET", "/users/:id/invoices",
     "12345", ""},
    {"Users", QT_TRANSLATE_NOOP("PracticeWorkspace", "Create user"), "POST", "/users", "",
     "{\n  \"name\": \"Ada\",\n  \"email\": \"ada@example.com\"\n}\n"},
    {"Users", QT_TRANSLATE_NOOP("PracticeWorkspace", "Delete user"), "DELETE", "/users/:id", "12345", ""},
    {"Admin", QT_TRANSLATE_NOOP("PracticeWorkspace", "Stats"), "GET", "/admin/stats", "", ""},
    {"Admin", QT_TRANSLATE_NOOP("PracticeWorkspace", "Change role"), "PATCH", "/admin/users/:id/role",
     "12345", "{\n  \"role\": \"user\"\n}\n"},
    {"Billing", QT_TRANSLATE_NOOP("PracticeWorkspace", "Plans"), "GET", "/plans", "", ""},
    {"Billing", QT_TRANSLATE_NOOP("PracticeWorkspace", "Export"), "GET", "/billing/export", "", ""},
};

/// For the two that one opens first: what an answer must be, and a value for the requests after it.
void addChecks(const Sample& sample, RequestSpec& spec) {
    const auto check = [&](AnswerPart part, const char* what, const char* op, const char* value) {
        spec.checks.append({part, QLatin1String(what), QLatin1String(op), QLatin1String(value), {}, true});
    };
    const QByteArrayView name(sample.name);
    if (name != "Get user" && name != "List users") return;
    check(AnswerPart::Expression, "res.status", "eq", "200");
    if (name == "Get user") {
        check(AnswerPart::Expression, "res.body.id", "isDefined", "");
    } else {
        check(AnswerPart::Jq, "map(select(.id == null)) | length", "eq", "0");
        spec.captures.append(
            {QStringLiteral("firstUser"), AnswerPart::Expression, QStringLiteral("res.body[0].id"), true});
    }
}

TokenProfile practiceProfile(const char* id, const char* name, const char* colour, AuthScheme scheme) {
    TokenProfile profile;
    profile.id = QLatin1String(id);
    profile.name = QLatin1String(name);
    profile.colour = QLatin1String(colour);
    profile.scheme = std::move(scheme);
    profile.storage = SecretStorage::Memory;
    profile.bindings.append({{}, SecretRef{QLatin1String(id)}, {QStringLiteral("{{baseUrl}}")}, {}});
    return profile;
}

} // namespace

Result<void> makePracticeWorkspace(WorkspaceStore& store, const QString& folder) {
    Result<Workspace> made = store.create(folder, PracticeWorkspaceText::tr("Practice API"));
    if (!made) return tl::unexpected(made.error());
    Workspace& workspace = *made;
    // The names are the practice API's own, so that its tokens find their profiles: they are not translated.
    workspace.profiles = {
        practiceProfile("practice-reader", "Reader", "#1a7f45", BearerScheme{}),
        practiceProfile("practice-other-reader", "Other reader", "#5b3fc4", BearerScheme{}),
        practiceProfile("practice-expired-reader", "Expired reader", "#c1272d", BearerScheme{}),
        practiceProfile("practice-admin", "Admin", "#9a6700", BearerScheme{}),
        practiceProfile("practice-api-key", "Partner API key", "#5f6673", ApiKeyScheme{}),
    };
    workspace.profiles[2].declared.stale = QStringLiteral("expired"); // on purpose: nobody should let it in
    if (const Result<void> saved = store.saveRoot(workspace); !saved) return saved;
    const Environment environment{QStringLiteral("practice"), {}};
    if (const Result<void> saved = store.saveEnvironment(workspace, environment); !saved) return saved;
    int order = 0;
    for (const Sample& sample : samples) {
        TreeItem item;
        item.request.name = item.name = PracticeWorkspaceText::tr(sample.name);
        item.request.method = QLatin1String(sample.method);
        item.request.url = QStringLiteral("{{baseUrl}}") + QLatin1String(sample.path);
        item.request.profileId = QStringLiteral("practice-reader");
        if (*sample.id)
            item.request.params.append(
                {ParamRow::In::Path, QStringLiteral("id"), QLatin1String(sample.id), {}, true});
        if (*sample.body) item.request.body = {BodySpec::Kind::Json, QLatin1String(sample.body), {}};
        addChecks(sample, item.request);
        item.order = ++order;
        item.path = store.freePath(workspace, QLatin1String(sample.folder), item.name);
        item.request.id = item.path;
        if (const Result<void> saved = store.saveRequest(workspace, item); !saved) return saved;
        Result<Workspace> again = store.load(folder);
        if (!again) return tl::unexpected(again.error());
        workspace = std::move(*again);
    }
    return {};
}

} // namespace kb
