// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/save_file.h"

#include <QCoreApplication>
#include <QSaveFile>

namespace kb {

namespace {

struct SaveFileText {
    Q_DECLARE_TR_FUNCTIONS(SaveFile)
};

} // namespace

Result<void> saveFile(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);
    // Flushed by itself: on a full disk the file would otherwise be put in place cut.
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush() && file.commit())
        return {};
    return fail(ErrorCode::FileError,
                SaveFileText::tr("The file could not be saved: %1").arg(file.errorString()), path,
                SaveFileText::tr("Choose another place."));
}

} // namespace kb
