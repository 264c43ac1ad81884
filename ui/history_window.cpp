// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history_window.h"

#include "core/http/body_view.h"
#include "core/run/compare_answers.h"
#include "ui/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTreeWidget>

namespace kb {

void HistoryModel::setEntries(QList<HistoryEntry> entries) {
    beginResetModel();
    m_entries = std::move(entries);
    endResetModel();
}

int HistoryModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(m_entries.size());
}

int HistoryModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    const QString titles[ColumnCount] = {tr("When"),   tr("Method"), tr("Address"),
                                         tr("Status"), tr("As"),     tr("Took")};
    return titles[section];
}

QVariant HistoryModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const HistoryEntry& entry = m_entries.at(index.row());
    if (role == Qt::ToolTipRole && index.column() == Url) return entry.url;
    if (role == Qt::ForegroundRole && index.column() == Status)
        return theme()
            .tone(entry.status == 0 || entry.status >= 500 ? Tone::Bad
                  : entry.status >= 400                    ? Tone::Warn
                                                           : Tone::Good)
            .text;
    if (role == Qt::FontRole && index.column() != Time && index.column() != As) return theme().monospace();
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
    case Time: {
        const QDateTime when = QDateTime::fromMSecsSinceEpoch(entry.timeMs);
        const QString text = when.date() == QDate::currentDate()
                                 ? when.time().toString(QStringLiteral("HH:mm:ss"))
                                 : QLocale().toString(when, QLocale::ShortFormat);
        return entry.pinned ? QString(QStringLiteral("★ ") + text) : text;
    }
    case Method:
        return entry.method;
    case Url:
        return entry.url;
    case Status:
        return entry.status ? QString::number(entry.status) : tr("none");
    case As:
        return entry.profileName.isEmpty() ? tr("anonymous") : entry.profileName;
    case Took:
        return entry.status ? tr("%1 ms").arg(qRound(entry.totalMs)) : QString();
    default:
        return {};
    }
}

HistoryWindow::HistoryWindow(Session& session, QWidget* parent)
    : QWidget(parent, Qt::Window), m_session(session), m_model(new HistoryModel(this)) {
    build();
    find();
}

void HistoryWindow::build() {
    setWindowTitle(tr("History — Keybearer"));
    resize(1180, 720);
    auto* layout = new QVBoxLayout(this);
    auto* bar = new QHBoxLayout;
    m_text = new QLineEdit(this);
    m_text->setPlaceholderText(tr("Look for a part of an address or of an answer"));
    m_text->setAccessibleName(tr("Look for"));
    m_text->setClearButtonEnabled(true);
    m_status = new QComboBox(this);
    m_status->setAccessibleName(tr("Status"));
    m_status->addItem(tr("Every status"), QVariantList{0, 0});
    m_status->addItem(tr("Failed"), QVariantList{-1, -1});
    for (int first = 200; first <= 500; first += 100)
        m_status->addItem(tr("%1 to %2").arg(first).arg(first + 99), QVariantList{first, first + 99});
    for (const int status : {401, 403, 429})
        m_status->addItem(QString::number(status), QVariantList{status, status});
    m_profile = new QComboBox(this);
    m_profile->setAccessibleName(tr("Sent as"));
    m_profile->addItem(tr("Every profile"), QString());
    for (const TokenProfile& profile : m_session.profiles())
        m_profile->addItem(profile.name, profile.id);
    m_host = new QComboBox(this);
    m_host->setAccessibleName(tr("Host"));
    m_host->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_host->setMinimumContentsLength(14);
    m_host->addItem(tr("Every host"), QString());
    m_when = new QComboBox(this);
    m_when->setAccessibleName(tr("When"));
    m_when->addItem(tr("Any time"), -1);
    m_when->addItem(tr("Today"), 0);
    for (const int days : {7, 30})
        m_when->addItem(tr("The last %1 days").arg(days), days);
    m_pinned = new QCheckBox(tr("Pinned"), this);
    bar->addWidget(m_text, 1);
    bar->addWidget(m_status);
    bar->addWidget(m_profile);
    bar->addWidget(m_host);
    bar->addWidget(m_when);
    bar->addWidget(m_pinned);
    layout->addLayout(bar);
    auto* split = new QSplitter(Qt::Horizontal, this);
    m_table = new QTableView(split);
    m_table->setModel(m_model);
    m_table->setAccessibleName(tr("Exchanges"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 12);
    m_table->horizontalHeader()->setSectionResizeMode(HistoryModel::Url, QHeaderView::Stretch);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    const int widths[] = {100, 80, 0, 70, 110, 80};
    for (int column = 0; column < HistoryModel::ColumnCount; ++column)
        if (widths[column]) m_table->setColumnWidth(column, widths[column]);
    m_side = new QStackedWidget(split);
    m_record = new QPlainTextEdit(m_side);
    m_record->setReadOnly(true);
    m_record->setFont(theme().monospace());
    m_record->setAccessibleName(tr("The exchange"));
    m_differences = new QTreeWidget(m_side);
    m_differences->setHeaderLabels({tr("What"), tr("Older"), tr("Newer")});
    m_differences->setRootIsDecorated(false);
    m_differences->setAccessibleName(tr("How the two answers differ"));
    m_side->addWidget(m_record);
    m_side->addWidget(m_differences);
    split->addWidget(m_table);
    split->addWidget(m_side);
    split->setSizes({720, 460});
    layout->addWidget(split, 1);
    m_message = new QLabel(this);
    m_message->setWordWrap(true);
    m_open = new QPushButton(tr("Open as it was"), this);
    m_openSaved = new QPushButton(tr("Open the saved request"), this);
    m_pin = new QPushButton(tr("Pin"), this);
    m_remove = new QPushButton(tr("Delete"), this);
    m_clear = new QPushButton(tr("Delete all…"), this);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_message, 1);
    for (QPushButton* each : {m_open, m_openSaved, m_pin, m_remove, m_clear})
        buttons->addWidget(each);
    layout->addLayout(buttons);

    m_soon.setSingleShot(true);
    m_soon.setInterval(60);
    connect(&m_soon, &QTimer::timeout, this, &HistoryWindow::find);
    const auto soon = [this] { m_soon.start(); };
    connect(m_text, &QLineEdit::textChanged, this, soon);
    connect(m_status, &QComboBox::currentIndexChanged, this, soon);
    for (QComboBox* box : {m_profile, m_host, m_when})
        connect(box, &QComboBox::currentIndexChanged, this, soon);
    connect(m_pinned, &QCheckBox::toggled, this, soon);
    connect(&m_session, &Session::historyChanged, this, soon);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &HistoryWindow::choose);
    connect(m_table, &QTableView::activated, m_open, &QPushButton::click);
    connect(m_open, &QPushButton::clicked, this, [this] {
        const QList<int> rows = chosenRows();
        if (rows.size() != 1) return;
        const Result<HistoryRecord> record = m_session.services().history->read(m_model->at(rows.first()).id);
        if (!record) return say(record.error());
        Q_EMIT openRequested(requestOf(*record));
    });
    connect(m_openSaved, &QPushButton::clicked, this, [this] {
        const QList<int> rows = chosenRows();
        if (rows.size() == 1) Q_EMIT openSavedRequested(m_model->at(rows.first()).requestPath);
    });
    connect(m_pin, &QPushButton::clicked, this, &HistoryWindow::pinChosen);
    connect(m_remove, &QPushButton::clicked, this, &HistoryWindow::removeChosen);
    connect(m_clear, &QPushButton::clicked, this, &HistoryWindow::removeAll);
    m_text->setFocus();
}

void HistoryWindow::find() {
    if (!m_session.services().history) return;
    HistoryQuery query;
    query.text = m_text->text();
    const QVariantList status = m_status->currentData().toList();
    query.failedOnly = status.value(0).toInt() < 0;
    if (!query.failedOnly) {
        query.statusFrom = status.value(0).toInt();
        query.statusTo = status.value(1).toInt();
    }
    query.profileId = m_profile->currentData().toString();
    query.pinnedOnly = m_pinned->isChecked();
    if (const Result<QStringList> hosts = m_session.services().history->hosts()) {
        const QSignalBlocker quiet(m_host);
        const QString chosen = m_host->currentData().toString();
        while (m_host->count() > 1)
            m_host->removeItem(1);
        for (const QString& host : *hosts)
            m_host->addItem(host, host);
        m_host->setCurrentIndex(qMax(0, m_host->findData(chosen)));
    }
    query.host = m_host->currentData().toString();
    // Whole days, as people count them.
    if (const int days = m_when->currentData().toInt(); days >= 0)
        query.fromMs = QDateTime::fromMSecsSinceEpoch(m_session.services().clock.wallMs())
                           .date()
                           .addDays(-qMax(0, days - 1))
                           .startOfDay()
                           .toMSecsSinceEpoch();
    const Result<QList<HistoryEntry>> found = m_session.services().history->find(query);
    if (!found) return say(found.error());
    const QList<int> before = chosenRows();
    const qint64 chosen = before.size() == 1 ? m_model->at(before.first()).id : 0;
    m_model->setEntries(*found);
    m_message->setText(!m_session.keepsHistory() ? tr("The history is switched off in the settings.")
                       : found->size() >= query.limit
                           ? tr("The newest %n.", nullptr, int(found->size()))
                           : tr("%n exchange(s). Secrets are masked.", nullptr, int(found->size())));
    int row = 0; // what was looked at stays in sight
    for (int i = 0; i < found->size(); ++i)
        if (found->at(i).id == chosen) row = i;
    selectRow(row);
    choose();
}

void HistoryWindow::selectRow(int row) {
    m_table->selectionModel()->setCurrentIndex(m_model->index(row, HistoryModel::Url),
                                               QItemSelectionModel::ClearAndSelect |
                                                   QItemSelectionModel::Rows);
}

QList<int> HistoryWindow::chosenRows() const {
    QList<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    return rows;
}

void HistoryWindow::choose() {
    const QList<int> rows = chosenRows();
    const bool one = rows.size() == 1;
    m_open->setEnabled(one);
    m_openSaved->setEnabled(one && m_session.workspace().find(m_model->at(rows.first()).requestPath));
    m_pin->setEnabled(one);
    m_pin->setText(one && m_model->at(rows.first()).pinned ? tr("Unpin") : tr("Pin"));
    m_remove->setEnabled(!rows.isEmpty());
    m_clear->setEnabled(m_model->rowCount() > 0);
    m_record->clear();
    m_side->setCurrentWidget(m_record);
    if (rows.isEmpty() || rows.size() > 2) return;
    QList<HistoryRecord> records;
    for (const int row : rows) {
        const Result<HistoryRecord> record = m_session.services().history->read(m_model->at(row).id);
        if (!record) return say(record.error());
        records.append(*record);
    }
    if (one)
        showRecord(records.first());
    else
        showDifferences(records.at(1), records.at(0)); // the newer stands first in the list
}

void HistoryWindow::showRecord(const HistoryRecord& record) {
    const auto lines = [](const QList<HeaderField>& fields) {
        QString text;
        for (const HeaderField& field : fields)
            text +=
                QString::fromUtf8(field.name) + QStringLiteral(": ") + QString::fromUtf8(field.value) + u'\n';
        return text;
    };
    const auto body = [](const QByteArray& bytes) {
        const QByteArray trimmed = bytes.trimmed();
        const bool json = trimmed.startsWith('{') || trimmed.startsWith('[');
        return QString::fromUtf8(json ? prettyJson(bytes) : bytes);
    };
    QString text = record.entry.method + u' ' + record.entry.url + u'\n' + lines(record.requestHeaders);
    if (record.hasRequestBody) text += u'\n' + body(record.requestBody) + u'\n';
    text += u'\n';
    if (record.entry.status)
        text += QString::number(record.entry.status) + u' ' + record.reason + u'\n' +
                lines(record.responseHeaders) + u'\n' + body(record.responseBody);
    else
        text += record.entry.problem;
    if (record.bodyCut) text += u'\n' + tr("(The rest is not kept.)");
    if (!record.diagnosis.isEmpty()) text += QStringLiteral("\n\n") + record.diagnosis;
    m_record->setPlainText(text);
}

void HistoryWindow::showDifferences(const HistoryRecord& left, const HistoryRecord& right) {
    m_differences->clear();
    const QList<AnswerDifference> all = compareAnswers(left, right);
    for (const AnswerDifference& each : all)
        new QTreeWidgetItem(m_differences, {each.what, each.left, each.right});
    if (all.isEmpty()) new QTreeWidgetItem(m_differences, {tr("The two answers are the same.")});
    m_differences->resizeColumnToContents(0);
    m_side->setCurrentWidget(m_differences);
}

QString HistoryWindow::details() const {
    if (m_side->currentWidget() == m_record) return m_record->toPlainText();
    QStringList rows;
    for (int i = 0; i < m_differences->topLevelItemCount(); ++i) {
        const QTreeWidgetItem* row = m_differences->topLevelItem(i);
        rows.append(row->text(0) + QStringLiteral(" | ") + row->text(1) + QStringLiteral(" | ") +
                    row->text(2));
    }
    return rows.join(u'\n');
}

void HistoryWindow::pinChosen() {
    const QList<int> rows = chosenRows();
    if (rows.size() != 1) return;
    const HistoryEntry& entry = m_model->at(rows.first());
    const Result<void> done = m_session.services().history->pin(entry.id, !entry.pinned);
    if (!done) return say(done.error());
    find();
}

void HistoryWindow::removeChosen() {
    QList<qint64> ids;
    for (const int row : chosenRows())
        ids.append(m_model->at(row).id);
    const Result<void> done = m_session.services().history->remove(ids);
    if (!done) return say(done.error());
    find();
}

void HistoryWindow::removeAll() {
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Delete the history"),
                                tr("All exchanges are deleted for good, pinned ones too."),
                                QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* remove = box->addButton(tr("Delete all"), QMessageBox::DestructiveRole);
    connect(remove, &QPushButton::clicked, this, [this] {
        const Result<void> done = m_session.services().history->clear();
        if (!done) return say(done.error());
        find();
    });
    box->open();
}

void HistoryWindow::say(const Error& error) {
    m_message->setText(error.text());
}

} // namespace kb
