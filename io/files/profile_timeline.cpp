// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/profile_timeline.h"

#include "core/base/json.h"
#include "core/base/json_make.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QLockFile>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>

namespace kb {

namespace {

struct TimelineText {
    Q_DECLARE_TR_FUNCTIONS(ProfileTimeline)
};

constexpr qsizetype longestText = 300;
constexpr int lockWaitMs = 200;
/// A file below this size has fewer lines than may be kept, and is not counted.
constexpr qint64 surelySmall = FileProfileTimeline::mostEvents * 40;
/// Nobody's timeline is larger; a larger file is not ours.
constexpr qint64 largestFile = 4 * 1024 * 1024;

QByteArray lineOf(const ProfileEvent& event) {
    JsonObject object;
    object.add(QStringLiteral("at"), jsonNumber(event.seconds))
        .add(QStringLiteral("event"), profileEventName(event.kind));
    if (!event.environment.isEmpty()) object.add(QStringLiteral("environment"), event.environment);
    object.add(QStringLiteral("text"), event.text.left(longestText));
    return writeJson(object.value()) + '\n';
}

std::optional<ProfileEvent> eventOf(const QByteArray& line) {
    const Result<JsonValue> value = parseJson(line);
    if (!value) return std::nullopt;
    const JsonValue* at = value->find(u"at");
    const auto kind = profileEventKind(value->text(u"event"));
    if (!at || !at->isNumber() || !kind) return std::nullopt;
    return ProfileEvent{at->toDouble(), *kind, value->text(u"text"), value->text(u"environment")};
}

/// The oldest first.
QList<ProfileEvent> eventsIn(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > largestFile) return {};
    QList<ProfileEvent> events;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (const auto event = eventOf(line)) events.append(*event);
    return events;
}

/// Uses are many and say the least: they make room first.
QList<ProfileEvent> shortened(const QList<ProfileEvent>& events) {
    QList<ProfileEvent> kept;
    int uses = 0;
    for (auto event = events.crbegin(); event != events.crend(); ++event) {
        if (kept.size() >= FileProfileTimeline::mostEvents / 2) break;
        if (event->kind == ProfileEvent::Kind::Used && ++uses > FileProfileTimeline::mostEvents / 4) continue;
        kept.prepend(*event);
    }
    return kept;
}

} // namespace

FileProfileTimeline::FileProfileTimeline(QString folder) : m_folder(std::move(folder)) {
    if (m_folder.isEmpty())
        m_folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                   QStringLiteral("/keybearer/timelines");
}

QString FileProfileTimeline::fileOf(const QString& profileId) const {
    // An id comes from a shared file: it names a file here, and not a path.
    const QByteArray name = QCryptographicHash::hash(profileId.toUtf8(), QCryptographicHash::Sha256).toHex();
    return m_folder + u'/' + QString::fromLatin1(name.left(32)) + QStringLiteral(".jsonl");
}

void FileProfileTimeline::append(const QString& profileId, const ProfileEvent& event) {
    const QFileDevice::Permissions mine = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    if (!QDir(m_folder).exists()) {
        QDir().mkpath(m_folder);
        QFile::setPermissions(m_folder, mine | QFileDevice::ExeOwner);
    }
    const QString path = fileOf(profileId);
    QLockFile lock(path + QStringLiteral(".lock"));
    if (!lock.tryLock(lockWaitMs)) return;
    QFile file(path);
    const bool made = !file.exists();
    // Unbuffered: the line leaves in one piece.
    if (!file.open(QIODevice::ReadWrite | QIODevice::Append | QIODevice::Unbuffered)) return;
    if (made) file.setPermissions(mine);
    // What a crash left of a line ends here, or it would take this one with it.
    const qint64 size = file.size();
    bool whole = size == 0;
    if (size > 0 && file.seek(size - 1)) whole = file.read(1) == "\n";
    file.write((whole ? QByteArray() : QByteArray("\n")) + lineOf(event));
    file.close();
    if (size < surelySmall) return;
    const QList<ProfileEvent> events = eventsIn(path);
    if (events.size() <= mostEvents && size <= largestFile / 2) return;
    QSaveFile anew(path);
    if (!anew.open(QIODevice::WriteOnly)) return;
    anew.setPermissions(mine);
    for (const ProfileEvent& each : shortened(events))
        anew.write(lineOf(each));
    anew.commit();
}

QList<ProfileEvent> FileProfileTimeline::read(const QString& profileId) const {
    QList<ProfileEvent> events = eventsIn(fileOf(profileId));
    std::reverse(events.begin(), events.end());
    return events;
}

Result<void> FileProfileTimeline::clear(const QString& profileId) {
    QFile file(fileOf(profileId));
    if (!file.exists() || file.remove()) return {};
    return fail(ErrorCode::FileError,
                TimelineText::tr("The timeline cannot be deleted: %1").arg(file.errorString()),
                file.fileName(), TimelineText::tr("Check that the file can be written."));
}

} // namespace kb
