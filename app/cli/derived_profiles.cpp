// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/derived_profiles.h"
#include "app/cli/cli_text.h"

#include "core/auth/forge.h"

#include <QUuid>

namespace kb::cli {

namespace {

Result<DerivedProfile> described(const Workspace* workspace, const QString& name, const QString& parent,
                                 const QString& defect) {
    QStringList known;
    for (const TokenDefect each : allTokenDefects())
        known.append(defectName(each));
    const std::optional<TokenDefect> found = defectFromName(defect);
    if (!found)
        return fail(ErrorCode::InvalidInput,
                    defect.isEmpty() ? CliText::tr("A derived profile needs a defect.")
                                     : CliText::tr("\"%1\" is no defect of a credential.").arg(defect),
                    QStringLiteral("--defect"),
                    CliText::tr("There are: %1.").arg(known.join(QStringLiteral(", "))));
    const TokenProfile* from = workspace ? workspace->profile(parent) : nullptr;
    if (!from)
        return fail(ErrorCode::NotFound,
                    parent.isEmpty() ? CliText::tr("A derived profile needs one that it is made from.")
                                     : CliText::tr("There is no profile called %1.").arg(parent),
                    QStringLiteral("--from"), CliText::tr("Name a profile whose credential is good."));
    if (!canBeForged(from->scheme) || !from->declared.stale.isEmpty())
        return fail(
            ErrorCode::InvalidInput,
            CliText::tr("%1 cannot be forged from: it takes a bearer token, a JWT, an OAuth token or an "
                        "API key that is good.")
                .arg(from->name),
            QStringLiteral("--from"));
    return DerivedProfile{QUuid::createUuid().toString(QUuid::WithoutBraces), name, from->id, *found};
}

} // namespace

const DerivedProfile* derivedNamed(const Workspace& workspace, const QString& name) {
    for (const DerivedProfile& each : workspace.matrix.derived)
        if (each.name == name || each.id == name) return &each;
    return nullptr;
}

JsonValue derivedJson(const Workspace& workspace, const DerivedProfile& profile) {
    const TokenProfile* from = workspace.profile(profile.parent);
    return JsonObject()
        .add(QStringLiteral("name"), profile.name)
        .add(QStringLiteral("id"), profile.id)
        .add(QStringLiteral("kind"), QStringLiteral("derived"))
        .add(QStringLiteral("from"), from ? from->name : profile.parent)
        .add(QStringLiteral("defect"), defectName(profile.defect))
        .value();
}

void printDerived(const Output& out, const Workspace& workspace, const DerivedProfile& profile) {
    const TokenProfile* from = workspace.profile(profile.parent);
    out.line(profile.name);
    out.line(CliText::tr("  kind     derived"));
    out.line(CliText::tr("  from     %1").arg(from ? from->name : profile.parent));
    out.line(CliText::tr("  defect   %1 (%2)").arg(defectName(profile.defect), defectTitle(profile.defect)));
}

int addDerived(Context& context, const QString& name, const QString& parent, const QString& defect) {
    const Output& out = context.out;
    const Result<Workspace*> workspace = context.workspaceIfAny();
    if (!workspace) return out.error(workspace.error(), Usage);
    if (*workspace && ((*workspace)->profile(name) || derivedNamed(**workspace, name)))
        return out.error(
            {ErrorCode::Conflict, CliText::tr("There is a profile called %1 already.").arg(name), {}, {}, -1},
            Usage);
    const Result<DerivedProfile> made = described(*workspace, name, parent, defect);
    if (!made) return out.error(made.error(), Usage);
    (*workspace)->matrix.derived.append(*made);
    if (const Result<void> saved = context.saveRoot(); !saved) return out.error(saved.error(), Usage);
    out.message(
        CliText::tr("Added %1. Only the access matrix sends it, forged anew for each request, and never to "
                    "production.")
            .arg(name));
    if (out.json) out.document(JsonObject().add(QStringLiteral("profile"), derivedJson(**workspace, *made)));
    return Clean;
}

std::optional<int> removeDerived(Context& context, const QString& name) {
    const Output& out = context.out;
    const Result<Workspace*> workspace = context.workspace();
    if (!workspace || !derivedNamed(**workspace, name)) return std::nullopt;
    (*workspace)->matrix.derived.removeIf([&](const DerivedProfile& each) { return each.name == name; });
    if (const Result<void> saved = context.saveRoot(); !saved) return out.error(saved.error(), Usage);
    out.message(CliText::tr("Removed %1.").arg(name));
    if (out.json) out.document(JsonObject().add(QStringLiteral("removed"), name));
    return Clean;
}

} // namespace kb::cli
