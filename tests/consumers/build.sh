#!/bin/sh
# usage: build.sh WAY SOURCE BUILD COMPILER
set -e
way=$1 source=$2 build=$3 compiler=$4
rm -rf "$build" && mkdir -p "$build"
if [ "$way" = find_package ]; then
  cmake -S "$source" -B "$build/library" -DBIJOU_TESTS=OFF -DBIJOU_BENCHMARKS=OFF -DBIJOU_EXAMPLES=OFF -DCMAKE_CXX_COMPILER="$compiler"
  cmake --install "$build/library" --prefix "$build/prefix"
fi
cmake -S "$source/tests/consumers/$way" -B "$build/consumer" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$build/prefix" -DBIJOU_SOURCE="$source"
cmake --build "$build/consumer"
"$build/consumer/consumer"
