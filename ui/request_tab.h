// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/auth/misplaced_token.h"
#include "ui/session.h"

#include <QWidget>

class QSplitter;

namespace kb {

class AnswerPane;
class ConflictBar;
class GrantRunner;
class RequestEditor;

/// One open request: its editor above, its answer below, and the run between them.
class RequestTab final : public QWidget {
    Q_OBJECT
public:
    RequestTab(Session& session, const RequestSpec& spec, QWidget* parent = nullptr);
    ~RequestTab() override;

    RequestEditor& editor() { return *m_editor; }
    AnswerPane& answer() { return *m_answer; }
    QString path() const { return m_path; } ///< empty while never saved
    QString title() const;
    bool isModified() const;
    bool isRunning() const { return m_run != nullptr || m_waitsForPractice; }
    Result<void> save(const QString& folder);
    /// What names its edits among the drafts.
    const QString& draftId() const { return m_draftId; }
    const RequestSpec& base() const { return m_base; } ///< as its file was when the edits began
    /// The file says this now: taken over where nothing was edited, merged where edits were, asked about
    /// where both changed the same. nullptr: there is no file any more; edits stay.
    void fileChanged(const TreeItem* now);
    void setPlace(const QString& path); ///< its file was moved
    /// Takes up edits that were kept aside: `now` came of `base`.
    void takeUp(const RequestSpec& base, const RequestSpec& now);
    ConflictBar& conflict() { return *m_conflict; }
    void send();
    /// Once: the token goes out as it is, expired or not, and is refreshed neither before nor after.
    void sendAsIs();
    void cancel();
    void setProfile(const QString& profileId);
    const std::optional<RunResult>& result() const { return m_result; }

Q_SIGNALS:
    void titleChanged();
    void profileChanged(const QString& profileId);
    void finished();
    void message(const QString& text);
    void newProfileRequested();
    void editProfileRequested(const QString& profileId);
    void discoveryRequested(const QString& url, const QList<QByteArray>& challenges);
    void moveTokenRequested(const kb::TokenSpot& place);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    const FileProblem* brokenAbove() const;
    void share();
    RequestSpec edited() const; ///< what stands here, with its name and place
    void merge(const RequestSpec& base, const RequestSpec& mine, const RequestSpec& theirs);
    void showRequest(const RequestSpec& clean, const RequestSpec& now);
    void chooseMine();
    void chooseTheirs();
    void start(bool allowPlainHttpOnce);
    void askBeforeProduction(bool allowPlainHttpOnce);
    void startNow(bool allowPlainHttpOnce);
    void finish(const RunResult& result);
    void check(const Exchange& answer);
    void applyRemedy(const Remedy& remedy);
    void consent(const Error& error);
    void renewAndSend(GrantOperation::Kind kind, const QString& moreScopes, const StepUp& stepUp = {});
    void allow(const QString& origin, bool plainHttp, bool insecureTls);
    void saveBody();

    Session& m_session;
    QString m_path;
    QString m_name;
    QString m_formerFolder; ///< of a request whose file is gone
    QString m_draftId;
    RequestSpec m_base;
    RequestSpec m_onDisk,
        m_theirs; ///< while a choice is to be made: the file, and the merge with their values
    ConflictBar* m_conflict;
    QSplitter* m_splitter;
    RequestEditor* m_editor;
    AnswerPane* m_answer;
    GrantRunner* m_grants;
    std::unique_ptr<Run> m_run;
    std::optional<RunResult> m_result;
    HandlePtr m_checking;
    RequestSpec m_sent;              ///< what the run under way is of
    bool m_asIs = false;             ///< of the send that is being begun or under way
    bool m_sharedByHand = false;     ///< the user moved the border between request and answer
    bool m_waitsForPractice = false; ///< sent before the practice API had made its tokens
};

} // namespace kb
