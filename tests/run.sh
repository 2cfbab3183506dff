#!/bin/sh
# Builds and runs the tests: sh tests/run.sh [dev | gcc | native | asan | tsan] [--long]. Installs what is missing (Debian,
# as root).
set -e
cd "$(dirname "$0")/.."
. cmake/packages.sh
need_packages $build_packages /usr/include/catch2:catch2 clang-format:clang-format
preset=dev long=OFF
for argument in "$@"; do
  case $argument in --long) long=ON ;; *) preset=$argument ;; esac
done
case $preset in asan) need_clang_sanitizers ;; dev | native) need_packages clang++:clang ;; esac
cmake --preset "$preset" -DBIJOU_LONG=$long > /dev/null
cmake --build --preset "$preset" -j "$(nproc)" # more at once would compete for the caches
ctest --test-dir "build/$preset" --output-on-failure -j 2
