// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/interchange/import_save.h"
#include "core/workspace/inherit.h"
#include "io/files/workspace_store.h"

#include <QFile>

/// A workspace of 40 requests of every kind, in four folders, sent as several people and as nobody.
namespace forty {

inline kb::TreeItem request(int number) {
    using namespace kb;
    static const char* const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    TreeItem item;
    RequestSpec& spec = item.request;
    spec.method = QLatin1String(methods[number % 5]);
    static const QMap<int, const char*> rare{{5, "HEAD"}, {10, "OPTIONS"}, {15, "PURGE"}, {35, "PROPFIND"}};
    if (rare.contains(number)) spec.method = QLatin1String(rare.value(number));
    spec.url = QStringLiteral("{{base}}/r%1").arg(number);
    switch (number % 8) {
    case 1:
        spec.url += "?a=1&b=%C3%BC&c=x%20y";
        break;
    case 2:
        spec.url += "/:id/rows/:row";
        spec.params = {{ParamRow::In::Path, "id", "seven", {}, true},
                       {ParamRow::In::Path, "row", "8", {}, true}};
        break;
    case 3:
        spec.params = {{ParamRow::In::Query, "off", "1", {}, false}};
        break;
    default:
        break;
    }
    if (number % 3 == 1) spec.headers = {{"X-One", "{{word}} 1", {}, true}, {"X-Two", "off", {}, false}};
    if (number % 4 == 3) spec.headers.append({"Cookie", "a=1; b={{word}}", {}, true});
    // In the third folder, whose profile is "Reader".
    static const QMap<int, QString> profiles{
        {3, "Reader"}, {14, "Ada"}, {23, explicitlyAnonymous()}, {27, "Key"}};
    spec.profileId = profiles.value(number);
    if (number % 5 != 0 && spec.method != "DELETE") {
        switch (number % 6) {
        case 0:
            if (number == 6) { // GraphQL: a query and what it is to be filled with
                spec.body = {
                    BodySpec::Kind::Json,
                    "{\"query\": \"query A($n: Int!) { a(n: $n) { b } }\", \"operationName\": \"A\", "
                    "\"variables\": {\"n\": 6, \"w\": \"{{word}}\"}}",
                    {}};
                break;
            }
            spec.body = {BodySpec::Kind::Json,
                         "{\"n\": " + QString::number(number) + ", \"w\": \"{{word}}\", \"u\": \"ü\"}",
                         {}};
            break;
        case 1:
            spec.body = {BodySpec::Kind::Text, "plain {{word}}\nline two", "text/plain"};
            break;
        case 2:
            spec.body = {BodySpec::Kind::Text, "<a>{{word}}</a>", "application/xml"};
            break;
        case 3:
            spec.body = {BodySpec::Kind::Text, "a=1+2&b=%26&c={{word}}", "application/x-www-form-urlencoded"};
            break;
        case 4:
            spec.body.kind = BodySpec::Kind::Multipart;
            spec.body.parts = {{"note", "{{word}}", false, {}, true},
                               {"pic", "pic.bin", true, "image/png", true}};
            break;
        case 5:
            spec.body = {BodySpec::Kind::File, "pic.bin", "image/png"};
            break;
        }
    }
    if (number == 13) { // its own win over those of its folder
        spec.url += "?own={{own}}";
        spec.variables = {
            {"own", "of {{inFolder}}", true}, {"inFolder", "thirteen", true}, {"word", "x", false}};
    }
    item.name = spec.name = QStringLiteral("%1 %2: \"it's\" / ü").arg(number).arg(spec.method);
    return item;
}

/// Saves it in a new folder, with the environment "Local".
inline kb::Result<kb::Workspace> save(kb::WorkspaceStore& store, const QString& folder, const QString& base) {
    using namespace kb;
    Result<Workspace> made = store.create(folder, QStringLiteral("Forty"));
    if (!made) return made;
    QFile picture(folder + QStringLiteral("/pic.bin"));
    if (picture.open(QIODevice::WriteOnly)) picture.write(QByteArray("\x01\xff\r\n--x\n", 7));
    made->environments = {{"Local", {{"base", base, true}, {"word", "hello", true}}}};
    for (int i = 0; i < 40; i += 10) {
        TreeItem group;
        group.kind = TreeItem::Kind::Folder;
        group.name = QStringLiteral("Group %1").arg(i / 10);
        if (i == 10) {
            group.defaults.headers = {{"X-Folder", "{{inFolder}} {{word}}", {}, true},
                                      {"X-One", "of the folder", {}, true}};
            group.defaults.variables = {{"inFolder", "inner", true}};
        }
        if (i == 20) group.defaults.profileId = "Reader";
        for (int number = i; number < i + 10; ++number)
            group.children.append(request(number));
        made->items.append(group);
    }
    placeItems(made->items);
    const std::pair<const char*, AuthScheme> schemes[] = {
        {"Reader", BearerScheme{}},
        {"Ada", BasicScheme{"ada"}},
        {"Key", ApiKeyScheme{ApiKeyScheme::In::Header, "X-Api-Key"}}};
    for (const auto& [name, scheme] : schemes) {
        TokenProfile profile;
        profile.id = profile.name = QLatin1String(name);
        profile.scheme = scheme;
        ProfileBinding binding;
        binding.secret = SecretRef{QLatin1String(name)};
        binding.allowedOrigins = {base};
        profile.bindings = {binding};
        profile.storage = SecretStorage::Memory;
        made->profiles.append(profile);
    }
    Result<void> saved = store.saveRoot(*made);
    if (saved) saved = store.saveEnvironment(*made, made->environments.first());
    for (const TreeItem& group : std::as_const(made->items)) {
        if (saved) saved = store.saveFolder(*made, group);
        for (const TreeItem& each : group.children)
            if (saved) saved = store.saveRequest(*made, each);
    }
    if (!saved) return tl::unexpected(saved.error());
    return made;
}

} // namespace forty
