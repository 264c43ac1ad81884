// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/matrix_rules_dialog.h"

#include "core/http/headers.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QDate>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTabWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace kb {

namespace {

QString joined(const QStringList& words) {
    return words.join(QStringLiteral(", "));
}

/// "role=admin": a name, and something behind the sign.
bool isClaim(const QString& text) {
    const qsizetype equals = text.indexOf(u'=');
    return equals > 0 && equals < text.size() - 1;
}

} // namespace

MatrixRulesDialog::MatrixRulesDialog(const ApiDescription* api, const QList<MatrixProfile>& profiles,
                                     const MatrixSettings& now, QWidget* parent)
    : QDialog(parent),
      m_now(now),
      m_profiles(profiles),
      m_tabs(new QTabWidget(this)),
      m_message(new QLabel(this)) {
    setWindowTitle(tr("Rules and waivers"));
    resize(940, 460);
    if (api)
        for (const ApiOperation& operation : api->operations)
            if (isSafeMethod(operation.method.toUtf8()))
                m_safeOperations.append({operationName(operation), operationName(operation)});
    buildRules();
    buildPublic(api);
    buildWaivers();
    buildOwn();
    buildCanaries(api);
    buildMarks();
    buildFields();
    buildMarkers();
    m_message->setWordWrap(true);
    m_message->setStyleSheet(QStringLiteral("color: %1").arg(theme().tone(Tone::Bad).text.name()));
    m_message->hide();
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_tabs, 1);
    layout->addWidget(m_message);
    layout->addWidget(buttons);
}

QTableWidget* MatrixRulesDialog::addTable(const QString& title, const QString& note,
                                          const QStringList& columns, std::function<void(int row)> fill) {
    auto* page = new QWidget(m_tabs);
    auto* text = new QLabel(note, page);
    text->setWordWrap(true);
    auto* table = new QTableWidget(0, int(columns.size()), page);
    table->setHorizontalHeaderLabels(columns);
    table->setAccessibleName(title);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table->verticalHeader()->hide();
    table->setTabKeyNavigation(false);
    const Tab tab = Tab(m_tabs->count());
    m_tables[tab] = table;
    m_fill[tab] = std::move(fill);
    auto* add = new QPushButton(tr("Add"), page);
    auto* remove = new QPushButton(tr("Remove"), page);
    connect(add, &QPushButton::clicked, this, [this, tab, table] {
        addRow(tab);
        table->setCurrentCell(table->rowCount() - 1, 0);
        table->setFocus();
    });
    connect(remove, &QPushButton::clicked, table, [table] {
        if (table->currentRow() >= 0) table->removeRow(table->currentRow());
    });
    auto* row = new QHBoxLayout;
    row->addWidget(add);
    row->addWidget(remove);
    row->addStretch(1);
    auto* layout = new QVBoxLayout(page);
    layout->addWidget(text);
    layout->addWidget(table, 1);
    layout->addLayout(row);
    m_tabs->addTab(page, title);
    return table;
}

void MatrixRulesDialog::addRow(Tab tab) {
    QTableWidget* table = m_tables[tab];
    const int row = table->rowCount();
    table->insertRow(row);
    for (int column = 0; column < table->columnCount(); ++column)
        table->setItem(row, column, new QTableWidgetItem);
    m_fill[tab](row);
}

void MatrixRulesDialog::setText(Tab tab, int row, int column, const QString& text) {
    m_tables[tab]->item(row, column)->setText(text);
}

void MatrixRulesDialog::setChoice(Tab tab, int row, int column,
                                  const QList<std::pair<QString, QString>>& dataAndNames,
                                  const QString& chosen, const QString& name) {
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    for (const auto& [data, shown] : dataAndNames)
        box->addItem(shown, data);
    if (box->findData(chosen) < 0 && !chosen.isEmpty()) box->addItem(chosen, chosen); // it stays what it is
    box->setCurrentIndex(qMax(0, box->findData(chosen)));
    m_tables[tab]->setCellWidget(row, column, box);
}

QString MatrixRulesDialog::textAt(Tab tab, int row, int column) const {
    if (const auto* box = qobject_cast<QComboBox*>(m_tables[tab]->cellWidget(row, column)))
        return box->currentData().toString();
    return m_tables[tab]->item(row, column)->text().trimmed();
}

void MatrixRulesDialog::setWords(Tab tab, int row, int column, const QStringList& words) {
    setText(tab, row, column, joined(words));
    m_tables[tab]->item(row, column)->setData(Qt::UserRole, words); // a tag may hold a comma
}

QStringList MatrixRulesDialog::wordsAt(Tab tab, int row, int column) const {
    const QStringList given = m_tables[tab]->item(row, column)->data(Qt::UserRole).toStringList();
    if (!given.isEmpty() && joined(given) == textAt(tab, row, column)) return given;
    QStringList words;
    for (const QString& word : textAt(tab, row, column).split(u',', Qt::SkipEmptyParts))
        if (!word.trimmed().isEmpty()) words.append(word.trimmed());
    return words;
}

QList<std::pair<QString, QString>> MatrixRulesDialog::liveProfiles() const {
    QList<std::pair<QString, QString>> all;
    for (const MatrixProfile& profile : m_profiles)
        if (profile.kind == MatrixProfile::Kind::Live) all.append({profile.id, profile.name});
    return all;
}

void MatrixRulesDialog::buildRules() {
    const QList<std::pair<QString, QString>> otherwise{{expectName(Expect::DenyAuthz), tr("403")},
                                                       {expectName(Expect::Conceal), tr("403 or 404")},
                                                       {expectName(Expect::DenyAuthn), tr("401")},
                                                       {expectName(Expect::Deny), tr("401 or 403")}};
    addTable(
        tr("Rules"),
        tr("Whoever has all the claims gets in, everybody else is turned away. The first rule that fits an "
           "operation counts. Empty cells fit everything; \"*\" in a path stands for anything."),
        {tr("Path"), tr("Methods"), tr("Tags"), tr("Claims"), tr("Everybody else gets")},
        [this, otherwise](int row) {
            setChoice(Rules, row, 4, otherwise, expectName(Expect::DenyAuthz), tr("Everybody else gets"));
        });
    for (const MatrixRule& rule : m_now.rules) {
        addRow(Rules);
        const int row = m_tables[Rules]->rowCount() - 1;
        setText(Rules, row, 0, rule.path);
        setWords(Rules, row, 1, rule.methods);
        setWords(Rules, row, 2, rule.tags);
        setWords(Rules, row, 3, rule.claims);
        setChoice(Rules, row, 4, otherwise, expectName(rule.otherwise), tr("Everybody else gets"));
    }
}

void MatrixRulesDialog::buildPublic(const ApiDescription* api) {
    auto* page = new QWidget(m_tabs);
    auto* text =
        new QLabel(tr("The document says nothing of security for these operations, while it protects "
                      "others. Until you tick them nothing is expected of them."),
                   page);
    text->setWordWrap(true);
    m_public = new QListWidget(page);
    m_public->setAccessibleName(tr("Public operations"));
    QStringList names = api ? operationsOfUnknownSecurity(*api) : QStringList();
    for (const QString& confirmed : m_now.confirmedPublic)
        if (!names.contains(confirmed)) names.append(confirmed);
    for (const QString& name : std::as_const(names)) {
        auto* item = new QListWidgetItem(name, m_public);
        item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
        item->setCheckState(m_now.confirmedPublic.contains(name) ? Qt::Checked : Qt::Unchecked);
    }
    auto* all = new QPushButton(tr("Tick all"), page);
    all->setEnabled(!names.isEmpty());
    connect(all, &QPushButton::clicked, m_public, [list = m_public] {
        for (int row = 0; row < list->count(); ++row)
            list->item(row)->setCheckState(Qt::Checked);
    });
    auto* row = new QHBoxLayout;
    row->addWidget(all);
    row->addStretch(1);
    auto* layout = new QVBoxLayout(page);
    layout->addWidget(text);
    layout->addWidget(m_public, 1);
    layout->addLayout(row);
    m_tabs->addTab(page, tr("Public operations"));
}

void MatrixRulesDialog::buildWaivers() {
    addTable(
        tr("Waivers"),
        tr("A finding that is known and borne for a while: a cell by its id, or \"bola GET /users/{id}\" for "
           "all of one cause. Reports show it as waived. After its last day it counts again."),
        {tr("Cell or finding"), tr("Reason"), tr("Who says so"), tr("Last day")}, [](int) {});
    for (const MatrixWaiver& waiver : m_now.waivers) {
        addRow(Waivers);
        const int row = m_tables[Waivers]->rowCount() - 1;
        setText(Waivers, row, 0, waiver.finding.isEmpty() ? waiver.cell : waiver.finding);
        setText(Waivers, row, 1, waiver.reason);
        setText(Waivers, row, 2, waiver.author);
        setText(Waivers, row, 3, waiver.expires);
    }
}

void MatrixRulesDialog::buildOwn() {
    addTable(tr("Own objects"),
             tr("The object of each profile, by the parameter that names it. A value, \"claim:account\" for "
                "a claim "
                "of its token, or \"from:GET /orders#/0/id\" for what the profile finds when it asks."),
             {tr("Parameter"), tr("Profile"), tr("Value")},
             [this](int row) { setChoice(Own, row, 1, liveProfiles(), {}, tr("Profile")); });
    for (auto parameter = m_now.own.cbegin(); parameter != m_now.own.cend(); ++parameter)
        for (auto value = parameter->cbegin(); value != parameter->cend(); ++value) {
            addRow(Own);
            const int row = m_tables[Own]->rowCount() - 1;
            setText(Own, row, 0, parameter.key());
            setChoice(Own, row, 1, liveProfiles(), value.key(), tr("Profile"));
            setText(Own, row, 2, *value);
        }
}

void MatrixRulesDialog::buildCanaries(const ApiDescription* api) {
    addTable(
        tr("Canaries"),
        tr("The request that shows that a profile's credential is good. Without one the first safe operation "
           "that it may use is taken."),
        {tr("Profile"), tr("Operation")}, [this, typed = api == nullptr](int row) {
            setChoice(Canaries, row, 0, liveProfiles(), {}, tr("Profile"));
            if (!typed) setChoice(Canaries, row, 1, m_safeOperations, {}, tr("Operation"));
        });
    for (auto canary = m_now.canaries.cbegin(); canary != m_now.canaries.cend(); ++canary) {
        addRow(Canaries);
        const int row = m_tables[Canaries]->rowCount() - 1;
        setChoice(Canaries, row, 0, liveProfiles(), canary.key(), tr("Profile"));
        setChoice(Canaries, row, 1, m_safeOperations, *canary, tr("Operation"));
    }
}

bool MatrixRulesDialog::refuse(Tab tab, int row, const QString& why) {
    m_tabs->setCurrentIndex(tab);
    m_tables[tab]->setCurrentCell(row, 0);
    m_message->setText(tr("Row %1: %2").arg(row + 1).arg(why));
    m_message->show();
    return false;
}

QString MatrixRulesDialog::message() const {
    return m_message->isHidden() ? QString() : m_message->text();
}

void MatrixRulesDialog::accept() {
    m_message->hide();
    for (QTableWidget* table : m_tables)
        if (table) table->setCurrentItem(nullptr); // what is being typed is taken
    for (int row = 0; row < m_tables[Rules]->rowCount(); ++row) {
        const QStringList claims = wordsAt(Rules, row, 3);
        for (const QString& claim : claims)
            if (!isClaim(claim)) {
                refuse(Rules, row, tr("\"%1\" is no claim. Write it as role=admin.").arg(claim));
                return;
            }
        // In the file a rule may ask for nothing but somebody who is known.
        const bool wasEmpty =
            std::any_of(m_now.rules.cbegin(), m_now.rules.cend(), [&](const MatrixRule& rule) {
                return rule.claims.isEmpty() && rule.path == textAt(Rules, row, 0) &&
                       rule.methods == wordsAt(Rules, row, 1) && rule.tags == wordsAt(Rules, row, 2);
            });
        if (claims.isEmpty() && !wasEmpty) {
            refuse(Rules, row, tr("It needs a claim, such as role=admin."));
            return;
        }
    }
    for (int row = 0; row < m_tables[Waivers]->rowCount(); ++row) {
        QString why;
        if (textAt(Waivers, row, 0).isEmpty()) why = tr("Name a cell or a finding.");
        if (textAt(Waivers, row, 1).isEmpty()) why = tr("Give a reason.");
        const QString expires = textAt(Waivers, row, 3);
        if (!expires.isEmpty() && !QDate::fromString(expires, Qt::ISODate).isValid())
            why = tr("The last day is no date. Write it as 2030-01-31.");
        if (why.isEmpty()) continue;
        refuse(Waivers, row, why);
        return;
    }
    for (const auto& [tab, column] : {std::pair(Own, 0), std::pair(Own, 1), std::pair(Own, 2),
                                      std::pair(Canaries, 0), std::pair(Canaries, 1)})
        for (int row = 0; row < m_tables[tab]->rowCount(); ++row)
            if (textAt(tab, row, column).isEmpty()) {
                refuse(tab, row, tr("Something is missing."));
                return;
            }
    for (const Tab tab : {Own, Canaries}) {
        QSet<QString> named;
        for (int row = 0; row < m_tables[tab]->rowCount(); ++row) {
            const QString name = tab == Own ? QString(textAt(Own, row, 0) + u' ' + textAt(Own, row, 1))
                                            : textAt(Canaries, row, 0);
            if (named.contains(name)) {
                refuse(tab, row, tr("This profile has one already."));
                return;
            }
            named.insert(name);
        }
    }
    if (checkMore()) QDialog::accept();
}

void MatrixRulesDialog::applyTo(MatrixSettings& settings) const {
    settings.rules.clear();
    for (int row = 0; row < m_tables[Rules]->rowCount(); ++row)
        settings.rules.append({wordsAt(Rules, row, 1), wordsAt(Rules, row, 2), textAt(Rules, row, 0),
                               wordsAt(Rules, row, 3),
                               expectFromName(textAt(Rules, row, 4)).value_or(Expect::DenyAuthz)});
    settings.confirmedPublic.clear();
    for (int row = 0; row < m_public->count(); ++row)
        if (m_public->item(row)->checkState() == Qt::Checked)
            settings.confirmedPublic.append(m_public->item(row)->text());
    settings.waivers.clear();
    for (int row = 0; row < m_tables[Waivers]->rowCount(); ++row) {
        const QString what = textAt(Waivers, row, 0);
        const bool finding = what.contains(u' '); // a cell's id has none
        settings.waivers.append({finding ? QString() : what, textAt(Waivers, row, 1), textAt(Waivers, row, 2),
                                 textAt(Waivers, row, 3), finding ? what : QString()});
    }
    settings.own.clear();
    for (int row = 0; row < m_tables[Own]->rowCount(); ++row)
        settings.own[textAt(Own, row, 0)][textAt(Own, row, 1)] = textAt(Own, row, 2);
    settings.canaries.clear();
    for (int row = 0; row < m_tables[Canaries]->rowCount(); ++row)
        settings.canaries[textAt(Canaries, row, 0)] = textAt(Canaries, row, 1);
    applyMore(settings);
}

} // namespace kb
