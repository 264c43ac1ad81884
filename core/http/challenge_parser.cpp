// SPDX-License-Identifier: GPL-3.0-or-later
// Reads by the grammar of RFC 9110 §11, and goes on reading where a server does not keep to it: each
// departure becomes a sentence in `problems`, so that nothing a server said is lost and nothing it got wrong
// stays unsaid.
#include "core/http/challenge.h"

#include <QCoreApplication>
#include <QHash>

namespace kb {

namespace {

struct ChallengeText {
    Q_DECLARE_TR_FUNCTIONS(ChallengeText)
};

bool isBlank(char c) {
    return c == ' ' || c == '\t';
}

bool isToken68Char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~' || c == '+' || c == '/';
}

class Parser {
public:
    void readLine(QByteArrayView line) {
        m_line = line;
        m_at = 0;
        m_commaMissing = false;
        ++m_lineNumber;
        while (true) {
            while (!atEnd() && (isBlank(peek()) || peek() == ','))
                ++m_at;
            if (atEnd()) return;
            readElement();
            m_commaMissing = !endElement();
        }
    }

    ChallengeList result;

private:
    bool atEnd() const { return m_at >= m_line.size(); }
    char peek() const { return m_line[m_at]; }
    void skipSpace() {
        while (!atEnd() && isBlank(peek()))
            ++m_at;
    }
    void problem(const QString& sentence, qsizetype at) {
        result.problems.append(ChallengeText::tr("%1 (field line %2, character %3)")
                                   .arg(sentence)
                                   .arg(m_lineNumber)
                                   .arg(at + 1));
    }

    QByteArray readToken() {
        const qsizetype start = m_at;
        while (!atEnd() && isToken(m_line.sliced(m_at, 1)))
            ++m_at;
        return m_line.sliced(start, m_at - start).toByteArray();
    }

    /// One element of the list: a parameter of the challenge before it, or a new challenge.
    void readElement() {
        const qsizetype start = m_at;
        const QByteArray token = readToken();
        if (token.isEmpty()) {
            problem(ChallengeText::tr("A character stands where a scheme or a parameter should begin."),
                    start);
            skipToComma();
            return;
        }
        const qsizetype afterToken = m_at;
        skipSpace();
        if (!atEnd() && peek() == '=') {
            if (m_hasChallenge) {
                readParam(token, start);
            } else {
                problem(ChallengeText::tr("A parameter stands before any scheme."), start);
                skipToComma();
            }
            return;
        }
        if (m_commaMissing) {
            // Words behind a value that lacks its quotes are no scheme; the missing comma was told already.
            skipToComma();
            return;
        }
        result.challenges.append(Challenge{token, {}, {}});
        m_names.clear();
        m_hasChallenge = true;
        if (atEnd() || peek() == ',') return; // a bare scheme
        if (m_at == afterToken) {
            problem(ChallengeText::tr("A scheme is followed by a character that does not belong to it."),
                    m_at);
            skipToComma();
            return;
        }
        readCredentialsOfScheme();
    }

    /// What follows the scheme and a space: a token68, or the first parameter.
    void readCredentialsOfScheme() {
        const qsizetype start = m_at;
        while (!atEnd() && isToken68Char(peek()))
            ++m_at;
        if (m_at > start) {
            while (!atEnd() && peek() == '=')
                ++m_at;
            const qsizetype end = m_at;
            skipSpace();
            if (atEnd() || peek() == ',') {
                result.challenges.last().token68 = m_line.sliced(start, end - start).toByteArray();
                return;
            }
        }
        m_at = start;
        const QByteArray name = readToken();
        skipSpace();
        if (!name.isEmpty() && !atEnd() && peek() == '=') {
            readParam(name, start);
            return;
        }
        problem(
            ChallengeText::tr("A scheme is followed by something that is neither a token nor a parameter."),
            start);
        skipToComma();
    }

    /// From the "=" on.
    void readParam(const QByteArray& name, qsizetype start) {
        ++m_at;
        skipSpace();
        QByteArray value;
        if (!atEnd() && peek() == '"')
            value = readQuoted();
        else
            value = readUnquoted();

        Challenge& challenge = result.challenges.last();
        if (!challenge.token68.isEmpty() && !takeBackToken68(challenge, start)) {
            problem(ChallengeText::tr("A parameter follows a token, which may not be mixed."), start);
            return;
        }
        const QByteArray lowerName = name.toLower();
        if (const auto first = m_names.constFind(lowerName); first != m_names.cend()) {
            AuthParam& known = challenge.params[*first];
            known.repeated = known.repeated || known.value != value; // the same twice leaves no doubt
            problem(ChallengeText::tr("The parameter %1 comes twice in one challenge.")
                        .arg(QString::fromLatin1(lowerName)),
                    start);
            return;
        }
        m_names.insert(lowerName, challenge.params.size());
        challenge.params.append({lowerName, value, false});
    }

    /// "Bearer realm=, error=…" reads as a token68 "realm=" by the grammar; a parameter behind it says it was
    /// none.
    bool takeBackToken68(Challenge& challenge, qsizetype at) {
        const QByteArrayView text(challenge.token68);
        const QByteArrayView name = text.chopped(1);
        if (!text.endsWith('=') || !isToken(name)) return false;
        problem(
            ChallengeText::tr("The parameter %1 has no value.").arg(QString::fromLatin1(name.toByteArray())),
            at);
        m_names.insert(name.toByteArray().toLower(), challenge.params.size());
        challenge.params.append({name.toByteArray().toLower(), {}, false});
        challenge.token68.clear();
        return true;
    }

    QByteArray readQuoted() {
        const qsizetype start = m_at;
        ++m_at;
        QByteArray value;
        bool oddByte = false;
        while (!atEnd()) {
            char c = m_line[m_at++];
            if (c == '"') {
                if (oddByte) problem(ChallengeText::tr("A quoted value holds a control character."), start);
                return value;
            }
            if (c == '\\') {
                if (atEnd()) break;
                c = m_line[m_at++];
            }
            oddByte = oddByte || (uchar(c) < 0x20 && c != '\t') || c == 0x7f;
            value += c;
        }
        problem(ChallengeText::tr("A quoted value has no closing quote."), start);
        return value;
    }

    /// A token; what servers write without the quotes it needs is taken up to the next comma or space.
    QByteArray readUnquoted() {
        const qsizetype start = m_at;
        QByteArray value = readToken();
        if (atEnd() || peek() == ',' || isBlank(peek())) {
            if (value.isEmpty()) problem(ChallengeText::tr("A parameter has no value."), start);
            return value;
        }
        while (!atEnd() && peek() != ',' && !isBlank(peek()))
            value += m_line[m_at++];
        problem(ChallengeText::tr("A value needs quotes and has none."), start);
        return value;
    }

    /// False when something else than a comma follows.
    bool endElement() {
        skipSpace();
        if (atEnd() || peek() == ',') return true;
        problem(ChallengeText::tr("A comma is missing."), m_at);
        // The text goes on as if the comma were there; a lone separator such as ";" is stepped over.
        if (!isToken(m_line.sliced(m_at, 1))) ++m_at;
        return false;
    }

    void skipToComma() {
        bool quoted = false;
        for (; !atEnd(); ++m_at) {
            if (peek() == '"')
                quoted = !quoted;
            else if (quoted && peek() == '\\' && m_at + 1 < m_line.size())
                ++m_at;
            else if (!quoted && peek() == ',')
                return;
        }
    }

    QByteArrayView m_line;
    qsizetype m_at = 0;
    int m_lineNumber = 0;
    QHash<QByteArray, qsizetype> m_names; // of the parameters of the last challenge, and where they stand
    bool m_commaMissing = false;          // before the element being read
    bool m_hasChallenge = false; // lines of one field are one list (RFC 9110 §5.3), so this outlives a line
};

} // namespace

ChallengeList parseChallenges(const QList<QByteArray>& fieldValues) {
    Parser parser;
    for (const QByteArray& value : fieldValues)
        parser.readLine(value);
    return parser.result;
}

} // namespace kb
