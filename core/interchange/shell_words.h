// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QList>
#include <QStringList>

namespace kb {

enum class ShellKind { Posix, Cmd, PowerShell };

/// Which shell a command was written for, by how it continues lines and quotes.
ShellKind guessShell(const QString& text);
/// The commands of a text, each as its words: quotes and escapes taken off, nothing run. A variable of the
/// shell ($NAME, $env:NAME, %NAME%) becomes {{NAME}}; `variables` is told of each.
QList<QStringList> shellCommands(const QString& text, ShellKind kind, QStringList* variables = nullptr);

} // namespace kb
