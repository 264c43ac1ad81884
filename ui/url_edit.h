// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/variables.h"

#include <QLineEdit>

namespace kb {

/// A stretch of the URL and what it is.
struct UrlMark {
    enum class Kind { KnownVariable, UnknownVariable, PathParameter, Problem };
    Kind kind;
    qsizetype start = 0;
    qsizetype length = 0;
    bool operator==(const UrlMark&) const = default;
};
/// The marks of a URL text in their order; `problemStart` -1 means none.
QList<UrlMark> urlMarks(const QString& url, const VariableMap& variables, qsizetype problemStart = -1,
                        qsizetype problemLength = 1);

/// The URL as typed, to the letter: nothing is trimmed or re-encoded. {{variables}} and path parameters are
/// coloured; what is unknown or does not parse is underlined.
class UrlEdit final : public QLineEdit {
    Q_OBJECT
public:
    explicit UrlEdit(QWidget* parent = nullptr);

    void setVariables(const VariableMap& variables);
    /// Underlines the place that does not parse; -1 takes it away.
    void setProblem(qsizetype start, qsizetype length = 1);
    /// Puts another text in as one step that can be undone, and keeps the cursor where it can.
    void replaceText(const QString& text);
    QList<UrlMark> marks() const;

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void pasteClean();
    void paintMarks();

    VariableMap m_variables;
    qsizetype m_problemStart = -1;
    qsizetype m_problemLength = 1;
    bool m_composing = false;
};

} // namespace kb
