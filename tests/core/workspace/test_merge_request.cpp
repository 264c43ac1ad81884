// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/merge_request.h"

#include <QtTest>

using namespace kb;

class TestMergeRequest : public QObject {
    Q_OBJECT
    static RequestSpec base() {
        RequestSpec spec;
        spec.url = "http://a.test/";
        spec.headers = {{"Accept", "1", {}, true}, {"X-One", "1", {}, true}, {"X-Gone", "1", {}, true}};
        return spec;
    }

private Q_SLOTS:
    void differentValuesBothCount() {
        RequestSpec mine = base(), theirs = base();
        mine.headers[0].value = "mine";
        mine.headers.append({"X-Mine", "1", {}, true});
        mine.headers.removeAt(2);
        theirs.headers[1].value = "theirs";
        theirs.method = "PUT";
        theirs.settings.timeoutMs = 5;
        const MergedRequest merged = mergeRequest(base(), mine, theirs);
        QVERIFY(merged.conflicts.isEmpty());
        QVERIFY(merged.mine == merged.theirs);
        QCOMPARE(merged.mine.method, "PUT");
        QCOMPARE(merged.mine.settings.timeoutMs, 5);
        QCOMPARE(merged.mine.headers.size(), 3);
        QCOMPARE(merged.mine.headers[0].value, "mine");
        QCOMPARE(merged.mine.headers[1].value, "theirs");
        QCOMPARE(merged.mine.headers[2].name, "X-Mine");
    }
    void variablesAreMerged() {
        RequestSpec mine = base(), theirs = base();
        mine.variables = {{"a", "1", true}};
        theirs.variables = {{"b", "2", true}};
        MergedRequest merged = mergeRequest(base(), mine, theirs);
        QVERIFY(merged.conflicts.isEmpty());
        QCOMPARE(merged.mine.variables, (QList<Variable>{{"b", "2", true}, {"a", "1", true}}));
        theirs.variables = {{"a", "2", false}};
        merged = mergeRequest(base(), mine, theirs);
        QCOMPARE(merged.conflicts.size(), 1);
        QCOMPARE(merged.conflicts.first().place, "Variable a");
        QCOMPARE(merged.conflicts.first().theirs, "2 (off)");
    }
    void theSameValueIsAConflict() {
        RequestSpec mine = base(), theirs = base();
        mine.url = "http://mine.test/";
        theirs.url = "http://theirs.test/";
        mine.headers[1].value = "2";
        theirs.headers.removeAt(1);
        theirs.method = "PUT";
        const MergedRequest merged = mergeRequest(base(), mine, theirs);
        QCOMPARE(merged.conflicts.size(), 2);
        QCOMPARE(merged.conflicts[0], (MergeConflict{"URL", "http://mine.test/", "http://theirs.test/"}));
        QCOMPARE(merged.conflicts[1], (MergeConflict{"Header x-one", "2", ""}));
        QCOMPARE(merged.mine.url, "http://mine.test/");
        QCOMPARE(merged.theirs.url, "http://theirs.test/");
        QCOMPARE(merged.mine.method, "PUT");
        QCOMPARE(merged.mine.headers.size(), 3);
        QCOMPARE(merged.theirs.headers.size(), 2);
    }
    void theSameChangeIsNone() {
        RequestSpec both = base();
        both.url = "http://both.test/";
        QVERIFY(mergeRequest(base(), both, both).conflicts.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestMergeRequest)
#include "test_merge_request.moc"
