#!/bin/sh
# Measures the precision contract with both compilers and prints its tables; docs/accuracy.md ends with them:
#   sh tests/accuracy.sh [--write]
set -e
cd "$(dirname "$0")/.."
. cmake/packages.sh
need_packages $build_packages /usr/include/catch2:catch2 clang++:clang
tables=$(mktemp)
trap 'rm -f "$tables"' EXIT
running=
for preset in dev clang; do
  cmake --preset "$preset" > /dev/null
  cmake --build --preset "$preset" --target accuracy >&2
  "build/$preset/tests/accuracy" > "build/$preset/accuracy.txt" & running="$running $preset:$!"  # while the other is built
done
status=0
for each in $running; do
  wait "${each#*:}" || status=1
  preset=${each%:*}
  printf '\n### %s\n\n' "$([ "$preset" = dev ] && echo GCC || echo Clang)" >> "$tables"
  cat "build/$preset/accuracy.txt" >> "$tables"
done

# What other scripts hold: their last result.
goal() {
  last=$(cat "build/deep/$2.result" 2> /dev/null || echo "not run here")
  case $2 in coverage | mutation) last="$last: $(tail -n 1 "build/deep/$2.txt" 2> /dev/null)" ;; esac
  printf '| %s | %s | %s | `sh tests/deep.sh %s` |\n' "$1" "$3" "$last" "$2" >> "$tables"
}
printf '\n### By other scripts\n\n| of | goal | last result | command |\n| --- | --- | --- | --- |\n' >> "$tables"
goal 'coverage' coverage 'lines 95 %, decisions 85 %, every refusal provoked'
goal 'mutations' mutation '85 % killed, of log-dets, directions and masks all'
goal 'address and undefined-behaviour sanitizers' asan 'no finding'
goal 'thread sanitizer' tsan 'no finding'
goal 'memcheck' valgrind 'no finding'
goal 'fuzzing, 60 s a target, 512 MiB' fuzz 'no finding'
goal 'clang-tidy, cppcheck' analysis 'no finding'
goal 'SSE2, AVX2, AVX-512, -O2 and -O3; the bits of both compilers; 10^7 rows, 10^5 steps, 10^4 layers' matrix 'no warning; with SSE2 all tests, else those about numbers'
cat "$tables"
if [ "${1:-}" = --write ]; then
  sed -i '/^## Measured$/q' docs/accuracy.md
  cat "$tables" >> docs/accuracy.md
fi
exit $status
