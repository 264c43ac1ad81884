// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include <QCoreApplication>
#include <cerrno>
#include <cstdio>

#ifdef Q_OS_WIN
#include <io.h>
#else
#include <unistd.h>
#endif

namespace kb::cli {

namespace {

bool errorIsTerminal() {
#ifdef Q_OS_WIN
    return _isatty(_fileno(stderr)) != 0;
#else
    return isatty(STDERR_FILENO) != 0;
#endif
}

void put(FILE* stream, const QByteArray& bytes) {
    std::fwrite(bytes.constData(), 1, static_cast<std::size_t>(bytes.size()), stream);
}

/// A terminal must not act on what a server or a file says: escape sequences become visible.
QByteArray printable(const QString& text) {
    QString safe = text;
    for (QChar& c : safe)
        if (c.category() == QChar::Other_Control && c != QLatin1Char('\n') && c != QLatin1Char('\t'))
            c = QChar(0xFFFD);
    return safe.toUtf8();
}

} // namespace

Exit serverExit(const Error& error) {
    switch (error.code) {
    case ErrorCode::SendFailed:
    case ErrorCode::ReceiveFailed:
    case ErrorCode::ConnectFailed:
    case ErrorCode::NameNotFound:
    case ErrorCode::TlsFailed:
    case ErrorCode::ProxyFailed:
    case ErrorCode::TimedOut:
        return Inconclusive;
    case ErrorCode::ProtocolError:
    case ErrorCode::ParseError:
    case ErrorCode::LoginNeeded:
        return Findings;
    default:
        return Usage;
    }
}

void Output::write(QByteArrayView bytes) const {
    if (bytes.isEmpty()) return; // its address may be null, which fwrite does not take
    std::fwrite(bytes.data(), 1, static_cast<std::size_t>(bytes.size()), stdout);
}

void Output::line(const QString& text) const {
    put(stdout, printable(text) + '\n');
    std::fflush(stdout);
}

void Output::message(const QString& text) const {
    if (!quiet) put(stderr, printable(text) + '\n');
}

void Output::headline(const QString& text) const {
    if (quiet) return;
    const bool bold = errorIsTerminal() && qEnvironmentVariableIsEmpty("NO_COLOR");
    put(stderr, (bold ? "\x1b[1m" : "") + printable(text) + (bold ? "\x1b[0m\n" : "\n"));
}

void Output::document(JsonObject object) const {
    JsonObject whole;
    whole.add(QStringLiteral("schema_version"), qint64(1));
    JsonValue document = whole.value();
    document.members.append(object.value().members);
    put(stdout, writeJson(document) + '\n');
    std::fflush(stdout);
}

Exit Output::error(const Error& error, Exit code) const {
    if (json) {
        JsonObject details;
        details.add(QStringLiteral("code"), QString::fromLatin1(errorCodeName(error.code)))
            .add(QStringLiteral("what"), error.what)
            .add(QStringLiteral("where"), error.where)
            .add(QStringLiteral("next"), error.next);
        document(JsonObject().add(QStringLiteral("error"), details.value()));
    }
    put(stderr, printable(QStringLiteral("keybearer-cli: ") + error.text()) + '\n');
    return code;
}

Result<void> Output::flush() const {
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
    return fail(ErrorCode::FileError,
                QCoreApplication::translate("Cli", "The result could not be written to standard output: %1.")
                    .arg(qt_error_string(errno)));
}

} // namespace kb::cli
