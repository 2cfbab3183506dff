#!/bin/sh
# Lets libFuzzer search for bytes that break a promise: sh tests/fuzz.sh [seconds for each target, 60] [targets...]
# What it finds is left in build/fuzz/found; a mended one belongs into tests/fuzz/corpus/<target>, where every test run sees it.
set -e
cd "$(dirname "$0")/.."
. cmake/packages.sh
need_packages $build_packages /usr/include/catch2:catch2
need_clang_sanitizers
seconds=${1:-60}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- $(ls tests/fuzz/*_fuzz.cpp | sed 's|.*/||; s|_fuzz.cpp||')
cmake --preset fuzz > /dev/null
cmake --build --preset fuzz --target $(printf '%s_fuzz ' "$@")
mkdir -p build/fuzz/found
# 512 MB: an ordinary process would need 256; the address sanitizer keeps freed memory (here 64 MB) and a shadow of all of it.
search() {
  mkdir -p "build/fuzz/corpus/$1"
  ASAN_OPTIONS=quarantine_size_mb=64 "build/fuzz/tests/fuzz/$1_fuzz" -max_total_time="$seconds" -rss_limit_mb=512 -malloc_limit_mb=256 -timeout=10 \
    -max_len=4096 -print_final_stats=1 -artifact_prefix="build/fuzz/found/$1-" "build/fuzz/corpus/$1" "tests/fuzz/corpus/$1" > "build/fuzz/$1.log" 2>&1
}
bad=0
while [ $# -gt 0 ]; do  # one target a core
  running=
  while [ $# -gt 0 ] && [ "$(echo $running | wc -w)" -lt "$(nproc)" ]; do
    search "$1" & running="$running $1:$!"; shift
  done
  for each in $running; do
    target=${each%:*}
    echo "== $target, $seconds s"
    wait "${each#*:}" || { bad=1; tail -n 40 "build/fuzz/$target.log"; }
    grep -E 'number_of_executed_units|peak_rss' "build/fuzz/$target.log" || true
  done
done
exit $bad
