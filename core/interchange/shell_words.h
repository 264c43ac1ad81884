// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QList>
#include <QStringList>

namespace kb {

enum class ShellKind { Posix, Cmd, PowerShell };

/// Which shell a command was written for, by how it continues lines and quotes.
ShellKind guessShell(const QString& text);
/// The commands of a text, each as its words: quotes and escapes taken off, nothing run or expanded.
QList<QStringList> shellCommands(const QString& text, ShellKind kind);

} // namespace kb
