// Inputs that break samplers elsewhere, by the number of their case.
#include <bijou/bijou.hpp>

#include "catch.hpp"
#include "flow/uniformity.hpp"

using namespace bijou;

TEMPLATE_TEST_CASE("0 and 1 samples; the same for 1, 2, 7 and 16 threads; all finite [adversarial 76]", "[adversarial]",
                   float, double) {
  using T = TestType;
  Random random{3};
  const auto flow = neural_spline_flow<T, 2, 2>({16}, random);
  Random a{5}, b{5};
  CHECK(flow.sample(0, a).rows() == 0);
  CHECK(a.draws == b.draws);
  constexpr Index n = BIJOU_DRAWS / 10;
  const auto all = flow.sample_and_log_prob(n, a);
  CHECK((flow.sample(1, b) == all.x.topRows(1)).all());
  CHECK(all.log_prob.isFinite().all());
  CHECK(flow.sample_and_log_prob(BIJOU_DRAWS, a).log_prob.isFinite().all());
  CHECK_THROWS_WITH(flow.sample(-1, a), "sample: n must not be negative, is -1");
  const PerSample<T> scores = flow.log_prob(all.x);
  for (int threads : {1, 2, 7, 16}) {
    Parallel<std::remove_const_t<decltype(flow)>> team(threads);
    Random again{5};
    Batch<T, 2> x(n, 2);
    PerSample<T> log_prob(n);
    team.sample(flow, Context<T>(n, 0), again, x, log_prob);
    CHECK((x == all.x).all());
    CHECK((log_prob == all.log_prob).all());
    team.log_prob(flow, x, log_prob);
    CHECK((log_prob == scores).all());
  }
}
TEMPLATE_TEST_CASE("seed 0 works, neighbouring seeds and rows are not related [adversarial 77]", "[adversarial]", float,
                   double) {
  constexpr Index n = BIJOU_DRAWS / 5;
  Batch<TestType, 1> z(n, 1), first(n, 1);
  const auto correlation = [&] { return std::abs((z.template cast<double>() * first.template cast<double>()).mean()); };
  for (std::uint64_t seed : {std::uint64_t(0), std::uint64_t(1), ~std::uint64_t(0) - 1}) {
    Random a{seed}, b{seed + 1};
    a.normal(first);
    b.normal(z);
    CHECK(std::abs(double(first.mean())) < 5 / std::sqrt(double(n)));
    CHECK(correlation() < 5 / std::sqrt(double(n)));  // a correlation of 0.012 would be seen
    a.normal(z);                                      // the next draw of the same seed
    CHECK(correlation() < 5 / std::sqrt(double(n)));
  }
}
