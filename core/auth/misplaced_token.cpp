// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/misplaced_token.h"

#include "core/auth/token_kind.h"
#include "core/http/url_template.h"

#include <QUrl>

namespace kb {

namespace {

std::string_view view(const QByteArray& bytes) {
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

/// "user:password" as a Basic profile; nothing without a password.
std::optional<MisplacedToken> basicFrom(const QByteArray& pair) {
    const qsizetype colon = pair.indexOf(':');
    if (colon < 0 || colon + 1 == pair.size()) return {};
    BasicScheme basic;
    basic.user = QString::fromUtf8(pair.left(colon));
    return MisplacedToken{basic, Secret(view(pair).substr(static_cast<std::size_t>(colon) + 1))};
}

std::optional<MisplacedToken> fromHeader(const HeaderRow& row) {
    QByteArray value = row.value.trimmed().toUtf8();
    std::optional<MisplacedToken> found;
    if (row.name.compare(QLatin1String("Authorization"), Qt::CaseInsensitive) != 0) {
        if (!value.isEmpty())
            found = MisplacedToken{ApiKeyScheme{ApiKeyScheme::In::Header, row.name}, Secret(view(value))};
    } else {
        // A word before a space is the scheme (RFC 9110 §11.4); without one the value itself is the token.
        const qsizetype space = value.indexOf(' ');
        const QByteArray word = value.left(qMax<qsizetype>(0, space));
        QByteArray pair = word.compare("Basic", Qt::CaseInsensitive) == 0
                              ? QByteArray::fromBase64(value.mid(space + 1).trimmed())
                              : QByteArray();
        if (pair.contains(':')) {
            found = basicFrom(pair);
        } else { // some APIs want a token of their own behind that word
            QByteArray token = value.mid(space + 1).trimmed();
            BearerScheme bearer;
            if (space > 0) bearer.prefix = QString::fromLatin1(word);
            if (!token.isEmpty()) found = MisplacedToken{bearer, Secret(view(token))};
            wipeBytes(token);
        }
        wipeBytes(pair);
    }
    wipeBytes(value);
    return found;
}

std::optional<MisplacedToken> fromQuery(const QString& url, const QString& name) {
    for (const QueryField& field : splitUrl(url).query) {
        if (field.name != name || field.value.isEmpty()) continue;
        QByteArray value = QByteArray::fromPercentEncoding(field.value.toUtf8());
        const QString plain = QString(name).remove(QLatin1Char('_')).remove(QLatin1Char('-')).toLower();
        const bool oauth = plain == QLatin1String("accesstoken") || plain == QLatin1String("bearer");
        AuthScheme scheme = ApiKeyScheme{ApiKeyScheme::In::Query, name};
        if (oauth) scheme = BearerScheme{};
        MisplacedToken found{std::move(scheme), Secret(view(value))};
        wipeBytes(value);
        return found;
    }
    return {};
}

/// Where "user:password@" stands in the URL: its start, and the length with the "@".
std::pair<qsizetype, qsizetype> userInfoOf(const QString& url) {
    const qsizetype scheme = url.indexOf(QLatin1String("://"));
    if (scheme < 0) return {-1, 0};
    const qsizetype start = scheme + 3;
    qsizetype end = url.size();
    for (const char c : {'/', '?', '#'})
        if (const qsizetype at = url.indexOf(QLatin1Char(c), start); at >= 0) end = qMin(end, at);
    const qsizetype sign = end == start ? -1 : url.lastIndexOf(QLatin1Char('@'), end - 1);
    if (sign < start) return {-1, 0};
    return {start, sign + 1 - start};
}

} // namespace

std::optional<MisplacedToken> tokenAt(const RequestSpec& spec, const TokenSpot& place) {
    switch (place.in) {
    case TokenSpot::In::Header:
        if (place.row < 0 || place.row >= spec.headers.size()) return {};
        return fromHeader(spec.headers.at(place.row));
    case TokenSpot::In::Query:
        return fromQuery(spec.url, place.field);
    case TokenSpot::In::UserInfo: {
        const auto [start, length] = userInfoOf(spec.url);
        if (start < 0) return {};
        QByteArray pair = spec.url.mid(start, length - 1).toUtf8();
        // The two halves are encoded apart, so that a "%3A" in the name is no border.
        const qsizetype colon = pair.indexOf(':');
        if (colon < 0) return {};
        BasicScheme basic;
        basic.user = QString::fromUtf8(QByteArray::fromPercentEncoding(pair.left(colon)));
        QByteArray password = QByteArray::fromPercentEncoding(pair.mid(colon + 1));
        std::optional<MisplacedToken> found;
        if (!password.isEmpty()) found = MisplacedToken{basic, Secret(view(password))};
        wipeBytes(pair);
        wipeBytes(password);
        return found;
    }
    case TokenSpot::In::WholeUrl: {
        QByteArray bytes = spec.url.toUtf8();
        const CleanedToken clean = cleanPastedToken(view(bytes));
        std::optional<MisplacedToken> found;
        if (!clean.value.empty()) found = MisplacedToken{BearerScheme{}, Secret(clean.value)};
        wipeBytes(bytes);
        return found;
    }
    case TokenSpot::In::Nowhere:
        break;
    }
    return {};
}

RequestSpec withoutToken(const RequestSpec& spec, const TokenSpot& place) {
    RequestSpec clean = spec;
    switch (place.in) {
    case TokenSpot::In::Header:
        if (place.row >= 0 && place.row < clean.headers.size()) clean.headers.removeAt(place.row);
        break;
    case TokenSpot::In::Query: {
        UrlParts parts = splitUrl(clean.url);
        for (qsizetype i = 0; i < parts.query.size(); ++i) {
            if (parts.query.at(i).name != place.field || parts.query.at(i).value.isEmpty()) continue;
            parts.query.removeAt(i);
            break;
        }
        if (parts.query.isEmpty()) parts.hasQuery = false;
        clean.url = joinUrl(parts);
        break;
    }
    case TokenSpot::In::UserInfo:
        if (const auto [start, length] = userInfoOf(clean.url); start >= 0) clean.url.remove(start, length);
        break;
    case TokenSpot::In::WholeUrl:
        clean.url.clear();
        break;
    case TokenSpot::In::Nowhere:
        break;
    }
    return clean;
}

} // namespace kb
