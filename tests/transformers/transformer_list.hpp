#pragma once
// Every transformer, for the tests that go through all of them: adding one is adding a line here.
#include <bijou/bijou.hpp>

namespace bijou::test {
/// Calls visit.template operator()<H>(low, high): H with the range of its test points.
void each_transformer(const auto& visit) {
  visit.template operator()<Additive>(-3, 3);
  visit.template operator()<Affine>(-3, 3);
  visit.template operator()<BoundedAffine<2>>(-3, 3);
  visit.template operator()<Exp>(-3, 3);
  visit.template operator()<Sigmoid>(-9, 9);
  visit.template operator()<SoftplusMap>(-9, 9);
  visit.template operator()<TanhMap>(-4, 4);
  visit.template operator()<OddPolynomial<4>>(-3, 3);
  visit.template operator()<GaussianMixtureCdf<3>>(-4, 4);
  visit.template operator()<GaussianMixtureLogit<3>>(-30, 30);
  visit.template operator()<LogisticMixtureCdf<3>>(-4, 4);
  visit.template operator()<LogisticMixtureLogit<3>>(-30, 30);
  visit.template operator()<RationalQuadraticSpline<5, 3>>(-4, 4);
  visit.template operator()<BoxedRationalQuadraticSpline<4>>(0, 1);
}
}  // namespace bijou::test
