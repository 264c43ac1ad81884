// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace kb {

/// One piece of XML or HTML text.
struct MarkupToken {
    enum class Kind {
        Text,
        Space, ///< text of nothing but white space
        Open,
        Close,
        Single, ///< a void or self-closing element
        Other,  ///< comment, CDATA, processing instruction, doctype
        Rest    ///< from where the text stops being markup
    };
    Kind kind = Kind::Text;
    qsizetype start = 0;
    qsizetype end = 0;
    qsizetype match = -1;       ///< of an Open: the token that closes it, or -1
    bool holdsText = false;     ///< of an Open: text stands directly inside
    bool holdsElements = false; ///< of an Open: an element, comment or the like stands directly inside
    bool holdsBlocks = false;   ///< of an Open in HTML: a block element stands directly inside
    bool verbatim = false;      ///< of an Open: <pre>, <script>, <style>, <textarea>, xml:space="preserve"
};

/// Cuts the text into tokens that cover it without gaps, and pairs opening with closing tags. Linear in size,
/// without recursion; closing tags that match nothing and elements that are never closed are left unpaired.
QList<MarkupToken> scanMarkup(QByteArrayView text, bool html);

} // namespace kb
