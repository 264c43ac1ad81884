// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/run.h"

#include <QFrame>

class QPushButton;

namespace kb {

class Prose;

/// A run without an answer: what happened, to what, and what to do next. Questions before sending stand here
/// too.
class AnswerError final : public QFrame {
    Q_OBJECT
public:
    explicit AnswerError(QWidget* parent = nullptr);
    /// Shows the result's error, or hides where there is none.
    void setResult(const RunResult& result);
    QString plainText() const;

Q_SIGNALS:
    void allowOriginRequested(const QString& origin);
    void consentRequested(const kb::Error& error);
    void loginRequested();

private:
    void applyTheme();
    Prose* m_what;
    Prose* m_where;
    Prose* m_next;
    QPushButton* m_allow;
    QPushButton* m_consent;
    QPushButton* m_login;
    Error m_error;
    QString m_origin;
    bool m_isQuestion = false; ///< cancelled, or waiting for the user: no finding, so no red edge
};

} // namespace kb
