# What every target of the project has in common: language level, warnings, sanitizers.

# Flags of all our own code, as an interface target.
add_library(faultline_flags INTERFACE)
target_compile_features(faultline_flags INTERFACE cxx_std_20)
target_include_directories(faultline_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/include)
# Tells the public headers that this is no plug-in (include/faultline/strategy.h).
target_compile_definitions(faultline_flags INTERFACE FAULTLINE_BUILDING)
target_compile_options(faultline_flags INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
                       -Wno-missing-field-initializers)
if(FAULTLINE_WARNINGS_AS_ERRORS)
  target_compile_options(faultline_flags INTERFACE -Werror)
endif()
if(FAULTLINE_SANITIZE)
  target_compile_options(faultline_flags INTERFACE -fsanitize=${FAULTLINE_SANITIZE}
                         -fno-sanitize-recover=all -fno-omit-frame-pointer
                         # GCC 12 sees some in the standard library then
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  # The check of dynamic types reads memory by system calls, which tests of counters would count.
  target_compile_options(faultline_flags INTERFACE -fno-sanitize=vptr)
  target_link_options(faultline_flags INTERFACE -fsanitize=${FAULTLINE_SANITIZE})
endif()

# Headers that many files include and that take long to read. Not nlohmann's JSON: GCC instantiates its parser in every
# file that sees it, which takes longer than reading it where it is used.
set(faultline_slow_headers <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <iostream> <map> <memory>
    <mutex> <optional> <span> <sstream> <string> <string_view> <thread> <unordered_map> <utility>
    <vector> <fmt/format.h>)

# Gives a target those headers precompiled, which halves the time that a small file takes. They are compiled with the
# lowest library; once more as untimed targets are optimised, with the lowest of these; and once with the tests'
# framework. A file still includes what it uses: the preset `debug` does without.
function(faultline_precompile name)
  if(NOT FAULTLINE_PRECOMPILED_HEADERS)
    return()
  endif()
  get_target_property(untimed ${name} FAULTLINE_UNTIMED)
  if(name STREQUAL faultline_base)
    target_precompile_headers(${name} PRIVATE ${faultline_slow_headers})
  elseif(name STREQUAL base_tests)
    target_precompile_headers(${name} PRIVATE ${faultline_slow_headers} ${PROJECT_SOURCE_DIR}/tests/catch.h)
  elseif(name MATCHES "_tests$")
    target_precompile_headers(${name} REUSE_FROM base_tests)
  elseif(untimed AND name STREQUAL faultline_json)
    target_precompile_headers(${name} PRIVATE ${faultline_slow_headers})
  elseif(untimed)
    target_precompile_headers(${name} REUSE_FROM faultline_json)
  else()
    target_precompile_headers(${name} REUSE_FROM faultline_base)
  endif()
endfunction()

# Compiles all files of a target as one, where that is asked for: most of the time goes into headers and the templates
# that every file instantiates. Names in unnamed namespaces of one target must differ then; files that say the same in
# the same words, as strategies do, have a namespace each. Tests are many, so that groups of them use both processors.
function(faultline_unity name)
  set(files 0)
  if(name MATCHES "_tests$")
    set(files 6)
  endif()
  set_target_properties(${name} PROPERTIES UNITY_BUILD ${FAULTLINE_UNITY} UNITY_BUILD_BATCH_SIZE ${files})
endfunction()

# What a program of tests has besides: it need not be fast, but compiled soon.
function(faultline_test_program name)
  target_compile_options(${name} PRIVATE -O0)
  faultline_unity(${name})
  faultline_precompile(${name})
endfunction()

# For targets in which nothing runs while a trial is timed: compiled soon rather than fast. Sanitized builds are that
# anyway.
function(faultline_untimed name)
  if(NOT FAULTLINE_SANITIZE)
    target_compile_options(${name} PRIVATE "$<$<NOT:$<CONFIG:Debug>>:-O1;-g0>")
    set_target_properties(${name} PROPERTIES FAULTLINE_UNTIMED ON)
  endif()
endfunction()

# faultline_library(NAME [OBJECT] [UNTIMED] DEPENDS target…): every .cc of the current folder as one library.
# OBJECT is for folders of self-registering files, which a static archive would silently drop; UNTIMED for those in which
# nothing runs while a trial is timed.
function(faultline_library name)
  cmake_parse_arguments(arg "OBJECT;UNTIMED" "" "DEPENDS;SOURCES" ${ARGN})
  if(NOT arg_SOURCES)
    file(GLOB arg_SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  endif()
  if(arg_OBJECT)
    add_library(${name} OBJECT ${arg_SOURCES})
  else()
    add_library(${name} STATIC ${arg_SOURCES})
  endif()
  if(arg_UNTIMED)
    faultline_untimed(${name})
  endif()
  faultline_unity(${name})
  target_link_libraries(${name} PUBLIC faultline_flags ${arg_DEPENDS})
  faultline_precompile(${name})
endfunction()

# Loops that most runs of the program spend most of their time in, with sanitizers and unoptimised: these files of the
# current folder are optimised nevertheless. All at that level would take twice as long to compile.
function(faultline_optimized_when_sanitized)
  if(FAULTLINE_SANITIZE)
    set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O1 SKIP_UNITY_BUILD_INCLUSION ON
                                                   SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()
