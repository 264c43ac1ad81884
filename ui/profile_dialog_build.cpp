// SPDX-License-Identifier: GPL-3.0-or-later
// The part of ProfileDialog that makes its fields.
#include "ui/profile_dialog.h"

#include "ui/certificate_row.h"
#include "ui/form_labels.h"
#include "ui/keys_edit.h"
#include "ui/scheme_form.h"
#include "ui/secret_edit.h"
#include "ui/theme.h"

#include <QCheckBox>
#include <QColorDialog>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QStyle>
#include <QVBoxLayout>

namespace kb {

void ProfileDialog::build() {
    setWindowTitle(m_new ? tr("New token profile") : tr("Edit token profile"));
    setMinimumWidth(520);
    const auto note = [this] {
        auto* label = new QLabel(this);
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setProperty("muted", true);
        return label;
    };
    m_name = new QLineEdit(this);
    m_name->setPlaceholderText(tr("Who is this? For example: Reader, staging"));
    m_colour = new QPushButton(tr("Colour"), this);
    m_kind = new QComboBox(this);
    m_kind->addItem(tr("Bearer token or JWT"), QStringLiteral("bearer"));
    m_kind->addItem(tr("API key"), QStringLiteral("api-key"));
    m_kind->addItem(tr("Basic: user and password"), QStringLiteral("basic"));
    for (const auto& [name, text] : SchemeForm::kinds())
        m_kind->addItem(text, name);
    m_schemeForm = new SchemeForm(this);
    m_prefix = new QLineEdit(this);
    m_place = new QComboBox(this);
    m_place->addItem(tr("In a header"), static_cast<int>(ApiKeyScheme::In::Header));
    m_place->addItem(tr("In the query"), static_cast<int>(ApiKeyScheme::In::Query));
    m_place->addItem(tr("In a cookie"), static_cast<int>(ApiKeyScheme::In::Cookie));
    m_keyName = new QLineEdit(this);
    m_placeWarning = note();
    m_user = new QLineEdit(this);
    m_latin1 = new QCheckBox(tr("In ISO-8859-1, for an old server"), this);
    m_latin1->setToolTip(tr("Else user and password go out in UTF-8 (RFC 7617)."));
    m_secret = new SecretEdit(this);
    m_secret->setPlaceholderText(m_new ? tr("Paste it here") : tr("Leave empty to keep the present one"));
    m_secretNote = note();
    m_certificate = new CertificateRow(this);
    m_keys = new KeysEdit(this);
    m_keychain = new QRadioButton(tr("In the keychain"), this);
    m_memory = new QRadioButton(tr("In memory only, until Keybearer closes"), this);
    m_storageNote = note();
    m_origins = new QPlainTextEdit(this);
    m_origins->setPlaceholderText(QStringLiteral("https://api.example.com"));
    m_origins->setTabChangesFocus(true);
    m_origins->setFixedHeight(fontMetrics().height() * 3 + 16);
    m_scope = new QComboBox(this);
    m_expires = new QCheckBox(tr("It expires at"), this);
    m_expiresAt = new QDateTimeEdit(this);
    m_expiresAt->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    m_expiresAt->setButtonSymbols(QAbstractSpinBox::NoButtons); // the arrow keys turn each part
    m_stale = new QLineEdit(this);
    m_stale->setPlaceholderText(tr("On purpose: expired, revoked …"));
    m_stale->setToolTip(tr("With anything here, the token is kept and sent as it is, and never refreshed. "
                           "The access window expects it to be refused."));
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setStyleSheet(QStringLiteral("color: %1").arg(theme().tone(Tone::Bad).text.name()));

    const std::pair<QWidget*, QString> names[] = {{m_name, tr("Name")},
                                                  {m_colour, tr("Colour")},
                                                  {m_kind, tr("Kind")},
                                                  {m_prefix, tr("Scheme word")},
                                                  {m_place, tr("Where the key goes")},
                                                  {m_keyName, tr("Name of the field")},
                                                  {m_user, tr("User")},
                                                  {m_origins, tr("Allowed hosts, one a line")},
                                                  {m_scope, tr("Environment")},
                                                  {m_expiresAt, tr("Expiry")},
                                                  {m_stale, tr("Keep it stale")}};
    for (const auto& [widget, text] : names)
        widget->setAccessibleName(text);

    m_form = new QFormLayout;
    m_form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    auto* nameRow = new QHBoxLayout;
    nameRow->addWidget(m_name, 1);
    nameRow->addWidget(m_colour);
    auto* expiryRow = new QHBoxLayout;
    expiryRow->addWidget(m_expires);
    expiryRow->addWidget(m_expiresAt, 1);
    m_form->addRow(tr("Name"), nameRow);
    m_form->addRow(tr("Kind"), m_kind);
    m_form->addRow(tr("Scheme word"), m_prefix);
    m_form->addRow(tr("Where"), m_place);
    m_form->addRow(tr("Field name"), m_keyName);
    m_form->addRow(QString(), m_placeWarning);
    m_form->addRow(tr("User"), m_user);
    m_form->addRow(QString(), m_latin1);
    m_form->addRow(m_schemeForm);
    m_form->addRow(tr("Secret"), m_secret);
    m_form->addRow(QString(), m_secretNote);
    m_form->addRow(tr("Certificate"), m_certificate);
    m_form->addRow(tr("Along with it"), m_keys);
    m_form->addRow(tr("Keep it"), m_keychain);
    m_form->addRow(QString(), m_memory);
    m_form->addRow(QString(), m_storageNote);
    m_form->addRow(tr("May go to"), m_origins);
    m_form->addRow(tr("Environment"), m_scope);
    m_form->addRow(tr("Expiry"), expiryRow);
    m_form->addRow(tr("Keep it stale"), m_stale);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    m_save = buttons->button(QDialogButtonBox::Save);
    m_save->setProperty("primary", true);
    m_save->style()->unpolish(m_save); // the box has polished it already
    m_save->style()->polish(m_save);
    alignFormLabels(*m_form, m_name->sizeHint().height());
    // Kinds with many fields are taller than a small screen: the fields scroll, the buttons stay.
    m_fields = new QWidget(this);
    m_form->setContentsMargins(0, 0, 0, 0);
    auto* fields = new QVBoxLayout(m_fields);
    fields->setContentsMargins(0, 0, 4, 0);
    fields->addLayout(m_form);
    fields->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_scroll->setWidget(m_fields);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_fields->setAutoFillBackground(false);
    m_scroll->setAccessibleName(tr("Profile"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_scroll, 1);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);

    connect(m_kind, &QComboBox::currentIndexChanged, this, &ProfileDialog::showKindFields);
    connect(m_schemeForm, &SchemeForm::changed, this, &ProfileDialog::describeSecret);
    connect(m_schemeForm, &SchemeForm::fieldsChanged, this, &ProfileDialog::fitFields);
    connect(m_place, &QComboBox::currentIndexChanged, this, &ProfileDialog::showKindFields);
    connect(m_secret, &QLineEdit::textChanged, this, &ProfileDialog::describeSecret);
    connect(m_secret, &SecretEdit::cleaned, this, [this](const QString& what) {
        m_secretNote->setText(what + QLatin1Char(' ') + m_secretNote->text());
    });
    connect(m_certificate, &CertificateRow::changed, this, &ProfileDialog::fitFields);
    connect(m_keys, &KeysEdit::changed, this, &ProfileDialog::fitFields);
    connect(m_keychain, &QRadioButton::toggled, this, &ProfileDialog::describeStorage);
    connect(&m_session, &Session::storeStateChanged, this, &ProfileDialog::describeStorage);
    connect(m_expires, &QCheckBox::toggled, m_expiresAt, &QWidget::setEnabled);
    connect(m_colour, &QPushButton::clicked, this, [this] {
        auto* dialog =
            new QColorDialog(QColor(m_colourName.isEmpty() ? QStringLiteral("#1a7f45") : m_colourName), this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QColorDialog::colorSelected, this, [this](const QColor& colour) {
            m_colourName = colour.name();
            m_colour->setStyleSheet(QStringLiteral("border-left: 6px solid %1").arg(m_colourName));
        });
        dialog->open();
    });
    connect(buttons, &QDialogButtonBox::accepted, this, &ProfileDialog::save);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

} // namespace kb
