// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/profile_timeline.h"

#include "core/run/run.h"

#include <QCoreApplication>

namespace kb {

namespace {

using Kind = ProfileEvent::Kind;

struct TimelineText {
    Q_DECLARE_TR_FUNCTIONS(ProfileTimeline)
};

constexpr std::pair<Kind, const char*> names[] = {
    {Kind::Obtained, "obtained"}, {Kind::Refreshed, "refreshed"}, {Kind::Used, "used"},
    {Kind::Refused, "refused"},   {Kind::Revoked, "revoked"},     {Kind::Rotated, "rotated"},
    {Kind::Asked, "asked"},       {Kind::Trouble, "trouble"}};

bool isRefusal(int status) {
    return status == 401 || status == 403;
}

} // namespace

QString profileEventName(Kind kind) {
    for (const auto& [each, name] : names)
        if (each == kind) return QString::fromLatin1(name);
    return {};
}

std::optional<Kind> profileEventKind(const QString& name) {
    for (const auto& [kind, each] : names)
        if (name == QLatin1String(each)) return kind;
    return std::nullopt;
}

QString profileEventTitle(Kind kind) {
    switch (kind) {
    case Kind::Obtained:
        return TimelineText::tr("Obtained");
    case Kind::Refreshed:
        return TimelineText::tr("Refreshed");
    case Kind::Used:
        return TimelineText::tr("Used");
    case Kind::Refused:
        return TimelineText::tr("Refused");
    case Kind::Revoked:
        return TimelineText::tr("Revoked");
    case Kind::Rotated:
        return TimelineText::tr("Rotated");
    case Kind::Asked:
        return TimelineText::tr("Asked about");
    case Kind::Trouble:
        return TimelineText::tr("Trouble");
    }
    return {};
}

std::optional<ProfileEvent> profileEventOf(const RunResult& result) {
    if (result.hops.isEmpty()) {
        if (!result.error || !result.nothingSent) return std::nullopt;
        return ProfileEvent{0, Kind::Trouble, result.error->text()};
    }
    const Exchange& answer = result.hops.last();
    const bool refused = isRefusal(answer.response().status);
    if (refused && result.refusalTold) return std::nullopt;
    return ProfileEvent{0, refused ? Kind::Refused : Kind::Used, profileEventText(answer)};
}

QString profileEventText(const Exchange& answer) {
    return TimelineText::tr("%1 %2: %3")
        .arg(QString::fromUtf8(answer.sent().method), QString::fromUtf8(answer.sent().url.path()))
        .arg(answer.response().status);
}

std::optional<ProfileEvent> profileEventOfMany(const QString& what, int answered, int refused) {
    if (answered <= 0) return std::nullopt;
    return ProfileEvent{
        0, refused == answered ? Kind::Refused : Kind::Used,
        TimelineText::tr("%1: %2 answers, %3 of them 401 or 403").arg(what).arg(answered).arg(refused)};
}

} // namespace kb
