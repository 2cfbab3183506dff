// Maps that must not turn back, and mixtures where nothing is left of the density.
#include <bijou/bijou.hpp>

#include "catch.hpp"
#include "flow/uniformity.hpp"
#include "phi.hpp"

using namespace bijou;
namespace {
using V = Lanes<float>;
test::Phi<V> waves(int count) {
  test::Phi<V> phi;
  for (int i = 0; i < count; ++i) phi.values.push_back(V(std::sin(7 * float(i) + 1)));
  return phi;
}
/// How far, in eps of max(1, |y|), the map goes back at worst over consecutive floats from x on.
template <class H>
float worst_step_back(float x, int count, auto map) {
  const auto phi = waves(H::arity);
  float worst = 0, before = -std::numeric_limits<float>::infinity();
  for (int i = 0; i < count; i += V::size) {
    V at(0), log_det(0);
    for (int k = 0; k < V::size; ++k) at.set(k, x), x = std::nextafter(x, std::numeric_limits<float>::max());
    map(at, phi, log_det);
    for (int k = 0; k < V::size; ++k) {
      worst = std::max(worst, (before - at[k]) / std::max(1.F, std::abs(at[k])));
      before = std::max(before, at[k]);
    }
  }
  return worst / std::numeric_limits<float>::epsilon();
}
}  // namespace

TEST_CASE("mixtures: over a million consecutive floats F goes back by rounding only [adversarial 21]",
          "[adversarial]") {
  using Cdf = GaussianMixtureCdf<3>;
  using ToLine = LogisticMixtureLogit<3>;
  const auto forward = [](auto&... a) { Cdf::forward(a...); };
  CHECK(worst_step_back<Cdf>(-1.1F, BIJOU_DRAWS, forward) <= 2);
  CHECK(worst_step_back<Cdf>(0.7F, BIJOU_DRAWS, forward) <= 2);
  CHECK(worst_step_back<Cdf>(0.3F, BIJOU_DRAWS / 10, [](auto&... a) { Cdf::inverse(a...); }) <= 2);
  CHECK(worst_step_back<ToLine>(2.1F, BIJOU_DRAWS, [](auto&... a) { ToLine::forward(a...); }) <= 2);
}
TEST_CASE("spline: over consecutive floats at the knots y goes back by rounding only [adversarial 56]",
          "[adversarial]") {
  using H = RationalQuadraticSpline<4, 3>;
  const auto phi = waves(H::arity);
  for (float edge : {-3.F, 3.F}) {
    float x = edge;
    for (int i = 0; i < 1000; ++i) x = std::nextafter(x, -9.F);
    CHECK(worst_step_back<H>(x, 2000, [](auto&... a) { H::forward(a...); }) <= 2);
  }
  for (float start = -2.95F; start < 3; start += 0.05F)
    CHECK(worst_step_back<H>(start, 4096, [](auto&... a) { H::forward(a...); }) <= 2);
}
TEMPLATE_TEST_CASE("mixtures: a flow to the unit square, points out to 64 sigma: F is 1, log p finite [adversarial 25]",
                   "[adversarial]", float, double) {
  using T = TestType;
  Random random{1};
  const auto flow = autoregressive_mixture<T, 2, 3>({8}, random);
  Batch<T, 2> x(65, 2);
  for (int i = 0; i < 65; ++i) x.row(i) << T(i), T(64 - 2 * i);
  const auto log_p = flow.log_prob(x);
  CHECK(log_p.isFinite().all());
  CHECK((flow.forward(x) <= 1).all());
  CHECK(flow.forward(x)(64, 0) == 1);
  CHECK(double(log_p(0)) < -1500);
}
