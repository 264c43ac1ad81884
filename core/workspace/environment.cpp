// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/environment.h"

#include "core/http/url.h"

#include <QRegularExpression>

namespace kb {

namespace {

constexpr std::pair<EnvironmentKind, const char*> kinds[] = {{EnvironmentKind::Local, "local"},
                                                             {EnvironmentKind::Test, "test"},
                                                             {EnvironmentKind::Staging, "staging"},
                                                             {EnvironmentKind::Production, "production"}};

bool isPrivateAddress(const QString& host) {
    static const QRegularExpression four(
        QStringLiteral("^(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})$"));
    if (const QRegularExpressionMatch match = four.match(host); match.hasMatch()) {
        const int first = match.captured(1).toInt(), second = match.captured(2).toInt();
        return first == 10 || (first == 192 && second == 168) ||
               (first == 172 && second >= 16 && second <= 31) || (first == 169 && second == 254);
    }
    // Unique local and link-local addresses of IPv6 (fc00::/7, fe80::/10).
    static const QRegularExpression six(QStringLiteral("^\\[?(f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):"),
                                        QRegularExpression::CaseInsensitiveOption);
    return six.match(host).hasMatch();
}

/// The end of a quoted value that begins at `start`, or -1 where it is not closed.
qsizetype closingQuote(const QString& text, qsizetype start) {
    const QChar quote = text.at(start);
    for (qsizetype at = start + 1; at < text.size(); ++at) {
        if (quote == u'"' && text.at(at) == u'\\')
            ++at;
        else if (text.at(at) == quote)
            return at;
    }
    return -1;
}

QString unescaped(const QString& text) {
    QString out;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text.at(at) != u'\\' || at + 1 == text.size()) {
            out += text.at(at);
            continue;
        }
        const QChar next = text.at(++at);
        out += next == u'n' ? QChar(u'\n') : next == u't' ? QChar(u'\t') : next == u'r' ? QChar(u'\r') : next;
    }
    return out;
}

} // namespace

QString environmentKindName(EnvironmentKind kind) {
    for (const auto& [each, name] : kinds)
        if (each == kind) return QLatin1String(name);
    return {};
}

EnvironmentKind environmentKindOf(const QString& name) {
    for (const auto& [kind, each] : kinds)
        if (name.compare(QLatin1String(each), Qt::CaseInsensitive) == 0) return kind;
    return EnvironmentKind::Unset;
}

EnvironmentKind suggestedKind(const QString& host) {
    const QString name = host.toLower();
    const Result<Origin> origin = Origin::parse(QStringLiteral("http://") + name);
    if (origin && origin->isLoopback()) return EnvironmentKind::Local;
    // RFC 2606 and RFC 6762 §3. A name in ".internal" may well be somebody's production.
    for (const char* end :
         {".test", ".local", ".example", ".invalid", ".example.com", ".example.org", ".example.net"})
        if (QString(u'.' + name).endsWith(QLatin1String(end))) return EnvironmentKind::Test;
    return isPrivateAddress(name) ? EnvironmentKind::Test : EnvironmentKind::Unset;
}

const SecretVariable* Environment::secret(const QString& variableName) const {
    for (const SecretVariable& each : secrets)
        if (each.name == variableName) return &each;
    return nullptr;
}

QList<Variable> readDotEnv(const QByteArray& bytes) {
    static const QRegularExpression start(
        QStringLiteral("\\G[ \\t]*(?:export[ \\t]+)?([A-Za-z_][A-Za-z0-9_.]*)[ \\t]*=[ \\t]*"));
    QString text = QString::fromUtf8(bytes);
    text.remove(u'\r');
    QList<Variable> variables;
    for (qsizetype at = 0; at < text.size();) {
        const QRegularExpressionMatch match = start.match(text, at);
        const qsizetype lineEnd = text.indexOf(u'\n', at) < 0 ? text.size() : text.indexOf(u'\n', at);
        if (!match.hasMatch() || match.capturedEnd() > lineEnd) {
            at = lineEnd + 1;
            continue;
        }
        const qsizetype value = match.capturedEnd();
        const bool quoted = value < text.size() && (text.at(value) == u'"' || text.at(value) == u'\'');
        const qsizetype close = quoted ? closingQuote(text, value) : -1;
        Variable variable{match.captured(1), {}, true};
        if (close >= 0) {
            const QString inside = text.mid(value + 1, close - value - 1);
            variable.value = text.at(value) == u'"' ? unescaped(inside) : inside;
            const qsizetype end = text.indexOf(u'\n', close);
            at = end < 0 ? text.size() : end + 1;
        } else {
            QString rest = text.mid(value, lineEnd - value);
            if (rest.startsWith(u'#')) rest.clear();
            if (const qsizetype comment = rest.indexOf(QLatin1String(" #")); comment >= 0)
                rest.truncate(comment);
            variable.value = rest.trimmed();
            at = lineEnd + 1;
        }
        variables.append(variable);
    }
    return variables;
}

} // namespace kb
