// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/url_template.h"

#include <algorithm>

namespace kb {

namespace {

/// The first of `chars` at or after `from` that is not inside a {{variable}}; the text's size if there is
/// none.
qsizetype findOutside(const QString& text, QStringView chars, qsizetype from,
                      const QList<VariableUse>& uses) {
    auto use = std::lower_bound(uses.begin(), uses.end(), from, [](const VariableUse& each, qsizetype at) {
        return each.start + each.length <= at;
    });
    for (qsizetype i = from; i < text.size(); ++i) {
        if (use != uses.end() && i == use->start) {
            i += use->length - 1;
            ++use;
            continue;
        }
        if (chars.contains(text[i])) return i;
    }
    return text.size();
}

/// Where the path begins: at the first slash behind the authority, or behind a leading {{baseUrl}}.
qsizetype pathStart(const QString& text, qsizetype baseEnd, const QList<VariableUse>& uses) {
    qsizetype from = 0;
    const qsizetype colon = findOutside(text, u":/", 0, uses);
    if (colon < baseEnd && QStringView(text).sliced(colon).startsWith(u"://")) from = colon + 3;
    return qMin(findOutside(text, u"/", from, uses), baseEnd);
}

bool isNameChar(QChar c) {
    return c.isLetterOrNumber() || c == u'_' || c == u'-' || c == u'.';
}

/// The end of the run of name characters from `from` on.
qsizetype nameEnd(const QString& text, qsizetype from, qsizetype end) {
    while (from < end && isNameChar(text[from]))
        ++from;
    return from;
}

QString encodePathValue(const QString& value) {
    QString out;
    for (const QChar c : value) {
        switch (c.unicode()) {
        case u'/':
            out += QStringLiteral("%2F");
            break;
        case u'?':
            out += QStringLiteral("%3F");
            break;
        case u'#':
            out += QStringLiteral("%23");
            break;
        case u'%':
            out += QStringLiteral("%25");
            break;
        case u' ':
            out += QStringLiteral("%20");
            break;
        default:
            out += c;
        }
    }
    return out;
}

} // namespace

UrlParts splitUrl(const QString& text) {
    const QList<VariableUse> uses = variableUses(text);
    UrlParts parts;
    const qsizetype baseEnd = findOutside(text, u"?#", 0, uses);
    parts.base = text.left(baseEnd);
    const qsizetype fragment = findOutside(text, u"#", baseEnd, uses);
    parts.fragment = text.mid(fragment);
    parts.hasQuery = baseEnd < fragment;
    if (!parts.hasQuery || baseEnd + 1 == fragment) return parts;
    qsizetype at = baseEnd + 1;
    while (true) {
        const qsizetype end = qMin(findOutside(text, u"&", at, uses), fragment);
        const qsizetype equals = findOutside(text, u"=", at, uses);
        QueryField field;
        field.hasEquals = equals < end;
        field.name = text.mid(at, qMin(equals, end) - at);
        if (field.hasEquals) field.value = text.mid(equals + 1, end - equals - 1);
        parts.query.append(field);
        if (end == fragment) return parts;
        at = end + 1;
    }
}

QString joinUrl(const UrlParts& parts) {
    QString text = parts.base;
    if (parts.hasQuery || !parts.query.isEmpty()) text += u'?';
    for (qsizetype i = 0; i < parts.query.size(); ++i) {
        const QueryField& field = parts.query[i];
        if (i) text += u'&';
        text += field.name;
        // A value without its sign would join the name, so the sign comes with it.
        if (field.hasEquals || !field.value.isEmpty()) text += u'=' + field.value;
    }
    return text + parts.fragment;
}

QList<PathParameter> pathParameters(const QString& url) {
    const QList<VariableUse> uses = variableUses(url);
    const qsizetype end = findOutside(url, u"?#", 0, uses);
    QList<PathParameter> found;
    auto use = uses.begin();
    for (qsizetype i = pathStart(url, end, uses); i < end; ++i) {
        while (use != uses.end() && use->start < i)
            ++use;
        if (use != uses.end() && use->start == i) {
            i += use->length - 1;
            continue;
        }
        if (url[i] == u':' && url[i - 1] == u'/') {
            const qsizetype stop = nameEnd(url, i + 1, end);
            if (stop > i + 1 && (stop == end || url[stop] == u'/')) {
                found.append({url.mid(i + 1, stop - i - 1), i, stop - i});
                i = stop - 1;
            }
        } else if (url[i] == u'{') {
            const qsizetype stop = nameEnd(url, i + 1, end);
            const bool doubled = url[i - 1] == u'{' || (stop + 1 < end && url[stop + 1] == u'}');
            if (stop > i + 1 && stop < end && url[stop] == u'}' && !doubled) {
                found.append({url.mid(i + 1, stop - i - 1), i, stop - i + 1});
                i = stop;
            }
        }
    }
    return found;
}

QString lastPathParameter(const QString& url) {
    const QList<PathParameter> all = pathParameters(url);
    return all.isEmpty() ? QString() : all.last().name;
}

QString fillPathParameters(const QString& url, const QList<std::pair<QString, QString>>& values,
                           QStringList* missing) {
    QString out;
    qsizetype done = 0;
    for (const PathParameter& parameter : pathParameters(url)) {
        const auto value = std::find_if(values.begin(), values.end(),
                                        [&](const auto& each) { return each.first == parameter.name; });
        if (value == values.end()) {
            if (missing && !missing->contains(parameter.name)) missing->append(parameter.name);
            continue;
        }
        out += QStringView(url).sliced(done, parameter.start - done);
        out += encodePathValue(value->second);
        done = parameter.start + parameter.length;
    }
    out += QStringView(url).sliced(done);
    return out;
}

QList<VariableUse> variableUses(const QString& text) {
    QList<VariableUse> uses;
    qsizetype open = -1; // behind the last "{{" that may still become a variable
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        const QChar following = i + 1 < text.size() ? text[i + 1] : QChar();
        if (c == u'{') {
            if (following == u'{')
                open = i + 2;
            else if (open != i + 1)
                open = -1; // a single brace inside is no name
        } else if (c == u'}') {
            if (open >= 0 && following == u'}') {
                const QString name = text.mid(open, i - open).trimmed();
                if (!name.isEmpty()) uses.append({name, open - 2, i + 2 - (open - 2)});
                ++i;
            }
            open = -1;
        } else if (c == u'"' || c == u'\n' || c == u'\r') {
            open = -1; // JSON such as {{"a": 1}} holds no variable
        }
    }
    return uses;
}

QString formEncoded(const QString& text) {
    QString out;
    qsizetype at = 0;
    while (at < text.size()) {
        const qsizetype open = text.indexOf(QLatin1String("{{"), at);
        const qsizetype close = open < 0 ? -1 : text.indexOf(QLatin1String("}}"), open);
        const qsizetype end = close < 0 ? text.size() : open;
        out += QString::fromLatin1(text.mid(at, end - at).toUtf8().toPercentEncoding("", ""))
                   .replace(QLatin1String("%20"), QLatin1String("+"));
        if (close < 0) break;
        out += text.mid(open, close + 2 - open);
        at = close + 2;
    }
    return out;
}

QString formDecoded(QString text) {
    return QString::fromUtf8(QByteArray::fromPercentEncoding(text.replace(u'+', u' ').toUtf8()));
}

} // namespace kb
