// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QComboBox>

namespace kb {

/// The request method: the common ones to choose from, any other token to type (RFC 9110 §9.1), in its
/// colour.
class MethodCombo final : public QComboBox {
    Q_OBJECT
public:
    explicit MethodCombo(QWidget* parent = nullptr);
    void setMethod(const QString& method);
    QString method() const { return currentText(); }
    /// Why the method cannot be sent; an empty text for none.
    void setProblem(const QString& reason);
    QSize sizeHint() const override;

Q_SIGNALS:
    void methodEdited();

protected:
    void wheelEvent(QWheelEvent* event) override;

private:
    void paintMethod();
    QString m_problem;
    bool m_setting = false;
};

} // namespace kb
