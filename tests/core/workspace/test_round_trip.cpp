// SPDX-License-Identifier: GPL-3.0-or-later
// What holds of every workspace, tried with made-up ones: what is saved is what is loaded, saving without a
// change changes no byte, a small change is a small one in the file, and what is not ours stays.
#include "core/workspace/opencollection.h"
#include "tests/core/workspace/generator.h"

#include <QRegularExpression>
#include <QTest>
#include <algorithm>

using namespace kb;
namespace oc = kb::opencollection;

namespace {

constexpr int seeds = 300;

QString s(const char* text) {
    return QString::fromUtf8(text);
}

/// All items of the tree by path, without their children.
QMap<QString, TreeItem> flat(const QList<TreeItem>& items) {
    QMap<QString, TreeItem> all;
    for (TreeItem item : items) {
        all.insert(flat(item.children));
        item.children.clear();
        all.insert(item.path, item);
    }
    return all;
}

using Files = QMap<QString, QByteArray>;

QString environmentPath(qsizetype at) {
    return s("environments/e%1.yml").arg(at);
}

/// Writes everything over what is there. The text of the first error comes back.
QString save(const Workspace& workspace, Files& files) {
    QString error;
    const auto put = [&](const QString& path, const Result<QByteArray>& text) {
        if (text)
            files[path] = *text;
        else if (error.isEmpty())
            error = path + u' ' + text.error().text();
    };
    put(oc::rootFileName(), oc::writeRoot(workspace, files.value(oc::rootFileName())));
    const QMap<QString, TreeItem> all = flat(workspace.items);
    for (const TreeItem& item : all) {
        if (item.kind == TreeItem::Kind::Request) {
            put(item.path, oc::writeRequest(item, files.value(item.path)));
        } else {
            const QString path = item.path + u'/' + oc::folderFileName();
            put(path, oc::writeFolder(item, files.value(path)));
        }
    }
    for (qsizetype at = 0; at < workspace.environments.size(); ++at)
        put(environmentPath(at),
            oc::writeEnvironment(workspace.environments[at], files.value(environmentPath(at))));
    return error;
}

Result<Workspace> load(const Files& files) {
    QList<oc::File> list;
    for (auto file = files.cbegin(); file != files.cend(); ++file)
        list.append({file.key(), file.value()});
    return oc::read(list);
}

/// What differs between the two, in words; empty when nothing does.
QString difference(const Workspace& wanted, const Result<Workspace>& read) {
    if (!read) return read.error().text();
    for (const FileProblem& problem : read->problems)
        return problem.path + u' ' + problem.error.text();
    const auto differs = [](bool same, const QString& what) { return same ? QString() : what; };
    const QMap<QString, TreeItem> before = flat(wanted.items), after = flat(read->items);
    QString found = differs(before.keys() == after.keys(), s("paths"));
    for (auto item = before.cbegin(); item != before.cend(); ++item) {
        const TreeItem& other = after.value(item.key());
        if (item.value() == other) continue;
        const RequestSpec &a = item->request, &b = other.request;
        found +=
            item.key() + s(": ") + differs(item->name == other.name, s("name ")) +
            differs(item->order == other.order, s("order ")) +
            differs(item->defaults == other.defaults, s("defaults ")) +
            differs(a.method == b.method && a.url == b.url, s("line ")) +
            differs(a.params == b.params, s("params ")) + differs(a.headers == b.headers, s("headers ")) +
            differs(a.body == b.body, s("body ")) + differs(a.settings == b.settings, s("settings ")) +
            differs(a.checks == b.checks, s("checks ")) + differs(a.captures == b.captures, s("captures ")) +
            differs(a.profileId == b.profileId, s("profile "));
    }
    QList<Environment> one = wanted.environments, two = read->environments;
    for (QList<Environment>* list : {&one, &two})
        std::sort(list->begin(), list->end(),
                  [](const Environment& a, const Environment& b) { return a.name < b.name; });
    found += differs(one == two, s("environments ")) +
             differs(wanted.name == read->name, s("the workspace's name ")) +
             differs(wanted.matrix == read->matrix, s("matrix ")) +
             differs(wanted.defaults == read->defaults, s("the workspace's defaults "));
    for (qsizetype at = 0; at < wanted.profiles.size(); ++at)
        if (wanted.profiles[at] != read->profiles.value(at))
            found += s("profile of the kind ") + schemeName(wanted.profiles[at].scheme) + u' ';
    found += differs(wanted.profiles.size() == read->profiles.size(), s("number of profiles"));
    return found;
}

/// How many lines of either side lie between the first and the last line that differ.
int changedLines(const QByteArray& before, const QByteArray& after) {
    const QList<QByteArray> a = before.split('\n'), b = after.split('\n');
    qsizetype head = 0, tail = 0;
    while (head < std::min(a.size(), b.size()) && a[head] == b[head])
        ++head;
    while (tail < std::min(a.size(), b.size()) - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    return int(std::max(a.size(), b.size()) - head - tail);
}

/// One change of a request that takes no line of the file away.
struct Change {
    const char* name;
    int lines; ///< how many may differ
    bool (*apply)(TreeItem& item);
};

template<class List> bool any(List& list) {
    return !list.isEmpty();
}

const Change changes[] = {
    {"name", 1, [](TreeItem& i) { return i.name = s("other name"), true; }},
    {"order", 1, [](TreeItem& i) { return i.order = 77, true; }},
    {"method", 1, [](TreeItem& i) { return i.request.method = s("OTHER"), true; }},
    {"url", 1, [](TreeItem& i) { return i.request.url.prepend(s("http://other.example/")), true; }},
    {"header value", 1,
     [](TreeItem& i) { return any(i.request.headers) && (i.request.headers[0].value = s("other"), true); }},
    {"header off", 1,
     [](TreeItem& i) {
         return any(i.request.headers) && std::exchange(i.request.headers.last().enabled, false);
     }},
    {"header more", 3,
     [](TreeItem& i) {
         return i.request.headers.append({s("X-New"), s("1"), {}, true}), true;
     }},
    {"param value", 1,
     [](TreeItem& i) { return any(i.request.params) && (i.request.params[0].value = s("other"), true); }},
    {"part value", 2,
     [](TreeItem& i) {
         return any(i.request.body.parts) && (i.request.body.parts[0].value = s("other"), true);
     }},
    {"body", 1,
     [](TreeItem& i) {
         BodySpec& body = i.request.body;
         if (body.kind != BodySpec::Kind::Json && body.kind != BodySpec::Kind::File) return false;
         body.text = body.kind == BodySpec::Kind::File ? s("other.bin")
                                                       : QString(body.text).replace(s("[1,"), s("[7,"));
         return true;
     }},
    {"check", 1,
     [](TreeItem& i) { return any(i.request.checks) && (i.request.checks[0].value = s("other"), true); }},
    {"capture", 1,
     [](TreeItem& i) {
         return any(i.request.captures) && (i.request.captures.last().variable = s("other"), true);
     }},
    {"profile", 4, [](TreeItem& i) { return i.request.profileId = s("other"), true; }},
    {"timeout", 1, [](TreeItem& i) { return i.request.settings.timeoutMs = 123456, true; }},
    {"left out header", 2,
     [](TreeItem& i) { return i.request.settings.removedDefaultHeaders.append(s("X-Out")), true; }},
};

/// Comments and members of another program, put between the lines. `marks` gets what must stay.
QByteArray planted(const QByteArray& text, Generator& g, QByteArrayList& marks) {
    static const QRegularExpression key(s("^( *)(- )?(?:[A-Za-z]+|\"[^\"]*\"):(?: |$)"));
    static const QRegularExpression block(s("(?:^ *-|:) [|>][-+0-9]*$"));
    QByteArray out;
    qsizetype blockIndent = -1;
    const auto mark = [&] {
        marks.append("planted-" + QByteArray::number(marks.size()) + '-');
        return marks.last();
    };
    QList<QByteArray> lines = text.split('\n');
    if (lines.last().isEmpty()) lines.removeLast();
    for (const QByteArray& line : lines) {
        const auto indent =
            qsizetype(std::find_if(line.begin(), line.end(), [](char c) { return c != ' '; }) - line.begin());
        if (blockIndent >= 0 && (line.trimmed().isEmpty() || indent > blockIndent)) {
            out += line + '\n';
            continue;
        }
        blockIndent = -1;
        const QRegularExpressionMatch match = key.match(QString::fromUtf8(line));
        const bool dash = match.hasMatch() && match.capturedLength(2) > 0;
        if (match.hasMatch() && g.chance(10)) out += QByteArray(indent, ' ') + "# " + mark() + '\n';
        if (match.hasMatch() && !dash && g.chance(10)) {
            const QByteArray pad(indent, ' ');
            if (g.chance(50))
                out += pad + "x-" + mark() + ": 'is  kept' # as it is\n";
            else
                out += pad + "x-" + mark() + ":\n" + pad + "  - deep: " + mark() + "\n\n" + pad +
                       "    more: {a: [1, 2]}\n";
        }
        const bool opensBlock = block.match(QString::fromUtf8(line)).hasMatch();
        if (opensBlock) blockIndent = dash ? indent + 2 : indent;
        out += line;
        if (match.hasMatch() && !opensBlock && g.chance(10)) out += "   # " + mark();
        out += '\n';
    }
    return out;
}

} // namespace

class TestRoundTrip : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatIsSavedIsLoaded();
    void aSmallChangeIsASmallDiff();
    void whatIsNotOursStays();
    void anotherOneOverItIsWhatIsLoaded();
};

#define KB_SAYS_NOTHING(text, seed)                                                                          \
    do {                                                                                                     \
        const QString said = (text);                                                                         \
        QVERIFY2(said.isEmpty(), qPrintable(QString(s("seed %1: ").arg(seed) + said)));                      \
    } while (false)

void TestRoundTrip::whatIsSavedIsLoaded() {
    for (quint32 seed = 1; seed <= seeds; ++seed) {
        const Workspace made = Generator(seed).workspace();
        Files files;
        KB_SAYS_NOTHING(save(made, files), seed);
        const Result<Workspace> read = load(files);
        KB_SAYS_NOTHING(difference(made, read), seed);
        Files again = files;
        KB_SAYS_NOTHING(save(made, again), seed);
        QVERIFY2(again == files, qPrintable(s("seed %1 changes without a change").arg(seed)));
    }
}

void TestRoundTrip::aSmallChangeIsASmallDiff() {
    for (quint32 seed = 1; seed <= seeds; ++seed) {
        Generator g(seed);
        for (const Change& change : changes) {
            TreeItem item;
            item.path = s("a.yml");
            item.order = 3;
            item.request = g.request();
            item.request.id = item.path;
            item.name = item.request.name;
            const QByteArray before = oc::writeRequest(item, {}).value_or(QByteArray());
            TreeItem changed = item;
            if (!change.apply(changed) || changed == item) continue;
            if (changed.name != item.name) changed.request.name = changed.name;
            const QByteArray after = oc::writeRequest(changed, before).value_or(QByteArray());
            const QString where = s("seed %1, %2:\n").arg(seed).arg(s(change.name));
            const auto read = oc::read({{oc::rootFileName(), "opencollection: 1.0.0\n"}, {item.path, after}});
            QVERIFY2(read && read->items.value(0) == changed,
                     qPrintable(QString(where + QString::fromUtf8(after))));
            int most = change.lines;
            if (qstrcmp(change.name, "left out header") == 0 &&
                item.request.settings.removedDefaultHeaders.isEmpty())
                most = 2;
            // A value of several lines takes as many.
            const int several = int(std::max(before.count('\n'), after.count('\n')) -
                                    std::min(before.count('\n'), after.count('\n')));
            const int lines = changedLines(before, after);
            QVERIFY2(lines <= most + several,
                     qPrintable(QString(where + s("%1 lines\n").arg(lines) + QString::fromUtf8(before) +
                                        s("\n=====\n") + QString::fromUtf8(after))));
        }
    }
}

void TestRoundTrip::whatIsNotOursStays() {
    for (quint32 seed = 1; seed <= seeds; ++seed) {
        Generator g(seed);
        Workspace made = g.workspace();
        Files files;
        KB_SAYS_NOTHING(save(made, files), seed);
        QByteArrayList marks;
        for (QByteArray& text : files)
            text = planted(text, g, marks);
        const Files before = files;
        KB_SAYS_NOTHING(difference(made, load(files)), seed);
        KB_SAYS_NOTHING(save(made, files), seed);
        QVERIFY2(files == before, qPrintable(s("seed %1 changes without a change").arg(seed)));

        // Every file changes.
        std::function<void(QList<TreeItem>&)> change = [&](QList<TreeItem>& items) {
            for (TreeItem& item : items) {
                change(item.children);
                if (item.kind == TreeItem::Kind::Folder) {
                    item.defaults.variables.append({s("added"), s("1"), true});
                    continue;
                }
                const Change& one = changes[g.below(int(std::size(changes)))];
                one.apply(item);
                item.request.name = item.name;
            }
        };
        change(made.items);
        for (Environment& environment : made.environments) {
            environment.variables.append({s("added"), s("{{x}}"), true});
            environment.secrets.append({s("added secret"), {s("r")}, {}, SecretStorage::Keychain, true});
        }
        for (TokenProfile& profile : made.profiles)
            profile.name += s(" changed");
        made.defaults.headers.append({s("X-Added"), s("1"), {}, true});
        KB_SAYS_NOTHING(save(made, files), seed);
        KB_SAYS_NOTHING(difference(made, load(files)), seed);
        QByteArray all;
        for (const QByteArray& text : std::as_const(files))
            all += text;
        for (const QByteArray& mark : std::as_const(marks)) {
            if (all.count(mark) == 1) continue;
            QString what = s("seed %1, %2 stands there %3 times\n")
                               .arg(seed)
                               .arg(QString::fromLatin1(mark))
                               .arg(all.count(mark));
            for (auto file = before.cbegin(); file != before.cend(); ++file)
                if (file.value().contains(mark))
                    what += QString::fromUtf8(file.value() + "\n=====\n" + files.value(file.key()));
            QFAIL(qPrintable(what));
        }
    }
}

/// Everything changes at once: each kind of value over each other.
void TestRoundTrip::anotherOneOverItIsWhatIsLoaded() {
    for (quint32 seed = 1; seed <= seeds; ++seed) {
        Generator g(seed);
        TreeItem item;
        item.path = s("a.yml");
        Environment environment;
        Workspace workspace;
        QByteArray request, folder, env, root;
        for (int turn = 0; turn < 4; ++turn) {
            item.request = g.request();
            item.name = item.request.name;
            item.order = g.below(3);
            request = oc::writeRequest(item, request).value_or(QByteArray());
            TreeItem directory;
            directory.kind = TreeItem::Kind::Folder;
            directory.path = s("f");
            directory.name = g.filled();
            directory.defaults = g.defaults();
            folder = oc::writeFolder(directory, folder).value_or(QByteArray());
            workspace = g.workspace();
            environment = g.environment();
            env = oc::writeEnvironment(environment, env).value_or(QByteArray());
            root = oc::writeRoot(workspace, root).value_or(QByteArray());
            TreeItem wanted = item;
            wanted.request.id = item.path;
            workspace.items = {directory, wanted};
            workspace.environments = {environment};
            KB_SAYS_NOTHING(difference(workspace, load({{oc::rootFileName(), root},
                                                        {item.path, request},
                                                        {s("f/folder.yml"), folder},
                                                        {environmentPath(0), env}})),
                            seed);
        }
    }
}

QTEST_GUILESS_MAIN(TestRoundTrip)
#include "test_round_trip.moc"
