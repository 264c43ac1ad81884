// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runner/data_file.h"
#include "core/runner/runner_text.h"

#include "core/base/json.h"
#include "core/base/utf8.h"

namespace kb {

namespace {

constexpr qsizetype mostRows = 100000;

QString place(const QString& file, qsizetype line) {
    return QStringLiteral("%1:%2").arg(file).arg(line);
}

struct CsvRecord {
    QStringList fields;
    qsizetype line = 1; ///< where it begins
};

/// The records of a CSV text. Quotes in a field that does not begin with one stay as they are.
Result<QList<CsvRecord>> csvRecords(const QString& text, const QString& file) {
    QList<CsvRecord> records;
    CsvRecord record;
    QString field;
    bool quoted = false, wasQuoted = false, any = false;
    qsizetype line = 1;
    const auto endField = [&] {
        record.fields.append(field);
        field.clear();
        wasQuoted = false;
    };
    const auto endRecord = [&] {
        endField();
        if (any) records.append(record); // an empty line is none
        record = {{}, line};
        any = false;
    };
    for (qsizetype at = 0; at < text.size(); ++at) {
        const QChar c = text.at(at);
        if (c == u'\n') ++line;
        if (quoted) {
            if (c != u'"') {
                field += c;
            } else if (at + 1 < text.size() && text.at(at + 1) == u'"') {
                field += c;
                ++at;
            } else {
                quoted = false;
            }
        } else if (c == u'"' && field.isEmpty() && !wasQuoted) {
            quoted = wasQuoted = any = true;
        } else if (c == u',') {
            any = true;
            endField();
        } else if (c == u'\n' || c == u'\r') {
            if (c == u'\r' && at + 1 < text.size() && text.at(at + 1) == u'\n') {
                ++at;
                ++line;
            }
            endRecord();
            if (records.size() > mostRows)
                return fail(ErrorCode::InvalidInput,
                            RunnerText::tr("The file has more than %1 rows.").arg(mostRows), file);
        } else {
            any = true;
            field += c;
        }
    }
    if (quoted)
        return fail(ErrorCode::ParseError, RunnerText::tr("A quote is opened and not closed."),
                    place(file, record.line));
    endRecord();
    return records;
}

Result<QList<VariableMap>> readCsv(const QString& text, const QString& file) {
    const Result<QList<CsvRecord>> records = csvRecords(text, file);
    if (!records) return tl::unexpected(records.error());
    if (records->isEmpty())
        return fail(ErrorCode::ParseError, RunnerText::tr("The file has no rows."), file,
                    RunnerText::tr("Its first line names the variables."));
    QStringList names;
    for (const QString& name : records->first().fields) {
        names.append(name.trimmed());
        if (names.last().isEmpty() || names.count(names.last()) > 1)
            return fail(ErrorCode::ParseError, RunnerText::tr("The first line must name each variable once."),
                        place(file, 1));
    }
    QList<VariableMap> rows;
    for (const CsvRecord& record : records->mid(1)) {
        if (record.fields.size() != names.size())
            return fail(ErrorCode::ParseError,
                        RunnerText::tr("This row has %1 fields, the first line has %2.")
                            .arg(record.fields.size())
                            .arg(names.size()),
                        place(file, record.line));
        VariableMap row;
        for (qsizetype i = 0; i < names.size(); ++i)
            row.insert(names.at(i), record.fields.at(i));
        rows.append(row);
    }
    return rows;
}

Result<QList<VariableMap>> readJsonRows(const QByteArray& text, const QString& file) {
    const Result<JsonValue> parsed = parseJson(text);
    if (!parsed)
        return fail(ErrorCode::ParseError, parsed.error().what, file, parsed.error().next,
                    parsed.error().position);
    QList<VariableMap> rows;
    for (const JsonValue& item : parsed->items) {
        if (!item.isObject())
            return fail(
                ErrorCode::ParseError, RunnerText::tr("Element %1 is no object.").arg(rows.size() + 1), file,
                RunnerText::tr("Write a list of objects: each gives the variables of one iteration."));
        VariableMap row;
        for (const JsonValue::Member& member : item.members)
            row.insert(member.first, member.second.isString() ? member.second.string
                                                              : QString::fromUtf8(writeJson(member.second)));
        rows.append(row);
        if (rows.size() > mostRows)
            return fail(ErrorCode::InvalidInput,
                        RunnerText::tr("The file has more than %1 rows.").arg(mostRows), file);
    }
    return rows;
}

} // namespace

Result<QList<VariableMap>> readDataFile(const QByteArray& text, const QString& fileName) {
    QByteArray bytes = text;
    if (bytes.startsWith("\xEF\xBB\xBF")) bytes.remove(0, 3);
    const QByteArray start = bytes.left(64).trimmed();
    Result<QList<VariableMap>> rows =
        start.startsWith('[') || start.startsWith('{')
            ? readJsonRows(start.startsWith('{') ? '[' + bytes + ']' : bytes, fileName)
            : readCsv(QString::fromUtf8(bytes), fileName);
    if (rows && rows->isEmpty())
        return fail(ErrorCode::ParseError, RunnerText::tr("The file has no rows."), fileName);
    return rows;
}

} // namespace kb
