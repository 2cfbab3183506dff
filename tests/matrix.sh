#!/bin/sh
# The tests under every kind of flags that users have: without a warning, and with all of them passing.
# usage: matrix.sh [name of one row] [test names; default: all]
cd "$(dirname "$0")/.." || exit 1
. cmake/packages.sh
need_packages $build_packages /usr/include/catch2:catch2
only=$1; [ $# -gt 0 ] && shift
bad=0
row() {
  name=$1 flags=$2; shift 2
  [ -z "$only" ] || [ "$only" = "$name" ] || return 0
  build=build/matrix/$name start=$(date +%s)
  cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="$flags" -DBIJOU_BENCHMARKS=OFF -DBIJOU_EXAMPLES=OFF > /dev/null || exit 1
  [ $# -gt 0 ] || set -- $(ninja -C "$build" -t targets all | sed -n '/^cmake_/d; s/^\([^/:]*_test\): .*/\1/p')
  pattern=$(echo "$@" | tr ' ' '|')
  if cmake --build "$build" --target "$@" > "$build/said.txt" 2>&1 && ctest --test-dir "$build" -R "^($pattern)\$" --output-on-failure >> "$build/said.txt" 2>&1; then
    result=passed
  else
    result=FAILED bad=1; tail -n 40 "$build/said.txt"
  fi
  printf '%-8s %-28s %s, %d s\n' "$name" "$flags" "$result" "$(($(date +%s) - start))"
}
row O0 '-O0' "$@"
row O2 '-O2' "$@"
row native '-O3 -march=native' "$@"
row sse2 '-O2 -march=x86-64' "$@"
row avx2 '-O2 -mavx2 -mfma' "$@"
exit $bad
