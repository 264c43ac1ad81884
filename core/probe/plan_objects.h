// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/probe/plan.h"

#include <QUuid>
#include <functional>

namespace kb {

/// Where an operation names an object, and the value that stands there: by ownKey().
using ObjectValues = QMap<QString, QString>;

/// One way to ask for an operation's object.
struct ObjectTarget {
    Binding binding = Binding::None;
    ObjectValues values;
    QString object;        ///< the value that tells which object it is
    QString own;           ///< the object of who asks, where that is another one
    bool probeable = true; ///< false: who else owns one owns the very same
};

/// What the settings call a parameter: "id" in a path, else "query:id", "header:id", "cookie:id"; in a JSON
/// body its pointer, "/owner/id", in a form "form:owner".
QString ownKey(const ApiParameter& parameter);
/// The JSON text with another value at a pointer, which it has.
QString withBodyValue(const QString& json, const QString& pointer, const QString& value);

/// The text of a form with another value of the field that a key names, "form:owner"; as it is where it has
/// none.
QString withFormValue(QString text, const QString& key, const QString& value);

/// Whose objects there are, and how they are asked for.
class PlanObjects {
public:
    /// Gives the variable that stands for a value which is asked for before the run; `paths` is the glob that
    /// the settings say it of.
    using Ask = std::function<QString(const ApiParameter& place, int profile, const OwnSource& source,
                                      const QString& paths)>;
    PlanObjects(const MatrixPlan& plan, const MatrixSettings& settings, Ask ask)
        : m_plan(plan), m_settings(settings), m_ask(std::move(ask)) {}

    /// Where an operation says whose object is meant, the place that tells which object it is last.
    QList<ApiParameter> placesOf(const ApiOperation& operation) const;
    /// All ways to ask that are worth something for this profile; one without an object where none is known.
    QList<ObjectTarget> targetsOf(const ApiOperation& operation, const QList<ApiParameter>& places,
                                  int profile) const;
    /// Well-formed, and of nobody: a number or a UUID that no object has.
    QString absentValue(const ApiParameter& place) const;

private:
    bool isOwned(const QString& key, const QString& path) const;
    QString valueOf(const ApiParameter& place, const QString& path, int profile) const;
    ObjectValues valuesOf(const QList<ApiParameter>& places, const QString& path, int profile) const;
    int ownerFor(const ApiParameter& place, const QString& path, int profile, const QString& own,
                 Binding binding, bool& same) const;
    QList<ObjectTarget> disposableTargets(const QList<ApiParameter>& places, const QString& path, int profile,
                                          const QString& owner) const;

    const MatrixPlan& m_plan;
    const MatrixSettings& m_settings;
    Ask m_ask;
    const QString m_absent = QUuid::createUuid().toString(QUuid::WithoutBraces); ///< made for this plan
};

} // namespace kb
