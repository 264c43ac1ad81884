// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"
#include "app/lazy_practice.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>

namespace kb::cli {

namespace {

struct PracticeOptions {
    quint16 port = 0;
    std::vector<std::string> defects;
    bool listDefects = false;
};

int listDefects(const Output& out, const PracticeControl& practice) {
    QList<JsonValue> items;
    for (const PracticeDefect& defect : practice.defects()) {
        items.append(JsonObject()
                         .add(QStringLiteral("name"), defect.name)
                         .add(QStringLiteral("description"), defect.description)
                         .value());
        if (!out.json) out.line(QStringLiteral("%1  %2").arg(defect.name, -26).arg(defect.description));
    }
    if (out.json) out.document(JsonObject().add(QStringLiteral("defects"), jsonArray(std::move(items))));
    return Clean;
}

int practice(const Context& context, const PracticeOptions& options) {
    const Output& out = context.out;
    LazyPractice server;
    if (const Result<void> loaded = server.load(); !loaded) return out.error(loaded.error(), Usage);
    if (options.listDefects) return listDefects(out, server);
    PracticeSettings settings;
    settings.port = options.port;
    for (const std::string& defect : options.defects)
        settings.defects.append(QString::fromStdString(defect));
    if (const Result<void> started = server.start(settings); !started)
        return out.error(started.error(), Usage);
    const QString base = server.baseUrl();
    if (out.json) {
        // The tokens of a server that lives for this run only: without them nobody could try it from a
        // script.
        QList<JsonValue> identities;
        server.takeTokens([&](PracticeToken token) {
            identities.append(
                JsonObject()
                    .add(QStringLiteral("name"), token.name)
                    .add(QStringLiteral("kind"), token.kind)
                    .add(QStringLiteral("secret"),
                         QString::fromLatin1(token.secret.reveal().data(), qsizetype(token.secret.size())))
                    .value());
        });
        out.document(JsonObject()
                         .add(QStringLiteral("base_url"), base)
                         .add(QStringLiteral("openapi"), base + QStringLiteral("/openapi.json"))
                         .add(QStringLiteral("defects"), jsonTexts(settings.defects))
                         .add(QStringLiteral("identities"), jsonArray(std::move(identities))));
    } else {
        out.line(base);
        out.line(base + QStringLiteral("/openapi.json"));
        out.message(QCoreApplication::translate("Cli", "Serving until you press Ctrl+C."));
    }
    return QCoreApplication::exec();
}

} // namespace

void addPractice(CLI::App& parser, QList<Registered>& commands) {
    auto options = std::make_shared<PracticeOptions>();
    CLI::App* command = parser.add_subcommand("practice", "Serves the practice API on loopback");
    command->fallthrough();
    command->add_option("--port", options->port, "The port; any free one if it is not given");
    command->add_option("--defect", options->defects, "Switch a defect on; may be given several times")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_flag("--list-defects", options->listDefects, "List the defects and stop");
    commands.append({command, [options](Context& context) { return practice(context, *options); }});
}

} // namespace kb::cli
