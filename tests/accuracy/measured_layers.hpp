#pragma once
#include <bijou/bijou.hpp>

#include "layers/wave.hpp"

namespace bijou::test {
/// Means and deviations that every type holds exactly.
template <class T>
auto standardization() {
  Batch<T, 4> rows(2, 4);
  rows << 0, 0, 0, 0, 1, 1, 1, 1;
  Standardize<T, 4> layer(rows);
  layer.mean << T(0.5), -3, 100, 0;
  layer.deviation << T(0.25), 3, 10, T(1.5);
  return layer;
}
/// visit(name, layer, size of its weights, goal of the round trip)
template <class T>
void each_measured_layer(const auto& visit) {
  Random random{1};
  const auto coupling = [&]<class H>(std::type_identity<H>) {
    using Net = Mlp<T, 2, 2 * H::arity, Tanh>;
    return Coupling<H, Net>(Net({16}, random));
  };
  const auto autoregressive = [&]<class H>(std::type_identity<H>) {
    using Net = Made<T, 4, 0, H::arity, Tanh>;
    return Autoregressive<H, Net>(Net({16}, random));
  };
  const std::type_identity<Affine> affine;
  const std::type_identity<RationalQuadraticSpline<5, 3>> spline;
  const std::type_identity<GaussianMixtureLogit<3>> mixture;
  const auto stack = [&](auto make) { return repeat<5>([&] { return Chain{make(), Permutation<T, 4>(random)}; }); };
  visit("coupling(affine)", coupling(affine), 0.3F, 16);
  visit("coupling(bounded_affine(2))", coupling(std::type_identity<BoundedAffine<2>>{}), 0.3F, 16);
  visit("coupling(spline)", coupling(spline), 0.3F, 32);
  visit("coupling(mixture logit)", coupling(mixture), 0.3F, 32);
  visit("autoregressive(affine)", autoregressive(affine), 0.3F, 16);
  visit("autoregressive(spline)", autoregressive(spline), 0.3F, 32);
  visit("inverse(autoregressive(affine))", Inverse(autoregressive(affine)), 0.3F, 16);
  visit("5 couplings(affine)", stack([&] { return coupling(affine); }), 0.15F, 256);
  visit("5 autoregressive(affine)", stack([&] { return autoregressive(affine); }), 0.15F, 256);
  visit("5 inverse(autoregressive(affine))", stack([&] { return Inverse(autoregressive(affine)); }), 0.15F, 256);
  visit("reversible(5 couplings(affine))", Reversible(stack([&] { return coupling(affine); })), 0.15F, 256);
  visit("inverse(coupling(affine))", Inverse(coupling(affine)), 0.3F, 16);
  visit("autoregressive(mixture)", autoregressive(std::type_identity<GaussianMixtureCdf<3>>{}), 0.3F, 32);
  visit("elementwise(mixture logit)", Elementwise<GaussianMixtureLogit<3>, T, 4>{}, 0.3F, 32);
  visit("elementwise(formula)", Elementwise<Formula<Wave>, T, 4>{}, 0.3F, 16);
  using Net = Mlp<T, 2, 4, Tanh>;
  visit("coupling(affine), run-time mask",
        Coupling<Affine, Net, RuntimeMask>(Net({16}, random), RuntimeMask({true, false, false, true})), 0.3F, 16);
  visit("coupling(affine), context", Coupling<Affine, Net, StaticMask<false, true, true>>(Net({16}, random)), 0.3F, 16);
  using Masked = Made<T, 3, 2, 2, Tanh>;
  visit("autoregressive(affine), order and context",
        Autoregressive<Affine, Masked>(Masked({16}, Eigen::Array3i(1, 2, 0), random)), 0.3F, 16);
  visit("permutation", Permutation<T, 4>(random), 0.F, 16);
  visit("standardize", standardization<T>(), 0.F, 16);
}
}  // namespace bijou::test
