// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/matrix_text.h"
#include "core/probe/plan_objects.h"

#include "core/base/shared_texts.h"
#include "core/http/url.h"
#include "core/http/url_template.h"

#include <QRegularExpression>
#include <QSet>
#include <QUrl>

namespace kb {

namespace {

bool isWanted(const PlanOptions& options, const ApiOperation& operation) {
    if (operation.method == QLatin1String("OPTIONS") || operation.method == QLatin1String("TRACE"))
        return false;
    if (options.only.isEmpty()) return true;
    for (const QString& glob : options.only)
        if (fitsGlob(glob, operationName(operation)) || fitsGlob(glob, operation.path)) return true;
    return false;
}

bool isSafe(const ApiOperation& operation) {
    return operation.method == QLatin1String("GET") || operation.method == QLatin1String("HEAD");
}

class Planner {
public:
    Planner(MatrixPlan& plan, const MatrixSettings& settings, const PlanOptions& options)
        : m_plan(plan), m_settings(settings), m_options(options) {}

    void add(int index) {
        m_specs.clear();
        const ApiOperation& operation = m_plan.api.operations.at(index);
        const QList<ApiParameter> places = m_objects.placesOf(operation);
        for (int profile = 0; profile < m_plan.profiles.size(); ++profile)
            for (const ObjectTarget& target : m_objects.targetsOf(operation, places, profile))
                addCell(index, profile, target);
    }

private:
    /// The variable of the value that will be asked for.
    QString questionFor(const ApiParameter& place, int who, const OwnSource& source, const QString& paths) {
        const MatrixProfile& profile = m_plan.profiles.at(who);
        const QString parameter = ownKey(place);
        for (const OwnQuestion& each : std::as_const(m_plan.questions))
            if (each.profile == who && each.parameter == parameter && each.paths == paths)
                return each.variable;
        OwnQuestion made;
        made.parameter = parameter;
        made.paths = paths;
        made.inPath = place.in == QLatin1String("path");
        made.profile = who;
        made.source = source;
        QString readable = parameter + u'.' + profile.name;
        static const QRegularExpression other(QStringLiteral("[^A-Za-z0-9_.\\-]+"));
        made.variable = QStringLiteral("own.") + readable.replace(other, QStringLiteral("_"));
        while (std::any_of(m_plan.questions.cbegin(), m_plan.questions.cend(),
                           [&](const OwnQuestion& each) { return each.variable == made.variable; }))
            made.variable += u'_';
        const ApiOperation* operation = named(source.operation);
        if (!profile.problem.isEmpty())
            made.problem = profile.problem;
        else if (profile.kind != MatrixProfile::Kind::Live)
            made.problem =
                MatrixText::tr("%1 cannot ask for its own: it is no live identity.").arg(profile.name);
        else if (!operation)
            made.problem = MatrixText::tr("The document does not have %1.").arg(source.operation);
        else if (!isSafe(*operation) || hasSlot(*operation))
            made.problem = MatrixText::tr("%1 is not asked: only a GET or HEAD without an id in its path is.")
                               .arg(source.operation);
        else {
            bool absent = false;
            CellPlan asked; // held back for the same reasons
            asked.spec =
                std::make_shared<const RequestSpec>(specOf(*operation, {}, ProbeStrategy::Live, &absent));
            hold(asked, *operation);
            made.problem = asked.notSent;
            if (made.problem.isEmpty()) made.spec = asked.spec;
        }
        m_plan.questions.append(made);
        return made.variable;
    }

    void addCell(int index, int profile, const ObjectTarget& target) {
        const ApiOperation& operation = m_plan.api.operations.at(index);
        const MatrixProfile& who = m_plan.profiles.at(profile);
        CellPlan cell;
        const std::optional<HttpUrl> elsewhere = elsewhereOf(operation);
        const QString server = elsewhere ? elsewhere->origin().text() : QStringLiteral("main");
        cell.id = cellId(operation.method, operation.path, server, who.id, target.binding);
        cell.operation = index;
        cell.profile = profile;
        cell.binding = target.binding;
        cell.expectation = expectationFor(m_plan.api, operation, who, target.binding, m_settings);
        // An ill-formed id tells something of who may have their own object alone.
        if (target.binding == Binding::Malformed && cell.expectation.provenance != Provenance::Manual &&
            cell.expectation.expect != Expect::Conceal)
            return;
        if (!target.own.isEmpty()) m_plan.owns.insert(cell.id, target.own);
        const ProbeStrategy strategy = strategyOf(operation, cell);
        if (cell.expectation.expect == Expect::NotApplicable)
            cell.notSent = MatrixText::tr("Marked as not applicable.");
        if (who.kind == MatrixProfile::Kind::Derived && cell.notSent.isEmpty() && m_plan.isCautious())
            cell.notSent = MatrixText::tr(
                "Forged credentials are sent to local, test and staging environments only. Give the "
                "environment a class.");
        fill(cell, operation, target, strategy);
        if (!target.probeable) cell.notSent = notProbeable();
        if (cell.notSent.isEmpty()) cell.notSent = who.problem;
        cell.expectation.why = m_texts.shared(cell.expectation.why);
        cell.notSent = m_texts.shared(cell.notSent);
        m_plan.cells.append(cell);
    }

    /// The address of the server that an operation has for itself, where that is not the base's: one that may
    /// be gone to before the others.
    std::optional<HttpUrl> elsewhereOf(const ApiOperation& operation) const {
        std::optional<HttpUrl> first;
        const Result<HttpUrl> base = HttpUrl::parse(m_plan.baseUrl);
        for (const ApiServer& server : operation.servers) {
            const Result<HttpUrl> own = HttpUrl::parse(server.url);
            if (!own || !base) continue; // a relative one
            if (own->origin() == base->origin()) return std::nullopt;
            if (!first || (!isAllowed(*first) && isAllowed(*own))) first = *own;
        }
        return first;
    }

    /// A document is not trusted: where a request may go beside the base, the user says.
    bool isAllowed(const HttpUrl& server) const {
        return std::any_of(m_settings.servers.begin(), m_settings.servers.end(), [&](const QString& each) {
            const Result<HttpUrl> said = HttpUrl::parse(each);
            return said && said->origin() == server.origin();
        });
    }

    /// What an operation's path is put behind: the base, the path of a server of its own beside it, or one
    /// elsewhere that the user has allowed.
    QString baseOf(const ApiOperation& operation) const {
        const auto bare = [this](const HttpUrl& server) {
            QString path = QString::fromUtf8(server.path());
            while (path.endsWith(u'/'))
                path.chop(1);
            // A variable in it would be one of the user's.
            return path.contains(QLatin1String("{{")) ? m_plan.baseUrl : server.origin().text() + path;
        };
        if (const std::optional<HttpUrl> elsewhere = elsewhereOf(operation))
            return isAllowed(*elsewhere) ? bare(*elsewhere) : m_plan.baseUrl;
        const Result<HttpUrl> base = HttpUrl::parse(m_plan.baseUrl);
        for (const ApiServer& server : operation.servers) {
            if (!base) break;
            const Result<HttpUrl> own =
                server.url.startsWith(u'/') && !server.url.startsWith(QLatin1String("//"))
                    ? base->resolve(server.url.toUtf8())
                    : HttpUrl::parse(server.url);
            if (own && own->origin() == base->origin()) return bare(*own);
        }
        return m_plan.baseUrl;
    }

    ProbeStrategy strategyOf(const ApiOperation& operation, CellPlan& cell) {
        if (isSafe(operation)) return ProbeStrategy::Live;
        const ProbeStrategy saved =
            m_settings.strategies.value(operationName(operation), ProbeStrategy::NotSent);
        if (saved == ProbeStrategy::NotSent)
            cell.notSent = MatrixText::tr("%1 can change something, and no strategy is saved for it.")
                               .arg(operation.method);
        else if (!m_options.allowUnsafe)
            cell.notSent =
                MatrixText::tr("%1 can change something, and unsafe methods are off.").arg(operation.method);
        else if (m_plan.kind == EnvironmentKind::Production)
            cell.notSent =
                MatrixText::tr("%1 can change something, and this is production.").arg(operation.method);
        else if (m_plan.kind == EnvironmentKind::Unset)
            cell.notSent =
                MatrixText::tr("%1 can change something, and it is not known that this is no production. "
                               "Give the environment a class.")
                    .arg(operation.method);
        else if (changesState(saved) && m_plan.kind == EnvironmentKind::Staging)
            cell.notSent = MatrixText::tr("Only a local or test environment may be changed for real.");
        else if (saved == ProbeStrategy::Live && !m_options.live)
            cell.notSent = MatrixText::tr("It would really be done, and that was not confirmed.");
        if (saved == ProbeStrategy::Fixture || saved == ProbeStrategy::Precondition)
            addFixture(cell, operation, saved == ProbeStrategy::Precondition);
        return saved;
    }

    static bool changesState(ProbeStrategy strategy) {
        return strategy == ProbeStrategy::Live || strategy == ProbeStrategy::Fixture ||
               strategy == ProbeStrategy::Precondition;
    }

    const ApiOperation* named(const QString& name) const {
        for (const ApiOperation& each : m_plan.api.operations)
            if (operationName(each) == name) return &each;
        return nullptr;
    }

    static bool hasSlot(const ApiOperation& operation) {
        return std::any_of(operation.parameters.begin(), operation.parameters.end(),
                           [](const ApiParameter& each) { return each.in == QLatin1String("path"); });
    }

    /// The requests around the probe; or why there can be none.
    void addFixture(CellPlan& cell, const ApiOperation& operation, bool precondition) {
        const MatrixFixture saved = m_settings.fixtures.value(operationName(operation));
        const ApiOperation* setup = named(saved.setup);
        const ApiOperation* teardown = named(saved.teardown);
        const ApiOperation* verify = named(saved.verify);
        const bool owned = std::any_of(m_plan.profiles.begin(), m_plan.profiles.end(), [&](const auto& each) {
            return each.id == saved.owner && each.kind == MatrixProfile::Kind::Live && each.problem.isEmpty();
        });
        QString missing;
        if (saved.setup.isEmpty() || saved.teardown.isEmpty())
            missing =
                MatrixText::tr("Its strategy needs a fixture: what makes the object, and what removes it.");
        else if (!setup || !teardown || (!verify && !saved.verify.isEmpty()))
            missing = MatrixText::tr("The document does not have %1, which its fixture names.")
                          .arg(!setup      ? saved.setup
                               : !teardown ? saved.teardown
                                           : saved.verify);
        else if (!owned)
            missing = MatrixText::tr("The owner of its fixture is not among the identities.");
        else if (elsewhereOf(*setup) || elsewhereOf(*teardown) || (verify && elsewhereOf(*verify)))
            missing = MatrixText::tr("What makes or removes its object has a server of its own.");
        else if (!hasSlot(operation) || !hasSlot(*teardown))
            missing = MatrixText::tr("Its path has no place for the id of an object.");
        if (!missing.isEmpty()) {
            if (cell.notSent.isEmpty()) cell.notSent = missing;
            return;
        }
        auto plan = std::make_shared<FixturePlan>();
        bool absent = false;
        plan->setup = specOf(*setup, {}, ProbeStrategy::Live, &absent);
        if (!saved.body.isEmpty()) plan->setup.body.text = saved.body;
        plan->teardown = specOf(*teardown, {}, ProbeStrategy::Live, &absent);
        if (verify) plan->verify = specOf(*verify, {}, ProbeStrategy::Live, &absent);
        plan->verifiesList = verify && !hasSlot(*verify);
        plan->owner = saved.owner;
        plan->pointer = saved.pointer.isEmpty() ? QStringLiteral("/id") : saved.pointer;
        plan->precondition = precondition;
        if (m_fixture && *m_fixture == *plan)
            cell.fixture = m_fixture;
        else
            cell.fixture = m_fixture = plan;
    }

    RequestSpec specOf(const ApiOperation& operation, const ObjectValues& values, ProbeStrategy strategy,
                       bool* absent) const {
        RequestSpec spec;
        spec.name = operationName(operation);
        spec.method = operation.method;
        spec.settings.followRedirects = false;
        const QString leaf = lastPathParameter(operation.path);
        QStringList query, cookies;
        for (const ApiParameter& parameter : operation.parameters) {
            const QString own = values.value(ownKey(parameter));
            QString value = own.isEmpty() ? parameter.example : own;
            const bool sent = parameter.required || !own.isEmpty();
            if (parameter.in == QLatin1String("path")) {
                // The last one names the object: a parent that does not exist may be passed over.
                if (strategy == ProbeStrategy::AbsentObject && parameter.name == leaf) {
                    value = m_objects.absentValue(parameter);
                    *absent = true;
                }
                spec.params.append({ParamRow::In::Path, parameter.name, value, {}, true});
            } else if (sent && parameter.in == QLatin1String("query")) {
                // An example is serialised already; a value may hold variables.
                query.append(QString::fromLatin1(QUrl::toPercentEncoding(parameter.name, "[]")) + u'=' +
                             (own.isEmpty() ? QString::fromLatin1(QUrl::toPercentEncoding(value, ","))
                                            : formEncoded(value)));
            } else if (sent && parameter.in == QLatin1String("querystring")) {
                query.append(QString::fromLatin1(QUrl::toPercentEncoding(value)));
            } else if (sent && parameter.in == QLatin1String("header")) {
                spec.headers.append({parameter.name, value, {}, true});
            } else if (sent && parameter.in == QLatin1String("cookie")) {
                cookies.append(parameter.name + u'=' + (own.isEmpty() ? value : formEncoded(value)));
            }
        }
        if (!cookies.isEmpty())
            spec.headers.append({QStringLiteral("Cookie"), cookies.join(QStringLiteral("; ")), {}, true});
        spec.url =
            baseOf(operation) + operation.path + (query.isEmpty() ? QString() : u'?' + query.join(u'&'));
        if (operation.bodyType.startsWith(QLatin1String("multipart/form-data"))) {
            spec.body.kind = BodySpec::Kind::Multipart;
            for (const BodyPart& part : operation.bodyParts)
                if (!part.isFile) spec.body.parts.append(part); // there is no file to send
        } else if (!operation.bodyType.isEmpty()) {
            spec.body.kind = BodySpec::Kind::Text;
            spec.body.contentType = operation.bodyType;
            spec.body.text = operation.bodyExample;
            for (auto own = values.cbegin(); own != values.cend(); ++own)
                if (own.key().startsWith(u'/'))
                    spec.body.text = withBodyValue(spec.body.text, own.key(), *own);
                else if (own.key().startsWith(QLatin1String("form:")))
                    spec.body.text = withFormValue(spec.body.text, own.key(), *own);
        }
        if (strategy == ProbeStrategy::InvalidBody) {
            spec.body.kind = BodySpec::Kind::Text;
            spec.body.contentType = QStringLiteral("application/x-keybearer-probe");
            spec.body.text = QStringLiteral("probe");
        }
        return spec;
    }

    void fill(CellPlan& cell, const ApiOperation& operation, const ObjectTarget& target,
              ProbeStrategy strategy) {
        bool absent = false;
        cell.spec = shared(specOf(operation, target.values, strategy, &absent));
        cell.object = target.object;
        cell.dry = strategy == ProbeStrategy::InvalidBody || strategy == ProbeStrategy::AbsentObject ||
                   strategy == ProbeStrategy::Precondition;
        cell.absent = strategy == ProbeStrategy::AbsentObject;
        if (strategy == ProbeStrategy::AbsentObject && !absent && cell.notSent.isEmpty())
            cell.notSent = MatrixText::tr("Its path names no object that could be an absent one.");
        if (strategy == ProbeStrategy::InvalidBody && operation.bodyType.isEmpty() && cell.notSent.isEmpty())
            cell.notSent =
                MatrixText::tr("It takes no body: one that is no good would keep it from nothing.");
        hold(cell, operation);
    }

    /// Thousands of cells send a few requests: the same one is kept once an operation.
    std::shared_ptr<const RequestSpec> shared(const RequestSpec& spec) {
        for (const auto& known : m_specs)
            if (*known == spec) return known;
        m_specs.push_back(std::make_shared<const RequestSpec>(spec));
        return m_specs.back();
    }

    /// What cannot be sent as the document has it.
    void hold(CellPlan& cell, const ApiOperation& operation) const {
        if (!cell.notSent.isEmpty()) return;
        QStringList missing;
        cell.address(&missing);
        if (!missing.isEmpty())
            cell.notSent = MatrixText::tr("The document does not describe %1 in its path.")
                               .arg(missing.join(QStringLiteral(", ")));
        const std::optional<HttpUrl> elsewhere = elsewhereOf(operation);
        if (!elsewhere) return;
        // The environment's class is the base's: what another server is, only its host can tell.
        const EnvironmentKind kind = suggestedKind(QString::fromUtf8(elsewhere->origin().host));
        const bool reads = isSafe(operation) && !m_plan.profileOf(cell).isDefective();
        const bool harmless = reads || kind == EnvironmentKind::Local || kind == EnvironmentKind::Test;
        if (!isAllowed(*elsewhere) || !harmless)
            cell.notSent = MatrixText::tr("It has a server of its own, %1.").arg(elsewhere->origin().text());
    }

    MatrixPlan& m_plan;
    const MatrixSettings& m_settings;
    const PlanOptions& m_options;
    std::vector<std::shared_ptr<const RequestSpec>> m_specs; ///< of the operation at hand
    std::shared_ptr<const FixturePlan> m_fixture;            ///< the last one
    SharedTexts m_texts;
    const PlanObjects m_objects{
        m_plan, m_settings,
        [this](const ApiParameter& place, int profile, const OwnSource& source, const QString& paths) {
            return questionFor(place, profile, source, paths);
        }};
};

void addCanaries(MatrixPlan& plan, const MatrixSettings& settings) {
    QSet<int> open; // to anybody: they prove nothing of a credential
    for (const CellPlan& cell : std::as_const(plan.cells))
        if (plan.profileOf(cell).kind == MatrixProfile::Kind::Anonymous &&
            cell.expectation.expect == Expect::Allow)
            open.insert(cell.operation);
    // Who may not go to another server is not proven to be good or bad there.
    const Result<HttpUrl> base = HttpUrl::parse(plan.baseUrl);
    const auto isHere = [&](const CellPlan& cell) {
        if (plan.operationOf(cell).servers.isEmpty()) return true;
        const Result<HttpUrl> own = HttpUrl::parse(cell.address());
        return own && base && own->origin() == base->origin();
    };
    const auto isGood = [&](const CellPlan& cell) {
        return plan.profileOf(cell).kind == MatrixProfile::Kind::Live && cell.notSent.isEmpty() &&
               !cell.fixture && cell.expectation.expect == Expect::Allow && !open.contains(cell.operation);
    };
    // What was chosen counts, whatever is expected of it.
    for (const CellPlan& cell : std::as_const(plan.cells)) {
        const MatrixProfile& who = plan.profileOf(cell);
        const bool reads = cell.dry || cell.spec->method == QLatin1String("GET") ||
                           cell.spec->method == QLatin1String("HEAD");
        if (who.kind == MatrixProfile::Kind::Live && cell.notSent.isEmpty() && reads && !cell.fixture &&
            (cell.binding == Binding::None || cell.binding == Binding::Self) &&
            settings.canaries.value(who.id) == operationName(plan.operationOf(cell)) &&
            !plan.canaryOf(cell.profile))
            plan.canaries.append(cell);
    }
    // Better one that reads; else one that is sent so that it changes nothing.
    for (const bool dry : {false, true})
        for (const CellPlan& cell : std::as_const(plan.cells)) {
            const bool serves =
                isGood(cell) && isHere(cell) && (dry ? cell.dry : cell.spec->method == QLatin1String("GET"));
            if (serves && !plan.canaryOf(cell.profile)) plan.canaries.append(cell);
        }
}

} // namespace

MatrixPlan makePlan(const ApiDescription& api, const QList<MatrixProfile>& profiles,
                    const MatrixSettings& settings, const PlanOptions& options) {
    MatrixPlan plan;
    plan.api = api;
    plan.profiles = profiles;
    plan.baseUrl = options.baseUrl;
    plan.narrowed = !options.only.isEmpty();
    while (plan.baseUrl.endsWith(u'/'))
        plan.baseUrl.chop(1);
    plan.kind = options.kind;
    if (const Result<HttpUrl> base = HttpUrl::parse(plan.baseUrl);
        base && plan.kind == EnvironmentKind::Unset)
        plan.kind = suggestedKind(QString::fromUtf8(base->origin().host));
    plan.limits = settings.limits;
    for (MatrixProfile& who : plan.profiles)
        who.tenant = tenantOf(who, settings);
    if (const Result<QString> header = runHeaderFor(plan, settings))
        plan.runHeader = *header;
    else
        plan.runProblem = header.error();
    Planner planner(plan, settings, options);
    for (int index = 0; index < plan.api.operations.size(); ++index)
        planner.add(index);
    addCanaries(plan, settings);
    plan.cells.removeIf([&](const CellPlan& cell) { return !isWanted(options, plan.operationOf(cell)); });
    dropNeedlessQuestions(plan);
    return plan;
}

} // namespace kb
