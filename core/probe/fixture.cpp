// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/fixture.h"
#include "core/probe/matrix_text.h"

#include "core/http/url_template.h"

namespace kb {

namespace {

bool isOk(const RunResult& result) {
    return !result.hops.isEmpty() && result.hops.last().response().status / 100 == 2;
}

QString troubleOf(const RunResult& result) {
    if (!result.hops.isEmpty()) return QString::number(result.hops.last().response().status);
    return result.error ? result.error->what : QString();
}

/// The id at a pointer (RFC 6901), as text.
QString idAt(const QByteArray& body, const QString& pointer) {
    const Result<JsonValue> json = parseJson(body);
    if (!json) return {};
    const JsonValue* at = &*json;
    for (QString name : pointer.split(u'/', Qt::SkipEmptyParts)) {
        name.replace(QStringLiteral("~1"), QStringLiteral("/"))
            .replace(QStringLiteral("~0"), QStringLiteral("~"));
        bool isNumber = false;
        const uint index = name.toUInt(&isNumber);
        const bool isThere = isNumber && index < uint(at->items.size());
        at = at->isArray() ? (isThere ? &at->items.at(index) : nullptr) : at->find(name);
        if (!at) return {};
    }
    return at->isString() ? at->string : QString::fromUtf8(at->numberText);
}

/// The last parameter of a path names the object; those before it, what it belongs to. A document may list
/// them in any order.
RequestSpec withObject(RequestSpec spec, const QString& object) {
    const QString last = lastPathParameter(spec.url);
    for (ParamRow& row : spec.params)
        if (row.in == ParamRow::In::Path && row.name == last) row.value = object;
    return spec;
}

} // namespace

RequestSpec FixtureChain::spec() const {
    switch (m_step) {
    case Step::Setup:
        return m_plan.setup;
    case Step::Before:
    case Step::After:
        return m_plan.verifiesList ? m_plan.verify : withObject(m_plan.verify, m_object);
    case Step::Teardown:
        return withObject(m_plan.teardown, m_object);
    case Step::Act:
    case Step::Done:
        break;
    }
    RequestSpec act = withObject(m_act, m_object);
    if (m_plan.precondition)
        act.headers.append(
            {QStringLiteral("If-Match"), QStringLiteral("\"keybearer-fits-nothing\""), {}, true});
    return act;
}

QString FixtureChain::who() const {
    return isProbe() ? m_actor : m_plan.owner;
}

void FixtureChain::answered(const RunResult& result, bool stopping,
                            const std::shared_ptr<const OutcomeRule>& meant) {
    switch (m_step) {
    case Step::Setup: {
        m_object = isOk(result) ? idAt(result.hops.last().rawBody(), m_plan.pointer) : QString();
        if (m_object.isEmpty()) {
            m_seen.problem =
                isOk(result)
                    ? MatrixText::tr("The answer of the fixture's setup has no id at %1.").arg(m_plan.pointer)
                    : MatrixText::tr("The fixture could not be set up: %1.").arg(troubleOf(result));
            if (isOk(result))
                m_leftBehind = MatrixText::tr("An object that %1 made was not removed: its id is not known.")
                                   .arg(m_plan.setup.name);
            else if (result.hops.isEmpty() && !result.nothingSent)
                m_leftBehind = MatrixText::tr("%1 got no answer: an object that it made may be left behind.")
                                   .arg(m_plan.setup.name);
            m_step = Step::Done;
            return;
        }
        break;
    }
    case Step::Before:
    case Step::After: {
        Observation seen;
        if (!result.hops.isEmpty()) seen = observe(result.hops.last(), m_object);
        const bool there = seen.status / 100 == 2 && (!m_plan.verifiesList || seen.holdsObject);
        if (m_step == Step::Before) {
            m_wasThere = there;
            m_digest = seen.bodyDigest;
        } else if (m_wasThere && seen.status != 0) {
            // Of a list only whether it holds the object: others come and go meanwhile.
            m_seen.changedState =
                there != m_wasThere || (!m_plan.verifiesList && seen.bodyDigest != m_digest);
        }
        break;
    }
    case Step::Act:
        if (!result.hops.isEmpty()) {
            m_seen = observe(result.hops.last(), m_object);
            m_seen.meant = meant;
        } else {
            m_seen.sent = !result.nothingSent;
            m_seen.problem = result.error ? result.error->text() : QString();
        }
        break;
    case Step::Teardown: {
        const int status = result.hops.isEmpty() ? 0 : result.hops.last().response().status;
        if (status / 100 != 2 && status != 404 && status != 410)
            m_leftBehind = MatrixText::tr("The object %1 of %2 could not be removed: %3.")
                               .arg(m_object, m_plan.setup.name, troubleOf(result));
        break;
    }
    case Step::Done:
        return;
    }
    goOn(stopping);
}

void FixtureChain::goOn(bool stopping) {
    if (m_step == Step::Teardown) {
        m_step = Step::Done;
        return;
    }
    if (stopping) {
        if (!m_seen.sent && m_seen.problem.isEmpty()) m_seen.problem = MatrixText::tr("The run was stopped.");
        m_step = Step::Teardown;
        return;
    }
    m_step = static_cast<Step>(int(m_step) + 1);
    if ((m_step == Step::Before || m_step == Step::After) && m_plan.verify.url.isEmpty())
        m_step = static_cast<Step>(int(m_step) + 1);
}

} // namespace kb
