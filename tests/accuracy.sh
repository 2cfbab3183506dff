#!/bin/sh
# Measures the precision contract with both compilers and prints its tables; docs/accuracy.md ends with them:
#   sh tests/accuracy.sh [--write]
set -e
cd "$(dirname "$0")/.."
. cmake/packages.sh
need_packages $build_packages /usr/include/catch2:catch2 clang++:clang
tables=$(mktemp)
trap 'rm -f "$tables"' EXIT
status=0
for preset in dev clang; do
  cmake --preset "$preset" > /dev/null
  cmake --build --preset "$preset" --target accuracy >&2
  printf '\n### %s\n\n' "$([ $preset = dev ] && echo GCC || echo Clang)" >> "$tables"
  "build/$preset/tests/accuracy" >> "$tables" || status=1
done
cat "$tables"
if [ "${1:-}" = --write ]; then
  sed -i '/^## Measured$/q' docs/accuracy.md
  cat "$tables" >> docs/accuracy.md
fi
exit $status
