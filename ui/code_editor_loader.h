// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/ports/code_editor.h"

namespace kb {

/// Loads the editor's module (once) and makes an editor. Where it cannot be loaded a plain one serves, and
/// `problem` says why.
CodeEditor* makeCodeEditor(QWidget* parent, QString* problem);
/// The folders the module is looked for in, in order.
QStringList codeEditorFolders();
/// The plain editor, without line numbers and colours.
CodeEditor* makePlainEditor(QWidget* parent);

/// The window's theme in the editor's words.
EditorColours editorColours();

} // namespace kb
