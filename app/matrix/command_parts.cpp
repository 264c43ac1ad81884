// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/matrix/command_parts.h"
#include "app/cli/cli_text.h"

#include <csignal>

namespace kb::cli {

namespace {

volatile std::sig_atomic_t interrupted = 0;

void onInterrupt(int) {
    interrupted = 1;
}

void handle(void (*handler)(int)) {
    for (const int signal : {SIGINT, SIGTERM})
        std::signal(signal, handler);
}

} // namespace

Result<QList<Report>> reportsOf(const std::vector<std::string>& texts, const QStringList& kinds) {
    QList<Report> reports;
    for (const std::string& text : texts) {
        const QString whole = QString::fromStdString(text);
        const Report report{whole.section(u'=', 0, 0), whole.section(u'=', 1)};
        if (!kinds.contains(report.kind) || report.file.isEmpty())
            return fail(ErrorCode::InvalidInput,
                        CliText::tr("A report needs a kind and a file: %1").arg(whole),
                        QStringLiteral("--report"),
                        CliText::tr("Write it as --report junit=results.xml. There are: %1.")
                            .arg(kinds.join(QStringLiteral(", "))));
        reports.append(report);
    }
    return reports;
}

Interruption::Interruption(std::function<void()> stop) {
    handle(onInterrupt);
    QObject::connect(&m_watch, &QTimer::timeout, &m_watch, [stop = std::move(stop)] {
        if (!interrupted) return;
        interrupted = 0;
        handle(SIG_DFL);
        stop();
    });
    m_watch.start(100);
}

Interruption::~Interruption() {
    handle(SIG_DFL);
}

} // namespace kb::cli
