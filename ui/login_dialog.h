// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QDialog>

namespace kb {

/// Stands while the user logs in elsewhere: in the browser, or on another device with a code. Closing it
/// gives the login up.
class LoginDialog final : public QDialog {
    Q_OBJECT
public:
    static LoginDialog* forBrowser(const QString& url, bool opened, QWidget* parent);
    /// `qr`: the modules of a QR code, row by row, 1 is dark; empty: none is shown. The code stands beside
    /// it, to be compared (RFC 8628 §3.3.1).
    static LoginDialog* forDevice(const QString& code, const QString& url, const QString& completeUrl,
                                  const QList<QByteArray>& qr, QWidget* parent);

private:
    LoginDialog(const QString& text, const QString& url, QWidget* parent);
    void addCode(const QString& code);
    void addQr(const QList<QByteArray>& qr);
};

} // namespace kb
