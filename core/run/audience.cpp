// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/run.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct Audience {
    Q_DECLARE_TR_FUNCTIONS(Audience)
};

QString listText(const QStringList& origins) {
    return origins.isEmpty() ? Audience::tr("nothing") : origins.join(QStringLiteral(", "));
}

bool sameOrigins(QStringList a, QStringList b) {
    a.sort();
    b.sort();
    a.removeDuplicates();
    b.removeDuplicates();
    return a == b;
}

/// The record was written by us, yet an origin may stand there in another spelling (a default port,
/// capitals).
QStringList normalised(const QStringList& origins) {
    QStringList out;
    for (const QString& text : origins) {
        const Result<Origin> origin = Origin::parse(text);
        out.append(origin ? origin->text() : text);
    }
    return out;
}

Error refused(const QString& target, const QStringList& allowed) {
    return {ErrorCode::OriginRefused, Audience::tr("This profile's secret may not go to %1.").arg(target),
            target,
            Audience::tr("It may go to %1. Allow this origin in the profile, or send as another profile.")
                .arg(listText(allowed)),
            -1};
}

Error changed(const QStringList& proposed, const QStringList& confirmed) {
    return {ErrorCode::ConsentNeeded,
            Audience::tr("The workspace file lets this profile's secret go to %1, but you confirmed %2.")
                .arg(listText(proposed), listText(confirmed)),
            QStringLiteral("opencollection.yml"),
            Audience::tr("Confirm the new origins in the profile, or set the file back."), -1};
}

/// An http origin that stands in the file in so many words; one that comes out of a variable is no consent.
bool explicitPlainHttp(const QString& target, const ProfileBinding& binding) {
    for (const QString& text : binding.allowedOrigins) {
        if (!text.trimmed().startsWith(QLatin1String("http://"), Qt::CaseInsensitive)) continue;
        const Result<Origin> origin = Origin::parse(text.trimmed());
        if (origin && origin->text() == target) return true;
    }
    return false;
}

} // namespace

Result<QStringList> proposedOrigins(const ProfileBinding& binding, const VariableMap& variables) {
    QStringList out;
    for (const QString& proposal : binding.allowedOrigins) {
        const Result<QString> resolved = resolveVariables(proposal, variables);
        if (!resolved) return tl::unexpected(resolved.error());
        const Result<HttpUrl> url = HttpUrl::parse(resolved->trimmed());
        if (!url)
            return fail(ErrorCode::InvalidInput,
                        Audience::tr("The profile's allowed origin %1 cannot be read: %2")
                            .arg(proposal, url.error().what),
                        proposal,
                        Audience::tr("Write it as scheme and host, such as https://api.example.com."));
        const QString text = url->origin().text();
        if (!out.contains(text)) out.append(text);
    }
    return out;
}

std::optional<Error> checkAudience(const Origin& target, const ProfileBinding& binding,
                                   const SecretRecord& record, const VariableMap& variables,
                                   const RequestSettings& settings, bool trustFileOrigins,
                                   bool allowPlainHttpOnce) {
    const Result<QStringList> proposed = proposedOrigins(binding, variables);
    if (!proposed) return proposed.error();
    const QString targetText = target.text();
    const QStringList confirmed = normalised(record.allowedOrigins);
    if (trustFileOrigins) {
        if (!proposed->contains(targetText)) return refused(targetText, *proposed);
    } else {
        const bool named = proposed->contains(targetText) || confirmed.contains(targetText);
        if (!named) return refused(targetText, confirmed);
        if (!sameOrigins(*proposed, confirmed)) return changed(*proposed, confirmed);
    }

    if (!target.isSecure() && !target.isLoopback()) {
        const bool agreed = allowPlainHttpOnce || normalised(record.plainHttpOrigins).contains(targetText) ||
                            (trustFileOrigins && explicitPlainHttp(targetText, binding));
        if (!agreed)
            return Error{ErrorCode::ConsentNeeded,
                         Audience::tr("The secret would go to %1 without encryption.").arg(targetText),
                         targetText, Audience::tr("Use https, or allow plain http for this origin."), -1};
    }
    if (target.isSecure() && !settings.verifyTls &&
        !normalised(record.insecureTlsOrigins).contains(targetText))
        return Error{ErrorCode::ConsentNeeded,
                     Audience::tr("The secret would go to %1 without checking whose certificate answers.")
                         .arg(targetText),
                     targetText,
                     Audience::tr("Switch the certificate check on, or allow the exception for this origin."),
                     -1};
    return std::nullopt;
}

} // namespace kb
