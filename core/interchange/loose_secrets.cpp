// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/loose_secrets.h"

#include "core/auth/mask_spans.h"
#include "core/auth/misplaced_token.h"
#include "core/base/json.h"

#include <QRegularExpression>

namespace kb {

namespace {

/// The member or field whose value begins there.
QString nameBefore(const QByteArray& text, qsizetype at) {
    static const QRegularExpression last(QStringLiteral("([A-Za-z0-9_\\-]+)[^A-Za-z0-9_\\-]*$"));
    const qsizetype from = qMax<qsizetype>(0, at - 200);
    const QRegularExpressionMatch found = last.match(QString::fromUtf8(text.mid(from, at - from)));
    return found.hasMatch() ? found.captured(1) : QStringLiteral("secret");
}

/// What a JSON string's characters stand for; as it is where it is none.
QString unescaped(const QString& inside) {
    const Result<JsonValue> value = parseJson(QByteArray('"' + inside.toUtf8() + '"'));
    return value && value->isString() ? value->string : inside;
}

bool isForm(const QString& contentType) {
    return contentType.startsWith(QLatin1String("application/x-www-form-urlencoded"), Qt::CaseInsensitive);
}

/// Values that the expression's second group holds, where the first names a secret.
QString replaceNamed(const QString& text, const QRegularExpression& pairs, bool form,
                     const SecretReplacer& replace) {
    QString out;
    qsizetype from = 0;
    QRegularExpressionMatchIterator each = pairs.globalMatch(text);
    while (each.hasNext()) {
        const QRegularExpressionMatch found = each.next();
        const QString raw = found.captured(2);
        if (raw.isEmpty() || !isSecretName(found.captured(1)) || !variableUses(raw).isEmpty()) continue;
        out += text.mid(from, found.capturedStart(2) - from) +
               replace(found.captured(1), form ? formDecoded(raw) : unescaped(raw));
        from = found.capturedEnd(2);
    }
    return out + text.mid(from);
}

} // namespace

bool namesASecretVariable(const QString& name) {
    static const QRegularExpression ending(
        QStringLiteral("(?:token|secret|passw(?:or)?d|api[_\\-.]?key|private[_\\-.]?key|access[_\\-.]?key)$"),
        QRegularExpression::CaseInsensitiveOption);
    return isSecretName(name) || ending.match(name).hasMatch();
}

QString replaceBodySecrets(const QString& text, const QString& contentType, const SecretReplacer& replace) {
    const bool form = isForm(contentType);
    const QByteArray bytes = text.toUtf8();
    QByteArray out;
    qsizetype from = 0;
    // First what is found in broken JSON and in JSON within strings too, then the other names.
    const MaskSpans known = findNamedValues(bytes);
    for (const MaskSpan& span : known.spans()) {
        const QString raw = QString::fromUtf8(bytes.mid(span.start, span.end - span.start));
        if (raw.isEmpty() || !variableUses(raw).isEmpty() || span.start < from) continue;
        out += bytes.mid(from, span.start - from) +
               replace(nameBefore(bytes, span.start), form ? formDecoded(raw) : unescaped(raw)).toUtf8();
        from = span.end;
    }
    out += bytes.mid(from);
    static const QRegularExpression fields(QStringLiteral("(?:^|&)([^=&]+)=([^&]*)"));
    static const QRegularExpression members(
        QStringLiteral("\"([^\"\\\\]{1,100})\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\""));
    const QString named = replaceNamed(QString::fromUtf8(out), form ? fields : members, form, replace);
    return replaceShapes(named, QStringLiteral("token"), replace);
}

QString replaceShapes(const QString& text, const QString& name, const SecretReplacer& replace) {
    // A slash may be part of a token or part of an address: a word is looked at whole, then in its pieces.
    static const QRegularExpression word(QStringLiteral("[^\\s\"'<>&=,;()\\[\\]{}?#]{12,}"));
    static const QRegularExpression piece(QStringLiteral("[^/]{12,}"));
    const auto each = [&](const QString& within, const QRegularExpression& pattern,
                          const std::function<QString(const QString&)>& changed) {
        QString out;
        qsizetype from = 0;
        QRegularExpressionMatchIterator words = pattern.globalMatch(within);
        while (words.hasNext()) {
            const QRegularExpressionMatch found = words.next();
            out += within.mid(from, found.capturedStart() - from) + changed(found.captured());
            from = found.capturedEnd();
        }
        return QString(out + within.mid(from));
    };
    const auto replaced = [&](const QString& found) -> QString {
        return hasTokenShape(found) ? replace(name, found) : found;
    };
    return each(text, word, [&](const QString& found) -> QString {
        return hasTokenShape(found) ? replace(name, found) : each(found, piece, replaced);
    });
}

} // namespace kb
