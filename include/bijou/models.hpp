#pragma once
#include <bijou/conditioners/made.hpp>
#include <bijou/conditioners/mlp.hpp>
#include <bijou/distributions/standard_normal.hpp>
#include <bijou/distributions/uniform.hpp>
#include <bijou/flow.hpp>
#include <bijou/layers/autoregressive.hpp>
#include <bijou/layers/coupling.hpp>
#include <bijou/layers/permutation.hpp>
#include <bijou/layers/repeat.hpp>
#include <bijou/transformers/additive.hpp>
#include <bijou/transformers/affine.hpp>
#include <bijou/transformers/mixture_cdf.hpp>
#include <bijou/transformers/rational_quadratic_spline.hpp>

namespace bijou {
// Named architectures, each a function that makes the flow: `auto flow = real_nvp<float, 2, 8>({64, 64}, random);`
// N layers, the features reversed after each. Widths of the nets' hidden layers first to last. All start as the
// identity up to the order of the features (mixtures: as a spread-out CDF).

/// N couplings of D features with the transformer H, the first half of the features given the second, in turn. The
/// first half has the middle one, which the reversal leaves in its place.
template <class H, class T, int D, int N, Activation Act = Relu>
auto coupling_flow(const std::vector<int>& hidden, Random& random) {
  static_assert(D >= 2, "coupling_flow: a coupling needs at least 2 features; for one feature use Elementwise");
  using Net = Mlp<T, D / 2, (D - D / 2) * H::arity, Act>;
  return Flow{StandardNormal<T, D>{}, repeat<N>([&] {
                return Chain{Coupling<H, Net>(Net(hidden, random)), Permutation<T, D>{}};
              })};
}
/// N autoregressive layers of D features with the transformer H.
template <class H, class T, int D, int N, Activation Act = Relu>
auto autoregressive_flow(const std::vector<int>& hidden, Random& random) {
  using Net = Made<T, D, 0, H::arity, Act>;
  return Flow{StandardNormal<T, D>{}, repeat<N>([&] {
                return Chain{Autoregressive<H, Net>(Net(hidden, random)), Permutation<T, D>{}};
              })};
}
/// Dinh et al. 2015, NICE, without its last scaling. arXiv:1410.8516
template <class T, int D, int N>
auto nice(const std::vector<int>& hidden, Random& random) {
  return coupling_flow<Additive, T, D, N>(hidden, random);
}
/// Dinh et al. 2017, Real NVP, with log-scales s = 2 tanh(r / 2). arXiv:1605.08803
template <class T, int D, int N>
auto real_nvp(const std::vector<int>& hidden, Random& random) {
  return coupling_flow<BoundedAffine<2>, T, D, N>(hidden, random);
}
/// Durkan et al. 2019, coupling with rational-quadratic splines of K bins on [-Bound, Bound]. arXiv:1906.04032
template <class T, int D, int N, int K = 8, int Bound = 5>
auto neural_spline_flow(const std::vector<int>& hidden, Random& random) {
  return coupling_flow<RationalQuadraticSpline<K, Bound>, T, D, N>(hidden, random);
}
/// Papamakarios et al. 2017, masked autoregressive flow. arXiv:1705.07057
template <class T, int D, int N>
auto maf(const std::vector<int>& hidden, Random& random) {
  return autoregressive_flow<Affine, T, D, N>(hidden, random);
}
/// Kingma et al. 2016, inverse autoregressive flow: quick to sample, and quick in log_prob too, as both are one sweep.
template <class T, int D, int N>
auto iaf(const std::vector<int>& hidden, Random& random) {
  using Net = Made<T, D, 0, 2>;
  return Flow{StandardNormal<T, D>{}, repeat<N>([&] {
                return Chain{Inverse(Autoregressive<Affine, Net>(Net(hidden, random))), Permutation<T, D>{}};
              })};
}
/// One autoregressive layer of Gaussian-mixture CDFs with K components to the unit cube: p(x1) p(x2 | x1) ...
template <class T, int D, int K>
auto autoregressive_mixture(const std::vector<int>& hidden, Random& random) {
  using Net = Made<T, D, 0, 3 * K>;
  return Flow{UniformBox<T, D>{}, Autoregressive<GaussianMixtureCdf<K>, Net>(Net(hidden, random))};
}
}  // namespace bijou
