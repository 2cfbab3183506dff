#!/bin/sh
# Instructions a row, counted by Valgrind: the same in every run, whatever else the machine does, so that a change of a
# percent can be seen. For AVX2, as Valgrind knows no AVX-512.     sh benchmarks/instructions.sh [MODEL ...]
set -e
cd "$(dirname "$0")/.."
. cmake/packages.sh
need_packages $build_packages valgrind:valgrind
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- realnvp2d armog2d nsf2d maf6 maf43 nis4 nis8
printf '%-10s %-11s %8s %14s\n' model task rows instructions/row
for model in "$@"; do
  ${CXX:-g++} -std=c++20 -O3 -DNDEBUG -mavx2 -mfma -DMODEL="make_$model" -Iinclude -isystem /usr/include/eigen3 \
    benchmarks/calls.cpp -o "$work/program" -pthread
  for task in 'train_step 256' 'log_prob 1' 'sample 1' 'log_prob 4096' 'sample 4096'; do
    rows=${task#* }
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --collect-atstart=no --toggle-collect='counted*' \
      "$work/program" ${task% *} "$rows" 2> "$work/log" || { cat "$work/log" >&2; exit 1; }
    total=$(sed -n 's/.*Collected : *//p' "$work/log")
    [ "$total" -gt 0 ] || { echo "$0: nothing was counted of $model $task" >&2; exit 1; }
    printf '%-10s %-11s %8d %14d\n' "$model" "${task% *}" "$rows" $((total / rows))
  done
done
