// Update rules on a quarter of a million parameters, and the gradient's norm: ns a parameter.
#include <benchmark/benchmark.h>

#include "../models.hpp"

using namespace bijou;
namespace {
auto model() {
  Random random{1};
  return real_nvp<float, 2, 8>({160, 160}, random);
}
void per_parameter(benchmark::State& state, const auto& flow) {
  double parameters = 0;
  each_parameter([&](const Path&, const auto& a) { parameters += double(a.size()); }, flow);
  state.counters["ns/parameter"] = benchmark::Counter(
      1e-9 * parameters, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
void update(benchmark::State& state, const Optimizer& rule) {
  auto flow = model(), gradient = flow, first = zero_gradient(flow), second = first;
  long t = 0;
  for (auto _ : state) step(rule, ++t, 1e-6, 1., 0., flow, gradient, first, second);
  per_parameter(state, flow);
}
void gradient_norm(benchmark::State& state) {
  const auto gradient = model();
  for (auto _ : state) benchmark::DoNotOptimize(norm(gradient));
  per_parameter(state, gradient);
}
BENCHMARK_CAPTURE(update, sgd, Sgd{})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(update, rms_prop, RmsProp{})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(update, adam, Adam{})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(update, adamax, Adamax{})->Unit(benchmark::kMicrosecond);
BENCHMARK(gradient_norm)->Unit(benchmark::kMicrosecond);
}  // namespace
