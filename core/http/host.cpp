// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/host.h"

#include <QCoreApplication>
#include <QList>
#include <QUrl>
#include <algorithm>
#include <array>
#include <optional>

namespace kb {

namespace {

struct HostText {
    Q_DECLARE_TR_FUNCTIONS(HostText)
};

tl::unexpected<Error> hostError(const QString& what, qsizetype position, const QString& next = {}) {
    return fail(ErrorCode::InvalidInput, what, HostText::tr("character %1").arg(position + 1), next,
                position);
}

bool isDigits(QByteArrayView text) {
    return !text.isEmpty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Four numbers up to 255 without leading zeros, with dots between. Every request asks this several times, so
/// it makes no copies.
std::optional<quint32> ipv4Number(QByteArrayView text) {
    quint32 number = 0, octet = 0;
    int digits = 0, dots = 0;
    for (const char c : text) {
        if (c == '.') {
            if (digits == 0 || ++dots > 3) return std::nullopt;
            number = number << 8 | octet;
            octet = 0;
            digits = 0;
            continue;
        }
        if (c < '0' || c > '9' || (digits > 0 && octet == 0)) return std::nullopt;
        octet = octet * 10 + quint32(c - '0');
        ++digits;
        if (octet > 255) return std::nullopt;
    }
    if (digits == 0 || dots != 3) return std::nullopt;
    return number << 8 | octet;
}

using Groups = std::array<quint16, 8>;

/// The groups of one side of "::", or of the whole address. False when it is not made of groups.
bool readGroups(const QByteArray& text, bool mayEndInIpv4, QList<quint16>& groups) {
    if (text.isEmpty()) return true;
    const QList<QByteArray> parts = text.split(':');
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QByteArray& part = parts[i];
        if (mayEndInIpv4 && i == parts.size() - 1 && part.contains('.')) {
            const auto number = ipv4Number(part);
            if (!number) return false;
            groups << quint16(*number >> 16) << quint16(*number & 0xffff);
            return true;
        }
        if (part.isEmpty() || part.size() > 4) return false;
        for (const char c : part)
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return false;
        groups << quint16(part.toUInt(nullptr, 16));
    }
    return true;
}

std::optional<Groups> ipv6Groups(const QByteArray& text) {
    QList<quint16> head, tail;
    const qsizetype gap = text.indexOf("::");
    if (gap < 0) {
        if (!readGroups(text, true, head) || head.size() != 8) return std::nullopt;
    } else {
        if (!readGroups(text.left(gap), false, head) || !readGroups(text.mid(gap + 2), true, tail) ||
            head.size() + tail.size() > 7)
            return std::nullopt;
    }
    Groups groups{};
    std::copy(head.begin(), head.end(), groups.begin());
    std::copy(tail.begin(), tail.end(), groups.end() - tail.size());
    return groups;
}

/// RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals)
/// as "::".
QByteArray ipv6Text(const Groups& groups) {
    qsizetype bestStart = -1, bestLength = 1;
    for (qsizetype i = 0; i < 8; ++i) {
        qsizetype length = 0;
        while (i + length < 8 && groups[size_t(i + length)] == 0)
            ++length;
        if (length > bestLength) {
            bestStart = i;
            bestLength = length;
        }
        i += length;
    }
    QByteArray text;
    for (qsizetype i = 0; i < 8; ++i) {
        if (i == bestStart) {
            text += "::";
            i += bestLength - 1;
            continue;
        }
        if (!text.isEmpty() && !text.endsWith(':')) text += ':';
        text += QByteArray::number(groups[size_t(i)], 16);
    }
    return text;
}

bool isHostChar(QChar c) {
    return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'-' ||
           c == u'.' || c == u'_';
}

Result<QByteArray> readIpv6(const QString& host, qsizetype offset) {
    const qsizetype close = host.indexOf(u']');
    if (close < 0) return hostError(HostText::tr("The IPv6 address has no closing bracket."), offset);
    if (close != host.size() - 1)
        return hostError(HostText::tr("Only a port may follow the IPv6 address."), offset + close + 1);
    const QString inside = host.mid(1, close - 1);
    if (const qsizetype zone = inside.indexOf(u'%'); zone >= 0)
        return hostError(HostText::tr("An IPv6 address with a zone cannot be used in a URL."),
                         offset + 1 + zone, HostText::tr("Use the address without the part after %."));
    const auto groups = ipv6Groups(inside.toLatin1());
    if (!groups) return hostError(HostText::tr("This is not an IPv6 address."), offset + 1);
    return '[' + ipv6Text(*groups) + ']';
}

/// Whether address readers may take the name for a number: the last label is digits, or hexadecimal with 0x.
bool endsInNumber(const QByteArray& name) {
    QByteArray last = name.endsWith('.') ? name.chopped(1) : name;
    last = last.mid(last.lastIndexOf('.') + 1);
    return isDigits(last) || last.startsWith("0x");
}

} // namespace

bool isIpv4(const QByteArray& host) {
    return ipv4Number(host).has_value();
}

Result<QByteArray> readHost(const QString& host, qsizetype offset) {
    if (host.isEmpty()) return hostError(HostText::tr("The URL has no host name."), offset);
    if (host.startsWith(u'[')) return readIpv6(host, offset);

    bool ascii = true;
    for (qsizetype i = 0; i < host.size(); ++i) {
        if (host[i].unicode() >= 0x80) {
            ascii = false;
            continue;
        }
        if (host[i] == u'%')
            return hostError(HostText::tr("A host name cannot be percent-encoded."), offset + i);
        if (!isHostChar(host[i]))
            return hostError(HostText::tr("This character cannot be part of a host name."), offset + i);
    }
    QByteArray name = host.toLatin1().toLower();
    if (!ascii) {
        name = QUrl::toAce(host).toLower();
        const bool usable =
            std::all_of(name.begin(), name.end(), [](char c) { return isHostChar(QLatin1Char(c)); });
        if (name.isEmpty() || !usable)
            return hostError(HostText::tr("This host name has no form for the network (RFC 5891)."), offset);
    }

    for (qsizetype start = 0, end = 0; start <= name.size(); start = end + 1) {
        const qsizetype dot = name.indexOf('.', start);
        end = dot < 0 ? name.size() : dot;
        const bool finalDot = dot < 0 && start > 0;
        const qsizetype position = ascii ? offset + start : offset;
        if (end == start && !finalDot)
            return hostError(HostText::tr("A part of the host name between dots is empty."), position);
        if (end - start > 63)
            return hostError(HostText::tr("A part of the host name is longer than 63 characters."), position);
    }
    if (name.size() > 254)
        return hostError(HostText::tr("The host name is longer than 253 characters."), offset);
    if (endsInNumber(name) && !ipv4Number(name))
        return hostError(HostText::tr("This looks like an IP address but is not four numbers from 0 to 255."),
                         offset, HostText::tr("Write it like 127.0.0.1, without leading zeros."));
    return name;
}

} // namespace kb
