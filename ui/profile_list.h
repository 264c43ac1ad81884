// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/session.h"

#include <QWidget>

class QLabel;
class QListView;

namespace kb {

class ProfileListModel;

/// The left side's lower part: who can send, and how much time each has left.
class ProfileList final : public QWidget {
    Q_OBJECT
public:
    explicit ProfileList(Session& session, QWidget* parent = nullptr);
    void setCurrent(const QString& profileId);
    QString current() const;
    int wantedHeight() const; ///< to show every profile
    void moveCurrent(int by);
    void duplicateCurrent();
    void removeCurrent();
    void colourCurrent();

Q_SIGNALS:
    void chosen(const QString& profileId);
    void addRequested();
    void editRequested(const QString& profileId);
    void compareRequested(const QString& profileId);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showMenu(const QPoint& position);
    void chooseColour(const QString& profileId);
    void updateHeading();

    Session& m_session;
    ProfileListModel* m_model;
    QListView* m_view;
    QLabel* m_heading;
    QString m_current;
};

} // namespace kb
