// Elementary maps against their formulas in the standard library's functions: value, log-det of both ways, both
// adjoints.
#include <bijou/concepts/transformer.hpp>
#include <bijou/transformers/additive.hpp>
#include <bijou/transformers/affine.hpp>
#include <bijou/transformers/exp.hpp>
#include <bijou/transformers/sigmoid.hpp>
#include <bijou/transformers/softplus.hpp>
#include <bijou/transformers/tanh.hpp>

#include "catch.hpp"
#include "phi.hpp"

using namespace bijou;
namespace {
using V = Lanes<double>;
using Phi = test::Phi<V>;
constexpr double inf = std::numeric_limits<double>::infinity();
/// y, log h', and the slope of log h', at x.
struct Truth {
  double y, log_slope, log_slope_slope;
};
template <class H>
void follows(const std::vector<double>& xs, auto truth, const Phi& phi = {}) {
  for (double x : xs) {
    INFO(x);
    const Truth t = truth(x);
    V v(x), log_det(0.25);  // added to what is there
    H::forward(v, phi, log_det);
    CHECK(v[0] == Approx(t.y).epsilon(1e-13));
    CHECK(log_det[0] - 0.25 == Approx(t.log_slope).epsilon(1e-13).margin(1e-14));
    H::inverse(v, phi, log_det);
    CHECK(v[0] == Approx(x).epsilon(1e-12));
    CHECK(log_det[0] == Approx(0.25).epsilon(1e-12));
    const double a = 0.7, b = -0.3;
    Phi unused{std::vector<V>(phi.values.size(), V(0))};
    V g(a);
    H::backward(V(x), phi, g, V(b), unused);
    CHECK(g[0] == Approx(a * std::exp(t.log_slope) + b * t.log_slope_slope).epsilon(1e-12));
    g = V(a);
    inverse_backward<H>(V(x), phi, g, V(b), unused);
    CHECK(g[0] == Approx((a - b * t.log_slope_slope) * std::exp(-t.log_slope)).epsilon(1e-12));
  }
}
/// Outside the range the inverse has no density and a harmless value; NaN stays NaN.
template <class H>
void ends_at(std::initializer_list<double> outside) {
  for (double y : outside) {
    INFO(y);
    V v(y), log_det(0.25);
    H::inverse(v, Phi{}, log_det);
    CHECK(log_det[0] == -inf);
    CHECK(std::isfinite(v[0]));
  }
  V v(std::nan("")), log_det(0);
  H::inverse(v, Phi{}, log_det);
  CHECK(std::isnan(v[0]));
}
double logistic(double x) { return 1 / (1 + std::exp(-x)); }
const std::vector<double> points{-2.5, -0.75, 0.5, 1.25, 3};
}  // namespace

TEMPLATE_TEST_CASE("by hand: affine maps beyond the range of numbers have no density and a finite value", "", Affine,
                   BoundedAffine<2>) {
  constexpr double most = std::numeric_limits<double>::max(), far = most * 1e-12;
  for (bool there : {true, false}) {
    const auto image = [there](double x) {
      const Phi phi{{V(there ? 3 : -3), V(0)}};
      V v(x), log_det(0);
      there ? TestType::forward(v, phi, log_det) : TestType::inverse(v, phi, log_det);
      return std::pair{v[0], log_det[0]};
    };
    CHECK(image(most) == std::pair{far, -inf});
    CHECK(image(-most) == std::pair{-far, -inf});
    CHECK(image(far / 100).second > 0);
    CHECK(image(inf).first == inf);
    CHECK(std::isnan(image(std::nan("")).first));
  }
}
TEST_CASE("by hand: exp") {
  follows<Exp>(points, [](double x) { return Truth{std::exp(x), x, 1}; });
  ends_at<Exp>({0, -1, -inf, inf});
}
TEST_CASE("by hand: sigmoid") {
  follows<Sigmoid>(points, [](double x) {
    return Truth{logistic(x), std::log(logistic(x) * logistic(-x)), logistic(-x) - logistic(x)};
  });
  ends_at<Sigmoid>({0, 1, -0.5, 1.5, inf});
}
TEST_CASE("by hand: softplus") {
  follows<SoftplusMap>(points, [](double x) {
    return Truth{std::log1p(std::exp(x)), std::log(logistic(x)), logistic(-x)};
  });
  ends_at<SoftplusMap>({0, -1, inf});
}
TEST_CASE("by hand: tanh") {
  follows<TanhMap>(points, [](double x) {
    const double y = std::tanh(x);
    return Truth{y, -2 * std::log(std::cosh(x)), -2 * y};
  });
  ends_at<TanhMap>({1, -1, 1.5, -1.5, inf});
}
TEST_CASE("by hand: affine maps, and the adjoints of their parameters") {
  const double r = 0.6, b = -1.5;
  const Phi phi{{V(r), V(b)}};
  follows<Affine>(
      points,
      [&](double x) {
        return Truth{x * std::exp(r) + b, r, 0};
      },
      phi);
  const double s = 2 * std::tanh(r / 2), slope = 1 - std::tanh(r / 2) * std::tanh(r / 2);
  follows<BoundedAffine<2>>(
      points,
      [&](double x) {
        return Truth{x * std::exp(s) + b, s, 0};
      },
      phi);
  follows<Additive>(
      points,
      [&](double x) {
        return Truth{x + r, 0, 0};
      },
      Phi{{V(r)}});
  const auto adjoints = [&]<class H>(std::type_identity<H>, double scale, double ds) {
    for (double x : points) {
      Phi sum{{V(0), V(0)}};
      V g(0.7);
      H::backward(V(x), phi, g, V(-0.3), sum);
      CHECK(sum.values[1][0] == Approx(0.7));
      CHECK(sum.values[0][0] == Approx((0.7 * std::exp(scale) * x - 0.3) * ds));
    }
  };
  adjoints(std::type_identity<Affine>{}, r, 1);
  adjoints(std::type_identity<BoundedAffine<2>>{}, s, slope);
  Phi sum{{V(0)}};
  V g(0.7);
  Additive::backward(V(1), Phi{{V(r)}}, g, V(1), sum);
  CHECK(sum.values[0][0] == 0.7);
}
