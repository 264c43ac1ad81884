// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QCoreApplication>

namespace kb {

/// The translation context "FileWorkspaceStore", shared by the files that speak of it.
struct FileWorkspaceStoreText {
    Q_DECLARE_TR_FUNCTIONS(FileWorkspaceStore)
};

} // namespace kb
