# What the project stands on. Their Debian packages are named in scripts/packages.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(xtensor REQUIRED)
find_package(xsimd REQUIRED)
find_package(xtensor-blas REQUIRED)
find_package(TBB REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CLI11 REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
find_path(TOMLPLUSPLUS_INCLUDE toml++/toml.h REQUIRED)
find_path(RANDOM123_INCLUDE Random123/philox.h REQUIRED)
find_library(OPENBLAS_LIBRARY openblas REQUIRED)
find_path(STEMMER_INCLUDE libstemmer.h REQUIRED)
find_library(STEMMER_LIBRARY stemmer REQUIRED)

# Everything numeric: tensors, SIMD, BLAS, threads, random numbers. SYSTEM: their warnings are not ours.
add_library(saccade_math INTERFACE)
target_include_directories(saccade_math SYSTEM INTERFACE ${xtensor_INCLUDE_DIRS} ${xsimd_INCLUDE_DIRS}
                                                         ${xtensor_blas_INCLUDE_DIRS} ${RANDOM123_INCLUDE})
target_compile_definitions(saccade_math INTERFACE XTENSOR_USE_XSIMD HAVE_CBLAS=1)
target_link_libraries(saccade_math INTERFACE ${OPENBLAS_LIBRARY} TBB::tbb Threads::Threads)

# Text, files, formats, digests.
add_library(saccade_text INTERFACE)
target_link_libraries(saccade_text INTERFACE fmt::fmt nlohmann_json::nlohmann_json ZLIB::ZLIB OpenSSL::Crypto)

# Stems of words, for the scores of captions.
add_library(saccade_words INTERFACE)
target_include_directories(saccade_words SYSTEM INTERFACE ${STEMMER_INCLUDE})
target_link_libraries(saccade_words INTERFACE ${STEMMER_LIBRARY})

# The command, its pictures and its downloads.
add_library(saccade_command_libraries INTERFACE)
target_include_directories(saccade_command_libraries SYSTEM INTERFACE ${TOMLPLUSPLUS_INCLUDE})
target_link_libraries(saccade_command_libraries INTERFACE CLI11::CLI11 PkgConfig::CAIRO CURL::libcurl)

# Optional: products of bfloat16. AUTO takes oneDNN where it is found.
set(SACCADE_ONEDNN "AUTO" CACHE STRING "Products of bfloat16 by oneDNN 2: ON, OFF or AUTO")
if(SACCADE_ONEDNN)
  find_package(dnnl 2 CONFIG QUIET)
  find_package(OpenMP QUIET COMPONENTS CXX)
  if(dnnl_FOUND AND OpenMP_CXX_FOUND)
    add_library(saccade_one_dnn INTERFACE)
    target_link_libraries(saccade_one_dnn INTERFACE DNNL::dnnl ${OpenMP_CXX_LIBRARIES})
  elseif(SACCADE_ONEDNN STREQUAL "AUTO")
    message(STATUS "oneDNN 2 not found: no products of bfloat16 but emulated ones")
  else()
    message(FATAL_ERROR "SACCADE_ONEDNN is ${SACCADE_ONEDNN}, but oneDNN 2 with OpenMP was not found (Debian: libdnnl-dev)")
  endif()
endif()
