// SPDX-License-Identifier: GPL-3.0-or-later
// Python, JavaScript, PHP, Ruby.
#include "core/interchange/snippet_code.h"

namespace kb {

namespace {

QString hex(char16_t c, int digits) {
    return QString::number(uint(c), 16).rightJustified(digits, u'0');
}
QString unicodeEscape(char16_t c) {
    return QStringLiteral("\\u") + hex(c, 4);
}

// ------------------------------------------------------------ Python

QString py(const QString& text) {
    return doubleQuoted(text, unicodeEscape);
}
QString pySecret(const QString& variable) {
    return QStringLiteral("os.environ[") + py(variable) + u']';
}
SnippetWords pyWords() {
    return {py, pySecret,
            [](const QString& variable) -> QString {
                return QStringLiteral("urllib.parse.quote(") + pySecret(variable) +
                       QStringLiteral(", safe=\"\")");
            },
            [](const QString& user, const QString& variable) -> QString {
                return QStringLiteral("base64.b64encode((") + py(user + u':') + QStringLiteral(" + ") +
                       pySecret(variable) + QStringLiteral(").encode()).decode()");
            }};
}

QString python(const SnippetRequest& request, const QString& library) {
    const bool requests = library == QLatin1String("requests");
    const SnippetWords words = pyWords();
    QString out = commentLines(request, QStringLiteral("#"));
    out += QStringLiteral("import base64\nimport os\nimport urllib.parse\n\nimport ") + library +
           QStringLiteral("\n\nanswer = ") + library + QStringLiteral(".request(\n    ") +
           py(request.method) + QStringLiteral(",\n    ") + written(request.url, words) +
           QStringLiteral(",\n    headers={\n");
    for (const auto& [name, value] : request.headers) {
        // Python's library takes header texts for Latin-1; bytes go out as they are.
        const bool ascii =
            std::all_of(value.pieces.cbegin(), value.pieces.cend(), [](const SnippetText::Piece& piece) {
                return std::all_of(piece.text.cbegin(), piece.text.cend(),
                                   [](QChar c) { return c.unicode() < 0x80; });
            });
        out += QStringLiteral("        ") + py(name) + QStringLiteral(": ") +
               (ascii ? written(value, words)
                      : QString(u'(' + written(value, words) + QStringLiteral(").encode()"))) +
               QStringLiteral(",\n");
    }
    out += QStringLiteral("    },\n");
    if (!request.parts.isEmpty()) {
        out += QStringLiteral("    files=[\n");
        for (const BodyPart& part : request.parts) {
            QString value = QStringLiteral("None, ") + py(part.value) + QStringLiteral(".encode()");
            if (part.isFile)
                value = py(part.value.section(u'/', -1)) + QStringLiteral(", open(") + py(part.value) +
                        QStringLiteral(", \"rb\")");
            const QString type = part.contentType.isEmpty() && part.isFile
                                     ? QStringLiteral("application/octet-stream")
                                     : part.contentType;
            if (!type.isEmpty()) value += QStringLiteral(", ") + py(type);
            out += QStringLiteral("        (") + py(part.name) + QStringLiteral(", (") + value +
                   QStringLiteral(")),\n");
        }
        out += QStringLiteral("    ],\n");
    } else if (request.hasBody) {
        out += requests ? QStringLiteral("    data=") : QStringLiteral("    content=");
        if (request.file.isEmpty())
            out += py(request.body) + QStringLiteral(".encode(),\n");
        else
            out += QStringLiteral("open(") + py(request.file) + QStringLiteral(", \"rb\")") +
                   (requests ? QStringLiteral(",\n") : QStringLiteral(".read(),\n"));
    }
    if (request.login == QLatin1String("digest"))
        out += QStringLiteral("    auth=") +
               (requests ? QStringLiteral("requests.auth.HTTPDigestAuth(")
                         : QStringLiteral("httpx.DigestAuth(")) +
               py(request.loginUser) + QStringLiteral(", ") + pySecret(request.loginVariable) +
               QStringLiteral("),\n");
    out += (requests ? QStringLiteral("    allow_redirects=") : QStringLiteral("    follow_redirects=")) +
           (request.followRedirects ? QStringLiteral("True") : QStringLiteral("False")) +
           QStringLiteral(",\n");
    if (!request.verifyTls) out += QStringLiteral("    verify=False,\n");
    return out + QStringLiteral(")\nprint(answer.status_code)\nprint(answer.text)\n");
}
QString pythonRequests(const SnippetRequest& request) {
    return python(request, QStringLiteral("requests"));
}
QString pythonHttpx(const SnippetRequest& request) {
    return python(request, QStringLiteral("httpx"));
}

// ------------------------------------------------------------ JavaScript

QString js(const QString& text) {
    return doubleQuoted(text, unicodeEscape);
}
SnippetWords jsWords() {
    const auto secret = [](const QString& variable) -> QString {
        return QStringLiteral("process.env.") + variable;
    };
    return {js, secret,
            [=](const QString& variable) -> QString {
                return QStringLiteral("encodeURIComponent(") + secret(variable) + u')';
            },
            [=](const QString& user, const QString& variable) -> QString {
                return QStringLiteral("Buffer.from(") + js(user + u':') + QStringLiteral(" + ") +
                       secret(variable) + QStringLiteral(").toString(\"base64\")");
            }};
}
QString jsHeaders(const SnippetRequest& request, const QString& indent) {
    QString out;
    for (const auto& [name, value] : request.headers)
        out += indent + js(name) + QStringLiteral(": ") + written(value, jsWords()) + QStringLiteral(",\n");
    return out;
}
/// `form` filled with the parts.
QString jsForm(const SnippetRequest& request) {
    if (request.parts.isEmpty()) return {};
    QString out = QStringLiteral("const form = new FormData();\n");
    for (const BodyPart& part : request.parts) {
        const QString type =
            part.contentType.isEmpty() ? QStringLiteral("application/octet-stream") : part.contentType;
        out += QStringLiteral("form.append(") + js(part.name) + QStringLiteral(", ");
        if (part.isFile)
            out += QStringLiteral("new Blob([fs.readFileSync(") + js(part.value) +
                   QStringLiteral(")], { type: ") + js(type) + QStringLiteral(" }), ") +
                   js(part.value.section(u'/', -1));
        else
            out += js(part.value);
        out += QStringLiteral(");\n");
    }
    return out;
}
QString jsBody(const SnippetRequest& request) {
    if (!request.parts.isEmpty()) return QStringLiteral("form");
    if (request.file.isEmpty()) return js(request.body);
    return QStringLiteral("fs.readFileSync(") + js(request.file) + u')';
}

QString jsFetch(const SnippetRequest& request) {
    QString out = commentLines(request, QStringLiteral("//"));
    if (!request.file.isEmpty() || !request.parts.isEmpty())
        out += QStringLiteral("import fs from \"node:fs\";\n\n");
    out += jsForm(request) + QStringLiteral("const answer = await fetch(") + written(request.url, jsWords()) +
           QStringLiteral(", {\n  method: ") + js(request.method) + QStringLiteral(",\n  headers: {\n") +
           jsHeaders(request, QStringLiteral("    ")) + QStringLiteral("  },\n");
    if (request.hasBody) out += QStringLiteral("  body: ") + jsBody(request) + QStringLiteral(",\n");
    out += request.followRedirects ? QString() : QStringLiteral("  redirect: \"manual\",\n");
    return out + QStringLiteral("});\nconsole.log(answer.status);\nconsole.log(await answer.text());\n");
}

QString jsAxios(const SnippetRequest& request) {
    QString out = commentLines(request, QStringLiteral("//"));
    out += QStringLiteral("import axios from \"axios\";\n");
    if (!request.file.isEmpty() || !request.parts.isEmpty())
        out += QStringLiteral("import fs from \"node:fs\";\n");
    out += u'\n' + jsForm(request) + QStringLiteral("const answer = await axios.request({\n  method: ") +
           js(request.method) + QStringLiteral(",\n  url: ") + written(request.url, jsWords()) +
           QStringLiteral(",\n  headers: {\n") + jsHeaders(request, QStringLiteral("    ")) +
           QStringLiteral("  },\n");
    if (request.hasBody) out += QStringLiteral("  data: ") + jsBody(request) + QStringLiteral(",\n");
    if (!request.followRedirects) out += QStringLiteral("  maxRedirects: 0,\n");
    // Text stays text, and every status is an answer.
    out += QStringLiteral("  transformRequest: [(data) => data],\n  transformResponse: [(data) => data],\n"
                          "  responseType: \"text\",\n  validateStatus: () => true,\n});\n");
    return out + QStringLiteral("console.log(answer.status);\nconsole.log(answer.data);\n");
}

/// The body's bytes.
QString nodeBody(const SnippetRequest& request) {
    if (request.parts.isEmpty()) return QStringLiteral("Buffer.from(") + jsBody(request) + u')';
    QString out = QStringLiteral("Buffer.concat([\n");
    for (const SnippetForm::Piece& piece : formOf(request).pieces)
        out += QStringLiteral("  ") +
               (piece.isFile ? QStringLiteral("fs.readFileSync(") : QStringLiteral("Buffer.from(")) +
               js(piece.text) + QStringLiteral("),\n");
    return out + QStringLiteral("])");
}

QString jsNode(const SnippetRequest& typed) {
    const SnippetRequest request = withFormType(typed);
    const QString module = request.url.pieces.first().text.startsWith(QLatin1String("https:"))
                               ? QStringLiteral("https")
                               : QStringLiteral("http");
    QString out = commentLines(request, QStringLiteral("//"));
    if (!request.file.isEmpty() || !request.parts.isEmpty())
        out += QStringLiteral("import fs from \"node:fs\";\n");
    out += QStringLiteral("import ") + module + QStringLiteral(" from \"node:") + module +
           QStringLiteral("\";\n\n");
    if (request.hasBody) out += QStringLiteral("const body = ") + nodeBody(request) + QStringLiteral(";\n");
    out += QStringLiteral("const request = ") + module + QStringLiteral(".request(") +
           written(request.url, jsWords()) + QStringLiteral(", {\n  method: ") + js(request.method) +
           QStringLiteral(",\n  headers: {\n") + jsHeaders(request, QStringLiteral("    "));
    if (request.hasBody) out += QStringLiteral("    \"Content-Length\": body.length,\n");
    out += QStringLiteral("  },\n}, (answer) => {\n  console.log(answer.statusCode);\n"
                          "  answer.pipe(process.stdout);\n});\n");
    return out +
           (request.hasBody ? QStringLiteral("request.end(body);\n") : QStringLiteral("request.end();\n"));
}

// ------------------------------------------------------------ PHP

QString php(const SnippetRequest& request) {
    const auto secret = [](const QString& variable) -> QString {
        return QStringLiteral("getenv(") + singleQuoted(variable) + u')';
    };
    const SnippetWords words{singleQuoted, secret,
                             [=](const QString& variable) -> QString {
                                 return QStringLiteral("rawurlencode(") + secret(variable) + u')';
                             },
                             [=](const QString& user, const QString& variable) -> QString {
                                 return QStringLiteral("base64_encode(") + singleQuoted(user + u':') +
                                        QStringLiteral(" . ") + secret(variable) + u')';
                             },
                             QStringLiteral(" . ")};
    QString out = QStringLiteral("<?php\n") + commentLines(request, QStringLiteral("//")) +
                  QStringLiteral("$curl = curl_init(") + written(request.url, words) +
                  QStringLiteral(");\ncurl_setopt_array($curl, [\n    CURLOPT_CUSTOMREQUEST => ") +
                  singleQuoted(request.method) + QStringLiteral(",\n    CURLOPT_RETURNTRANSFER => true,\n");
    if (request.method == QLatin1String("HEAD")) out += QStringLiteral("    CURLOPT_NOBODY => true,\n");
    out += QStringLiteral("    CURLOPT_HTTPHEADER => [\n");
    for (const auto& [name, value] : request.headers) {
        const bool empty = value.isLiteral() && value.pieces.first().text.isEmpty();
        SnippetText line = value;
        line.pieces.prepend({SnippetText::Piece::Kind::Literal,
                             name + (empty ? QStringLiteral(";") : QStringLiteral(": ")),
                             {}});
        out += QStringLiteral("        ") + written(line, words) + QStringLiteral(",\n");
    }
    out += QStringLiteral("    ],\n");
    if (!request.parts.isEmpty()) {
        out += QStringLiteral("    CURLOPT_POSTFIELDS => [\n");
        for (const BodyPart& part : request.parts)
            out += QStringLiteral("        ") + singleQuoted(part.name) + QStringLiteral(" => ") +
                   (part.isFile
                        ? QString(QStringLiteral("new CURLFile(") + singleQuoted(part.value) +
                                  QStringLiteral(", ") +
                                  singleQuoted(part.contentType.isEmpty()
                                                   ? QStringLiteral("application/octet-stream")
                                                   : part.contentType) +
                                  QStringLiteral(", ") + singleQuoted(part.value.section(u'/', -1)) + u')')
                        : singleQuoted(part.value)) +
                   QStringLiteral(",\n");
        out += QStringLiteral("    ],\n");
    } else if (request.hasBody) {
        out += QStringLiteral("    CURLOPT_POSTFIELDS => ") +
               (request.file.isEmpty()
                    ? singleQuoted(request.body)
                    : QString(QStringLiteral("file_get_contents(") + singleQuoted(request.file) + u')')) +
               QStringLiteral(",\n");
    }
    if (request.login == QLatin1String("digest"))
        out += QStringLiteral("    CURLOPT_HTTPAUTH => CURLAUTH_DIGEST,\n    CURLOPT_USERPWD => ") +
               singleQuoted(request.loginUser + u':') + QStringLiteral(" . ") +
               secret(request.loginVariable) + QStringLiteral(",\n");
    out += QStringLiteral("    CURLOPT_FOLLOWLOCATION => ") +
           (request.followRedirects ? QStringLiteral("true") : QStringLiteral("false")) +
           QStringLiteral(",\n]);\n");
    return out + QStringLiteral(
                     "$body = curl_exec($curl);\necho curl_getinfo($curl, CURLINFO_RESPONSE_CODE), \"\\n\", "
                     "$body, \"\\n\";\n");
}

// ------------------------------------------------------------ Ruby

QString ruby(const SnippetRequest& request) {
    const auto secret = [](const QString& variable) -> QString {
        return QStringLiteral("ENV.fetch(") + singleQuoted(variable) + u')';
    };
    const SnippetWords words{singleQuoted, secret,
                             [=](const QString& variable) -> QString {
                                 return QStringLiteral("ERB::Util.url_encode(") + secret(variable) + u')';
                             },
                             [=](const QString& user, const QString& variable) -> QString {
                                 return QStringLiteral("[") + singleQuoted(user + u':') +
                                        QStringLiteral(" + ") + secret(variable) +
                                        QStringLiteral("].pack('m0')");
                             }};
    QString out =
        commentLines(request, QStringLiteral("# ").trimmed()) +
        QStringLiteral("require 'erb'\nrequire 'net/http'\nrequire 'uri'\n\nuri = URI(") +
        written(request.url, words) + QStringLiteral(")\nrequest = Net::HTTPGenericRequest.new(") +
        singleQuoted(request.method) + QStringLiteral(", ") +
        (request.hasBody ? QStringLiteral("true") : QStringLiteral("false")) + QStringLiteral(", ") +
        (request.method == QLatin1String("HEAD") ? QStringLiteral("false") : QStringLiteral("true")) +
        QStringLiteral(", uri)\n");
    for (const auto& [name, value] : request.headers)
        out += QStringLiteral("request[") + singleQuoted(name) + QStringLiteral("] = ") +
               written(value, words) + u'\n';
    if (!request.parts.isEmpty()) {
        out += QStringLiteral("request.set_form([\n");
        for (const BodyPart& part : request.parts) {
            out += QStringLiteral("  [") + singleQuoted(part.name) + QStringLiteral(", ");
            out += part.isFile ? QString(QStringLiteral("File.open(") + singleQuoted(part.value) + u')')
                               : singleQuoted(part.value);
            if (part.isFile)
                out += QStringLiteral(", { filename: ") + singleQuoted(part.value.section(u'/', -1)) +
                       QStringLiteral(", content_type: ") +
                       singleQuoted(part.contentType.isEmpty() ? QStringLiteral("application/octet-stream")
                                                               : part.contentType) +
                       QStringLiteral(" }");
            out += QStringLiteral("],\n");
        }
        out += QStringLiteral("], 'multipart/form-data')\n");
    } else if (request.hasBody) {
        out += QStringLiteral("request.body = ") +
               (request.file.isEmpty()
                    ? singleQuoted(request.body)
                    : QString(QStringLiteral("File.binread(") + singleQuoted(request.file) + u')')) +
               u'\n';
    }
    return out + QStringLiteral(
                     "answer = Net::HTTP.start(uri.hostname, uri.port, use_ssl: uri.scheme == 'https') do "
                     "|http|\n  http.request(request)\nend\nputs answer.code, answer.body\n");
}

} // namespace

QList<SnippetWriter> scriptWriters() {
    const QStringList digest{QStringLiteral("digest")};
    const auto target = [](const char* id, const char* label, const char* extension) {
        return SnippetTarget{QLatin1String(id), QLatin1String(label), QLatin1String(extension)};
    };
    return {{target("python-requests", "Python (requests)", "py"), pythonRequests, digest, true, false},
            {target("python-httpx", "Python (httpx)", "py"), pythonHttpx, digest, true, false},
            {target("javascript-fetch", "JavaScript (fetch)", "mjs"), jsFetch, {}, false, false},
            {target("javascript-axios", "JavaScript (axios)", "mjs"), jsAxios, {}, true, false},
            {target("node", "Node (http)", "mjs"), jsNode, {}, true, false},
            {target("php", "PHP (curl)", "php"), php, digest},
            {target("ruby", "Ruby (Net::HTTP)", "rb"), ruby, {}, true, false}};
}

} // namespace kb
