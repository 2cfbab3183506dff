// Whole flows: a training step (loss, gradient, Adam), log_prob and sample, at n = 1, 256 and 65,536 rows.
#include <benchmark/benchmark.h>

#include "../models.hpp"

using namespace bijou;
namespace {
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
  const auto x = bench::rows_for(flow, state.range(0));
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
