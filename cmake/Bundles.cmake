# SPDX-License-Identifier: GPL-3.0-or-later
# With KB_UNITY, several sources are compiled as one and several tests are one program: most of a build's time goes into
# reading the same headers and linking the same code. The dev preset builds each for itself.

# What is compiled from one file of many includes is not shared with another: the compiler cannot know.
set(kb_unity_options $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage> $<$<CXX_COMPILER_ID:MSVC>:/bigobj>)

# Of the other layers a program or a module takes the files it needs and leaves the rest, with the libraries that the rest
# would bring (house.loads). What ships, Release, compiles only these as one: whoever links them uses all of them.
set(KB_WHOLE_LAYERS core_probe core_runner core_interchange practice ui)

# kb_unity(target): its sources, some twenty at a time. Names in their anonymous namespaces must differ, then.
function(kb_unity target)
    if(KB_UNITY)
        set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 20)
        target_compile_options(${target} PRIVATE ${kb_unity_options})
    endif()
endfunction()

# kb_bundle(target SOURCES source... [PER_FILE n]): makes the program `target` of tests that are programs of their own,
# and sets kb_bundled to the sources that went into it; "target test_x arguments..." runs one. Each is in a namespace of
# its own, after the headers of all. A test stays by itself if it starts itself anew, or says something outside of
# every namespace or for some systems only.
function(kb_bundle target)
    cmake_parse_arguments(arg "" "PER_FILE" "SOURCES" ${ARGN})
    if(NOT arg_PER_FILE)
        set(arg_PER_FILE 8)
    endif()
    set(kb_bundled "")
    if(KB_UNITY)
        foreach(source IN LISTS arg_SOURCES)
            file(STRINGS "${source}" apart REGEX "^(Q_DECLARE_METATYPE|namespace kb|#if|template <>)|applicationFilePath")
            if(NOT apart)
                list(APPEND kb_bundled "${source}")
            endif()
        endforeach()
        list(LENGTH kb_bundled count)
        if(count LESS 2)
            set(kb_bundled "")
        endif()
    endif()
    set(kb_bundled "${kb_bundled}" PARENT_SCOPE)
    if(NOT kb_bundled)
        return()
    endif()

    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${kb_bundled})
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/bundle/${target}")
    set(main "#include <cstdio>\n#include <cstring>\n")
    set(calls "")
    set(parts "")
    set(headers "")
    set(bodies "")
    set(in_part 0)
    set(left ${count})
    foreach(source IN LISTS kb_bundled)
        get_filename_component(stem "${source}" NAME_WE)
        get_filename_component(here "${source}" DIRECTORY)
        file(STRINGS "${source}" includes REGEX "^#include")
        foreach(include IN LISTS includes)
            if(include MATCHES "\"([^\"]+)\"")
                if(EXISTS "${here}/${CMAKE_MATCH_1}")
                    set(include "#include \"${here}/${CMAKE_MATCH_1}\"")
                elseif(CMAKE_MATCH_1 MATCHES "\\.moc$")
                    continue()
                endif()
            endif()
            string(APPEND headers "${include}\n")
        endforeach()
        string(APPEND bodies "namespace bundled_${stem} {\n#include \"${source}\"\n}\n")
        string(APPEND main "namespace bundled_${stem} { int main(int, char**); }\n")
        string(APPEND calls "    if (std::strcmp(test, \"${stem}\") == 0) return bundled_${stem}::main(argc - 1, argv + 1);\n")
        qt_generate_moc("${source}" "${folder}/${stem}.moc")
        list(APPEND parts "${folder}/${stem}.moc")
        math(EXPR in_part "${in_part} + 1")
        math(EXPR left "${left} - 1")
        if(in_part EQUAL arg_PER_FILE OR left EQUAL 0)
            file(CONFIGURE OUTPUT "${folder}/part_${left}.cpp" CONTENT "${headers}${bodies}" @ONLY)
            list(APPEND parts "${folder}/part_${left}.cpp")
            set(headers "")
            set(bodies "")
            set(in_part 0)
        endif()
    endforeach()
    string(APPEND main "int main(int argc, char** argv) {\n    if (argc < 2) return 2;\n    char* const test = argv[1];\n    argv[1] = argv[0];\n"
        "${calls}    std::fprintf(stderr, \"%s has no test %s\\n\", argv[0], test);\n    return 2;\n}\n")
    file(CONFIGURE OUTPUT "${folder}/main.cpp" CONTENT "${main}" @ONLY)
    add_executable(${target} "${folder}/main.cpp" ${parts})
    target_include_directories(${target} PRIVATE "${folder}")
    target_compile_options(${target} PRIVATE ${kb_unity_options})
    set_target_properties(${target} PROPERTIES KB_TEST_CODE ON AUTOMOC OFF
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
endfunction()
