// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/scheme_form.h"

#include "core/workspace/scheme_fields.h"
#include "ui/form_labels.h"
#include "ui/scheme_form_texts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace kb {

namespace {

/// Members of several lines.
bool isText(const QByteArray& name) {
    static const QList<QByteArray> names = {"claims", "body", "refreshBody", "headers"};
    return names.contains(name);
}

} // namespace

/// Makes an editor for each member.
struct SchemeForm::Builder {
    SchemeForm& form;

    void add(const char* name, QWidget* editor) {
        editor->setAccessibleName(schemeform::label(name));
        editor->setObjectName(QLatin1String(name));
        if (qobject_cast<QCheckBox*>(editor))
            form.m_form->addRow(QString(), editor);
        else
            form.m_form->addRow(schemeform::label(name), editor);
        form.m_rows.push_back({name, editor});
    }
    void text(const char* name, const QString& value, const QString&) {
        if (isText(name)) {
            auto* edit = new QPlainTextEdit(value, form.m_page);
            edit->setTabChangesFocus(true);
            edit->setFixedHeight(edit->fontMetrics().height() * 4 + 16);
            QObject::connect(edit, &QPlainTextEdit::textChanged, &form, &SchemeForm::changed);
            return add(name, edit);
        }
        auto* edit = new QLineEdit(value, form.m_page);
        edit->setPlaceholderText(schemeform::example(name));
        QObject::connect(edit, &QLineEdit::textChanged, &form, &SchemeForm::changed);
        add(name, edit);
    }
    void alwaysText(const char* name, const QString& value, const QString& fallback) {
        text(name, value, fallback);
    }
    void list(const char* name, const QStringList& value, const QStringList& fallback) {
        const QChar between = isText(name) ? u'\n' : u' ';
        text(name, value.join(between), fallback.join(between));
    }
    void flag(const char* name, bool value, bool) {
        auto* box = new QCheckBox(schemeform::label(name), form.m_page);
        box->setChecked(value);
        QObject::connect(box, &QCheckBox::toggled, &form, &SchemeForm::changed);
        add(name, box);
    }
    void number(const char* name, int value, int) {
        auto* spin = new QSpinBox(form.m_page);
        spin->setRange(0, 604800);
        spin->setSuffix(SchemeForm::tr(" s"));
        spin->setValue(value);
        QObject::connect(spin, &QSpinBox::valueChanged, &form, &SchemeForm::changed);
        add(name, spin);
    }
    template<class Choice, class Names>
    void alwaysChoice(const char* name, Choice value, const Names& names) {
        auto* combo = new QComboBox(form.m_page);
        for (const char* each : names)
            combo->addItem(schemeform::choice(each), QLatin1String(each));
        combo->setCurrentIndex(static_cast<int>(value));
        QObject::connect(combo, &QComboBox::currentIndexChanged, &form, [this_ = &form] {
            this_->showRelevant();
            Q_EMIT this_->changed();
        });
        add(name, combo);
    }
};

/// Reads the members back.
struct SchemeForm::Reader {
    const SchemeForm& form;

    template<class Editor> Editor* editor(const char* name) const {
        for (const Row& row : form.m_rows)
            if (row.name == name) return qobject_cast<Editor*>(row.editor);
        return nullptr;
    }
    void text(const char* name, QString& value, const QString&) const {
        if (const auto* edit = editor<QLineEdit>(name)) value = edit->text().trimmed();
        if (const auto* edit = editor<QPlainTextEdit>(name)) value = edit->toPlainText();
    }
    void alwaysText(const char* name, QString& value, const QString& fallback) const {
        text(name, value, fallback);
    }
    void list(const char* name, QStringList& value, const QStringList&) const {
        if (const auto* edit = editor<QLineEdit>(name))
            value = edit->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
        if (const auto* edit = editor<QPlainTextEdit>(name))
            value = edit->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    }
    void flag(const char* name, bool& value, bool) const {
        if (const auto* box = editor<QCheckBox>(name)) value = box->isChecked();
    }
    void number(const char* name, int& value, int) const {
        if (const auto* spin = editor<QSpinBox>(name)) value = spin->value();
    }
    template<class Choice, class Names>
    void alwaysChoice(const char* name, Choice& value, const Names&) const {
        if (const auto* combo = editor<QComboBox>(name)) value = static_cast<Choice>(combo->currentIndex());
    }
};

SchemeForm::SchemeForm(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_more = new QCheckBox(tr("More settings"), this);
    m_more->setAccessibleName(tr("Show more settings of this kind"));
    layout->addWidget(m_more);
    connect(m_more, &QCheckBox::toggled, this, &SchemeForm::showRelevant);
}

void SchemeForm::setScheme(const AuthScheme& scheme) {
    m_rows.clear();
    delete m_page;
    m_scheme = scheme;
    m_page = new QWidget(this);
    m_form = new QFormLayout(m_page);
    m_form->setContentsMargins(0, 0, 0, 0);
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    static_cast<QVBoxLayout*>(layout())->insertWidget(0, m_page);
    Builder builder{*this};
    AuthScheme copy = scheme;
    std::visit([&builder](auto& each) { visitFields(builder, each); }, copy);
    alignFormLabels(*m_form, QLineEdit().sizeHint().height());
    showRelevant();
    QWidget* before = nullptr;
    for (const Row& row : m_rows) {
        if (before) setTabOrder(before, row.editor);
        before = row.editor;
    }
    if (before) setTabOrder(before, m_more);
}

AuthScheme SchemeForm::scheme() const {
    AuthScheme scheme = m_scheme;
    const Reader reader{*this};
    std::visit([&reader](auto& each) { visitFields(reader, each); }, scheme);
    return scheme;
}

void SchemeForm::showRelevant() {
    const AuthScheme now = scheme();
    const auto* oauth = std::get_if<OAuthScheme>(&now);
    const auto* login = std::get_if<LoginScheme>(&now);
    m_more->setVisible(oauth || login);
    for (const Row& row : m_rows) {
        const bool shown = oauth   ? schemeform::isRelevant(row.name, *oauth, m_more->isChecked())
                           : login ? schemeform::isRelevant(row.name, *login, m_more->isChecked())
                                   : true;
        row.editor->setVisible(shown);
        if (QWidget* label = m_form->labelForField(row.editor)) label->setVisible(shown);
    }
    updateGeometry();
    Q_EMIT fieldsChanged();
}

QList<std::pair<QString, QString>> SchemeForm::kinds() {
    return {{QStringLiteral("oauth2"), tr("OAuth 2")},
            {QStringLiteral("login"), tr("Login request: an API's own login")},
            {QStringLiteral("jwt"), tr("JWT made for each request")},
            {QStringLiteral("digest"), tr("Digest: user and password")},
            {QStringLiteral("template"), tr("A header of your own")},
            {QStringLiteral("sigv4"), tr("AWS signature")},
            {QStringLiteral("http-signature"), tr("HTTP message signature")},
            {QStringLiteral("ntlm"), tr("NTLM: user and password")},
            {QStringLiteral("negotiate"), tr("Negotiate: the desktop's Kerberos ticket")},
            {QStringLiteral("client-certificate"), tr("Client certificate alone")}};
}

QString SchemeForm::secretHint(const AuthScheme& scheme) {
    return schemeform::secretHint(scheme);
}

} // namespace kb
