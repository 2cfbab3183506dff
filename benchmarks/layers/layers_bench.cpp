// Layers on one tile of 128 rows: forward, inverse, forward and backward: ns a row, GFLOP/s of
// the net where there is one.
#include <bijou/bijou.hpp>

#include "../counters.hpp"

using namespace bijou;
namespace {
template <class L>
void run(benchmark::State& state, L layer) {
  using T = typename L::Scalar;
  Random random{1};
  Batch<T, L::D> x(tile_rows, int(width(layer))), g;
  random.normal(x);
  const Batch<T, L::D> start = x;
  PerSample<T> log_det = PerSample<T>::Zero(tile_rows), ones = PerSample<T>::Ones(tile_rows);
  typename L::Saved saved;
  L grad = zero_gradient(layer);
  double weights = 0;
  each_parameter([&](const Path&, const auto& a) { weights += double(a.size()); }, layer);
  bench::Counters count(state);
  count.per("row", double(tile_rows));
  if (weights > 0) count.operations<T>((state.range(0) == 2 ? 6 : 2) * weights * double(tile_rows));
  if (weights == 0) count.bytes(2. * double(x.size()) * sizeof(T));
  state.SetLabel(state.range(0) == 0 ? "forward" : state.range(0) == 1 ? "inverse" : "forward and backward");
  count.run([&] {
    x = start;
    if (state.range(0) == 1)
      layer.inverse({x, log_det, random}, saved);
    else
      layer.forward({x, log_det, random}, saved);
    if (state.range(0) == 2) {
      g = start;
      layer.backward(saved, {g, ones, random}, grad);
    }
  });
}
Random seed{3};
using Net = Mlp<float, 1, 2>;
using Masked = Made<float, 6, 0, 2>;
using Large = Made<float, 43, 0, 2>;
BENCHMARK_CAPTURE(run, coupling, Coupling<BoundedAffine<2>, Net>(Net({64, 64}, seed)))->DenseRange(0, 2);
BENCHMARK_CAPTURE(run, autoregressive_6, Autoregressive<Affine, Masked>(Masked({100, 100}, seed)))->DenseRange(0, 2);
BENCHMARK_CAPTURE(run, autoregressive_43, Autoregressive<Affine, Large>(Large({512, 512}, seed)))->DenseRange(0, 2);
BENCHMARK_CAPTURE(run, permutation_43, Permutation<float, 43>())->DenseRange(0, 2);
}  // namespace
