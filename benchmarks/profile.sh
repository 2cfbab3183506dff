#!/bin/sh
# Where the time of a task goes: the share of each header, most first. Sampled 5,000 times a second on this machine's own
# instructions; an inlined one counts for the innermost header that is not of core or a compiler's.
# usage: sh benchmarks/profile.sh MODEL TASK ROWS CALLS, such as maf6 log_prob 1 1000000
set -e
cd "$(dirname "$0")/.."
[ $# = 4 ] || { sed -n 's/^# usage: /usage: /p' "$0" >&2; exit 1; }
. cmake/packages.sh
need_packages $build_packages perf:linux-perf addr2line:binutils
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
${CXX:-g++} -std=c++20 -O3 -g -no-pie -DNDEBUG -march=native -DMODEL="make_$1" -Iinclude -isystem /usr/include/eigen3 \
  benchmarks/calls.cpp -o "$work/program" -pthread
perf record -q -e cpu-clock:u -F 5000 -o "$work/data" "$work/program" "$2" "$3" "$4"
perf script -i "$work/data" -F ip 2> /dev/null | awk '{ print "0x" $1 }' > "$work/samples"
sort -u "$work/samples" | addr2line -a -i -e "$work/program" > "$work/frames"
awk 'NR == FNR && /^0x/ { at = $1; sub(/^0x0*/, "", at); next }
     NR == FNR { if (!(at in piece) && /\/bijou\// && !/\/bijou\/core\//) { sub(/.*\/bijou\//, ""); sub(/:.*/, ""); piece[at] = $0 }; next }
     { at = $1; sub(/^0x0*/, "", at); name = at in piece ? piece[at] : "other"; ++share[name]; ++all }
     END { for (name in share) printf "%5.1f %%  %s\n", 100 * share[name] / all, name }' "$work/frames" "$work/samples" |
  sort -rn | head -n 10
