# What tests, benchmarks and examples share: strict warnings, ccache, optional packages.
find_program(ccache ccache)
if(ccache AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # A precompiled header is only shared by a cache that ignores its time stamp.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${ccache})
endif()

add_library(bijou_development INTERFACE)
target_link_libraries(bijou_development INTERFACE bijou::bijou)
target_compile_options(
  bijou_development INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wdouble-promotion -Werror
  $<$<CXX_COMPILER_ID:Clang>:-fpch-instantiate-templates>)
if(BIJOU_NATIVE) # GCC 12 takes what its own AVX-512 intrinsics leave open for uninitialised
  target_compile_options(bijou_development INTERFACE -march=native $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-uninitialized>)
endif()

find_package(nlohmann_json 3 QUIET)
if(nlohmann_json_FOUND)
  target_link_libraries(bijou_development INTERFACE nlohmann_json::nlohmann_json)
endif()
find_package(ZLIB QUIET)
if(ZLIB_FOUND)
  target_link_libraries(bijou_development INTERFACE ZLIB::ZLIB)
endif()
