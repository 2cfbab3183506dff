#!/bin/sh
# Every program printed in README.md compiles as printed and runs.
# usage: readme.sh SOURCE COMPILER EIGEN
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
awk -v work="$work" '/^```cpp$/ { n++; on = 1; next } /^```$/ { on = 0 } on { print > (work "/block" n ".cpp") }' "$1/README.md"
found=0
for block in "$work"/block*.cpp; do
  grep -q 'int main' "$block" 2>/dev/null || continue
  found=1
  "$2" -std=c++20 -O1 -Wall -Wextra -Werror -I "$1/include" -isystem "$3" "$block" -o "$work/program" -pthread || exit 1
  (cd "$work" && ./program) || exit 1
done
[ $found = 1 ] || { echo "README.md has no program"; exit 1; }
