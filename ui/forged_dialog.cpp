// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forged_dialog.h"

#include "core/auth/forge.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QTreeWidget>
#include <QUuid>
#include <QVBoxLayout>

namespace kb {

namespace {

enum { ParentRole = Qt::UserRole, DefectRole };

/// Whether such a defect can be made of this identity's credential: what concerns signatures needs a token.
bool fits(TokenDefect defect, const MatrixProfile& profile) {
    const bool isKey = std::holds_alternative<ApiKeyScheme>(profile.scheme);
    switch (defect) {
    case TokenDefect::Random:
    case TokenDefect::Empty:
        return true;
    case TokenDefect::Truncated:
    case TokenDefect::OtherCase:
        return isKey;
    default:
        return !isKey;
    }
}

} // namespace

ForgedDialog::ForgedDialog(const QList<MatrixProfile>& profiles, const QList<DerivedProfile>& now,
                           QWidget* parent)
    : QDialog(parent), m_tree(new QTreeWidget(this)), m_now(now) {
    setWindowTitle(tr("Forged identities"));
    resize(460, 520);
    auto* note =
        new QLabel(tr("Each is a column of the matrix: the identity's credential, spoilt in memory for "
                      "each request. A good API turns all of them away. They are sent to local, test and "
                      "staging servers only."),
                   this);
    note->setWordWrap(true);
    m_tree->setHeaderHidden(true);
    m_tree->setAccessibleName(tr("Forged identities"));
    for (const MatrixProfile& profile : profiles) {
        if (profile.kind != MatrixProfile::Kind::Live || !canBeForged(profile.scheme)) continue;
        auto* item = new QTreeWidgetItem(m_tree, {profile.name});
        item->setFlags(item->flags() | Qt::ItemIsAutoTristate | Qt::ItemIsUserCheckable);
        for (const TokenDefect defect : allTokenDefects()) {
            if (!fits(defect, profile)) continue;
            auto* child = new QTreeWidgetItem(item, {defectTitle(defect)});
            child->setFlags(child->flags() | Qt::ItemIsUserCheckable);
            child->setData(0, ParentRole, profile.id);
            child->setData(0, DefectRole, int(defect));
            const bool on = std::any_of(now.begin(), now.end(), [&](const DerivedProfile& each) {
                return each.parent == profile.id && each.defect == defect;
            });
            child->setCheckState(0, on ? Qt::Checked : Qt::Unchecked);
        }
    }
    m_tree->expandAll();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(note);
    layout->addWidget(m_tree, 1);
    layout->addWidget(buttons);
}

QList<DerivedProfile> ForgedDialog::chosen() const {
    QList<DerivedProfile> all = m_now;
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        const QTreeWidgetItem* item = m_tree->topLevelItem(i);
        for (int j = 0; j < item->childCount(); ++j) {
            const QTreeWidgetItem* child = item->child(j);
            const QString parent = child->data(0, ParentRole).toString();
            const auto defect = TokenDefect(child->data(0, DefectRole).toInt());
            const auto is = [&](const DerivedProfile& each) {
                return each.parent == parent && each.defect == defect;
            };
            if (child->checkState(0) == Qt::Unchecked)
                all.removeIf(is);
            else if (std::none_of(all.begin(), all.end(), is))
                all.append({QUuid::createUuid().toString(QUuid::WithoutBraces),
                            QStringLiteral("%1, %2").arg(item->text(0), defectTitle(defect)), parent,
                            defect});
        }
    }
    return all;
}

} // namespace kb
