// Nets on a tile of 128 rows and on one row: GFLOP/s of the multiplications (two operations a weight and row forward,
// four more backward).
#include <bijou/bijou.hpp>

#include "../counters.hpp"

using namespace bijou;
namespace {
void report(benchmark::State& state, const auto& net, Index n, int each, auto&& call) {
  double weights = 0;
  for (const auto& layer : net.net.layers) weights += double(layer.w.size());
  bench::Counters count(state);
  count.per("row", double(n));
  count.operations<float>(each * weights * double(n));
  count.run(call);
}
template <class Net>
void forward(benchmark::State& state, const Net& net) {
  const Index n = state.range(0);
  Random random{1};
  Batch<float, Net::in> x(n, Index(net.inputs()));
  random.normal(x);
  Buffer<float, Net::out> phi;
  typename Net::Saved saved;
  report(state, net, n, 2, [&] { net.forward(x, phi, saved); });
}
template <class Net>
void backward(benchmark::State& state, const Net& net) {
  const Index n = state.range(0);
  Random random{1};
  Batch<float, Net::in> x(n, Index(net.inputs())), g(n, Index(net.inputs()));
  random.normal(x);
  Buffer<float, Net::out> phi, g_phi;
  typename Net::Saved saved;
  Net grad = zero_gradient(net);
  net.forward(x, phi, saved);
  g_phi.set_zero(n, net.outputs());
  report(state, net, n, 4, [&] {
    g.setZero();
    net.backward(saved, g_phi, g, grad);
  });
}
Random seed{3};
const Mlp<float, 1, 23> spline_net({64, 64}, seed);
const Made<float, 6, 0, 2> made_6({100, 100}, seed);
const Made<float, 43, 0, 2> made_43({512, 512}, seed);
#define NET(net)                                                \
  BENCHMARK_CAPTURE(forward, net, net)->Arg(1)->Arg(tile_rows); \
  BENCHMARK_CAPTURE(backward, net, net)->Arg(tile_rows)
NET(spline_net);
NET(made_6);
NET(made_43);
}  // namespace
