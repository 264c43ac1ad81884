// SPDX-License-Identifier: GPL-3.0-or-later
// The grid of an access matrix of 2,000 endpoints and 30 identities: the time of a frame while it is scrolled
// and while a run fills it, beside a plain table of texts of the same size in the same window.
#include "bench/timing.h"
#include "core/probe/run_record.h"
#include "ui/matrix_delegate.h"
#include "ui/matrix_filter.h"
#include "ui/matrix_header.h"

#include <QApplication>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>
#include <algorithm>
#include <cstdio>
#include <vector>

using namespace kb;

namespace {

constexpr int endpoints = 2000;
constexpr int identities = 30;

/// What any table of that size costs.
class PlainTable final : public QAbstractTableModel {
public:
    int rowCount(const QModelIndex& parent) const override { return parent.isValid() ? 0 : endpoints; }
    int columnCount(const QModelIndex& parent) const override { return parent.isValid() ? 0 : identities; }
    QVariant data(const QModelIndex&, int role) const override {
        return role == Qt::DisplayRole ? QVariant(QStringLiteral("200")) : QVariant();
    }
};

RunRecord sample() {
    ApiDescription api;
    api.schemes = {{QStringLiteral("bearer"),
                    QStringLiteral("http"),
                    QStringLiteral("bearer"),
                    {},
                    {},
                    {},
                    {},
                    {},
                    {},
                    {}}};
    api.security = ApiSecurity{{{QStringLiteral("bearer"), {}}}};
    for (int i = 0; i < endpoints; ++i) {
        ApiOperation operation;
        operation.method = QStringLiteral("GET");
        operation.path = QStringLiteral("/service%1/things/%2").arg(i / 50).arg(i);
        operation.tags = {QStringLiteral("service%1").arg(i / 50)};
        api.operations.append(operation);
    }
    QList<MatrixProfile> profiles{anonymousProfile()};
    for (int i = 1; i < identities; ++i) {
        MatrixProfile profile;
        profile.id = profile.name = QStringLiteral("Identity %1").arg(i);
        profiles.append(profile);
    }
    PlanOptions options;
    options.baseUrl = QStringLiteral("https://api.example.com");
    options.kind = EnvironmentKind::Test;
    RunRecord record;
    record.plan = makePlan(api, profiles, {}, options);
    record.results.resize(record.plan.cells.size());
    for (int i = 0; i < record.results.size(); ++i)
        record.results[i].cell = i;
    return record;
}

Observation seen(int cell) {
    Observation made;
    made.sent = true;
    made.status = cell % 7 == 0 ? 403 : cell % 11 == 0 ? 500 : cell % identities == 0 ? 401 : 200;
    return made;
}

struct Frames {
    double median = 0, slowest = 0;
};

Frames framesOf(int count, const std::function<void(int)>& frame) {
    std::vector<double> times;
    for (int i = 0; i < count; ++i)
        times.push_back(milliseconds([&] { frame(i); }));
    std::sort(times.begin(), times.end());
    return {times[times.size() / 2], times.back()};
}

void place(QTableView& view) {
    view.resize(1440, 900);
    view.setShowGrid(false);
    view.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view.show();
    QApplication::processEvents();
}

/// Down through all rows, a page and a bit each.
Frames scrolled(QTableView& view) {
    QScrollBar* bar = view.verticalScrollBar();
    return framesOf(200, [&](int i) {
        bar->setValue(bar->maximum() * i / 200);
        view.viewport()->repaint();
        view.verticalHeader()->viewport()->repaint();
    });
}

} // namespace

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    PlainTable texts;
    QTableView plain;
    plain.setModel(&texts);
    place(plain);
    const Frames yardstick = scrolled(plain);
    plain.close();

    MatrixModel model;
    const RunRecord record = sample();
    const int cells = int(record.results.size());
    const double shown = milliseconds([&] { model.setRecord(record); });
    MatrixFilter filter;
    filter.setSourceModel(&model);
    QTableView grid;
    grid.setModel(&filter);
    grid.setItemDelegate(new MatrixDelegate(&grid));
    grid.setVerticalHeader(new EndpointHeader(&grid));
    grid.horizontalHeader()->setDefaultSectionSize(118);
    place(grid);
    // A run fills it: some hundred answers between two frames.
    int next = 0;
    const Frames filled = framesOf(cells / 300, [&](int) {
        for (int i = 0; i < 300; ++i, ++next)
            model.setSeen(next, seen(next));
        grid.viewport()->repaint();
    });
    const Frames scrolling = scrolled(grid);
    const double filtered = milliseconds([&] {
        filter.setText(QStringLiteral("service17"));
        grid.viewport()->repaint();
    });
    filter.setText({});
    const double sorted = milliseconds([&] {
        filter.sort(2, Qt::DescendingOrder);
        grid.viewport()->repaint();
    });
    std::printf("cells=%d plain_frame=%.3f plain_slowest=%.3f frame=%.3f slowest=%.3f fill_frame=%.3f "
                "fill_slowest=%.3f "
                "shown=%.3f filtered=%.3f sorted=%.3f\n",
                cells, yardstick.median, yardstick.slowest, scrolling.median, scrolling.slowest,
                filled.median, filled.slowest, shown, filtered, sorted);
    return 0;
}
