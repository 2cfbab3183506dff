// Nets whose outputs leave the range of numbers: log p is -inf there, never NaN, and nothing is learned from it.
#include "catch.hpp"
#include "flow/models.hpp"

using namespace bijou;
namespace {
bool without_nan(const auto& a) { return !a.isNaN().any(); }
/// visit(name, flow) for flows of unbounded affine layers.
template <class T>
void each_affine(const auto& visit) {
  Random random{1};
  visit("coupling", coupling_flow<Affine, T, 4, 3>({16}, random));
  visit("maf", maf<T, 4, 3>({16}, random));
  visit("iaf", iaf<T, 3, 2>({16}, random));
  visit("elementwise", Flow{StandardNormal<T, 2>{}, Elementwise<Affine, T, 2>{}, Elementwise<Affine, T, 2>{}});
}
}  // namespace

TEMPLATE_TEST_CASE("affine: outputs in the thousands give log p -inf or right, never NaN [adversarial 28, 39]",
                   "[adversarial]", float, double) {
  using T = TestType;
  each_affine<T>([](const char* name, const auto& start) {
    using F = std::remove_cvref_t<decltype(start)>;
    long outside = 0, inside = 0, lost = 0;
    for (double size : {0.5, 3., 30., 1000.})
      for (std::uint64_t seed : {3u, 4u, 5u}) {
        INFO(name << ", weights of " << size << ", seed " << seed);
        const auto flow = test::randomised(start, size, seed);
        Batch<T, F::D> x(200, flow.base.dim());
        Random random{6};
        random.normal(x);
        x.topRows(20).setZero();
        const auto r = flow.log_prob_and_gradient(x);
        const auto nowhere = (r.log_prob == -std::numeric_limits<T>::infinity()).eval();
        CHECK(without_nan(r.log_prob));
        // A score is none only where it is itself beyond the range: log p is close to that.
        CHECK((r.x.isFinite().rowwise().all() || r.log_prob < T(-1e30)).all());
        CHECK(!(r.log_prob == std::numeric_limits<T>::infinity()).any());
        CHECK(without_nan(flow.forward(x)));
        CHECK(without_nan(flow.inverse(x)));
        const auto s = flow.sample_and_log_prob(200, random);
        CHECK(without_nan(s.x));
        CHECK(without_nan(s.log_prob));
        CHECK(!(s.log_prob == std::numeric_limits<T>::infinity()).any());
        outside += nowhere.count(), inside += nowhere.size() - nowhere.count();
        for (Index i = 0; i < x.rows(); ++i) lost += nowhere(i) && (r.x.row(i) == 0).all();
      }
    CHECK(inside > 100);
    CHECK(outside > 100);
    CHECK(lost == outside);
  });
}
TEST_CASE("maf: an unbounded log-scale of 1,000 is refused by the fit, no weight moves [adversarial 39]",
          "[adversarial]") {
  Random random{1};
  auto flow = test::randomised(maf<double, 3, 2>({16}, random), 0.1);
  each_parameter(
      [&](const Path& p, auto& a) {
        if (p.str().ends_with("net.layers.1.b")) a.setConstant(1000);
      },
      flow);
  const auto before = flow;
  Batch<double, Dynamic> x(64, 3);
  random.normal(x);
  const auto report = fit(flow, Table<double>(x), {.max_epochs = 20, .validation_fraction = 0});
  CHECK(report.steps == 0);
  CHECK(report.refused == 10);
  CHECK_THAT(report.stopped, Catch::Contains("diverged"));
  CHECK(same_bits(flow, before));
}
TEST_CASE("affine: weights that are not numbers stay visible, as NaN") {
  Random random{1};
  auto flow = maf<double, 3, 2>({16}, random);
  each_parameter([](const Path&, auto& a) { a.data()[0] = std::nan(""); }, flow);
  Batch<double, 3> x = Batch<double, 3>::Ones(3, 3);
  CHECK(flow.log_prob(x).isNaN().all());
}
