# saccade_add_library(NAME LIBS lib...)
#
# All sources below NAME/ as two static libraries, saccade_NAME (float) and saccade_NAME_double, linked with the library of
# the same precision for each of ours named in LIBS. A new source file needs no edit.
function(saccade_add_library name)
  cmake_parse_arguments(ARG "" "" "LIBS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${name}/*.cpp")
  if(NOT sources)
    message(STATUS "No sources in ${name}/: no saccade_${name}")
    return()
  endif()
  # The digits are the same pictures whatever instructions the CPU has: no product is fused with a sum.
  set_source_files_properties("${PROJECT_SOURCE_DIR}/envs/digits/strokes.cpp"
                              PROPERTIES COMPILE_OPTIONS -ffp-contract=off)
  # The kernel of products keeps its sums in registers in every build, under the sanitizers too: without, a test that
  # learns to play took 124 s there, and 48 s with these options.
  set(kernel_options -O3)
  if(SACCADE_SANITIZE)
    list(APPEND kernel_options -fno-sanitize-address-use-after-scope)
  endif()
  set_source_files_properties("${PROJECT_SOURCE_DIR}/core/tensor/packed_products.cpp"
                              PROPERTIES SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS "${kernel_options}")
  foreach(suffix "" "_double")
    set(target saccade_${name}${suffix})
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PUBLIC saccade_settings)
    foreach(lib ${ARG_LIBS})
      if(TARGET saccade_${lib}${suffix})
        target_link_libraries(${target} PUBLIC saccade_${lib}${suffix})
      else()
        target_link_libraries(${target} PUBLIC ${lib})
      endif()
    endforeach()
    if(suffix)
      target_compile_definitions(${target} PUBLIC SACCADE_REAL_DOUBLE)
    endif()
    target_precompile_headers(${target} PRIVATE "${PROJECT_SOURCE_DIR}/core/tensor/tensor.hpp" <string> <vector>)
    if(NOT suffix)
      add_library(saccade::${name} ALIAS ${target})
    endif()
  endforeach()
endfunction()

# Links oneDNN, if it was found, to a library of float: one source knows of it.
function(saccade_use_one_dnn target source)
  if(TARGET saccade_one_dnn)
    target_link_libraries(${target} PRIVATE saccade_one_dnn)
    set_source_files_properties("${PROJECT_SOURCE_DIR}/${source}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON
                                COMPILE_DEFINITIONS SACCADE_ONEDNN)
  endif()
endfunction()

# OpenCV, if it was found, as a shared library of its own that `target` loads when a photograph is to be looked at.
function(saccade_use_opencv target)
  if(TARGET saccade_opencv_libraries)
    add_library(saccade_opencv MODULE "${PROJECT_SOURCE_DIR}/experiments/data/opencv/encoder.cpp"
                                      "${PROJECT_SOURCE_DIR}/experiments/data/opencv/picture.cpp"
                                      "${PROJECT_SOURCE_DIR}/core/io/file.cpp")
    target_link_libraries(saccade_opencv PRIVATE saccade_settings saccade_text saccade_opencv_libraries)
    add_dependencies(${target} saccade_opencv)
    target_link_libraries(${target} PRIVATE ${CMAKE_DL_LIBS})
    set_source_files_properties("${PROJECT_SOURCE_DIR}/experiments/data/opencv_module.cpp" PROPERTIES SKIP_PRECOMPILE_HEADERS ON
                                COMPILE_DEFINITIONS "SACCADE_OPENCV_MODULE=\"$<TARGET_FILE:saccade_opencv>\"")
  endif()
endfunction()

# The library behind the command, and the command itself.
function(saccade_add_command)
  file(GLOB sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/experiments/*.cpp"
                                      "${PROJECT_SOURCE_DIR}/experiments/data/*.cpp")
  file(GLOB commands CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/experiments/commands/*.cpp")
  list(REMOVE_ITEM sources "${PROJECT_SOURCE_DIR}/experiments/main.cpp")
  add_library(saccade_experiments STATIC ${sources})
  target_link_libraries(saccade_experiments PUBLIC saccade_core saccade_envs saccade_agents saccade_command_libraries)
  target_precompile_headers(saccade_experiments REUSE_FROM saccade_core)
  saccade_describe_build(saccade_experiments)
  saccade_use_opencv(saccade_experiments)
  add_library(saccade::experiments ALIAS saccade_experiments)

  add_executable(saccade "${PROJECT_SOURCE_DIR}/experiments/main.cpp" ${commands})
  target_link_libraries(saccade PRIVATE saccade::experiments)
endfunction()

# What build_info() reports: settings of this build, and the commit as of each build.
function(saccade_describe_build target)
  set(header "${PROJECT_BINARY_DIR}/generated/experiments/git_version.hpp")
  add_custom_target(saccade_git_version BYPRODUCTS ${header}
                    COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DOUTPUT=${header}
                            -P ${PROJECT_SOURCE_DIR}/cmake/GitVersion.cmake)
  add_dependencies(${target} saccade_git_version)
  target_include_directories(${target} PRIVATE "${PROJECT_BINARY_DIR}/generated")
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  list(JOIN SACCADE_CODE_FLAGS " " code_flags)
  string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}} ${code_flags}" flags)
  set(libraries "")
  foreach(library xtensor xsimd xtensor-blas TBB fmt nlohmann_json CLI11 CAIRO)
    list(APPEND libraries "${library} ${${library}_VERSION}")
  endforeach()
  list(JOIN libraries "," libraries)
  set_source_files_properties("${PROJECT_SOURCE_DIR}/experiments/build_info.cpp" PROPERTIES SKIP_PRECOMPILE_HEADERS ON
    COMPILE_DEFINITIONS "SACCADE_VERSION=\"${PROJECT_VERSION}\";SACCADE_COMPILER=\"${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}\";SACCADE_COMPILE_FLAGS=\"${flags}\";SACCADE_ARCH_NAME=\"${SACCADE_ARCH}\";SACCADE_BUILD_TYPE=\"${CMAKE_BUILD_TYPE}\";SACCADE_SOURCE_FOLDER=\"${PROJECT_SOURCE_DIR}\";SACCADE_LIBRARIES=\"${libraries}\"")
endfunction()
