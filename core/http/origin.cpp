// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/host.h"
#include "core/http/url.h"

#include <QCoreApplication>

namespace kb {

namespace {
struct OriginText {
    Q_DECLARE_TR_FUNCTIONS(OriginText)
};

tl::unexpected<Error> originError(const QString& what, qsizetype position) {
    return fail(ErrorCode::InvalidInput, what, OriginText::tr("character %1").arg(position + 1),
                OriginText::tr("Write scheme, host and port only, like https://api.example.com."), position);
}
} // namespace

Result<Origin> Origin::parse(const QString& text) {
    const auto url = HttpUrl::parse(text);
    if (!url) return tl::unexpected<Error>(url.error());
    const qsizetype authority = text.indexOf(QStringLiteral("//")) + 2;
    if (url->userInfo()) return originError(OriginText::tr("An origin has no user name."), authority);
    if (url->path() != "/")
        return originError(OriginText::tr("An origin has no path."), text.indexOf(u'/', authority));
    if (url->query())
        return originError(OriginText::tr("An origin has no query."), text.indexOf(u'?', authority));
    if (url->fragment())
        return originError(OriginText::tr("An origin has no fragment."), text.indexOf(u'#', authority));
    return url->origin();
}

QString Origin::text() const {
    QByteArray line = scheme + "://" + host;
    if (port != (scheme == "https" ? 443 : 80)) line += ':' + QByteArray::number(port);
    return QString::fromLatin1(line);
}

bool Origin::isLoopback() const {
    const QByteArray name = host.endsWith('.') ? host.chopped(1) : host;
    if (name == "localhost" || name.endsWith(".localhost") || name == "[::1]") return true;
    return name.startsWith("127.") && isIpv4(name);
}

} // namespace kb
