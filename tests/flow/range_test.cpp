// Nets whose outputs leave the range of numbers: log p is -inf there, never NaN, and nothing is learned from it.
#include <bijou/layers/lost_rows.hpp>
#include <bijou/layers/workspace.hpp>

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
TEMPLATE_TEST_CASE("lost rows: those that were finite numbers and are none any more, alone", "", float, double,
                   long double) {
  using T = TestType;
  constexpr T nan = std::numeric_limits<T>::quiet_NaN(), inf = std::numeric_limits<T>::infinity();
  LostRows<T> lost;
  Batch<T, 2> x = Batch<T, 2>::Constant(37, 2, std::numeric_limits<T>::max());
  PerSample<T> sums = PerSample<T>::Constant(37, -inf);
  x(1, 0) = nan, x(2, 1) = inf, x(3, 1) = -inf;
  lost.before(x);
  lost.after(sums);
  CHECK_FALSE(lost.any());
  sums.head(4).setConstant(nan);
  lost.after(sums);
  for (Index i = 0; i < 37; ++i) CHECK(lost[i] == (i == 0));
  CHECK(lost.any());
  sums(0) = 1;
  lost.after(sums);
  CHECK_FALSE(lost.any());
  x(36, 1) = nan;
  lost.after(sums, x);
  for (Index i = 0; i < 37; ++i) CHECK(lost[i] == (i == 36));
  CHECK(lost.any());
}
TEST_CASE("flow: what overflows between finite numbers has no density, in its row alone, never NaN") {
  using T = float;
  constexpr T inf = std::numeric_limits<T>::infinity();
  Random random{1};
  const auto check = [&](const auto& start, double size) {
    const auto flow = test::randomised(start, size);
    INFO(flow.describe());
    using F = std::remove_cvref_t<decltype(flow)>;
    Batch<T, 2> x(200, 2);
    random.normal(x);
    const auto ordinary = flow.log_prob(x);
    const T sizes[] = {1e10F, 1e14F, 1e20F, 1e30F, 1e38F, std::numeric_limits<T>::max()};
    Index row = 3;
    for (T far : sizes)
      for (int column : {0, 1}) x(row, column) = far, x(row + 1, column) = -far, row += 5;
    auto log_p = flow.log_prob(x);
    CHECK(without_nan(log_p));
    CHECK(!(log_p == inf).any());
    CHECK(without_nan(flow.forward(x)));
    CHECK(without_nan(flow.inverse(x)));
    const auto r = flow.log_prob_and_gradient(x);
    CHECK((r.log_prob == log_p).all());
    for (Index i = 0; i < 200; ++i) {
      if ((x.row(i).abs() < 100).all()) CHECK(log_p(i) == ordinary(i));
      if (log_p(i) == -inf) CHECK((r.x.row(i) == 0).all());
    }
    const auto s = flow.sample_and_log_prob(500, random);
    CHECK(without_nan(s.x));
    CHECK(without_nan(s.log_prob));
    x(100, 1) = std::numeric_limits<T>::quiet_NaN(), x(101, 0) = inf;
    log_p = flow.log_prob(x);
    CHECK(std::isnan(log_p(100)));
    CHECK((std::isnan(log_p(101)) || log_p(101) == -inf));
    F broken = flow;  // NaN in a weight is no overflow
    each_parameter(
        [](const Path&, auto& a) {
          if (a.size()) a.data()[0] = std::numeric_limits<T>::quiet_NaN();
        },
        broken);
    CHECK(broken.log_prob(x).isNaN().any());
  };
  using Net = Mlp<T, 1, 2>;
  const auto behind = [&](auto layer, auto next) {
    return Flow{StandardNormal<T, 2>{}, std::move(layer), std::move(next)};
  };
  for (double size : {0.3, 3.}) {
    const Coupling<Affine, Net> affine(Net({16, 16}, random));
    check(behind(Elementwise<Exp, T, 2>{}, affine), size);
    check(behind(Elementwise<OddPolynomial<2>, T, 2>{}, affine), size);
    check(behind(Elementwise<GaussianMixtureLogit<2>, T, 2>{}, affine), size);
    check(neural_spline_flow<T, 2, 3>({16}, random), size);
    check(nice<T, 2, 3>({16, 16}, random), size);
  }
  Flow steep{StandardNormal<T, 1>{}, Elementwise<OddPolynomial<2>, T, 1>{}};  // 0 times an infinite coefficient
  std::get<0>(steep.layers.layers).phi(0) = 1000;
  CHECK(steep.log_prob(Batch<T, 1>::Zero(1, 1))(0) == -inf);
  CHECK(steep.forward(Batch<T, 1>::Zero(1, 1))(0) == inf);
}
TEMPLATE_TEST_CASE("mixtures: a sample beyond the range of numbers is infinite and has log p -inf, nothing else", "",
                   float, double) {
  using T = TestType;
  constexpr T far = std::numeric_limits<T>::max() / 2, inf = std::numeric_limits<T>::infinity();
  Random random{1};
  using Net = Made<T, 4, 0, 9>;  // log s as it comes
  const auto flow = test::randomised(Flow{StandardNormal<T, 4>{}, repeat<2>([&] {
                                            return Autoregressive<GaussianMixtureLogit<3>, Net>(Net({16, 16}, random));
                                          })},
                                     sizeof(T) == 4 ? 0.4 : 0.6);
  const auto s = flow.sample_and_log_prob(3000, random);
  CHECK(without_nan(s.x));
  const auto beyond = (s.x.abs() >= far).rowwise().any().eval();
  CHECK(((s.x.abs() == inf).rowwise().all() == beyond).all());
  CHECK(((s.log_prob == -inf) == beyond).all());
  CHECK((s.log_prob < inf).all());
  CHECK(beyond.count() > 30);
  CHECK(beyond.count() < 2000);
  Batch<T, 4> z(300, 4);
  random.normal(z);
  const auto x = flow.inverse(z);
  for (Index i = 0; i < z.rows(); ++i) {
    const Batch<T, 4> alone = flow.inverse(Batch<T, 4>(z.row(i)));
    CHECK((alone == x.row(i)).all());
  }
}
TEMPLATE_TEST_CASE("spline: raw slopes up to the largest number leave no log p of +inf", "", float, double) {
  using T = TestType;
  constexpr T most = std::numeric_limits<T>::max(), inf = std::numeric_limits<T>::infinity();
  Random random{1};
  using Net = Mlp<T, 1, 11>;
  Net net({}, random);
  net.net.layers[0].w.setConstant(T(0.1));
  const Flow flow{StandardNormal<T, 1>{}, Coupling<RationalQuadraticSpline<4>, Net>(net)};
  long outside = 0, inside = 0;
  for (T size : {most, most / 2, most * T(1e-2), most * T(1e-4), most * T(1e-8)}) {
    Batch<T, 1> x(201, 1);
    for (Index i = 0; i < x.rows(); ++i) x(i) = T(i - 100) / 20;
    const Context<T> c = Context<T>::Constant(x.rows(), 1, size);
    const auto log_p = flow.log_prob(x, c);
    const auto s = flow.sample_and_log_prob(c, random);
    for (const auto* l : {&log_p, &s.log_prob}) {
      CHECK(without_nan(*l));
      CHECK((*l < inf).all());
      outside += (*l == -inf).count(), inside += (*l > -inf).count();
    }
    CHECK(((s.x.abs() == inf) == (s.log_prob == -inf)).all());
  }
  CHECK(inside > 500);
  CHECK(outside > 500);
}
TEST_CASE("flow: the gradient of a batch is that of its rows with a density; two backward runs add up [adversarial 64]",
          "[adversarial]") {
  Random random{1};
  using Net = Mlp<double, 1, 2>;
  Flow affine{DiagonalNormal<double, 2>{}, Coupling<Affine, Net>(Net({4}, random))};
  each_parameter(
      [](const Path& p, auto& a) {
        if (p.str().ends_with("layers.0.w")) a.setConstant(1);
        if (p.str().ends_with("layers.1.w")) a.setConstant(300);
      },
      affine);
  const Flow exponential{StandardNormal<double, 2>{}, Elementwise<Affine, double, 2>{}, Elementwise<Exp, double, 2>{}};
  const auto check = [](const auto& flow, Batch<double, 2> x) {
    using F = std::remove_cvref_t<decltype(flow)>;
    const auto gradient = [&](const Batch<double, 2>& rows, int times) {
      typename F::Workspace w;
      F grad = zero_gradient(flow);
      for (int i = 0; i < times; ++i) {
        flow.load(w, rows, Context<double>(), 0, rows.rows(), Random{});
        flow.log_prob(w);
        CHECK(((w.log_prob() == -std::numeric_limits<double>::infinity()).count() == rows.rows() - 1));
        flow.backward(w, PerSample<double>::Ones(rows.rows()), grad);
      }
      return grad;
    };
    INFO(flow.describe());
    const F once = gradient(x.topRows(1), 1), twice = gradient(x.topRows(1), 2);
    CHECK(same_bits(gradient(x, 1), once));
    each_parameter([](const Path&, const auto& a, const auto& b) { CHECK((b.array() == 2 * a.array()).all()); }, once,
                   twice);
  };
  check(affine, (Batch<double, 2>(2, 2) << 0.5, -100, 0.5, 2).finished());
  check(exponential, (Batch<double, 2>(2, 2) << 0.5, -0.1, 800, 1).finished());
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
