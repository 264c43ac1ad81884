// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace kb {

/// Which characters may follow a token's prefix.
enum class TokenAlphabet {
    Alnum,  ///< A-Z a-z 0-9
    Hex,    ///< 0-9 a-f A-F
    Base32, ///< A-Z 2-7
    Word,   ///< Alnum, _ and -
    Token   ///< Word and . ~ + / = :
};

enum class TokenTrait { Ordinary, Live, Public };

/// A kind of token that its first characters give away. What follows them is checked by alphabet and length
/// only.
struct TokenShape {
    const char* id;
    std::string_view prefix;
    std::size_t minRest; ///< bytes after the prefix
    std::size_t maxRest;
    TokenAlphabet alphabet;
    const char* label;  ///< source text in the context TokenKind
    const char* note;   ///< likewise; nullptr for none
    const char* header; ///< where it normally goes if not Authorization: Bearer; nullptr for that
    TokenTrait trait;
};

/// All of them; a longer prefix stands before a shorter one that begins it.
std::span<const TokenShape> tokenShapes();
/// The shape the whole value has, or nullptr.
const TokenShape* matchTokenShape(std::string_view value);
bool isOfAlphabet(std::string_view text, TokenAlphabet alphabet);

} // namespace kb
