#!/bin/sh
# The C++ of README.md compiles as printed and runs: each program, and all other code, in its order, as one more.
# usage: readme.sh SOURCE COMPILER EIGEN
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
awk -v work="$work" '/^```cpp$/ { n++; on = 1; next } /^```$/ { on = 0 } on { print > (work "/block" n ".cpp") }' "$1/README.md"
rest=$work/rest.cpp
cat > "$rest" << 'END'
#include <bijou/bijou.hpp>
using namespace bijou;
int main() {
  Random random{1};
  const Batch<float, 2> data = sample<float>(Moons{}, 100, random), x = data;
  PerSample<float> out(x.rows());
END
programs=0 pieces=0
for block in "$work"/block*.cpp; do
  if grep -q 'int main' "$block"; then
    programs=$((programs + 1))
  else
    cat "$block" >> "$rest" && rm "$block" && pieces=$((pieces + 1))
  fi
done
# Statements within the text: what stands between backquotes and ends in a semicolon.
awk '/^```/ { on = !on; next } !on' "$1/README.md" | tr '\n' ' ' | grep -o '`[^`]*;`' | tr -d '`' > "$work/statements"
cat "$work/statements" >> "$rest" && echo '}' >> "$rest"
[ $programs -gt 0 ] && [ $pieces -gt 0 ] && [ -s "$work/statements" ] || { echo "README.md has no program, or no code beside it"; exit 1; }
for program in "$work"/*.cpp; do
  "$2" -std=c++20 -O1 -Wall -Wextra -Werror -I "$1/include" -isystem "$3" "$program" -o "$work/program" -pthread || exit 1
  (cd "$work" && ./program) || exit 1
done
