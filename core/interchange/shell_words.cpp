// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/shell_words.h"

#include <QRegularExpression>

namespace kb {

namespace {

/// Cuts one text; each shell has its own rules for quotes and escapes.
class Words {
public:
    Words(const QString& text, ShellKind kind, QStringList* variables)
        : m_text(text), m_kind(kind), m_variables(variables) {}

    QList<QStringList> all() {
        while (m_at < m_text.size()) {
            const QChar c = m_text.at(m_at);
            if (isContinuation())
                skipContinuation();
            else if (c == u' ' || c == u'\t' || c == u'\r')
                ++m_at, endWord();
            else if (c == u'\n' || (c == u';' && m_kind != ShellKind::Cmd))
                ++m_at, endCommand();
            else if (c == u'#' && !m_open && m_kind != ShellKind::Cmd)
                skipLine();
            else if (c == u'&' && m_kind != ShellKind::PowerShell)
                ++m_at, endCommand();
            else if (c == u'|' || c == u'>' || c == u'<')
                skipLine(), endCommand(); // where its output goes is no part of the request
            else
                piece();
        }
        endCommand();
        return m_commands;
    }

private:
    QChar next() const { return m_at + 1 < m_text.size() ? m_text.at(m_at + 1) : QChar(); }
    QChar escape() const {
        return m_kind == ShellKind::Cmd ? u'^' : m_kind == ShellKind::PowerShell ? u'`' : u'\\';
    }
    bool isContinuation() const {
        return m_text.at(m_at) == escape() && (next() == u'\n' || next() == u'\r');
    }
    void skipContinuation() { m_at += next() == u'\r' ? 3 : 2; }
    void skipLine() {
        while (m_at < m_text.size() && m_text.at(m_at) != u'\n')
            ++m_at;
    }
    void add(QChar c) {
        m_word += c;
        m_open = true;
    }

    /// A variable of the shell is one of ours, which has its value from elsewhere. Not "$(…)", "$1" and
    /// "$'…'".
    bool variable() {
        static const QRegularExpression posix(QStringLiteral("\\G\\$(?:\\{(\\w+)\\}|([A-Za-z_]\\w*))")),
            power(QStringLiteral("\\G\\$(?:\\{(?:env:)?(\\w+)\\}|(?:env:)?([A-Za-z_]\\w*)(?![\\w:]))"),
                  QRegularExpression::CaseInsensitiveOption),
            // "%C3%A4b%20" is an encoded text: no name begins like a byte of it, unless it is all in
            // capitals.
            cmd(QStringLiteral("\\G%(?:([A-Z_][A-Z0-9_]{2,})|((?![0-9A-Fa-f]{2})[A-Za-z_]\\w*))%"));
        const QChar c = m_text.at(m_at);
        if (c != (m_kind == ShellKind::Cmd ? u'%' : u'$')) return false;
        const QRegularExpressionMatch found = (m_kind == ShellKind::Posix ? posix
                                               : m_kind == ShellKind::Cmd ? cmd
                                                                          : power)
                                                  .match(m_text, m_at);
        if (!found.hasMatch()) return false;
        const QString name = found.captured(1).isEmpty() ? found.captured(2) : found.captured(1);
        m_word += QStringLiteral("{{") + name + QStringLiteral("}}");
        m_open = true;
        m_at += found.capturedLength();
        if (m_variables && !m_variables->contains(name)) m_variables->append(name);
        return true;
    }

    /// What stands behind PowerShell's backtick.
    static QChar afterBacktick(QChar c) {
        static const QString letters = QStringLiteral("ntrabfve"),
                             values = QStringLiteral("\n\t\r\a\b\f\v\x1b");
        const qsizetype at = letters.indexOf(c);
        return at < 0 ? c : values.at(at);
    }

    void piece() {
        const QChar c = m_text.at(m_at);
        if (variable()) return;
        if (c == u'"') return doubleQuoted();
        if (c == u'\'' && m_kind != ShellKind::Cmd) return singleQuoted();
        if (c == u'$' && next() == u'\'' && m_kind == ShellKind::Posix) return ansiQuoted();
        if (c == escape() && m_at + 1 < m_text.size()) {
            // What cmd escapes may itself begin a quote that programs understand: ^" is one.
            if (m_kind == ShellKind::Cmd && next() == u'"') {
                ++m_at;
                return doubleQuoted();
            }
            add(m_kind == ShellKind::PowerShell ? afterBacktick(next()) : next());
            m_at += 2;
            return;
        }
        if (c == u'\\' && next() == u'"' && m_kind == ShellKind::Cmd) {
            add(u'"');
            m_at += 2;
            return;
        }
        add(c);
        ++m_at;
    }

    void singleQuoted() {
        m_open = true;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text.at(m_at) != u'\'') {
                m_word += m_text.at(m_at);
            } else if (m_kind == ShellKind::PowerShell && next() == u'\'') {
                m_word += u'\'';
                ++m_at;
            } else {
                ++m_at;
                return;
            }
        }
    }

    void doubleQuoted() {
        m_open = true;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const QChar c = m_text.at(m_at), after = next();
            if (variable()) {
                --m_at; // the loop goes on behind it
                continue;
            }
            if (m_kind == ShellKind::Cmd) {
                if (c == u'\\' && (after == u'"' || after == u'\\')) {
                    // The program reads \" as a quote; two backslashes only before one.
                    m_word += after;
                    ++m_at;
                } else if (c == u'^' && m_at + 1 < m_text.size()) { // as browsers write it: ^" ^% \^"
                    if (after == u'"') {
                        ++m_at;
                        if (m_word.endsWith(u'\\')) {
                            m_word.back() = u'"';
                            continue;
                        }
                        ++m_at;
                        return;
                    }
                    if (after == u'\n' || after == u'\r') {
                        m_at += after == u'\r' ? 2 : 1;
                        continue;
                    }
                    m_word += after;
                    ++m_at;
                } else if (c == u'"') {
                    if (after == u'"') {
                        m_word += u'"';
                        ++m_at;
                        continue;
                    }
                    ++m_at;
                    return;
                } else {
                    m_word += c;
                }
                continue;
            }
            if (c == u'"') {
                if (m_kind == ShellKind::PowerShell && after == u'"') {
                    m_word += u'"';
                    ++m_at;
                    continue;
                }
                ++m_at;
                return;
            }
            if (c == escape() && m_at + 1 < m_text.size()) {
                const bool power = m_kind == ShellKind::PowerShell;
                if (power || QStringLiteral("\"\\$`\n").contains(after)) {
                    if (power)
                        m_word += afterBacktick(after);
                    else if (after != u'\n')
                        m_word += after;
                    ++m_at;
                    continue;
                }
            }
            m_word += c;
        }
    }

    void ansiQuoted() {
        m_open = true;
        for (m_at += 2; m_at < m_text.size(); ++m_at) {
            const QChar c = m_text.at(m_at);
            if (c == u'\'') {
                ++m_at;
                return;
            }
            if (c != u'\\' || m_at + 1 >= m_text.size()) {
                m_word += c;
                continue;
            }
            ++m_at;
            escaped(m_text.at(m_at));
        }
    }

    void escaped(QChar c) {
        static const QString letters = QStringLiteral("ntrabfve"),
                             values = QStringLiteral("\n\t\r\a\b\f\v\x1b");
        if (const qsizetype at = letters.indexOf(c); at >= 0) {
            m_word += values.at(at);
            return;
        }
        const int most = c == u'u' ? 4 : c == u'U' ? 8 : c == u'x' ? 2 : 0;
        if (most == 0) {
            m_word += c;
            return;
        }
        QString digits;
        while (digits.size() < most && m_at + 1 < m_text.size() &&
               QStringLiteral("0123456789abcdefABCDEF").contains(m_text.at(m_at + 1)))
            digits += m_text.at(++m_at);
        const uint code = digits.toUInt(nullptr, 16);
        if (digits.isEmpty() || code > 0x10ffff)
            m_word += c;
        else
            m_word += QString::fromUcs4(reinterpret_cast<const char32_t*>(&code), 1);
    }

    void endWord() {
        // Windows PowerShell hands \" on to the program, which reads it as a quote.
        if (m_kind == ShellKind::PowerShell) m_word.replace(QLatin1String("\\\""), QLatin1String("\""));
        if (m_open) m_words.append(m_word);
        m_word.clear();
        m_open = false;
    }
    void endCommand() {
        endWord();
        if (!m_words.isEmpty()) m_commands.append(m_words);
        m_words.clear();
    }

    const QString& m_text;
    ShellKind m_kind;
    QStringList* m_variables;
    qsizetype m_at = 0;
    QString m_word;
    bool m_open = false; ///< a word has begun, be it an empty one
    QStringList m_words;
    QList<QStringList> m_commands;
};

} // namespace

ShellKind guessShell(const QString& text) {
    const QString all = QString(text).remove(u'\r');
    if (all.contains(QLatin1String("^\n")) || all.contains(QLatin1String("^\"")) ||
        all.contains(QLatin1String("\\^")))
        return ShellKind::Cmd;
    if (all.contains(QLatin1String("`\n")) || all.contains(QLatin1String("`\"")))
        return ShellKind::PowerShell;
    if (!all.trimmed().startsWith(QLatin1String("curl.exe"), Qt::CaseInsensitive)) return ShellKind::Posix;
    // A quote that is escaped for the program alone is cmd's, if no word is in single quotes.
    const bool single = all.contains(QLatin1String(" '")) || all.contains(QLatin1String("\t'"));
    return all.contains(QLatin1String("\\\"")) && !single ? ShellKind::Cmd : ShellKind::PowerShell;
}

QList<QStringList> shellCommands(const QString& text, ShellKind kind, QStringList* variables) {
    return Words(text, kind, variables).all();
}

} // namespace kb
