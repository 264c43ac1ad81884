// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/rate_limit.h"

#include "core/http/structured_field.h"

#include <cmath>

namespace kb {

namespace {

/// Seconds between now and a moment, never negative, rounded up so that a wait is long enough.
qint64 secondsUntil(qint64 momentMs, qint64 nowMs) {
    return momentMs <= nowMs ? 0 : (momentMs - nowMs + 999) / 1000;
}

/// A number at the start of a field value: "100", "57.0", "100, 100;w=60". Its fraction is rounded up.
std::optional<double> leadingNumber(const QByteArray& value) {
    const QByteArray text = value.trimmed();
    qsizetype end = 0;
    bool dot = false;
    while (end < text.size() &&
           ((text[end] >= '0' && text[end] <= '9') || (text[end] == '.' && !dot && end > 0))) {
        dot = dot || text[end] == '.';
        ++end;
    }
    if (end == 0 || (end < text.size() && !QByteArrayView(" \t,;").contains(text[end]))) return std::nullopt;
    bool ok = false;
    const double number = text.left(end).toDouble(&ok);
    return ok && number < 9e15 ? std::optional<double>(number) : std::nullopt;
}

std::optional<qint64> wholeNumber(const QByteArray& value) {
    const auto number = leadingNumber(value);
    return number ? std::optional<qint64>(qint64(std::ceil(*number))) : std::nullopt;
}

std::optional<qint64> retryAfter(const HeaderList& headers, qint64 nowMs) {
    const auto value = headers.first("Retry-After");
    if (!value) return std::nullopt;
    bool ok = false;
    const QByteArray text = value->trimmed();
    const qint64 seconds = text.toLongLong(&ok);
    if (ok && seconds >= 0 && text[0] != '+') return seconds;
    if (const auto moment = parseHttpDate(text, nowMs)) return secondsUntil(*moment, nowMs);
    return std::nullopt;
}

std::optional<qint64> count(const SfItem* item) {
    if (!item || item->type != SfItem::Type::Integer || item->integer < 0) return std::nullopt;
    return item->integer;
}

/// Whether the parameter is missing or of its type. A count is not negative.
bool fits(const SfMember& member, QByteArrayView name, SfItem::Type type) {
    const SfItem* item = member.param(name);
    return !item || (item->type == type && (type != SfItem::Type::Integer || count(item)));
}

std::optional<QByteArray> policyName(const SfMember& member) {
    const bool named = member.item.type == SfItem::Type::String || member.item.type == SfItem::Type::Token;
    return !member.isInnerList && named ? std::optional<QByteArray>(member.item.text) : std::nullopt;
}

/// Of a malformed field nothing counts: what it says of one policy may be as wrong as the rest (RFC 9651
/// §4.2).
QList<SfMember> readPolicies(const QList<QByteArray>& lines) {
    using Type = SfItem::Type;
    const auto list = parseSfList(lines).value_or(QList<SfMember>());
    for (const SfMember& policy : list) {
        if (!policyName(policy) || !count(policy.param("q")) || !fits(policy, "w", Type::Integer) ||
            !fits(policy, "qu", Type::String) || !fits(policy, "pk", Type::Bytes))
            return {};
    }
    return list;
}

void takeLimitFromPolicy(RateLimitState& state, const QList<SfMember>& policies, const QByteArray& name) {
    for (const SfMember& policy : policies) {
        if (policyName(policy) == name && !state.limit) state.limit = count(policy.param("q"));
    }
}

/// draft-ietf-httpapi-ratelimit-headers since -08: a list of policies, each with what is left of it.
bool readListForm(RateLimitState& state, const QList<QByteArray>& lines, const QList<SfMember>& policies) {
    const auto list = parseSfList(lines);
    if (!list) return false;
    const SfMember* tightest = nullptr;
    qint64 tightestLeft = 0;
    for (const SfMember& member : *list) {
        const auto left = count(member.param("r"));
        if (!policyName(member) || !left || !fits(member, "t", SfItem::Type::Integer) ||
            !fits(member, "pk", SfItem::Type::Bytes))
            return false;
        if (!tightest || *left < tightestLeft) {
            tightest = &member;
            tightestLeft = *left;
        }
    }
    if (!tightest) return false;
    state.policy = QString::fromUtf8(tightest->item.text);
    state.remaining = tightestLeft;
    state.resetSeconds = count(tightest->param("t"));
    takeLimitFromPolicy(state, policies, tightest->item.text);
    return true;
}

/// Drafts -03 to -07: "RateLimit: limit=100, remaining=50, reset=5".
bool readDictionaryForm(RateLimitState& state, const QList<QByteArray>& lines) {
    const auto members = parseSfDictionary(lines);
    if (!members) return false;
    for (const SfMember& member : *members) {
        auto* const value = member.key == "limit"       ? &state.limit
                            : member.key == "remaining" ? &state.remaining
                            : member.key == "reset"     ? &state.resetSeconds
                                                        : nullptr;
        if (!value) continue;
        *value = count(member.isInnerList ? nullptr : &member.item);
        if (!*value) return false;
    }
    return state.limit || state.remaining || state.resetSeconds;
}

bool readStructured(RateLimitState& state, const HeaderList& headers) {
    const QList<QByteArray> lines = headers.all("RateLimit");
    const QList<SfMember> policies = readPolicies(headers.all("RateLimit-Policy"));
    if (!lines.isEmpty()) {
        RateLimitState read;
        if (readListForm(read, lines, policies) || readDictionaryForm(read, lines)) {
            state = read;
            state.source = QStringLiteral("RateLimit");
            return true;
        }
    }
    if (policies.isEmpty()) return false;
    state.policy = QString::fromUtf8(policies.first().item.text);
    state.limit = count(policies.first().param("q"));
    state.source = QStringLiteral("RateLimit-Policy");
    // Only a fallback: fields that tell what is left are worth more.
    return false;
}

/// "…-Reset" means seconds left, a Unix time or one in milliseconds, as each vendor liked. The sizes do not
/// meet: 1e9 seconds are 31 years, and 1e11 milliseconds after 1970 was 1973.
void readReset(RateLimitState& state, const QByteArray& value, bool specified, qint64 nowMs) {
    if (const auto number = leadingNumber(value)) {
        if (*number >= 1e11)
            state.resetSeconds = secondsUntil(qint64(*number), nowMs);
        else if (*number >= 1e9)
            state.resetSeconds = secondsUntil(qint64(std::ceil(*number * 1000)), nowMs);
        else
            state.resetSeconds = qint64(std::ceil(*number));
        state.resetGuessed = !specified || *number >= 1e9;
    } else if (const auto moment = parseHttpDate(value, nowMs)) {
        state.resetSeconds = secondsUntil(*moment, nowMs);
    }
}

bool readTriple(RateLimitState& state, const HeaderList& headers, const QByteArray& prefix, bool specified,
                qint64 nowMs) {
    const auto limit = headers.first(QByteArray(prefix + "-Limit"));
    const auto remaining = headers.first(QByteArray(prefix + "-Remaining"));
    const auto reset = headers.first(QByteArray(prefix + "-Reset"));
    RateLimitState read;
    if (limit) read.limit = wholeNumber(*limit);
    if (remaining) read.remaining = wholeNumber(*remaining);
    if (reset) readReset(read, *reset, specified, nowMs);
    if (!read.limit && !read.remaining && !read.resetSeconds) return false;
    const QByteArray used = prefix + (read.limit ? "-Limit" : read.remaining ? "-Remaining" : "-Reset");
    read.source = QString::fromLatin1(used);
    state = read;
    return true;
}

} // namespace

std::optional<RateLimitState> readRateLimit(const HeaderList& headers, qint64 nowMs) {
    RateLimitState state;
    readStructured(state, headers) || readTriple(state, headers, "RateLimit", true, nowMs) ||
        readTriple(state, headers, "X-RateLimit", false, nowMs) ||
        readTriple(state, headers, "X-Rate-Limit", false, nowMs);
    state.retryAfterSeconds = retryAfter(headers, nowMs);
    if (state.source.isEmpty()) {
        if (!state.retryAfterSeconds) return std::nullopt;
        state.source = QStringLiteral("Retry-After");
    }
    return state;
}

} // namespace kb
