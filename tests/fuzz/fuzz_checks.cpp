// SPDX-License-Identifier: GPL-3.0-or-later
// What checks read: expressions, operators and operands over an answer, data files, .env files. The first
// line is an expression, the second an operator with its operand, the rest the body.
#include "core/run/answer_value.h"
#include "core/runner/data_file.h"
#include "core/workspace/environment.h"

using namespace kb;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size > 20000) return 0;
    const QByteArray text(reinterpret_cast<const char*>(data), qsizetype(size));
    const qsizetype first = text.indexOf('\n');
    const qsizetype second = first < 0 ? -1 : text.indexOf('\n', first + 1);
    if (second > 0) {
        const QByteArray body = text.mid(second + 1);
        Response response;
        response.status = 200;
        response.headers.append("Content-Type", "application/json");
        const AnswerView view = answerView(response, body, 1);
        const QString check = QString::fromUtf8(text.mid(first + 1, second - first - 1));
        const Result<AnswerValue> value = valueOf(QString::fromUtf8(text.left(first)), view);
        if (value) {
            const Result<void> equal = compareValue(*value, QStringLiteral("eq"), check);
            const Result<void> other = compareValue(*value, QStringLiteral("neq"), check);
            if (equal.has_value() == other.has_value()) __builtin_trap(); // one of them holds, never both
            (void)compareValue(*value, check.section(u' ', 0, 0), check.section(u' ', 1));
            (void)shownValue(*value);
        }
    }
    (void)readDataFile(text, QStringLiteral("data"));
    (void)readDotEnv(text);
    return 0;
}
