// SPDX-License-Identifier: GPL-3.0-or-later
#include "io/network/loopback_listener.h"

#include <QByteArray>
#include <QList>
#include <qrencode.h>

// The doors of the module: a loopback listener, owned by the caller, and QR codes.
extern "C" Q_DECL_EXPORT kb::RedirectListener* kbCreateRedirectListener() {
    return new kb::LoopbackListener;
}

/// One row a byte array, a byte a module: 1 is dark. Leaves `rows` empty where the text is too long.
extern "C" Q_DECL_EXPORT void kbQrCode(const QString& text, QList<QByteArray>* rows) {
    QRcode* code = QRcode_encodeString8bit(text.toUtf8().constData(), 0, QR_ECLEVEL_M);
    if (!code) return;
    for (int y = 0; y < code->width; ++y) {
        QByteArray row(code->width, '\0');
        for (int x = 0; x < code->width; ++x)
            row[x] = static_cast<char>(code->data[y * code->width + x] & 1);
        rows->append(row);
    }
    QRcode_free(code);
}
