#pragma once
#include <bijou/bijou.hpp>

namespace bijou::test {
/// Ten coupling layers of d features with weights that every type holds exactly; 0.15 is a usual size of weights.
template <class T>
auto ten_layers(int d, float size = 0.15F) {
  Random start{4}, random{8};
  using Net = Mlp<T, Dynamic, Dynamic, Tanh>;
  Flow flow{StandardNormal<T, Dynamic>(d), repeat<10>([&] {
              return Chain{Coupling<BoundedAffine<2>, Net>(Net({16}, start, d - d / 2, d / 2 * 2)),
                           Permutation<T, Dynamic>(d)};
            })};
  each_parameter(
      [&](const Path&, auto& a) {
        Eigen::ArrayXf noise(a.size());
        random.normal(noise);
        for (Index i = 0; i < a.size(); ++i) a.data()[i] = T(size * noise(i));
      },
      flow);
  return flow;
}
/// The gradient of - mean log p by all weights, one after another.
template <class F>
std::vector<long double> weight_gradient(const F& flow, const Batch<typename F::Scalar, F::D>& x) {
  F grad = zero_gradient(flow);
  Team<F> team(grad, 1);
  const Table<typename F::Scalar> table{Batch<typename F::Scalar, Dynamic>(x)};
  negative_log_likelihood(flow, table, natural_order(int(x.rows())), Random{}, team, grad);
  std::vector<long double> all;
  each_parameter(
      [&](const Path&, const auto& a) {
        for (Index i = 0; i < a.size(); ++i) all.push_back(static_cast<long double>(a.data()[i]));
      },
      grad);
  return all;
}
}  // namespace bijou::test
