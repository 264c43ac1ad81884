// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/environment_dialog.h"

#include "core/auth/token_kind.h"
#include "core/workspace/merge_settings.h"
#include "ui/outside_change.h"
#include "ui/secret_variable_dialog.h"

#include <QColorDialog>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace kb {

EnvironmentDialog::EnvironmentDialog(Session& session, QWidget* parent)
    : QDialog(parent),
      m_session(session),
      m_name(session.environmentName()),
      m_outside(new OutsideChange(this)),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this)),
      m_which(new QComboBox(this)),
      m_kind(new QComboBox(this)),
      m_extends(new QComboBox(this)),
      m_dotEnv(new QLineEdit(this)),
      m_colour(new QPushButton(tr("Colour…"), this)),
      m_table(new QTableWidget(0, 2, this)),
      m_secrets(new QTableWidget(0, 3, this)),
      m_problem(new QLabel(this)) {
    setWindowTitle(tr("Environments"));
    resize(620, 620);
    m_kind->setAccessibleName(tr("Class"));
    m_kind->setToolTip(tr("In production, requests that may change something are asked about first."));
    const std::pair<QString, EnvironmentKind> kinds[] = {{tr("Not said"), EnvironmentKind::Unset},
                                                         {tr("Local"), EnvironmentKind::Local},
                                                         {tr("Test"), EnvironmentKind::Test},
                                                         {tr("Staging"), EnvironmentKind::Staging},
                                                         {tr("Production"), EnvironmentKind::Production}};
    for (const auto& [text, kind] : kinds)
        m_kind->addItem(text, int(kind));
    m_extends->setAccessibleName(tr("Based on"));
    m_dotEnv->setAccessibleName(tr(".env file"));
    m_dotEnv->setPlaceholderText(tr("a path in the workspace's folder, such as .env"));
    m_which->setAccessibleName(tr("Environment"));
    m_table->setHorizontalHeaderLabels({tr("Variable"), tr("Value")});
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_table->setColumnWidth(0, 180);
    m_table->verticalHeader()->hide();
    m_table->setAccessibleName(tr("Variables"));
    m_secrets->setHorizontalHeaderLabels({tr("Secret variable"), tr("May go to"), tr("Value")});
    m_secrets->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    m_secrets->setColumnWidth(0, 180);
    m_secrets->setColumnWidth(2, 110);
    m_secrets->verticalHeader()->hide();
    m_secrets->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_secrets->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_secrets->setSelectionMode(QAbstractItemView::SingleSelection);
    m_secrets->setAccessibleName(tr("Secret variables"));
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    auto* add = new QPushButton(tr("New…"), this);
    auto* remove = new QPushButton(tr("Delete"), this);
    auto* row = new QPushButton(tr("Add variable"), this);
    auto* secret = new QPushButton(tr("Make secret…"), this);
    secret->setToolTip(
        tr("The chosen variable, or a new one. The value goes into the keychain, not into the file."));
    auto* change = new QPushButton(tr("Change…"), this);
    auto* drop = new QPushButton(tr("Delete secret"), this);
    auto* top = new QHBoxLayout;
    top->addWidget(m_which, 1);
    top->addWidget(add);
    top->addWidget(remove);
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    auto* kindRow = new QHBoxLayout;
    kindRow->addWidget(m_kind, 1);
    kindRow->addWidget(m_colour);
    form->addRow(tr("Class"), kindRow);
    form->addRow(tr("Based on"), m_extends);
    form->addRow(tr(".env file"), m_dotEnv);
    auto* bottom = new QHBoxLayout;
    bottom->addStretch(1);
    bottom->addWidget(m_buttons);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addLayout(form);
    layout->addWidget(m_table, 2);
    auto* ofVariables = new QHBoxLayout;
    ofVariables->addWidget(row);
    ofVariables->addWidget(secret);
    ofVariables->addStretch(1);
    layout->addLayout(ofVariables);
    layout->addWidget(m_secrets, 1);
    auto* ofSecrets = new QHBoxLayout;
    ofSecrets->addWidget(change);
    ofSecrets->addWidget(drop);
    ofSecrets->addStretch(1);
    layout->addLayout(ofSecrets);
    layout->addWidget(m_problem);
    layout->addWidget(m_outside);
    layout->addLayout(bottom);
    for (const Environment& environment : m_session.workspace().environments)
        m_which->addItem(environment.name);
    m_which->setCurrentText(m_name);
    load();
    connect(m_which, &QComboBox::currentTextChanged, this, [this](const QString& name) {
        if (name == m_name) return;
        if (!store()) {
            m_which->setCurrentText(m_name);
            return;
        }
        m_name = name;
        load();
    });
    connect(add, &QPushButton::clicked, this, &EnvironmentDialog::addEnvironment);
    connect(remove, &QPushButton::clicked, this, &EnvironmentDialog::removeEnvironment);
    connect(m_colour, &QPushButton::clicked, this, &EnvironmentDialog::chooseColour);
    connect(row, &QPushButton::clicked, this, [this] {
        m_table->insertRow(m_table->rowCount());
        m_table->setCurrentCell(m_table->rowCount() - 1, 0);
        m_table->setFocus();
    });
    connect(secret, &QPushButton::clicked, this, &EnvironmentDialog::makeSecret);
    connect(change, &QPushButton::clicked, this, &EnvironmentDialog::changeSecret);
    connect(drop, &QPushButton::clicked, this, &EnvironmentDialog::removeSecret);
    connect(m_secrets, &QTableWidget::activated, this, &EnvironmentDialog::changeSecret);
    connect(m_table, &QTableWidget::itemChanged, this, &EnvironmentDialog::warnOfSecrets);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons, &QDialogButtonBox::accepted, this, [this] {
        if (store()) accept();
    });
    connect(m_outside, &OutsideChange::asking, this, [this](bool asks) {
        m_buttons->button(QDialogButtonBox::Save)->setEnabled(!asks);
        m_which->setEnabled(!asks);
    });
    connect(&session, &Session::environmentChanged, this, &EnvironmentDialog::lookOutside);
}

/// What another program, or another window, made of it while this is open.
void EnvironmentDialog::lookOutside() {
    const Environment* present = m_session.workspace().environment(m_name);
    if (m_saving || !present || *present == m_base) return;
    const Environment theirs = *present;
    const MergedSettings<Environment> merged = mergeEnvironment(m_base, shown(), theirs);
    Environment mine = shown();
    mine.secrets = theirs.secrets;
    mine.fromFile = theirs.fromFile;
    if (mine == merged.mine && merged.conflicts.isEmpty()) { // nothing to show anew but secrets
        m_base = theirs;
        return showSecrets();
    }
    if (merged.conflicts.isEmpty()) {
        fill(merged.mine);
        m_base = theirs;
        m_outside->sayMerged();
        return;
    }
    const auto take = [this, theirs](const Environment& value) {
        fill(value);
        m_base = theirs;
    };
    m_outside->ask(
        merged.conflicts, [take, value = merged.mine] { take(value); },
        [take, value = merged.theirs] { take(value); });
}

void EnvironmentDialog::load() {
    m_table->setRowCount(0);
    m_outside->hide();
    showSecrets();
    const Environment* environment = m_session.workspace().environment(m_name);
    m_base = environment ? *environment : Environment{m_name, {}};
    for (QWidget* each :
         std::initializer_list<QWidget*>{m_table, m_secrets, m_kind, m_extends, m_dotEnv, m_colour})
        each->setEnabled(environment);
    m_extends->clear();
    m_extends->addItem(tr("Nothing"), QString());
    for (const Environment& other : m_session.workspace().environments)
        if (other.name != m_name) m_extends->addItem(other.name, other.name);
    m_problem->clear();
    fill(m_base);
    if (!environment)
        m_problem->setText(tr("There is no environment yet. Make one to hold variables such as baseUrl."));
}

void EnvironmentDialog::fill(const Environment& environment) {
    m_kind->setCurrentIndex(m_kind->findData(int(environment.kind)));
    m_extends->setCurrentIndex(qMax(0, m_extends->findData(environment.extends)));
    m_dotEnv->setText(environment.dotEnvFile);
    m_colourName = environment.colour;
    showColour();
    m_table->setRowCount(0);
    for (const Variable& variable : environment.variables) {
        const int row = m_table->rowCount();
        m_table->insertRow(row);
        auto* name = new QTableWidgetItem(variable.name);
        name->setCheckState(variable.enabled ? Qt::Checked : Qt::Unchecked);
        m_table->setItem(row, 0, name);
        m_table->setItem(row, 1, new QTableWidgetItem(variable.value));
    }
}

Environment EnvironmentDialog::shown() const {
    const Environment* before = m_session.workspace().environment(m_name);
    Environment environment = before ? *before : Environment{m_name, {}};
    environment.variables.clear();
    environment.kind = EnvironmentKind(m_kind->currentData().toInt());
    // One that is not there any more stays named until another is chosen.
    if (m_extends->currentIndex() > 0 || !before || m_session.workspace().environment(before->extends))
        environment.extends = m_extends->currentData().toString();
    environment.dotEnvFile = m_dotEnv->text().trimmed();
    environment.colour = m_colourName;
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const QTableWidgetItem* name = m_table->item(row, 0);
        const QTableWidgetItem* value = m_table->item(row, 1);
        if (!name || name->text().trimmed().isEmpty()) continue;
        const bool enabled = name->data(Qt::CheckStateRole).isNull() || name->checkState() == Qt::Checked;
        environment.variables.append({name->text().trimmed(), value ? value->text() : QString(), enabled});
    }
    return environment;
}

void EnvironmentDialog::chooseColour() {
    auto* dialog = new QColorDialog(QColor(m_colourName), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QColorDialog::colorSelected, this, [this](const QColor& colour) {
        m_colourName = colour.name();
        showColour();
    });
    dialog->open();
}

void EnvironmentDialog::showColour() {
    QPixmap dot(12, 12);
    dot.fill(m_colourName.isEmpty() ? QColor(Qt::transparent) : QColor(m_colourName));
    m_colour->setIcon(dot);
}

void EnvironmentDialog::warnOfSecrets() {
    const Environment environment = shown();
    for (const Variable& variable : environment.variables) {
        const QByteArray value = variable.value.toUtf8();
        const TokenKind kind =
            detectTokenKind(std::string_view(value.constData(), static_cast<std::size_t>(value.size())));
        if (!kind.isJwt && !kind.looksLive) continue;
        m_problem->setText(
            tr("The value of %1 looks like a secret (%2). Environments are saved as plain files: make it "
               "secret, or keep it in a token profile.")
                .arg(variable.name, kind.label));
        return;
    }
    m_problem->clear();
}

bool EnvironmentDialog::store() {
    const Environment* before = m_session.workspace().environment(m_name);
    if (m_outside->isAsking()) return false;
    if (!before || *before == shown()) return true;
    m_saving = true;
    const Result<void> saved = m_session.saveEnvironment(shown());
    m_saving = false;
    if (saved) m_base = *m_session.workspace().environment(m_name);
    if (!saved) m_problem->setText(saved.error().text());
    return saved.has_value();
}

void EnvironmentDialog::addEnvironment() {
    auto* ask = new QInputDialog(this);
    ask->setAttribute(Qt::WA_DeleteOnClose);
    ask->setWindowTitle(tr("New environment"));
    ask->setLabelText(tr("Name"));
    connect(ask, &QInputDialog::textValueSelected, this, [this](const QString& text) {
        const QString name = text.trimmed();
        if (name.isEmpty() || m_which->findText(name) >= 0) {
            m_problem->setText(name.isEmpty() ? tr("An environment needs a name.")
                                              : tr("%1 exists already.").arg(name));
            return;
        }
        if (!store()) return;
        if (const Result<void> saved = m_session.saveEnvironment({name, {}}); !saved) {
            m_problem->setText(saved.error().text());
            return;
        }
        m_which->addItem(name);
        m_which->setCurrentText(name);
        m_name = name;
        load();
    });
    ask->open();
}

void EnvironmentDialog::removeEnvironment() {
    const Environment* environment = m_session.workspace().environment(m_name);
    if (!environment) return;
    if (!environment->variables.isEmpty() || !environment->secrets.isEmpty()) {
        m_problem->setText(tr("%1 still holds variables. Remove them first.").arg(m_name));
        return;
    }
    if (const Result<void> removed = m_session.removeEnvironment(m_name); !removed) {
        m_problem->setText(removed.error().text());
        return;
    }
    const QString gone = m_name;
    m_name = m_session.environmentName();
    m_which->removeItem(m_which->findText(gone));
    m_which->setCurrentText(m_name);
    load();
}

void EnvironmentDialog::showSecrets() {
    m_secrets->setRowCount(0);
    const Environment* environment = m_session.workspace().environment(m_name);
    if (!environment) return;
    for (const SecretVariable& secret : environment->secrets) {
        const int row = m_secrets->rowCount();
        m_secrets->insertRow(row);
        const QString value = secret.secret.isEmpty()                   ? tr("none yet")
                              : secret.storage == SecretStorage::Memory ? tr("until the end")
                                                                        : tr("in the keychain");
        const QString origins = secret.allowedOrigins.join(QStringLiteral(", "));
        m_secrets->setItem(row, 0, new QTableWidgetItem(secret.name));
        m_secrets->setItem(row, 1, new QTableWidgetItem(origins.isEmpty() ? tr("nowhere yet") : origins));
        m_secrets->setItem(row, 2, new QTableWidgetItem(value));
    }
}

/// The chosen row becomes secret; a row with nothing in it, or none, asks for a name.
void EnvironmentDialog::makeSecret() {
    if (!m_session.workspace().environment(m_name)) return;
    const int row = m_table->currentRow();
    const QTableWidgetItem* name = m_table->item(row, 0);
    const QTableWidgetItem* value = m_table->item(row, 1);
    SecretVariable variable;
    if (name) variable.name = name->text().trimmed();
    editSecret(variable, value ? value->text() : QString());
}

void EnvironmentDialog::changeSecret() {
    const Environment* environment = m_session.workspace().environment(m_name);
    const QTableWidgetItem* name = m_secrets->item(m_secrets->currentRow(), 0);
    const SecretVariable* known = environment && name ? environment->secret(name->text()) : nullptr;
    if (known) editSecret(*known);
}

void EnvironmentDialog::removeSecret() {
    const QTableWidgetItem* name = m_secrets->item(m_secrets->currentRow(), 0);
    if (!name) return;
    const Result<void> removed = m_session.removeSecretVariable(shown(), name->text());
    if (!removed) return m_problem->setText(removed.error().text());
    showSecrets();
}

/// What else was changed here is saved along with it, so that no plain value of the secret is left behind.
void EnvironmentDialog::editSecret(const SecretVariable& variable, const QString& value) {
    auto* ask = new SecretVariableDialog(variable, this);
    ask->setAttribute(Qt::WA_DeleteOnClose);
    if (!value.isEmpty()) ask->proposeValue(value);
    connect(ask, &SecretVariableDialog::saveRequested, this, [this, ask = QPointer(ask)] {
        m_session.setSecretVariable(shown(), ask->variable(), ask->value(),
                                    [this, ask](const Result<void>& saved) {
                                        if (!ask) return;
                                        if (!saved) return ask->showProblem(saved.error().text());
                                        ask->accept();
                                        load();
                                    });
    });
    ask->open();
}

} // namespace kb
