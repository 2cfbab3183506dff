#!/bin/sh
# What the compilers' warnings do not see: clang-tidy (.clang-tidy names the checks left out and why) and cppcheck. No
# finding is allowed. With --gcc also the static analyzer of GCC, which is weak on C++ (GCC 12 follows neither
# exceptions nor most templates) and slow; what it says about our own headers counts.
cd "$(dirname "$0")/.." || exit 1
. cmake/packages.sh
need_packages $build_packages clang-tidy:clang-tidy cppcheck:cppcheck
bad=0 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Headers one by one: cppcheck does not read Eigen. Before version 2.14 it cannot parse templated lambdas either; such
# files are named, and are no finding: two compilers have read them.
cppcheck --quiet --language=c++ --std=c++20 --enable=warning,performance,portability --inline-suppr -D__GNUC__=12 \
  --template='{file}:{line}: {id}: {message}' -Iinclude $(find include -name '*.hpp') > "$work/cppcheck" 2>&1 &
cppcheck=$!  # beside clang-tidy
for source in tests/analysis/*.cpp; do
  echo "clang-tidy $source"
  clang-tidy --quiet "$source" -- -std=c++20 -Iinclude -isystem /usr/include/eigen3 > "$work/tidy" 2> /dev/null || { cat "$work/tidy"; bad=1; }
  [ "${1:-}" = --gcc ] || continue
  echo "gcc -fanalyzer $source"
  g++ -std=c++20 -O1 -fanalyzer -Iinclude -isystem /usr/include/eigen3 -c "$source" -o "$work/object.o" 2> "$work/gcc" || { cat "$work/gcc"; bad=1; }
  grep -E '^include/bijou.*\[-Wanalyzer' "$work/gcc" && bad=1
done
echo cppcheck
wait "$cppcheck" || bad=1
sed -n 's/: \(syntaxError\|internalAstError\):.*/ cannot be read by this cppcheck/p' "$work/cppcheck"
grep -vE ': (syntaxError|internalAstError|missingInclude[a-zA-Z]*):' "$work/cppcheck" && bad=1
exit $bad
