// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts for engines that make load: k6 and JMeter. Tokens come from the environment.
#include "core/interchange/export_private.h"
#include "core/interchange/export_text.h"
#include "core/interchange/snippet_code.h"

#include <QUrl>
#include <QXmlStreamWriter>

namespace kb::exporting {

namespace {

/// The requests these engines can send; the others are named in the notes.
QList<SnippetRequest> sendable(Source& source, bool forms) {
    QList<SnippetRequest> all;
    for (const RequestSpec* spec : source.requests()) {
        const Result<SnippetRequest> request =
            snippetRequest(*spec, source.profileOf(*spec), source.variables);
        QString why;
        if (!request)
            why = request.error().what;
        else if (!request->login.isEmpty())
            why = request->login;
        else if (!request->file.isEmpty() || (!forms && !request->parts.isEmpty()))
            why = ExportText::tr("its body");
        if (!why.isEmpty())
            source.notes.append(ExportText::tr("%1 is left out: %2").arg(spec->name, why));
        else
            all.append(*request);
    }
    return all;
}

QString js(const QString& text) {
    return doubleQuoted(text, [](char16_t c) -> QString {
        return QStringLiteral("\\u") + QString::number(uint(c), 16).rightJustified(4, u'0');
    });
}

} // namespace

Result<QByteArray> k6(Source& source) {
    const auto secret = [](const QString& variable) -> QString {
        return QStringLiteral("__ENV.") + variable;
    };
    const SnippetWords words{js, secret,
                             [=](const QString& variable) -> QString {
                                 return QStringLiteral("encodeURIComponent(") + secret(variable) + u')';
                             },
                             [=](const QString& user, const QString& variable) -> QString {
                                 return QStringLiteral("encoding.b64encode(") + js(user + u':') +
                                        QStringLiteral(" + ") + secret(variable) + u')';
                             }};
    QString calls;
    for (const SnippetRequest& request : sendable(source, true)) {
        QString headers;
        for (const auto& [name, value] : request.headers)
            headers += QStringLiteral("      ") + js(name) + QStringLiteral(": ") + written(value, words) +
                       QStringLiteral(",\n");
        QString body = request.hasBody ? js(request.body) : QStringLiteral("null");
        if (!request.parts.isEmpty()) {
            body = QStringLiteral("{\n");
            for (const BodyPart& part : request.parts) {
                if (part.isFile) {
                    source.notes.append(ExportText::tr("%1: the file %2 is to be opened by hand.")
                                            .arg(request.name, part.value));
                    continue;
                }
                body += QStringLiteral("      ") + js(part.name) + QStringLiteral(": ") + js(part.value) +
                        QStringLiteral(",\n");
            }
            body += QStringLiteral("    }");
        }
        calls +=
            QStringLiteral("  group(") + js(request.name) +
            QStringLiteral(", () => {\n    const answer = http.request(") + js(request.method) +
            QStringLiteral(", ") + written(request.url, words) + QStringLiteral(", ") + body +
            QStringLiteral(", {\n      headers: {\n") + headers + QStringLiteral("      },\n") +
            (request.followRedirects ? QString() : QStringLiteral("      redirects: 0,\n")) +
            QStringLiteral(
                "    });\n    check(answer, { \"status is below 400\": (r) => r.status < 400 });\n  });\n");
    }
    if (calls.isEmpty())
        return fail(ErrorCode::Unsupported, ExportText::tr("None of the requests can be sent by k6."));
    const QString script =
        QStringLiteral("import http from \"k6/http\";\nimport encoding from \"k6/encoding\";\n"
                       "import { check, group } from \"k6\";\n\n"
                       "export const options = {\n  vus: 1,\n  iterations: 1,\n  thresholds: { checks: "
                       "[\"rate==1.0\"] },\n};\n\n"
                       "export default function () {\n") +
        calls + QStringLiteral("}\n");
    return script.toUtf8();
}

Result<QByteArray> jmeter(Source& source) {
    const QList<SnippetRequest> requests = sendable(source, false);
    if (requests.isEmpty())
        return fail(ErrorCode::Unsupported, ExportText::tr("None of the requests can be sent by JMeter."));
    // What an environment variable holds is a property on JMeter's command line: -JNAME="$NAME".
    const auto property = [](const QString& variable) -> QString {
        return QStringLiteral("${__P(") + variable + QStringLiteral(")}");
    };
    const auto literal = [](const QString& text) -> QString {
        return QString(text)
            .replace(QLatin1String("\\"), QLatin1String("\\\\"))
            .replace(QLatin1String("$"), QLatin1String("\\$"));
    };
    const SnippetWords words{
        literal, property,
        [=](const QString& variable) -> QString {
            return QStringLiteral("${__urlencode(${__P(") + variable + QStringLiteral(")})}");
        },
        [=](const QString& user, const QString& variable) -> QString {
            return QStringLiteral(
                       "${__BeanShell(new String(org.apache.commons.codec.binary.Base64.encodeBase64((\"") +
                   literal(user) + QStringLiteral(":\" + props.get(\"") + variable +
                   QStringLiteral("\")).getBytes(\"UTF-8\"))))}");
        },
        QString()};
    QByteArray out;
    QXmlStreamWriter xml(&out);
    xml.setAutoFormatting(true);
    xml.setAutoFormattingIndent(2);
    const auto open = [&](const char* tag, const char* gui, const char* test, const QString& name) {
        xml.writeStartElement(QLatin1String(tag));
        xml.writeAttribute(QStringLiteral("guiclass"), QLatin1String(gui));
        xml.writeAttribute(QStringLiteral("testclass"), QLatin1String(test));
        xml.writeAttribute(QStringLiteral("testname"), name);
        xml.writeAttribute(QStringLiteral("enabled"), QStringLiteral("true"));
    };
    const auto prop = [&](const char* kind, const char* name, const QString& value) {
        xml.writeStartElement(QLatin1String(kind));
        xml.writeAttribute(QStringLiteral("name"), QLatin1String(name));
        xml.writeCharacters(value);
        xml.writeEndElement();
    };
    const auto tree = [&] { xml.writeStartElement(QStringLiteral("hashTree")); };
    xml.writeStartDocument();
    xml.writeStartElement(QStringLiteral("jmeterTestPlan"));
    xml.writeAttribute(QStringLiteral("version"), QStringLiteral("1.2"));
    xml.writeAttribute(QStringLiteral("properties"), QStringLiteral("2.8"));
    tree();
    open("TestPlan", "TestPlanGui", "TestPlan", source.workspace.name);
    xml.writeEndElement();
    tree();
    open("ThreadGroup", "ThreadGroupGui", "ThreadGroup", source.workspace.name);
    prop("stringProp", "ThreadGroup.on_sample_error", QStringLiteral("continue"));
    xml.writeStartElement(QStringLiteral("elementProp"));
    xml.writeAttribute(QStringLiteral("name"), QStringLiteral("ThreadGroup.main_controller"));
    xml.writeAttribute(QStringLiteral("elementType"), QStringLiteral("LoopController"));
    prop("boolProp", "LoopController.continue_forever", QStringLiteral("false"));
    prop("stringProp", "LoopController.loops", QStringLiteral("${__P(loops,1)}"));
    xml.writeEndElement();
    prop("stringProp", "ThreadGroup.num_threads", QStringLiteral("${__P(threads,1)}"));
    prop("stringProp", "ThreadGroup.ramp_time", QStringLiteral("1"));
    xml.writeEndElement();
    tree();
    for (const SnippetRequest& request : requests) {
        open("HTTPSamplerProxy", "HttpTestSampleGui", "HTTPSamplerProxy", request.name);
        // A whole address in the path counts as such.
        prop("stringProp", "HTTPSampler.path", written(request.url, words));
        prop("stringProp", "HTTPSampler.method", request.method);
        prop("stringProp", "HTTPSampler.contentEncoding", QStringLiteral("UTF-8"));
        prop("boolProp", "HTTPSampler.follow_redirects",
             request.followRedirects ? QStringLiteral("true") : QStringLiteral("false"));
        prop("boolProp", "HTTPSampler.use_keepalive", QStringLiteral("true"));
        prop("stringProp", "HTTPSampler.implementation", QStringLiteral("HttpClient4"));
        if (request.hasBody) {
            prop("boolProp", "HTTPSampler.postBodyRaw", QStringLiteral("true"));
            xml.writeStartElement(QStringLiteral("elementProp"));
            xml.writeAttribute(QStringLiteral("name"), QStringLiteral("HTTPsampler.Arguments"));
            xml.writeAttribute(QStringLiteral("elementType"), QStringLiteral("Arguments"));
            xml.writeStartElement(QStringLiteral("collectionProp"));
            xml.writeAttribute(QStringLiteral("name"), QStringLiteral("Arguments.arguments"));
            xml.writeStartElement(QStringLiteral("elementProp"));
            xml.writeAttribute(QStringLiteral("name"), QString());
            xml.writeAttribute(QStringLiteral("elementType"), QStringLiteral("HTTPArgument"));
            prop("boolProp", "HTTPArgument.always_encode", QStringLiteral("false"));
            prop("stringProp", "Argument.value", literal(request.body));
            prop("stringProp", "Argument.metadata", QStringLiteral("="));
            xml.writeEndElement();
            xml.writeEndElement();
            xml.writeEndElement();
        }
        xml.writeEndElement();
        tree();
        open("HeaderManager", "HeaderPanel", "HeaderManager", QStringLiteral("Headers"));
        xml.writeStartElement(QStringLiteral("collectionProp"));
        xml.writeAttribute(QStringLiteral("name"), QStringLiteral("HeaderManager.headers"));
        for (const auto& [name, value] : request.headers) {
            xml.writeStartElement(QStringLiteral("elementProp"));
            xml.writeAttribute(QStringLiteral("name"), name);
            xml.writeAttribute(QStringLiteral("elementType"), QStringLiteral("Header"));
            prop("stringProp", "Header.name", name);
            prop("stringProp", "Header.value", written(value, words));
            xml.writeEndElement();
        }
        xml.writeEndElement();
        xml.writeEndElement();
        tree();
        xml.writeEndElement(); // of the headers
        xml.writeEndElement(); // of the sampler
    }
    xml.writeEndDocument();
    return out;
}

} // namespace kb::exporting
