// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/answer_value.h"
#include "core/run/checks_text.h"

#include "core/base/json_make.h"

namespace kb {

namespace {

tl::unexpected<Error> unreadable(const QString& expression, qsizetype at) {
    return fail(
        ErrorCode::InvalidInput, CheckText::tr("\"%1\" cannot be read.").arg(expression), {},
        CheckText::tr("Write it like res.status, res.body.users[0].name or res.headers['etag']; for more, "
                      "use a jq filter."),
        at);
}

/// One step: ".name", "[0]", "['name']".
struct Step {
    QString name;
    bool isCall = false; ///< "()" follows, with `argument`
    QString argument;
};

class Steps {
public:
    explicit Steps(const QString& text) : m_text(text) {}

    Result<QList<Step>> read() {
        QList<Step> steps;
        if (!m_text.startsWith(QLatin1String("res"))) return unreadable(m_text, 0);
        m_at = 3;
        while (m_at < m_text.size()) {
            Step step;
            const QChar c = m_text.at(m_at);
            if (c == u'.') {
                ++m_at;
                step.name = word();
                if (step.name.isEmpty()) return unreadable(m_text, m_at);
            } else if (c == u'[') {
                ++m_at;
                if (!inBrackets(step.name, u']')) return unreadable(m_text, m_at);
            } else if (c == u'(' && !steps.isEmpty() && !steps.last().isCall) {
                ++m_at;
                steps.last().isCall = true;
                if (m_at < m_text.size() && m_text.at(m_at) == u')')
                    ++m_at;
                else if (!inBrackets(steps.last().argument, u')'))
                    return unreadable(m_text, m_at);
                continue;
            } else {
                return unreadable(m_text, m_at);
            }
            steps.append(step);
        }
        if (steps.isEmpty()) return unreadable(m_text, m_at);
        return steps;
    }

private:
    QString word() {
        const qsizetype start = m_at;
        while (m_at < m_text.size() && (m_text.at(m_at).isLetterOrNumber() || m_text.at(m_at) == u'_' ||
                                        m_text.at(m_at) == u'$' || m_text.at(m_at).isSurrogate()))
            ++m_at;
        return m_text.mid(start, m_at - start);
    }

    bool inBrackets(QString& out, QChar end) {
        if (m_at >= m_text.size()) return false;
        const QChar quote = m_text.at(m_at);
        if (quote == u'\'' || quote == u'"') {
            for (++m_at; m_at < m_text.size() && m_text.at(m_at) != quote; ++m_at) {
                if (m_text.at(m_at) == u'\\' && m_at + 1 < m_text.size()) ++m_at;
                out += m_text.at(m_at);
            }
            ++m_at;
        } else {
            while (m_at < m_text.size() && m_text.at(m_at).isDigit())
                out += m_text.at(m_at++);
            if (out.isEmpty()) return false;
        }
        if (m_at >= m_text.size() || m_text.at(m_at) != end) return false;
        ++m_at;
        return true;
    }

    const QString& m_text;
    qsizetype m_at = 0;
};

AnswerValue field(const HeaderList& headers, const QString& name) {
    const QList<QByteArray> all = headers.all(name.toUtf8());
    if (all.isEmpty()) return {};
    return jsonText(QString::fromUtf8(all.join(", ")));
}

JsonValue fieldObject(const HeaderList& headers) {
    QList<JsonValue::Member> members;
    for (const HeaderField& each : headers.fields) {
        const QString name = QString::fromUtf8(each.name).toLower();
        const auto same = [&](const JsonValue::Member& member) { return member.first == name; };
        if (std::none_of(members.begin(), members.end(), same)) members.append({name, *field(headers, name)});
    }
    return jsonObject(members);
}

/// The cookies an answer sets (RFC 6265 §5.2), by name; the last of a name counts.
AnswerValue cookie(const HeaderList& headers, const QString& name) {
    AnswerValue found;
    for (const QByteArray& line : headers.all("Set-Cookie")) {
        const QByteArray pair = line.split(';').first();
        const qsizetype equals = pair.indexOf('=');
        if (equals > 0 && QString::fromUtf8(pair.left(equals).trimmed()) == name)
            found = jsonText(QString::fromUtf8(pair.mid(equals + 1).trimmed()));
    }
    return found;
}

AnswerValue stepInto(const AnswerValue& value, const QString& name) {
    if (!value) return {};
    if (value->isObject()) {
        // The last member of a name counts, as everywhere that JSON is parsed into an object.
        for (auto each = value->members.crbegin(); each != value->members.crend(); ++each)
            if (each->first == name) return each->second;
        return {};
    }
    bool isIndex = false;
    const qsizetype index = name.toLongLong(&isIndex);
    if (value->isArray() && isIndex)
        return index >= 0 && index < value->items.size() ? AnswerValue(value->items.at(index))
                                                         : AnswerValue();
    if (name == QLatin1String("length")) {
        if (value->isArray()) return jsonNumber(qint64(value->items.size()));
        if (value->isString()) return jsonNumber(qint64(value->string.size()));
    }
    return {};
}

/// res.getHeader('x') is res.headers['x'], and so on.
bool asProperty(Step& step, QList<Step>& rest) {
    if (!step.isCall) return true;
    static const QList<std::pair<QString, QString>> calls{
        {QStringLiteral("getStatus"), QStringLiteral("status")},
        {QStringLiteral("getStatusText"), QStringLiteral("statusText")},
        {QStringLiteral("getBody"), QStringLiteral("body")},
        {QStringLiteral("getHeaders"), QStringLiteral("headers")},
        {QStringLiteral("getHeader"), QStringLiteral("headers")},
        {QStringLiteral("getResponseTime"), QStringLiteral("responseTime")}};
    for (const auto& [call, property] : calls) {
        if (step.name != call) continue;
        if (call == QLatin1String("getHeader")) rest.prepend({step.argument, false, {}});
        step = {property, false, {}};
        return true;
    }
    return false;
}

} // namespace

AnswerView answerView(const Response& response, const QByteArray& body, double milliseconds) {
    AnswerView view{&response, &body, milliseconds};
    QByteArrayView text(body);
    if (text.startsWith("\xEF\xBB\xBF")) text = text.sliced(3);
    if (const Result<JsonValue> parsed = parseJson(text)) {
        view.parsed = *parsed;
    } else {
        view.parsed = jsonText(QString::fromUtf8(body));
        const QByteArray type = response.headers.first("Content-Type").value_or(QByteArray()).toLower();
        view.unreadable = !body.isEmpty() && type.contains("json");
    }
    return view;
}

Result<QStringList> pathOf(const QString& expression) {
    const QString text = expression.trimmed();
    Result<QList<Step>> steps = Steps(text).read();
    if (!steps) return tl::unexpected(steps.error());
    Step root = steps->takeFirst();
    if (!asProperty(root, *steps)) return unreadable(text, 0);
    QStringList path{root.name};
    for (const Step& step : std::as_const(*steps)) {
        if (step.isCall) return unreadable(text, 0);
        path.append(step.name);
    }
    return path;
}

Result<AnswerValue> valueOf(const QString& expression, const AnswerView& answer) {
    Result<QStringList> path = pathOf(expression);
    if (!path) return tl::unexpected(path.error());
    const QString root = path->takeFirst();
    const Response& response = *answer.response;
    AnswerValue value;
    if (root == QLatin1String("status")) {
        value = jsonNumber(qint64(response.status));
    } else if (root == QLatin1String("statusText")) {
        value = jsonText(response.reason.isEmpty() ? statusMeaning(response.status).name
                                                   : QString::fromUtf8(response.reason));
    } else if (root == QLatin1String("responseTime")) {
        value = jsonNumber(answer.milliseconds);
    } else if (root == QLatin1String("size")) {
        value = jsonNumber(qint64(answer.body->size()));
    } else if (root == QLatin1String("body")) {
        if (answer.unreadable && !path->isEmpty())
            return fail(ErrorCode::InvalidInput,
                        CheckText::tr("The body is said to be JSON and cannot be read."));
        value = answer.parsed;
    } else if (root == QLatin1String("headers") || root == QLatin1String("cookies")) {
        const bool headers = root == QLatin1String("headers");
        if (path->isEmpty()) return headers ? AnswerValue(fieldObject(response.headers)) : AnswerValue();
        const QString name = path->takeFirst();
        value = headers ? field(response.headers, name) : cookie(response.headers, name);
    } else {
        return unreadable(expression.trimmed(), 4);
    }
    for (const QString& name : std::as_const(*path))
        value = stepInto(value, name);
    return value;
}

QString shownValue(const AnswerValue& value) {
    if (!value) return CheckText::tr("nothing");
    QString text = QString::fromUtf8(writeJson(*value));
    constexpr qsizetype longest = 120;
    if (text.size() > longest) text = text.left(longest) + QStringLiteral("…");
    return text;
}

} // namespace kb
