// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/scheme_fields.h"
#include "core/workspace/workspace.h"

#include <QRandomGenerator>
#include <QSet>

namespace kb {

/// Makes workspaces of everything that can be saved, the same ones for the same seed. Texts are chosen to be
/// mistaken: words and marks of YAML, of file systems and of Unicode.
class Generator {
public:
    explicit Generator(quint32 seed) : m_random(seed) {}

    int below(int limit) { return int(m_random.bounded(limit)); }
    bool chance(int percent) { return below(100) < percent; }
    template<class List> auto oneOf(const List& list) { return list[below(int(list.size()))]; }

    QString text() {
        static const QStringList odd{QString(),
                                     u8("Get user"),
                                     u8("users/by id/../x"),
                                     u8("con"),
                                     u8("NUL.txt"),
                                     u8("\U0001F600 smile \U0001F468‍\U0001F469"),
                                     u8("null"),
                                     u8("~"),
                                     u8("true"),
                                     u8("no"),
                                     u8("123"),
                                     u8("0x1F"),
                                     u8("1e3"),
                                     u8("007"),
                                     u8("2030-01-31"),
                                     u8("- dash"),
                                     u8("-"),
                                     u8("# hash"),
                                     u8("a #b"),
                                     u8("a: b"),
                                     u8("a:"),
                                     u8("'one' it's"),
                                     u8("\"two\" \\n"),
                                     u8("{{variable}}"),
                                     u8("{{a}}/{{b}}"),
                                     u8("[list]"),
                                     u8("{map: 1}"),
                                     u8("&anchor"),
                                     u8("*alias"),
                                     u8("!tag"),
                                     u8("|"),
                                     u8(">-"),
                                     u8("%percent"),
                                     u8("@at"),
                                     u8("`tick`"),
                                     u8(" leads"),
                                     u8("trails "),
                                     u8("tab\there"),
                                     u8("\t"),
                                     u8("line\nbreak"),
                                     u8("\nfirst"),
                                     u8("last\n"),
                                     u8("two\n\n\n"),
                                     u8("  in\n out\n"),
                                     u8("cr\r\nlf"),
                                     u8("\r"),
                                     u8("# no comment\nkey: value\n- row\n"),
                                     u8("---"),
                                     u8("..."),
                                     u8("---\na: b\n...\n"),
                                     u8("?"),
                                     u8("? key"),
                                     u8("<<"),
                                     u8("="),
                                     u8(".inf"),
                                     u8("\u00e4\u00f6\u00fc \u65e5\u672c\u8a9e \u0627\u0644"),
                                     u8("\u0085"),
                                     u8("a\u2028b"),
                                     u8("\ufeffmark"),
                                     u8("\u00a0"),
                                     u8("\x01\x1b\x7f"),
                                     u8("key: |"),
                                     u8("C:\\temp\\x"),
                                     QString(300, u'x') + u' ' + QString(300, u'y')};
        return chance(70) ? oneOf(odd) : oneOf(odd) + oneOf(odd);
    }
    QString filled() {
        const QString made = text();
        return made.isEmpty() ? u8("filled") : made;
    }
    QStringList texts(int most) {
        QStringList list;
        for (int left = below(most + 1); left > 0; --left)
            list.append(text());
        return list;
    }
    /// A name that no other thing has: `what` and a number before a text.
    QString unique(const char* what) {
        return QString::fromLatin1(what) + QString::number(++m_count) + text();
    }

    HeaderRow header() { return {text(), text(), chance(30) ? text() : QString(), chance(70)}; }
    template<class Row, class Make> QList<Row> rows(int most, Make make) {
        QList<Row> list;
        for (int left = below(most + 1); left > 0; --left)
            list.append(!list.isEmpty() && chance(20) ? list.last() : make()); // some stand there twice
        return list;
    }
    QList<HeaderRow> headers() {
        return rows<HeaderRow>(4, [this] { return header(); });
    }
    QList<Variable> variables() {
        return rows<Variable>(4, [this] { return Variable{text(), text(), chance(70)}; });
    }

    QString url() {
        static const QStringList ends{QString(),         u8("?a=1&a=1&b"), u8("?q={{v}}&x=a%20b+c"),
                                      u8("?#fragment"),  u8("/../x//y"),   u8("?a=b=c&&d"),
                                      u8("/{id}/:other")};
        static const QStringList starts{u8("{{base}}"), u8("https://api.example/v1"), QString(),
                                        u8("http://[::1]:8080/x")};
        return oneOf(starts) + oneOf(ends);
    }
    ParamRow param() {
        const bool path = chance(50); // query fields that are on live in the URL
        return {path ? ParamRow::In::Path : ParamRow::In::Query, text(), text(),
                chance(30) ? text() : QString(), path && chance(70)};
    }

    BodySpec body() {
        static const QStringList types{QString(),
                                       u8("text/plain"),
                                       u8("application/xml"),
                                       u8("text/csv"),
                                       u8("application/sparql-query"),
                                       u8("text/html; charset=utf-8"),
                                       u8("application/x-www-form-urlencoded")};
        switch (below(6)) {
        case 0:
            return {};
        case 1:
            return {BodySpec::Kind::Json, text() + u8("{\n  \"a\": [1,\n 2]\n}") + text(), {}};
        case 2:
            return {BodySpec::Kind::Text, text(), oneOf(types)};
        case 3:
            return {BodySpec::Kind::Text, u8("a=1&b=%C3%A4+{{x}}&a=1&empty="), types.last()};
        case 4: {
            BodySpec made;
            made.kind = BodySpec::Kind::Multipart;
            made.parts = rows<BodyPart>(4, [this] {
                return BodyPart{text(), text(), chance(40), chance(30) ? text() : QString(), chance(70)};
            });
            return made;
        }
        default:
            return {BodySpec::Kind::File, text(), chance(50) ? u8("image/png") : QString()};
        }
    }

    CheckSpec check(bool portable) {
        CheckSpec made;
        made.part = portable     ? AnswerPart::Expression
                    : chance(30) ? AnswerPart::Schema
                    : chance(50) ? AnswerPart::Jq
                                 : AnswerPart::Expression;
        made.expression = made.part != AnswerPart::Expression ? text()
                          : portable                          ? u8("res.body[") + text() + u8("]")
                                                              : u8("res.cookies['") + text() + u8("']");
        if (made.part != AnswerPart::Schema) made.op = oneOf(checkOperators());
        made.value = chance(70) ? text() : QString();
        made.description = chance(30) ? text() : QString();
        made.enabled = chance(70);
        return made;
    }
    CaptureSpec capture(bool portable) {
        const bool jq = !portable && chance(50);
        return {text(), jq ? AnswerPart::Jq : AnswerPart::Expression,
                (jq ? QString() : u8(portable ? "res.body." : "res.size ")) + text(), chance(70)};
    }

    RequestSpec request() {
        static const QStringList methods{u8("GET"),   u8("POST"),     u8("DELETE"),
                                         u8("PURGE"), u8("M-SEARCH"), u8("x")};
        RequestSpec spec;
        spec.name = unique(chance(50) ? "Request / " : "");
        spec.method = oneOf(methods);
        spec.url = url();
        spec.params = rows<ParamRow>(3, [this] { return param(); });
        spec.headers = headers();
        spec.body = body();
        spec.profileId = chance(40) ? filled() : QString();
        if (chance(50)) spec.settings = {below(100000), chance(50), below(30), chance(50), texts(3)};
        // What other programs read too stands first in the file.
        for (const bool portable : {true, false}) {
            spec.checks += rows<CheckSpec>(2, [&] { return check(portable); });
            spec.captures += rows<CaptureSpec>(2, [&] { return capture(portable); });
        }
        if (chance(40)) spec.variables = variables();
        return spec;
    }

    AuthScheme scheme() {
        static const QStringList kinds{u8("bearer"),
                                       u8("api-key"),
                                       u8("basic"),
                                       u8("digest"),
                                       u8("template"),
                                       u8("sigv4"),
                                       u8("http-signature"),
                                       u8("jwt"),
                                       u8("ntlm"),
                                       u8("negotiate"),
                                       u8("oauth2"),
                                       u8("login"),
                                       u8("client-certificate")};
        AuthScheme made = *schemeNamed(oneOf(kinds));
        Fill fill{*this};
        std::visit([&fill](auto& each) { visitFields(fill, each); }, made);
        return made;
    }
    TokenProfile profile() {
        TokenProfile made;
        made.id = unique("p");
        made.name = unique("Reader ");
        made.colour = chance(50) ? u8("#a0b1c2") : QString();
        made.scheme = scheme();
        made.storage = chance(30) ? SecretStorage::Memory : SecretStorage::Keychain;
        for (int left = below(3); left > 0; --left) {
            ProfileBinding binding{
                left > 1 ? unique("env") : QString(), {u8("id-%1").arg(below(9999))}, texts(2), {}};
            if (chance(50)) binding.expiresAt = qint64(below(2000000000)) * (chance(90) ? 1 : -40);
            made.bindings.append(binding);
        }
        for (int left = chance(30) ? below(3) : 0; left > 0; --left)
            made.keys.append({static_cast<ApiKeyScheme::In>(below(3)), unique("X-Key-")});
        if (chance(30)) made.declared = {texts(2), texts(2), texts(2), text()};
        return made;
    }
    Environment environment() {
        Environment made;
        made.name = unique("Env ");
        made.variables = variables();
        made.kind = EnvironmentKind(below(5));
        made.colour = chance(50) ? u8("#00aa00") : QString();
        made.extends = chance(30) ? filled() : QString();
        made.dotEnvFile = chance(30) ? filled() : QString();
        for (int left = below(4); left > 0; --left)
            made.secrets.append({unique("SECRET"),
                                 {chance(60) ? u8("ref-%1").arg(left) : QString()},
                                 texts(2),
                                 chance(30) ? SecretStorage::Memory : SecretStorage::Keychain,
                                 chance(70)});
        return made;
    }
    RequestDefaults defaults() {
        if (chance(40)) return {};
        return {headers(), variables(), chance(50) ? filled() : QString()};
    }
    MatrixSettings matrix() {
        MatrixSettings made;
        if (chance(60)) return made;
        made.document = text();
        made.conceal = chance(50);
        made.confirmedPublic = texts(2);
        made.rules = rows<MatrixRule>(2, [this] {
            return MatrixRule{texts(2), texts(2), text(), texts(2), Expect(below(6))};
        });
        made.marks = rows<MatrixMark>(2, [this] {
            return MatrixMark{text(), text(), text(), Expect(below(6)), text()};
        });
        const QString operation = u8("DELETE /x/{id}") + text();
        made.strategies = {{operation, ProbeStrategy(below(6))}};
        if (chance(50))
            made.fixtures = {{operation, {u8("POST /x"), text(), text(), text(), text(), text()}}};
        made.canaries = {{text(), text()}};
        made.markers = {{text(), texts(2)}};
        made.implied = {{text(), texts(2)}};
        made.own = {{text(), {{text(), text()}, {u8("other"), text()}}}};
        made.derived = {{unique("d"), text(), text(), oneOf(allTokenDefects())}};
        const QString end = chance(50) ? u8("2030-01-31") : QString();
        made.waivers = {chance(50) ? MatrixWaiver{filled(), filled(), text(), end}
                                   : MatrixWaiver{{}, filled(), text(), end, u8("bola ") + text()}};
        const auto test = [this]() -> std::optional<AnswerTest> {
            const auto kind = AnswerTest::Kind(below(4));
            const bool compares = kind == AnswerTest::Kind::Equals || kind == AnswerTest::Kind::Contains;
            return AnswerTest{u8("/a/*/b"), kind, compares ? QStringList{filled()} : QStringList()};
        };
        made.limits = {chance(50) ? 100 : 0, chance(50) ? 60 : 0};
        made.malformed = chance(50);
        if (chance(50)) made.tenantClaim = u8("org");
        if (chance(50)) made.runHeader = u8("X-Run");
        made.outcomes = rows<OutcomeRule>(2, [&] {
            OutcomeRule rule{text(), texts(2), texts(2), text(), {u8("200")}, test(), {}, Outcome::Allowed};
            if (chance(50)) rule.header = test();
            return rule;
        });
        return made;
    }

    /// Paths are given by number: how names become paths has its own test.
    QList<TreeItem> items(const QString& folder, int depth) {
        QList<TreeItem> made;
        for (int left = below(4) + 1; left > 0; --left) {
            TreeItem item;
            item.path = folder + u8("i%1").arg(++m_count);
            item.order = below(4);
            if (depth < 3 && chance(30)) {
                item.kind = TreeItem::Kind::Folder;
                item.name = unique("Folder ");
                item.defaults = defaults();
                item.children = items(item.path + u'/', depth + 1);
            } else {
                item.path += u8(".yml");
                item.request = request();
                item.request.id = item.path;
                item.name = item.request.name;
            }
            made.append(item);
        }
        return made;
    }
    Workspace workspace() {
        Workspace made;
        made.name = text();
        made.items = items(QString(), 0);
        for (int left = below(3); left > 0; --left)
            made.environments.append(environment());
        for (int left = below(4); left > 0; --left)
            made.profiles.append(profile());
        made.matrix = matrix();
        made.defaults = defaults();
        return made;
    }

private:
    static QString u8(const char* chars) { return QString::fromUtf8(chars); }

    /// Gives every member of a scheme a value.
    struct Fill {
        Generator& g;
        void text(const char*, QString& value, const QString&) {
            if (g.chance(60)) value = g.text();
        }
        void alwaysText(const char* name, QString& value, const QString& d) { text(name, value, d); }
        void list(const char*, QStringList& value, const QStringList&) {
            if (g.chance(60)) value = g.texts(3);
        }
        void flag(const char*, bool& value, bool) { value = g.chance(50); }
        void number(const char*, int& value, int) {
            if (g.chance(60)) value = g.below(100000);
        }
        template<class Choice, class Names>
        void alwaysChoice(const char*, Choice& value, const Names& names) {
            value = static_cast<Choice>(g.below(int(names.size())));
        }
    };

    QRandomGenerator m_random;
    int m_count = 0;
};

} // namespace kb
