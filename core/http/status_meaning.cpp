// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/message.h"

#include <QCoreApplication>

namespace kb {

namespace {

struct StatusText {
    Q_DECLARE_TR_FUNCTIONS(StatusText)
};

struct Entry {
    int status;
    const char* name; ///< as registered, never translated
    const char* meaning;
};

// RFC 9110 §15 unless a comment names another document.
constexpr Entry entries[] = {
    {100, "Continue",
     QT_TRANSLATE_NOOP("StatusText", "The server has read the headers and waits for the body.")},
    {101, "Switching Protocols",
     QT_TRANSLATE_NOOP("StatusText", "The connection goes on in another protocol.")},
    {102, "Processing",
     QT_TRANSLATE_NOOP("StatusText", "The server is still working on the request.")}, // RFC 2518
    {103, "Early Hints",
     QT_TRANSLATE_NOOP("StatusText",
                       "Headers that the final answer will probably have, sent ahead of it.")}, // RFC 8297
    {200, "OK", QT_TRANSLATE_NOOP("StatusText", "The request succeeded.")},
    {201, "Created", QT_TRANSLATE_NOOP("StatusText", "The request succeeded and made something new.")},
    {202, "Accepted", QT_TRANSLATE_NOOP("StatusText", "The request was taken on; the work is not done yet.")},
    {203, "Non-Authoritative Information",
     QT_TRANSLATE_NOOP("StatusText", "The request succeeded; a proxy has changed the answer.")},
    {204, "No Content",
     QT_TRANSLATE_NOOP("StatusText", "The request succeeded and there is no body to send.")},
    {205, "Reset Content",
     QT_TRANSLATE_NOOP("StatusText", "The request succeeded; clear the form it came from.")},
    {206, "Partial Content",
     QT_TRANSLATE_NOOP("StatusText", "This is the part of the content that was asked for.")},
    {207, "Multi-Status",
     QT_TRANSLATE_NOOP("StatusText", "The body tells a status for each of several resources.")}, // RFC 4918
    {208, "Already Reported",
     QT_TRANSLATE_NOOP("StatusText", "This was listed earlier in the same answer.")}, // RFC 5842
    {226, "IM Used",
     QT_TRANSLATE_NOOP("StatusText", "The body is a difference to an older version.")}, // RFC 3229
    {300, "Multiple Choices",
     QT_TRANSLATE_NOOP("StatusText", "There are several forms of this; choose one.")},
    {301, "Moved Permanently", QT_TRANSLATE_NOOP("StatusText", "This has a new address for good.")},
    {302, "Found", QT_TRANSLATE_NOOP("StatusText", "This is at another address for now.")},
    {303, "See Other",
     QT_TRANSLATE_NOOP("StatusText", "The answer is to be fetched with GET from another address.")},
    {304, "Not Modified", QT_TRANSLATE_NOOP("StatusText", "The copy you already have is still good.")},
    {305, "Use Proxy",
     QT_TRANSLATE_NOOP("StatusText", "The server asks to use a proxy. This is no longer used.")},
    {307, "Temporary Redirect",
     QT_TRANSLATE_NOOP("StatusText", "This is at another address for now; the method stays the same.")},
    {308, "Permanent Redirect",
     QT_TRANSLATE_NOOP("StatusText", "This has a new address for good; the method stays the same.")},
    {400, "Bad Request", QT_TRANSLATE_NOOP("StatusText", "The server cannot make sense of the request.")},
    {401, "Unauthorized",
     QT_TRANSLATE_NOOP("StatusText", "The server does not know who you are: no credentials, or none "
                                     "that it accepts.")},
    {402, "Payment Required", QT_TRANSLATE_NOOP("StatusText", "The server wants a payment first.")},
    {403, "Forbidden",
     QT_TRANSLATE_NOOP("StatusText", "The server understood the request and will not allow it.")},
    {404, "Not Found",
     QT_TRANSLATE_NOOP("StatusText", "There is nothing at this address, or the server will not say "
                                     "that there is.")},
    {405, "Method Not Allowed",
     QT_TRANSLATE_NOOP("StatusText", "This address does not take this method; Allow lists those it takes.")},
    {406, "Not Acceptable",
     QT_TRANSLATE_NOOP("StatusText", "The server has no form of this that Accept allows.")},
    {407, "Proxy Authentication Required",
     QT_TRANSLATE_NOOP("StatusText", "The proxy wants credentials of its own.")},
    {408, "Request Timeout", QT_TRANSLATE_NOOP("StatusText", "The server waited too long for the request.")},
    {409, "Conflict",
     QT_TRANSLATE_NOOP("StatusText", "The request does not fit the present state of the resource.")},
    {410, "Gone", QT_TRANSLATE_NOOP("StatusText", "This was here once and will not come back.")},
    {411, "Length Required", QT_TRANSLATE_NOOP("StatusText", "The server wants a Content-Length.")},
    {412, "Precondition Failed",
     QT_TRANSLATE_NOOP("StatusText", "A condition in the request's headers does not hold.")},
    {413, "Content Too Large",
     QT_TRANSLATE_NOOP("StatusText", "The request's body is larger than the server takes.")},
    {414, "URI Too Long", QT_TRANSLATE_NOOP("StatusText", "The URL is longer than the server takes.")},
    {415, "Unsupported Media Type",
     QT_TRANSLATE_NOOP("StatusText", "The server does not take a body of this Content-Type or coding.")},
    {416, "Range Not Satisfiable",
     QT_TRANSLATE_NOOP("StatusText", "The part asked for lies outside the content.")},
    {417, "Expectation Failed", QT_TRANSLATE_NOOP("StatusText", "The server cannot do what Expect asks.")},
    {418, "I'm a teapot",
     QT_TRANSLATE_NOOP("StatusText", "A joke of 1998 that servers still tell.")}, // RFC 2324
    {421, "Misdirected Request",
     QT_TRANSLATE_NOOP("StatusText", "This server does not answer for that host.")},
    {422, "Unprocessable Content",
     QT_TRANSLATE_NOOP("StatusText", "The server can read the body but cannot act on what it says.")},
    {423, "Locked", QT_TRANSLATE_NOOP("StatusText", "The resource is locked.")}, // RFC 4918
    {424, "Failed Dependency",
     QT_TRANSLATE_NOOP("StatusText", "This failed because another action before it failed.")}, // RFC 4918
    {425, "Too Early",
     QT_TRANSLATE_NOOP("StatusText",
                       "The server will not risk a request that could be a replay.")}, // RFC 8470
    {426, "Upgrade Required",
     QT_TRANSLATE_NOOP("StatusText", "The server wants another protocol; Upgrade names it.")},
    {428, "Precondition Required",
     QT_TRANSLATE_NOOP("StatusText",
                       "The server wants the request to carry a condition such as If-Match.")}, // RFC 6585
    {429, "Too Many Requests",
     QT_TRANSLATE_NOOP("StatusText",
                       "You sent more requests than the server allows in this time.")}, // RFC 6585
    {431, "Request Header Fields Too Large",
     QT_TRANSLATE_NOOP("StatusText", "The request's headers are larger than the server takes.")}, // RFC 6585
    {451, "Unavailable For Legal Reasons",
     QT_TRANSLATE_NOOP("StatusText", "The server may not show this, by law or by order.")}, // RFC 7725
    {500, "Internal Server Error",
     QT_TRANSLATE_NOOP("StatusText", "Something went wrong inside the server.")},
    {501, "Not Implemented", QT_TRANSLATE_NOOP("StatusText", "The server does not know this method at all.")},
    {502, "Bad Gateway",
     QT_TRANSLATE_NOOP("StatusText", "A server in between got no good answer from the one behind "
                                     "it.")},
    {503, "Service Unavailable",
     QT_TRANSLATE_NOOP("StatusText", "The server cannot answer now: too busy, or under maintenance.")},
    {504, "Gateway Timeout",
     QT_TRANSLATE_NOOP("StatusText", "A server in between waited too long for the one behind "
                                     "it.")},
    {505, "HTTP Version Not Supported",
     QT_TRANSLATE_NOOP("StatusText", "The server does not speak this HTTP version.")},
    {506, "Variant Also Negotiates",
     QT_TRANSLATE_NOOP("StatusText", "The server's choice of forms leads in a circle.")}, // RFC 2295
    {507, "Insufficient Storage",
     QT_TRANSLATE_NOOP("StatusText", "The server has no room to store this.")}, // RFC 4918
    {508, "Loop Detected",
     QT_TRANSLATE_NOOP("StatusText", "The server ran in a circle and stopped.")}, // RFC 5842
    {510, "Not Extended",
     QT_TRANSLATE_NOOP("StatusText",
                       "The server wants an extension that the request does not name.")}, // RFC 2774
    {511, "Network Authentication Required",
     QT_TRANSLATE_NOOP("StatusText", "The network wants you to sign in before it lets you out.")}, // RFC 6585
};

/// A code nobody registered means what the first of its class means (RFC 9110 §15).
QString classMeaning(int status) {
    switch (status / 100) {
    case 1:
        return StatusText::tr("An answer on the way; the final one follows.");
    case 2:
        return StatusText::tr("The request succeeded.");
    case 3:
        return StatusText::tr("The server wants something more done to complete the request.");
    case 4:
        return StatusText::tr("The server sees a fault in the request.");
    case 5:
        return StatusText::tr("The server could not carry out a request that may be right.");
    default:
        return StatusText::tr("This is not a status code of HTTP.");
    }
}

} // namespace

StatusMeaning statusMeaning(int status) {
    for (const Entry& entry : entries)
        if (entry.status == status) return {QString::fromLatin1(entry.name), StatusText::tr(entry.meaning)};
    return {QString(), classMeaning(status)};
}

} // namespace kb
