// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/request_editor_checks.h"

#include <QTimer>
#include <QWidget>

class QPushButton;
class QTabWidget;
class QToolButton;

namespace kb {

class ChecksTab;
class ExpiryBar;
class HeadersModel;
class MethodCombo;
class ParamsModel;
class RequestAuthTab;
class RequestBody;
class RequestHints;
class RequestSettingsTab;
class SendAsBar;
class TablePane;
class UrlEdit;

/// Composes one request: method and URL, who sends it, parameters, headers, body and settings. What is wrong
/// or risky is said below the URL before anything is sent.
class RequestEditor final : public QWidget {
    Q_OBJECT
public:
    enum Tab { ParamsTab, HeadersTab, BodyTab, AuthorizationTab, ChecksTab, SettingsTab };

    explicit RequestEditor(Session& session, QWidget* parent = nullptr);
    ~RequestEditor() override;

    /// Shows another request; it counts as unchanged.
    void setSpec(const RequestSpec& spec);
    /// Shows the same request changed; it counts as an edit.
    void replaceSpec(const RequestSpec& spec);
    /// What is on the screen now, a cell in the middle of typing included.
    RequestSpec spec() const;
    bool isModified() const;
    void setClean();
    void setPlace(const QString& path); ///< where it was saved: its folder counts from now on
    /// While running, Send is Cancel.
    void setRunning(bool running);
    bool isRunning() const { return m_running; }
    void focusUrl();
    void setProfile(const QString& id);
    QString profileId() const;

    void showTab(Tab tab);
    const QList<RequestHint>& hints() const;

Q_SIGNALS:
    void changed();
    void sendRequested();
    void sendAsIsRequested(); ///< the token as it is, for this one send
    void cancelRequested();
    void newProfileRequested();
    /// The token typed there belongs into a profile. The button is there only while this is connected.
    void moveTokenToProfileRequested(const kb::TokenSpot& place);

private:
    void build();
    void connectParts();
    void edited();
    void refresh();
    void refreshHeaders(const RequestSpec& now);
    void refreshExpiry();
    void refreshSendMenu();
    void refreshTabTitles();
    void followFolder();
    QString inheritedId() const; ///< of the profile that the request's folder gives it
    void act(const RequestHint& hint);
    void allow(const RequestHint& hint);
    bool canMoveTokens() const;

    Session& m_session;
    RequestSpec m_loaded; ///< what no widget holds: id and name
    RequestSpec m_clean;
    QString m_inherited; ///< who its folder said at the last look
    QString m_sender;    ///< who sent it when it was loaded or saved
    bool m_loading = false;
    bool m_running = false;
    QTimer m_refreshSoon;

    MethodCombo* m_method;
    UrlEdit* m_url;
    QPushButton* m_send;
    QToolButton* m_sendMore; ///< there for profiles whose token is refreshed
    ExpiryBar* m_expiry;
    SendAsBar* m_sendAs;
    RequestHints* m_hints;
    QTabWidget* m_tabs;
    ParamsModel* m_params;
    HeadersModel* m_headers;
    TablePane* m_paramsPane;
    TablePane* m_headersPane;
    RequestBody* m_body;
    RequestAuthTab* m_auth;
    kb::ChecksTab* m_checks;
    RequestSettingsTab* m_settings;
};

} // namespace kb
