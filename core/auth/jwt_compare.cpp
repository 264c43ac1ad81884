// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/auth/jwt_compare.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace kb {

namespace {

template<std::size_t n> bool isOneOf(const QString& name, const std::array<const char*, n>& names) {
    for (const char* known : names)
        if (name == QLatin1String(known)) return true;
    return false;
}

/// Claims whose words are a set (RFC 8693 §4.2, RFC 9068 §2.2.3.1, RFC 7519 §4.1.3, and what servers add).
bool namesSet(const QString& name) {
    static constexpr std::array<const char*, 11> names = {"scope", "scopes", "scp",         "role",
                                                          "roles", "groups", "permissions", "entitlements",
                                                          "aud",   "amr",    "authorities"};
    return isOneOf(name, names);
}

bool namesTime(const QString& name) {
    static constexpr std::array<const char*, 5> names = {"exp", "nbf", "iat", "auth_time", "updated_at"};
    return isOneOf(name, names);
}

/// The words of a set, written as one text or as a list of texts; none if it is something else.
std::optional<QStringList> wordsOf(const JsonValue& value, bool splitAtSpaces) {
    if (value.isString())
        return splitAtSpaces ? value.string.split(QLatin1Char(' '), Qt::SkipEmptyParts)
                             : QStringList{value.string};
    if (!value.isArray()) return std::nullopt;
    QStringList words;
    for (const JsonValue& item : value.items) {
        if (!item.isString()) return std::nullopt;
        words.append(item.string);
    }
    return words;
}

QStringList without(const QStringList& words, const QStringList& others) {
    QStringList left;
    for (const QString& word : words)
        if (!others.contains(word) && !left.contains(word)) left.append(word);
    return left;
}

QString textOf(const JsonValue& value) {
    return QString::fromUtf8(writeJson(value));
}

bool sameValue(const JsonValue& left, const JsonValue& right) {
    if (left.type != right.type || left.items.size() != right.items.size() ||
        left.members.size() != right.members.size())
        return false;
    if (left.boolean != right.boolean || left.numberText != right.numberText || left.string != right.string)
        return false;
    for (qsizetype i = 0; i < left.items.size(); ++i)
        if (!sameValue(left.items[i], right.items[i])) return false;
    for (const JsonValue::Member& member : left.members) {
        const JsonValue* other = right.find(member.first);
        if (!other || !sameValue(member.second, *other)) return false;
    }
    return true;
}

JwtMemberComparison compareValues(const QString& path, const QString& name, const JsonValue& left,
                                  const JsonValue& right) {
    JwtMemberComparison result;
    result.name = path;
    result.left = textOf(left);
    result.right = textOf(right);
    bool same = sameValue(left, right);
    if (namesSet(name)) {
        const bool split = name == QLatin1String("scope") || name == QLatin1String("scp");
        const std::optional<QStringList> leftWords = wordsOf(left, split);
        const std::optional<QStringList> rightWords = wordsOf(right, split);
        result.isSet = leftWords && rightWords;
        if (result.isSet) {
            result.onlyLeft = without(*leftWords, *rightWords);
            result.onlyRight = without(*rightWords, *leftWords);
            same = result.onlyLeft.isEmpty() && result.onlyRight.isEmpty();
        }
    }
    result.kind = same ? JwtMemberComparison::Kind::Same : JwtMemberComparison::Kind::Changed;
    if (!same && namesTime(name) && left.isNumber() && right.isNumber()) {
        const double seconds = right.toDouble() - left.toDouble();
        if (std::isfinite(seconds)) result.laterBy = seconds;
    }
    return result;
}

JwtMemberComparison oneSided(const QString& path, const JsonValue& value, JwtMemberComparison::Kind kind) {
    JwtMemberComparison result;
    result.name = path;
    result.kind = kind;
    (kind == JwtMemberComparison::Kind::OnlyLeft ? result.left : result.right) = textOf(value);
    return result;
}

void compareObjects(const JsonValue& left, const JsonValue& right, const QString& above,
                    QList<JwtMemberComparison>& out) {
    // A name may come twice: the first of it is compared with the first, the second with the second.
    std::vector<bool> met(std::size_t(right.members.size()), false);
    for (const JsonValue::Member& member : left.members) {
        const QString path = above + member.first;
        qsizetype at = 0;
        while (at < right.members.size() && (met[std::size_t(at)] || right.members[at].first != member.first))
            ++at;
        if (at == right.members.size()) {
            out.append(oneSided(path, member.second, JwtMemberComparison::Kind::OnlyLeft));
            continue;
        }
        met[std::size_t(at)] = true;
        const JsonValue& other = right.members[at].second;
        if (member.second.isObject() && other.isObject())
            compareObjects(member.second, other, path + QLatin1Char('.'), out);
        else
            out.append(compareValues(path, member.first, member.second, other));
    }
    for (qsizetype at = 0; at < right.members.size(); ++at)
        if (!met[std::size_t(at)])
            out.append(oneSided(above + right.members[at].first, right.members[at].second,
                                JwtMemberComparison::Kind::OnlyRight));
}

bool allSame(const QList<JwtMemberComparison>& members) {
    return std::all_of(members.cbegin(), members.cend(), [](const JwtMemberComparison& member) {
        return member.kind == JwtMemberComparison::Kind::Same;
    });
}

} // namespace

JwtComparison compareJwts(const DecodedJwt& left, const DecodedJwt& right) {
    JwtComparison result;
    compareObjects(left.header, right.header, {}, result.header);
    compareObjects(left.claims, right.claims, {}, result.claims);
    // Payloads without claims are compared as bytes: they have no members that could differ.
    const bool payloads = left.claims.isObject() == right.claims.isObject() &&
                          (left.claims.isObject() || left.claimsText == right.claimsText);
    result.same = payloads && allSame(result.header) && allSame(result.claims);
    return result;
}

} // namespace kb
