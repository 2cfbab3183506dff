#!/bin/sh
# What the compilers' warnings do not see: clang-tidy (.clang-tidy names the checks left out and why), cppcheck, and
# the static analyzer of GCC, which is weak on C++ (before GCC 14 it follows no exceptions) and so only counts when it
# finds something in our own headers. No finding is allowed.
cd "$(dirname "$0")/.." || exit 1
. cmake/packages.sh
need_packages $build_packages clang-tidy:clang-tidy cppcheck:cppcheck
bad=0 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for source in tests/analysis/*.cpp; do
  echo "clang-tidy $source"
  clang-tidy --quiet "$source" -- -std=c++20 -Iinclude -isystem /usr/include/eigen3 > "$work/tidy" 2> /dev/null || { cat "$work/tidy"; bad=1; }
  echo "gcc -fanalyzer $source"
  g++ -std=c++20 -O1 -fanalyzer -Iinclude -isystem /usr/include/eigen3 -c "$source" -o "$work/object.o" 2> "$work/gcc" || { cat "$work/gcc"; bad=1; }
  grep -E '^include/bijou.*\[-Wanalyzer' "$work/gcc" && bad=1
done
echo cppcheck
# Headers alone: cppcheck does not read Eigen. What it says about files it could not find is not a finding.
cppcheck --quiet --language=c++ --std=c++20 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -D__GNUC__=12 \
  --template='{file}:{line}: {id}: {message}' -Iinclude include/bijou || bad=1
exit $bad
