// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folder_dialog.h"

#include "core/workspace/inherit.h"
#include "core/workspace/merge_settings.h"
#include "ui/headers_table_model.h"
#include "ui/outside_change.h"
#include "ui/request_editor_table.h"
#include "ui/theme.h"
#include "ui/variables_edit.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace kb {

FolderDialog::FolderDialog(Session& session, const QString& path, QWidget* parent)
    : QDialog(parent), m_session(session), m_path(path), m_headers(new HeadersModel(this)) {
    build();
    load(present());
    connect(&session, &Session::environmentChanged, this, &FolderDialog::lookOutside);
}

RequestDefaults FolderDialog::present() const {
    const TreeItem* folder = m_session.workspace().find(m_path);
    return folder ? folder->defaults : m_session.workspace().defaults;
}

/// What another program, or another window, made of it while this is open.
void FolderDialog::lookOutside() {
    const RequestDefaults theirs = present();
    if (m_saving || theirs == m_base || (!m_path.isEmpty() && !m_session.workspace().find(m_path))) return;
    const RequestDefaults mine = shown();
    const MergedSettings<RequestDefaults> merged = mergeDefaults(m_base, mine, theirs);
    if (merged.conflicts.isEmpty()) {
        load(merged.mine);
        m_base = theirs;
        m_outside->sayMerged();
        return;
    }
    const auto take = [this, theirs](const RequestDefaults& value) {
        load(value);
        m_base = theirs;
    };
    m_outside->ask(
        merged.conflicts, [take, value = merged.mine] { take(value); },
        [take, value = merged.theirs] { take(value); });
}

void FolderDialog::build() {
    const TreeItem* folder = m_session.workspace().find(m_path);
    setWindowTitle(folder ? tr("Folder %1").arg(folder->name)
                          : tr("Workspace %1").arg(m_session.workspace().name));
    resize(620, 520);
    auto* as = new QLabel(tr("Requests below are sent as"), this);
    m_as = new QComboBox(this);
    m_as->setAccessibleName(as->text());
    m_as->addItem(folder ? tr("Whoever the folder above says") : tr("Anonymous, unless a request says who"),
                  QString());
    if (folder) m_as->addItem(tr("Anonymous"), explicitlyAnonymous());
    for (const TokenProfile& profile : m_session.profiles())
        m_as->addItem(profile.name, profile.id);
    auto* headers = new TablePane(m_headers, tr("Headers"), this);
    headers->table().setColumnShares({0, 28, 42, 30});
    m_variables = new VariablesEdit(this);
    m_problem = new QLabel(this);
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setStyleSheet(QStringLiteral("color: %1").arg(theme().tone(Tone::Bad).text.name()));
    m_problem->hide();
    auto* buttons = m_buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    m_outside = new OutsideChange(this);
    connect(m_outside, &OutsideChange::asking, this,
            [this](bool asks) { m_buttons->button(QDialogButtonBox::Save)->setEnabled(!asks); });
    auto* who = new QHBoxLayout;
    who->addWidget(as);
    who->addWidget(m_as, 1);
    auto* bottom = new QHBoxLayout;
    bottom->addStretch(1);
    bottom->addWidget(buttons);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(who);
    layout->addWidget(new QLabel(tr("Headers of each request below that has none of the name"), this));
    layout->addWidget(headers, 1);
    layout->addWidget(new QLabel(folder ? tr("Variables of this folder; they win over the environment's")
                                        : tr("Variables; those of the environment win over them"),
                                 this));
    layout->addWidget(m_variables, 1);
    layout->addWidget(m_problem);
    layout->addWidget(m_outside);
    layout->addLayout(bottom);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        m_saving = true;
        const Result<void> saved = m_session.saveDefaults(m_path, shown());
        m_saving = false;
        if (saved) return accept();
        m_problem->setText(saved.error().text());
        m_problem->show();
    });
}

void FolderDialog::load(const RequestDefaults& defaults) {
    m_base = defaults;
    m_headers->load(defaults.headers, {});
    m_variables->load(defaults.variables);
    // One that is named otherwise, or is gone, stays named until another is chosen.
    if (m_as->findData(defaults.profileId) < 0) {
        const TokenProfile* known = m_session.workspace().profile(defaults.profileId);
        m_as->addItem(known ? known->name : tr("%1, which is not here").arg(defaults.profileId),
                      defaults.profileId);
    }
    m_as->setCurrentIndex(m_as->findData(defaults.profileId));
}

RequestDefaults FolderDialog::shown() const {
    RequestDefaults defaults;
    defaults.headers = m_headers->headers();
    defaults.variables = m_variables->variables();
    defaults.profileId = m_as->currentData().toString();
    return defaults;
}

} // namespace kb
