#!/bin/sh
# The tests under every kind of flags that users have: without a warning, and with all of them passing. O0, for SSE2, runs all
# tests but the long ones, which have a row of their own (at -O2 the preset gcc does). avx2 and native, whose instructions
# differ, repeat those about numbers, of float and double (those of long double are the same everywhere); Clang only that of
# the bits of all models, which are pinned for each instruction set.
# usage: matrix.sh [names of rows, in quotes] [test names]; default: all
cd "$(dirname "$0")/.." || exit 1
. cmake/packages.sh
need_packages $build_packages clang++:clang /usr/include/catch2:catch2
only=$1; [ $# -gt 0 ] && shift
tests=$*
for name in $only; do grep -q "row $name " tests/matrix.sh || { echo "no such row: $name"; exit 1; }; done
numbers='core_core|math_.*|autodiff_.*|transformers_.*|distributions_reference|layers_(conformance_(float|double)|deep|exact|features|order)|flow_determinism'
bad=0
row() {
  [ "$1" = long ] && long=ON || long=OFF
  name=$1 which=$2 flags=$3 compiler=${4:-g++}
  case $flags in *native) native=ON ;; *) native=OFF ;; esac
  case " ${only:-$name} " in *" $name "*) ;; *) return 0 ;; esac
  build=build/matrix/$name start=$(date +%s)
  cmake -S . -B "$build" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS="$flags" -DBIJOU_LONG=$long -DBIJOU_NATIVE=$native -DBIJOU_BENCHMARKS=OFF -DBIJOU_EXAMPLES=OFF > /dev/null || exit 1
  targets=${tests:-$(ninja -C "$build" -t targets all | sed -n '/^cmake_/d; s/^\([^/:]*_test\): .*/\1/p' | grep -xE "($which)_test")}
  pattern=$(echo $targets | tr ' ' '|')
  if cmake --build "$build" --target $targets > "$build/said.txt" 2>&1 &&
    ctest --test-dir "$build" -R "^($pattern)\$" -j 2 --output-on-failure >> "$build/said.txt" 2>&1; then
    result=passed
  else
    result=FAILED bad=1; tail -n 40 "$build/said.txt"
  fi
  printf '%-12s %-20s %s, %d tests, %d s\n' "$name" "$flags" "$result" "$(echo $targets | wc -w)" "$(($(date +%s) - start))"
}
row O0 '.*' '-O0'
row long 'long_.*' '-O2'
row avx2 "$numbers" '-O2 -mavx2 -mfma'
row native "$numbers" '-O3 -march=native'
# The bits that this test pins are the same for both compilers and any optimisation.
(row clang_avx2 flow_determinism '-O2 -mavx2 -mfma' clang++; exit $bad) & other=$!
row clang_native flow_determinism '-O3 -march=native' clang++
wait $other || bad=1
exit $bad
