// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/secret_edit.h"

#include "core/auth/token_kind.h"

#include <QAction>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDropEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>

namespace kb {

SecretEdit::SecretEdit(QWidget* parent) : QLineEdit(parent) {
    setEchoMode(QLineEdit::Password);
    setMaxLength(1 << 20); // tokens of 20 kB and more are real
    setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText |
                        Qt::ImhNoAutoUppercase);
    setAccessibleName(tr("Secret"));
    auto* look = addAction(QIcon::fromTheme(QStringLiteral("view-visible")), QLineEdit::TrailingPosition);
    look->setText(tr("Show for 30 seconds"));
    look->setToolTip(tr("Show for 30 seconds"));
    // Whoever edits the word that stands for several lines starts anew.
    connect(this, &QLineEdit::textEdited, this, [this](const QString& typed) {
        if (m_lines.isEmpty()) return;
        m_lines.wipe();
        if (!typed.isEmpty()) clear();
    });
    m_hide.setSingleShot(true);
    connect(look, &QAction::triggered, this, [this] {
        const bool hidden = echoMode() == QLineEdit::Password;
        setEchoMode(hidden ? QLineEdit::Normal : QLineEdit::Password);
        if (hidden)
            m_hide.start(30000);
        else
            m_hide.stop();
    });
    connect(&m_hide, &QTimer::timeout, this, [this] { setEchoMode(QLineEdit::Password); });
}

SecretEdit::~SecretEdit() {
    blockSignals(true); // nobody needs to hear of the end, and who listens may be half gone
    wipe();
}

void SecretEdit::wipe() {
    m_lines.wipe();
    QString typed = text();
    clear();
    wipeText(typed);
}

Secret SecretEdit::copy() const {
    if (!m_lines.isEmpty()) return m_lines.revealCopy();
    if (m_raw) {
        QByteArray typed = text().toUtf8();
        return Secret::take(typed);
    }
    // Typed by hand, a scheme in front is as wrong as when it is pasted.
    QByteArray bytes = text().toUtf8();
    Secret secret(cleanPastedToken({bytes.constData(), static_cast<std::size_t>(bytes.size())}).value);
    wipeBytes(bytes);
    return secret;
}

void SecretEdit::useText(const QString& pasted) {
    if (m_raw) {
        const QStringView trimmed = QStringView(pasted).trimmed();
        if (!trimmed.contains(QLatin1Char('\n'))) return insert(pasted);
        QString whole = trimmed.toString();
        const auto lines = static_cast<int>(whole.count(QLatin1Char('\n')) + 1);
        setText(tr("(%n line(s))", nullptr, lines));
        m_lines = Secret::take(whole);
        return;
    }
    QByteArray bytes = pasted.toUtf8();
    const CleanedToken clean = cleanPastedToken({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    insert(QString::fromUtf8(clean.value.data(), static_cast<qsizetype>(clean.value.size())));
    QStringList removed;
    if (!clean.removedScheme.isEmpty()) removed << tr("the word %1").arg(clean.removedScheme);
    if (clean.removedQuotes) removed << tr("quotes");
    if (clean.removedSpace) removed << tr("white space");
    wipeBytes(bytes);
    if (!removed.isEmpty())
        Q_EMIT cleaned(tr("Taken off while pasting: %1.").arg(removed.join(QStringLiteral(", "))));
}

void SecretEdit::pasteFromClipboard() {
    useText(QGuiApplication::clipboard()->text());
}

void SecretEdit::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Paste)) {
        pasteFromClipboard();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

void SecretEdit::contextMenuEvent(QContextMenuEvent* event) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(tr("Paste")), &QAction::triggered, this, &SecretEdit::pasteFromClipboard);
    connect(menu->addAction(tr("Clear")), &QAction::triggered, this, &SecretEdit::wipe);
    menu->popup(event->globalPos());
}

void SecretEdit::dropEvent(QDropEvent* event) {
    useText(event->mimeData()->text());
    event->acceptProposedAction();
}

} // namespace kb
