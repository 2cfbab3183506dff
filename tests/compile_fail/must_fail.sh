#!/bin/sh
# usage: must_fail.sh FILE COMPILER FLAGS...
file=$1; shift
expected=$(sed -n '1s|^// expect: ||p' "$file")
[ -n "$expected" ] || { echo "$file: the first line must be // expect: <text>"; exit 1; }
if output=$("$@" -fsyntax-only "$file" 2>&1); then echo "$file compiles, and should not"; exit 1; fi
printf '%s\n' "$output" | grep -qF "$expected" && exit 0
printf 'expected "%s" in:\n%s\n' "$expected" "$output" | head -n 40
exit 1
