// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shell_quote.h"

#include <QtTest>

using namespace kb;

class TestShellQuote : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void words_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("quoted");
        QTest::newRow("plain") << "https://h.example:8443/a,b=c@d%20+e"
                               << "https://h.example:8443/a,b=c@d%20+e";
        QTest::newRow("empty") << ""
                               << "''";
        QTest::newRow("space") << "a b"
                               << "'a b'";
        QTest::newRow("a quote") << "it's"
                                 << "'it'\\''s'";
        QTest::newRow("what a shell would do") << "$(id) `id` ; rm *"
                                               << "'$(id) `id` ; rm *'";
        QTest::newRow("home") << "~"
                              << "'~'";
        QTest::newRow("lines") << "a\nb"
                               << "'a\nb'";
    }
    void words() {
        QFETCH(QString, text);
        QTEST(shellQuoted(text), "quoted");
    }
};

QTEST_GUILESS_MAIN(TestShellQuote)
#include "test_shell_quote.moc"
