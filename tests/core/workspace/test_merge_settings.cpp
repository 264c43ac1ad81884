// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/merge_settings.h"

#include <QTest>

using namespace kb;

namespace {

Environment environmentOf(const QList<Variable>& variables, EnvironmentKind kind = EnvironmentKind::Test) {
    Environment made;
    made.name = QStringLiteral("e");
    made.variables = variables;
    made.kind = kind;
    return made;
}

Variable var(const char* name, const char* value) {
    return {QLatin1String(name), QLatin1String(value), true};
}

} // namespace

class TestMergeSettings : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void differentVariablesBothCount() {
        const Environment base = environmentOf({var("a", "1"), var("b", "2"), var("gone", "x")});
        const Environment mine =
            environmentOf({var("a", "mine"), var("b", "2"), var("gone", "x"), var("new", "m")});
        Environment theirs = environmentOf({var("a", "1"), var("b", "theirs"), var("other", "t")},
                                           EnvironmentKind::Production);
        theirs.colour = QStringLiteral("#ff0000");
        const auto merged = mergeEnvironment(base, mine, theirs);
        QVERIFY2(merged.conflicts.isEmpty(), qPrintable(merged.conflicts.join(u' ')));
        QCOMPARE(merged.mine, merged.theirs);
        QCOMPARE(merged.mine.variables,
                 (QList<Variable>{var("a", "mine"), var("b", "theirs"), var("new", "m"), var("other", "t")}));
        QCOMPARE(merged.mine.kind, EnvironmentKind::Production);
        QCOMPARE(merged.mine.colour, QStringLiteral("#ff0000"));
    }

    void theSameValueIsAConflict() {
        const Environment base = environmentOf({var("a", "1"), var("b", "2")});
        Environment mine = environmentOf({var("a", "mine")}, EnvironmentKind::Staging);
        Environment theirs = environmentOf({var("a", "theirs"), var("b", "changed")}, EnvironmentKind::Local);
        const auto merged = mergeEnvironment(base, mine, theirs);
        QCOMPARE(merged.conflicts.size(), 3); // a; b, which was removed here and changed there; the class
        QCOMPARE(merged.mine.variables, QList<Variable>{var("a", "mine")});
        QCOMPARE(merged.theirs.variables, (QList<Variable>{var("a", "theirs"), var("b", "changed")}));
        QCOMPARE(merged.mine.kind, EnvironmentKind::Staging);
        QCOMPARE(merged.theirs.kind, EnvironmentKind::Local);
        // The same change on both sides is none.
        mine = theirs;
        QVERIFY(mergeEnvironment(base, mine, theirs).conflicts.isEmpty());
    }

    void headersByNameAndTurn() {
        RequestDefaults base, mine, theirs;
        base.headers = {{QStringLiteral("Accept"), QStringLiteral("a"), {}, true},
                        {QStringLiteral("X-A"), QStringLiteral("1"), {}, true},
                        {QStringLiteral("x-a"), QStringLiteral("2"), {}, true}};
        mine = theirs = base;
        mine.headers[1].value = QStringLiteral("mine");
        theirs.headers[2].value = QStringLiteral("theirs");
        theirs.profileId = QStringLiteral("p");
        const auto clean = mergeDefaults(base, mine, theirs);
        QVERIFY(clean.conflicts.isEmpty());
        QCOMPARE(clean.mine.headers.at(1).value, QStringLiteral("mine"));
        QCOMPARE(clean.mine.headers.at(2).value, QStringLiteral("theirs"));
        QCOMPARE(clean.mine.profileId, QStringLiteral("p"));
        mine.profileId = QStringLiteral("q");
        QCOMPARE(mergeDefaults(base, mine, theirs).conflicts, QStringList{QStringLiteral("Send as")});
    }
};

QTEST_GUILESS_MAIN(TestMergeSettings)
#include "test_merge_settings.moc"
