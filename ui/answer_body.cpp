// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/answer_body.h"

#include "ui/answer_find_bar.h"
#include "ui/answer_format.h"
#include "ui/answer_note.h"
#include "ui/answer_segments.h"
#include "ui/body_view.h"

#include <QClipboard>
#include <QCryptographicHash>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QStackedLayout>

namespace kb {

namespace {

// Up to here a body is indented before the next frame is due.
constexpr qsizetype smallToIndent = 1024 * 1024;
constexpr int clipboardSeconds = 30;

QByteArray hashOf(const QString& text) {
    return QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256);
}

QByteArray formatted(const QByteArray& utf8, BodyKind kind) {
    return kind == BodyKind::Json ? prettyJson(utf8) : prettyMarkup(utf8, kind == BodyKind::Html);
}

bool canBePretty(BodyKind kind) {
    return kind == BodyKind::Json || kind == BodyKind::Xml || kind == BodyKind::Html;
}

QLabel* emptyLabel(QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    label->setProperty("muted", true);
    return label;
}

} // namespace

AnswerBody::AnswerBody(QWidget* parent)
    : QWidget(parent),
      m_tools(new QWidget),
      m_segments(new AnswerSegments({tr("Pretty"), tr("Raw"), tr("Hex")})),
      m_note(new AnswerNote),
      m_echo(new AnswerNote),
      m_show(m_echo->addButton(tr("Show"))),
      m_hint(new AnswerNote),
      m_view(new BodyView(this)), // the stack shows its first page at once: without a parent as a window
      m_empty(emptyLabel(this)),
      m_stack(new QStackedLayout),
      m_findBar(new AnswerFindBar(m_view)) {
    buildTools();
    m_echo->setObjectName(QStringLiteral("answerNote"));
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_note);
    layout->addWidget(m_echo);
    layout->addWidget(m_hint);
    layout->addLayout(m_stack, 1);
    layout->addWidget(m_findBar);
    m_hide.setSingleShot(true);
    m_clearClipboard.setSingleShot(true);
    m_hintTimer.setSingleShot(true);
    connect(&m_hide, &QTimer::timeout, this, [this] { setRevealed(false); });
    connect(&m_clearClipboard, &QTimer::timeout, this, &AnswerBody::forgetCopy);
    connect(&m_hintTimer, &QTimer::timeout, this, [this] { m_hint->setNote({}, Tone::Neutral); });
    connect(m_show, &QPushButton::clicked, this, [this] { setRevealed(!m_revealed); });
    connect(m_view, &BodyView::findRequested, this, &AnswerBody::find);
    connect(m_view, &BodyView::copied, this, &AnswerBody::rememberCopy);
    connect(m_view, &BodyView::copyRefused, this, &AnswerBody::say);
    auto* shortcut = new QShortcut(QKeySequence::Find, this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, this, &AnswerBody::find);
}

AnswerBody::~AnswerBody() {
    if (m_clearClipboard.isActive()) forgetCopy();
}

void AnswerBody::buildTools() {
    m_segments->setAccessibleName(tr("How the body is shown"));
    m_find = new QPushButton(tr("Find"));
    m_find->setAccessibleName(tr("Find in body"));
    m_find->setToolTip(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText));
    m_copy = new QPushButton(tr("Copy"));
    m_copy->setAccessibleName(tr("Copy the selection or the whole body"));
    m_save = new QPushButton(tr("Save…"));
    m_save->setAccessibleName(tr("Save the body to a file"));
    auto* layout = new QHBoxLayout(m_tools);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addStretch();
    layout->addWidget(m_segments);
    layout->addWidget(m_find);
    layout->addWidget(m_copy);
    layout->addWidget(m_save);
    connect(m_segments, &AnswerSegments::chosen, this, [this](int index) {
        m_prefersRaw = static_cast<Form>(index) == Form::Raw;
        setForm(static_cast<Form>(index));
    });
    connect(m_find, &QPushButton::clicked, this, &AnswerBody::find);
    connect(m_copy, &QPushButton::clicked, this, &AnswerBody::copy);
    connect(m_save, &QPushButton::clicked, this, &AnswerBody::saveRequested);
}

void AnswerBody::clear() {
    m_format.cancel();
    m_hide.stop();
    m_revealed = false;
    m_exchange.reset();
    m_view->clear();
}

void AnswerBody::setExchange(const Exchange& exchange) {
    clear();
    m_exchange = exchange;
    const Response& response = exchange.response();
    m_kind = bodyKind(response.headers, response.body);
    const bool binary = m_kind == BodyKind::Binary;
    const bool empty = response.body.isEmpty();
    m_segments->setAvailable(int(Form::Pretty), canBePretty(m_kind),
                             tr("Only JSON, XML and HTML can be indented."));
    m_segments->setAvailable(int(Form::Raw), !empty, tr("There is no body."));
    m_segments->setAvailable(int(Form::Hex), !empty, tr("There is no body."));
    for (QPushButton* button : {m_find, m_copy, m_save})
        button->setEnabled(!empty);
    m_form = binary ? Form::Hex : canBePretty(m_kind) && !m_prefersRaw ? Form::Pretty : Form::Raw;
    m_segments->setCurrent(int(m_form));
    m_empty->setText(exchange.sent().method == "HEAD" ? tr("An answer to HEAD has no body.")
                                                      : tr("The answer has no body."));
    m_stack->setCurrentWidget(empty ? static_cast<QWidget*>(m_empty) : m_view);
    showNotes();
    render();
}

void AnswerBody::setForm(Form form) {
    if (!m_exchange) return;
    m_form = form;
    m_segments->setCurrent(int(form));
    render();
}

void AnswerBody::render() {
    m_format.cancel();
    const HeaderList& headers = m_exchange->response().headers;
    const QByteArray& bytes = m_revealed ? m_exchange->rawBody() : m_exchange->response().body;
    m_view->setSensitive(m_revealed);
    if (m_form == Form::Hex) {
        m_view->setHex(bytes);
    } else {
        const QByteArray utf8 = bodyAsUtf8(headers, bytes);
        const bool pretty = m_form == Form::Pretty;
        if (pretty && utf8.size() <= smallToIndent) {
            m_view->setText(formatted(utf8, m_kind), m_kind);
        } else {
            // A large body is there at once as it came, and indented as soon as that is done.
            m_view->setText(utf8, m_kind);
            if (pretty) {
                say(tr("Indenting %1…").arg(sizeText(utf8.size())));
                m_format.start([this, utf8, kind = m_kind](const std::atomic_bool&) -> BackgroundWork::Done {
                    return [this, kind, text = formatted(utf8, kind)] {
                        m_view->setText(text, kind);
                        say({});
                        m_findBar->again();
                    };
                });
            }
        }
    }
    m_findBar->again();
}

void AnswerBody::showNotes() {
    m_note->setNote(bodyNotes(m_exchange->response()).join(u' '), Tone::Warn);
    m_hint->setNote({}, Tone::Neutral);
    if (!m_exchange->echoedSecret()) {
        m_echo->setNote({}, Tone::Warn);
        return;
    }
    const bool inBody = m_exchange->rawBody() != m_exchange->response().body;
    if (!inBody)
        m_echo->setNote(tr("The answer's headers repeat your secret: masked."), Tone::Warn);
    else if (m_revealed)
        m_echo->setNote(
            tr("Your secret is shown as the server sent it. It hides again after %1 s.").arg(revealSeconds),
            Tone::Warn);
    else
        m_echo->setNote(tr("The answer repeats your secret: masked."), Tone::Warn);
    m_show->setVisible(inBody);
    m_show->setText(m_revealed ? tr("Hide") : tr("Show"));
    m_show->setAccessibleName(m_revealed ? tr("Hide the secret in the body")
                                         : tr("Show the secret in the body"));
}

QStringList AnswerBody::notes() const {
    QStringList out;
    for (const AnswerNote* note : {m_note, m_echo, m_hint})
        if (!note->text().isEmpty()) out << note->text();
    return out;
}

void AnswerBody::setRevealed(bool revealed) {
    if (!m_exchange || revealed == m_revealed) return;
    m_revealed = revealed;
    if (revealed)
        m_hide.start(revealSeconds * 1000);
    else
        m_hide.stop();
    const qint64 line = m_view->firstVisibleLine();
    showNotes();
    render();
    m_view->setCaret({line, 0});
}

void AnswerBody::find() {
    if (m_stack->currentWidget() == m_view) m_findBar->open();
}

void AnswerBody::copy() {
    if (!m_view->hasSelection()) {
        const BodyPosition caret = m_view->caret();
        m_view->selectAll();
        m_view->copy();
        m_view->setCaret(caret);
        return;
    }
    m_view->copy();
}

void AnswerBody::say(const QString& text) {
    m_hint->setNote(text, Tone::Neutral);
    if (!isFormatting()) m_hintTimer.start(8000);
}

void AnswerBody::rememberCopy() {
    if (!m_revealed) return;
    // What may hold the secret leaves the clipboard by itself. Its hash is enough to know it again.
    m_copiedHash = hashOf(QGuiApplication::clipboard()->text());
    m_clearClipboard.start(clipboardSeconds * 1000);
    say(tr("Copied. The clipboard is cleared after %1 s.").arg(clipboardSeconds));
}

void AnswerBody::forgetCopy() {
    QClipboard* clipboard = QGuiApplication::clipboard();
    if (clipboard && hashOf(clipboard->text()) == m_copiedHash) clipboard->clear();
    m_copiedHash.clear();
}

} // namespace kb
