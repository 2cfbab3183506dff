// Maps that must not turn back, and mixtures where nothing is left of the density.
#include <bijou/bijou.hpp>

#include "catch.hpp"
#include "each_bin.hpp"
#include "flow/uniformity.hpp"
#include "step_back.hpp"

using namespace bijou;
using test::worst_step_back;

TEMPLATE_TEST_CASE(
    "mixtures: over millions of floats they and their inverses go back by rounding only [adversarial 21]",
    "[adversarial]", GaussianMixtureCdf<3>, LogisticMixtureCdf<3>, GaussianMixtureLogit<3>, LogisticMixtureLogit<3>) {
  using H = TestType;
  const auto forward = [](auto&... a) { H::forward(a...); };
  const auto inverse = [](auto&... a) { H::inverse(a...); };
  const float rounding = H::to_unit ? 2 : 4;  // a logit is the difference of two logarithms, F's and S's
  for (float start : {-1.1F, 0.7F, 2.1F}) CHECK(worst_step_back<H>(start, BIJOU_DRAWS / 3, forward) <= rounding);
  CHECK(worst_step_back<H>(0.3F, BIJOU_DRAWS / 2, inverse) <= rounding);
  // All over their ranges: sums of these steps are exact.
  CHECK(worst_step_back<H>(-15.F, BIJOU_DRAWS / 2, forward, 0x1p-14F) <= rounding);
  if (H::to_unit)
    CHECK(worst_step_back<H>(0x1p-19F, BIJOU_DRAWS / 2, inverse, 0x1p-19F) <= rounding);
  else
    CHECK(worst_step_back<H>(-15.F, BIJOU_DRAWS / 2, inverse, 0x1p-14F) <= rounding);
}
TEMPLATE_TEST_CASE("spline: over consecutive numbers at every knot y goes back by rounding only [adversarial 56]",
                   "[adversarial]", float, double) {
  using T = TestType;
  using H = RationalQuadraticSpline<4, 3>;
  const auto forward = [](auto&... a) { H::forward(a...); };
  std::vector<T> knots{3};
  CHECK(test::each_bin<SplineBins<4, -3, 3, true>>(test::waves<Lanes<T>>(H::arity), 4, T(-3),
                                                   [&](const auto& bin) { knots.push_back(bin.x0[0]); }));
  for (T x : knots) {
    for (int i = 0; i < 2048; ++i) x = std::nextafter(x, T(-9));
    CHECK(worst_step_back<H>(x, 4096, forward) <= 2);
  }
  for (T start = T(-2.95); start < 3; start += T(0.05)) CHECK(worst_step_back<H>(start, 4096, forward) <= 2);
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
