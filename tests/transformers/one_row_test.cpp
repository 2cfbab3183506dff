// A single row goes through code of its own in splines and mixtures: with the bits it has in a batch.
#include <bijou/bijou.hpp>
#include <bijou/transformers/softmax.hpp>
#include <bijou/transformers/spline_bins.hpp>

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
TEST_CASE("softmax: shares of K numbers, a register each or a lane each") {
  using V = Lanes<double>;
  const double raw[] = {1, -2, 0.5};
  const Parameters<double, false> phi{raw, 1, 1};
  const Softmax<3, V> rows(phi, 0);
  const Softmax<3, V, ComponentsOfOneRow<3, V>> row(phi, 0);
  const double total = std::exp(1.) + std::exp(-2.) + std::exp(0.5);
  for (int k = 0; k < 3; ++k) {
    CHECK(rows.share[k][0] == Approx(std::exp(raw[k]) / total).epsilon(1e-15));
    CHECK(rows.log_share(k)[0] == Approx(raw[k] - std::log(total)).epsilon(1e-15));
    CHECK(row.share[k / V::size][k % V::size] == rows.share[k][0]);
  }
}
TEST_CASE("spline bins: phi = 0 cuts the box evenly, with slope 1") {
  using Bins = SplineBins<4, -2, 2, true>;
  const double raw[Bins::parameters] = {};
  for (double at : {-1.75, 0.25, 1.0}) {
    const auto bin = Bins::bin(Parameters<double, false>{raw, 1, 1}, Lanes<double>(at), Bins::Side::x);
    CHECK(bin.x0[0] == Approx(std::floor(at)).margin(1e-15));
    CHECK(bin.y0[0] == bin.x0[0]);
    for (double one : {bin.w[0], bin.h[0], bin.d0[0], bin.d1[0]}) CHECK(one == Approx(1).epsilon(1e-14));
  }
}
