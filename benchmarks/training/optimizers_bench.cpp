// Update rules on a quarter of a million parameters, and the gradient's norm: ns a parameter, bytes of the arrays a
// second.
#include "../counters.hpp"
#include "../models.hpp"

using namespace bijou;
namespace {
auto model() {
  Random random{1};
  return real_nvp<float, 2, 8>({160, 160}, random);
}
/// `arrays`: how often a call reads or writes an array of the flow's size.
void report(benchmark::State& state, const auto& flow, int arrays, auto&& call) {
  double parameters = 0;
  each_parameter([&](const Path&, const auto& a) { parameters += double(a.size()); }, flow);
  bench::Counters count(state);
  count.per("parameter", parameters);
  count.bytes(arrays * parameters * sizeof(float));
  count.run(call);
}
void update(benchmark::State& state, const Optimizer& rule) {
  auto flow = model(), gradient = flow, first = zero_gradient(flow), second = first;
  long t = 0;
  report(state, flow, 7, [&] { step(Update<float>(rule, ++t, 1e-6, 1, 0), flow, gradient, first, second); });
}
void gradient_norm(benchmark::State& state) {
  const auto gradient = model();
  report(state, gradient, 1, [&] { benchmark::DoNotOptimize(norm(gradient)); });
}
BENCHMARK_CAPTURE(update, sgd, Sgd{})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(update, rms_prop, RmsProp{})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(update, adam, Adam{})->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(update, adamax, Adamax{})->Unit(benchmark::kMicrosecond);
BENCHMARK(gradient_norm)->Unit(benchmark::kMicrosecond);
}  // namespace
