// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/base/result.h"

#include <QList>
#include <QString>
#include <optional>

namespace kb {

class Exchange;
struct RunResult;

/// Something that happened to a profile. Its text is redacted like all that is shown.
struct ProfileEvent {
    enum class Kind { Obtained, Refreshed, Used, Refused, Revoked, Rotated, Asked, Trouble };
    double seconds = 0; ///< trusted Unix time
    Kind kind = Kind::Used;
    QString text;
    QString environment = {}; ///< in force at that time; empty for none
    bool operator==(const ProfileEvent&) const = default;
};

/// "obtained", "refreshed", "used", "refused", "revoked", "rotated", "asked", "trouble": for JSON and files.
QString profileEventName(ProfileEvent::Kind kind);
std::optional<ProfileEvent::Kind> profileEventKind(const QString& name);
/// The same for people.
QString profileEventTitle(ProfileEvent::Kind kind);

/// What a run says of the profile it was sent as: used or refused, or why nothing was sent.
std::optional<ProfileEvent> profileEventOf(const RunResult& result);
/// How the timeline names an answer: "GET /users: 401".
QString profileEventText(const Exchange& answer);
/// The same of many requests at once, of which `refused` gave 401 or 403; nullopt if none was answered.
std::optional<ProfileEvent> profileEventOfMany(const QString& what, int answered, int refused);

/// The port to where profiles' events are kept: this machine's data, never the workspace. Limited in size:
/// what is oldest goes, uses before all else. What cannot be kept is lost without a word: no request fails
/// for it.
class ProfileTimeline {
public:
    virtual ~ProfileTimeline() = default;
    virtual void append(const QString& profileId, const ProfileEvent& event) = 0;
    /// The newest first; empty if there is none or it cannot be read.
    virtual QList<ProfileEvent> read(const QString& profileId) const = 0;
    virtual Result<void> clear(const QString& profileId) = 0;
};

} // namespace kb
