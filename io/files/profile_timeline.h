// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/profile_timeline.h"

namespace kb {

/// Timelines as one small file a profile, a line of JSON an event, readable by this user alone. Several
/// processes may add to one: a line is written whole, and shortening holds the file's lock. A line that was
/// cut short by a crash is passed over.
class FileProfileTimeline final : public ProfileTimeline {
public:
    static constexpr int mostEvents = 400; ///< then it is shortened to half of them, uses to a quarter
    /// Without a folder: "keybearer/timelines" in this user's data folder.
    explicit FileProfileTimeline(QString folder = {});
    void append(const QString& profileId, const ProfileEvent& event) override;
    QList<ProfileEvent> read(const QString& profileId) const override;
    Result<void> clear(const QString& profileId) override;
    QString fileOf(const QString& profileId) const;

private:
    QString m_folder;
};

} // namespace kb
