// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_editor.h"

#include "core/workspace/inherit.h"
#include "ui/checks_tab.h"
#include "ui/expiry_bar.h"
#include "ui/headers_table_model.h"
#include "ui/params_table_model.h"
#include "ui/request_editor_auth.h"
#include "ui/request_editor_body.h"
#include "ui/request_editor_hints.h"
#include "ui/request_editor_method.h"
#include "ui/request_editor_table.h"
#include "ui/request_settings.h"
#include "ui/send_as_bar.h"
#include "ui/send_as_bar_combo.h"
#include "ui/url_edit.h"

#include <QGridLayout>
#include <QKeySequence>
#include <QMenu>
#include <QMetaMethod>
#include <QPushButton>
#include <QStyle>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace kb {

RequestEditor::RequestEditor(Session& session, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_method(new MethodCombo(this)),
      m_url(new UrlEdit(this)),
      m_send(new QPushButton(this)),
      m_sendMore(new QToolButton(this)),
      m_expiry(new ExpiryBar(4, this)),
      m_sendAs(new SendAsBar(session, this)),
      m_hints(new RequestHints(this)),
      m_tabs(new QTabWidget(this)),
      m_params(new ParamsModel(this)),
      m_headers(new HeadersModel(this)),
      m_paramsPane(new TablePane(m_params, tr("Parameters"), this)),
      m_headersPane(new TablePane(m_headers, tr("Headers"), this)),
      m_body(new RequestBody(this)),
      m_auth(new RequestAuthTab(this)),
      m_checks(new kb::ChecksTab(this)),
      m_settings(new RequestSettingsTab(session.services().settings, this)) {
    build();
    connectParts();
    setSpec({});
}

RequestEditor::~RequestEditor() = default;

void RequestEditor::build() {
    setProperty("surface", true);
    setAttribute(Qt::WA_StyledBackground);
    m_send->setProperty("primary", true);
    m_paramsPane->table().setColumnShares({0, 0, 20, 38, 42});
    m_headersPane->table().setColumnShares({0, 28, 42, 30});
    m_tabs->setAccessibleName(tr("Parts of the request"));
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->addTab(m_paramsPane, tr("Params"));
    m_tabs->addTab(m_headersPane, tr("Headers"));
    m_tabs->addTab(m_body, tr("Body"));
    m_tabs->addTab(m_auth, tr("Authorization"));
    m_tabs->addTab(m_checks, tr("Checks"));
    m_tabs->addTab(m_settings, tr("Settings"));
    m_tabs->setMinimumHeight(120);

    auto* top = new QGridLayout;
    top->setHorizontalSpacing(8);
    top->setVerticalSpacing(3);
    top->addWidget(m_method, 0, 0);
    top->addWidget(m_url, 0, 1);
    top->addWidget(m_send, 0, 2);
    top->addWidget(m_sendMore, 0, 3);
    m_sendMore->setPopupMode(QToolButton::InstantPopup);
    m_sendMore->setAutoRaise(true);
    m_sendMore->setToolTip(tr("Other ways to send"));
    m_sendMore->setAccessibleName(m_sendMore->toolTip());
    auto* ways = new QMenu(m_sendMore);
    ways->setToolTipsVisible(true);
    QAction* asIs =
        ways->addAction(tr("Send this token as it is, once"), this, &RequestEditor::sendAsIsRequested);
    asIs->setToolTip(tr("Expired or not: it is refreshed neither before nor after a refusal."));
    m_sendMore->setMenu(ways);
    m_sendMore->hide();
    top->addWidget(m_expiry, 1, 1);
    top->setColumnStretch(1, 1);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(12, 10, 12, 4);
    head->setSpacing(6);
    head->addLayout(top);
    head->addWidget(m_sendAs);
    head->addWidget(m_hints);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(head);
    layout->addWidget(m_tabs, 1);
    m_hints->setTabAfter(m_sendAs->lastControl());
    setFocusProxy(m_url);
    m_refreshSoon.setSingleShot(true);
    m_refreshSoon.setInterval(0);
    setRunning(false);
}

void RequestEditor::connectParts() {
    connect(&m_refreshSoon, &QTimer::timeout, this, &RequestEditor::refresh);
    connect(m_method, &MethodCombo::methodEdited, this, &RequestEditor::edited);
    connect(m_url, &QLineEdit::textChanged, this, [this](const QString& url) {
        m_params->setUrl(url);
        edited();
    });
    connect(m_url, &QLineEdit::returnPressed, this, [this] {
        if (!m_running) Q_EMIT sendRequested();
    });
    connect(m_params, &ParamsModel::urlEdited, m_url, &UrlEdit::replaceText);
    connect(m_params, &ParamsModel::edited, this, &RequestEditor::edited);
    connect(m_headers, &HeadersModel::edited, this, &RequestEditor::edited);
    connect(m_body, &RequestBody::edited, this, &RequestEditor::edited);
    connect(m_checks, &kb::ChecksTab::edited, this, &RequestEditor::edited);
    connect(m_settings, &RequestSettingsTab::edited, this, &RequestEditor::edited);
    connect(m_sendAs, &SendAsBar::profileChosen, this, &RequestEditor::edited);
    connect(m_sendAs, &SendAsBar::profileChosen, this, &RequestEditor::refreshSendMenu);
    connect(m_sendAs, &SendAsBar::stateChanged, this, [this] {
        refreshSendMenu();
        refreshExpiry();
        m_refreshSoon.start();
    });
    connect(m_send, &QPushButton::clicked, this, [this] {
        if (m_running)
            Q_EMIT cancelRequested();
        else
            Q_EMIT sendRequested();
    });
    connect(m_auth, &RequestAuthTab::needed, this, &RequestEditor::refresh);
    connect(m_auth, &RequestAuthTab::newProfileRequested, this, &RequestEditor::newProfileRequested);
    connect(m_auth, &RequestAuthTab::moveTokenRequested, this, [this](int row) {
        Q_EMIT moveTokenToProfileRequested({TokenSpot::In::Header, row, {}});
    });
    connect(m_hints, &RequestHints::actionChosen, this, &RequestEditor::act);
    const auto later = [this] { m_refreshSoon.start(); };
    connect(&m_session, &Session::requestsChanged, this, &RequestEditor::followFolder);
    connect(&m_session, &Session::environmentChanged, this, later);
    connect(&m_session, &Session::workspaceChanged, this, later);
}

void RequestEditor::setSpec(const RequestSpec& spec) {
    m_loading = true;
    m_loaded = spec;
    m_method->setMethod(spec.method);
    m_params->load(spec.url, spec.params);
    m_url->setText(spec.url);
    m_url->setCursorPosition(0);
    m_headers->load(spec.headers, spec.settings.removedDefaultHeaders);
    m_body->load(spec.body);
    m_settings->load(spec.settings);
    m_settings->loadVariables(spec.variables);
    m_checks->load(spec.checks, spec.captures);
    m_inherited = inheritedId();
    m_sender = withInherited(m_session.workspace(), spec).profileId;
    m_sendAs->setProfile(withInherited(m_session.workspace(), spec).profileId);
    m_loading = false;
    setClean();
    refresh();
}

void RequestEditor::replaceSpec(const RequestSpec& spec) {
    const RequestSpec clean = m_clean;
    setSpec(spec);
    m_clean = clean;
    Q_EMIT changed();
}

RequestSpec RequestEditor::spec() const {
    RequestSpec spec = m_loaded;
    spec.method = m_method->method();
    spec.url = m_url->text();
    spec.params = m_params->params();
    spec.headers = m_headers->headers();
    spec.body = m_body->body();
    // What is as inherited is not written down, so that it follows its folder.
    // What the file names stays named until another is chosen.
    const QString chosen = m_sendAs->profileId();
    if (chosen == m_sender)
        spec.profileId = m_loaded.profileId;
    else
        spec.profileId = chosen == inheritedId() ? QString()
                         : chosen.isEmpty()      ? explicitlyAnonymous()
                                                 : chosen;
    spec.checks = m_checks->checks();
    spec.captures = m_checks->captures();
    spec.settings = m_settings->settings();
    spec.variables = m_settings->variables();
    spec.settings.removedDefaultHeaders = m_headers->removedDefaults();
    return spec;
}

/// A request that says nothing itself is sent as its folder says, also after that has changed.
void RequestEditor::followFolder() {
    const QString before = std::exchange(m_inherited, inheritedId());
    if (before == m_inherited || !spec().profileId.isEmpty()) return;
    const bool wasClean = !isModified();
    m_loaded.profileId.clear();
    m_sender = m_inherited;
    m_sendAs->setProfile(m_inherited);
    if (wasClean) setClean();
    m_refreshSoon.start();
}

QString RequestEditor::inheritedId() const {
    return inheritedProfile(m_session.workspace(), m_loaded.id);
}

bool RequestEditor::isModified() const {
    return spec() != m_clean;
}

void RequestEditor::setClean() {
    m_clean = spec();
    m_loaded.profileId = m_clean.profileId;
    m_sender = m_sendAs->profileId();
}

void RequestEditor::setPlace(const QString& path) {
    m_loaded.id = path;
    m_clean.id = path;
    followFolder();
    m_refreshSoon.start();
}

void RequestEditor::refreshSendMenu() {
    const QString id = m_sendAs->profileId();
    const TokenProfile* profile = m_session.workspace().profile(id);
    const ProfileState* state = m_session.state(id);
    const bool token = state && state->facts && !state->facts->missing;
    // A token that nothing refreshes goes out as it is in any case.
    m_sendMore->setVisible(profile && isGrant(profile->scheme) && token);
}

void RequestEditor::setRunning(bool running) {
    m_running = running;
    m_sendMore->setEnabled(!running);
    m_send->setText(running ? tr("Cancel") : tr("Send"));
    const QKeySequence keys =
        running ? QKeySequence(Qt::CTRL | Qt::Key_Period) : QKeySequence(Qt::CTRL | Qt::Key_Return);
    m_send->setToolTip(m_send->text() % u' ' % keys.toString(QKeySequence::NativeText));
    m_send->setProperty("primary", !running);
    m_send->style()->unpolish(m_send);
    m_send->style()->polish(m_send);
    // Send and Cancel take the same room, so that the URL does not move under the pointer.
    QFont bold = m_send->font();
    bold.setWeight(QFont::DemiBold);
    const QFontMetrics metrics(bold);
    m_send->setMinimumWidth(
        qMax(metrics.horizontalAdvance(tr("Send")), metrics.horizontalAdvance(tr("Cancel"))) + 28);
}

void RequestEditor::focusUrl() {
    m_url->setFocus(Qt::ShortcutFocusReason);
    m_url->selectAll();
}

void RequestEditor::setProfile(const QString& id) {
    if (id == profileId()) return;
    m_sendAs->setProfile(id);
    edited();
}

QString RequestEditor::profileId() const {
    return m_sendAs->profileId();
}

void RequestEditor::showTab(Tab tab) {
    m_tabs->setCurrentIndex(tab);
}

const QList<RequestHint>& RequestEditor::hints() const {
    return m_hints->hints();
}

void RequestEditor::edited() {
    if (m_loading) return;
    refresh();
    Q_EMIT changed();
}

bool RequestEditor::canMoveTokens() const {
    return isSignalConnected(QMetaMethod::fromSignal(&RequestEditor::moveTokenToProfileRequested));
}

void RequestEditor::refresh() {
    if (m_loading) return;
    m_refreshSoon.stop();
    RequestSpec now = spec();
    now.profileId = profileId(); // who it is in the end, inherited or not
    const VariableMap variables = m_session.variables(now);
    const QString environment = m_session.environmentName();
    const TokenProfile* profile =
        now.profileId.isEmpty() ? nullptr : m_session.workspace().profile(now.profileId);
    const ProfileState* state = profile ? m_session.state(profile->id) : nullptr;

    const UrlCheck url = checkUrl(now, variables);
    m_url->setVariables(variables);
    m_url->setProblem(url.error ? url.place.start : -1, url.place.length);
    m_url->setProperty("problem", url.error.has_value());
    m_url->setToolTip(url.resolved.isEmpty() ? QString() : tr("Goes to %1").arg(url.resolved));
    m_url->setAccessibleDescription(url.error ? url.error->what : url.resolved);
    m_sendAs->setTlsChecked(now.settings.verifyTls);
    m_sendAs->setPlainHttp(url.origin && !url.origin->isSecure() && !url.origin->isLoopback());
    m_body->setVariables(variables);

    QStringList secretNames;
    for (const SecretSource& each : m_session.secretVariables())
        secretNames.append(each.variable.name);
    QList<RequestHint> hints =
        requestHints({now, variables, environment, profile, state, m_session.nowSeconds(), secretNames});
    QString badMethod, inTheWay;
    int tokenRow = -1;
    for (RequestHint& hint : hints) {
        const bool movable = hint.token.in != TokenSpot::In::Nowhere;
        if (movable && !canMoveTokens()) hint.action.clear();
        if (hint.token.in == TokenSpot::In::Header && !hint.action.isEmpty() && tokenRow < 0)
            tokenRow = hint.row;
        if (hint.kind == RequestHint::Kind::HeaderInTheWay) inTheWay = hint.subject;
        if (hint.kind == RequestHint::Kind::BadMethod) badMethod = hint.text;
    }
    m_hints->setHints(hints);
    m_method->setProblem(badMethod);
    m_auth->showProfile(profile, state, environment, inTheWay, tokenRow);
    refreshHeaders(now);
    refreshTabTitles();
    refreshExpiry();
}

void RequestEditor::refreshHeaders(const RequestSpec& now) {
    // Asking the engine for a request without the user's rows is the one true list of what it adds.
    RequestSpec bare;
    bare.url = QStringLiteral("http://localhost/");
    bare.body.kind = now.body.kind;
    bare.body.contentType = now.body.kind == BodySpec::Kind::Text ? now.body.contentType : QString();
    const Result<Request> built = buildRequest(bare, m_session.variables());
    QList<HeaderField> defaults = built ? built->headers.fields : QList<HeaderField>();
    for (const HeaderRow& row : inheritedHeaders(m_session.workspace(), m_loaded.id))
        defaults.append({row.name.toUtf8(), row.value.toUtf8()});
    if (built) m_headers->setDefaults(defaults);
    const TokenProfile* profile =
        now.profileId.isEmpty() ? nullptr : m_session.workspace().profile(now.profileId);
    const ProfileState* state = profile ? m_session.state(profile->id) : nullptr;
    const QString name = profile ? credentialHeader(profile->scheme) : QString();
    const QString preview =
        profile ? credentialPreview(profile->scheme,
                                    state && state->facts ? state->facts->masked : QStringLiteral("••••"))
                : QString();
    m_headers->setCredential(name, preview.mid(name.size() + 2), profile ? profile->name : QString());
}

void RequestEditor::refreshExpiry() {
    const QString id = profileId();
    const TokenProfile* profile = id.isEmpty() ? nullptr : m_session.workspace().profile(id);
    const ProfileState* state = profile ? m_session.state(profile->id) : nullptr;
    const bool known = state && state->facts && state->facts->expiresAt;
    m_expiry->setLeft(known ? state->status.fractionLeft : -1, profileTone(state),
                      known ? tr("%1: %2").arg(profile->name, profileStateText(state)) : QString());
}

void RequestEditor::refreshTabTitles() {
    const auto counted = [](const QString& name, int count) {
        return count > 0 ? name % u' ' % QString::number(count) : name;
    };
    const auto set = [this](int tab, const QString& text) {
        if (m_tabs->tabText(tab) != text) m_tabs->setTabText(tab, text);
    };
    set(ParamsTab, counted(tr("Params"), m_params->usedCount()));
    set(HeadersTab, counted(tr("Headers"), m_headers->usedCount()));
    set(ChecksTab, counted(tr("Checks"), m_checks->usedCount()));
}

void RequestEditor::act(const RequestHint& hint) {
    switch (hint.kind) {
    case RequestHint::Kind::OriginRefused:
        allow(hint);
        break;
    case RequestHint::Kind::OriginsChanged:
        m_session.confirmProposedOrigins(profileId(), [session = &m_session](const Result<void>& done) {
            if (!done) Q_EMIT session->message(done.error().text());
        });
        break;
    default:
        if (hint.token.in != TokenSpot::In::Nowhere) Q_EMIT moveTokenToProfileRequested(hint.token);
    }
}

void RequestEditor::allow(const RequestHint& hint) {
    const Result<Origin> origin = Origin::parse(hint.subject);
    const bool plainHttp = origin && !origin->isSecure() && !origin->isLoopback();
    m_session.allowOrigin(profileId(), hint.subject, plainHttp, false,
                          [session = &m_session](const Result<void>& done) {
                              if (!done) Q_EMIT session->message(done.error().text());
                          });
}

} // namespace kb
