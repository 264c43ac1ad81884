// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_editor_body.h"

#include "ui/code_editor_loader.h"
#include "ui/parts_table_model.h"
#include "ui/request_editor_table.h"
#include "ui/request_editor_template.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace kb {

namespace {

constexpr int checkDelayMs = 250;
/// Checking a larger text at each pause in typing would be felt.
constexpr qsizetype mostChecked = 2 * 1024 * 1024;

} // namespace

RequestBody::RequestBody(QWidget* parent)
    : QWidget(parent),
      m_kind(new QComboBox(this)),
      m_type(new QLineEdit(this)),
      m_note(new QLabel(this)),
      m_none(new QLabel(tr("This request has no body."), this)),
      m_file(new QLineEdit(this)),
      m_parts(new PartsModel(this)) {
    m_kind->addItem(tr("None"), static_cast<int>(BodySpec::Kind::None));
    m_kind->addItem(tr("JSON"), static_cast<int>(BodySpec::Kind::Json));
    m_kind->addItem(tr("Text"), static_cast<int>(BodySpec::Kind::Text));
    m_kind->addItem(tr("Multipart form"), static_cast<int>(BodySpec::Kind::Multipart));
    m_kind->addItem(tr("File"), static_cast<int>(BodySpec::Kind::File));
    m_kind->setAccessibleName(tr("Kind of body"));
    m_file->setPlaceholderText(tr("Path within the workspace's folder"));
    m_file->setAccessibleName(tr("The body's file"));
    m_type->setPlaceholderText(QStringLiteral("text/plain"));
    m_type->setAccessibleName(tr("Content type of the body"));
    m_type->setMaximumWidth(260);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_none->setProperty("muted", true);
    m_none->setContentsMargins(12, 8, 12, 8);
    m_none->setAlignment(Qt::AlignTop | Qt::AlignLeft);

    auto* top = new QHBoxLayout;
    top->setContentsMargins(12, 8, 12, 6);
    top->addWidget(m_kind);
    top->addWidget(m_file, 2);
    top->addWidget(m_type, 1);
    top->addWidget(m_note, 2);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(top);
    layout->addWidget(m_none, 1);
    m_checkSoon.setSingleShot(true);
    m_checkSoon.setInterval(checkDelayMs);

    connect(&m_checkSoon, &QTimer::timeout, this, &RequestBody::check);
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        kindChanged();
        if (!m_loading) Q_EMIT edited();
    });
    connect(m_type, &QLineEdit::textChanged, this, [this] {
        if (!m_loading) Q_EMIT edited();
    });
    connect(m_file, &QLineEdit::textChanged, this, [this] {
        if (!m_loading) Q_EMIT edited();
    });
    connect(m_parts, &PartsModel::edited, this, &RequestBody::edited);
    connect(&theme(), &Theme::changed, this, [this] {
        if (m_editor) m_editor->setThemeColours(editorColours());
        check();
    });
    kindChanged();
}

BodySpec::Kind RequestBody::kind() const {
    return static_cast<BodySpec::Kind>(m_kind->currentData().toInt());
}

void RequestBody::load(const BodySpec& body) {
    m_loading = true;
    const bool file = body.kind == BodySpec::Kind::File;
    m_text = file ? QString() : body.text;
    m_file->setText(file ? body.text : QString());
    m_parts->load(body.parts);
    m_unsupported = body.unsupported;
    if (m_editor) m_editor->setText(m_text);
    m_type->setText(body.contentType);
    m_kind->setCurrentIndex(m_kind->findData(static_cast<int>(body.kind)));
    kindChanged();
    m_loading = false;
}

BodySpec RequestBody::body() const {
    const BodySpec::Kind now = kind();
    if (now == BodySpec::Kind::Multipart) return {now, {}, {}, m_parts->parts()};
    if (now == BodySpec::Kind::File) return {now, m_file->text(), m_type->text()};
    BodySpec body{now, m_editor ? m_editor->text() : m_text, m_type->text()};
    if (now == BodySpec::Kind::None) body.unsupported = m_unsupported;
    return body;
}

void RequestBody::setVariables(const VariableMap& variables) {
    if (variables == m_variables) return;
    m_variables = variables;
    m_checkSoon.start();
}

void RequestBody::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    kindChanged();
}

bool RequestBody::wantsEditor() const {
    return kind() == BodySpec::Kind::Json || kind() == BodySpec::Kind::Text;
}

void RequestBody::kindChanged() {
    const BodySpec::Kind now = kind();
    m_type->setVisible(now == BodySpec::Kind::Text || now == BodySpec::Kind::File);
    m_type->setPlaceholderText(now == BodySpec::Kind::File ? QStringLiteral("application/octet-stream")
                                                           : QStringLiteral("text/plain"));
    m_file->setVisible(now == BodySpec::Kind::File);
    if (wantsEditor() && isVisible()) needEditor();
    if (now == BodySpec::Kind::Multipart && isVisible()) needTable();
    if (m_editor) {
        m_editor->setLanguage(now == BodySpec::Kind::Json ? QStringLiteral("json") : QStringLiteral("text"));
        m_editor->setVisible(wantsEditor());
    }
    if (m_table) m_table->setVisible(now == BodySpec::Kind::Multipart);
    m_none->setVisible(!(wantsEditor() && m_editor) && !(now == BodySpec::Kind::Multipart && m_table));
    m_none->setText(
        now == BodySpec::Kind::File   ? tr("The file's bytes are sent as they are.")
        : now != BodySpec::Kind::None ? QString()
        : m_unsupported.isEmpty()
            ? tr("This request has no body.")
            : tr("The file holds a body of the kind %1, which cannot be sent.").arg(m_unsupported));
    check();
}

void RequestBody::needTable() {
    if (m_table) return;
    m_table = new TablePane(m_parts, tr("Parts of the body"), this);
    m_table->table().setColumnShares({0, 2, 4, 0, 2});
    static_cast<QVBoxLayout*>(layout())->addWidget(m_table, 1);
}

void RequestBody::needEditor() {
    if (m_editor) return;
    m_editor = makeCodeEditor(this, &m_loadProblem);
    m_editor->setAccessibleTitle(tr("Body of the request"));
    m_editor->setThemeColours(editorColours());
    m_editor->setText(m_text);
    m_editor->setMinimumHeight(60);
    static_cast<QVBoxLayout*>(layout())->addWidget(m_editor, 1);
    m_editor->onChanged = [this] {
        m_checkSoon.start();
        Q_EMIT edited();
    };
}

void RequestBody::check() {
    m_checkSoon.stop();
    QString text = wantsEditor() ? m_loadProblem : QString();
    Tone tone = Tone::Neutral;
    qsizetype position = -1;
    if (m_editor && kind() == BodySpec::Kind::Json) {
        const QString body = m_editor->text();
        if (body.size() <= mostChecked) {
            if (const std::optional<JsonProblem> problem = jsonProblem(body, m_variables)) {
                text =
                    tr("Line %1, column %2: %3")
                        .arg(QString::number(problem->line), QString::number(problem->column), problem->what);
                tone = Tone::Warn;
                position = problem->position;
            }
        }
    }
    if (m_editor) m_editor->markProblem(position, text);
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, theme().tone(tone).text);
    m_note->setPalette(colours);
    m_note->setText(text);
    m_note->setToolTip(position >= 0 ? text % u'\n' % tr("It is sent as it is.") : text);
}

QString RequestBody::note() const {
    return m_note->text();
}

} // namespace kb
