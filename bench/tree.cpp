// SPDX-License-Identifier: GPL-3.0-or-later
// The window's tree on a workspace of many requests: the time until it is shown, and of each key typed into
// its filter, beside a plain tree view on a plain model with the same names.
#include "app/lazy_practice.h"
#include "app/lazy_transport.h"
#include "bench/timing.h"
#include "io/files/folder_watch.h"
#include "io/files/settings.h"
#include "io/files/workspace_store.h"
#include "io/keychain/memory_store.h"
#include "ui/main_window.h"
#include "ui/request_tree.h"
#include "ui/theme.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTemporaryDir>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>
#include <cstdio>
#include <vector>

using namespace kb;

namespace {

struct Keys {
    double median = 0, slowest = 0;
};

/// Types and takes back what finds many, some and none; what is shown is painted after each key.
Keys typed(QLineEdit* filter, QTreeView* view) {
    std::vector<double> times;
    const auto press = [&](int key, const QString& text) {
        times.push_back(milliseconds([&] {
            QKeyEvent down(QEvent::KeyPress, key, Qt::NoModifier, text);
            QApplication::sendEvent(filter, &down);
            view->viewport()->repaint();
        }));
    };
    for (const char* words : {"Request 77", "7", "99 nothing"}) {
        for (const char* at = words; *at; ++at)
            press(0, QString(QLatin1Char(*at)));
        while (!filter->text().isEmpty())
            press(Qt::Key_Backspace, {});
    }
    std::sort(times.begin(), times.end());
    return {times[times.size() / 2], times.back()};
}

void fill(QStandardItem* into, const QList<TreeItem>& items) {
    for (const TreeItem& item : items) {
        auto* made = new QStandardItem(item.name);
        into->appendRow(made);
        fill(made, item.children);
    }
}

} // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    if (argc < 2) return 2;
    theme().apply(app, Theme::Mode::Light);
    const QString folder = QString::fromLocal8Bit(argv[1]);
    const QTemporaryDir home;
    FileSettings settings(home.filePath(QStringLiteral("settings.ini")));
    SystemClock clock;
    LazyTransport transport;
    LazyPractice practice;
    MemoryStore secrets, memory;
    FileWorkspaceStore workspaces;
    FileFolderWatch watch;
    UiServices services{transport, secrets, memory, workspaces, settings, clock, practice, {}};
    services.watch = &watch;
    Session session(std::move(services));
    if (!workspaces.create(home.filePath(QStringLiteral("small")), QStringLiteral("Small")) ||
        !session.openWorkspace(home.filePath(QStringLiteral("small"))))
        return 1;
    MainWindow window(session);
    window.show();
    for (int i = 0; i < 20; ++i)
        QApplication::processEvents();

    auto* tree = window.findChild<RequestTree*>();
    auto* view = tree->findChild<QTreeView*>();
    auto* filter = tree->findChild<QLineEdit*>();
    const double read = milliseconds([&] { (void)FileWorkspaceStore().load(folder); });
    const double shown = milliseconds([&] {
        (void)session.openWorkspace(folder);
        view->viewport()->repaint();
    });
    // The folder is watched once it is shown; the window takes no key meanwhile.
    const double settled = milliseconds([&] {
        for (int i = 0; i < 20; ++i)
            QApplication::processEvents();
    });
    if (view->model()->rowCount() != session.workspace().items.size()) return 1;
    const Keys ours = typed(filter, view);
    const double saved = milliseconds([&] {
        Q_EMIT session.requestsChanged(); // as after each save
        view->viewport()->repaint();
    });

    QWidget plain;
    QLineEdit plainFilter;
    QTreeView plainView;
    auto* layout = new QVBoxLayout(&plain);
    layout->addWidget(&plainFilter);
    layout->addWidget(&plainView);
    QStandardItemModel model;
    QSortFilterProxyModel proxy;
    const double plainShown = milliseconds([&] {
        fill(model.invisibleRootItem(), session.workspace().items);
        proxy.setSourceModel(&model);
        proxy.setRecursiveFilteringEnabled(true);
        proxy.setFilterCaseSensitivity(Qt::CaseInsensitive);
        plainView.setModel(&proxy);
        plainView.setUniformRowHeights(true);
        plain.resize(view->size());
        plain.show();
        plainView.viewport()->repaint();
    });
    QObject::connect(&plainFilter, &QLineEdit::textChanged, &plainView, [&](const QString& text) {
        proxy.setFilterFixedString(text);
        plainView.expandAll();
    });
    const Keys others = typed(&plainFilter, &plainView);
    std::printf("read=%.3f shown=%.3f settled=%.3f key=%.3f slowest=%.3f saved=%.3f plain_shown=%.3f "
                "plain_key=%.3f plain_slowest=%.3f\n",
                read, shown, settled, ours.median, ours.slowest, saved, plainShown, others.median,
                others.slowest);
    return 0;
}
