# Compiler settings of every target of ours.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_CXX_FLAGS_RELEASE "-O3")

find_program(SACCADE_CCACHE ccache)
if(SACCADE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers carry time stamps, which ccache must be told to overlook.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${SACCADE_CCACHE})
endif()

# Flags that change what the numbers come out as or how fast; run records name them.
set(SACCADE_CODE_FLAGS -march=${SACCADE_ARCH} -fno-math-errno -fno-trapping-math -ffp-contract=fast)

add_library(saccade_settings INTERFACE)
target_include_directories(saccade_settings INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(saccade_settings INTERFACE ${SACCADE_CODE_FLAGS})
target_compile_options(saccade_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wno-stringop-overflow
                                                  $<$<BOOL:${SACCADE_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(saccade_settings INTERFACE -fpch-preprocess)
  # GCC 12 takes the undefined operands in its own AVX-512 header for variables of ours (its bug 105593).
  target_compile_options(saccade_settings INTERFACE -Wno-uninitialized -Wno-maybe-uninitialized)
endif()
if(SACCADE_SANITIZE)
  target_compile_options(saccade_settings INTERFACE -fsanitize=${SACCADE_SANITIZE} -fno-omit-frame-pointer
                                                    -fno-sanitize-recover=all
                         # False alarms of GCC 12 in the regular expressions that Catch uses.
                         $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(saccade_settings INTERFACE -fsanitize=${SACCADE_SANITIZE})
endif()
