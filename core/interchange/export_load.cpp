// SPDX-License-Identifier: GPL-3.0-or-later
// A plan for JMeter, which makes load. Tokens come from the environment.
#include "core/interchange/export_private.h"
#include "core/interchange/export_text.h"
#include "core/interchange/snippet_code.h"

#include <QUrl>
#include <QXmlStreamWriter>

namespace kb::exporting {

QList<LoadRequest> loadRequests(Source& source) {
    QList<LoadRequest> all;
    for (const RequestSpec* spec : source.requests()) {
        const Result<SnippetRequest> request =
            snippetRequest(*spec, source.profileOf(*spec), source.variables);
        const QString why = !request ? request.error().what : request->login;
        if (!why.isEmpty())
            source.notes.append(ExportText::tr("%1 is left out: %2").arg(spec->name, why));
        else
            all.append({*request, spec});
    }
    return all;
}

namespace {

/// Those that JMeter can send; it knows so many methods, and puts a form together for one of them.
QList<LoadRequest> jmeterRequests(Source& source) {
    static const QStringList methods{
        QStringLiteral("GET"),       QStringLiteral("POST"),       QStringLiteral("HEAD"),
        QStringLiteral("PUT"),       QStringLiteral("OPTIONS"),    QStringLiteral("TRACE"),
        QStringLiteral("DELETE"),    QStringLiteral("PATCH"),      QStringLiteral("PROPFIND"),
        QStringLiteral("PROPPATCH"), QStringLiteral("MKCOL"),      QStringLiteral("COPY"),
        QStringLiteral("MOVE"),      QStringLiteral("LOCK"),       QStringLiteral("UNLOCK"),
        QStringLiteral("REPORT"),    QStringLiteral("MKCALENDAR"), QStringLiteral("SEARCH")};
    QList<LoadRequest> all;
    for (LoadRequest& each : loadRequests(source)) {
        SnippetRequest& request = each.request;
        QString why;
        if (!methods.contains(request.method)) why = ExportText::tr("its method %1").arg(request.method);
        if (why.isEmpty() && !request.parts.isEmpty() && request.method != QLatin1String("POST")) {
            const QList<SnippetForm::Piece> pieces = formOf(request).pieces;
            if (pieces.size() > 1) why = ExportText::tr("files in a form with %1").arg(request.method);
            request = withFormType(request);
            request.body = pieces.first().text;
            request.parts.clear();
        }
        if (why.isEmpty())
            all.append(each);
        else
            source.notes.append(ExportText::tr("%1 is left out: %2").arg(request.name, why));
    }
    return all;
}

} // namespace

Result<QByteArray> jmeter(Source& source) {
    const QList<LoadRequest> requests = jmeterRequests(source);
    if (requests.isEmpty())
        return fail(ErrorCode::Unsupported, ExportText::tr("None of the requests can be sent by JMeter."));
    // What an environment variable holds is a property on JMeter's command line: -JNAME="$NAME".
    const auto property = [](const QString& variable) -> QString {
        return QStringLiteral("${__P(") + variable + QStringLiteral(")}");
    };
    // In a text with a function in it, and there alone, JMeter takes a backslash for an escape.
    const auto beside = [](const QString& text) -> QString {
        return QString(text)
            .replace(QLatin1String("\\"), QLatin1String("\\\\"))
            .replace(QLatin1String("${"), QLatin1String("${__char(36)}{"));
    };
    // Within a text of a script within a function: what could end either is written by its number.
    const auto scripted = [](const QString& text) -> QString {
        QString inner;
        for (const QChar c : text)
            inner += c.isLetterOrNumber() || c.unicode() > 0x7f
                         ? QString(c)
                         : QStringLiteral("\\\\") + QString::number(c.unicode(), 8).rightJustified(3, u'0');
        return inner;
    };
    const SnippetWords words{
        beside, property,
        [=](const QString& variable) -> QString {
            return QStringLiteral("${__urlencode(${__P(") + variable + QStringLiteral(")})}");
        },
        [=](const QString& user, const QString& variable) -> QString {
            return QStringLiteral(
                       "${__BeanShell(new String(org.apache.commons.codec.binary.Base64.encodeBase64((\"") +
                   scripted(user) + QStringLiteral(":\" + props.get(\"") + variable +
                   QStringLiteral("\")).getBytes(\"UTF-8\"))))}");
        },
        QString()};
    const auto said = [&](const SnippetText& text) -> QString {
        const bool plain = text.isLiteral() && !text.pieces.first().text.contains(QLatin1String("${"));
        return plain ? text.pieces.first().text : written(text, words);
    };
    const auto literal = [&](const QString& text) -> QString { return said(SnippetText::literal(text)); };
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
        // As it stands, a carriage return is read as no more than the end of a line (XML 1.0 §2.11).
        const QStringList pieces = value.split(u'\r');
        for (qsizetype i = 0; i < pieces.size(); ++i) {
            if (i > 0) xml.writeEntityReference(QStringLiteral("#13"));
            xml.writeCharacters(pieces.at(i));
        }
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
    const auto element = [&](const char* name, const char* type, const QString& collection) {
        xml.writeStartElement(QStringLiteral("elementProp"));
        xml.writeAttribute(QStringLiteral("name"), QLatin1String(name));
        xml.writeAttribute(QStringLiteral("elementType"), QLatin1String(type));
        xml.writeStartElement(QStringLiteral("collectionProp"));
        xml.writeAttribute(QStringLiteral("name"), collection);
    };
    const auto item = [&](const QString& name, const char* type) {
        xml.writeStartElement(QStringLiteral("elementProp"));
        xml.writeAttribute(QStringLiteral("name"), name);
        xml.writeAttribute(QStringLiteral("elementType"), QLatin1String(type));
    };
    const auto argument = [&](const QString& name, const QString& value) {
        item(name, "HTTPArgument");
        prop("boolProp", "HTTPArgument.always_encode", QStringLiteral("false"));
        if (!name.isEmpty()) prop("stringProp", "Argument.name", literal(name));
        prop("stringProp", "Argument.value", literal(value));
        prop("stringProp", "Argument.metadata", QStringLiteral("="));
        xml.writeEndElement();
    };
    const auto file = [&](const QString& field, const QString& path, const QString& type) {
        item(path, "HTTPFileArg");
        prop("stringProp", "File.path", literal(path));
        prop("stringProp", "File.paramname", literal(field));
        prop("stringProp", "File.mimetype",
             type.isEmpty() ? QStringLiteral("application/octet-stream") : type);
        xml.writeEndElement();
    };
    const auto end = [&] {
        xml.writeEndElement(); // of the collection
        xml.writeEndElement(); // of its property
    };
    for (const auto& [request, spec] : requests) {
        // The type of a body that is a file is said with the file; once more, it would be sent twice.
        QString fileType;
        QList<std::pair<QString, SnippetText>> headers;
        for (const auto& header : request.headers)
            if (request.file.isEmpty() || !header.second.isLiteral() ||
                header.first.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) != 0)
                headers.append(header);
            else
                fileType = header.second.pieces.first().text;
        open("HTTPSamplerProxy", "HttpTestSampleGui", "HTTPSamplerProxy", request.name);
        // A whole address in the path counts as such.
        prop("stringProp", "HTTPSampler.path", said(request.url));
        prop("stringProp", "HTTPSampler.method", request.method);
        prop("stringProp", "HTTPSampler.contentEncoding", QStringLiteral("UTF-8"));
        prop("boolProp", "HTTPSampler.follow_redirects",
             request.followRedirects ? QStringLiteral("true") : QStringLiteral("false"));
        prop("boolProp", "HTTPSampler.use_keepalive", QStringLiteral("true"));
        prop("stringProp", "HTTPSampler.implementation", QStringLiteral("HttpClient4"));
        if (!request.parts.isEmpty()) {
            prop("boolProp", "HTTPSampler.DO_MULTIPART_POST", QStringLiteral("true"));
            prop("boolProp", "HTTPSampler.BROWSER_COMPATIBLE_MULTIPART", QStringLiteral("true"));
        }
        if (request.hasBody && request.file.isEmpty()) {
            if (request.parts.isEmpty()) prop("boolProp", "HTTPSampler.postBodyRaw", QStringLiteral("true"));
            element("HTTPsampler.Arguments", "Arguments", QStringLiteral("Arguments.arguments"));
            if (request.parts.isEmpty()) argument(QString(), request.body);
            for (const BodyPart& part : request.parts)
                if (!part.isFile) argument(part.name, part.value);
            end();
        }
        if (!request.file.isEmpty() || !request.parts.isEmpty()) {
            element("HTTPsampler.Files", "HTTPFileArgs", QStringLiteral("HTTPFileArgs.files"));
            // A file without a field's name is the body itself.
            if (!request.file.isEmpty()) file(QString(), request.file, fileType);
            for (const BodyPart& part : request.parts)
                if (part.isFile) file(part.name, part.value, part.contentType);
            end();
        }
        xml.writeEndElement();
        tree();
        open("HeaderManager", "HeaderPanel", "HeaderManager", QStringLiteral("Headers"));
        xml.writeStartElement(QStringLiteral("collectionProp"));
        xml.writeAttribute(QStringLiteral("name"), QStringLiteral("HeaderManager.headers"));
        for (const auto& [name, value] : headers) {
            xml.writeStartElement(QStringLiteral("elementProp"));
            xml.writeAttribute(QStringLiteral("name"), name);
            xml.writeAttribute(QStringLiteral("elementType"), QStringLiteral("Header"));
            prop("stringProp", "Header.name", name);
            prop("stringProp", "Header.value", said(value));
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
