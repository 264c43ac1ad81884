// SPDX-License-Identifier: GPL-3.0-or-later
// curl, HTTPie, PowerShell.
#include "core/base/shell_quote.h"
#include "core/interchange/snippet_code.h"

#include <QUrl>

namespace kb {

namespace {

QString variable(const QString& name) {
    return QStringLiteral("\"$") + name + u'"';
}
SnippetWords shellWords() {
    return {shellQuoted,
            variable,
            variable,
            [](const QString&, const QString& name) -> QString { return variable(name); },
            {}};
}

/// A line a word or two, as people read them.
QString wrapped(const QStringList& words) {
    return words.join(QStringLiteral(" \\\n  ")) + u'\n';
}

const SnippetText::Piece* basicOf(const SnippetRequest& request) {
    for (const auto& [name, value] : request.headers)
        for (const SnippetText::Piece& piece : value.pieces)
            if (piece.kind == SnippetText::Piece::Kind::BasicSecret) return &piece;
    return nullptr;
}
bool isBasic(const SnippetText& value) {
    return std::any_of(value.pieces.cbegin(), value.pieces.cend(), [](const SnippetText::Piece& piece) {
        return piece.kind == SnippetText::Piece::Kind::BasicSecret;
    });
}
/// The URL without a secret query field, and that field.
std::pair<QString, std::optional<std::pair<QString, QString>>> urlAndKey(const SnippetRequest& request) {
    const QString url = request.url.pieces.first().text;
    if (request.url.pieces.size() < 2) return {url, std::nullopt};
    const qsizetype at = qMax(url.lastIndexOf(u'?'), url.lastIndexOf(u'&'));
    return {url.left(at), std::pair(url.mid(at + 1).chopped(1), request.url.pieces.last().text)};
}

QString curl(const SnippetRequest& request) {
    QStringList words{QStringLiteral("curl")};
    const bool implied =
        request.hasBody ? request.method == QLatin1String("POST") : request.method == QLatin1String("GET");
    const auto [url, key] = urlAndKey(request);
    if (request.method == QLatin1String("HEAD"))
        words.append(QStringLiteral("--head"));
    else if (!implied)
        words.append(QStringLiteral("--request ") + shellQuoted(request.method));
    words.append(shellQuoted(url));
    if (key)
        words.append(QStringLiteral("--url-query ") + shellQuoted(key->first + u'=') + variable(key->second));
    words.append(QStringLiteral("--globoff --path-as-is"));
    for (const auto& [name, value] : request.headers) {
        if (isBasic(value)) continue;
        const QString plain = value.isLiteral() ? value.pieces.first().text : QString();
        if (name == QLatin1String("Accept") && plain == QLatin1String("*/*")) continue; // it is curl's own
        const bool empty = value.isLiteral() && plain.isEmpty();
        SnippetText line = value;
        if (line.pieces.first().kind == SnippetText::Piece::Kind::Literal)
            line.pieces.first().text.prepend(name + (empty ? QStringLiteral(";") : QStringLiteral(": ")));
        else
            line.pieces.prepend({SnippetText::Piece::Kind::Literal, name + QStringLiteral(": "), {}});
        words.append(QStringLiteral("--header ") + written(line, shellWords()));
    }
    if (const SnippetText::Piece* basic = basicOf(request))
        words.append(QStringLiteral("--user ") + shellQuoted(basic->user + u':') + variable(basic->text));
    if (request.login == QLatin1String("aws-sigv4"))
        words.append(QStringLiteral("--aws-sigv4 ") +
                     shellQuoted(QStringLiteral("aws:amz:") + request.loginDetail));
    else if (!request.login.isEmpty())
        words.append(QStringLiteral("--") + request.login);
    if (!request.login.isEmpty())
        words.append(
            QStringLiteral("--user ") + shellQuoted(request.loginUser + u':') +
            (request.login == QLatin1String("negotiate") ? QString() : variable(request.loginVariable)));
    for (const BodyPart& part : request.parts) {
        // Between quotes, since a semicolon would end the value.
        const QString text = part.isFile || part.contentType.isEmpty()
                                 ? part.value
                                 : doubleQuoted(part.value, [](char16_t c) -> QString {
                                       return QString(QChar(c));
                                   }).replace(QLatin1String("\\n"), QLatin1String("\n"));
        QString value = part.name + u'=' + (part.isFile ? QStringLiteral("@") : QString()) + text;
        // Without the word, a value that begins with @ or < would be taken for a file.
        const bool plain = !part.isFile && part.contentType.isEmpty();
        if (part.isFile || !part.contentType.isEmpty())
            value +=
                QStringLiteral(";type=") +
                (part.contentType.isEmpty() ? QStringLiteral("application/octet-stream") : part.contentType);
        words.append((plain ? QStringLiteral("--form-string ") : QStringLiteral("--form ")) +
                     shellQuoted(value));
    }
    if (!request.file.isEmpty())
        words.append(QStringLiteral("--data-binary ") + shellQuoted(u'@' + request.file));
    else if (request.hasBody && request.parts.isEmpty())
        words.append(QStringLiteral("--data-raw ") + shellQuoted(request.body));
    if (request.followRedirects) words.append(QStringLiteral("--location"));
    if (!request.verifyTls) words.append(QStringLiteral("--insecure"));
    return commentLines(request, QStringLiteral("#")) + wrapped(words);
}

QString httpie(const SnippetRequest& request) {
    const auto [url, key] = urlAndKey(request);
    QStringList words{QStringLiteral("http --ignore-stdin --pretty none"),
                      shellQuoted(request.method) + u' ' + shellQuoted(url)};
    if (!request.followRedirects) words.first() += QLatin1String(" --no-follow");
    if (request.followRedirects) words.first() += QLatin1String(" --follow");
    if (!request.verifyTls) words.first() += QLatin1String(" --verify=no");
    if (!request.parts.isEmpty()) words.first() += QLatin1String(" --multipart");
    if (const SnippetText::Piece* basic = basicOf(request))
        words.first() += QStringLiteral(" --auth ") + shellQuoted(basic->user + u':') + variable(basic->text);
    if (request.login == QLatin1String("digest"))
        words.first() += QStringLiteral(" --auth-type digest --auth ") +
                         shellQuoted(request.loginUser + u':') + variable(request.loginVariable);
    if (request.hasBody && request.parts.isEmpty() && request.file.isEmpty())
        words.first() += QStringLiteral(" --raw ") + shellQuoted(request.body);
    if (key) // it encodes the name itself
        words.append(shellQuoted(QUrl::fromPercentEncoding(key->first.toUtf8()) + QStringLiteral("==")) +
                     variable(key->second));
    const auto escaped = [](const QString& name) -> QString {
        return QString(name).replace(QLatin1String(":"), QLatin1String("\\:"));
    };
    for (const auto& [name, value] : request.headers) {
        if (isBasic(value)) continue;
        SnippetText line = value;
        const bool empty = value.isLiteral() && value.pieces.first().text.isEmpty();
        line.pieces.prepend({SnippetText::Piece::Kind::Literal, escaped(name) + (empty ? u';' : u':'), {}});
        words.append(written(line, shellWords()));
    }
    for (const BodyPart& part : request.parts) {
        // What follows "=" is a file's name if it begins with @, unless that is escaped.
        const bool looksLikeFile = !part.isFile && part.value.startsWith(u'@');
        QString value = part.name +
                        (part.isFile     ? QStringLiteral("@")
                         : looksLikeFile ? QStringLiteral("=\\")
                                         : QStringLiteral("=")) +
                        part.value;
        if (part.isFile && !part.contentType.isEmpty()) value += QStringLiteral(";type=") + part.contentType;
        words.append(shellQuoted(value));
    }
    if (!request.file.isEmpty()) words.append(shellQuoted(u'@' + request.file));
    return commentLines(request, QStringLiteral("#")) + wrapped(words);
}

/// Nothing is expanded between single quotes; a quote is written twice. PowerShell takes the typographic
/// ones for quotes too: one alone would end the text, and what follows would be run.
QString powerShellText(const QString& text) {
    QString inner;
    for (const QChar c : text) {
        inner += c;
        if (c == u'\'' || (c.unicode() >= 0x2018 && c.unicode() <= 0x201b)) inner += c;
    }
    return u'\'' + inner + u'\'';
}

QString powerShellFile(const QString& path) {
    return QStringLiteral("[IO.File]::ReadAllBytes((Get-Item -LiteralPath ") + powerShellText(path) +
           QStringLiteral(").FullName)");
}

/// Its own forms know no types of their parts.
QString powerShellForm(const SnippetRequest& request) {
    QString out = QStringLiteral("[byte[]]@(\n");
    for (const SnippetForm::Piece& piece : formOf(request).pieces) {
        QStringList lines;
        for (const QString& line : piece.text.split(QStringLiteral("\r\n")))
            lines.append(powerShellText(line));
        out +=
            QStringLiteral("        ") +
            (piece.isFile ? powerShellFile(piece.text)
                          : QString(QStringLiteral("[Text.Encoding]::UTF8.GetBytes((") +
                                    lines.join(QStringLiteral(", ")) + QStringLiteral(") -join \"`r`n\")"))) +
            u'\n';
    }
    return out + QStringLiteral("    )");
}

QString powerShell(const SnippetRequest& typed) {
    const SnippetRequest request = withFormType(typed);
    const SnippetWords words{
        powerShellText, [](const QString& name) -> QString { return QStringLiteral("$env:") + name; },
        [](const QString& name) -> QString {
            return QStringLiteral("[uri]::EscapeDataString($env:") + name + u')';
        },
        [](const QString& user, const QString& name) -> QString {
            return QStringLiteral("[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes(") +
                   powerShellText(user + u':') + QStringLiteral(" + $env:") + name + QStringLiteral("))");
        },
        QStringLiteral(" + ")};
    QString out = commentLines(request, QStringLiteral("#"));
    out += QStringLiteral("$headers = @{\n");
    QString type;
    for (const auto& [name, value] : request.headers) {
        if (name.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) == 0)
            type = written(value, words);
        else
            out += QStringLiteral("    ") + powerShellText(name) + QStringLiteral(" = ") +
                   written(value, words) + u'\n';
    }
    static const QStringList known{
        QStringLiteral("GET"),   QStringLiteral("HEAD"),   QStringLiteral("POST"),
        QStringLiteral("PUT"),   QStringLiteral("DELETE"), QStringLiteral("TRACE"),
        QStringLiteral("PATCH"), QStringLiteral("MERGE"),  QStringLiteral("OPTIONS")};
    out +=
        QStringLiteral("}\n$options = @{\n    ") +
        (known.contains(request.method) ? QStringLiteral("Method = ") : QStringLiteral("CustomMethod = ")) +
        powerShellText(request.method) + QStringLiteral("\n    Uri = ") + written(request.url, words) +
        QStringLiteral("\n    Headers = $headers\n");
    if (!type.isEmpty()) out += QStringLiteral("    ContentType = ") + type + u'\n';
    if (!request.parts.isEmpty()) {
        out += QStringLiteral("    Body = ") + powerShellForm(request) + u'\n';
    } else if (!request.file.isEmpty()) {
        out += QStringLiteral("    Body = ") + powerShellFile(request.file) + u'\n';
    } else if (request.hasBody) {
        out += QStringLiteral("    Body = [Text.Encoding]::UTF8.GetBytes(") + powerShellText(request.body) +
               QStringLiteral(")\n");
    }
    if (!request.followRedirects) out += QStringLiteral("    MaximumRedirection = 0\n");
    if (!request.verifyTls) out += QStringLiteral("    SkipCertificateCheck = $true\n");
    return out + QStringLiteral("    SkipHeaderValidation = $true\n    SkipHttpErrorCheck = $true\n}\n"
                                "$answer = Invoke-WebRequest @options\n"
                                "[int]$answer.StatusCode\n$answer.Content\n");
}

} // namespace

QList<SnippetWriter> shellWriters() {
    return {{{QStringLiteral("curl"), QStringLiteral("curl"), QStringLiteral("sh")},
             curl,
             {QStringLiteral("digest"), QStringLiteral("ntlm"), QStringLiteral("negotiate"),
              QStringLiteral("aws-sigv4")}},
            {{QStringLiteral("httpie"), QStringLiteral("HTTPie"), QStringLiteral("sh")},
             httpie,
             {QStringLiteral("digest")}},
            {{QStringLiteral("powershell"), QStringLiteral("PowerShell"), QStringLiteral("ps1")},
             powerShell,
             {},
             false,
             false}};
}

} // namespace kb
