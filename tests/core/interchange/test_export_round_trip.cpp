// SPDX-License-Identifier: GPL-3.0-or-later
// Requests of all kinds, made up: what is exported in a format that can also be read sends the same bytes
// when it is back.
#include "core/interchange/export.h"
#include "core/interchange/import.h"
#include "core/interchange/import_save.h"
#include "core/run/run.h"

#include <QRandomGenerator>
#include <QTest>
#include <algorithm>

using namespace kb;

namespace {

QString u(const char* text) {
    return QString::fromUtf8(text);
}

/// The same requests for the same seed, each one that can be sent.
class Maker {
public:
    explicit Maker(quint32 seed) : m_random(seed) {}
    Workspace workspace() {
        Workspace made;
        made.name = u("Made up");
        made.environments = {
            {u("Dev"), {{u("base"), u("https://api.example.com/v1"), true}, {u("n"), u("7"), true}}}};
        for (int i = 1 + below(4); i > 0; --i) {
            TreeItem item;
            item.name = u("Request ") + QString::number(i);
            item.request = request();
            item.request.name = item.name;
            // What is recorded twice comes once from a HAR file, whatever its headers are.
            item.request.url +=
                (item.request.url.contains(u'?') ? u("&no=") : u("?no=")) + QString::number(i);
            if (chance(30)) {
                TreeItem folder;
                folder.kind = TreeItem::Kind::Folder;
                folder.name = u("Folder ") + QString::number(i);
                folder.children = {item};
                made.items.append(folder);
            } else {
                made.items.append(item);
            }
        }
        placeItems(made.items);
        return made;
    }

private:
    int below(int limit) { return int(m_random.bounded(limit)); }
    bool chance(int percent) { return below(100) < percent; }
    template<class List> auto oneOf(const List& list) { return list[below(int(list.size()))]; }
    QString word() {
        static const QStringList words{u("a"),
                                       u("two words"),
                                       u("it's"),
                                       u("\"quoted\""),
                                       u("x=1&y=2"),
                                       u("100%"),
                                       u("a+b"),
                                       u("ä€日"),
                                       u("#5"),
                                       u("back\\slash"),
                                       u("$HOME `id` $(id)"),
                                       u("!x"),
                                       u("{{n}}"),
                                       u("[1]"),
                                       u("~"),
                                       u("<b>"),
                                       u("a;b,c"),
                                       u("@file"),
                                       u("*?"),
                                       u("-d")};
        return oneOf(words);
    }
    RequestSpec request() {
        static const QStringList methods{u("GET"),   u("POST"),   u("PUT"),
                                         u("PATCH"), u("DELETE"), u("OPTIONS")};
        static const QStringList urls{u("{{base}}/users"),
                                      u("{{base}}/users?page={{n}}&q=a%20b"),
                                      u("{{base}}/a/../b//c"),
                                      u("https://other.example.com:8443/x?empty=&flag&a=1&a=2"),
                                      u("{{base}}/q?x=a+b%2Bc&y=%E2%82%AC"),
                                      u("https://other.example.com"),
                                      u("{{base}}/users/:id/x?deep[a]=1")};
        RequestSpec spec;
        spec.method = oneOf(methods);
        spec.url = oneOf(urls);
        if (spec.url.contains(u(":id")))
            spec.params.append({ParamRow::In::Path, u("id"), u("4 2"), {}, true});
        if (chance(20)) spec.params.append({ParamRow::In::Query, u("off"), u("1"), {}, false});
        for (int i = below(4); i > 0; --i)
            spec.headers.append({oneOf(QStringList{u("X-One"), u("X-Two"), u("Accept"), u("If-None-Match")}),
                                 headerValue(),
                                 {},
                                 chance(80)});
        if (spec.method != u("GET") && spec.method != u("OPTIONS")) spec.body = body();
        return spec;
    }
    QString headerValue() {
        static const QStringList values{
            u("plain"), u("text/html;q=0.8, */*"), u("\"etag-1\""), u("it's"), u("a  b"), u("{{n}}"),
            u("100%"),  u("back\\slash"),          u("$HOME")};
        return oneOf(values);
    }
    BodySpec body() {
        BodySpec made;
        switch (below(5)) {
        case 0:
            made.kind = BodySpec::Kind::Json;
            made.text = u("{\"name\": \"") +
                        oneOf(QStringList{u("Ada"), u("it's"), u("ä€"), u("a\\nb"), u("$x")}) +
                        u("\", \"n\": {{n}}}");
            break;
        case 1:
            made.kind = BodySpec::Kind::Text;
            made.contentType = u("application/x-www-form-urlencoded");
            made.text = oneOf(QStringList{u("a=1+2&b=%26"), u("x=%C3%A4&x=2"), u("only"), u("a=&b")});
            break;
        case 2:
            made.kind = BodySpec::Kind::Text;
            made.contentType = oneOf(QStringList{u("text/plain"), u("application/xml"), u("text/csv")});
            made.text = word() + u("\nsecond line: ") + word();
            break;
        case 3:
            made.kind = BodySpec::Kind::File;
            made.text = u("data/payload.bin");
            made.contentType = u("application/octet-stream");
            break;
        default:
            made.kind = BodySpec::Kind::Multipart;
            for (int i = 1 + below(3); i > 0; --i) {
                const bool file = chance(30);
                made.parts.append(
                    {u("part") + QString::number(i), file ? u("pictures/a b.png") : multipartText(), file,
                     file && chance(50) ? u("image/png") : QString(), made.parts.isEmpty() || chance(85)});
            }
        }
        return made;
    }
    QString multipartText() {
        static const QStringList values{u("hi"), u("it's"), u("a=b"), u("100%"), u("ä€日"), u("{{n}}")};
        return oneOf(values);
    }

    QRandomGenerator m_random;
};

QList<RequestSpec> requestsOf(const QList<TreeItem>& items) {
    QList<RequestSpec> all;
    for (const TreeItem& item : items) {
        if (item.kind == TreeItem::Kind::Folder)
            all += requestsOf(item.children);
        else
            all.append(item.request);
    }
    return all;
}

/// All that goes out, as text. A multipart body's boundary is another one each time.
QByteArray sent(const RequestSpec& spec, const VariableMap& variables) {
    const Result<Request> request =
        buildRequest(spec, variables, [](const QString& path) -> Result<QByteArray> {
            return QByteArray("bytes of " + path.toUtf8());
        });
    if (!request) return "cannot be built: " + request.error().text().toUtf8();
    QByteArray type = request->headers.first("Content-Type").value_or("");
    QByteArray body = request->body;
    if (const qsizetype at = type.indexOf("boundary="); at >= 0) {
        const QByteArray boundary = type.mid(at + 9);
        body.replace(boundary, "BOUNDARY");
        type.replace(boundary, "BOUNDARY");
    }
    QByteArrayList headers;
    for (const HeaderField& field : request->headers.fields)
        if (field.name.compare("Content-Type", Qt::CaseInsensitive) != 0)
            headers.append(field.name + ": " + field.value);
    // The order of fields of different names says nothing (RFC 9110 §5.3).
    std::stable_sort(headers.begin(), headers.end(), [](const QByteArray& a, const QByteArray& b) {
        return a.left(a.indexOf(':')).toLower() < b.left(b.indexOf(':')).toLower();
    });
    return request->method + ' ' + request->url.text() + '\n' + headers.join('\n') +
           "\nContent-Type: " + type + "\n\n" + body;
}

QByteArrayList allSent(const QList<TreeItem>& items, const VariableMap& variables, bool withFiles) {
    QByteArrayList all;
    for (RequestSpec spec : requestsOf(items)) {
        if (!withFiles && spec.body.kind == BodySpec::Kind::File)
            spec.body = {BodySpec::Kind::Text, {}, spec.body.contentType};
        all.append(sent(spec, variables));
    }
    std::sort(all.begin(), all.end());
    return all;
}

} // namespace

class TestExportRoundTrip : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sendsTheSame_data() {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QString>("file");
        QTest::newRow("postman") << u("postman") << u("x.json");
        QTest::newRow("opencollection") << u("opencollection") << u("x.yml");
        QTest::newRow("har") << u("har") << u("x.har");
        QTest::newRow("curl") << u("curl") << u("x.sh");
    }
    void sendsTheSame() {
        QFETCH(QString, format);
        QFETCH(QString, file);
        for (quint32 seed = 1; seed <= 200; ++seed) {
            const Workspace from = Maker(seed).workspace();
            const VariableMap before = variablesOf(from, u("Dev"));
            const Result<Exported> out = exportRequests(format, {from, u("Dev"), {}});
            QVERIFY2(out, out ? "" : qPrintable(out.error().text()));
            const Result<Imported> back = importFiles({{file, out->text}});
            QVERIFY2(back, back ? "" : qPrintable(QString::number(seed) + u": " + back.error().text()));
            Workspace again;
            again.environments = back->environments;
            const VariableMap after = variablesOf(
                again, again.environments.isEmpty() ? QString() : again.environments.first().name);
            if (format == u("har")) // the bytes of a file have no place in it, and that is said
                for (const RequestSpec& spec : requestsOf(from.items))
                    if (spec.body.kind == BodySpec::Kind::File)
                        QVERIFY2(out->notes.join(u'\n').contains(spec.name + u": "),
                                 qPrintable(out->notes.join(u'\n')));
            // HAR knows no folders, and sorts by host instead.
            const QByteArrayList wanted = allSent(from.items, before, format != u("har"));
            const QByteArrayList got = allSent(back->items, after, true);
            QCOMPARE(got.size(), wanted.size());
            for (const QByteArray& each : wanted) {
                if (got.contains(each)) continue;
                QByteArrayList strange;
                std::copy_if(got.begin(), got.end(), std::back_inserter(strange),
                             [&](const QByteArray& one) { return !wanted.contains(one); });
                QFAIL(QByteArray(format.toUtf8() + ", seed " + QByteArray::number(seed) + "\nwas\n" + each +
                                 "\nis one of\n" + strange.join("\n----\n") + "\nin\n" + out->text)
                          .constData());
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestExportRoundTrip)
#include "test_export_round_trip.moc"
