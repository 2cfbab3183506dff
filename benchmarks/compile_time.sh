#!/bin/sh
# What a user pays to compile at -O2: seconds (by the clock, and of the processor, which other load disturbs less) and
# memory of the umbrella header alone, and with a fit, log_prob and sample of Real NVP or of a spline flow.
cd "$(dirname "$0")/.." || exit 1
. cmake/packages.sh
need_packages g++:g++ clang++:clang /usr/include/eigen3/Eigen/Core:libeigen3-dev /usr/bin/time:time
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
echo '#include <bijou/bijou.hpp>
int main() {}' > "$work/umbrella.cpp"
for flow in real_nvp neural_spline_flow; do
  echo "#include <bijou/bijou.hpp>
int main() {
  using namespace bijou;
  Random random{1};
  auto flow = $flow<float, 2, 8>({64, 64}, random);
  Table<float> data(sample<float>(Moons{}, 1000, random));
  fit(flow, data);
  return int(flow.log_prob(Batch<float, 2>(data.x)).sum() + flow.sample(10, random).sum());
}" > "$work/${flow}_fit.cpp"
done
for program in umbrella real_nvp_fit neural_spline_flow_fit; do
  for compiler in g++ clang++; do
    /usr/bin/time -f "$program $compiler seconds=%e processor=%U+%S megabytes=%M" $compiler -std=c++20 -O2 -Iinclude -isystem /usr/include/eigen3 "$work/$program.cpp" -o "$work/program" -pthread 2>&1 | sed 's/megabytes=\([0-9]*\)[0-9][0-9][0-9]$/megabytes=\1/'
  done
done
