// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workspace/merge_request.h"

#include <QCoreApplication>
#include <QHash>

namespace kb {

namespace {

struct MergeText {
    Q_DECLARE_TR_FUNCTIONS(MergeRequest)
};

QString shown(const QString& value) {
    return value;
}
QString shown(bool value) {
    return value ? MergeText::tr("on") : MergeText::tr("off");
}
QString shown(int value) {
    return QString::number(value);
}
QString shown(const QStringList& value) {
    return value.join(QLatin1String(", "));
}
QString withState(const QString& text, bool enabled) {
    return enabled ? text : MergeText::tr("%1 (off)").arg(text);
}
QString shown(const HeaderRow& row) {
    const QString name = row.name.toLower();
    const bool credential = name.contains(QLatin1String("auth")) || name.contains(QLatin1String("cookie")) ||
                            name.contains(QLatin1String("token")) || name.contains(QLatin1String("key")) ||
                            name.contains(QLatin1String("secret"));
    return withState(credential && !row.value.contains(QLatin1String("{{")) ? QStringLiteral("••••")
                                                                            : row.value,
                     row.enabled);
}
QString shown(const Variable& row) {
    return withState(row.value, row.enabled);
}
QString shown(const ParamRow& row) {
    return withState(row.value, row.enabled);
}
QString shown(const BodyPart& part) {
    return withState(part.value, part.enabled);
}
QString shown(const CheckSpec& check) {
    return withState(check.op + u' ' + check.value, check.enabled);
}
QString shown(const CaptureSpec& capture) {
    return withState(capture.expression, capture.enabled);
}
QString shown(const BodySpec& body) {
    return body.kind == BodySpec::Kind::None ? MergeText::tr("none") : body.text;
}

QString keyOf(const HeaderRow& row) {
    return row.name.toLower();
}
QString keyOf(const ParamRow& row) {
    return (row.in == ParamRow::In::Path ? QStringLiteral(":") : QStringLiteral("?")) + row.name;
}
QString keyOf(const Variable& row) {
    return row.name;
}
QString keyOf(const BodyPart& part) {
    return part.name;
}
QString keyOf(const CheckSpec& check) {
    return QString::number(static_cast<int>(check.part)) + check.expression;
}
QString keyOf(const CaptureSpec& capture) {
    return capture.variable;
}

template<class Row> class KeyedRows {
public:
    explicit KeyedRows(const QList<Row>& rows) {
        QHash<QString, int> turns;
        for (const Row& row : rows) {
            const QString name = keyOf(row);
            const QString key = name + u'\n' + QString::number(turns[name]++);
            m_keys.append(key);
            m_rows.insert(key, row);
        }
    }
    const QStringList& keys() const { return m_keys; }
    std::optional<Row> at(const QString& key) const {
        const auto found = m_rows.constFind(key);
        return found == m_rows.constEnd() ? std::nullopt : std::optional<Row>(*found);
    }

private:
    QStringList m_keys;
    QHash<QString, Row> m_rows;
};

class Merger {
public:
    MergedRequest run(const RequestSpec& base, const RequestSpec& mine, const RequestSpec& theirs) {
        m_merged.mine = mine;
        m_merged.theirs = theirs;
        m_base = &base;
        value(MergeText::tr("Name"), &RequestSpec::name);
        value(MergeText::tr("Method"), &RequestSpec::method);
        value(MergeText::tr("URL"), &RequestSpec::url);
        value(MergeText::tr("Send as"), &RequestSpec::profileId);
        rows(MergeText::tr("Parameter %1"), &RequestSpec::params);
        rows(MergeText::tr("Header %1"), &RequestSpec::headers);
        body();
        rows(MergeText::tr("Variable %1"), &RequestSpec::variables);
        rows(MergeText::tr("Check %1"), &RequestSpec::checks);
        rows(MergeText::tr("Value kept as %1"), &RequestSpec::captures);
        setting(MergeText::tr("Timeout"), &RequestSettings::timeoutMs);
        setting(MergeText::tr("Follow redirects"), &RequestSettings::followRedirects);
        setting(MergeText::tr("Most redirects"), &RequestSettings::maxRedirects);
        setting(MergeText::tr("Check certificates"), &RequestSettings::verifyTls);
        setting(MergeText::tr("Left out headers"), &RequestSettings::removedDefaultHeaders);
        return std::move(m_merged);
    }

private:
    template<class Value> void merge(const QString& place, const Value& base, Value& mine, Value& theirs) {
        if (mine == theirs) return;
        if (mine == base)
            mine = theirs;
        else if (theirs == base)
            theirs = mine;
        else
            m_merged.conflicts.append({place, shown(mine), shown(theirs)});
    }
    template<class Value> void value(const QString& place, Value RequestSpec::*member) {
        merge(place, m_base->*member, m_merged.mine.*member, m_merged.theirs.*member);
    }
    template<class Value> void setting(const QString& place, Value RequestSettings::*member) {
        merge(place, m_base->settings.*member, m_merged.mine.settings.*member,
              m_merged.theirs.settings.*member);
    }
    template<class Row> void rows(const QString& place, QList<Row> RequestSpec::*member) {
        rows(place, m_base->*member, m_merged.mine.*member, m_merged.theirs.*member);
    }

    /// The order is theirs; what is mine alone comes after it.
    template<class Row>
    void rows(const QString& place, const QList<Row>& base, QList<Row>& mine, QList<Row>& theirs) {
        if (mine == theirs) return;
        if (mine == base) {
            mine = theirs;
            return;
        }
        if (theirs == base) {
            theirs = mine;
            return;
        }
        const KeyedRows<Row> b(base), m(mine), t(theirs);
        QStringList keys = t.keys();
        for (const QString& key : m.keys())
            if (!t.at(key)) keys.append(key);
        QList<Row> asMine, asTheirs;
        for (const QString& key : std::as_const(keys)) {
            const std::optional<Row> was = b.at(key);
            std::optional<Row> my = m.at(key), their = t.at(key);
            if (my != their && my == was)
                my = their;
            else if (my != their && their == was)
                their = my;
            if (my != their)
                m_merged.conflicts.append(
                    {place.arg(nameOf(key)), my ? shown(*my) : QString(), their ? shown(*their) : QString()});
            if (my) asMine.append(*my);
            if (their) asTheirs.append(*their);
        }
        mine = asMine;
        theirs = asTheirs;
    }
    static QString nameOf(const QString& key) {
        const QString name = key.section(u'\n', 0, 0);
        return name.startsWith(u':') || name.startsWith(u'?') ? name.mid(1) : name;
    }

    void body() {
        BodySpec& mine = m_merged.mine.body;
        BodySpec& theirs = m_merged.theirs.body;
        const BodySpec& base = m_base->body;
        const bool forms =
            base.kind == BodySpec::Kind::Multipart && mine.kind == base.kind && theirs.kind == base.kind;
        if (!forms) return merge(MergeText::tr("Body"), base, mine, theirs);
        rows(MergeText::tr("Part %1"), base.parts, mine.parts, theirs.parts);
    }

    MergedRequest m_merged;
    const RequestSpec* m_base = nullptr;
};

} // namespace

MergedRequest mergeRequest(const RequestSpec& base, const RequestSpec& mine, const RequestSpec& theirs) {
    return Merger().run(base, mine, theirs);
}

} // namespace kb
