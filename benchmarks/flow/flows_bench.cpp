// Whole flows: a training step (loss, gradient, Adam), log_prob and sample, at n = 1, 256 and 65,536 rows.
#include <benchmark/benchmark.h>

#include <bijou/bijou.hpp>

using namespace bijou;
namespace {
auto realnvp2d() {
  Random random{1};
  return real_nvp<float, 2, 8>({64, 64}, random);
}
auto nsf2d() {
  Random random{1};
  return neural_spline_flow<float, 2, 8, 8, 5>({64, 64}, random);
}
auto armog2d() {
  Random random{1};
  return autoregressive_mixture<float, 2, 5>({64, 64}, random);
}
auto maf6() {
  Random random{1};
  return maf<float, 6, 5>({100, 100}, random);
}
template <auto Make>
void train_step(benchmark::State& state) {
  auto flow = Make();
  using F = decltype(flow);
  using T = typename F::Scalar;
  const Index n = state.range(0);
  Random random{2};
  Batch<T, Dynamic> x(n, flow.base.dim());
  random.normal(x);
  const Table<T> data(x);
  const auto index = natural_order(int(n));
  F grad = zero_gradient(flow), first = grad, second = grad;
  Team<F> team(grad, 1);
  long t = 0;
  for (auto _ : state) {
    negative_log_likelihood(flow, data, index, Random{}, team, grad);
    step(Adam{1e-4}, ++t, 1., 1., 0., flow, grad, first, second);
  }
  state.SetItemsProcessed(state.iterations() * n);
}
template <auto Make>
void log_prob(benchmark::State& state) {
  const auto flow = Make();
  using F = decltype(Make());
  using T = typename F::Scalar;
  Random random{2};
  Batch<T, F::D> x(state.range(0), F::D);
  random.normal(x);
  typename F::Workspace w;
  PerSample<T> out(x.rows());
  const Context<T> none;
  for (auto _ : state) flow.log_prob(x, none, w, out);
  state.SetItemsProcessed(state.iterations() * state.range(0));
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
  for (auto _ : state) flow.sample(none, random, w, x, out);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
#define FLOW(make)                                                                          \
  BENCHMARK(train_step<make>)->Arg(1)->Arg(256)->Arg(65536)->Unit(benchmark::kMicrosecond); \
  BENCHMARK(log_prob<make>)->Arg(1)->Arg(256)->Arg(65536)->Unit(benchmark::kMicrosecond);   \
  BENCHMARK(draw<make>)->Arg(1)->Arg(256)->Arg(65536)->Unit(benchmark::kMicrosecond)
FLOW(realnvp2d);
FLOW(nsf2d);
FLOW(armog2d);
FLOW(maf6);
}  // namespace
