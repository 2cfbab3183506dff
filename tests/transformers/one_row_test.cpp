// A single row goes through code of its own in splines and mixtures: with the bits it has in a batch.
#include <bijou/bijou.hpp>

#include "catch.hpp"

using namespace bijou;

namespace {
template <class H, class T>
void same_bits_alone() {
  constexpr Index n = 203;
  Batch<T, H::arity> phi(n, H::arity);
  PerSample<T> points(n);
  Random random{7};
  random.normal(phi);
  random.normal(points);
  for (Index i = 0; i < n; ++i) {
    phi.row(i) *= T(i % 7);                                  // from the identity to steep and narrow
    points(i) *= i % 11 == 0 ? T(300) : T(i % 3) + T(0.25);  // and far out
    if (H::name.starts_with("rational") && i % 5 == 0) points(i) = T(i % 10 ? 1 : 0);  // knots and ends
  }
  const auto check = [&](const char* way, auto map, const PerSample<T>& x) {
    PerSample<T> y = x, log_det = PerSample<T>::Zero(n);
    map_column(y, phi, log_det, map);
    for (Index i = 0; i < n; ++i) {
      PerSample<T> one = x.segment(i, 1), l = PerSample<T>::Zero(1);
      const Batch<T, H::arity> own = phi.row(i);
      map_column(one, own, l, map);
      INFO(H::name << ", " << way << ", row " << i << ", x = " << double(x(i)));
      CHECK((one(0) == y(i) || (std::isnan(one(0)) && std::isnan(y(i)))));
      CHECK((l(0) == log_det(i) || (std::isnan(l(0)) && std::isnan(log_det(i)))));
    }
    return y;
  };
  const auto y = check("forward", Maps<H>::forward, points);
  check("inverse", Maps<H>::inverse, y);
  check("inverse", Maps<H>::inverse, points);
}
}  // namespace

TEMPLATE_TEST_CASE("a row alone has the bits it has in a batch: splines and mixtures", "", float, double) {
  same_bits_alone<RationalQuadraticSpline<1>, TestType>();
  same_bits_alone<RationalQuadraticSpline<8>, TestType>();
  same_bits_alone<RationalQuadraticSpline<20, 3>, TestType>();
  same_bits_alone<BoxedRationalQuadraticSpline<10>, TestType>();
  same_bits_alone<GaussianMixtureCdf<5>, TestType>();
  same_bits_alone<GaussianMixtureLogit<3>, TestType>();
  same_bits_alone<LogisticMixtureCdf<1>, TestType>();
  same_bits_alone<LogisticMixtureLogit<19>, TestType>();
}
