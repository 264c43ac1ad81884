// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/cli/context.h"

namespace CLI {
class App;
}

namespace kb::cli {

/// A command: declares its options on the parser, and is run when the parser met it.
using Command = std::function<int(Context&)>;
struct Registered {
    CLI::App* app;
    Command run;
};

void addSend(CLI::App& parser, QList<Registered>& commands);
void addProfile(CLI::App& parser, QList<Registered>& commands);
void addProfileRegistration(CLI::App& group, QList<Registered>& commands);
void addProfileKeys(CLI::App& group, QList<Registered>& commands);
void addToken(CLI::App& parser, QList<Registered>& commands);
void addTokenGrants(CLI::App& group, QList<Registered>& commands);
void addTokenVerify(CLI::App& group, QList<Registered>& commands);
void addMatrix(CLI::App& parser, QList<Registered>& commands);
void addMatrixExchange(CLI::App& group, QList<Registered>& commands);
void addImport(CLI::App& parser, QList<Registered>& commands);
void addExport(CLI::App& parser, QList<Registered>& commands);
void addDiscover(CLI::App& parser, QList<Registered>& commands);
void addRun(CLI::App& parser, QList<Registered>& commands);
void addEnv(CLI::App& parser, QList<Registered>& commands);
void addHistory(CLI::App& parser, QList<Registered>& commands);
void addScan(CLI::App& parser, QList<Registered>& commands);
void addPractice(CLI::App& parser, QList<Registered>& commands);

} // namespace kb::cli
