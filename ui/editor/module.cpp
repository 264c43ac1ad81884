// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/scintilla_editor.h"

/// The module's one door, looked up by name when the Body tab first opens. The parent owns what it makes.
extern "C" Q_DECL_EXPORT kb::CodeEditor* kbCreateCodeEditor(QWidget* parent) {
    return new kb::ScintillaEditor(parent);
}
