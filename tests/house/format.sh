#!/bin/sh
# The style of .clang-format is applied (exit 77: clang-format is not here).
cd "$1" || exit 1
command -v clang-format > /dev/null || { echo "clang-format is missing: apt-get install clang-format"; exit 77; }
find include tests examples benchmarks -name '*.[hc]pp' | xargs clang-format --dry-run --Werror
