// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/everyone_window.h"

#include "core/probe/one_row.h"
#include "core/probe/outcome_rules.h"
#include "core/workspace/inherit.h"
#include "ui/everyone_model.h"
#include "ui/flat_list.h"
#include "ui/theme.h"

#include <QCloseEvent>
#include <QHeaderView>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>
#include <QTreeView>
#include <QVBoxLayout>

namespace kb {

namespace {

constexpr std::size_t mostAtOnce = 4;
constexpr qint64 cautiousPaceMs = 1000;

} // namespace

EveryoneWindow::EveryoneWindow(Session& session, const RequestSpec& spec, QWidget* parent)
    : QWidget(parent, Qt::Window), m_session(session), m_spec(spec), m_model(new EveryoneModel(this)) {
    build();
    m_pacing.setSingleShot(true);
    connect(&m_pacing, &QTimer::timeout, this, &EveryoneWindow::sendNext);
    refresh();
}

EveryoneWindow::~EveryoneWindow() {
    for (const auto& [row, run] : m_runs)
        run->disconnect(this);
}

void EveryoneWindow::closeEvent(QCloseEvent* event) {
    stop();
    QWidget::closeEvent(event);
}

void EveryoneWindow::build() {
    setWindowTitle(tr("Send as everyone — Keybearer"));
    resize(1080, 420);
    setMinimumSize(520, 260);
    m_title = new QLabel(m_spec.method + u' ' + m_spec.url, this);
    m_title->setFont(theme().monospace());
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_summary = new QLabel(this);
    m_summary->setAccessibleName(tr("Outcome"));
    m_start = new QPushButton(tr("Send as everyone"), this);
    m_start->setProperty("primary", true);
    m_stop = new QPushButton(tr("Stop"), this);
    m_list = new QTreeView(this);
    m_list->setModel(m_model);
    m_list->setAccessibleName(tr("Who gets in"));
    makeFlatList(*m_list);
    m_list->setStyleSheet(
        QStringLiteral("QTreeView::item { padding: 5px 8px; } QHeaderView::section { padding: 6px 8px; }"));
    m_list->header()->setStretchLastSection(true);
    const int widths[] = {150, 120, 160, 140, 190};
    for (int column = 0; column < 5; ++column)
        m_list->setColumnWidth(column, widths[column]);
    auto* top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(m_start);
    top->addWidget(m_stop);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(12, 10, 12, 8);
    head->addLayout(top);
    head->addWidget(m_summary);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_list, 1);
    // What was asked for in one environment is not sent to another.
    connect(&m_session, &Session::environmentChanged, this, [this] {
        if (isRunning() && m_session.environmentName() != m_environment) stop();
    });
    connect(m_start, &QPushButton::clicked, this, &EveryoneWindow::run);
    connect(m_stop, &QPushButton::clicked, this, &EveryoneWindow::stop);
    connect(m_list, &QTreeView::activated, this, [this](const QModelIndex& index) {
        Q_EMIT sendAsRequested(m_model->rows().at(index.row()).profileId);
    });
    connect(new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this), &QShortcut::activated, this,
            &EveryoneWindow::run);
    connect(new QShortcut(QKeySequence::Close, this), &QShortcut::activated, this, &QWidget::close);
}

void EveryoneWindow::run() {
    if (isRunning()) return;
    if (isSafeMethod(m_spec.method.toUtf8())) return start();
    const bool production = m_session.environmentKind() == EnvironmentKind::Production;
    auto* box = new QMessageBox(
        QMessageBox::Warning, tr("This may change something"),
        production ? tr("%1 would be done as each identity, in production.").arg(m_spec.method)
                   : tr("%1 would be done as each identity.").arg(m_spec.method),
        QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* send = box->addButton(tr("Send as everyone"), QMessageBox::AcceptRole);
    box->setDefaultButton(QMessageBox::Cancel);
    // The question was about one environment: in another it is asked anew.
    connect(send, &QPushButton::clicked, this, [this, asked = m_session.environmentName()] {
        if (m_session.environmentName() == asked)
            start();
        else
            run();
    });
    box->open();
}

void EveryoneWindow::start() {
    if (isRunning()) return;
    m_environment = m_session.environmentName();
    m_cautious = isCautious();
    QList<std::pair<QString, QString>> identities{{QString(), tr("Anonymous")}};
    for (const TokenProfile& profile : m_session.profiles())
        identities.append({profile.id, profile.name});
    m_model->setIdentities(identities);
    findOperation();
    judge();
    for (int row = 0; row < identities.size(); ++row)
        m_waiting.push_back(row);
    refresh();
    sendNext();
}

/// The operation of the API's document that this request is, where the workspace names a document that was
/// read.
void EveryoneWindow::findOperation() {
    m_operation = nullptr;
    m_api = m_session.matrixApi();
    const Result<HttpUrl> url =
        filledUrl(withInherited(m_session.workspace(), m_spec), m_session.variables(m_spec))
            .and_then([](const QString& text) { return HttpUrl::parse(text); });
    if (!m_api || !url || !isOfApi(*url)) return;
    if (const std::optional<OperationAt> found =
            operationAt(*m_api, m_spec.method, QString::fromUtf8(url->path()))) {
        m_operation = found->operation;
        m_values = found->values;
    }
}

/// Another server's path of the same name is not the API's.
bool EveryoneWindow::isOfApi(const HttpUrl& url) const {
    QStringList places{QStringLiteral("{{baseUrl}}")};
    for (const ApiServer& server : m_api->servers)
        places.append(server.url);
    const VariableMap variables = m_session.variables(m_spec);
    return std::any_of(places.cbegin(), places.cend(), [&](const QString& place) {
        const Result<HttpUrl> known = resolveVariables(place, variables).and_then([](const QString& text) {
            return HttpUrl::parse(text);
        });
        return known && known->origin() == url.origin();
    });
}

/// What is expected, and what it makes of the answers that came so far.
void EveryoneWindow::judge() {
    const bool known = m_operation != nullptr;
    for (const int column : {EveryoneModel::Expected, EveryoneModel::Verdict})
        m_list->setColumnHidden(column, !known);
    if (!known) return;
    QList<MatrixProfile> profiles;
    QList<Observation> seen;
    QStringList columns;
    for (const MatrixProfile& profile : m_session.matrixProfiles()) {
        const QString id = profile.kind == MatrixProfile::Kind::Anonymous ? QString() : profile.id;
        for (const EveryoneModel::Row& row : m_model->rows()) {
            if (row.profileId != id) continue;
            profiles.append(profile);
            seen.append(row.seen);
            columns.append(id);
        }
    }
    // Whose markers an answer holds, by the places that the identities have here.
    for (int i = 0; i < seen.size(); ++i)
        for (const EveryoneModel::Row& row : m_model->rows())
            if (row.profileId == columns.at(i))
                for (int other = 0; other < qMin(64, int(profiles.size())); ++other)
                    if (row.holdsOf.contains(profiles.at(other).id)) seen[i].markersOf |= quint64(1) << other;
    m_model->setRecord(rowOf(*m_api, *m_operation, profiles, seen, m_values, m_session.workspace().matrix,
                             m_session.services().clock.wallMs()),
                       columns);
}

/// As the environment says what it is for, else the host.
bool EveryoneWindow::isCautious() const {
    EnvironmentKind kind = m_session.environmentKind();
    if (kind == EnvironmentKind::Unset) {
        const Result<HttpUrl> url =
            resolveVariables(m_spec.url, m_session.variables(m_spec)).and_then([](const QString& text) {
                return HttpUrl::parse(text);
            });
        if (url) kind = suggestedKind(QString::fromUtf8(url->origin().host));
    }
    return kind == EnvironmentKind::Production || kind == EnvironmentKind::Unset;
}

void EveryoneWindow::sendNext() {
    while (!m_waiting.empty() && m_runs.size() < (m_cautious ? 1 : mostAtOnce)) {
        const qint64 now = m_session.services().clock.bootMs();
        if (m_cautious && now < m_nextSendMs) {
            m_pacing.start(int(m_nextSendMs - now));
            return;
        }
        m_nextSendMs = now + cautiousPaceMs;
        const int row = m_waiting.front();
        m_waiting.pop_front();
        RequestSpec spec = m_spec;
        spec.profileId = m_model->rows().at(row).profileId;
        if (!spec.profileId.isEmpty() && !m_session.workspace().profile(spec.profileId)) {
            // Sent as nobody it would tell something else than what was asked.
            RunResult gone;
            gone.error = Error{ErrorCode::NotFound, tr("The profile is gone."), {}, {}, -1};
            m_model->setResult(row, gone);
            judge();
            continue;
        }
        if (spec.profileId.isEmpty()) spec.profileId = explicitlyAnonymous();
        std::unique_ptr<Run> run = m_session.makeRun(spec);
        connect(run.get(), &Run::finished, this, [this, row](const RunResult& result) {
            const auto owned = m_runs.find(row);
            if (owned == m_runs.end()) return;
            owned->second.release()->deleteLater(); // the sender of this signal
            m_runs.erase(owned);
            const std::shared_ptr<const OutcomeRule> meant =
                m_operation && !result.hops.isEmpty() ? ruleFor(outcomeRules(m_session.workspace().matrix),
                                                                *m_operation, result.hops.last().response())
                                                      : nullptr;
            m_model->setResult(row, result, m_values.size() == 1 ? *m_values.cbegin() : QString(), meant,
                               m_session.workspace().matrix.markers);
            judge();
            sendNext();
            refresh();
            if (!isRunning()) Q_EMIT finished();
        });
        Run* started = run.get();
        m_runs[row] = std::move(run);
        started->start();
    }
}

void EveryoneWindow::stop() {
    const bool between = isRunning() && m_runs.empty(); // two of them: nothing is left that would end
    m_pacing.stop();
    m_waiting.clear();
    for (const auto& [row, run] : m_runs) // later: what ends leaves the map
        QMetaObject::invokeMethod(run.get(), &Run::cancel, Qt::QueuedConnection);
    refresh();
    if (between) Q_EMIT finished();
}

void EveryoneWindow::refresh() {
    m_start->setEnabled(!isRunning());
    m_stop->setEnabled(isRunning());
    m_summary->setText(m_model->rowCount() == 0
                           ? tr("Sent as nobody and as each profile: who gets in, who does not, and why.")
                           : m_model->summary());
}

} // namespace kb
