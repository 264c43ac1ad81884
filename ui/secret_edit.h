// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/secret.h"

#include <QLineEdit>
#include <QTimer>

namespace kb {

/// The field a secret is typed or pasted into: masked, shown only while asked for, wiped when it goes.
/// Pasting "Bearer eyJ…" strips the scheme, the quotes and the white space, and says so.
class SecretEdit final : public QLineEdit {
    Q_OBJECT
public:
    explicit SecretEdit(QWidget* parent = nullptr);
    ~SecretEdit() override;
    bool isEmptySecret() const { return text().isEmpty(); }
    Secret copy() const;
    /// For keys and passwords: what is pasted stays as it is, and a text of several lines is kept whole
    /// behind a word that stands for it.
    void setRaw(bool raw) { m_raw = raw; }
    void useText(const QString& pasted);

Q_SIGNALS:
    void cleaned(const QString& whatWasRemoved);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void pasteFromClipboard();
    void wipe();
    bool m_raw = false;
    Secret m_lines; ///< a pasted text of several lines, while its word stands in the field
    QTimer m_hide;
};

} // namespace kb
