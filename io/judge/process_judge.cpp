// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/judge/process_judge.h"

#include "core/base/json_make.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTimer>

namespace kb {

namespace {

struct JudgeText {
    Q_DECLARE_TR_FUNCTIONS(Judge)
};

constexpr qsizetype largestAnswer = 16 * 1024 * 1024;

BodyVerdict problem(const QString& text) {
    return {{}, {}, text};
}

/// The helper's words for what went wrong (judge/protocol.md).
QString problemText(const QString& word, const QString& detail) {
    if (word == QLatin1String("modules")) return JudgeText::tr("A filter cannot use modules here.");
    if (word == QLatin1String("body")) return JudgeText::tr("The body is no JSON.");
    if (word == QLatin1String("filter")) return JudgeText::tr("The filter cannot be read: %1").arg(detail);
    if (word == QLatin1String("filter-failed")) return JudgeText::tr("The filter failed: %1").arg(detail);
    if (word == QLatin1String("values")) return JudgeText::tr("The filter gives more than 1000 values.");
    if (word == QLatin1String("schema"))
        return JudgeText::tr("The schema cannot be used. %1").arg(detail).trimmed();
    if (word == QLatin1String("draft"))
        return JudgeText::tr("The schema is written for %1; draft 7 is understood.").arg(detail);
    if (word == QLatin1String("word"))
        return JudgeText::tr("The schema uses %1, which draft 7 does not have.").arg(detail);
    return JudgeText::tr("It failed: %1").arg(detail);
}

/// What the helper says of one question, a line of JSON (judge/protocol.md).
BodyVerdict readVerdict(const QByteArray& line) {
    const Result<JsonValue> parsed = parseJson(line);
    if (!parsed || !parsed->isObject())
        return problem(JudgeText::tr("The helper program's answer cannot be read."));
    BodyVerdict verdict;
    if (const QString word = parsed->text(u"problem"); !word.isEmpty())
        verdict.problem = problemText(word, parsed->text(u"detail"));
    if (const JsonValue* values = parsed->find(u"values"))
        for (const JsonValue& each : values->items)
            verdict.values.append(each.string.toUtf8());
    if (const JsonValue* faults = parsed->find(u"faults"))
        for (const JsonValue& each : faults->items)
            verdict.faults.append(each.string);
    return verdict;
}

class Asking final : public Handle {
public:
    Asking(const QString& program, const QByteArray& body, const QList<BodyQuestion>& questions,
           int millisecondsEach, std::function<void(QList<BodyVerdict>)> done)
        : m_expected(questions.size()), m_done(std::move(done)) {
        QList<JsonValue> list;
        for (const BodyQuestion& question : questions)
            list.append(
                JsonObject()
                    .add(QStringLiteral("kind"), question.kind == BodyQuestion::Kind::Jq ? "jq" : "schema")
                    .add(QStringLiteral("text"), QString::fromUtf8(question.text))
                    .value());
        const QByteArray head = writeJson(JsonObject()
                                              .add(QStringLiteral("body"), qint64(body.size()))
                                              .add(QStringLiteral("questions"), jsonArray(std::move(list)))
                                              .value());
        // An empty list would mean the whole environment: it has one variable of no meaning.
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
        m_process.setProcessEnvironment(environment);
        m_process.setStandardErrorFile(QProcess::nullDevice());
        QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process, [this] { read(); });
        QObject::connect(&m_process, &QProcess::finished, &m_process, [this] {
            read();
            end(JudgeText::tr(
                "The helper program ended without an answer: the filter or schema is too much for it."));
        });
        QObject::connect(
            &m_process, &QProcess::errorOccurred, &m_process, [this](QProcess::ProcessError error) {
                // A queued word, since a start that fails may do so inside start().
                if (error == QProcess::FailedToStart)
                    QMetaObject::invokeMethod(
                        &m_process,
                        [this] {
                            end(JudgeText::tr(
                                "The helper program keybearer-judge could not be started. Install Keybearer "
                                "again."));
                        },
                        Qt::QueuedConnection);
            });
        m_limit.setSingleShot(true);
        m_limit.setInterval(millisecondsEach);
        QObject::connect(&m_limit, &QTimer::timeout, &m_process, [this] {
            m_verdicts.append(problem(JudgeText::tr("It took too long and was stopped.")));
            end(JudgeText::tr("It was not reached: a check before it took too long."));
        });
        m_process.start(program, {}, QIODevice::ReadWrite);
        m_process.write(head + '\n');
        m_process.write(body);
        m_process.closeWriteChannel();
        m_limit.start();
    }

    ~Asking() override {
        QObject::disconnect(&m_process, nullptr, nullptr, nullptr);
        if (m_process.state() == QProcess::NotRunning) return;
        m_process.kill();
        m_process.waitForFinished(1000);
    }

private:
    void read() {
        m_read += m_process.readAllStandardOutput();
        if (m_read.size() > largestAnswer) return end(JudgeText::tr("It gives more than can be taken."));
        for (qsizetype line = m_read.indexOf('\n'); line >= 0; line = m_read.indexOf('\n')) {
            if (m_verdicts.size() < m_expected) m_verdicts.append(readVerdict(m_read.left(line)));
            m_read.remove(0, line + 1);
            m_limit.start(); // each question has its own time
        }
        if (m_verdicts.size() == m_expected) end({});
    }

    void end(const QString& otherwise) {
        if (!m_done) return;
        while (m_verdicts.size() < m_expected)
            m_verdicts.append(problem(otherwise));
        m_limit.stop();
        // The answer may destroy this object.
        const auto done = std::exchange(m_done, nullptr);
        const QList<BodyVerdict> verdicts = std::move(m_verdicts);
        done(verdicts);
    }

    qsizetype m_expected;
    std::function<void(QList<BodyVerdict>)> m_done;
    QList<BodyVerdict> m_verdicts;
    QByteArray m_read;
    QTimer m_limit;
    QProcess m_process;
};

} // namespace

ProcessJudge::ProcessJudge(QString program, int millisecondsEach)
    : m_program(std::move(program)), m_millisecondsEach(millisecondsEach) {}

HandlePtr ProcessJudge::ask(const QByteArray& body, const QList<BodyQuestion>& questions,
                            std::function<void(QList<BodyVerdict>)> done) {
    return std::make_unique<Asking>(m_program, body, questions, m_millisecondsEach, std::move(done));
}

} // namespace kb
