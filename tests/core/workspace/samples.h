// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/opencollection.h"

#include <QDebug>
#include <QFile>

// The sample workspace in tests/data/workspace, and ways to put a request through a file.
namespace kb::samples {

namespace oc = opencollection;

inline QByteArray bytes(const QString& path) {
    QFile file(QStringLiteral(KB_TEST_DATA "/workspace/") + path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QList<oc::File> sampleFiles() {
    QList<oc::File> files;
    for (const char* path : {"opencollection.yml", "create-user.yml", "users/folder.yml",
                             "users/get-user.yml", "environments/Practice.yml"})
        files.append({QString::fromLatin1(path), bytes(QString::fromLatin1(path))});
    return files;
}

inline QByteArray root() {
    return "opencollection: 1.0.0\n";
}

/// What a request file says when it is the only one.
inline Result<Workspace> readOne(const QByteArray& text) {
    return oc::read({{oc::rootFileName(), root()}, {QStringLiteral("a.yml"), text}});
}

inline TreeItem item(const RequestSpec& spec) {
    TreeItem made;
    made.path = QStringLiteral("a.yml");
    made.name = spec.name;
    made.request = spec;
    made.request.id = made.path;
    return made;
}

/// Writes a request over `previous` and reads it back.
inline TreeItem through(const TreeItem& wanted, const QByteArray& previous, QByteArray* text = nullptr) {
    const auto written = oc::writeRequest(wanted, previous);
    if (!written) {
        qWarning().noquote() << written.error().text();
        return {};
    }
    if (text) *text = *written;
    const auto back = readOne(*written);
    if (!back || back->items.isEmpty()) {
        qWarning().noquote() << *written << (back ? QString() : back.error().text());
        for (const FileProblem& problem : back ? back->problems : QList<FileProblem>())
            qWarning().noquote() << problem.error.text();
        return {};
    }
    return back->items.first();
}

inline RequestSpec fullSpec() {
    RequestSpec spec;
    spec.name = QStringLiteral("Slash / emoji \U0001F600: \"quoted\" # and more");
    spec.method = QStringLiteral("PURGE");
    spec.url = QStringLiteral("{{base}}/a/../b//x/%7E/{id}/:other?a&b=&c=1&c=2&q={{v}}#frag");
    spec.params = {
        {ParamRow::In::Path, QStringLiteral("id"), QStringLiteral("a/b c"), QStringLiteral("d"), true},
        {ParamRow::In::Path, QStringLiteral("other"), QString(), QString(), true},
        {ParamRow::In::Query, QStringLiteral("c"), QStringLiteral("2"), QString(), false},
        {ParamRow::In::Query, QString(), QString(), QString(), false}};
    spec.headers = {{QStringLiteral("X-A"), QStringLiteral("1"), QString(), true},
                    {QStringLiteral("X-A"), QStringLiteral("1"), QStringLiteral("again"), true},
                    {QStringLiteral("X-A"), QStringLiteral("true"), QString(), false},
                    {QStringLiteral("x: y"), QStringLiteral(" spaced "), QString(), true}};
    spec.body = {BodySpec::Kind::Json, QStringLiteral("  {\n\t\"a\": 1\n\n}\n"), QString()};
    spec.profileId = QStringLiteral("p-1");
    spec.settings.timeoutMs = 0;
    spec.settings.followRedirects = false;
    spec.settings.maxRedirects = 0;
    spec.settings.verifyTls = false;
    spec.settings.removedDefaultHeaders = QStringList{QStringLiteral("Accept"), QStringLiteral("User-Agent")};
    return spec;
}

} // namespace kb::samples
