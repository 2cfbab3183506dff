#!/bin/sh
# Do the tests bite? Makes one small mistake at a time in a copy of the headers and expects the room's tests to fail.
# usage: mutation.sh [--sample 50] [--seed 1] [--only 'layers/|made'] [--category 'log-det|mask'] [--seconds 60] [--jobs 2] [--list]
# Fails unless every mutant of a log-det, a direction or a mask dies, and 85 % of all.
set -e
cd "$(dirname "$0")/.."
. cmake/packages.sh
need_packages $build_packages clang++:clang /usr/include/catch2:catch2 python3:python3
exec python3 tests/mutation.py "$@"
