#!/bin/sh
# Builds all benchmarks and runs them one after another on one core; JSON of each in build/benchmarks/. Arguments go to
# every program (--benchmark_filter=..., --benchmark_min_time=...). With BIJOU_QUICK=1 every benchmark runs but for a moment.
set -e
cd "$(dirname "$0")/.."
. cmake/packages.sh
need_packages $build_packages /usr/include/benchmark/benchmark.h:libbenchmark-dev taskset:util-linux
cmake --preset bench > /dev/null
cmake --build --preset bench
mkdir -p build/benchmarks
quick=${BIJOU_QUICK:+--benchmark_min_time=0.001}
core=$(taskset -pc $$ | grep -o '[0-9]*$') # the last of those that this process may use
for program in build/bench/benchmarks/*_bench; do
  name=$(basename "$program" _bench)
  taskset -c $core "$program" --benchmark_out="build/benchmarks/$name.json" --benchmark_out_format=json $quick "$@"
done
[ -z "$quick" ] || exit 0
# Its last row uses all cores.
build/bench/benchmarks/growth | tee build/benchmarks/growth.txt
