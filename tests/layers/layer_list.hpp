#pragma once
// Every bijection and combination that the conformance suite knows: adding a layer is adding one line here.
#include <bijou/bijou.hpp>

#include "bare.hpp"
#include "conformance.hpp"
#include "wave.hpp"

namespace bijou::test {
template <class T>
void each_layer() {
  Random generator{2, 0, 0};
  // Started anew for each layer: its weights do not depend on the list.
  const auto random = [&]() -> Random& { return generator = Random{2, 0, 0}; };
  const auto conforms = [](const char* name, auto layer, int features, Expectation<T> expected = {}) {
    SECTION(name) { Conformance<T>(AnyLayer<T>(name, std::move(layer), features), expected).run(); }
  };
  using Net = Mlp<T, 2, 4, Tanh>;
  using Wide = Mlp<T, Dynamic, Dynamic, Silu>;
  using Masked = Made<T, 3, 0, 2, Tanh>;
  const auto net = [&] { return Net({7, 6}, random()); };
  const auto made = [&] { return Masked({9, 8}, random()); };

  conforms("elementwise affine", Elementwise<Affine, T, 3>{}, 3);
  conforms("elementwise affine, dynamic", Elementwise<Affine, T, Dynamic>{3}, 3);
  conforms("additive", Elementwise<Additive, T, 3>{}, 3);
  conforms("bounded affine", Elementwise<BoundedAffine<2>, T, 3>{}, 3);
  conforms("exp", Elementwise<Exp, T, 2>{}, 2);
  conforms("log", Elementwise<Log, T, 2>{}, 2, {.lowest = T(0.2)});
  conforms("sigmoid", Elementwise<Sigmoid, T, 2>{}, 2);
  conforms("logit", Elementwise<Logit, T, 2>{}, 2, {.lowest = T(0.01), .highest = T(0.99)});
  conforms("softplus", Elementwise<SoftplusMap, T, 2>{}, 2);
  conforms("tanh", Elementwise<TanhMap, T, 2>{}, 2);
  conforms("odd polynomial", Elementwise<OddPolynomial<3>, T, 2>{}, 2);
  conforms("gaussian mixture cdf", Elementwise<GaussianMixtureCdf<3>, T, 2>{}, 2);
  conforms("gaussian mixture logit", Elementwise<GaussianMixtureLogit<3>, T, 2>{}, 2);
  conforms("logistic mixture cdf", Elementwise<LogisticMixtureCdf<3>, T, 2>{}, 2);
  conforms("logistic mixture logit", Elementwise<LogisticMixtureLogit<3>, T, 2>{}, 2);
  conforms("spline", Elementwise<RationalQuadraticSpline<5, 3>, T, 2>{}, 2,
           {.spread = 1, .lowest = T(-3.5), .highest = T(3.5)});
  conforms("boxed spline", Elementwise<BoxedRationalQuadraticSpline<4>, T, 2>{}, 2,
           {.spread = 1, .lowest = T(0.05), .highest = T(0.95)});
  conforms("formula", Elementwise<Formula<Wave>, T, 2>{}, 2);
  conforms("permutation", Permutation<T, 3>(Eigen::Array3i(2, 0, 1)), 3);
  conforms("coupling", Coupling<Affine, Net>(net()), 2);
  conforms("coupling, dynamic", Coupling<Affine, Wide>(Wide({5}, random(), 3, 4)), 2);
  conforms("coupling, residual net", Coupling<Affine, Wide>(Wide({5, 5, 5}, random(), 3, 4, {.residual = true})), 2);
  conforms("coupling, run-time mask",
           Coupling<Affine, Net, RuntimeMask>(net(), RuntimeMask({true, false, true, false})), 4);
  conforms("coupling, static mask and context", Coupling<Affine, Net, StaticMask<false, true, true>>(net()), 3);
  conforms("autoregressive", Autoregressive<Affine, Masked>(made()), 3);
  conforms("autoregressive, order, context, residual",
           Autoregressive<Affine, Made<T, 3, 2, 2, Tanh>>(
               Made<T, 3, 2, 2, Tanh>({6, 6}, Eigen::Array3i(1, 2, 0), random(), 2, {.residual = true})),
           3);
  conforms("autoregressive, dynamic",
           Autoregressive<Affine, Made<T, Dynamic, Dynamic, 2, Softplus>>(
               Made<T, Dynamic, Dynamic, 2, Softplus>({5}, random(), 4, 1)),
           4);
  conforms("inverse", Inverse(Autoregressive<Affine, Masked>(made())), 3);
  conforms("inverse, solved for", Inverse(Bare<Autoregressive<Affine, Masked>>{Autoregressive<Affine, Masked>(made())}),
           3);
  conforms("chain", Chain{Elementwise<Affine, T, 3>{}, Permutation<T, 3>{}, Autoregressive<Affine, Masked>(made())}, 3);
  conforms("repeat", repeat<2>([&] { return Chain{Permutation<T, 3>{}, Autoregressive<Affine, Masked>(made())}; }), 3);
  conforms("reversible", Reversible(repeat<3>([&] {
             return Chain{Coupling<Affine, Net>(net()), Permutation<T, 4>{}};
           })),
           4, {.round_trip = 256});
}
}  // namespace bijou::test
