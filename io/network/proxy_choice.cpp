// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/proxy_choice.h"

#include <QCoreApplication>

#ifdef Q_OS_UNIX
#include <arpa/inet.h>
#endif
#ifdef Q_OS_WIN
#include <winsock2.h>
#include <ws2tcpip.h>
#endif

#include <array>
#include <cstring>

namespace kb {
namespace {

struct ProxyText {
    Q_DECLARE_TR_FUNCTIONS(Proxy)
};

/// An address in network order; family 0 if the text is none.
struct Address {
    int family = 0;
    std::array<unsigned char, 16> bytes{};
    int bits() const { return family == AF_INET ? 32 : 128; }
};

Address parseAddress(QByteArrayView text) {
    QByteArray plain = text.toByteArray();
    if (plain.startsWith('[') && plain.endsWith(']')) plain = plain.mid(1, plain.size() - 2);
    Address address;
    if (inet_pton(AF_INET, plain.constData(), address.bytes.data()) == 1)
        address.family = AF_INET;
    else if (inet_pton(AF_INET6, plain.constData(), address.bytes.data()) == 1)
        address.family = AF_INET6;
    return address;
}

bool inBlock(const Address& host, const Address& block, int prefix) {
    if (host.family == 0 || host.family != block.family || prefix < 0 || prefix > host.bits()) return false;
    const std::size_t whole = std::size_t(prefix) / 8;
    if (std::memcmp(host.bytes.data(), block.bytes.data(), whole) != 0) return false;
    const int rest = prefix % 8;
    if (rest == 0) return true;
    const unsigned mask = (0xFFU << (8 - rest)) & 0xFFU;
    return (host.bytes[whole] & mask) == (block.bytes[whole] & mask);
}

bool entryCovers(const QByteArray& entry, const QByteArray& host, const Address& address) {
    if (entry == "*") return true;
    if (address.family != 0) {
        const qsizetype slash = entry.indexOf('/');
        const Address block = parseAddress(slash < 0 ? entry : entry.left(slash));
        bool ok = true;
        const int prefix = slash < 0 ? block.bits() : entry.mid(slash + 1).toInt(&ok);
        return ok && block.family != 0 && inBlock(address, block, prefix);
    }
    QByteArray name = entry.toLower();
    if (name.startsWith('.')) name.remove(0, 1);
    if (name.endsWith('.')) name.chop(1);
    return !name.isEmpty() && (host == name || host.endsWith(QByteArray("." + name)));
}

QByteArray environment(const char* name) {
    return qgetenv(name).trimmed();
}

} // namespace

bool noProxyCovers(QByteArrayView list, QByteArrayView hostText) {
    QByteArray host = hostText.toByteArray().toLower();
    if (host.endsWith('.')) host.chop(1);
    const Address address = parseAddress(host);
    QByteArray separated = list.toByteArray();
    separated.replace(' ', ',');
    const QList<QByteArray> entries = separated.split(',');
    for (const QByteArray& entry : entries) {
        if (!entry.isEmpty() && entryCovers(entry, host, address)) return true;
    }
    return false;
}

QByteArray environmentProxy(const Origin& target) {
    QByteArray proxy = environment(target.isSecure() ? "https_proxy" : "http_proxy");
    if (proxy.isEmpty() && target.isSecure()) proxy = environment("HTTPS_PROXY");
    if (proxy.isEmpty()) proxy = environment("all_proxy");
    if (proxy.isEmpty()) proxy = environment("ALL_PROXY");
    if (proxy.isEmpty()) return {};
    QByteArray except = environment("no_proxy");
    if (except.isEmpty()) except = environment("NO_PROXY");
    return noProxyCovers(except, target.host) ? QByteArray() : proxy;
}

Result<ProxyChoice> chooseProxy(const ProxySetting& setting, const HttpUrl& target,
                                const std::function<QString(const QString& url)>& system) {
    QByteArray url;
    switch (setting.kind) {
    case ProxySetting::Kind::None:
        break;
    case ProxySetting::Kind::Manual:
        url = setting.url.trimmed().toUtf8();
        break;
    case ProxySetting::Kind::System:
        url = system ? system(QString::fromLatin1(target.text())).trimmed().toUtf8()
                     : environmentProxy(target.origin());
        break;
    }
    ProxyChoice choice;
    if (url.isEmpty()) {
        if (setting.kind != ProxySetting::Kind::Manual) return choice;
        return fail(ErrorCode::InvalidInput, ProxyText::tr("The proxy has no address."),
                    ProxyText::tr("proxy setting"),
                    ProxyText::tr("Enter one such as http://proxy.example:3128 or socks5://127.0.0.1:1080."));
    }
    if (!url.contains("://")) url.prepend("http://");
    const QByteArray scheme = url.left(url.indexOf("://")).toLower();
    const QByteArray rest = url.mid(scheme.size() + 3);
    const QByteArray authority = rest.left(rest.indexOf('/') < 0 ? rest.size() : rest.indexOf('/'));
    const QByteArray hostPort = authority.mid(authority.lastIndexOf('@') + 1);
    choice.shown = QString::fromUtf8(scheme + "://" + hostPort);
    const bool http = scheme == "http" || scheme == "https";
    if (!http && scheme != "socks5" && scheme != "socks5h" && scheme != "socks4" && scheme != "socks4a") {
        return fail(
            ErrorCode::InvalidInput,
            ProxyText::tr("A proxy of the kind \"%1\" cannot be used.").arg(QString::fromUtf8(scheme)),
            choice.shown, ProxyText::tr("Use http, https, socks5 or socks5h."));
    }
    if (hostPort.isEmpty() || hostPort.startsWith(':')) {
        return fail(ErrorCode::InvalidInput, ProxyText::tr("The proxy's address names no host."),
                    choice.shown,
                    ProxyText::tr("Enter one such as http://proxy.example:3128 or socks5://127.0.0.1:1080."));
    }
    choice.url = scheme + "://" + authority;
    choice.forwards = http && !target.origin().isSecure();
    return choice;
}

} // namespace kb
