// SPDX-License-Identifier: GPL-3.0-or-later
// curl's options as `curl --help all` of its versions 7.88 to 8.17 has them.
#include "core/interchange/curl_options.h"

#include <QSet>
#include <QStringList>

namespace kb::importing {

namespace {

QSet<QString> namesOf(const char* words) {
    const QStringList names = QString::fromLatin1(words).split(u' ', Qt::SkipEmptyParts);
    return {names.cbegin(), names.cend()};
}

} // namespace

bool isCurlFlag(const QString& name) {
    static const QSet<QString> flags = namesOf(
        "anyauth append basic ca-native cert-status compressed compressed-ssh create-dirs crlf digest "
        "disable "
        "disable-eprt disable-epsv disallow-username-in-url doh-cert-status doh-insecure dump-ca-embed eprt "
        "epsv "
        "fail fail-early fail-with-body false-start follow form-escape ftp-create-dirs ftp-pasv ftp-pret "
        "ftp-skip-pasv-ip ftp-ssl ftp-ssl-ccc ftp-ssl-control ftp-ssl-reqd get globoff haproxy-protocol head "
        "http0.9 "
        "http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only ignore-content-length include insecure "
        "ipv4 "
        "ipv6 junk-session-cookies list-only location location-trusted mail-rcpt-allowfails manual metalink "
        "mptcp "
        "negotiate netrc netrc-optional next ntlm ntlm-wb out-null parallel parallel-immediate path-as-is "
        "post301 "
        "post302 post303 progress-bar proxy-anyauth proxy-basic proxy-ca-native proxy-digest proxy-http2 "
        "proxy-insecure proxy-negotiate proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert "
        "proxy-tlsv1 "
        "proxytunnel raw remote-header-name remote-name remote-name-all remote-time remove-on-error "
        "retry-all-errors retry-connrefused sasl-ir show-error show-headers silent skip-existing "
        "socks5-basic "
        "socks5-gssapi socks5-gssapi-nec ssl ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd "
        "ssl-revoke-best-effort sslv2 sslv3 styled-output suppress-connect-headers tcp-fastopen tcp-nodelay "
        "tftp-no-options tls-earlydata tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids "
        "trace-time "
        "use-ascii verbose version xattr");
    return flags.contains(name) || name.startsWith(QLatin1String("no-"));
}

bool isCurlConnection(const QString& name) {
    static const QSet<QString> known =
        namesOf("abstract-unix-socket cacert capath connect-to crlfile dns-interface dns-ipv4-addr "
                "dns-ipv6-addr dns-servers doh-url ech haproxy-clientip haproxy-protocol interface ipv4 ipv6 "
                "local-port netrc netrc-file netrc-optional pinnedpubkey request-target resolve tls-max "
                "unix-socket variable");
    return known.contains(name) || name.startsWith(QLatin1String("expand-"));
}

const QMap<QChar, QString>& curlShortOptions() {
    static const QMap<QChar, QString> names{
        {u'A', QStringLiteral("user-agent")},  {u'C', QStringLiteral("continue-at")},
        {u'D', QStringLiteral("dump-header")}, {u'E', QStringLiteral("cert")},
        {u'F', QStringLiteral("form")},        {u'H', QStringLiteral("header")},
        {u'K', QStringLiteral("config")},      {u'P', QStringLiteral("ftp-port")},
        {u'Q', QStringLiteral("quote")},       {u'T', QStringLiteral("upload-file")},
        {u'U', QStringLiteral("proxy-user")},  {u'X', QStringLiteral("request")},
        {u'Y', QStringLiteral("speed-limit")}, {u'b', QStringLiteral("cookie")},
        {u'c', QStringLiteral("cookie-jar")},  {u'd', QStringLiteral("data")},
        {u'e', QStringLiteral("referer")},     {u'h', QStringLiteral("help")},
        {u'm', QStringLiteral("max-time")},    {u'o', QStringLiteral("output")},
        {u'r', QStringLiteral("range")},       {u't', QStringLiteral("telnet-option")},
        {u'u', QStringLiteral("user")},        {u'w', QStringLiteral("write-out")},
        {u'x', QStringLiteral("proxy")},       {u'y', QStringLiteral("speed-time")},
        {u'z', QStringLiteral("time-cond")}};
    return names;
}

const QMap<QChar, QString>& curlShortFlags() {
    static const QMap<QChar, QString> flags{
        {u'4', QStringLiteral("ipv4")},     {u'6', QStringLiteral("ipv6")},
        {u'G', QStringLiteral("get")},      {u'I', QStringLiteral("head")},
        {u'L', QStringLiteral("location")}, {u'k', QStringLiteral("insecure")},
        {u'n', QStringLiteral("netrc")}};
    return flags;
}

} // namespace kb::importing
