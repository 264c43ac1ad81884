// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/workspace.h"

#include <QDateTime>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

namespace kb {

/// A folder of its own, gone with the object.
class FolderFixture {
public:
    QString path(const QString& relative = {}) const {
        const QString root = QFileInfo(m_folder.path()).canonicalFilePath();
        return relative.isEmpty() ? root : root + u'/' + relative;
    }
    bool write(const QString& relative, const QByteArray& text) const {
        QDir().mkpath(QFileInfo(path(relative)).path());
        QFile file(path(relative));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    }
    QByteArray read(const QString& relative) const {
        QFile file(path(relative));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QDateTime time(const QString& relative) const { return QFileInfo(path(relative)).lastModified(); }
    /// Sets a file's time to long ago, so that writing it shows.
    QDateTime age(const QString& relative) const {
        QFile file(path(relative));
        if (file.open(QIODevice::ReadWrite))
            file.setFileTime(QDateTime::fromSecsSinceEpoch(1000000000), QFileDevice::FileModificationTime);
        file.close();
        return time(relative);
    }
    /// Files that do not end in .yml.
    QStringList leftovers() const {
        QStringList names;
        QDirIterator files(path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString name = files.next();
            if (!name.endsWith(QStringLiteral(".yml"))) names.append(name);
        }
        return names;
    }

private:
    QTemporaryDir m_folder;
};

/// A request such as a user makes.
inline TreeItem requestItem(const QString& path, const QString& name) {
    TreeItem item;
    item.path = path;
    item.name = name;
    item.request.id = path;
    item.request.name = name;
    item.request.method = QStringLiteral("POST");
    item.request.url = QStringLiteral("{{baseUrl}}/users/:id?page=1&size=20");
    item.request.params = {{ParamRow::In::Path, QStringLiteral("id"), QStringLiteral("42"), QString(), true}};
    item.request.headers = {{QStringLiteral("Accept"), QStringLiteral("application/json"), QString(), true},
                            {QStringLiteral("X-Trace"), QStringLiteral("{{trace}}"), QString(), false}};
    item.request.body = {BodySpec::Kind::Json,
                         QStringLiteral("{\n  \"name\": \"Anna\",\n  \"roles\": [\"reader\"]\n}"), QString()};
    item.request.profileId = QStringLiteral("reader");
    return item;
}

} // namespace kb
