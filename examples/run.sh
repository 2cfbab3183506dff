#!/bin/sh
# The main job: sh examples/run.sh [table.csv [--checkpoint FILE | --model FILE]]. Installs what is missing (Debian, as
# root), builds, runs.
# Without a table: the autoregressive flow on two moons, and a table that comes with the project. Figures, models and
# samples go to bijou_output/ (or $BIJOU_OUTPUT); the last lines on standard output are one a fit:
#   NAME test_nll=... reference_nll=... seconds=...      (reference: the true entropy, or one Gaussian's NLL)
set -e
source=$(cd "$(dirname "$0")/.." && pwd)
. "$source/cmake/packages.sh"
need_packages $build_packages gnuplot:gnuplot-nox
quick=${BIJOU_QUICK:+--quick}
(cd "$source" && cmake --preset release > /dev/null && cmake --build --preset release --target 04_autoregressive 06_fit_csv >&2)
run=$source/build/release/examples
if [ $# -gt 0 ]; then
  "$run/06_fit_csv" $quick "$@"
else
  "$run/06_fit_csv" $quick > "$source/build/release/table.txt"
  "$run/04_autoregressive" $quick > "$source/build/release/moons.txt"
  cat "$source/build/release/table.txt" | sed '$d'
  cat "$source/build/release/moons.txt"
  tail -n 1 "$source/build/release/table.txt"
fi
