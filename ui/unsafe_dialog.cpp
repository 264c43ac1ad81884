// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/unsafe_dialog.h"

#include "core/http/headers.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QTableWidget>
#include <QVBoxLayout>

namespace kb {

namespace {

/// What a disposable object can be looked at with; OPTIONS and TRACE are not of the matrix at all.
bool shows(const QString& method) {
    return method == QLatin1String("GET") || method == QLatin1String("HEAD");
}

bool isUnsafe(const QString& method) {
    return !isSafeMethod(method.toUtf8());
}

bool needsFixture(ProbeStrategy strategy) {
    return strategy == ProbeStrategy::Fixture || strategy == ProbeStrategy::Precondition;
}

void choose(QComboBox* box, const QString& data) {
    box->setCurrentIndex(qMax(0, box->findData(data)));
}

} // namespace

UnsafeDialog::UnsafeDialog(const ApiDescription& api, const QList<MatrixProfile>& profiles,
                           const MatrixSettings& now, bool sends, LiveCount liveCount, QWidget* parent)
    : QDialog(parent),
      m_now(now),
      m_liveCount(std::move(liveCount)),
      m_fixtures(now.fixtures),
      m_table(new QTableWidget(0, 2, this)) {
    setWindowTitle(tr("Unsafe methods"));
    resize(640, 620);
    auto* note = new QLabel(tr("These operations can change something, so that nothing is sent without a "
                               "strategy. Production is only read, whatever is chosen here."),
                            this);
    note->setWordWrap(true);
    m_table->setHorizontalHeaderLabels({tr("Operation"), tr("Strategy")});
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->verticalHeader()->hide();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setAccessibleName(tr("Unsafe methods"));
    buildFixture(api, profiles);
    for (const ApiOperation& operation : api.operations)
        if (isUnsafe(operation.method)) addRow(operationName(operation));
    m_send = new QCheckBox(tr("Send them from this window"), this);
    m_send->setChecked(sends);
    m_countText = new QLabel(this);
    m_countText->setWordWrap(true);
    m_count = new QLineEdit(this);
    m_count->setAccessibleName(tr("How many requests are really done"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_send, &QCheckBox::toggled, this, &UnsafeDialog::refresh);
    connect(m_table, &QTableWidget::currentCellChanged, this, [this](int row) { showFixture(row); });
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(note);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_fixture);
    layout->addWidget(m_send);
    layout->addWidget(m_countText);
    layout->addWidget(m_count);
    layout->addWidget(buttons);
    if (m_table->rowCount() > 0) m_table->setCurrentCell(0, 0);
    refresh();
}

void UnsafeDialog::addRow(const QString& operation) {
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(operation));
    auto* box = new QComboBox(m_table);
    box->setAccessibleName(tr("Strategy of %1").arg(operation));
    const std::pair<ProbeStrategy, QString> all[] = {
        {ProbeStrategy::NotSent, tr("Not sent")},
        {ProbeStrategy::AbsentObject, tr("An object that nobody has")},
        {ProbeStrategy::InvalidBody, tr("A body that is no good")},
        {ProbeStrategy::Fixture, tr("A disposable object")},
        {ProbeStrategy::Precondition, tr("An If-Match that fits nothing")},
        {ProbeStrategy::Live, tr("For real")}};
    for (const auto& [strategy, text] : all)
        box->addItem(text, int(strategy));
    box->setCurrentIndex(box->findData(int(m_now.strategies.value(operation, ProbeStrategy::NotSent))));
    m_table->setCellWidget(row, 1, box);
    connect(box, &QComboBox::currentIndexChanged, this, [this, row] {
        m_table->setCurrentCell(row, 0);
        showFixture(row);
        refresh();
    });
}

void UnsafeDialog::buildFixture(const ApiDescription& api, const QList<MatrixProfile>& profiles) {
    m_fixture = new QGroupBox(tr("Its disposable object"), this);
    auto* form = new QFormLayout(m_fixture);
    const auto combo = [&](const QString& label) {
        auto* box = new QComboBox(m_fixture);
        box->addItem(QString(), QString());
        box->setAccessibleName(label);
        form->addRow(label, box);
        connect(box, &QComboBox::currentIndexChanged, this, [this] { keepFixture(); });
        return box;
    };
    const auto line = [&](const QString& label, const QString& hint) {
        auto* edit = new QLineEdit(m_fixture);
        edit->setPlaceholderText(hint);
        edit->setAccessibleName(label);
        form->addRow(label, edit);
        connect(edit, &QLineEdit::textEdited, this, [this] { keepFixture(); });
        return edit;
    };
    m_setup = combo(tr("Made by"));
    m_owner = combo(tr("As"));
    m_body = line(tr("Body"), tr("the document's example"));
    m_pointer = line(tr("Its id, in the answer"), QStringLiteral("/id"));
    m_verify = combo(tr("Looked at with"));
    m_teardown = combo(tr("Removed by"));
    for (const ApiOperation& operation : api.operations) {
        const QString name = operationName(operation);
        if (shows(operation.method)) m_verify->addItem(name, name);
        if (!isUnsafe(operation.method)) continue;
        m_setup->addItem(name, name);
        m_teardown->addItem(name, name);
    }
    for (const MatrixProfile& profile : profiles)
        if (profile.kind == MatrixProfile::Kind::Live) m_owner->addItem(profile.name, profile.id);
}

ProbeStrategy UnsafeDialog::strategyAt(int row) const {
    const auto* box = qobject_cast<QComboBox*>(m_table->cellWidget(row, 1));
    return box ? ProbeStrategy(box->currentData().toInt()) : ProbeStrategy::NotSent;
}

void UnsafeDialog::showFixture(int row) {
    m_shown = -1; // what is put into the form is not typed
    const bool wanted = row >= 0 && needsFixture(strategyAt(row));
    m_fixture->setEnabled(wanted);
    const MatrixFixture fixture = wanted ? m_fixtures.value(m_table->item(row, 0)->text()) : MatrixFixture();
    choose(m_setup, fixture.setup);
    choose(m_owner, fixture.owner);
    choose(m_verify, fixture.verify);
    choose(m_teardown, fixture.teardown);
    m_body->setText(fixture.body);
    m_pointer->setText(fixture.pointer);
    if (wanted) m_shown = row;
}

void UnsafeDialog::keepFixture() {
    if (m_shown < 0) return;
    m_fixtures[m_table->item(m_shown, 0)->text()] = {m_setup->currentData().toString(),
                                                     m_owner->currentData().toString(),
                                                     m_body->text(),
                                                     m_pointer->text().trimmed(),
                                                     m_verify->currentData().toString(),
                                                     m_teardown->currentData().toString()};
}

void UnsafeDialog::refresh() {
    MatrixSettings chosen = m_now;
    applyTo(chosen);
    const int live = sends() ? m_liveCount(chosen) : 0;
    m_countText->setVisible(live > 0);
    m_count->setVisible(live > 0);
    m_countText->setText(
        tr("%n request(s) would really be done. Type the number, or they are not sent.", nullptr, live));
}

void UnsafeDialog::applyTo(MatrixSettings& settings) const {
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const QString operation = m_table->item(row, 0)->text();
        const ProbeStrategy strategy = strategyAt(row);
        if (strategy == ProbeStrategy::NotSent)
            settings.strategies.remove(operation);
        else
            settings.strategies.insert(operation, strategy);
    }
    settings.fixtures = m_fixtures;
}

bool UnsafeDialog::sends() const {
    return m_send->isChecked();
}

int UnsafeDialog::confirmed() const {
    MatrixSettings chosen = m_now;
    applyTo(chosen);
    const int live = sends() ? m_liveCount(chosen) : 0;
    return m_count->text().trimmed() == QString::number(live) ? live : 0;
}

} // namespace kb
