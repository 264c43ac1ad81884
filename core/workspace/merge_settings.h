// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/workspace/environment.h"
#include "core/workspace/request_spec.h"

namespace kb {

/// Two edits of the same settings put together. Where both changed the same value, each in its own way,
/// `mine` and `theirs` differ in it and in nothing else.
template<class Settings> struct MergedSettings {
    Settings mine, theirs;
    QStringList conflicts; ///< what they differ in, for people: a variable's name, "Class"
};

/// The three-way merge of an environment. Variables are told apart by their names. Secret variables are
/// theirs: what the keychain has is not edited along with the file.
MergedSettings<Environment> mergeEnvironment(const Environment& base, const Environment& mine,
                                             const Environment& theirs);
/// The same of what a folder or the workspace gives to its requests. Header lines are told apart by their
/// names and, where those repeat, by their turn.
MergedSettings<RequestDefaults> mergeDefaults(const RequestDefaults& base, const RequestDefaults& mine,
                                              const RequestDefaults& theirs);

} // namespace kb
