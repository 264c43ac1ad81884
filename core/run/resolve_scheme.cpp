// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/resolve_scheme.h"

#include "core/workspace/scheme_fields.h"

namespace kb {

namespace {

struct ResolveFields {
    const VariableMap& variables;
    std::optional<Error> error = {};

    void text(const char*, QString& value, const QString&) {
        if (error) return;
        const Result<QString> resolved = resolveVariables(value, variables);
        if (resolved)
            value = *resolved;
        else
            error = resolved.error();
    }
    void alwaysText(const char* name, QString& value, const QString& fallback) {
        text(name, value, fallback);
    }
    void list(const char* name, QStringList& values, const QStringList&) {
        for (QString& value : values)
            text(name, value, {});
    }
    void flag(const char*, bool&, bool) {}
    void number(const char*, int&, int) {}
    template<class Choice, class Names> void alwaysChoice(const char*, Choice&, const Names&) {}
};

} // namespace

Result<AuthScheme> resolveScheme(const AuthScheme& scheme, const VariableMap& variables) {
    AuthScheme resolved = scheme;
    // The secret takes its own place later; until then its name stands for itself.
    QString format;
    if (auto* header = std::get_if<TemplateScheme>(&resolved)) format.swap(header->format);
    ResolveFields fields{variables};
    std::visit([&fields](auto& each) { visitFields(fields, each); }, resolved);
    if (fields.error) return tl::unexpected(*fields.error);
    if (auto* header = std::get_if<TemplateScheme>(&resolved)) header->format.swap(format);
    return resolved;
}

} // namespace kb
