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
    /// Other places that keep the same token; they may get the new one where the user says so.
    void setHolders(const QStringList& titles);
    bool replacesElsewhere() const;

private:
    QCheckBox* m_try;
    QLabel* m_holders;
    QCheckBox* m_replace;
    QLineEdit* m_address;
};

} // namespace kb
