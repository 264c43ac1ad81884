# SPDX-License-Identifier: GPL-3.0-or-later
# Proves that an edge the table does not list stops the configure step: configures a small house that takes its rules,
# cmake/Layers.cmake and cmake/layers.txt, from the real one, once as it should be and once for each way to cheat.
#
# Usage: cmake -DROOT=<source> -DWORK=<folder to use> -DGENERATOR=<generator> -P test_layer_links.cmake
foreach(name IN ITEMS ROOT WORK GENERATOR)
    if(NOT ${name})
        message(FATAL_ERROR "-D${name}=… is missing")
    endif()
endforeach()

# Configures the small house with `extra` at the end of its CMakeLists.txt; `wanted` is a regular expression for the
# message it must stop with, or "" when it must succeed. `links_of_ui` goes behind add_layer(ui.
file(REMOVE_RECURSE "${WORK}")
function(try title links_of_ui extra wanted)
    set(house "${WORK}/house")
    file(COPY "${ROOT}/cmake/Layers.cmake" "${ROOT}/cmake/layers.txt" DESTINATION "${house}/cmake")
    file(WRITE "${house}/CMakeLists.txt" "
cmake_minimum_required(VERSION 3.22)
project(SmallHouse LANGUAGES CXX)
function(kb_external out name)
    if(NOT TARGET ext_\${name})
        add_library(ext_\${name} INTERFACE)
    endif()
    set(\${out} ext_\${name} PARENT_SCOPE)
endfunction()
function(kb_unity target)
endfunction()
function(kb_precompile target kind)
endfunction()
add_library(kb_options INTERFACE)
add_library(ext_Forbidden INTERFACE)
include(\"\${CMAKE_SOURCE_DIR}/cmake/Layers.cmake\")
foreach(layer IN LISTS KB_LAYERS)
    file(WRITE \"\${CMAKE_SOURCE_DIR}/\${KB_FOLDER_\${layer}}/room.cpp\" \"\")
    if(layer STREQUAL \"ui\")
        add_layer(ui ${links_of_ui})
    else()
        add_layer(\${layer})
    endif()
endforeach()
${extra}
kb_check_layer_links()
")
    execute_process(COMMAND "${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${house}" -B "${house}/build"
                    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    # CMake breaks and indents the lines of a message; the words are what counts.
    string(REGEX REPLACE "[ \n]+" " " words "${output}")
    if(wanted STREQUAL "")
        if(NOT result EQUAL 0)
            message(FATAL_ERROR "${title}: must configure but did not:\n${output}")
        endif()
    elseif(result EQUAL 0)
        message(FATAL_ERROR "${title}: must stop the configure step but did not")
    elseif(NOT words MATCHES "${wanted}")
        message(FATAL_ERROR "${title}: stopped, but for another reason:\n${output}")
    endif()
    message(STATUS "${title}: as it should be")
endfunction()

try("the house as it stands" "" "" "")
try("a link the table lists" "LINKS core_run core_http" "" "")
try("the window wants the network" "LINKS io_network" "" "does not let ui use io_network")
try("the window links the keychain behind the table's back" "" "target_link_libraries(ui PRIVATE io_keychain)"
    "ui links io_keychain, which cmake/layers.txt does not allow")
try("the same in an interface" "" "target_link_libraries(ui INTERFACE io_keychain)"
    "ui links io_keychain, which cmake/layers.txt does not allow")
try("the core reaches up" "" "target_link_libraries(core_workspace PUBLIC core_auth)"
    "core_workspace links core_auth, which cmake/layers.txt does not allow")
try("the core links a library it has no business with" "" "target_link_libraries(core_base PUBLIC ext_Forbidden)"
    "core_base links ext_Forbidden, which cmake/layers.txt does not allow")
try("a layer nobody listed" "" "add_layer(core_secret)" "add_layer\\(core_secret\\): not in cmake/layers.txt")

# The rules help only where they are asked.
file(READ "${ROOT}/CMakeLists.txt" top)
if(NOT top MATCHES "\n[ ]*kb_check_layer_links\\(\\)")
    message(FATAL_ERROR "CMakeLists.txt does not call kb_check_layer_links()")
endif()
foreach(line IN ITEMS "include\\(Layers\\)")
    if(NOT top MATCHES "${line}")
        message(FATAL_ERROR "CMakeLists.txt lacks ${line}")
    endif()
endforeach()
