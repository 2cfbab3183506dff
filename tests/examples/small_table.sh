#!/bin/sh
# A table too small for a mixture of two Gaussians is fitted, and no mixture is spoken of.
# usage: small_table.sh PROGRAM DIRECTORY
program=$1 directory=$2
rm -rf "$directory" && mkdir -p "$directory" && cd "$directory" || exit 1
BIJOU_OUTPUT=$directory
export BIJOU_OUTPUT
awk 'BEGIN { srand(1); for (i = 0; i < 30; i++) for (j = 1; j <= 12; j++) printf("%.6f%s", rand(), j < 12 ? "," : "\n") }' > table.csv
"$program" --quick table.csv > scores.txt 2> log.txt || { cat log.txt; exit 1; }
if grep -E 'mixture|inf|nan' scores.txt; then exit 1; fi
