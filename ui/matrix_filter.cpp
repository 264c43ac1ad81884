// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/matrix_filter.h"

#include "core/http/headers.h"

namespace kb {

MatrixFilter::MatrixFilter(QObject* parent) : QSortFilterProxyModel(parent) {
    setDynamicSortFilter(false);
}

void MatrixFilter::setText(const QString& text) {
    m_text = text.trimmed();
    m_methods.clear();
    m_tags.clear();
    m_words.clear();
    static const QStringList methods{QStringLiteral("GET"),     QStringLiteral("HEAD"),
                                     QStringLiteral("POST"),    QStringLiteral("PUT"),
                                     QStringLiteral("PATCH"),   QStringLiteral("DELETE"),
                                     QStringLiteral("OPTIONS"), QStringLiteral("TRACE")};
    for (const QString& word : text.split(u' ', Qt::SkipEmptyParts))
        if (methods.contains(word, Qt::CaseInsensitive))
            m_methods.append(word);
        else if (word.startsWith(QLatin1String("tag:"), Qt::CaseInsensitive))
            m_tags.append(word.mid(4));
        else
            m_words.append(word);
    invalidateFilter();
}

void MatrixFilter::setKind(Kind kind) {
    m_kind = kind;
    invalidateFilter();
}

namespace {

bool isOfKind(MatrixFilter::Kind kind, const CellResult& result) {
    using Kind = MatrixFilter::Kind;
    const Verdict verdict = result.judged.verdict;
    switch (kind) {
    case Kind::All:
        return true;
    case Kind::Findings:
        return !result.waived && (verdict == Verdict::Bypass || verdict == Verdict::OverRestricted ||
                                  verdict == Verdict::Suspect || verdict == Verdict::Error);
    case Kind::Bypass:
        return verdict == Verdict::Bypass;
    case Kind::OverRestricted:
        return verdict == Verdict::OverRestricted;
    case Kind::Suspect:
        return verdict == Verdict::Suspect;
    case Kind::Error:
        return verdict == Verdict::Error;
    case Kind::Undecided:
        return verdict == Verdict::Undecided;
    case Kind::NotProven:
        return verdict == Verdict::NotProven;
    case Kind::Pass:
        return verdict == Verdict::Pass;
    case Kind::Waived:
        return result.waived;
    case Kind::Changed:
        return !result.drift.isEmpty();
    case Kind::ChangedSinceLast: // told by the model
    case Kind::Unsafe:           // of the row
        return true;
    }
    return false;
}

/// The worst first; what was not sent last.
int rank(const MatrixModel& model, int cell) {
    if (cell < 0) return 9;
    const CellResult& result = model.record().results.at(cell);
    if (!model.record().plan.cells.at(cell).notSent.isEmpty() || result.seen.status == 0) return 8;
    switch (result.judged.verdict) {
    case Verdict::Bypass:
        return 0;
    case Verdict::OverRestricted:
        return 1;
    case Verdict::Suspect:
        return 2;
    case Verdict::Error:
        return 3;
    case Verdict::NotProven:
        return 4;
    case Verdict::Undecided:
        return 5;
    case Verdict::Pass:
        return result.seen.status < 300 ? 6 : 7;
    }
    return 9;
}

} // namespace

bool MatrixFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    if (left.column() < MatrixModel::firstProfileColumn)
        return left.data().toString().localeAwareCompare(right.data().toString()) < 0;
    const auto& model = source();
    const int a = rank(model, model.cellAt(left)), b = rank(model, model.cellAt(right));
    return a != b ? a < b : left.data().toString() < right.data().toString();
}

bool MatrixFilter::fitsText(int row) const {
    const QAbstractItemModel& model = *sourceModel();
    const QString method = model.headerData(row, Qt::Vertical, MatrixModel::MethodRole).toString();
    const QString shown = model.headerData(row, Qt::Vertical).toString();
    const QStringList tags = model.headerData(row, Qt::Vertical, MatrixModel::TagsRole).toStringList();
    if (m_methods.isEmpty() && tags.contains(m_text, Qt::CaseInsensitive)) return true;
    return (m_methods.isEmpty() || m_methods.contains(method, Qt::CaseInsensitive)) &&
           std::all_of(m_words.begin(), m_words.end(),
                       [&](const QString& word) { return shown.contains(word, Qt::CaseInsensitive); }) &&
           std::all_of(m_tags.begin(), m_tags.end(), [&](const QString& part) {
               return std::any_of(tags.begin(), tags.end(), [&](const QString& tag) {
                   return tag.contains(part, Qt::CaseInsensitive);
               });
           });
}

const MatrixModel& MatrixFilter::source() const {
    return *static_cast<const MatrixModel*>(sourceModel());
}

/// A heading stands before rows in the document's order; sorted, they have none.
bool MatrixFilter::isFolded(int row) const {
    const MatrixModel::Place place = source().placeOf(row);
    if (!m_text.isEmpty() || m_kind != Kind::All) return false; // what is looked for is shown
    if (sortColumn() < 0 && m_closed.contains(place.group)) return true;
    // Of whose objects are asked for the first is shown, and never is a finding out of sight.
    return !place.first && !m_allBindings && !m_open.contains(place.operation) && !source().hasFinding(row);
}

bool MatrixFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    if (source().placeOf(row).head) {
        if (sortColumn() >= 0) return false;
        for (int i = row + 1; i < source().rowCount() && !source().placeOf(i).head; ++i)
            if (isLookedFor(i, parent)) return true;
        return false;
    }
    return isLookedFor(row, parent) && !isFolded(row);
}

bool MatrixFilter::isOpen(int row) const {
    const MatrixModel::Place place = source().placeOf(row);
    return place.head ? !m_closed.contains(place.group) : m_allBindings || m_open.contains(place.operation);
}

void MatrixFilter::toggle(int row) {
    const MatrixModel::Place place = source().placeOf(row);
    if (place.head) {
        if (!m_closed.remove(place.group)) m_closed.insert(place.group);
    } else if (!m_open.remove(place.operation)) {
        m_open.insert(place.operation);
    }
    invalidateFilter();
}

void MatrixFilter::reveal(int row) {
    const MatrixModel::Place place = source().placeOf(row);
    m_closed.remove(place.group);
    if (!place.first) m_open.insert(place.operation);
    invalidateFilter();
}

void MatrixFilter::showAllBindings(bool all) {
    m_allBindings = all;
    m_open.clear();
    invalidateFilter();
}

void MatrixFilter::forgetFolds() {
    m_closed.clear();
    m_open.clear();
}

void MatrixFilter::sort(int column, Qt::SortOrder order) {
    const bool heads = (sortColumn() < 0) != (column < 0);
    QSortFilterProxyModel::sort(column, order);
    if (heads) invalidateFilter();
}

bool MatrixFilter::isLookedFor(int row, const QModelIndex& parent) const {
    const auto& model = source();
    if (!fitsText(row)) return false;
    if (m_kind == Kind::All) return true;
    if (m_kind == Kind::Unsafe)
        return !isSafeMethod(
            model.headerData(row, Qt::Vertical, MatrixModel::MethodRole).toString().toUtf8());
    for (int column = MatrixModel::firstProfileColumn; column < model.columnCount(); ++column) {
        const int cell = model.cellAt(model.index(row, column, parent));
        if (cell < 0 || !model.record().plan.cells.at(cell).notSent.isEmpty()) continue;
        if (m_kind == Kind::ChangedSinceLast ? !model.before(cell).isEmpty()
                                             : isOfKind(m_kind, model.record().results.at(cell)))
            return true;
    }
    return false;
}

} // namespace kb
