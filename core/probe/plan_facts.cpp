// SPDX-License-Identifier: GPL-3.0-or-later
// What a plan tells of itself: how many requests, to whom, and how long they take.
#include "core/probe/matrix_text.h"
#include "core/probe/plan.h"

#include "core/http/url.h"
#include "core/http/url_template.h"
#include "core/run/token_end.h"

#include <QMap>

namespace kb {

const CellPlan* MatrixPlan::canaryOf(int profile) const {
    const auto found = std::find_if(canaries.begin(), canaries.end(),
                                    [&](const CellPlan& each) { return each.profile == profile; });
    return found == canaries.end() ? nullptr : &*found;
}

IssuerWord MatrixPlan::issuerWordOf(int profile) const {
    const MatrixProfile& who = profiles.at(profile);
    const bool asked = who.kind == MatrixProfile::Kind::Live && who.problem.isEmpty() && !canaryOf(profile);
    return asked ? who.issuerWord : IssuerWord::None;
}

QStringList MatrixPlan::canarySentences(int every) const {
    QStringList all;
    for (int i = 0; i < profiles.size(); ++i) {
        const QString& who = profiles.at(i).name;
        if (const CellPlan* canary = canaryOf(i))
            all << MatrixText::tr("Whether %1's credential is good is seen with %2: first, after every %3 "
                                  "requests, and last.")
                       .arg(who, canary->spec->name, QString::number(every));
        else if (const IssuerWord word = issuerWordOf(i); word != IssuerWord::None)
            all << MatrixText::tr(
                       "Whether %1's token is good is asked of its issuer (%2): first, after every "
                       "%3 requests, and last.")
                       .arg(who, issuerWordName(word), QString::number(every));
    }
    return all;
}

QList<Marker> MatrixPlan::markers(const MatrixSettings& settings) const {
    QList<Marker> all;
    for (int i = 0; i < profiles.size(); ++i)
        for (const QString& text : settings.markers.value(profiles.at(i).id))
            if (!text.isEmpty()) all.append({i, text.toUtf8()});
    return all;
}

QString CellPlan::address(QStringList* missing) const {
    QList<std::pair<QString, QString>> values;
    for (const ParamRow& row : spec->params)
        values.append({row.name, row.value});
    return fillPathParameters(spec->url, values, missing);
}

/// As often as MatrixRun sends it: first, after every so many of its profile's cells, and last.
int MatrixPlan::canaryCount(int profile, int every) const {
    if (!canaryOf(profile) && issuerWordOf(profile) == IssuerWord::None) return 0;
    const auto own = std::count_if(cells.begin(), cells.end(), [&](const CellPlan& cell) {
        return cell.profile == profile && cell.notSent.isEmpty();
    });
    return own == 0 ? 1 : 2 + int(own - 1) / every;
}

QList<std::pair<QString, int>> MatrixPlan::countsByMethodAndHost(int canaryEvery) const {
    const Result<HttpUrl> base = HttpUrl::parse(baseUrl);
    const QString host = base ? base->origin().text() : QString();
    QMap<QString, int> counts;
    const auto count = [&](const QString& method, int times) { counts[method + u' ' + host] += times; };
    for (const CellPlan& cell : cells) {
        if (!cell.notSent.isEmpty()) continue;
        count(cell.spec->method, 1);
        if (!cell.fixture) continue;
        count(cell.fixture->setup.method, 1);
        count(cell.fixture->teardown.method, 1);
        if (!cell.fixture->verify.url.isEmpty()) count(cell.fixture->verify.method, 2);
    }
    for (const CellPlan& canary : canaries)
        count(canary.spec->method, canaryCount(canary.profile, canaryEvery));
    for (const OwnQuestion& question : questions)
        if (question.spec) count(question.spec->method, 1);
    QList<std::pair<QString, int>> all;
    for (auto each = counts.cbegin(); each != counts.cend(); ++each)
        all.append({each.key(), each.value()});
    return all;
}

double MatrixPlan::estimatedSeconds(int parallel, double perSecond) const {
    return estimatedRunSeconds(requestCount(), parallel, perSecond);
}

int MatrixPlan::requestCount() const {
    int requests = 0;
    for (const auto& [what, count] : countsByMethodAndHost(usualCanaryEvery))
        requests += count;
    for (int i = 0; i < profiles.size(); ++i) // of these the issuer is asked
        if (!canaryOf(i)) requests += canaryCount(i, usualCanaryEvery);
    return requests;
}

QStringList MatrixPlan::limitSentences(int parallel, double perSecond) const {
    QStringList all;
    if (limits.requests > 0 && requestCount() > limits.requests)
        all << MatrixText::tr("These are %1 requests, and a run may send %2: the rest is not sent.")
                   .arg(requestCount())
                   .arg(limits.requests);
    const double seconds = estimatedSeconds(parallel, perSecond);
    if (limits.seconds > 0 && seconds > limits.seconds)
        all << MatrixText::tr("This takes about %1 s, and a run may take %2 s: the rest is not sent.")
                   .arg(qRound(seconds))
                   .arg(limits.seconds);
    return all;
}

QStringList MatrixPlan::outlivedTokens(double nowSeconds, int parallel, double perSecond) const {
    QList<TokenEnd> ends;
    for (const MatrixProfile& who : profiles)
        if (who.kind == MatrixProfile::Kind::Live) ends += who.ends;
    return kb::outlivedTokens(ends, nowSeconds, estimatedSeconds(parallel, perSecond));
}

QStringList MatrixPlan::liveCells(const MatrixSettings& settings) const {
    QStringList ids;
    for (const CellPlan& cell : cells)
        if (cell.notSent.isEmpty() && settings.strategies.value(cell.spec->name) == ProbeStrategy::Live)
            ids.append(cell.id);
    return ids;
}

int MatrixPlan::sendCount() const {
    return int(std::count_if(cells.begin(), cells.end(),
                             [](const CellPlan& cell) { return cell.notSent.isEmpty(); }));
}

} // namespace kb
