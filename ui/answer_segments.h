// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QButtonGroup>
#include <QWidget>

namespace kb {

/// A few ways to look at one thing, exactly one of them in force.
class AnswerSegments final : public QWidget {
    Q_OBJECT
public:
    explicit AnswerSegments(const QStringList& labels, QWidget* parent = nullptr);
    void setCurrent(int index);
    int current() const { return m_group.checkedId(); }
    void setAvailable(int index, bool available, const QString& whyNot);
    bool isAvailable(int index) const;

Q_SIGNALS:
    void chosen(int index); ///< by the user

private:
    void applyTheme();
    QButtonGroup m_group;
};

} // namespace kb
