// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/resolve_scheme.h"

#include "core/workspace/scheme_fields.h"

namespace kb {

namespace {

/// The marks that a login fills in itself.
const QStringList& loginMarks() {
    static const QStringList marks = {QStringLiteral("{{secret}}"), QStringLiteral("{{user}}"),
                                      QStringLiteral("{{refresh_token}}")};
    return marks;
}

/// Resolves what lies between the marks, which stay.
Result<QString> resolveAround(const QString& text, const VariableMap& variables) {
    QString out;
    for (qsizetype at = 0; at < text.size();) {
        qsizetype next = text.size();
        QString mark;
        for (const QString& each : loginMarks()) {
            const qsizetype found = text.indexOf(each, at);
            if (found < 0 || found >= next) continue;
            next = found;
            mark = each;
        }
        const Result<QString> piece = resolveVariables(text.mid(at, next - at), variables);
        if (!piece) return piece;
        out += *piece + mark;
        at = next + mark.size();
    }
    return out;
}

struct ResolveFields {
    const VariableMap& variables;
    bool login = false;
    std::optional<Error> error = {};

    void text(const char* name, QString& value, const QString&) {
        if (error) return;
        const bool marked = login && (qstrcmp(name, "body") == 0 || qstrcmp(name, "refreshBody") == 0 ||
                                      qstrcmp(name, "headers") == 0);
        const Result<QString> resolved =
            marked ? resolveAround(value, variables) : resolveVariables(value, variables);
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
    ResolveFields fields{variables, std::holds_alternative<LoginScheme>(resolved)};
    std::visit([&fields](auto& each) { visitFields(fields, each); }, resolved);
    if (fields.error) return tl::unexpected(*fields.error);
    if (auto* header = std::get_if<TemplateScheme>(&resolved)) header->format.swap(format);
    return resolved;
}

} // namespace kb
