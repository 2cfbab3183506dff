// The features of a row alone are the lanes of a register: with the bits that they have in a batch.
#include <bijou/bijou.hpp>

#include "catch.hpp"
#include "same.hpp"

using namespace bijou;

namespace {
/// The rows: ordinary ones, then such whose log|det J| depends on the order of the features, for they are no numbers or
/// lie outside the support.
template <class H, class T>
void same_bits_alone(int features) {
  constexpr int P = H::arity;
  constexpr Index n = 40;
  // At least one column of parameters: an array of none has no place that a pointer could move on from.
  Batch<T, Dynamic> phi(n, std::max(1, P * features)), x(n, features);
  PerSample<T> log_det(n);
  Random random{7};
  random.normal(phi);
  random.uniform(x);
  random.normal(log_det);
  for (Index i = 0; i < n; ++i) {
    const int first = int(i) % features, last = (first + 5) % features;
    if (i % 4 == 1) x(i, first) = T(-300);
    if (i % 4 == 2) x(i, first) = T(-2), x(i, last) = std::numeric_limits<T>::quiet_NaN();
    if (i % 8 == 3) x(i, first) = std::numeric_limits<T>::infinity();
  }
  const auto check = [&](const char* way, auto map) {
    const auto at = [&](Index i) { return features - 1 - i; };
    auto y = x, one = x;
    auto l = log_det, l_one = log_det;
    Tile<T, Dynamic> batch{y, l, random};
    map_features<H>(batch, features, phi, at, map);
    for (Index i = 0; i < n; ++i) {
      Batch<T, Dynamic> row = x.row(i);
      const Batch<T, Dynamic> own = phi.row(i);
      PerSample<T> slope = log_det.segment(i, 1);
      Tile<T, Dynamic> alone{row, slope, random};
      map_features<H>(alone, features, own, at, map);
      one.row(i) = row;
      l_one(i) = slope(0);
    }
    INFO(H::name << ", " << way << ", " << features << " features");
    CHECK(test::same(one, y));
    CHECK(test::same(l_one, l));
  };
  check("forward", Maps<H>::forward);
  check("inverse", Maps<H>::inverse);
}
/// Numbers of features for which registers are full, half full and nearly empty, and so few that a feature may have
/// several lanes.
template <class H, class T>
void same_bits_alone() {
  for (int features : {2, 3, 2 * Lanes<T>::size + Lanes<T>::size / 2 + 1}) same_bits_alone<H, T>(features);
}
}  // namespace

namespace {
/// Two affine maps, one after the other.
struct Twice {
  static constexpr int arity = 4;
  static constexpr const char* name = "twice";
  static void forward(auto& x, const auto& phi, auto& log_det) {
    for (int i : {0, 2}) x = x * exp(phi[i]) + phi[i + 1], log_det += phi[i];
  }
  static void inverse(auto& x, const auto& phi, auto& log_det) {
    for (int i : {2, 0}) x = (x - phi[i + 1]) * exp(-phi[i]), log_det -= phi[i];
  }
  static void backward(const auto&, const auto&, auto&, const auto&, auto&&) {}
};
}  // namespace
TEMPLATE_TEST_CASE("a row alone has the bits it has in a batch: a transformer that adds to the log-det twice", "",
                   float, double) {
  same_bits_alone<Twice, TestType>();
}
TEMPLATE_TEST_CASE("a row alone has the bits it has in a batch: its features side by side", "", float, double) {
  same_bits_alone<Affine, TestType>();
  same_bits_alone<BoundedAffine<2>, TestType>();
  same_bits_alone<Sigmoid, TestType>();
  same_bits_alone<Exp, TestType>();
  same_bits_alone<OddPolynomial<3>, TestType>();
  same_bits_alone<RationalQuadraticSpline<8>, TestType>();
  same_bits_alone<BoxedRationalQuadraticSpline<10>, TestType>();
  same_bits_alone<GaussianMixtureCdf<1>, TestType>();
  same_bits_alone<GaussianMixtureCdf<3>, TestType>();
  same_bits_alone<GaussianMixtureCdf<5>, TestType>();
  same_bits_alone<LogisticMixtureLogit<4>, TestType>();
}
