// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QStringList>
#include <functional>

namespace kb {

/// The absolute path of what a command line names: a path, or the file:// address some file managers give.
QString absolutePlace(const QString& argument);

/// Takes the files that macOS hands to the application, as events and not as arguments. They may come before
/// there is a window: they wait for it.
class FileOpenEvents final : public QObject {
public:
    void ready(std::function<void(const QString& path)> open);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QStringList m_waiting;
    std::function<void(const QString&)> m_open;
};

} // namespace kb
