// SPDX-License-Identifier: GPL-3.0-or-later
// Files of every format and version that is imported, as they are met and odd but valid ones. What became of
// each stands beside it in <name>.txt, written as below and read by a person: a change there is a change of
// what users get.
#include "core/interchange/import.h"

#include <QDir>
#include <QDirIterator>
#include <QTest>

using namespace kb;

namespace {

QString corpus(const QString& name = {}) {
    return QStringLiteral(KB_TEST_DATA "/import/corpus/") + name;
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) qFatal("no %s", qPrintable(path));
    return file.readAll();
}

/// A file, or every file of a folder.
QList<ImportFile> filesOf(const QString& name) {
    if (!QFileInfo(corpus(name)).isDir()) return {{name, bytesOf(corpus(name))}};
    QList<ImportFile> files;
    QDirIterator each(corpus(name), QDir::Files, QDirIterator::Subdirectories);
    while (each.hasNext()) {
        const QString path = each.next();
        files.append({QDir(corpus(name)).relativeFilePath(path), bytesOf(path)});
    }
    std::sort(files.begin(), files.end(),
              [](const ImportFile& a, const ImportFile& b) { return a.path < b.path; });
    return files;
}

QString escaped(QString text) {
    return text.replace(u'\n', QLatin1String("\\n"));
}

QString nameOf(const Imported& from, const QString& profileId) {
    for (const ImportedProfile& each : from.profiles)
        if (each.profile.id == profileId) return each.profile.name;
    return profileId;
}

void describe(const Imported& from, const QList<TreeItem>& items, const QString& indent, QStringList& out) {
    for (const TreeItem& item : items) {
        if (item.kind == TreeItem::Kind::Folder) {
            out.append(indent + item.name + u'/');
            for (const Variable& variable : item.defaults.variables)
                out.append(indent + QStringLiteral("  variable ") +
                           (variable.enabled ? QString() : QStringLiteral("~")) + variable.name + u'=' +
                           escaped(variable.value));
            describe(from, item.children, indent + QStringLiteral("  "), out);
            continue;
        }
        const RequestSpec& spec = item.request;
        out.append(
            indent + item.name + QStringLiteral(": ") + spec.method + u' ' + spec.url +
            (spec.profileId.isEmpty() ? QString() : QStringLiteral(" as ") + nameOf(from, spec.profileId)));
        const auto add = [&](const QString& line) {
            out.append(indent + QStringLiteral("  ") + escaped(line));
        };
        for (const ParamRow& row : spec.params)
            add((row.in == ParamRow::In::Path ? QStringLiteral("path ") : QStringLiteral("query ")) +
                (row.enabled ? QString() : QStringLiteral("~")) + row.name + u'=' + row.value);
        for (const HeaderRow& row : spec.headers)
            add((row.enabled ? QString() : QStringLiteral("~")) + row.name + QStringLiteral(": ") +
                row.value);
        for (const BodyPart& part : spec.body.parts)
            add(QStringLiteral("part ") + (part.enabled ? QString() : QStringLiteral("~")) + part.name +
                (part.isFile ? u'@' : u'=') + part.value +
                (part.contentType.isEmpty() ? QString() : u' ' + part.contentType));
        if (!spec.body.text.isEmpty())
            add(QStringLiteral("body ") + spec.body.contentType + u' ' + spec.body.text);
        if (!spec.body.unsupported.isEmpty())
            add(QStringLiteral("body of the kind ") + spec.body.unsupported);
        for (const CheckSpec& check : spec.checks)
            add(QStringLiteral("check ") + (check.enabled ? QString() : QStringLiteral("~")) +
                check.expression + u' ' + check.op + u' ' + check.value);
    }
}

QString described(const Imported& from) {
    QStringList out{from.format + QStringLiteral(": ") + from.name};
    describe(from, from.items, {}, out);
    for (const Environment& environment : from.environments) {
        if (!environment.extends.isEmpty())
            out.append(environment.name + QStringLiteral(" extends ") + environment.extends);
        for (const Variable& variable : environment.variables)
            out.append(QStringLiteral("variable ") + environment.name + QStringLiteral(" / ") +
                       (variable.enabled ? QString() : QStringLiteral("~")) + variable.name + u'=' +
                       escaped(variable.value));
    }
    for (const ImportedProfile& each : from.profiles)
        out.append(QStringLiteral("profile ") + each.profile.name + QStringLiteral(" (") +
                   schemeName(each.profile.scheme) + QStringLiteral(")"));
    for (const ImportedSecret& each : from.secrets)
        out.append(QStringLiteral("secret ") + each.environment + QStringLiteral(" / ") + each.name +
                   (each.record.secret.isEmpty() ? QStringLiteral(" (no value)") : QString()) +
                   QStringLiteral(" -> ") + each.record.allowedOrigins.join(u' '));
    for (const QString& note : from.notes)
        out.append(QStringLiteral("note ") + escaped(note));
    return out.join(u'\n') + u'\n';
}

} // namespace

class TestImportCorpus : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void becomes_data() {
        QTest::addColumn<QString>("name");
        int count = 0;
        for (const QString& name :
             QDir(corpus()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot, QDir::Name)) {
            if (name.endsWith(QLatin1String(".txt"))) continue;
            QTest::newRow(qPrintable(name)) << name;
            ++count;
        }
        QVERIFY(count >= 16);
    }
    void becomes() {
        QFETCH(QString, name);
        const Result<Imported> from = importFiles(filesOf(name));
        QVERIFY2(from, from ? "" : qPrintable(from.error().text()));
        const QString is = described(*from);
        const QString should = QString::fromUtf8(bytesOf(corpus(name + QStringLiteral(".txt"))));
        if (is != should)
            qWarning("%s became\n%s", qPrintable(name), qPrintable(is)); // longer than a failure tells
        QVERIFY(is == should);
    }

    /// No secret of any of them is in what will be saved.
    void nothingSecretStays() {
        for (const QString& name :
             QDir(corpus()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot, QDir::Name)) {
            if (name.endsWith(QLatin1String(".txt"))) continue;
            const Result<Imported> from = importFiles(filesOf(name));
            QVERIFY(from);
            for (const char* secret : {"hunter2hunter2", "session-cookie-0001", "insomnia-token-0001"})
                QVERIFY2(!described(*from).contains(QLatin1String(secret)), qPrintable(name));
        }
    }
};

QTEST_GUILESS_MAIN(TestImportCorpus)
#include "test_import_corpus.moc"
