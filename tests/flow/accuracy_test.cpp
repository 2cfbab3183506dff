// Ten coupling layers: round trips, log-dets, log p and gradients against long double, in units of eps.
#include "catch.hpp"
#include "flow/ten_layers.hpp"

using namespace bijou;
namespace {
template <class T, int D>
void ten_layers_are_accurate() {
  INFO("D = " << D);
  const auto flow = test::ten_layers<T, D>();
  const auto exact = test::ten_layers<long double, D>();
  const double eps = double(std::numeric_limits<T>::epsilon());
  Eigen::Array<float, Dynamic, D> draws(200, D);
  Random random{6};
  random.normal(draws);
  const Batch<T, D> x = draws.template cast<T>();
  const Batch<long double, D> x_exact = draws.template cast<long double>();
  const auto relative = [&](const auto& a, const auto& b) {
    return double(((a.template cast<long double>() - b).abs() / std::max(1.L, b.abs().maxCoeff())).maxCoeff()) / eps;
  };
  const auto z = flow.forward(x);
  CHECK(double((flow.inverse(z) - x).abs().maxCoeff()) / eps <= 256);
  CHECK(relative(flow.log_prob(x), exact.log_prob(x_exact)) <= 64);
  CHECK(relative(flow.log_prob_and_gradient(x).x, exact.log_prob_and_gradient(x_exact).x) <= 256);

  const auto g = test::weight_gradient(flow, x), g_exact = test::weight_gradient(exact, x_exact);
  long double worst = 0;
  for (std::size_t i = 0; i < g.size(); ++i)
    worst = std::max(worst, std::abs(g[i] - g_exact[i]) / std::max(1.L, std::abs(g_exact[i])));
  CHECK(double(worst) / eps <= 256);
}
}  // namespace

TEMPLATE_TEST_CASE("ten coupling layers: round trip, log p and gradients within a few hundred eps", "", float, double) {
  ten_layers_are_accurate<TestType, 2>();
  ten_layers_are_accurate<TestType, 16>();
}
