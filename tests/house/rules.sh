#!/bin/sh
# Small rules of the tree: file sizes, include guards, white space, every header in a test, every adversarial case.
cd "$1" || exit 1
bad=0
say() { echo "$1"; bad=1; }
for file in $(find include -name '*.hpp'); do
  [ "$(head -n 1 "$file")" = '#pragma once' ] || say "$file: the first line must be #pragma once"
  lines=$(wc -l < "$file"); [ "$lines" -le 250 ] || say "$file: $lines lines, split it"
  name=${file#include/}
  grep -rqF "$(basename "$name" .hpp)" tests --include='*.cpp' --include='*.hpp' --include='*.sh' || say "$name: no test mentions it"
done
spaces=$(grep -rlE '[[:space:]]+$' include tests examples benchmarks cmake --include='*.?pp' --include='*.txt' --include='*.cmake' --include='*.sh'); [ -z "$spaces" ] || say "trailing white space: $spaces"
# At the top lies nothing but what belongs there: a program built in the wrong place would be kept for ever.
for file in $(git ls-files 2> /dev/null | cut -d / -f 1 | sort -u); do
  case $file in
    .* | CMakeLists.txt | CMakePresets.json | *.md | LICENSE) ;;
    include | tests | benchmarks | examples | cmake | docs) ;;
    *) say "$file: what does it do at the top?" ;;
  esac
done
# Each adversarial case has a test that names its number, or is owed with a layer that is still to come.
named=$(grep -rhoE '\[adversarial [0-9, ]+\]' tests | grep -oE '[0-9]+'; grep -oE '^- [0-9]+' docs/owed.md | grep -oE '[0-9]+')
for number in $(seq 83); do
  echo "$named" | grep -qx "$number" || say "adversarial $number: no test names it, docs/owed.md does not either"
done
exit $bad
