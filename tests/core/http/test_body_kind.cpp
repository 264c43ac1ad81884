// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/body_view.h"

#include <QtTest>

using namespace kb;

namespace {
HeaderList ofType(const QByteArray& type) {
    return type.isEmpty() ? HeaderList{} : HeaderList{{{"Content-Type", type}}};
}
QByteArray utf16(const QString& text, bool littleEndian, bool mark) {
    QStringEncoder encoder(littleEndian ? QStringConverter::Utf16LE : QStringConverter::Utf16BE,
                           mark ? QStringConverter::Flag::WriteBom : QStringConverter::Flag::Default);
    return encoder(text);
}
} // namespace

Q_DECLARE_METATYPE(kb::BodyKind)

class TestBodyKind : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void kinds_data() {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<BodyKind>("kind");
        const auto row = [](const char* name, const QByteArray& type, const QByteArray& body, BodyKind kind) {
            QTest::newRow(name) << type << body << kind;
        };
        const QByteArray png("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16);
        row("empty", "application/json", "", BodyKind::Empty);
        row("json", "application/json", "{\"a\":1}", BodyKind::Json);
        row("json in capitals", "Application/JSON;charset=UTF-8", "[1]", BodyKind::Json);
        row("suffix", "application/problem+json", "{}", BodyKind::Json);
        row("broken json stays json", "application/json", "{\"a\":", BodyKind::Json);
        row("scalar json", "application/json", "true", BodyKind::Json);
        row("error page under the name of json", "application/json", "<!DOCTYPE html><html></html>",
            BodyKind::Html);
        row("xml under the name of json", "application/json", "<?xml version=\"1.0\"?><a/>", BodyKind::Xml);
        row("bytes under the name of json", "application/json", png, BodyKind::Binary);
        row("html", "text/html; charset=utf-8", "<p>x</p>", BodyKind::Html);
        row("json under the name of html", "text/html", " {\"a\":1}\n", BodyKind::Json);
        row("json under the name of text", "text/plain", "[{\"a\":1}]", BodyKind::Json);
        row("text", "text/plain", "[x] not json", BodyKind::Text);
        row("braces in text", "text/plain", "{not json}", BodyKind::Text);
        row("markup in text is source", "text/plain", "<html></html>", BodyKind::Text);
        row("css", "text/css", "{\"x\"}", BodyKind::Text);
        row("csv", "text/csv", "a,b", BodyKind::Text);
        row("xml", "application/xml", "<a/>", BodyKind::Xml);
        row("xml suffix", "image/svg+xml", "<svg/>", BodyKind::Xml);
        row("xhtml", "application/xhtml+xml", "<html/>", BodyKind::Xml);
        row("javascript", "application/javascript", "x()", BodyKind::Text);
        row("form", "application/x-www-form-urlencoded", "a=b", BodyKind::Text);
        row("jwt", "application/jwt", "a.b.c", BodyKind::Text);
        row("introspection", "application/token-introspection+jwt", "a.b.c", BodyKind::Text);
        row("image", "image/png", png, BodyKind::Binary);
        row("unknown application", "application/x-thing", "text", BodyKind::Binary);
        row("pdf", "application/pdf", "%PDF-1.7\n1 0 obj", BodyKind::Binary);
        row("json under the name of bytes", "application/octet-stream", "{\"a\":1}", BodyKind::Json);
        row("text under the name of bytes", "application/octet-stream", "words", BodyKind::Text);
        row("bytes", "application/octet-stream", png, BodyKind::Binary);
        row("no type, json", "", "{\"a\":1}", BodyKind::Json);
        row("no type, empty object", "", "{ }", BodyKind::Json);
        row("no type, list", "", "[-1]", BodyKind::Json);
        row("no type, html", "", "\n<!doctype HTML>\n<p>", BodyKind::Html);
        row("no type, xml", "", "<?xml version=\"1.0\"?>\n<a>1</a>", BodyKind::Xml);
        row("no type, text", "", "hello", BodyKind::Text);
        row("no type, less-than", "", "< 5", BodyKind::Text);
        row("no type, bytes", "", png, BodyKind::Binary);
        row("no type, neither UTF-8", "", "gr\xfcn", BodyKind::Binary);
        row("no type, pdf", "", "%PDF-1.7\n", BodyKind::Binary);
        row("nonsense type", "json", "{\"a\":1}", BodyKind::Json);
        row("Latin-1 text is text", "text/plain; charset=iso-8859-1", "gr\xfcn", BodyKind::Text);
        row("log with colours", "text/plain", "\x1b[31mred\x1b[0m", BodyKind::Text);
        row("NUL in text", "text/plain", QByteArray("a\0b", 3), BodyKind::Binary);
        row("marked UTF-8 json", "", "\xef\xbb\xbf{\"a\":1}", BodyKind::Json);
        row("UTF-16 json", "application/json; charset=utf-16", utf16("{\"a\":1}", true, true),
            BodyKind::Json);
        row("UTF-16 without type", "", utf16("{\"a\":1}", false, true), BodyKind::Json);
        row("UTF-16 text", "text/plain", utf16("words", true, true), BodyKind::Text);
        row("long UTF-8 cut in a character", "", QByteArray(2047, 'a') + "\xc3\xbc", BodyKind::Text);
    }
    void kinds() {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(BodyKind, kind);
        QCOMPARE(int(bodyKind(ofType(type), body)), int(kind));
    }

    void text_data() {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("utf8");
        const auto row = [](const char* name, const QByteArray& type, const QByteArray& body,
                            const QByteArray& utf8) { QTest::newRow(name) << type << body << utf8; };
        const QByteArray green = "gr\xc3\xbcn";
        const QString key = QString::fromUtf8("gr\xc3\xbcn \xf0\x9f\x94\x91");
        row("UTF-8", "text/plain; charset=utf-8", green, green);
        row("no charset", "application/json", green, green);
        row("no type", "", green, green);
        row("unknown charset", "text/plain; charset=klingon", green, green);
        row("unknown charset, Latin-1 bytes", "text/plain; charset=klingon", "gr\xfcn", green);
        row("byte order mark", "text/plain", "\xef\xbb\xbf" + green, green);
        row("Latin-1", "text/plain; charset=ISO-8859-1", "gr\xfcn", green);
        row("Latin-1 quoted", "text/plain; format=flowed; Charset=\"latin1\"", "gr\xfcn", green);
        row("Latin-1 that looks like UTF-8", "text/plain; charset=iso-8859-1", green, "gr\xc3\x83\xc2\xbcn");
        row("windows-1252", "text/plain; charset=windows-1252", "\x80 \x93q\x94 \x9f",
            "\xe2\x82\xac \xe2\x80\x9cq\xe2\x80\x9d \xc5\xb8");
        row("no charset and no UTF-8", "text/html", "gr\xfcn", green);
        row("broken UTF-8", "text/plain; charset=utf-8",
            "a\xff"
            "b",
            "a\xef\xbf\xbd"
            "b");
        row("UTF-16LE", "text/plain; charset=utf-16le", utf16(key, true, false), key.toUtf8());
        row("UTF-16BE", "text/plain; charset=utf-16be", utf16(key, false, false), key.toUtf8());
        row("UTF-16 with mark", "text/plain; charset=utf-16", utf16(key, true, true), key.toUtf8());
        row("UTF-16 with other mark", "text/plain; charset=utf-16", utf16(key, false, true), key.toUtf8());
        row("UTF-16 without mark", "text/plain; charset=utf-16", utf16(key, false, false), key.toUtf8());
        row("UTF-16 little-endian without mark", "text/plain; charset=utf-16", utf16(key, true, false),
            key.toUtf8());
        row("mark alone tells", "", utf16(key, true, true), key.toUtf8());
        row("odd number of bytes", "text/plain; charset=utf-16be", QByteArray("\0a\0", 3), "a\xef\xbf\xbd");
        row("empty", "text/plain; charset=utf-16", "", "");
    }
    void text() {
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QTEST(bodyAsUtf8(ofType(type), body), "utf8");
    }

    void goodTextIsNotCopied() {
        const QByteArray body(1'000'000, 'x');
        QCOMPARE(bodyAsUtf8({}, body).constData(), body.constData());
    }

    void hex() {
        QCOMPARE(hexDump(""), "");
        QCOMPARE(hexDump("Hello, world!\n"),
                 "00000000  48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 21 0a        |Hello, world!.|");
        QCOMPARE(hexDump(QByteArrayView("0123456789abcdef\0\x7f\xff~", 20)),
                 "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n"
                 "00000010  00 7f ff 7e                                       |...~|");
        const QByteArrayList lines = hexDump(QByteArray(100'000, 'x')).split('\n');
        QCOMPARE(lines.size(), 6250);
        QVERIFY(lines.last().startsWith("00018690  78 "));
    }
};

QTEST_GUILESS_MAIN(TestBodyKind)
#include "test_body_kind.moc"
