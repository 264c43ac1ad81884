// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/probe/plan_objects.h"

#include "core/base/json_pointer.h"
#include "core/http/url_template.h"

#include <QRegularExpression>
#include <QUrl>
#include <algorithm>

namespace kb {

namespace {

bool isNumeric(const ApiParameter& place) {
    return place.type == QLatin1String("integer") || place.type == QLatin1String("number");
}

/// What no object can have as its id; empty where the form of ids is not known. A text may be anything.
QString malformedValue(const ApiParameter& place, const QString& own) {
    static const QRegularExpression number(QStringLiteral("^\\d+$"));
    static const QRegularExpression uuid(QStringLiteral("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
                                         QRegularExpression::CaseInsensitiveOption);
    if (isNumeric(place) || number.match(own).hasMatch()) return QStringLiteral("not-a-number");
    return uuid.match(own).hasMatch() ? QStringLiteral("not-a-uuid") : QString();
}

/// "owner" of "form:owner"; else empty.
QString formField(const QString& key) {
    return key.startsWith(QLatin1String("form:")) ? key.mid(5) : QString();
}

/// Of a form's text, where the value of a field begins and ends; (-1, -1) where it has none.
std::pair<qsizetype, qsizetype> formValueAt(const QString& text, const QString& field) {
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype end = text.indexOf(u'&', at) < 0 ? text.size() : text.indexOf(u'&', at);
        const qsizetype equals = text.indexOf(u'=', at);
        if (equals >= 0 && equals < end) {
            const QByteArray name = text.mid(at, equals - at).replace(u'+', u' ').toUtf8();
            if (QUrl::fromPercentEncoding(name) == field) return {equals + 1, end};
        }
        at = end + 1;
    }
    return {-1, -1};
}

bool hasFormField(const ApiOperation& operation, const QString& field) {
    return operation.bodyType.startsWith(QLatin1String("application/x-www-form-urlencoded")) &&
           formValueAt(operation.bodyExample, field).first >= 0;
}

} // namespace

QString withFormValue(QString text, const QString& key, const QString& value) {
    const auto [first, end] = formValueAt(text, formField(key));
    return first < 0 ? text : text.replace(first, end - first, formEncoded(value));
}

QString ownKey(const ApiParameter& parameter) {
    const bool bare = parameter.in == QLatin1String("path") || parameter.in == QLatin1String("body");
    return bare ? parameter.name : QString(parameter.in + u':' + parameter.name);
}

QString withBodyValue(const QString& json, const QString& pointer, const QString& value) {
    Result<JsonValue> document = parseJson(json.toUtf8());
    if (!document) return json;
    // The document is ours; jsonAt() only looks.
    auto* at = const_cast<JsonValue*>(jsonAt(*document, pointer).value);
    if (!at) return json;
    static const QRegularExpression number(QStringLiteral("^(-?\\d+|\\{\\{own\\..*\\}\\})$"));
    const bool stays = at->isNumber() && number.match(value).hasMatch();
    *at = JsonValue();
    at->type = stays ? JsonValue::Type::Number : JsonValue::Type::String;
    if (stays)
        at->numberText = value.toUtf8();
    else
        at->string = value;
    return QString::fromUtf8(writeJson(*document));
}

QString PlanObjects::absentValue(const ApiParameter& place) const {
    return isNumeric(place) ? QStringLiteral("999999937") : m_absent;
}

/// In a path of several places those before the last are what the object belongs to.
QList<ApiParameter> PlanObjects::placesOf(const ApiOperation& operation) const {
    QList<ApiParameter> others, path;
    const ApiParameter* first = nullptr;
    for (const ApiParameter& parameter : operation.parameters) {
        const bool inPath = parameter.in == QLatin1String("path");
        if (inPath && !first) first = &parameter;
        if (isOwned(ownKey(parameter), operation.path)) (inPath ? path : others).append(parameter);
    }
    // As they stand in the path: a document may list them in any order.
    std::sort(path.begin(), path.end(), [&](const ApiParameter& a, const ApiParameter& b) {
        const auto at = [&](const ApiParameter& each) {
            return operation.path.indexOf(QString(u'{' + each.name + u'}'));
        };
        return at(a) < at(b);
    });
    QStringList keys = m_settings.own.keys();
    for (const OwnValue& each : m_settings.ownByPath)
        keys.append(each.parameter);
    keys.removeDuplicates();
    const Result<JsonValue> body = parseJson(operation.bodyExample.toUtf8());
    for (const QString& key : std::as_const(keys)) {
        if (!isOwned(key, operation.path)) continue;
        if (const QString field = formField(key); !field.isEmpty() && hasFormField(operation, field)) {
            ApiParameter place;
            place.in = QStringLiteral("form");
            place.name = field;
            others.append(place);
        }
        if (!key.startsWith(u'/')) continue;
        const JsonValue* at = body ? jsonAt(*body, key).value : nullptr;
        if (!at || !(at->isString() || at->isNumber())) continue;
        ApiParameter place;
        place.in = QStringLiteral("body");
        place.name = key;
        place.type = at->isNumber() ? QStringLiteral("number") : QStringLiteral("string");
        others.append(place);
    }
    if (path.isEmpty() && others.isEmpty() && operation.ownObjectsOnly && first) path.append(*first);
    return others + path;
}

bool PlanObjects::isOwned(const QString& key, const QString& path) const {
    return m_settings.own.contains(key) ||
           std::any_of(m_settings.ownByPath.begin(), m_settings.ownByPath.end(), [&](const OwnValue& each) {
               return each.parameter == key && fitsGlob(each.path, path);
           });
}

/// What was typed in for the profile, or the claim of its token that was named ("claim:account"); else the
/// token's subject.
QString PlanObjects::valueOf(const ApiParameter& place, const QString& path, int profile) const {
    const MatrixProfile& who = m_plan.profiles.at(profile);
    const QString key = ownKey(place);
    QString typed = m_settings.own.value(key).value(who.id), paths;
    qsizetype said = -1; // the more of the path a row names, the more it means just that one
    for (const OwnValue& each : m_settings.ownByPath) {
        const qsizetype says = each.path.size() - each.path.count(u'*');
        if (each.parameter != key || each.profile != who.id || says <= said || !fitsGlob(each.path, path))
            continue;
        said = says;
        typed = each.value;
        paths = each.path;
    }
    if (typed.isEmpty()) return who.subject;
    if (const std::optional<OwnSource> source = ownSource(typed))
        return QStringLiteral("{{") + m_ask(place, profile, *source, paths) + QStringLiteral("}}");
    if (!typed.startsWith(QLatin1String("claim:"))) return typed;
    const QString name = typed.mid(6) + u'=';
    if (name == QLatin1String("sub=")) return who.subject;
    for (const QString& claim : who.claims)
        if (claim.startsWith(name)) return claim.mid(name.size());
    return {};
}

ObjectValues PlanObjects::valuesOf(const QList<ApiParameter>& places, const QString& path,
                                   int profile) const {
    ObjectValues values;
    for (const ApiParameter& place : places)
        if (const QString value = valueOf(place, path, profile); !value.isEmpty())
            values.insert(ownKey(place), value);
    return values;
}

/// The first other live profile that owns another object, and stands to this one as the binding says; -1
/// where there is none. `same`: one that does owns the very same.
int PlanObjects::ownerFor(const ApiParameter& place, const QString& path, int profile, const QString& own,
                          Binding binding, bool& same) const {
    const MatrixProfile& who = m_plan.profiles.at(profile);
    int higher = -1;
    for (int i = 0; i < m_plan.profiles.size(); ++i) {
        const MatrixProfile& other = m_plan.profiles.at(i);
        if (other.kind != MatrixProfile::Kind::Live || i == profile) continue;
        if (isForeign(who, other) != (binding == Binding::OtherTenant)) continue;
        const bool more = who.kind == MatrixProfile::Kind::Live && mayMore(who, other, m_settings);
        if (binding == Binding::Higher && !more) continue;
        const QString value = valueOf(place, path, i);
        if (value.isEmpty()) continue;
        if (value == own)
            same = true;
        else if (binding != Binding::Peer || !more)
            return i;
        else if (higher < 0)
            higher = i;
    }
    return higher; // better a peer who may more than none
}

/// An object that is made for the probe is its maker's, and another's to everybody else; its own id is not
/// known yet, and what it belongs to is the maker's. Without a maker there is no object at all: nobody's.
QList<ObjectTarget> PlanObjects::disposableTargets(const QList<ApiParameter>& places, const QString& path,
                                                   int profile, const QString& owner) const {
    ObjectTarget target;
    int maker = profile;
    if (!owner.isEmpty()) {
        target.binding = m_plan.profiles.at(profile).id == owner ? Binding::Self : Binding::Peer;
        for (int i = 0; i < m_plan.profiles.size(); ++i)
            if (m_plan.profiles.at(i).id == owner) maker = i;
    }
    target.values = valuesOf(places, path, maker);
    return {target};
}

QList<ObjectTarget> PlanObjects::targetsOf(const ApiOperation& operation, const QList<ApiParameter>& places,
                                           int profile) const {
    if (places.isEmpty()) return {{}};
    const QString name = operationName(operation);
    const ProbeStrategy strategy = m_settings.strategies.value(name, ProbeStrategy::NotSent);
    const bool safe = operation.method == QLatin1String("GET") || operation.method == QLatin1String("HEAD");
    const bool made = strategy == ProbeStrategy::Fixture || strategy == ProbeStrategy::Precondition;
    if (!safe && (made || strategy == ProbeStrategy::AbsentObject))
        return disposableTargets(places, operation.path, profile,
                                 made ? m_settings.fixtures.value(name).owner : QString());
    const ApiParameter& place = places.last();
    const bool live = m_plan.profiles.at(profile).kind == MatrixProfile::Kind::Live;
    // What changes something is asked for as little as can be.
    const bool reads = live && safe;
    const ObjectValues mine = valuesOf(places, operation.path, profile);
    const QString own = mine.value(ownKey(place));
    QList<ObjectTarget> all;
    const auto add = [&](Binding binding, const ObjectValues& values, bool probeable = true) {
        all.append({binding, values, values.value(ownKey(place)), binding == Binding::Self ? QString() : own,
                    probeable});
    };
    const auto with = [&](const QString& value) {
        ObjectValues values = mine;
        values.insert(ownKey(place), value);
        return values;
    };
    // Two who own the same prove nothing of each other, which is said rather than left out. Of nobody, and of
    // a credential that is no good, nothing more is learned than a peer's object tells.
    const auto ownerOf = [&](Binding binding, bool wanted, bool& same) {
        return wanted ? ownerFor(place, operation.path, profile, own, binding, same) : -1;
    };
    bool samePeer = false, sameForeign = false, sameHigher = false;
    const int peer = ownerOf(Binding::Peer, true, samePeer);
    const int foreign = ownerOf(Binding::OtherTenant, reads, sameForeign);
    const int higher = ownerOf(Binding::Higher, reads, sameHigher);
    const auto addOther = [&](Binding binding, int owner, bool same) {
        if (owner >= 0)
            add(binding, valuesOf(places, operation.path, owner));
        else if (same)
            add(binding, mine, false);
    };
    if (!own.isEmpty()) add(Binding::Self, mine);
    addOther(Binding::Peer, peer, samePeer && live);
    // Beside another's object one that nobody has: answers that differ tell which objects exist.
    if (!own.isEmpty() && (peer >= 0 || foreign >= 0) && reads)
        add(Binding::Absent, with(absentValue(place)));
    addOther(Binding::OtherTenant, foreign, sameForeign);
    if (higher < 0 || higher != peer) addOther(Binding::Higher, higher, sameHigher && peer >= 0);
    // Another's object beneath what is one's own: a guard may look at the first id alone.
    const int owner = peer >= 0 ? peer : foreign;
    if (reads && !own.isEmpty() && owner >= 0) {
        const ObjectValues theirs = valuesOf(places, operation.path, owner);
        const ObjectValues swapped = with(theirs.value(ownKey(place)));
        if (swapped != theirs) add(Binding::ParentSwap, swapped);
    }
    const QString malformed = malformedValue(place, own);
    if (m_settings.malformed && reads && !own.isEmpty() && !malformed.isEmpty())
        add(Binding::Malformed, with(malformed));
    if (own.isEmpty() && peer < 0) all.prepend({});
    return all;
}

} // namespace kb
