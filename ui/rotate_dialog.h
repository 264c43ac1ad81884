// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;

namespace kb {

/// Asks before a token is rotated, and whether the old one may be tried with one safe request, which is only
/// done where the user says so.
class RotateDialog final : public QDialog {
    Q_OBJECT
public:
    /// `lastGoodGet`: an address the profile got through at; empty if none is known.
    RotateDialog(const QString& profileName, const QString& lastGoodGet, QWidget* parent = nullptr);
    QString tryOldAt() const; ///< empty: nowhere

private:
    QCheckBox* m_try;
    QLineEdit* m_address;
};

} // namespace kb
