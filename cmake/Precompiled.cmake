# SPDX-License-Identifier: GPL-3.0-or-later
# Headers that nearly every file needs, read once: half of a build's time is spent in them. The dev preset builds
# without, so that a file which forgets an include of its own is noticed.

set(kb_pch_std <algorithm> <functional> <map> <memory> <optional> <string> <string_view> <variant> <vector>)
set(kb_pch_core ${kb_pch_std} <QByteArray> <QCoreApplication> <QHash> <QList> <QMap> <QObject> <QSet> <QString>
    <QStringList> <QTimer> <QUrl>)
set(kb_pch_window ${kb_pch_core} <QApplication> <QBoxLayout> <QLabel> <QLineEdit> <QMenu> <QPainter> <QPushButton>
    <QStyledItemDelegate> <QTreeView> <QWidget>)
# Qt Test's headers differ by what else is linked.
set(kb_pch_test ${kb_pch_core} <QtTest>)
set(kb_pch_test_network ${kb_pch_test})
set(kb_pch_test_window ${kb_pch_test} <QWidget>)

# kb_precompile(target core|window|test|test_network|test_window): the first target of a kind makes the headers, the
# others share them.
function(kb_precompile target kind)
    if(NOT KB_PCH)
        return()
    endif()
    if(NOT TARGET kb_pch_${kind}_maker)
        file(WRITE "${CMAKE_BINARY_DIR}/generated/pch_${kind}.cpp" "int main() { return 0; }\n")
        add_executable(kb_pch_${kind}_maker "${CMAKE_BINARY_DIR}/generated/pch_${kind}.cpp")
        target_link_libraries(kb_pch_${kind}_maker PRIVATE kb_options Qt6::Core tl::expected)
        if(kind MATCHES "window")
            target_link_libraries(kb_pch_${kind}_maker PRIVATE Qt6::Widgets)
        endif()
        if(kind MATCHES "network")
            target_link_libraries(kb_pch_${kind}_maker PRIVATE Qt6::Network)
        endif()
        if(kind MATCHES "test")
            set_target_properties(kb_pch_${kind}_maker PROPERTIES KB_TEST_CODE ON)
            target_link_libraries(kb_pch_${kind}_maker PRIVATE Qt6::Test)
        endif()
        set_target_properties(kb_pch_${kind}_maker PROPERTIES AUTOMOC OFF
            RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/generated")
        target_precompile_headers(kb_pch_${kind}_maker PRIVATE ${kb_pch_${kind}})
    endif()
    target_precompile_headers(${target} REUSE_FROM kb_pch_${kind}_maker)
endfunction()
