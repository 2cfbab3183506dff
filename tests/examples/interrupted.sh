#!/bin/sh
# SIGINT ends a fit after its epoch: the model is written and loads, the checkpoint goes on where it was.
# usage: interrupted.sh PROGRAM TABLE DIRECTORY
program=$1 directory=$3
rm -rf "$directory" && mkdir -p "$directory" && cd "$directory" || exit 1
head -n 601 "$2" > table.csv
BIJOU_OUTPUT=$directory
export BIJOU_OUTPUT
fail() { echo "$1"; cat first.txt second.txt third.txt 2> /dev/null; exit 1; }

"$program" --checkpoint fit.safetensors table.csv > first.txt 2>&1 &
fit=$!
waited=0
until [ -e fit.safetensors ]; do
  kill -0 $fit 2> /dev/null && [ $waited -lt 1200 ] || fail "no checkpoint"
  sleep 0.1 && waited=$((waited + 1))
done
kill -INT $fit
wait $fit || fail "SIGINT made the program fail"
grep -q '^interrupted' first.txt || fail "the fit was over before it could be interrupted"
[ -s table_model.safetensors ] || fail "no model was written"
ls ./*.part 2> /dev/null && fail "a half-written file is left"

"$program" --model table_model.safetensors table.csv > second.txt 2>&1 || fail "the model does not load"
[ "$(sed -n 's/ seconds=.*//; /test_nll=/p' second.txt)" = "$(sed -n 's/ seconds=.*//; /test_nll=/p' first.txt)" ] ||
  fail "the loaded model has other densities"
if grep 'wrote.*{model' second.txt; then fail "a model is spoken of that was not written"; fi

"$program" --quick --checkpoint fit.safetensors table.csv > third.txt 2>&1 || fail "the fit does not go on"
grep -q '^goes on after epoch' third.txt || fail "the checkpoint was not taken up"
