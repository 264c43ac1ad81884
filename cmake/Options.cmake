# SPDX-License-Identifier: GPL-3.0-or-later
# All compile rules in one INTERFACE target that every other target links.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_AUTOMOC ON)
set(CMAKE_AUTORCC OFF)
set(CMAKE_AUTOUIC OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib/keybearer")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

find_program(KB_CCACHE ccache)
if(KB_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    if(KB_PCH)
        set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${KB_CCACHE}")
    else()
        set(CMAKE_CXX_COMPILER_LAUNCHER "${KB_CCACHE}")
    endif()
endif()

add_library(kb_options INTERFACE)
target_include_directories(kb_options INTERFACE "${CMAKE_SOURCE_DIR}" "${CMAKE_BINARY_DIR}/generated")
target_compile_features(kb_options INTERFACE cxx_std_20)
target_compile_definitions(kb_options INTERFACE
    QT_NO_CAST_TO_ASCII QT_NO_CAST_FROM_BYTEARRAY QT_NO_URL_CAST_FROM_STRING QT_NO_FOREACH QT_NO_KEYWORDS
    QT_USE_QSTRINGBUILDER)
if(MSVC)
    target_compile_options(kb_options INTERFACE /W4 /permissive- /utf-8 /Zc:__cplusplus $<$<BOOL:${KB_WERROR}>:/WX>)
else()
    target_compile_options(kb_options INTERFACE
        -Wall -Wextra -Wpedantic -Wnon-virtual-dtor -Woverloaded-virtual
        # In a unity build, one file's constant and another's parameter of that name have nothing to do with each other.
        $<$<NOT:$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>>:-Wshadow>
        $<$<BOOL:${KB_WERROR}>:-Werror>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(kb_options INTERFACE -fno-semantic-interposition
            # ccache needs it to keep what was compiled with precompiled headers.
            $<$<BOOL:${KB_PCH}>:-fpch-preprocess>)
        if(KB_SANITIZE)
            # The sanitizers' own code leads these guesses astray; the builds without them stop for each.
            target_compile_options(kb_options INTERFACE -Wno-error=maybe-uninitialized -Wno-error=array-bounds
                -Wno-error=stringop-overflow -Wno-error=stringop-overread -Wno-error=restrict
                -Wno-error=dangling-pointer -Wno-error=use-after-free -Wno-error=free-nonheap-object -Wno-error=nonnull)
        endif()
    endif()
endif()
# Small code is quick code for programs that live for a moment: half the pages to load. What works through many bytes
# is compiled for speed (KB_FAST_LAYERS).
set(KB_FAST_LAYERS core_base core_http io_network)
if(NOT MSVC)
    string(REPLACE "-O3" "-Os" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
endif()
if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    include(CheckLinkerFlag)
    check_linker_flag(CXX "-Wl,-z,pack-relative-relocs" KB_HAS_RELR)
    if(KB_HAS_RELR)
        target_link_options(kb_options INTERFACE $<$<CONFIG:Release>:-Wl,-z,pack-relative-relocs>)
    endif()
endif()
if(NOT MSVC AND NOT APPLE)
    # What no program calls is not in it.
    target_compile_options(kb_options INTERFACE $<$<CONFIG:Release>:-ffunction-sections> $<$<CONFIG:Release>:-fdata-sections>)
    target_link_options(kb_options INTERFACE $<$<CONFIG:Release>:-Wl,--gc-sections>)
endif()
if(UNIX AND NOT APPLE)
    # A static layer brings only the libraries that its used part needs: the memory store, say, without the keychain.
    target_link_options(kb_options INTERFACE -Wl,--as-needed)
endif()
# The code of tests (targets with the property KB_TEST_CODE) is not optimised: it is compiled more often than it runs.
define_property(TARGET PROPERTY KB_TEST_CODE BRIEF_DOCS "Test code: quick to build" FULL_DOCS "Test code: quick to build")
set(kb_test_code "$<BOOL:$<TARGET_PROPERTY:KB_TEST_CODE>>")
if(NOT MSVC)
    target_compile_options(kb_options INTERFACE $<${kb_test_code}:-O0>)
endif()
if((KB_SANITIZE OR KB_FUZZ) AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
    # Two hundred programs with the sanitizers' code in them: a linker that takes a third of the time.
    include(CheckLinkerFlag)
    check_linker_flag(CXX "-fuse-ld=lld" KB_HAS_LLD)
    if(KB_HAS_LLD)
        target_link_options(kb_options INTERFACE -fuse-ld=lld)
    endif()
endif()
if(KB_SANITIZE)
    # A test's own code is watched for its memory only: the checks for undefined behaviour, which are for what ships,
    # are a third of the time that it takes to compile.
    target_compile_options(kb_options INTERFACE
        $<IF:${kb_test_code},-fsanitize=address,-fsanitize=address$<COMMA>undefined> -fno-sanitize-recover=undefined
        -fno-omit-frame-pointer)
    target_link_options(kb_options INTERFACE -fsanitize=address,undefined)
endif()

# kb_test_code(target): marks it, and makes the moc file that its source includes without a scan of the whole target.
function(kb_test_code target)
    get_target_property(sources ${target} SOURCES)
    set_target_properties(${target} PROPERTIES KB_TEST_CODE ON AUTOMOC OFF)
    foreach(source IN LISTS sources)
        get_filename_component(stem "${source}" NAME_WE)
        get_filename_component(source "${source}" ABSOLUTE)
        set(moc "${CMAKE_CURRENT_BINARY_DIR}/moc/${target}/${stem}.moc")
        qt_generate_moc("${source}" "${moc}")
        target_sources(${target} PRIVATE "${moc}")
        target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/moc/${target}")
    endforeach()
endfunction()

configure_file("${CMAKE_SOURCE_DIR}/cmake/version.h.in" "${CMAKE_BINARY_DIR}/generated/kb_version.h" @ONLY)
