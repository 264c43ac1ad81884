// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clipboard_guard.h"

#include <QClipboard>
#include <QCryptographicHash>
#include <QGuiApplication>
#include <QMimeData>
#include <QUuid>

namespace kb {

namespace {

QByteArray digestOf(const QByteArray& salt, const QByteArray& bytes) {
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(salt);
    hash.addData(bytes);
    return hash.result();
}

} // namespace

ClipboardGuard::ClipboardGuard(QObject* parent) : QObject(parent) {
    m_timer.setInterval(1000);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (--m_left <= 0) clearNow();
        Q_EMIT countdown(m_left);
    });
}

ClipboardGuard::~ClipboardGuard() {
    clearNow();
}

void ClipboardGuard::copy(const Secret& secret) {
    QByteArray bytes(secret.reveal().data(), static_cast<qsizetype>(secret.size()));
    m_salt = QUuid::createUuid().toRfc4122();
    m_digest = digestOf(m_salt, bytes);
    auto* data = new QMimeData;
    data->setText(QString::fromUtf8(bytes));
    // Clipboard histories that follow this convention do not keep it.
    data->setData(QStringLiteral("x-kde-passwordManagerHint"), QByteArrayLiteral("secret"));
    QGuiApplication::clipboard()->setMimeData(data);
    wipeBytes(bytes);
    m_left = m_seconds;
    m_timer.start();
    Q_EMIT countdown(m_left);
}

int ClipboardGuard::secondsLeft() const {
    return m_left;
}

void ClipboardGuard::clearNow() {
    m_timer.stop();
    m_left = 0;
    if (m_digest.isEmpty() || !qGuiApp) return;
    QByteArray present = QGuiApplication::clipboard()->text().toUtf8();
    if (digestOf(m_salt, present) == m_digest) QGuiApplication::clipboard()->clear();
    wipeBytes(present);
    m_digest.clear();
}

} // namespace kb
