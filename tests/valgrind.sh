#!/bin/sh
# Memcheck over a few small tests. Built for AVX2: valgrind knows no AVX-512, nor that subnormal numbers can be flushed.
# usage: valgrind.sh [test names; default: the smoke set below]
cd "$(dirname "$0")/.." || exit 1
. cmake/packages.sh
need_packages $build_packages /usr/include/catch2:catch2 valgrind:valgrind
[ $# -gt 0 ] || set -- layers_exact_test autodiff_var_test core_core_test io_readers_test
cmake --preset valgrind > /dev/null && cmake --build --preset valgrind --target "$@" || exit 1
bad=0
for name in "$@"; do
  echo "memcheck $name"
  valgrind --quiet --leak-check=full --error-exitcode=9 "build/valgrind/tests/$name" '~[mxcsr]' > build/valgrind/said.txt 2>&1 || { tail -n 40 build/valgrind/said.txt; bad=1; }
done
exit $bad
