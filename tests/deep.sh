#!/bin/sh
# The checks that take too long for every change, about an hour on 2 cores: a line a step, the output of each in
# build/deep. Fails if any step fails.
# usage: deep.sh [names of steps; default: all]
cd "$(dirname "$0")/.." || exit 1
mkdir -p build/deep
for name in "$@"; do grep -q "^step $name " tests/deep.sh || { echo "no such step: $name"; exit 1; }; done
bad=0 wanted=" $* " whole=$(date +%s) clear=
[ ! -t 1 ] || clear='\033[K'
commit=$(git rev-parse --short HEAD)$(git diff --quiet HEAD || echo +)  # +: with changes
step() {
  name=$1; shift
  case "$wanted" in "  " | *" $name "*) ;; *) return 0 ;; esac
  [ ! -t 1 ] || printf '%-10s running: %s\r' "$name" "$*"
  start=$(date +%s)
  if "$@" > "build/deep/$name.txt" 2>&1; then result=passed; else result=FAILED bad=1; fi
  seconds=$(($(date +%s) - start))
  echo "$result in $seconds s, $commit" > "build/deep/$name.result"  # accuracy.sh prints it beside its goal
  printf "%-10s %s, %d s$clear\n" "$name" "$result" "$seconds"
  [ $result = passed ] || tail -n 15 "build/deep/$name.txt" | sed 's/^/    /'
}
step analysis sh tests/analysis.sh
step asan sh tests/run.sh asan
step tsan sh tests/run.sh tsan
step valgrind sh tests/valgrind.sh
step coverage sh tests/coverage.sh
step matrix sh tests/matrix.sh 'long avx2 native clang_avx2 clang_native' # not all at O0 and O2: coverage.sh, .ci/run
step mutation sh tests/mutation.sh --sample 50 --seed "$(date +%j)"
step fuzz sh tests/fuzz.sh 60
printf '%-10s %d s\n' together $(($(date +%s) - whole))
exit $bad
