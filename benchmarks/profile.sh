#!/bin/sh
# Where the time of a task goes: its share by header, most first, and by function within it. Sampled 5,000 times a
# second on this machine's own instructions; g++ says which header an instruction, inlined or not, comes from.
# usage: sh benchmarks/profile.sh MODEL TASK ROWS CALLS         profile.sh maf6 log_prob 1 1000000
set -e
cd "$(dirname "$0")/.."
[ $# = 4 ] || { sed -n 's/^# usage: //p' "$0" >&2; exit 1; }
. cmake/packages.sh
need_packages $build_packages perf:linux-perf addr2line:binutils
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
${CXX:-g++} -std=c++20 -O3 -g -no-pie -DNDEBUG -march=native -DMODEL="make_$1" -Iinclude -isystem /usr/include/eigen3 \
  benchmarks/calls.cpp -o "$work/program" -pthread
taskset -c 0 perf record -q -e cpu-clock:u -F 5000 -o "$work/data" "$work/program" "$2" "$3" "$4"
perf script -i "$work/data" -F ip 2> /dev/null | sort | uniq -c > "$work/counts"
awk '{ print $2 }' "$work/counts" | addr2line -f -C -e "$work/program" > "$work/lines"
awk '{ print $1 }' "$work/counts" > "$work/times"
paste - - < "$work/lines" | paste "$work/times" - | awk -F '\t' '
  { file = $3; sub(/:.*/, "", file); sub(/.*\/include\//, "", file); share[file] += $1; all += $1 }
  END { for (f in share) printf "%5.1f %%  %s\n", 100 * share[f] / all, f }' | sort -rn | head -n 12
