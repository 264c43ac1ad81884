// SPDX-License-Identifier: GPL-3.0-or-later
// curl command lines, as people and browsers write them.
#include "core/http/url_template.h"
#include "core/interchange/curl_options.h"
#include "core/interchange/import_draft.h"
#include "core/interchange/import_text.h"
#include "core/interchange/shell_words.h"

#include <QUrl>
#include <algorithm>

namespace kb::importing {

namespace {

/// "file:passphrase" as curl cuts it: a colon may be escaped, and the one of "C:\\" cuts nothing.
qsizetype passphraseAt(const QString& certificate) {
    if (certificate.startsWith(QLatin1String("pkcs11:"), Qt::CaseInsensitive)) return -1;
    for (qsizetype i = 0; i < certificate.size(); ++i) {
        if (certificate.at(i) == u'\\' && i + 1 < certificate.size() &&
            QStringLiteral(":\\").contains(certificate.at(i + 1))) {
            ++i;
            continue;
        }
        const bool drive =
            i == 1 && i + 1 < certificate.size() && QStringLiteral("\\/").contains(certificate.at(2));
        if (certificate.at(i) == u':' && !drive) return i;
    }
    return -1;
}

class CurlLine {
public:
    CurlLine(Draft& draft, const QStringList& words) : m_draft(draft), m_words(words) {}

    QList<DraftItem> items() {
        for (m_at = 1; m_at < m_words.size(); ++m_at) {
            const QString& word = m_words.at(m_at);
            if (word == QLatin1String("--next") || word == QLatin1String("-:")) {
                finish();
            } else if (word.startsWith(QLatin1String("--")) && word.size() > 2) {
                const QString name = word.mid(2).section(u'=', 0, 0);
                const bool inOne = word.contains(u'=') && !isCurlFlag(name);
                if (isCurlFlag(name))
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
        for (qsizetype i = 1; i < word.size(); ++i) {
            const QChar c = word.at(i);
            if (const auto name = curlShortOptions().constFind(c); name != curlShortOptions().constEnd()) {
                option(*name, i + 1 < word.size() ? word.mid(i + 1) : next());
                return;
            }
            if (curlShortFlags().contains(c)) flag(curlShortFlags().value(c));
        }
    }

    void flag(const QString& name) {
        if (name == QLatin1String("get"))
            m.get = true;
        else if (name == QLatin1String("head"))
            m.head = true;
        else if (name == QLatin1String("insecure"))
            m.spec.settings.verifyTls = false;
        else if (name.startsWith(QLatin1String("location")) || name == QLatin1String("follow"))
            m.follow = true;
        else if (isCurlConnection(name))
            notTaken(name);
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
            encodedField(value, m.data), m.hasData = true;
        else if (name == QLatin1String("url-query"))
            value.startsWith(u'+') ? m.query.append(value.mid(1)) : encodedField(value, m.query);
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
        else if (name == QLatin1String("proxy") || name == QLatin1String("preproxy") ||
                 name == QLatin1String("proxy1.0") || name.startsWith(QLatin1String("socks")))
            proxy(name, value);
        else if (name == QLatin1String("proxy-user"))
            keep(basicAuth(value.section(u':', 0, 0), value.section(u':', 1)), proxyWord, name);
        else if (name == QLatin1String("proxy-header"))
            proxyHeader(name, value);
        else if (name == QLatin1String("cert") || name == QLatin1String("key") ||
                 name == QLatin1String("proxy-cert") || name == QLatin1String("proxy-key"))
            certificate(name, value);
        else if (name == QLatin1String("pass") || name == QLatin1String("proxy-pass") ||
                 name == QLatin1String("tlspassword") || name == QLatin1String("proxy-tlspassword"))
            keep(bearerAuth(value), QStringLiteral("--") + name, name);
        else if (isCurlConnection(name))
            notTaken(name);
        else if (name == QLatin1String("config"))
            note(ImportText::tr("The file of options %1 is not read.").arg(value));
    }

    void note(const QString& text) { noteOnce(m_draft, text); }
    void notTaken(const QString& name) {
        note(ImportText::tr("The option %1 is not taken over.").arg(QStringLiteral("--") + name));
    }

    /// A secret that no request carries itself.
    void keep(DraftAuth auth, const QString& name, const QString& option) {
        if (auth.secrets.value(QString()).isEmpty()) return;
        auth.name = name;
        m_draft.kept.append({auth, QStringLiteral("curl --") + option});
    }

    void proxy(const QString& option, const QString& value) {
        const QString address = value.section(u'@', -1);
        note(ImportText::tr("The proxy %1 is not taken over: set it in the settings.").arg(address));
        if (address == value) return;
        const QString user = value.chopped(address.size() + 1).section(QLatin1String("://"), -1);
        keep(basicAuth(QUrl::fromPercentEncoding(user.section(u':', 0, 0).toUtf8()),
                       QUrl::fromPercentEncoding(user.section(u':', 1).toUtf8())),
             proxyWord, option);
    }

    void proxyHeader(const QString& option, const QString& line) {
        notTaken(option);
        if (line.section(u':', 0, 0).trimmed().compare(proxyWord, Qt::CaseInsensitive) == 0)
            keep(bearerAuth(line.section(u':', 1).trimmed()), proxyWord, option);
    }

    void certificate(const QString& option, const QString& value) {
        note(ImportText::tr("A client certificate is not taken over."));
        const qsizetype at = option.endsWith(QLatin1String("cert")) ? passphraseAt(value) : -1;
        if (at < 0) return;
        keep(bearerAuth(value.mid(at + 1)), value.left(at).section(u'/', -1).section(u'\\', -1), option);
    }

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
        m.hasData = true;
        if (mayBeFile && value.startsWith(u'@'))
            fileBody(value.mid(1), QStringLiteral("application/x-www-form-urlencoded"));
        else
            m.data.append(value);
    }

    void fileBody(const QString& file, const QString& type) {
        if (file == QLatin1String("-") || file == QLatin1String("."))
            return note(ImportText::tr("A body from standard input is not read."));
        m.spec.body = {BodySpec::Kind::File, file, {}};
        m.fileType = type;
        note(ImportText::tr("The body is the file %1: copy it into the workspace's folder.").arg(file));
    }

    /// "name=value", "=value" and "value": what stands behind the first "=" is encoded.
    void encodedField(const QString& value, QStringList& into) {
        const qsizetype equals = value.indexOf(u'=');
        const qsizetype at = value.indexOf(u'@');
        if (at >= 0 && (equals < 0 || at < equals))
            return note(ImportText::tr("The file %1 is not read.").arg(value.mid(at + 1)));
        into.append(equals < 0 ? formEncoded(value)
                               : (equals > 0 ? value.left(equals + 1) : QString()) +
                                     formEncoded(value.mid(equals + 1)));
    }

    void json(const QString& value) {
        m.isJson = true;
        if (value.startsWith(u'@'))
            fileBody(value.mid(1), QStringLiteral("application/json"));
        else
            m.json += value;
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
        if (m.method.isEmpty()) m.method = QStringLiteral("PUT");
        fileBody(file, {});
    }

    bool has(const char* name) const {
        const auto named = [&](const QString& each) {
            return each.compare(QLatin1String(name), Qt::CaseInsensitive) == 0;
        };
        const QStringList& removed = m.spec.settings.removedDefaultHeaders;
        return std::any_of(removed.cbegin(), removed.cend(), named) ||
               std::any_of(m.spec.headers.cbegin(), m.spec.headers.cend(),
                           [&](const HeaderRow& row) { return named(row.name); });
    }

    void finishBody() {
        if (m.isJson && !has("Accept")) row(QStringLiteral("Accept"), QStringLiteral("application/json"));
        if (m.spec.body.kind == BodySpec::Kind::File && !has("Content-Type"))
            m.spec.body.contentType = m.fileType;
        if (m.isJson) {
            if (m.spec.body.kind != BodySpec::Kind::File) m.spec.body = {BodySpec::Kind::Json, m.json, {}};
            return;
        }
        if (m.get && m.spec.body.kind == BodySpec::Kind::File) m.spec.body = {}; // it was for the query
        if (m.data.isEmpty()) return;
        if (m.get || m.head) {
            m.query.append(m.data);
            return;
        }
        QString type = QStringLiteral("application/x-www-form-urlencoded");
        for (const HeaderRow& each : std::as_const(m.spec.headers))
            if (each.name.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) == 0) type = each.value;
        if (m.spec.body.kind == BodySpec::Kind::File) // curl would put one behind the other
            note(ImportText::tr("The file %1 is not read.").arg(m.spec.body.text));
        m.spec.body = textBody(m.data.join(u'&'), type);
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
        const bool posts = !m.get && (spec.body.kind != BodySpec::Kind::None || m.hasData);
        spec.method = !m.method.isEmpty() ? m.method
                      : m.head            ? QStringLiteral("HEAD")
                      : posts             ? QStringLiteral("POST")
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

    const QString proxyWord = QStringLiteral("Proxy-Authorization");
    Draft& m_draft;
    const QStringList& m_words;
    qsizetype m_at = 0;
    QList<DraftItem> m_items;
    struct {
        RequestSpec spec;
        QStringList urls;
        QString method, user, aws, authKind, json, fileType;
        QStringList data, query;
        DraftAuth auth;
        bool get = false, head = false, follow = false, isJson = false, hasData = false;
    } m; ///< one request's; --next begins another
};

} // namespace

Result<Draft> readCurl(const QByteArray& text, const QString& name) {
    Draft draft;
    draft.format = QStringLiteral("curl");
    draft.name = name;
    const QString all = QString::fromUtf8(text);
    QStringList variables;
    const QList<QStringList> commands = shellCommands(all, guessShell(all), &variables);
    for (const QString& variable : std::as_const(variables))
        noteOnce(
            draft,
            ImportText::tr("The shell's variable %1 is {{%1}} here and has no value yet.").arg(variable));
    for (const QStringList& words : commands) {
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
