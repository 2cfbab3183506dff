#!/bin/sh
# Compares bijou with the strongest Python libraries on this machine's cores. Installs them into an environment of its
# own, build/peers; arguments go to compare/compare.py (--models, --peers, --threads, --rounds, --compiled, --picture).
# A table on standard error, JSON lines on standard output, a picture of the ratios in build/.
set -e
cd "$(dirname "$0")/.."
peers=build/peers
. cmake/packages.sh
need_packages $build_packages gnuplot:gnuplot-nox taskset:util-linux python3:python3
python3 -c 'import ensurepip' 2> /dev/null || need_packages ensurepip:python3-venv
mkdir -p build
if ! cmp -s benchmarks/compare/requirements.txt $peers/installed 2> /dev/null; then
  echo "installing the peers into $peers" >&2
  python3 -m venv $peers
  $peers/bin/pip install --quiet -r benchmarks/compare/requirements.txt >&2
  cp benchmarks/compare/requirements.txt $peers/installed
fi
cmake --preset bench > /dev/null
cmake --build --preset bench --target compare_bijou_side > /dev/null
lscpu | grep 'Model name' | sed 's/ \{2,\}/ /' >&2
exec $peers/bin/python benchmarks/compare/compare.py build/bench/benchmarks/compare_bijou_side --picture build/ratios.png "$@"
