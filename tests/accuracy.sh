#!/bin/sh
# Measures the precision contract with both compilers and prints its tables; --write puts them into docs/accuracy.md.
# usage: accuracy.sh [--write]
set -e
cd "$(dirname "$0")/.."
. cmake/packages.sh
need_packages $build_packages /usr/include/catch2:catch2 clang++:clang
tables=$(mktemp)
trap 'rm -f "$tables"' EXIT
running=
for preset in gcc dev; do
  cmake --preset "$preset" > /dev/null
  cmake --build --preset "$preset" --target accuracy >&2
  "build/$preset/tests/accuracy" > "build/$preset/accuracy.txt" & running="$running $preset:$!"  # while the other is built
done
status=0
for each in $running; do
  wait "${each#*:}" || status=1
  preset=${each%:*}
  printf '\n### %s\n\n' "$([ "$preset" = gcc ] && echo GCC || echo Clang)" >> "$tables"
  cat "build/$preset/accuracy.txt" >> "$tables"
done

# What other scripts hold: of the deep ones the last result and its commit, + where the tree had changes.
other() { printf '| %s | %s | %s | `%s` |\n' "$@" >> "$tables"; }
goal() {
  last=$(cat "build/deep/$2.result" 2> /dev/null || echo "not run here")
  case $2 in coverage | mutation) [ ! -s "build/deep/$2.txt" ] || last="$last: $(tail -n 1 "build/deep/$2.txt")" ;; esac
  other "$1" "$3" "$last" "sh tests/deep.sh $2"
}
printf '\n### By other scripts\n\n| of | goal | last result and commit | command |\n| --- | --- | --- | --- |\n' >> "$tables"
goal 'coverage' coverage 'lines 95 %, decisions 85 %, every refusal provoked'
goal 'mutations' mutation '85 % killed, of log-dets, directions and masks all'
goal 'address and undefined-behaviour sanitizers' asan 'no finding'
goal 'thread sanitizer' tsan 'no finding'
goal 'memcheck' valgrind 'no finding'
goal 'fuzzing, 60 s a target, 512 MiB: 256, and as much again for what the address sanitizer keeps' fuzz 'no finding'
goal 'clang-tidy, cppcheck' analysis 'no finding'
other 'the static analyzer of GCC' 'no finding in our headers' 'by hand, it takes minutes' 'sh tests/analysis.sh --gcc'
goal 'AVX2 at -O2, this machine at -O3; the bits of both compilers; 10^7 rows, 10^5 steps, 10^4 layers' matrix 'no warning; tests about numbers and long tests pass'
other 'SSE2 at -O2, GCC; this machine at -O3, Clang' 'no warning, all tests pass' 'before a change lands' 'sh tests/run.sh gcc; sh tests/run.sh native'
always='in every build: an error ends it'
other 'warnings of both compilers, each header compiled alone as well' 'none' "$always" 'cmake --build --preset dev; the same with gcc'
other 'translation units of all headers link' 'no symbol twice' "$always" 'ninja -C build/dev headers_link_together'
other 'a training step, log p and samples, once warm' 'no allocation' 'in every test run' 'build/dev/tests/flow_allocation_test'
cat "$tables"
if [ "${1:-}" = --write ]; then
  sed -i '/^## Measured$/q' docs/accuracy.md
  cat "$tables" >> docs/accuracy.md
fi
exit $status
