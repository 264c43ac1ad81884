// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/run/run.h"
#include "ui/answer_headers_model.h"

#include <QTreeView>

class QComboBox;

namespace kb {

/// A list of header field lines: copies rows with Ctrl+C and from its menu.
class HeaderListView final : public QTreeView {
    Q_OBJECT
public:
    explicit HeaderListView(QWidget* parent = nullptr);
    void setGroups(const QList<AnswerHeadersModel::Group>& groups);
    AnswerHeadersModel& headers() { return m_headers; }
    void copyRows();
    void copyAll();
    bool selectField(QByteArrayView fieldName);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitColumns();
    void applyTheme();
    AnswerHeadersModel m_headers;
};

/// Chooses one of several hops; hidden where there is only one.
class HopChooser final : public QWidget {
    Q_OBJECT
public:
    explicit HopChooser(QWidget* parent = nullptr);
    void setHops(const QList<Exchange>& hops); ///< the last one is chosen
    int current() const;

Q_SIGNALS:
    void chosen(int hop);

private:
    QComboBox* m_box;
};

/// The headers of an answer as received, with those of interim answers before and trailers behind.
class AnswerHeaders final : public QWidget {
    Q_OBJECT
public:
    explicit AnswerHeaders(QWidget* parent = nullptr);
    void setHops(const QList<Exchange>& hops);
    QWidget* tools() { return m_tools; } ///< for the row of the tabs
    HeaderListView& list() { return *m_list; }
    int fieldCount() const; ///< field lines of the final answer
    bool selectField(QByteArrayView fieldName);

private:
    void showHop(int hop);
    QList<Exchange> m_hops;
    HeaderListView* m_list;
    QWidget* m_tools;
    HopChooser* m_chooser;
};

} // namespace kb
