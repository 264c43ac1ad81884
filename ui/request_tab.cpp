// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/request_tab.h"

#include "core/run/check_answer.h"
#include "ui/answer_pane.h"
#include "ui/conflict_bar.h"
#include "ui/grant_runner.h"
#include "ui/request_editor.h"
#include "ui/save_file.h"

#include <QFileDialog>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QSplitter>
#include <QUuid>
#include <QVBoxLayout>
#include <utility>

namespace kb {

RequestTab::RequestTab(Session& session, const RequestSpec& spec, QWidget* parent)
    : QWidget(parent),
      m_session(session),
      m_path(spec.id),
      m_name(spec.name),
      m_draftId(QUuid::createUuid().toString(QUuid::Id128)),
      m_base(spec),
      m_conflict(new ConflictBar(this)),
      m_splitter(new QSplitter(Qt::Vertical, this)),
      m_editor(new RequestEditor(session, this)),
      m_answer(new AnswerPane(this)),
      m_grants(new GrantRunner(session, *this)) {
    m_splitter->addWidget(m_editor);
    m_splitter->addWidget(m_answer);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] { m_sharedByHand = true; });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_conflict);
    layout->addWidget(m_splitter, 1);
    connect(m_conflict, &ConflictBar::mineChosen, this, &RequestTab::chooseMine);
    connect(m_conflict, &ConflictBar::theirsChosen, this, &RequestTab::chooseTheirs);
    // Before the request is there: its remarks offer the move only where somebody listens.
    connect(m_editor, &RequestEditor::moveTokenToProfileRequested, this, &RequestTab::moveTokenRequested);
    m_editor->setSpec(spec);
    m_editor->setClean();
    m_answer->showEmpty();

    connect(m_editor, &RequestEditor::changed, this, &RequestTab::titleChanged);
    connect(m_editor, &RequestEditor::sendRequested, this, &RequestTab::send);
    connect(m_editor, &RequestEditor::sendAsIsRequested, this, &RequestTab::sendAsIs);
    connect(m_editor, &RequestEditor::cancelRequested, this, &RequestTab::cancel);
    connect(m_editor, &RequestEditor::newProfileRequested, this, &RequestTab::newProfileRequested);
    connect(m_answer, &AnswerPane::remedyChosen, this, &RequestTab::applyRemedy);
    connect(m_answer, &AnswerPane::consentRequested, this, &RequestTab::consent);
    connect(m_answer, &AnswerPane::allowOriginRequested, this,
            [this](const QString& origin) { allow(origin, false, false); });
    connect(m_answer, &AnswerPane::loginRequested, this,
            [this] { renewAndSend(GrantOperation::Kind::Login, {}); });
    connect(m_answer, &AnswerPane::saveBodyRequested, this, &RequestTab::saveBody);
    connect(m_answer, &AnswerPane::stopRequested, this, &RequestTab::cancel);
    connect(&session, &Session::practiceReady, this, [this] {
        if (!std::exchange(m_waitsForPractice, false)) return;
        send();
    });
    connect(m_answer, &AnswerPane::keepGoingRequested, this, [this] {
        if (!m_run) return;
        m_answer->showRunning();
        m_run->keepGoing(0);
    });
}

RequestTab::~RequestTab() {
    // A run that ends while its tab is torn down must not reach it.
    if (m_run) m_run->disconnect(this);
}

void RequestTab::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    share();
}

void RequestTab::share() {
    if (m_sharedByHand) return;
    // The answer has the greater part, so that in a small window the doctor's word is read without scrolling.
    const int editor = qMax(m_editor->minimumSizeHint().height(), qMin(310, height() * 37 / 100));
    m_splitter->setSizes({editor, qMax(0, height() - editor)});
}

QString RequestTab::title() const {
    if (!m_name.isEmpty()) return m_name;
    const QString url = m_editor->spec().url;
    return url.isEmpty() ? tr("New request") : url;
}

bool RequestTab::isModified() const {
    return m_editor->isModified();
}

void RequestTab::setProfile(const QString& profileId) {
    m_editor->setProfile(profileId);
    Q_EMIT profileChanged(profileId);
}

void RequestTab::send() {
    if (isRunning()) return;
    m_asIs = false;
    start(false);
}

void RequestTab::sendAsIs() {
    if (isRunning()) return;
    m_asIs = true;
    start(false);
}

void RequestTab::start(bool allowPlainHttpOnce) {
    if (isRunning()) return;
    if (m_session.practiceStarting()) {
        m_waitsForPractice = true;
        m_editor->setRunning(true);
        m_answer->showRunning();
        return;
    }
    const QString sender = m_editor->profileId();
    if (!sender.isEmpty() && !m_session.workspace().profile(sender)) {
        // Sent as nobody it would tell something else than what was asked.
        RunResult refused;
        refused.nothingSent = true;
        refused.error = Error{ErrorCode::NotFound,
                              tr("The profile this request names is not in this workspace."),
                              {},
                              tr("Choose another under Send as."),
                              -1};
        m_result = refused;
        m_answer->showResult(refused);
        Q_EMIT finished();
        return;
    }
    if (const FileProblem* broken = m_editor->spec().profileId.isEmpty() ? brokenAbove() : nullptr) {
        // Whom that folder names is not known, and nobody is somebody else.
        RunResult refused;
        refused.nothingSent = true;
        refused.error =
            Error{broken->error.code,
                  tr("The file of this request's folder cannot be read, so who sends it is not known."),
                  broken->error.where.isEmpty() ? broken->path : broken->error.where,
                  tr("Correct the file, or choose under Send as."), -1};
        m_result = refused;
        m_answer->showResult(refused);
        Q_EMIT finished();
        return;
    }
    const bool production = m_session.environmentKind() == EnvironmentKind::Production;
    if (production && !isSafeMethod(m_editor->spec().method.toUtf8()))
        askBeforeProduction(allowPlainHttpOnce);
    else
        startNow(allowPlainHttpOnce);
}

/// The problem of a folder above this request, if there is one.
const FileProblem* RequestTab::brokenAbove() const {
    const QString suffix = QStringLiteral("folder.yml");
    for (const FileProblem& problem : m_session.workspace().problems)
        if (problem.path.endsWith(u'/' + suffix) && m_path.startsWith(problem.path.chopped(suffix.size())))
            return &problem;
    return nullptr;
}

/// Each time anew: what changes something in production is worth a second look.
void RequestTab::askBeforeProduction(bool allowPlainHttpOnce) {
    const RequestSpec spec = m_editor->spec();
    const Result<Request> built = buildRequest(spec, m_session.variables(spec));
    auto* box = new QMessageBox(QMessageBox::Warning, tr("This is production"),
                                tr("%1 is a production environment, and %2 may change something there.")
                                    .arg(m_session.environmentName(), spec.method),
                                QMessageBox::Cancel, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(spec.method + u' ' + (built ? built->url.origin().text() : spec.url));
    QPushButton* send = box->addButton(tr("Send to production"), QMessageBox::AcceptRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(send, &QPushButton::clicked, this, [this, allowPlainHttpOnce] { startNow(allowPlainHttpOnce); });
    box->open();
}

void RequestTab::startNow(bool allowPlainHttpOnce) {
    if (isRunning()) return;
    m_checking.reset();
    m_sent = m_editor->spec();
    m_run = m_session.makeRun(m_sent, allowPlainHttpOnce, m_asIs);
    connect(m_run.get(), &Run::progress, m_answer, &AnswerPane::setProgress);
    connect(m_run.get(), &Run::paused, m_answer, &AnswerPane::showPaused);
    connect(m_run.get(), &Run::finished, this, &RequestTab::finish);
    m_editor->setRunning(true);
    m_answer->showRunning();
    m_run->start();
}

void RequestTab::cancel() {
    if (m_run) m_run->cancel();
    if (!m_waitsForPractice) return;
    m_waitsForPractice = false;
    m_editor->setRunning(false);
    m_answer->showEmpty();
}

void RequestTab::finish(const RunResult& result) {
    m_result = result;
    m_run.release()->deleteLater(); // the run is the sender of this signal
    m_editor->setRunning(false);
    // A run says so of an expired token only. What comes next is an ordinary send again.
    if (std::exchange(m_asIs, false) && m_result->authNote.isEmpty())
        m_result->authNote = tr("The token was sent as it is, on purpose, and not refreshed.");
    m_answer->showResult(*m_result);
    const bool whole = !m_result->error && !m_result->hops.isEmpty() &&
                       m_result->hops.last().response().bodyEnd == BodyEnd::Complete;
    if (whole && (!m_sent.checks.isEmpty() || !m_sent.captures.isEmpty())) check(m_result->hops.last());
    share();
    Q_EMIT finished();
}

void RequestTab::check(const Exchange& answer) {
    m_checking = checkAnswer(m_sent, answer, m_session.variables(m_sent), m_session.checkTools(),
                             [this](const CheckedAnswer& checked) {
                                 m_answer->showChecks(checked);
                                 m_session.keepValues(checked.captures);
                             });
}

void RequestTab::applyRemedy(const Remedy& remedy) {
    switch (remedy.kind) {
    case Remedy::Kind::SendAs:
        setProfile(remedy.argument);
        send();
        break;
    case Remedy::Kind::AddToken:
        Q_EMIT newProfileRequested();
        break;
    case Remedy::Kind::ReplaceToken:
    case Remedy::Kind::RequestScopes:
        Q_EMIT editProfileRequested(m_editor->profileId());
        break;
    case Remedy::Kind::RefreshToken:
        renewAndSend(GrantOperation::Kind::Renew, {});
        break;
    case Remedy::Kind::LogIn:
        renewAndSend(GrantOperation::Kind::Login, remedy.argument, remedy.stepUp);
        break;
    case Remedy::Kind::FindLogin:
        if (m_result && !m_result->hops.isEmpty())
            Q_EMIT discoveryRequested(remedy.argument,
                                      m_result->hops.last().response().headers.all("WWW-Authenticate"));
        break;
    case Remedy::Kind::FixClock:
        m_session.acceptClock();
        Q_EMIT message(tr("Times are now counted from the system clock."));
        break;
    case Remedy::Kind::AllowOrigin:
        allow(remedy.argument, false, false);
        break;
    case Remedy::Kind::OpenChallenge:
    case Remedy::Kind::OpenTimeline:
        break; // the answer pane shows these itself
    }
}

void RequestTab::allow(const QString& origin, bool plainHttp, bool insecureTls) {
    m_session.allowOrigin(m_editor->profileId(), origin, plainHttp, insecureTls,
                          [this](const Result<void>& allowed) {
                              if (allowed)
                                  send();
                              else
                                  Q_EMIT message(allowed.error().text());
                          });
}

void RequestTab::renewAndSend(GrantOperation::Kind kind, const QString& moreScopes, const StepUp& stepUp) {
    const QString id = m_editor->profileId();
    const auto begin = [this, id, kind, stepUp] {
        const auto ended = [this](const GrantAnswer& answer) {
            if (answer.error)
                Q_EMIT message(answer.error->text());
            else
                send();
        };
        m_grants->run(id, kind, ended, {}, stepUp);
    };
    const TokenProfile* known = m_session.workspace().profile(id);
    const auto* oauth = known ? std::get_if<OAuthScheme>(&known->scheme) : nullptr;
    QStringList scopes = oauth ? oauth->scopes : QStringList();
    for (const QString& scope : moreScopes.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        if (!scopes.contains(scope)) scopes.append(scope);
    if (!oauth || scopes == oauth->scopes) return begin();
    // What is asked for from now on is the profile's wish, so that the next login does not lose it again.
    TokenProfile changed = *known;
    std::get<OAuthScheme>(changed.scheme).scopes = scopes;
    const QPointer<RequestTab> self(this);
    m_session.saveProfile(changed, std::nullopt, [self, begin](const Result<void>& saved) {
        if (!self) return;
        if (saved)
            begin();
        else
            Q_EMIT self->message(saved.error().text());
    });
}

void RequestTab::consent(const Error& error) {
    const Result<Origin> origin = Origin::parse(error.where);
    if (origin) {
        // The question was plain http, or a certificate that is not checked: the answer is for this origin.
        allow(origin->text(), !origin->isSecure(), origin->isSecure());
        return;
    }
    m_session.confirmProposedOrigins(m_editor->profileId(), [this](const Result<void>& confirmed) {
        if (confirmed)
            send();
        else
            Q_EMIT message(confirmed.error().text());
    });
}

void RequestTab::saveBody() {
    if (!m_result || m_result->hops.isEmpty()) return;
    const QString path = QFileDialog::getSaveFileName(this, tr("Save the body"));
    if (path.isEmpty()) return;
    // What leaves the window is the redacted body; the raw one stays in memory.
    const Result<void> saved = saveFile(path, m_result->hops.last().response().body);
    Q_EMIT message(saved ? tr("Saved to %1.").arg(path) : saved.error().text());
}

} // namespace kb
