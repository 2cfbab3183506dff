#!/bin/sh
# How much of include/bijou the tests reach, at -O0. Fails under 95 % of the lines or 85 % of the decisions, and for each
# refusal (throw, require, fail) that no test provokes.
cd "$(dirname "$0")/.." || exit 1
. cmake/packages.sh
need_packages $build_packages /usr/include/catch2:catch2 python3:python3
build=build/coverage
# A compiler cache would mix up the counters' files.
cmake --preset coverage -DCMAKE_CXX_COMPILER_LAUNCHER=env > /dev/null || exit 1
targets=$(ninja -C $build -t targets all | sed -n '/^cmake_/d; s/^\([^/:]*_test\): .*/\1/p')
cmake --build $build --target $targets || exit 1
find $build -name '*.gcda' -delete
ctest --test-dir $build -R _test -j 2 --output-on-failure > $build/tests.txt || { tail -n 40 $build/tests.txt; exit 1; }
exec python3 tests/coverage.py $build
