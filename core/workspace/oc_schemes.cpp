// SPDX-License-Identifier: GPL-3.0-or-later
// How a profile is sent, in its row of extensions.keybearer.profiles.
#include "core/workspace/oc_fields.h"
#include "core/workspace/opencollection_text.h"
#include "core/workspace/scheme_fields.h"

#include <QSet>

namespace kb::opencollection {

using yaml::Node;

namespace {

struct ReadFields {
    const Node& row;
    Reader& reader;

    void text(const char* name, QString& value, const QString& fallback) {
        value = reader.text(row, name, fallback);
    }
    void alwaysText(const char* name, QString& value, const QString& fallback) {
        text(name, value, fallback);
    }
    void list(const char* name, QStringList& value, const QStringList& fallback) {
        value = row.find(name) ? reader.texts(row, name) : fallback;
    }
    void flag(const char* name, bool& value, bool fallback) { value = reader.flag(row, name, fallback); }
    void number(const char* name, int& value, int fallback) { value = reader.number(row, name, fallback); }
    template<class Choice, class Names>
    void alwaysChoice(const char* name, Choice& value, const Names& names) {
        const QString text = reader.text(row, name);
        if (text.isEmpty()) return;
        for (std::size_t at = 0; at < names.size(); ++at) {
            if (text != QLatin1String(names[at])) continue;
            value = static_cast<Choice>(at);
            return;
        }
        QStringList known;
        for (const char* each : names)
            known << QLatin1String(each);
        reader.refuse(OpenCollectionText::tr("\"%1\" cannot be \"%2\". It is one of: %3.")
                          .arg(QLatin1String(name), text, known.join(QStringLiteral(", "))),
                      *row.find(name));
    }
};

struct WriteFields {
    Node& row;
    QSet<QByteArray> kept = {};

    /// Whether the file says this already, be it in words or by leaving it out; then it stays as it is.
    template<class Value> bool says(const char* name, const Value& value, const Value& present) {
        if (value == present) kept.insert(name);
        return value == present;
    }
    // An empty text is written where the default is another: an empty prefix means that the token stands
    // alone.
    void text(const char* name, const QString& value, const QString& fallback) {
        Reader reader{QString()};
        if (says(name, value, reader.text(row, name, fallback)) || value == fallback) return;
        alwaysText(name, value, fallback);
    }
    void alwaysText(const char* name, const QString& value, const QString&) {
        kept.insert(name);
        row.setString(name, value);
    }
    void list(const char* name, const QStringList& value, const QStringList& fallback) {
        Reader reader{QString()};
        if (says(name, value, row.find(name) ? reader.texts(row, name) : fallback) || value == fallback)
            return;
        kept.insert(name);
        writeTexts(row, name, value);
        // A list that is left out means the default; one without anything is written as it is.
        if (value.isEmpty()) row.collection(name, Node::Kind::Sequence);
    }
    void flag(const char* name, bool value, bool fallback) {
        Reader reader{QString()};
        if (says(name, value, reader.flag(row, name, fallback)) || value == fallback) return;
        kept.insert(name);
        row.setPlain(name, value ? "true" : "false");
    }
    void number(const char* name, int value, int fallback) {
        Reader reader{QString()};
        if (says(name, value, reader.number(row, name, fallback)) || value == fallback) return;
        kept.insert(name);
        row.setPlain(name, QByteArray::number(value));
    }
    template<class Choice, class Names>
    void alwaysChoice(const char* name, Choice value, const Names& names) {
        alwaysText(name, QString::fromLatin1(names[static_cast<std::size_t>(value)]), {});
    }
};

/// Gathers the names of a scheme's members.
struct NameFields {
    QSet<QByteArray>& names;
    template<class... Rest> void text(const char* name, Rest&&...) { names.insert(name); }
    template<class... Rest> void alwaysText(const char* name, Rest&&...) { names.insert(name); }
    template<class... Rest> void list(const char* name, Rest&&...) { names.insert(name); }
    template<class... Rest> void flag(const char* name, Rest&&...) { names.insert(name); }
    template<class... Rest> void number(const char* name, Rest&&...) { names.insert(name); }
    template<class... Rest> void alwaysChoice(const char* name, Rest&&...) { names.insert(name); }
};

template<class... Schemes> QSet<QByteArray> namesOf(const std::variant<Schemes...>*) {
    QSet<QByteArray> names;
    NameFields fields{names};
    const auto gather = [&fields](auto scheme) { visitFields(fields, scheme); };
    (gather(Schemes{}), ...);
    return names;
}

} // namespace

AuthScheme readScheme(const Node& row, Reader& reader) {
    const QString kind = reader.text(row, "kind", QStringLiteral("bearer"));
    std::optional<AuthScheme> scheme = schemeNamed(kind);
    if (!scheme) {
        reader.refuse(OpenCollectionText::tr("The profile kind \"%1\" is not known.").arg(kind), row);
        return BearerScheme{};
    }
    ReadFields fields{row, reader};
    std::visit([&fields](auto& each) { visitFields(fields, each); }, *scheme);
    return *scheme;
}

void writeScheme(Node& row, const AuthScheme& scheme) {
    static const QSet<QByteArray> all = namesOf(static_cast<const AuthScheme*>(nullptr));
    row.setString("kind", schemeName(scheme));
    WriteFields fields{row};
    AuthScheme copy = scheme;
    std::visit([&fields](auto& each) { visitFields(fields, each); }, copy);
    // One kind over another leaves nothing of the old behind.
    for (const QByteArray& name : all)
        if (!fields.kept.contains(name)) row.remove(name);
}

ApiKeyScheme readKey(const Node& row, Reader& reader) {
    ApiKeyScheme key;
    ReadFields fields{row, reader};
    visitFields(fields, key);
    return key;
}

void writeKey(Node& row, const ApiKeyScheme& key) {
    WriteFields fields{row};
    ApiKeyScheme copy = key;
    visitFields(fields, copy);
}

} // namespace kb::opencollection
