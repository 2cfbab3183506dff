// Eigen's allocations are forbidden (EIGEN_RUNTIME_NO_MALLOC, in precompiled.hpp), all others are counted.
#include "allocations.hpp"

#include <bijou/bijou.hpp>

#include "catch.hpp"

using namespace bijou;
namespace {
/// Runs `step` once to warm up, then again: what it allocates.
long allocated_by(auto step) {
  step();
  Eigen::internal::set_is_malloc_allowed(false);
  const long before = test::allocations;
  for (int i = 0; i < 3; ++i) step();
  const long after = test::allocations;
  Eigen::internal::set_is_malloc_allowed(true);
  return after - before;
}
}  // namespace

TEST_CASE(
    "a training step, log_prob, sample, forward and inverse into caller's storage allocate nothing once warm "
    "[adversarial 67]",
    "[adversarial]") {
  Random random{1};
  const auto check = [&](const char* name, auto flow, int threads) {
    using F = decltype(flow);
    using T = typename F::Scalar;
    INFO(name << ", threads " << threads);
    // 300 rows: two whole tiles and a shorter one
    Batch<T, Dynamic> x(300, flow.base.dim());
    random.uniform(x);
    const Table<T> data(x);
    const auto index = natural_order(300);
    F grad = zero_gradient(flow), first = grad, second = grad;
    Team<F> team(grad, threads);
    long t = 0;
    CHECK(allocated_by([&] {
            negative_log_likelihood(flow, data, index, Random{}, team, grad);
            step(Update<T>(Adam{1e-4}, ++t, 1, 1, 0), flow, grad, first, second);
          }) == 0);
    typename F::Workspace w;
    const Batch<T, F::D> rows = x;
    PerSample<T> out(300);
    CHECK(allocated_by([&] { flow.log_prob(rows, w, out); }) == 0);
    Batch<T, F::D> y(300, x.cols());
    CHECK(allocated_by([&] { flow.sample(random, w, y, out); }) == 0);
    Batch<T, F::D> z(300, x.cols());
    CHECK(allocated_by([&] { flow.forward(y, w, z); }) == 0);
    CHECK((z == flow.forward(y)).all());
    CHECK(allocated_by([&] { flow.inverse(z, w, y); }) == 0);
    CHECK((y == flow.inverse(z)).all());
  };
  for (int threads : {1, 2}) {
    check("real nvp", real_nvp<float, 2, 2>({16, 16}, random), threads);
    check("spline", neural_spline_flow<double, 3, 2>({16}, random), threads);
    check("maf, wide", maf<float, 6, 2>({40, 600}, random), threads);
    check("iaf", iaf<float, 4, 2>({20}, random), threads);
    check("mixture", autoregressive_mixture<float, 2, 5>({16}, random), threads);
    check("gaussian mixture base",
          Flow{GaussianMixture<double, 2>(3, random), Elementwise<OddPolynomial<3>, double, 2>{}}, threads);
  }
}
