// SPDX-License-Identifier: GPL-3.0-or-later
// .http and .rest files, as editors run them: requests parted by "###".
#include "core/interchange/import_draft.h"
#include "core/interchange/import_text.h"

#include <QRegularExpression>
#include <algorithm>

namespace kb::importing {

namespace {

bool isMethod(const QString& word) {
    static const QRegularExpression method(QStringLiteral("^[A-Z][A-Z\\-]{1,19}$"));
    return method.match(word).hasMatch();
}

/// "{{ name }}" is {{name}} here.
QString variables(QString text) {
    static const QRegularExpression spaced(QStringLiteral("\\{\\{\\s*([^{}\\s]+)\\s*\\}\\}"));
    return text.replace(spaced, QStringLiteral("{{\\1}}"));
}

class HttpFile {
public:
    explicit HttpFile(Draft& draft) : m_draft(draft) {}

    void read(const QString& text) {
        for (const QString& line : text.split(u'\n')) {
            QString clean = line;
            if (clean.endsWith(u'\r')) clean.chop(1);
            if (clean.startsWith(QLatin1String("###"))) {
                finish();
                m_name = clean.mid(3).trimmed();
            } else {
                take(clean);
            }
        }
        finish();
    }

private:
    enum class Part { Start, Head, Body };

    void take(const QString& line) {
        if (m_part == Part::Body) {
            body(line);
            return;
        }
        const QString trimmed = line.trimmed();
        const bool comment = trimmed.startsWith(u'#') || trimmed.startsWith(QLatin1String("//"));
        if (comment) {
            static const QRegularExpression name(QStringLiteral("^(?:#|//)\\s*@name\\s*=?\\s*(\\S+)"));
            const QRegularExpressionMatch found = name.match(trimmed);
            if (found.hasMatch()) m_name = found.captured(1);
            if (trimmed.contains(QLatin1String("@no-redirect"))) m_spec.settings.followRedirects = false;
            return;
        }
        if (m_part == Part::Start) {
            start(trimmed);
            return;
        }
        if (trimmed.isEmpty()) {
            m_part = Part::Body;
        } else if (line.startsWith(u' ') || line.startsWith(u'\t')) {
            m_spec.url += variables(trimmed); // a long address goes on in the next line
        } else if (trimmed.startsWith(u'?') || trimmed.startsWith(u'&')) {
            m_spec.url += variables(trimmed);
        } else if (const qsizetype colon = trimmed.indexOf(u':'); colon > 0) {
            m_spec.headers.append(
                {trimmed.left(colon).trimmed(), variables(trimmed.mid(colon + 1).trimmed()), {}, true});
        }
    }

    void start(const QString& line) {
        if (line.isEmpty()) return;
        static const QRegularExpression variable(QStringLiteral("^@([\\w\\-.]+)\\s*=\\s*(.*)$"));
        if (const QRegularExpressionMatch found = variable.match(line); found.hasMatch()) {
            m_draft.variables.append({found.captured(1), variables(found.captured(2)), true});
            return;
        }
        if (line.startsWith(u'<') || line.startsWith(u'>')) return; // a script
        const QString word = line.section(u' ', 0, 0, QString::SectionSkipEmpty);
        QString rest = line;
        if (isMethod(word)) {
            m_spec.method = word;
            rest = line.mid(word.size()).trimmed();
        }
        m_spec.url = variables(rest);
        m_part = Part::Head;
    }

    void body(const QString& line) {
        if (m_inScript) {
            if (line.contains(QLatin1String("%}"))) m_inScript = false;
            return;
        }
        if (line.startsWith(QLatin1String("> {%")) || line.startsWith(QLatin1String("< {%"))) {
            noteOnce(m_draft, ImportText::tr("%1: its scripts are not taken over.").arg(m_name));
            m_inScript = !line.contains(QLatin1String("%}"));
            return;
        }
        if (line.startsWith(QLatin1String("> ")) || line.startsWith(QLatin1String(">> "))) return;
        static const QRegularExpression file(QStringLiteral("^<@?\\s+(\\S.*)$"));
        if (const QRegularExpressionMatch found = file.match(line); found.hasMatch() && m_body.isEmpty()) {
            m_file = found.captured(1).trimmed();
            return;
        }
        m_body.append(line);
    }

    void finish() {
        if (m_part != Part::Start) {
            while (!m_body.isEmpty() && m_body.last().trimmed().isEmpty())
                m_body.removeLast();
            static const QRegularExpression version(QStringLiteral("\\s+HTTP/[\\d.]+$"));
            m_spec.url.remove(version);
            joinHost();
            QString type;
            for (const HeaderRow& row : std::as_const(m_spec.headers))
                if (row.name.compare(QLatin1String("Content-Type"), Qt::CaseInsensitive) == 0)
                    type = row.value;
            if (!m_file.isEmpty()) {
                m_spec.body = {BodySpec::Kind::File, m_file, {}};
                fileNote(m_draft, m_name, m_file);
            } else if (!m_body.isEmpty()) {
                const bool form =
                    type.startsWith(QLatin1String("application/x-www-form-urlencoded"), Qt::CaseInsensitive);
                m_spec.body = textBody(variables(m_body.join(form ? QString() : QStringLiteral("\n"))), type);
            }
            dropImpliedContentType(m_spec);
            m_spec.name = m_name.isEmpty() ? m_spec.method + u' ' + m_spec.url.section(u'?', 0, 0) : m_name;
            DraftItem item;
            item.name = m_spec.name;
            item.request = m_spec;
            basicWords(item);
            m_draft.items.append(item);
        }
        m_spec = {};
        m_part = Part::Start;
        m_name.clear();
        m_file.clear();
        m_body.clear();
        m_inScript = false;
    }

    /// "GET /a" is sent to where its Host line says; without encryption, unless the port says otherwise.
    void joinHost() {
        if (!m_spec.url.startsWith(u'/')) return;
        const auto isHost = [](const HeaderRow& row) {
            return row.name.compare(QLatin1String("Host"), Qt::CaseInsensitive) == 0;
        };
        const auto row = std::find_if(m_spec.headers.cbegin(), m_spec.headers.cend(), isHost);
        if (row == m_spec.headers.cend())
            return noteOnce(m_draft, ImportText::tr("%1 names no host: its address is a path alone.")
                                         .arg(m_name.isEmpty() ? m_spec.url : m_name));
        const QString host = row->value;
        static const QRegularExpression secure(QStringLiteral(":8?443$"));
        m_spec.url.prepend((host.contains(secure) ? QStringLiteral("https://") : QStringLiteral("http://")) +
                           host);
        m_spec.headers.removeIf(isHost);
    }

    /// "Authorization: Basic user password" and "Digest user password" are words of these files.
    static void basicWords(DraftItem& item) {
        static const QRegularExpression words(QStringLiteral("^(Basic|Digest)\\s+(\\S+)[\\s:]+(\\S.*)$"),
                                              QRegularExpression::CaseInsensitiveOption);
        for (qsizetype i = 0; i < item.request.headers.size(); ++i) {
            const HeaderRow row = item.request.headers.at(i);
            if (row.name.compare(QLatin1String("Authorization"), Qt::CaseInsensitive) != 0) continue;
            const QRegularExpressionMatch found = words.match(row.value);
            if (!found.hasMatch()) return;
            item.auth = basicAuth(found.captured(2), found.captured(3));
            if (found.captured(1).compare(QLatin1String("Digest"), Qt::CaseInsensitive) == 0) {
                DigestScheme digest;
                digest.user = found.captured(2);
                item.auth.scheme = digest;
            }
            item.request.headers.removeAt(i);
            return;
        }
    }

    Draft& m_draft;
    RequestSpec m_spec;
    Part m_part = Part::Start;
    QString m_name, m_file;
    QStringList m_body;
    bool m_inScript = false;
};

} // namespace

Result<Draft> readHttpFile(const QByteArray& text, const QString& name) {
    Draft draft;
    draft.format = QStringLiteral("http");
    draft.name = name;
    HttpFile(draft).read(QString::fromUtf8(text));
    return draft;
}

} // namespace kb::importing
