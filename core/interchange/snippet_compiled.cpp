// SPDX-License-Identifier: GPL-3.0-or-later
// Go, Java, C#, Rust, C++.
#include "core/interchange/snippet_code.h"

#include <QSet>
#include <QUrl>

namespace kb {

namespace {

QString hex4(char16_t c) {
    return QStringLiteral("\\u") + QString::number(uint(c), 16).rightJustified(4, u'0');
}
QString literal(const QString& text) {
    return doubleQuoted(text, hex4);
}

// ------------------------------------------------------------ Go

QString go(const SnippetRequest& typed) {
    const SnippetRequest request = withFormType(typed);
    const auto secret = [](const QString& variable) -> QString {
        return QStringLiteral("os.Getenv(") + literal(variable) + u')';
    };
    const SnippetWords words{literal, secret,
                             [=](const QString& variable) -> QString {
                                 return QStringLiteral("strings.ReplaceAll(url.QueryEscape(") +
                                        secret(variable) + QStringLiteral("), \"+\", \"%20\")");
                             },
                             [=](const QString& user, const QString& variable) -> QString {
                                 return QStringLiteral("base64.StdEncoding.EncodeToString([]byte(") +
                                        literal(user + u':') + QStringLiteral(" + ") + secret(variable) +
                                        QStringLiteral("))");
                             }};
    QString head;
    for (const auto& [name, value] : request.headers)
        head += QStringLiteral("\trequest.Header[") + literal(name) + QStringLiteral("] = []string{") +
                written(value, words) + QStringLiteral("}\n");
    const QString address = written(request.url, words);
    QString body = QStringLiteral("nil"), before;
    const auto readFile = [&](const QString& name, const QString& path) {
        before += u'\t' + name + QStringLiteral(", err := os.ReadFile(") + literal(path) +
                  QStringLiteral(")\n\tif err != nil {\n\t\tpanic(err)\n\t}\n");
    };
    if (!request.parts.isEmpty()) {
        QStringList pieces;
        for (const SnippetForm::Piece& piece : formOf(request).pieces) {
            const QString name = QStringLiteral("part%1").arg(pieces.size());
            if (piece.isFile) readFile(name, piece.text);
            pieces.append(piece.isFile ? name
                                       : QString(QStringLiteral("[]byte(") + literal(piece.text) + u')'));
        }
        before +=
            QStringLiteral("\tform := [][]byte{") + pieces.join(QStringLiteral(", ")) + QStringLiteral("}\n");
        body = QStringLiteral("bytes.NewReader(bytes.Join(form, nil))");
    } else if (!request.file.isEmpty()) {
        readFile(QStringLiteral("file"), request.file);
        body = QStringLiteral("bytes.NewReader(file)");
    } else if (request.hasBody) {
        body = QStringLiteral("strings.NewReader(") + literal(request.body) + u')';
    }
    const QString program =
        QStringLiteral("func main() {\n") + before + QStringLiteral("\trequest, err := http.NewRequest(") +
        literal(request.method) + QStringLiteral(", ") + address + QStringLiteral(", ") + body +
        QStringLiteral(")\n\tif err != nil {\n\t\tpanic(err)\n\t}\n") + head +
        (request.followRedirects
             ? QStringLiteral("\tclient := http.Client{}\n")
             : QStringLiteral(
                   "\tclient := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {\n"
                   "\t\treturn http.ErrUseLastResponse\n\t}}\n")) +
        QStringLiteral(
            "\tanswer, err := client.Do(request)\n\tif err != nil {\n\t\tpanic(err)\n\t}\n"
            "\tdefer answer.Body.Close()\n\ttext, err := io.ReadAll(answer.Body)\n\tif err != nil {\n"
            "\t\tpanic(err)\n\t}\n\tfmt.Println(answer.StatusCode)\n\tfmt.Println(string(text))\n}\n");
    // An import that is not used is an error.
    using Kind = SnippetText::Piece::Kind;
    QSet<Kind> kinds;
    for (const SnippetText::Piece& piece : request.url.pieces)
        kinds.insert(piece.kind);
    for (const auto& [name, value] : request.headers)
        for (const SnippetText::Piece& piece : value.pieces)
            kinds.insert(piece.kind);
    const bool fromFile = body.startsWith(QLatin1String("bytes."));
    const bool secrets = kinds.size() > 1; // beside literals
    const bool inQuery = kinds.contains(Kind::SecretInQuery);
    const std::pair<const char*, bool> packages[] = {
        {"bytes", fromFile},
        {"encoding/base64", kinds.contains(Kind::BasicSecret)},
        {"fmt", true},
        {"io", true},
        {"net/http", true},
        {"net/url", inQuery},
        {"os", secrets || before.contains(QLatin1String("\tif err != nil"))},
        {"strings", inQuery || body.startsWith(QLatin1String("strings."))}};
    QString imports;
    for (const auto& [name, used] : packages)
        if (used) imports += QStringLiteral("\t\"") + QLatin1String(name) + QStringLiteral("\"\n");
    return commentLines(request, QStringLiteral("//")) + QStringLiteral("package main\n\nimport (\n") +
           imports + QStringLiteral(")\n\n") + program;
}

// ------------------------------------------------------------ Java

QString java(const SnippetRequest& typed) {
    const SnippetRequest request = withFormType(typed);
    const auto secret = [](const QString& variable) -> QString {
        return QStringLiteral("System.getenv(") + literal(variable) + u')';
    };
    const SnippetWords words{literal, secret,
                             [=](const QString& variable) -> QString {
                                 return QStringLiteral("URLEncoder.encode(") + secret(variable) +
                                        QStringLiteral(", StandardCharsets.UTF_8).replace(\"+\", \"%20\")");
                             },
                             [=](const QString& user, const QString& variable) -> QString {
                                 return QStringLiteral("Base64.getEncoder().encodeToString((") +
                                        literal(user + u':') + QStringLiteral(" + ") + secret(variable) +
                                        QStringLiteral(").getBytes(StandardCharsets.UTF_8))");
                             }};
    const auto ofFile = [](const QString& path) -> QString {
        return QStringLiteral("HttpRequest.BodyPublishers.ofFile(Path.of(") + literal(path) +
               QStringLiteral("))");
    };
    const auto ofText = [](const QString& text) -> QString {
        return QStringLiteral("HttpRequest.BodyPublishers.ofString(") + literal(text) + u')';
    };
    QString publisher = QStringLiteral("HttpRequest.BodyPublishers.noBody()");
    if (!request.parts.isEmpty()) {
        QStringList pieces;
        for (const SnippetForm::Piece& piece : formOf(request).pieces)
            pieces.append(piece.isFile ? ofFile(piece.text) : ofText(piece.text));
        publisher = QStringLiteral("HttpRequest.BodyPublishers.concat(\n                ") +
                    pieces.join(QStringLiteral(",\n                ")) + u')';
    } else if (!request.file.isEmpty()) {
        publisher = ofFile(request.file);
    } else if (request.hasBody) {
        publisher = ofText(request.body);
    }
    QString out =
        commentLines(request, QStringLiteral("//")) +
        QStringLiteral("import java.net.URI;\nimport java.net.URLEncoder;\nimport java.net.http.HttpClient;\n"
                       "import java.net.http.HttpRequest;\nimport java.net.http.HttpResponse;\n"
                       "import java.nio.charset.StandardCharsets;\nimport java.nio.file.Path;\n"
                       "import java.util.Base64;\n\npublic class Call {\n"
                       "    public static void main(String[] arguments) throws Exception {\n"
                       "        HttpRequest request = HttpRequest.newBuilder(URI.create(") +
        written(request.url, words) + QStringLiteral("))\n            .method(") + literal(request.method) +
        QStringLiteral(", ") + publisher + QStringLiteral(")\n");
    for (const auto& [name, value] : request.headers)
        out += QStringLiteral("            .header(") + literal(name) + QStringLiteral(", ") +
               written(value, words) + QStringLiteral(")\n");
    return out +
           QStringLiteral(
               "            .build();\n        HttpClient client = HttpClient.newBuilder()\n"
               "            .version(HttpClient.Version.HTTP_1_1)\n            .followRedirects(HttpClient."
               "Redirect.") +
           (request.followRedirects ? QStringLiteral("NORMAL") : QStringLiteral("NEVER")) +
           QStringLiteral(
               ").build();\n        HttpResponse<String> answer =\n            client.send(request, "
               "HttpResponse.BodyHandlers.ofString());\n"
               "        System.out.println(answer.statusCode());\n"
               "        System.out.println(answer.body());\n    }\n}\n");
}

// ------------------------------------------------------------ C#

QString csharp(const SnippetRequest& typed) {
    const SnippetRequest request = withFormType(typed);
    const auto secret = [](const QString& variable) -> QString {
        return QStringLiteral("Environment.GetEnvironmentVariable(") + literal(variable) + u')';
    };
    const SnippetWords words{literal, secret,
                             [=](const QString& variable) -> QString {
                                 return QStringLiteral("Uri.EscapeDataString(") + secret(variable) + u')';
                             },
                             [=](const QString& user, const QString& variable) -> QString {
                                 return QStringLiteral("Convert.ToBase64String(Encoding.UTF8.GetBytes(") +
                                        literal(user + u':') + QStringLiteral(" + ") + secret(variable) +
                                        QStringLiteral("))");
                             }};
    QString out =
        commentLines(request, QStringLiteral("//")) +
        QStringLiteral(
            "using System;\nusing System.IO;\nusing System.Linq;\nusing System.Net.Http;\nusing "
            "System.Text;\n"
            "using System.Threading.Tasks;\n\npublic static class Call\n{\n"
            "    public static void Main()\n    {\n        Send().GetAwaiter().GetResult();\n    }\n\n"
            "    private static async Task Send()\n    {\n"
            "        var handler = new HttpClientHandler { AllowAutoRedirect = ") +
        (request.followRedirects ? QStringLiteral("true") : QStringLiteral("false")) +
        QStringLiteral(", UseCookies = false };\n        using (var client = new HttpClient(handler))\n"
                       "        using (var request = new HttpRequestMessage(new HttpMethod(") +
        literal(request.method) + QStringLiteral("), ") + written(request.url, words) +
        QStringLiteral("))\n        {\n");
    const auto ofFile = [](const QString& path) -> QString {
        return QStringLiteral("File.ReadAllBytes(") + literal(path) + u')';
    };
    const auto ofText = [](const QString& text) -> QString {
        return QStringLiteral("Encoding.UTF8.GetBytes(") + literal(text) + u')';
    };
    QString bytes = request.file.isEmpty() ? ofText(request.body) : ofFile(request.file);
    if (!request.parts.isEmpty()) {
        bytes = QStringLiteral("new[]\n            {\n");
        for (const SnippetForm::Piece& piece : formOf(request).pieces)
            bytes += QStringLiteral("                ") +
                     (piece.isFile ? ofFile(piece.text) : ofText(piece.text)) + QStringLiteral(",\n");
        bytes += QStringLiteral("            }.SelectMany(piece => piece).ToArray()");
    }
    if (request.hasBody)
        out += QStringLiteral("            request.Content = new ByteArrayContent(") + bytes +
               QStringLiteral(");\n");
    for (const auto& [name, value] : request.headers) {
        const bool ofContent =
            request.hasBody && name.startsWith(QLatin1String("Content-"), Qt::CaseInsensitive);
        out += QStringLiteral("            request.") +
               (ofContent ? QStringLiteral("Content.Headers") : QStringLiteral("Headers")) +
               QStringLiteral(".TryAddWithoutValidation(") + literal(name) + QStringLiteral(", ") +
               written(value, words) + QStringLiteral(");\n");
    }
    return out + QStringLiteral("            var answer = await client.SendAsync(request);\n"
                                "            Console.WriteLine((int)answer.StatusCode);\n"
                                "            Console.WriteLine(await answer.Content.ReadAsStringAsync());\n"
                                "        }\n    }\n}\n");
}

// ------------------------------------------------------------ Rust

QString rust(const SnippetRequest& request) {
    const auto literal = [](const QString& text) -> QString {
        return doubleQuoted(text, [](char16_t c) -> QString {
            return QStringLiteral("\\u{") + QString::number(uint(c), 16) + u'}';
        });
    };
    const auto secret = [=](const QString& variable) -> QString {
        return QStringLiteral("std::env::var(") + literal(variable) + QStringLiteral(")?.as_str()");
    };
    const SnippetWords words{
        literal, secret, secret,
        [=](const QString&, const QString& variable) -> QString { return secret(variable); },
        QStringLiteral(", ")};
    const auto text = [&](const SnippetText& value) -> QString {
        if (value.isLiteral()) return literal(value.pieces.first().text);
        return u'[' + written(value, words) + QStringLiteral("].concat()");
    };
    QString url = literal(request.url.pieces.first().text), query;
    if (request.url.pieces.size() > 1) {
        const QString whole = request.url.pieces.first().text;
        const qsizetype at = qMax(whole.lastIndexOf(u'?'), whole.lastIndexOf(u'&'));
        url = literal(whole.left(at));
        query = QStringLiteral("        .query(&[(") +
                literal(QUrl::fromPercentEncoding(whole.mid(at + 1).chopped(1).toUtf8())) +
                QStringLiteral(", ") + secret(request.url.pieces.last().text) + QStringLiteral(")])\n");
    }
    QString out =
        commentLines(request, QStringLiteral("//")) +
        QStringLiteral(
            "// Cargo.toml: reqwest = { version = \"0.11\", features = [\"blocking\", \"multipart\"] }\n"
            "fn main() -> Result<(), Box<dyn std::error::Error>> {\n");
    if (!request.parts.isEmpty()) {
        out += QStringLiteral("    let form = reqwest::blocking::multipart::Form::new()\n");
        for (const BodyPart& part : request.parts) {
            QString value =
                QStringLiteral("reqwest::blocking::multipart::Part::text(") + literal(part.value) + u')';
            if (part.isFile)
                value = QStringLiteral("reqwest::blocking::multipart::Part::bytes(std::fs::read(") +
                        literal(part.value) + QStringLiteral(")?).file_name(") +
                        literal(part.value.section(u'/', -1)) + u')';
            const QString type = part.contentType.isEmpty() && part.isFile
                                     ? QStringLiteral("application/octet-stream")
                                     : part.contentType;
            if (!type.isEmpty()) value += QStringLiteral(".mime_str(") + literal(type) + QStringLiteral(")?");
            out += QStringLiteral("        .part(") + literal(part.name) + QStringLiteral(", ") + value +
                   QStringLiteral(")\n");
        }
        out.chop(1);
        out += QStringLiteral(";\n");
    }
    out += QStringLiteral("    let client = reqwest::blocking::Client::builder()\n        "
                          ".redirect(reqwest::redirect::Policy::") +
           (request.followRedirects ? QStringLiteral("limited(10)") : QStringLiteral("none()")) +
           QStringLiteral(")\n        .build()?;\n    let answer = client\n        "
                          ".request(reqwest::Method::from_bytes(b") +
           literal(request.method) + QStringLiteral(")?, ") + url + QStringLiteral(")\n") + query;
    for (const auto& [name, value] : request.headers) {
        const auto basic =
            std::find_if(value.pieces.cbegin(), value.pieces.cend(), [](const SnippetText::Piece& piece) {
                return piece.kind == SnippetText::Piece::Kind::BasicSecret;
            });
        if (basic != value.pieces.cend())
            out += QStringLiteral("        .basic_auth(") + literal(basic->user) + QStringLiteral(", Some(") +
                   secret(basic->text) + QStringLiteral("))\n");
        else
            out += QStringLiteral("        .header(") + literal(name) + QStringLiteral(", ") + text(value) +
                   QStringLiteral(")\n");
    }
    if (!request.parts.isEmpty())
        out += QStringLiteral("        .multipart(form)\n");
    else if (!request.file.isEmpty())
        out +=
            QStringLiteral("        .body(std::fs::read(") + literal(request.file) + QStringLiteral(")?)\n");
    else if (request.hasBody)
        out += QStringLiteral("        .body(") + literal(request.body) + QStringLiteral(")\n");
    return out + QStringLiteral("        .send()?;\n    println!(\"{}\", answer.status().as_u16());\n"
                                "    println!(\"{}\", answer.text()?);\n    Ok(())\n}\n");
}

// ------------------------------------------------------------ C++

QString cpp(const SnippetRequest& request) {
    const auto literal = [](const QString& text) -> QString {
        return QStringLiteral("std::string(") +
               doubleQuoted(text,
                            [](char16_t c) -> QString {
                                return u'\\' + QString::number(uint(c), 8).rightJustified(3, u'0');
                            }) +
               u')';
    };
    const auto secret = [=](const QString& variable) -> QString {
        return QStringLiteral("secret(\"") + variable + QStringLiteral("\")");
    };
    const SnippetWords words{
        literal, secret,
        [=](const QString& variable) -> QString {
            return QStringLiteral("escaped(curl, ") + secret(variable) + u')';
        },
        [=](const QString&, const QString& variable) -> QString { return secret(variable); }};
    const auto set = [](const char* option, const QString& value) -> QString {
        return QStringLiteral("    curl_easy_setopt(curl, ") + QLatin1String(option) + QStringLiteral(", ") +
               value + QStringLiteral(");\n");
    };
    QString out =
        commentLines(request, QStringLiteral("//")) +
        QStringLiteral(
            "// g++ call.cpp -lcurl\n#include <curl/curl.h>\n#include <cstdlib>\n#include <fstream>\n"
            "#include <iostream>\n#include <iterator>\n#include <string>\n\n"
            "static std::string secret(const char* name) {\n    const char* value = std::getenv(name);\n"
            "    return value ? value : \"\";\n}\n\n");
    if (request.url.pieces.size() > 1)
        out += QStringLiteral("static std::string escaped(CURL* curl, const std::string& text) {\n"
                              "    char* made = curl_easy_escape(curl, text.data(), int(text.size()));\n"
                              "    std::string out(made);\n    curl_free(made);\n    return out;\n}\n\n");
    out += QStringLiteral("int main() {\n    CURL* curl = curl_easy_init();\n    const std::string url = ") +
           written(request.url, words) + QStringLiteral(";\n    curl_slist* headers = nullptr;\n");
    QString login;
    for (const auto& [name, value] : request.headers) {
        const auto basic =
            std::find_if(value.pieces.cbegin(), value.pieces.cend(), [](const SnippetText::Piece& piece) {
                return piece.kind == SnippetText::Piece::Kind::BasicSecret;
            });
        if (basic != value.pieces.cend()) {
            login = set("CURLOPT_HTTPAUTH", QStringLiteral("CURLAUTH_BASIC")) +
                    set("CURLOPT_USERNAME", literal(basic->user) + QStringLiteral(".c_str()")) +
                    set("CURLOPT_PASSWORD", secret(basic->text) + QStringLiteral(".c_str()"));
            continue;
        }
        const bool empty = value.isLiteral() && value.pieces.first().text.isEmpty();
        SnippetText line = value;
        line.pieces.prepend({SnippetText::Piece::Kind::Literal,
                             name + (empty ? QStringLiteral(";") : QStringLiteral(": ")),
                             {}});
        out += QStringLiteral("    headers = curl_slist_append(headers, (") + written(line, words) +
               QStringLiteral(").c_str());\n");
    }
    out +=
        set("CURLOPT_URL", QStringLiteral("url.c_str()")) + set("CURLOPT_PATH_AS_IS", QStringLiteral("1L"));
    out += request.method == QLatin1String("HEAD")
               ? set("CURLOPT_NOBODY", QStringLiteral("1L"))
               : set("CURLOPT_CUSTOMREQUEST", doubleQuoted(request.method, hex4));
    out += set("CURLOPT_HTTPHEADER", QStringLiteral("headers")) + login;
    if (request.login == QLatin1String("digest") || request.login == QLatin1String("ntlm"))
        out += set("CURLOPT_HTTPAUTH", request.login == QLatin1String("digest")
                                           ? QStringLiteral("CURLAUTH_DIGEST")
                                           : QStringLiteral("CURLAUTH_NTLM")) +
               set("CURLOPT_USERNAME", literal(request.loginUser) + QStringLiteral(".c_str()")) +
               set("CURLOPT_PASSWORD", secret(request.loginVariable) + QStringLiteral(".c_str()"));
    if (!request.parts.isEmpty()) {
        out += QStringLiteral(
            "    curl_mime* form = curl_mime_init(curl);\n    curl_mimepart* part = nullptr;\n");
        for (const BodyPart& part : request.parts) {
            out += QStringLiteral("    part = curl_mime_addpart(form);\n    curl_mime_name(part, ") +
                   literal(part.name) + QStringLiteral(".c_str());\n");
            if (part.isFile)
                out += QStringLiteral("    curl_mime_filedata(part, ") + literal(part.value) +
                       QStringLiteral(".c_str());\n");
            else
                out += QStringLiteral("    curl_mime_data(part, ") + literal(part.value) +
                       QStringLiteral(".c_str(), CURL_ZERO_TERMINATED);\n");
            const QString type = part.contentType.isEmpty() && part.isFile
                                     ? QStringLiteral("application/octet-stream")
                                     : part.contentType;
            if (!type.isEmpty())
                out += QStringLiteral("    curl_mime_type(part, ") + literal(type) +
                       QStringLiteral(".c_str());\n");
        }
        out += set("CURLOPT_MIMEPOST", QStringLiteral("form"));
    } else if (request.hasBody) {
        if (request.file.isEmpty())
            out += QStringLiteral("    const std::string body = ") + literal(request.body) +
                   QStringLiteral(";\n");
        else
            out += QStringLiteral("    std::ifstream file(") + literal(request.file) +
                   QStringLiteral(
                       ", std::ios::binary);\n    const std::string body("
                       "(std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());\n");
        out += set("CURLOPT_POSTFIELDSIZE", QStringLiteral("long(body.size())")) +
               set("CURLOPT_POSTFIELDS", QStringLiteral("body.data()"));
    }
    if (request.followRedirects) out += set("CURLOPT_FOLLOWLOCATION", QStringLiteral("1L"));
    return out + QStringLiteral("    const CURLcode code = curl_easy_perform(curl);\n    long status = 0;\n"
                                "    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);\n"
                                "    std::cerr << status << '\\n';\n    curl_slist_free_all(headers);\n"
                                "    curl_easy_cleanup(curl);\n    return code == CURLE_OK ? 0 : 1;\n}\n");
}

} // namespace

QList<SnippetWriter> compiledWriters() {
    const auto target = [](const char* id, const char* label, const char* extension) {
        return SnippetTarget{QLatin1String(id), QLatin1String(label), QLatin1String(extension)};
    };
    return {{target("go", "Go", "go"), go, {}, true, false},
            {target("java", "Java", "java"), java},
            {target("csharp", "C#", "cs"), csharp, {}, false},
            {target("rust", "Rust (reqwest)", "rs"), rust},
            {target("cpp", "C++ (libcurl)", "cpp"), cpp, {QStringLiteral("digest"), QStringLiteral("ntlm")}}};
}

} // namespace kb
