// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/draft.h"

#include "core/workspace/opencollection.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

namespace kb {

namespace oc = opencollection;

namespace {

constexpr auto anyName = "draft.yml"; // a request is read from a file; its own path may be none yet

Result<QByteArray> asFile(const RequestSpec& spec) {
    TreeItem item;
    item.path = QString::fromLatin1(anyName);
    item.name = spec.name.isEmpty() ? QStringLiteral("draft") : spec.name;
    item.request = spec;
    item.request.name = item.name;
    return oc::writeRequest(item, {});
}

std::optional<RequestSpec> asSpec(const QString& text, const QJsonValue& name, const QString& path) {
    const auto read = oc::read(
        {{oc::rootFileName(), "opencollection: 1.0.0\n"}, {QString::fromLatin1(anyName), text.toUtf8()}});
    if (!read || read->items.size() != 1) return std::nullopt;
    RequestSpec spec = read->items.first().request;
    spec.id = path;
    spec.name = name.toString();
    return spec;
}

} // namespace

Result<QByteArray> writeDraft(const Draft& draft) {
    return asFile(draft.base).and_then([&](const QByteArray& base) {
        return asFile(draft.now).map([&](const QByteArray& now) {
            return QJsonDocument(QJsonObject{{QStringLiteral("path"), draft.path},
                                             {QStringLiteral("baseName"), draft.base.name},
                                             {QStringLiteral("base"), QString::fromUtf8(base)},
                                             {QStringLiteral("name"), draft.now.name},
                                             {QStringLiteral("now"), QString::fromUtf8(now)},
                                             {QStringLiteral("withoutSecrets"), draft.withoutSecrets}})
                .toJson();
        });
    });
}

Result<Draft> readDraft(const QByteArray& text) {
    const QJsonObject object = QJsonDocument::fromJson(text).object();
    Draft draft;
    draft.path = object.value(QStringLiteral("path")).toString();
    const auto base = asSpec(object.value(QStringLiteral("base")).toString(),
                             object.value(QStringLiteral("baseName")), draft.path);
    const auto now = asSpec(object.value(QStringLiteral("now")).toString(),
                            object.value(QStringLiteral("name")), draft.path);
    if (!base || !now)
        return fail(ErrorCode::ParseError,
                    QCoreApplication::translate("Draft", "A kept draft cannot be read."));
    draft.base = *base;
    draft.now = *now;
    draft.withoutSecrets = object.value(QStringLiteral("withoutSecrets")).toBool();
    return draft;
}

} // namespace kb
