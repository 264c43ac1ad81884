// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/interchange/shell_words.h"

namespace kb {

namespace {

/// Cuts one text; each shell has its own rules for quotes and escapes.
class Words {
public:
    Words(const QString& text, ShellKind kind) : m_text(text), m_kind(kind) {}

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

    void piece() {
        const QChar c = m_text.at(m_at);
        if (c == u'"') return doubleQuoted();
        if (c == u'\'' && m_kind != ShellKind::Cmd) return singleQuoted();
        if (c == u'$' && next() == u'\'' && m_kind == ShellKind::Posix) return ansiQuoted();
        if (c == escape() && m_at + 1 < m_text.size()) {
            // What cmd escapes may itself begin a quote that programs understand: ^" is one.
            if (m_kind == ShellKind::Cmd && next() == u'"') {
                ++m_at;
                return doubleQuoted();
            }
            add(next());
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
                const bool known =
                    m_kind == ShellKind::PowerShell ? true : QStringLiteral("\"\\$`\n").contains(after);
                if (known) {
                    if (m_kind == ShellKind::PowerShell && after == u'n')
                        m_word += u'\n';
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
    if (all.contains(QLatin1String("`\n")) ||
        all.trimmed().startsWith(QLatin1String("curl.exe"), Qt::CaseInsensitive) ||
        all.contains(QLatin1String("`\"")))
        return ShellKind::PowerShell;
    return ShellKind::Posix;
}

QList<QStringList> shellCommands(const QString& text, ShellKind kind) {
    return Words(text, kind).all();
}

} // namespace kb
