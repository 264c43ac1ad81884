// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/files/profile_timeline.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

using namespace kb;
using Kind = ProfileEvent::Kind;

class TestProfileTimeline : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    QString folder() const { return m_folder->filePath(QStringLiteral("timelines")); }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void whatIsAddedIsReadBack() {
        FileProfileTimeline timeline(folder());
        QVERIFY(timeline.read(QStringLiteral("ada")).isEmpty());
        const ProfileEvent first{1764000000.25, Kind::Obtained, QStringLiteral("Logged in.\n\"Zoë\""),
                                 QStringLiteral("test")};
        const ProfileEvent second{1764000001, Kind::Rotated, QStringLiteral("Rotated."), {}};
        timeline.append(QStringLiteral("ada"), first);
        FileProfileTimeline(folder()).append(QStringLiteral("ada"), second); // another process
        QCOMPARE(timeline.read(QStringLiteral("ada")), (QList<ProfileEvent>{second, first}));
        QVERIFY(timeline.read(QStringLiteral("bob")).isEmpty());
        QVERIFY(timeline.clear(QStringLiteral("ada")).has_value());
        QVERIFY(timeline.read(QStringLiteral("ada")).isEmpty());
        QVERIFY(timeline.clear(QStringLiteral("ada")).has_value()); // nothing left to delete
    }

    void everyKindHasAName() {
        for (const Kind kind : {Kind::Obtained, Kind::Refreshed, Kind::Used, Kind::Refused, Kind::Revoked,
                                Kind::Rotated, Kind::Asked, Kind::Trouble}) {
            QCOMPARE(profileEventKind(profileEventName(kind)), std::optional(kind));
            QVERIFY(!profileEventTitle(kind).isEmpty());
        }
    }

    /// An id comes from a shared file.
    void strangeIdsStayInTheFolder() {
        FileProfileTimeline timeline(folder());
        for (const QString& id : {QStringLiteral("../../outside"), QString(5000, u'x'), QString()}) {
            timeline.append(id, {1, Kind::Used, id.left(10), {}});
            QCOMPARE(timeline.read(id).size(), 1);
            QCOMPARE(QFileInfo(timeline.fileOf(id)).absolutePath(), folder());
        }
    }

#ifdef Q_OS_UNIX
    void nobodyElseMayReadIt() {
        FileProfileTimeline timeline(folder());
        for (int i = 0; i < FileProfileTimeline::mostEvents * 2; ++i) // shortened on the way
            timeline.append(QStringLiteral("ada"),
                            {double(i), Kind::Refused, QStringLiteral("GET /me: 401"), {}});
        const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteGroup |
                            QFileDevice::WriteOther;
        QVERIFY(!(QFile::permissions(timeline.fileOf(QStringLiteral("ada"))) & others));
        QVERIFY(!(QFile::permissions(folder()) & others));
    }
#endif

    /// Uses make room first: of a token's life the rest is worth more.
    void itStaysSmall() {
        FileProfileTimeline timeline(folder());
        const QString id = QStringLiteral("ada");
        timeline.append(id, {0, Kind::Obtained, QStringLiteral("Logged in."), {}});
        for (int i = 1; i <= 1000; ++i)
            timeline.append(id, {double(i), Kind::Used, QStringLiteral("GET /me: 200"), {}});
        const QList<ProfileEvent> events = timeline.read(id);
        QVERIFY(events.size() <= FileProfileTimeline::mostEvents);
        QCOMPARE(events.first().seconds, 1000.0);
        QCOMPARE(events.last().kind, Kind::Obtained);
        QVERIFY(QFileInfo(timeline.fileOf(id)).size() < 100'000);
        timeline.append(id, {1001, Kind::Trouble, QString(100'000, u'x'), {}});
        QVERIFY(timeline.read(id).first().text.size() <= 300);
    }

    /// Killed in the middle of a line: that event is lost, and no other.
    void aLineCutShortIsPassedOver() {
        FileProfileTimeline timeline(folder());
        const QString id = QStringLiteral("ada");
        timeline.append(id, {1, Kind::Obtained, QStringLiteral("first"), {}});
        QFile file(timeline.fileOf(id));
        QVERIFY(file.open(QIODevice::Append));
        file.write("{\"at\":2,\"event\":\"us");
        file.close();
        timeline.append(id, {3, Kind::Used, QStringLiteral("third"), {}});
        const QList<ProfileEvent> events = timeline.read(id);
        QCOMPARE(events.size(), 2);
        QCOMPARE(events.first().text, QStringLiteral("third"));
    }

    void whatCannotBeKeptStopsNothing() {
        FileProfileTimeline timeline(QStringLiteral("/proc/no-such-place"));
        timeline.append(QStringLiteral("ada"), {1, Kind::Used, QStringLiteral("x"), {}});
        QVERIFY(timeline.read(QStringLiteral("ada")).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestProfileTimeline)
#include "test_profile_timeline.moc"
