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
    QTimer m_hide;
};

} // namespace kb
