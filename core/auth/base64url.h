// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QString>
#include <string_view>

namespace kb {

/// Text in base64url without padding, read strictly (RFC 7515 §2, RFC 4648 §3.2, §3.5 and §5).
struct Base64UrlText {
    QByteArray bytes;
    bool trailingBits =
        false;       ///< the last character carries bits that are not zero: another text means the same
    QString problem; ///< why it does not read, in a clause: "it is padded with =". Empty if it reads
    qsizetype position = -1; ///< index of the character the problem is about, or -1

    bool isValid() const { return problem.isEmpty(); }
};
Base64UrlText decodeBase64Url(std::string_view text);

/// Whether each character is of the base64url alphabet and the length is one that bytes can give.
bool looksLikeBase64Url(std::string_view text);

/// A character named for people: "a line break", "the character \"+\"", "the byte 0x1B".
QString characterName(char character);

} // namespace kb
