// SPDX-License-Identifier: GPL-3.0-or-later
// The least a Qt Widgets program can be: the yardstick for start and memory.
#include <QApplication>
#include <QMainWindow>

int main(int argc, char** argv) {
    QApplication app(argc, argv);
    QMainWindow window;
    window.resize(1440, 900);
    window.show();
    return QApplication::exec();
}
