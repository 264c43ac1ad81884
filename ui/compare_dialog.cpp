// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare_dialog.h"

#include "ui/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <cmath>

namespace kb {

namespace {

const DecodedJwt* jwtOf(const Session& session, const QString& profileId) {
    const ProfileState* state = session.state(profileId);
    return state && state->facts && state->facts->jwt ? &*state->facts->jwt : nullptr;
}

/// A JSON text as people read it: a lone string without its quotes.
QString readable(const QString& json) {
    const Result<JsonValue> value = parseJson(json.toUtf8());
    return value && value->isString() ? value->string : json;
}

QString laterText(double seconds) {
    const double span = std::abs(seconds);
    const QString amount = span < 120      ? CompareDialog::tr("%1 s").arg(span)
                           : span < 7200   ? CompareDialog::tr("%1 min").arg(std::round(span / 60))
                           : span < 172800 ? CompareDialog::tr("%1 h").arg(std::round(span / 3600))
                                           : CompareDialog::tr("%1 d").arg(std::round(span / 86400));
    return seconds > 0 ? CompareDialog::tr("%1 later on the right").arg(amount)
                       : CompareDialog::tr("%1 earlier on the right").arg(amount);
}

QString setText(const JwtMemberComparison& member) {
    QStringList parts;
    if (!member.onlyLeft.isEmpty())
        parts << CompareDialog::tr("only left: %1").arg(member.onlyLeft.join(QStringLiteral(", ")));
    if (!member.onlyRight.isEmpty())
        parts << CompareDialog::tr("only right: %1").arg(member.onlyRight.join(QStringLiteral(", ")));
    return parts.join(QStringLiteral("; "));
}

} // namespace

CompareDialog::CompareDialog(Session& session, const QString& profileId, QWidget* parent)
    : QDialog(parent), m_session(session), m_left(profileId) {
    build();
    compare();
}

bool CompareDialog::isPossible(const Session& session, const QString& profileId) {
    if (!jwtOf(session, profileId)) return false;
    for (const TokenProfile& other : session.profiles())
        if (other.id != profileId && jwtOf(session, other.id)) return true;
    return false;
}

const DecodedJwt* CompareDialog::tokenOf(const QString& profileId) const {
    return jwtOf(m_session, profileId);
}

void CompareDialog::build() {
    setWindowTitle(tr("Compare tokens"));
    resize(760, 520);
    const TokenProfile* left = m_session.workspace().profile(m_left);
    auto* name = new QLabel(left ? left->name : QString(), this);
    QFont bold = name->font();
    bold.setWeight(QFont::DemiBold);
    name->setFont(bold);
    m_right = new QComboBox(this);
    m_right->setAccessibleName(tr("Compare with"));
    for (const TokenProfile& other : m_session.profiles())
        if (other.id != m_left && tokenOf(other.id)) m_right->addItem(other.name, other.id);
    m_all = new QCheckBox(tr("Show what is the same"), this);
    m_all->setChecked(true);
    auto* top = new QHBoxLayout;
    top->addWidget(name);
    top->addWidget(new QLabel(tr("with"), this));
    top->addWidget(m_right);
    top->addStretch(1);
    top->addWidget(m_all);
    m_tree = new QTreeWidget(this);
    m_tree->setColumnCount(4);
    m_tree->setRootIsDecorated(false);
    m_tree->setIndentation(8);
    m_tree->setUniformRowHeights(false);
    m_tree->setWordWrap(true);
    m_tree->setStyleSheet(QStringLiteral("QTreeView::item { padding: 3px 4px; }"));
    m_tree->setAccessibleName(tr("Header and claims of both tokens"));
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(2, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(3, QHeaderView::Stretch);
    m_summary = new QLabel(this);
    m_summary->setWordWrap(true);
    m_summary->setProperty("muted", true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(top);
    layout->addWidget(m_tree, 1);
    layout->addWidget(m_summary);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_right, &QComboBox::currentIndexChanged, this, &CompareDialog::compare);
    connect(m_all, &QCheckBox::toggled, this, &CompareDialog::compare);
}

void CompareDialog::compare() {
    m_tree->clear();
    m_differences = 0;
    const DecodedJwt* left = tokenOf(m_left);
    const DecodedJwt* right = tokenOf(m_right->currentData().toString());
    const TokenProfile* profile = m_session.workspace().profile(m_left);
    m_tree->setHeaderLabels(
        {tr("Member"), tr("State"), profile ? profile->name : QString(), m_right->currentText()});
    if (!left || !right) {
        m_summary->setText(tr("There is no second token that can be read."));
        return;
    }
    const JwtComparison result = compareJwts(*left, *right);
    addGroup(tr("Header"), result.header);
    addGroup(tr("Claims"), result.claims);
    m_tree->expandAll();
    m_summary->setText(
        (result.same ? tr("The tokens say the same.") : tr("%n member(s) differ.", nullptr, m_differences)) +
        QLatin1Char(' ') + tr("Both are decoded, not verified."));
}

void CompareDialog::addGroup(const QString& title, const QList<JwtMemberComparison>& members) {
    auto* group = new QTreeWidgetItem(m_tree, {title});
    QFont bold = group->font(0);
    bold.setWeight(QFont::DemiBold);
    group->setFont(0, bold);
    group->setFirstColumnSpanned(true);
    group->setFlags(Qt::ItemIsEnabled);
    for (const JwtMemberComparison& member : members) {
        if (member.kind != JwtMemberComparison::Kind::Same) ++m_differences;
        if (member.kind != JwtMemberComparison::Kind::Same || m_all->isChecked()) addMember(*group, member);
    }
    group->setHidden(group->childCount() == 0);
}

void CompareDialog::addMember(QTreeWidgetItem& group, const JwtMemberComparison& member) {
    using Kind = JwtMemberComparison::Kind;
    QString state;
    Tone tone = Tone::Neutral;
    switch (member.kind) {
    case Kind::Same:
        state = tr("= same");
        break;
    case Kind::Changed:
        state = tr("≠ changed");
        tone = Tone::Warn;
        break;
    case Kind::OnlyLeft:
        state = tr("← only left");
        tone = Tone::Info;
        break;
    case Kind::OnlyRight:
        state = tr("→ only right");
        tone = Tone::Info;
        break;
    }
    auto* item =
        new QTreeWidgetItem(&group, {member.name, state, readable(member.left), readable(member.right)});
    if (member.kind != Kind::Same) item->setForeground(1, theme().tone(tone).text);
    for (const int column : {2, 3}) {
        item->setFont(column, theme().monospace());
        item->setToolTip(column, item->text(column));
    }
    const QString more = member.isSet     ? setText(member)
                         : member.laterBy ? laterText(*member.laterBy)
                                          : QString();
    if (more.isEmpty() || member.kind != Kind::Changed) return;
    auto* detail = new QTreeWidgetItem(item, {QString(), QString(), more});
    detail->setFirstColumnSpanned(false);
    detail->setForeground(2, theme().muted);
    detail->setToolTip(2, more);
}

} // namespace kb
