# Compiler settings and packages, in one place.

find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS context json unit_test_framework)
find_package(fmt REQUIRED)
find_package(range-v3 REQUIRED)
find_package(rapidcheck CONFIG QUIET)

add_library(quiesce_options INTERFACE)
target_include_directories(quiesce_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(quiesce_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  # Designated initialisers name what differs; members have their defaults.
  -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees overlapping copies in std::string's operator+ that cannot happen (its bug 105651).
  target_compile_options(quiesce_options INTERFACE -Wno-restrict)
endif()
if(QUIESCE_SANITIZE)
  target_compile_options(quiesce_options INTERFACE
    -fsanitize=${QUIESCE_SANITIZE} -fno-omit-frame-pointer -O1 -g1)
  target_link_options(quiesce_options INTERFACE -fsanitize=${QUIESCE_SANITIZE})
  if(QUIESCE_SANITIZE MATCHES undefined)
    target_compile_options(quiesce_options INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()

find_program(QUIESCE_CCACHE ccache)
if(QUIESCE_CCACHE)
  # Paths relative to the tree: a copy of the tree (the mutants' nursery) finds the same objects.
  # Sloppy about what a precompiled header needs: its own content is hashed all the same.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
      CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${QUIESCE_CCACHE})
endif()
find_program(QUIESCE_MOLD mold)
if(QUIESCE_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

# A layer's library: sources are listed by the caller, dependencies are the layers it may see.
#   TEXT  it reads and writes text, which takes no time: not worth more of the compiler's than -O1
function(quiesce_library name)
  cmake_parse_arguments(ARG "TEXT" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  if(ARG_TEXT)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  target_link_libraries(${name} PUBLIC quiesce_options ${ARG_LINKS})
endfunction()

# Everything that runs real threads: what the thread sanitizer's leg builds and runs.
add_custom_target(thread_tests)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT QUIESCE_SANITIZE)
  set(QUIESCE_PRECOMPILE ON)
endif()

# What the tests of a kind share: how they are compiled, and their entry point, compiled once.
# Boost.Test is read once, too. Every test names what it uses all the same: the legs with a
# sanitizer compile it without, which keeps that true (and a clone's cache of clang's warm).
function(quiesce_test_kind name optimisation)
  add_library(${name}_options INTERFACE)
  target_compile_definitions(${name}_options INTERFACE BOOST_TEST_DYN_LINK)
  target_link_libraries(${name}_options INTERFACE quiesce_options Boost::unit_test_framework)
  if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT QUIESCE_SANITIZE)
    target_compile_options(${name}_options INTERFACE ${optimisation})
  endif()
  add_library(${name}_main OBJECT ${PROJECT_SOURCE_DIR}/tests/test_main.cpp)
  target_link_libraries(${name}_main PRIVATE ${name}_options)
  if(QUIESCE_PRECOMPILE)
    target_compile_options(${name}_options INTERFACE -fpch-preprocess)  # ccache asks for it
    target_precompile_headers(${name}_main PRIVATE
      <boost/test/unit_test.hpp> <algorithm> <array> <cstdint> <filesystem> <fstream> <functional>
      <map> <memory> <optional> <set> <span> <sstream> <string> <string_view> <vector>)
  endif()
endfunction()

# Tests call what is optimised: to optimise the calls would take longer than they do. Where a test
# searches or generates much in templates of its own, its program says OPTIMISED.
function(quiesce_test_settings)
  quiesce_test_kind(quiesce_test -O0)
  quiesce_test_kind(quiesce_optimised_test -O1)
endfunction()

# A Boost.Test program, registered with ctest under its own name.
#   quiesce_test(NAME tests_spec SOURCES a.cpp b.cpp LINKS quiesce_spec [LABELS threads]
#                [OPTIMISED])
function(quiesce_test)
  cmake_parse_arguments(ARG "OPTIMISED" "NAME" "SOURCES;LINKS;LABELS;ARGS" ${ARGN})
  set(kind quiesce_test)
  if(ARG_OPTIMISED)
    set(kind quiesce_optimised_test)
  endif()
  add_executable(${ARG_NAME} ${ARG_SOURCES} $<TARGET_OBJECTS:${kind}_main>)
  target_link_libraries(${ARG_NAME} PRIVATE ${kind}_options ${ARG_LINKS})
  if(QUIESCE_PRECOMPILE)
    target_precompile_headers(${ARG_NAME} REUSE_FROM ${kind}_main)
  endif()
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME} ${ARG_ARGS}
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${ARG_NAME} PROPERTIES TIMEOUT 600 LABELS "${ARG_LABELS}")
  if("threads" IN_LIST ARG_LABELS)
    add_dependencies(thread_tests ${ARG_NAME})
  endif()
endfunction()
