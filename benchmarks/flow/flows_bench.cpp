// Whole flows: a training step (loss, gradient, Adam), log_prob and sample, at n = 1, 256 and 65,536 rows: ns a row,
// GFLOP/s of the nets.
#include "../counters.hpp"
#include "../models.hpp"

using namespace bijou;
namespace {
/// `each`: operations a weight and row, 2 forward and 4 more backward; the transformers' are not counted.
template <class T>
void report(benchmark::State& state, const auto& flow, double each, auto&& call) {
  double weights = 0;
  each_parameter([&](const Path&, const auto& a) { weights += double(a.size()); }, flow);
  bench::Counters count(state);
  count.per("row", double(state.range(0)));
  count.operations<T>(each * weights * double(state.range(0)));
  count.run(call);
}
template <auto Make>
void train_step(benchmark::State& state) {
  auto flow = Make();
  using F = decltype(flow);
  using T = typename F::Scalar;
  const Index n = state.range(0);
  const Table<T> data{Batch<T, Dynamic>(bench::rows_for(flow, n))};
  const auto index = natural_order(int(n));
  F grad = zero_gradient(flow), first = grad, second = grad;
  Team<F> team(grad, 1);
  long t = 0;
  report<T>(state, flow, 6, [&] {
    negative_log_likelihood(flow, data, index, Random{}, team, grad);
    step(Update<T>(Adam{1e-4}, ++t, 1, 1, 0), flow, grad, first, second);
  });
}
template <auto Make>
void log_prob(benchmark::State& state) {
  const auto flow = Make();
  using F = decltype(Make());
  using T = typename F::Scalar;
  const auto x = bench::rows_for(flow, state.range(0));
  typename F::Workspace w;
  PerSample<T> out(x.rows());
  const Context<T> none;
  report<T>(state, flow, 2, [&] { flow.log_prob(x, none, w, out); });
}
template <auto Make>
void draw(benchmark::State& state) {
  const auto flow = Make();
  using F = decltype(Make());
  using T = typename F::Scalar;
  Random random{2};
  Batch<T, F::D> x(state.range(0), F::D);
  typename F::Workspace w;
  PerSample<T> out(x.rows());
  const Context<T> none(x.rows(), 0);
  report<T>(state, flow, 2, [&] { flow.sample(none, random, w, x, out); });
}
#define MEASURE(name, work, make)     \
  BENCHMARK(work<bench::make_##make>) \
      ->Name(#name "<" #make ">")     \
      ->Arg(1)                        \
      ->Arg(256)                      \
      ->Arg(65536)                    \
      ->Unit(benchmark::kMicrosecond)
#define FLOW(make)                       \
  MEASURE(train_step, train_step, make); \
  MEASURE(log_prob, log_prob, make);     \
  MEASURE(sample, draw, make)
FLOW(realnvp2d);
FLOW(nsf2d);
FLOW(armog2d);
FLOW(maf6);
FLOW(nis4);
}  // namespace
