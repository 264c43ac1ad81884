// SPDX-License-Identifier: GPL-3.0-or-later
// curl command lines, as people and browsers write them.
#include "core/http/url_template.h"
#include "core/interchange/import_draft.h"
#include "core/interchange/import_text.h"
#include "core/interchange/shell_words.h"

#include <QSet>

namespace kb::importing {

namespace {

/// Short options that take a value, and the long name of each.
const QMap<QChar, QString>& shortNames() {
    static const QMap<QChar, QString> names{
        {u'X', QStringLiteral("request")},       {u'H', QStringLiteral("header")},
        {u'd', QStringLiteral("data")},          {u'F', QStringLiteral("form")},
        {u'u', QStringLiteral("user")},          {u'b', QStringLiteral("cookie")},
        {u'A', QStringLiteral("user-agent")},    {u'e', QStringLiteral("referer")},
        {u'x', QStringLiteral("proxy")},         {u'm', QStringLiteral("max-time")},
        {u'T', QStringLiteral("upload-file")},   {u'E', QStringLiteral("cert")},
        {u'o', QStringLiteral("output")},        {u'r', QStringLiteral("range")},
        {u'w', QStringLiteral("write-out")},     {u'c', QStringLiteral("cookie-jar")},
        {u'U', QStringLiteral("proxy-user")},    {u'D', QStringLiteral("dump-header")},
        {u'K', QStringLiteral("config")},        {u'Y', QStringLiteral("speed-limit")},
        {u'y', QStringLiteral("speed-time")},    {u'z', QStringLiteral("time-cond")},
        {u'C', QStringLiteral("continue-at")},   {u'Q', QStringLiteral("quote")},
        {u't', QStringLiteral("telnet-option")}, {u'h', QStringLiteral("help")}};
    return names;
}

/// Long options that take no value. Every other one takes one.
bool isFlag(const QString& name) {
    static const QSet<QString> flags{QStringLiteral("get"),
                                     QStringLiteral("head"),
                                     QStringLiteral("insecure"),
                                     QStringLiteral("location"),
                                     QStringLiteral("location-trusted"),
                                     QStringLiteral("compressed"),
                                     QStringLiteral("silent"),
                                     QStringLiteral("show-error"),
                                     QStringLiteral("verbose"),
                                     QStringLiteral("include"),
                                     QStringLiteral("fail"),
                                     QStringLiteral("fail-with-body"),
                                     QStringLiteral("digest"),
                                     QStringLiteral("basic"),
                                     QStringLiteral("ntlm"),
                                     QStringLiteral("negotiate"),
                                     QStringLiteral("anyauth"),
                                     QStringLiteral("http1.1"),
                                     QStringLiteral("http1.0"),
                                     QStringLiteral("http2"),
                                     QStringLiteral("http2-prior-knowledge"),
                                     QStringLiteral("http3"),
                                     QStringLiteral("globoff"),
                                     QStringLiteral("no-buffer"),
                                     QStringLiteral("remote-name"),
                                     QStringLiteral("remote-header-name"),
                                     QStringLiteral("ipv4"),
                                     QStringLiteral("ipv6"),
                                     QStringLiteral("raw"),
                                     QStringLiteral("path-as-is"),
                                     QStringLiteral("tlsv1.2"),
                                     QStringLiteral("tlsv1.3"),
                                     QStringLiteral("progress-bar"),
                                     QStringLiteral("no-progress-meter"),
                                     QStringLiteral("no-keepalive"),
                                     QStringLiteral("parallel"),
                                     QStringLiteral("ssl-no-revoke"),
                                     QStringLiteral("disable"),
                                     QStringLiteral("create-dirs"),
                                     QStringLiteral("post301"),
                                     QStringLiteral("post302"),
                                     QStringLiteral("post303"),
                                     QStringLiteral("tcp-nodelay"),
                                     QStringLiteral("trace-time"),
                                     QStringLiteral("next"),
                                     QStringLiteral("proxy-insecure"),
                                     QStringLiteral("junk-session-cookies"),
                                     QStringLiteral("crlf")};
    return flags.contains(name) || name.startsWith(QLatin1String("no-"));
}

class CurlLine {
public:
    CurlLine(Draft& draft, const QStringList& words) : m_draft(draft), m_words(words) {}

    QList<DraftItem> items() {
        for (m_at = 1; m_at < m_words.size(); ++m_at) {
            const QString& word = m_words.at(m_at);
            if (word == QLatin1String("--next")) {
                finish();
            } else if (word.startsWith(QLatin1String("--")) && word.size() > 2) {
                const QString name = word.mid(2).section(u'=', 0, 0);
                const bool inOne = word.contains(u'=') && !isFlag(name);
                if (isFlag(name))
                    flag(name);
                else
                    option(name, inOne ? word.section(u'=', 1) : next());
            } else if (word.startsWith(u'-') && word.size() > 1) {
                shortOptions(word);
            } else {
                m.urls.append(word);
            }
        }
        finish();
        return m_items;
    }

private:
    QString next() { return m_at + 1 < m_words.size() ? m_words.at(++m_at) : QString(); }

    void shortOptions(const QString& word) {
        static const QMap<QChar, QString> flags{{u'G', QStringLiteral("get")},
                                                {u'I', QStringLiteral("head")},
                                                {u'k', QStringLiteral("insecure")},
                                                {u'L', QStringLiteral("location")}};
        for (qsizetype i = 1; i < word.size(); ++i) {
            const QChar c = word.at(i);
            if (const auto name = shortNames().constFind(c); name != shortNames().constEnd()) {
                option(*name, i + 1 < word.size() ? word.mid(i + 1) : next());
                return;
            }
            if (flags.contains(c)) flag(flags.value(c));
        }
    }

    void flag(const QString& name) {
        if (name == QLatin1String("get"))
            m.get = true;
        else if (name == QLatin1String("head"))
            m.head = true;
        else if (name == QLatin1String("insecure"))
            m.spec.settings.verifyTls = false;
        else if (name.startsWith(QLatin1String("location")))
            m.follow = true;
        else if (name == QLatin1String("digest") || name == QLatin1String("ntlm") ||
                 name == QLatin1String("negotiate"))
            m.authKind = name;
    }

    void option(const QString& name, const QString& value) {
        if (name == QLatin1String("request"))
            m.method = value;
        else if (name == QLatin1String("url"))
            m.urls.append(value);
        else if (name == QLatin1String("header"))
            header(value);
        else if (name == QLatin1String("user-agent"))
            row(QStringLiteral("User-Agent"), value);
        else if (name == QLatin1String("referer"))
            row(QStringLiteral("Referer"), value.section(u';', 0, 0));
        else if (name == QLatin1String("range"))
            row(QStringLiteral("Range"), QStringLiteral("bytes=") + value);
        else if (name == QLatin1String("cookie"))
            cookie(value);
        else if (name == QLatin1String("data") || name == QLatin1String("data-ascii"))
            data(value, true);
        else if (name == QLatin1String("data-binary"))
            data(value, true);
        else if (name == QLatin1String("data-raw"))
            data(value, false);
        else if (name == QLatin1String("data-urlencode"))
            m.data.append(encoded(value));
        else if (name == QLatin1String("url-query"))
            m.query.append(encoded(value));
        else if (name == QLatin1String("json"))
            json(value);
        else if (name == QLatin1String("form"))
            form(value, true);
        else if (name == QLatin1String("form-string"))
            form(value, false);
        else if (name == QLatin1String("upload-file"))
            upload(value);
        else if (name == QLatin1String("user"))
            m.user = value;
        else if (name == QLatin1String("oauth2-bearer"))
            m.auth = bearerAuth(value);
        else if (name == QLatin1String("aws-sigv4"))
            m.aws = value;
        else if (name == QLatin1String("max-time"))
            m.spec.settings.timeoutMs = int(value.toDouble() * 1000);
        else if (name == QLatin1String("max-redirs"))
            m.spec.settings.maxRedirects = value.toInt();
        else if (name == QLatin1String("proxy"))
            note(ImportText::tr("The proxy %1 is not taken over: set it in the settings.")
                     .arg(value.section(u'@', -1)));
        else if (name == QLatin1String("cert") || name == QLatin1String("key"))
            note(ImportText::tr("A client certificate is not taken over."));
        else if (name == QLatin1String("config"))
            note(ImportText::tr("The file of options %1 is not read.").arg(value));
    }

    void note(const QString& text) { noteOnce(m_draft, text); }
    void row(const QString& name, const QString& value) { m.spec.headers.append({name, value, {}, true}); }

    void header(const QString& line) {
        if (line.startsWith(u'@'))
            return note(ImportText::tr("The headers in the file %1 are not read.").arg(line.mid(1)));
        const qsizetype colon = line.indexOf(u':');
        if (colon < 0) {
            if (line.endsWith(u';'))
                row(line.chopped(1).trimmed(), QString()); // curl's word for an empty value
            return;
        }
        const QString name = line.left(colon).trimmed(), value = line.mid(colon + 1).trimmed();
        if (value.isEmpty()) // curl's word for leaving it out
            m.spec.settings.removedDefaultHeaders.append(name);
        else
            row(name, value);
    }

    void cookie(const QString& value) {
        if (!value.contains(u'='))
            return note(ImportText::tr("The cookies in the file %1 are not read.").arg(value));
        row(QStringLiteral("Cookie"), value);
    }

    void data(const QString& value, bool mayBeFile) {
        if (mayBeFile && value.startsWith(u'@')) {
            m.spec.body = {BodySpec::Kind::File, value.mid(1), {}};
            return note(ImportText::tr("The body is the file %1: copy it into the workspace's folder.")
                            .arg(value.mid(1)));
        }
        m.data.append(value);
    }

    /// "name=value", "=value" and "value": what stands behind the first "=" is encoded.
    QString encoded(const QString& value) {
        const qsizetype equals = value.indexOf(u'=');
        const qsizetype at = value.indexOf(u'@');
        if (at >= 0 && (equals < 0 || at < equals)) {
            note(ImportText::tr("The file %1 is not read.").arg(value.mid(at + 1)));
            return {};
        }
        if (equals < 0) return formEncoded(value);
        return (equals > 0 ? value.left(equals + 1) : QString()) + formEncoded(value.mid(equals + 1));
    }

    void json(const QString& value) {
        m.json += value;
        m.isJson = true;
    }

    void form(const QString& value, bool special) {
        const qsizetype equals = value.indexOf(u'=');
        if (equals < 0) return;
        BodyPart part;
        part.name = value.left(equals);
        QString rest = value.mid(equals + 1);
        if (special) {
            const qsizetype type = rest.indexOf(QLatin1String(";type="));
            if (type >= 0) part.contentType = rest.mid(type + 6).section(u';', 0, 0);
            if (rest.startsWith(u'@') || rest.startsWith(u'<')) {
                part.isFile = true;
                rest = rest.mid(1).section(u';', 0, 0);
                note(ImportText::tr("The part %1 is the file %2: copy it into the workspace's folder.")
                         .arg(part.name, rest));
            } else if (type >= 0) {
                rest = rest.left(type);
            }
        }
        part.value = rest;
        m.spec.body.kind = BodySpec::Kind::Multipart;
        m.spec.body.parts.append(part);
    }

    void upload(const QString& file) {
        m.spec.body = {BodySpec::Kind::File, file, {}};
        if (m.method.isEmpty()) m.method = QStringLiteral("PUT");
        note(ImportText::tr("The body is the file %1: copy it into the workspace's folder.").arg(file));
    }

    void finishBody() {
        const QString data = m.data.join(u'&');
        if (m.isJson) {
            m.spec.body = {BodySpec::Kind::Json, m.json, {}};
            return;
        }
        if (data.isEmpty() && m.data.isEmpty()) return;
        if (m.get || m.head) {
            m.query.append(m.data);
            return;
        }
        QString type = QStringLiteral("application/x-www-form-urlencoded");
        for (const HeaderRow& each : std::as_const(m.spec.headers))
            if (each.name.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) == 0) type = each.value;
        m.spec.body = textBody(data, type);
    }

    void finishAuth() {
        const QString user = m.user.section(u':', 0, 0), password = m.user.section(u':', 1);
        if (!m.aws.isEmpty()) { // provider1[:provider2[:region[:service]]]
            SigV4Scheme aws;
            aws.accessKeyId = user;
            aws.region = m.aws.section(u':', 2, 2);
            aws.service = m.aws.section(u':', 3, 3);
            m.auth = {DraftAuth::Kind::Scheme, aws, {{QString(), password}}, {}};
        } else if (!m.user.isEmpty() || m.authKind == QLatin1String("negotiate")) {
            if (m.authKind == QLatin1String("digest")) {
                DigestScheme digest;
                digest.user = user;
                m.auth = {DraftAuth::Kind::Scheme, digest, {{QString(), password}}, {}};
            } else if (!m.authKind.isEmpty()) {
                NtlmScheme ntlm;
                ntlm.negotiate = m.authKind == QLatin1String("negotiate");
                ntlm.user = ntlm.negotiate ? QString() : user;
                m.auth = {
                    DraftAuth::Kind::Scheme, ntlm, {{QString(), ntlm.negotiate ? QString() : password}}, {}};
            } else {
                m.auth = basicAuth(user, password);
            }
        }
    }

    void finish() {
        finishBody();
        finishAuth();
        for (const QString& url : std::as_const(m.urls)) // one line may fetch several
            addItem(url);
        m = {};
    }

    void addItem(const QString& url) {
        RequestSpec spec = m.spec;
        spec.url = url.contains(QLatin1String("://")) || url.startsWith(QLatin1String("{{"))
                       ? url
                       : QStringLiteral("http://") + url;
        spec.url = spec.url.section(u'#', 0, 0);
        if (!m.query.isEmpty()) spec.url += (spec.url.contains(u'?') ? u'&' : u'?') + m.query.join(u'&');
        spec.method = !m.method.isEmpty()                      ? m.method
                      : m.head                                 ? QStringLiteral("HEAD")
                      : spec.body.kind != BodySpec::Kind::None ? QStringLiteral("POST")
                                                               : QStringLiteral("GET");
        spec.settings.followRedirects = m.follow;
        dropImpliedContentType(spec);
        QString path = splitUrl(spec.url).base.section(QLatin1String("://"), -1);
        path = path.contains(u'/') ? u'/' + path.section(u'/', 1) : path.section(u'@', -1);
        spec.name = spec.method + u' ' + path;
        DraftItem item;
        item.name = spec.name;
        item.request = spec;
        item.auth = m.auth;
        m_items.append(item);
    }

    Draft& m_draft;
    const QStringList& m_words;
    qsizetype m_at = 0;
    QList<DraftItem> m_items;
    struct {
        RequestSpec spec;
        QStringList urls;
        QString method, user, aws, authKind, json;
        QStringList data, query;
        DraftAuth auth;
        bool get = false, head = false, follow = false, isJson = false;
    } m; ///< one request's; --next begins another
};

} // namespace

Result<Draft> readCurl(const QByteArray& text, const QString& name) {
    Draft draft;
    draft.format = QStringLiteral("curl");
    draft.name = name;
    const QString all = QString::fromUtf8(text);
    for (const QStringList& words : shellCommands(all, guessShell(all))) {
        QStringList line = words;
        while (!line.isEmpty() && (line.first() == QLatin1String("$") || line.first() == QLatin1String(">")))
            line.removeFirst();
        if (line.isEmpty()) continue;
        const QString program = line.first().section(u'/', -1).section(u'\\', -1).toLower();
        if (program == QLatin1String("curl") || program == QLatin1String("curl.exe"))
            draft.items.append(CurlLine(draft, line).items());
    }
    return draft;
}

} // namespace kb::importing
