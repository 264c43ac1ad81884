// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/http/body_view.h"
#include "core/run/exchange.h"
#include "ui/answer_work.h"

#include <QTimer>
#include <QWidget>
#include <optional>

class QLabel;
class QPushButton;
class QStackedLayout;

namespace kb {

class AnswerFindBar;
class AnswerNote;
class AnswerSegments;
class BodyView;

/// The body of an answer: indented, as it came, or in hex; with search, copy and save, and a word on whatever
/// was odd about it. A secret the server sent back is masked until the user asks for it, and then for half a
/// minute.
class AnswerBody final : public QWidget {
    Q_OBJECT
public:
    enum class Form { Pretty, Raw, Hex };
    static constexpr int revealSeconds = 30;

    explicit AnswerBody(QWidget* parent = nullptr);
    ~AnswerBody() override;
    void setExchange(const Exchange& exchange);
    void clear();
    QWidget* tools() { return m_tools; } ///< for the row of the tabs
    BodyView& view() { return *m_view; }
    AnswerFindBar& findBar() { return *m_findBar; }
    Form form() const { return m_form; }
    void setForm(Form form);
    bool isRevealed() const { return m_revealed; }
    void setRevealed(bool revealed);
    bool isFormatting() const { return m_format.isRunning(); }
    void find();
    void copy(); ///< the selection, or else the whole body as shown
    QStringList notes() const;

Q_SIGNALS:
    void saveRequested();

private:
    void buildTools();
    void render();
    void showNotes();
    void rememberCopy();
    void forgetCopy();
    void say(const QString& text);

    std::optional<Exchange> m_exchange;
    BodyKind m_kind = BodyKind::Empty;
    Form m_form = Form::Pretty;
    bool m_prefersRaw = false;
    bool m_revealed = false;
    QWidget* m_tools;
    AnswerSegments* m_segments;
    QPushButton* m_copy = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_find = nullptr;
    AnswerNote* m_note;
    AnswerNote* m_echo;
    QPushButton* m_show;
    AnswerNote* m_hint;
    BodyView* m_view;
    QLabel* m_empty;
    QStackedLayout* m_stack;
    AnswerFindBar* m_findBar;
    BackgroundWork m_format;
    QTimer m_hide;
    QTimer m_clearClipboard;
    QTimer m_hintTimer;
    QByteArray m_copiedHash;
};

} // namespace kb
