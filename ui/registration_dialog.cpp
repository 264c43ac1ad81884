// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/registration_dialog.h"

#include "core/auth/oauth_answer.h"
#include "ui/theme.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace kb {

RegistrationDialog::RegistrationDialog(Session& session, const QString& profileId, QWidget* parent)
    : QDialog(parent), m_session(session), m_id(profileId) {
    const TokenProfile* profile = session.workspace().profile(profileId);
    setWindowTitle(tr("Registration of %1").arg(profile ? profile->name : QString()));
    m_status = new QLabel(this);
    m_status->setWordWrap(true);
    m_status->setTextFormat(Qt::PlainText);
    m_list = new QTreeWidget(this);
    m_list->setAccessibleName(tr("What the server keeps"));
    m_list->setHeaderLabels({tr("Name"), tr("Value")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAllColumnsShowFocus(true);
    m_name = new QLineEdit(this);
    m_name->setAccessibleName(tr("Client's name"));
    m_scopes = new QLineEdit(this);
    m_scopes->setAccessibleName(tr("Scopes it may ask for"));
    auto* form = new QFormLayout;
    form->addRow(tr("Client's name"), m_name);
    form->addRow(tr("Scopes it may ask for"), m_scopes);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    m_change = buttons->addButton(tr("Change at the server"), QDialogButtonBox::ActionRole);
    connect(m_change, &QPushButton::clicked, this, [this] { send(wanted()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_name, &QLineEdit::textChanged, this, &RegistrationDialog::updateButton);
    connect(m_scopes, &QLineEdit::textChanged, this, &RegistrationDialog::updateButton);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_status);
    layout->addWidget(m_list, 1);
    layout->addLayout(form);
    layout->addWidget(buttons);
    resize(620, 460);
    updateButton();
}

RegistrationDialog::~RegistrationDialog() = default;

void RegistrationDialog::ask() {
    send({});
}

RegistrationChange RegistrationDialog::wanted() const {
    RegistrationChange change;
    if (m_name->text() != m_keptName) change.clientName = m_name->text();
    if (m_scopes->text().simplified() != m_keptScopes)
        change.scopes = m_scopes->text().split(u' ', Qt::SkipEmptyParts);
    return change;
}

void RegistrationDialog::updateButton() {
    m_change->setEnabled(!m_call && m_list->topLevelItemCount() > 0 && !wanted().isEmpty());
}

void RegistrationDialog::send(const RegistrationChange& change) {
    say(tr("The server is asked…"));
    m_call = m_session.manageRegistration(m_id, change,
                                          [this](const Result<std::shared_ptr<RegistrationView>>& seen) {
                                              // Posted: this runs inside the call.
                                              QMetaObject::invokeMethod(
                                                  this,
                                                  [this, seen] {
                                                      m_call.reset();
                                                      if (seen)
                                                          showKept(**seen);
                                                      else
                                                          say(seen.error().text(), true);
                                                      updateButton();
                                                  },
                                                  Qt::QueuedConnection);
                                          });
    updateButton();
}

void RegistrationDialog::showKept(const RegistrationView& view) {
    const Redactor plain; // secrets are out of it already; this takes line breaks and the like out
    m_list->clear();
    for (const auto& [name, value] : view.metadata.members) {
        const QString text = value.isString() ? value.string : QString::fromUtf8(writeJson(value));
        m_list->addTopLevelItem(new QTreeWidgetItem({serverText(name, plain), serverText(text, plain)}));
    }
    m_list->resizeColumnToContents(0);
    m_keptName = view.metadata.text(u"client_name");
    m_keptScopes = view.metadata.text(u"scope").simplified();
    m_name->setText(m_keptName);
    m_scopes->setText(m_keptScopes);
    QStringList said{view.changed ? tr("The server has changed the client.")
                                  : tr("This is what the server keeps.")};
    said += view.findings;
    say(said.join(u' '));
}

void RegistrationDialog::say(const QString& text, bool problem) {
    m_status->setText(text);
    m_status->setAccessibleName(text);
    m_status->setStyleSheet(problem ? QStringLiteral("color: %1").arg(theme().tone(Tone::Bad).text.name())
                                    : QString());
}

} // namespace kb
