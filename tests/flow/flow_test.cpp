#include <locale>
#include <thread>

#include <bijou/bijou.hpp>
#include <bijou/concepts/panel.hpp>
#include <bijou/concepts/tile.hpp>

#include "catch.hpp"
#include "models.hpp"
#include "same.hpp"

using namespace bijou;
namespace {
using test::randomised;
using Net = Mlp<double, 4, 2, Tanh>;
/// p(x | c) of 2 features and 3 columns of context.
auto conditional() {
  Random random{2};
  return randomised(Flow{StandardNormal<double, 2>{}, repeat<2>([&] {
                           return Chain{Coupling<Affine, Net>(Net({8}, random)), Permutation<double, 2>{}};
                         })},
                    0.4);
}
}  // namespace

TEST_CASE("flow: integrals of exp(log p) are 1") {
  Random random{1};
  const auto smooth = randomised(coupling_flow<BoundedAffine<2>, double, 2, 4, Tanh>({16}, random), 0.2);
  double mass = 0;
  constexpr int n = 320;
  constexpr double box = 24, h = 2 * box / n;
  Batch<double, 2> row(n, 2);
  row.col(0) = PerSample<double>::LinSpaced(n, -box + h / 2, box - h / 2);
  for (int i = 0; i < n; ++i) {
    row.col(1).setConstant(-box + (i + 0.5) * h);
    mass += smooth.log_prob(row).exp().sum() * h * h;
  }
  CHECK(std::abs(mass - 1) < 1e-10);
  const auto line = randomised(Flow{UniformBox<double, 1>{}, Elementwise<GaussianMixtureCdf<4>, double, 1>{}}, 0.5);
  Batch<double, 1> x(20001, 1);
  x.col(0) = PerSample<double>::LinSpaced(20001, -40, 40);
  CHECK(std::abs(line.log_prob(x).exp().sum() * 0.004 - 1) < 1e-12);
}
TEST_CASE(
    "flow: a row's log p has the same bits alone, in any batch, with any team, into any storage [adversarial 7, 30]",
    "[adversarial]") {
  Random random{1};
  const auto flow = randomised(neural_spline_flow<float, 3, 4>({24, 24}, random), 0.5);
  Batch<float, 3> x(1000, 3);
  random.normal(x);
  const auto whole = flow.log_prob(x);
  for (Index i : {0, 127, 128, 500, 999}) CHECK(flow.log_prob(x.middleRows(i, 1))(0) == whole(i));
  CHECK((flow.log_prob(x.middleRows(100, 300)) == whole.segment(100, 300)).all());
  decltype(flow)::Workspace w;
  PerSample<float> out(1000);
  flow.log_prob(x, w, out);
  CHECK((out == whole).all());
  CHECK(flow.log_prob(x.topRows(0)).size() == 0);
}
TEST_CASE("flow: a gradient is the same in a workspace that has evaluated a batch, where nothing was saved") {
  Random random{1};
  const auto flow = randomised(real_nvp<double, 2, 4>({8}, random), 0.5);
  Batch<double, 2> x(40, 2);
  random.normal(x);
  const auto gradient = [&](auto& w) {
    w.rows.resize(40, 2);
    w.x() = x;
    flow.log_prob(w);
    auto grad = zero_gradient(flow);
    flow.backward(w, PerSample<double>::Ones(40), grad);
    return grad;
  };
  decltype(flow)::Workspace fresh, used;
  const auto wanted = gradient(fresh);
  PerSample<double> out(40);
  flow.log_prob(x, Context<double>(), used, out);
  CHECK(same_bits(gradient(used), wanted));
  Batch<double, Dynamic> drawn(40, 2);
  flow.sample(Context<double>(40, 0), random, used, drawn, out);
  CHECK(same_bits(gradient(used), wanted));
}
TEST_CASE("parallel: the bits of one thread, for densities and samples") {
  Random random{1};
  const auto flow = randomised(maf<float, 3, 2>({16}, random), 0.3);  // a row overflows
  Random one{5};
  const auto s = flow.sample_and_log_prob(1000, one);
  for (int count : {1, 2, 3}) {
    Parallel<std::remove_const_t<decltype(flow)>> team(count);
    Random many{5};
    Batch<float, 3> x(1000, 3);
    PerSample<float> log_prob(1000);
    team.sample(flow, Context<float>(1000, 0), many, x, log_prob);
    CHECK((x == s.x).all());
    CHECK((log_prob == s.log_prob).all());
    CHECK(many.draws == one.draws);
    Random again{5};
    x.setZero();
    team.sample(flow, again, x, log_prob);
    CHECK((x == s.x).all());
    CHECK(again.draws == one.draws);
    team.log_prob(flow, x, Context<float>(), log_prob);
    CHECK(test::same(log_prob, flow.log_prob(x)));
    CHECK_THROWS_WITH(team.log_prob(flow, x, Context<float>(), log_prob.head(3)),
                      "log_prob: out must be 1000 x 1, is 3 x 1");
  }
}
TEST_CASE("flow: samples score what sample_and_log_prob says, and depend on seed and row alone") {
  Random random{1};
  const auto flow = randomised(maf<double, 3, 3>({12}, random), 0.2);
  Random a{5}, b{5};
  const auto s = flow.sample_and_log_prob(1000, a);
  CHECK((flow.log_prob(s.x) - s.log_prob).abs().maxCoeff() < 1e-11);
  CHECK((flow.sample(300, b) == s.x.topRows(300)).all());
  CHECK(a.draws == b.draws);
  CHECK((flow.sample(300, a) != s.x.topRows(300)).any());
  CHECK((flow.inverse(flow.forward(s.x)) - s.x).abs().maxCoeff() < 1e-12);
  CHECK(flow.sample(0, a).rows() == 0);
}
TEST_CASE("flow: the score and the context's gradient, against differences") {
  const auto flow = conditional();
  Random random{4};
  Batch<double, 2> x(20, 2);
  Context<double> c(20, 3);
  random.normal(x);
  random.normal(c);
  const auto r = flow.log_prob_and_gradient(x, c);
  CHECK((r.log_prob == flow.log_prob(x, c)).all());
  // Central differences of order 4.
  const auto difference = [](auto at) -> PerSample<double> {
    return (8 * (at(1e-4) - at(-1e-4)) - (at(2e-4) - at(-2e-4))) / 12e-4;
  };
  for (int j = 0; j < 2; ++j) {
    const PerSample<double> d = difference([&](double h) {
      Batch<double, 2> moved = x;
      moved.col(j) += h;
      return flow.log_prob(moved, c);
    });
    CHECK(((d - r.x.col(j)).abs() <= 1e-8 * r.x.col(j).abs().max(1)).all());
  }
  for (int j = 0; j < 3; ++j) {
    const PerSample<double> d = difference([&](double h) {
      Context<double> moved = c;
      moved.col(j) += h;
      return flow.log_prob(x, moved);
    });
    CHECK(((d - r.context.col(j)).abs() <= 1e-8 * r.context.col(j).abs().max(1)).all());
  }
  CHECK((flow.inverse(flow.forward(x, c), c) - x).abs().maxCoeff() < 1e-13);
  CHECK(flow.sample(c, random).rows() == 20);
}
TEST_CASE("flow: a sample's and its log p's adjoints, against differences") {
  const auto flow = randomised(
      Flow{DiagonalNormal<double, 2>{}, Elementwise<OddPolynomial<2>, double, 2>{}, Elementwise<Affine, double, 2>{}},
      0.4);
  using F = std::remove_const_t<decltype(flow)>;
  constexpr Index n = 20;
  Batch<double, 2> by_x(n, 2);
  PerSample<double> by_log_p(n);
  Random random{4};
  random.normal(by_x);
  random.normal(by_log_p);
  // sum of by_x x + by_log_p log p(x) over a sample x from the same noise
  const auto drawn = [&](const F& f, typename F::Workspace& w) {
    w.rows.resize(n, 2);
    w.random = Random{6};
    f.sample(w);
    return (w.x() * by_x).sum() + (w.log_prob() * by_log_p).sum();
  };
  typename F::Workspace w;
  drawn(flow, w);
  w.adjoints.assign(by_x);
  F grad = zero_gradient(flow);
  flow.sample_backward(w, by_log_p, grad);
  F moved = flow;
  each_parameter(
      [&](const Path& path, auto& a, auto& g) {
        for (Index i = 0; i < a.size(); ++i) {
          typename F::Workspace other;
          const double keep = a.data()[i];
          const auto at = [&](double h) { return a.data()[i] = keep + h, drawn(moved, other); };
          const double difference = (8 * (at(1e-4) - at(-1e-4)) - (at(2e-4) - at(-2e-4))) / 12e-4;
          a.data()[i] = keep;
          INFO(path.str() << " " << i);
          CHECK(g.data()[i] == Approx(difference).epsilon(1e-8).margin(1e-8));
        }
      },
      moved, grad);
}
TEST_CASE("flow: outside the support log p is -inf, its gradient 0; NaN stays in its row [adversarial 29]",
          "[adversarial]") {
  const Flow flow{StandardNormal<double, 2>{}, Elementwise<Affine, double, 2>{}, Elementwise<Log, double, 2>{}};
  Batch<double, 2> x(4, 2);
  x << 1, 2, -1, 2, std::nan(""), 1, 0.5, 0;
  const auto r = flow.log_prob_and_gradient(x);
  CHECK(std::isfinite(r.log_prob(0)));
  CHECK(r.log_prob(1) == -std::numeric_limits<double>::infinity());
  CHECK((r.x.row(1) == 0).all());
  CHECK(std::isnan(r.log_prob(2)));
  const Flow overflows{StandardNormal<double, 1>{}, Elementwise<Exp, double, 1>{}};
  const auto far = overflows.log_prob_and_gradient(Batch<double, 1>::Constant(1, 1, 1000));
  CHECK(far.log_prob(0) == -std::numeric_limits<double>::infinity());
  CHECK(far.x(0) == 0);
  CHECK(r.log_prob(3) == -std::numeric_limits<double>::infinity());
}
TEMPLATE_TEST_CASE(
    "flow: a sample that rounds onto the edge of the support has the density it was drawn with [adversarial 10]",
    "[adversarial]", float, double) {
  using T = TestType;
  Flow flow{DiagonalNormal<T, 1>{}, Elementwise<Logit, T, 1>{}};
  flow.base.mean(0) = 60;  // sigmoid(60) is 1, whose logit is infinite
  Random random{1};
  const auto s = flow.sample_and_log_prob(100, random);
  CHECK((s.x == 1).all());
  CHECK(s.log_prob.isFinite().all());
  CHECK((flow.log_prob(s.x) == -std::numeric_limits<T>::infinity()).all());
}
TEST_CASE("flow: wrong shapes are refused, naming the argument and both shapes [adversarial 7, 31, 47]",
          "[adversarial]") {
  const auto flow = conditional();
  const Batch<double, 2> x = Batch<double, 2>::Zero(5, 2);
  Random random{1};
  CHECK_THROWS_WITH(flow.log_prob(x), Catch::Contains("this flow is conditional: pass a context of 3 columns"));
  CHECK_THROWS_WITH(flow.log_prob(x, Context<double>::Zero(5, 2)), "log_prob: context must be 5 x 3, is 5 x 2");
  CHECK_THROWS_WITH(flow.sample(10, random), Catch::Contains("this flow is conditional"));
  const Flow dynamic{StandardNormal<double, Dynamic>(3), Permutation<double, Dynamic>(3)};
  CHECK_THROWS_WITH(dynamic.log_prob(Eigen::ArrayXXd::Zero(5, 4)), "log_prob: x must be N x 3, is 5 x 4");
  CHECK_THROWS_WITH((Flow{StandardNormal<double, Dynamic>(4), Permutation<double, Dynamic>(3)}),
                    Catch::Contains("the base has 4 features, the widest layer only 3"));
  CHECK_THROWS_WITH(
      (Chain{Permutation<double, Dynamic>(2), Permutation<double, Dynamic>(3), Permutation<double, Dynamic>(4)}),
      Catch::Contains("layer 1 has 3 columns"));
  CHECK_THROWS_AS((Permutation<double, 3>(Eigen::Array3i(0, 0, 2))), std::invalid_argument);
  CHECK_THROWS_AS(RuntimeMask({false, false}), std::invalid_argument);
  CHECK_THROWS_WITH(dynamic.log_prob_and_gradient(Eigen::ArrayXXd::Zero(4, 3), Context<double>(0, 3)),
                    Catch::Contains("context must be 4 x 0, is 0 x 3"));
}
TEST_CASE("flow: a width known when compiling is asked of arrays whose width is not [adversarial 7]", "[adversarial]") {
  using T = double;
  Random random{1};
  const auto flow = real_nvp<T, 3, 2>({8}, random);
  const auto line = Flow{StandardNormal<T, 1>{}, Elementwise<Affine, T, 1>{}};
  typename decltype(flow)::Workspace w;
  Parallel<std::remove_const_t<decltype(flow)>> team(2);
  PerSample<T> out = PerSample<T>::Constant(10, 7);
  for (Index columns : {0, 2, 4}) {
    const Batch<T, Dynamic> x = Batch<T, Dynamic>::Zero(10, columns);
    const auto sizes = text(" must be N x 3, is 10 x ", columns);
    CHECK_THROWS_WITH(flow.log_prob(x), "log_prob: x" + sizes);
    CHECK_THROWS_WITH(flow.log_prob(x, Context<T>(), w, out), "log_prob: x" + sizes);
    CHECK_THROWS_WITH(team.log_prob(flow, x, out), "log_prob: x" + sizes);
    CHECK_THROWS_WITH(flow.log_prob_and_gradient(x), "log_prob_and_gradient: x" + sizes);
    CHECK_THROWS_WITH(flow.forward(x), "forward: x" + sizes);
    CHECK_THROWS_WITH(flow.inverse(x), "inverse: z" + sizes);
    CHECK_THROWS_WITH(line.log_prob(x), text("log_prob: x must be N x 1, is 10 x ", columns));
    CHECK_THROWS_WITH((Standardize<T, 3>(x)), text("Standardize: data must be N x 3, is 10 x ", columns));
    Batch<T, Dynamic> drawn = x;
    const Context<T> none(10, 0);
    const auto must_be_3 = text("sample: x must be 10 x 3, is 10 x ", columns);
    CHECK_THROWS_WITH(flow.sample(none, random, w, drawn, out), must_be_3);
    CHECK_THROWS_WITH(team.sample(flow, none, random, drawn, out), must_be_3);
    CHECK((drawn == x).all());
  }
  CHECK((out == 7).all());
  CHECK_THROWS_WITH((Standardize<T, Dynamic>(Batch<T, Dynamic>::Zero(10, 0))),
                    "Standardize: data must be N x (1 or more), is 10 x 0");
}
TEST_CASE("flow: a layer must not transform the context") {
  using Wide = Elementwise<Affine, double, Dynamic>;
  const auto refused = [](auto... layers) {
    CHECK_THROWS_WITH((Flow{StandardNormal<double, Dynamic>(2), std::move(layers)...}),
                      Catch::Contains("the base has 2 features, but a layer transforms 3 columns"));
  };
  using P = Permutation<double, Dynamic>;
  refused(Wide(3));
  refused(P(3));
  refused(Wide(2), P(3));
  refused(Inverse(Wide(3)));
  refused(repeat<2>([] { return Chain{Wide(3)}; }));
  refused(Reversible(repeat<2>([] { return Chain{Wide(3)}; })));
  refused(Standardize<double, Dynamic>((Batch<double, Dynamic>(2, 3) << 1, 2, 3, 4, 5, 6).finished()));
  Random random{1};
  using Any = Mlp<double, Dynamic, Dynamic>;
  const Any of_two({4}, random, 2, 2);
  const auto masked = [&](std::vector<bool> mask) {
    return Coupling<Affine, Any, RuntimeMask>(of_two, RuntimeMask(mask));
  };
  refused(masked({false, false, true}));
  refused(Coupling<Affine, Any, StaticMask<false, false, true>>(of_two));
  refused(P(2), Inverse(masked({false, false, true})));
  refused(Coupling<Affine, Any>(Any({4}, random, 1, 6)), P(2));
  using Masked = Made<double, Dynamic, Dynamic, 2>;
  refused(Autoregressive<Affine, Masked>(Masked({4}, random, 3, 0)));
  CHECK_NOTHROW((Flow{StandardNormal<double, Dynamic>(2), masked({false, true, false}),
                      Autoregressive<Affine, Masked>(Masked({4}, random, 2, 1)), P(2)}));
  int features = 2;
  CHECK_THROWS_WITH(repeat<2>([&] {
                      return Chain{P(3), P(features++)};
                    }),
                    "Repeat: repetition 1 has 3 features, the first has 2");
}
TEST_CASE("models: every coupling flow of three or five features moves each of them") {
  Random random{1};
  const auto moved = [&](const auto& start) {
    const auto flow = test::randomised(start, 0.3);
    using F = decltype(flow);
    Batch<double, std::remove_cvref_t<F>::D> x(50, flow.base.dim());
    random.normal(x);
    const auto z = flow.forward(x);
    INFO(flow.describe());
    for (Index i = 0; i < z.cols(); ++i)
      for (Index j = 0; j < x.cols(); ++j) CHECK((z.col(i) != x.col(j)).all());
  };
  moved(real_nvp<double, 3, 2>({8}, random));
  moved(neural_spline_flow<double, 5, 2>({8}, random));
}
TEST_CASE("repeat: a maker of single layers is one of chains of one") {
  Random one{1}, other{1};
  using Layer = Coupling<Affine, Mlp<double, 1, 2>>;
  const auto layer = [](Random& random) { return Layer(Mlp<double, 1, 2>({4}, random)); };
  const Flow chains{StandardNormal<double, 2>{}, repeat<3>([&] { return Chain{layer(one)}; })};
  const Flow layers{StandardNormal<double, 2>{}, repeat<3>([&] { return layer(other); })};
  CHECK(chains == layers);
}
TEST_CASE("flow: fixed and dynamic widths have the same bits") {
  Random a{6}, b{6};
  using Fixed = Mlp<float, 1, 2>;
  using Free = Mlp<float, Dynamic, Dynamic>;
  const auto fixed = randomised(
      Flow{StandardNormal<float, 2>{}, Coupling<Affine, Fixed>(Fixed({9}, a)), Permutation<float, 2>{}}, 0.5);
  const auto free = randomised(Flow{StandardNormal<float, Dynamic>(2), Coupling<Affine, Free>(Free({9}, b, 1, 2)),
                                    Permutation<float, Dynamic>(2)},
                               0.5);
  Batch<float, 2> x(100, 2);
  a.normal(x);
  CHECK((fixed.log_prob(x) == free.log_prob(x)).all());
  CHECK(fixed.describe() == free.describe());
}
TEST_CASE("flow: a summary has the same digits in a locale that groups them") {
  struct Grouped : std::numpunct<char> {
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  Random random{1};
  const auto flow = real_nvp<float, 2, 2>({64, 64}, random);
  REQUIRE(parameter_count(flow) > 1000);
  const std::string plain = summary(flow);
  const std::locale before = std::locale::global(std::locale(std::locale::classic(), new Grouped));
  const std::string grouped = summary(flow);
  std::locale::global(before);
  CHECK(grouped == plain);
  CHECK_THAT(plain, Catch::Contains(std::to_string(parameter_count(flow)) + "  total"));
}
TEST_CASE("flow: a value: copied, compared, described, evaluated by several threads at once [adversarial 66]",
          "[adversarial]") {
  const auto flow = conditional();
  const auto copy = flow;
  CHECK(flow == copy);
  auto other = flow;
  each_parameter([](const Path&, auto& a) { a.data()[0] += 1; }, other);
  CHECK(!(flow == other));
  CHECK(flow.describe() ==
        "flow(2 x (coupling(affine, mlp(4-8-tanh-2), first) -> permutation(2)) -> standard_normal(2))");
  CHECK_THAT(summary(flow), Catch::Contains("coupling") && Catch::Contains("total") && Catch::Contains("116"));
  Random random{1};
  Batch<double, 2> x(2000, 2);
  Context<double> c(2000, 3);
  random.normal(x);
  random.normal(c);
  const auto wanted = flow.log_prob(x, c);
  std::vector<int> same(4);
  {
    std::vector<std::jthread> team;
    for (std::size_t t = 0; t < 4; ++t) team.emplace_back([&, t] { same[t] = (flow.log_prob(x, c) == wanted).all(); });
  }
  for (int s : same) CHECK(s == 1);
}
TEST_CASE("standardize: log p is in the user's units; constant columns are named") {
  Random random{1};
  Batch<double, 2> x(5000, 2);
  random.normal(x);
  x.col(0) = 100 + 20 * x.col(0);
  x.col(1) = -3 + 0.01 * x.col(1);
  const Flow flow{StandardNormal<double, 2>{}, Standardize<double, 2>(x)};
  CHECK(-flow.log_prob(x).mean() ==
        Approx(std::log(2 * std::numbers::pi * std::numbers::e) + std::log(20 * 0.01)).margin(0.05));
  Batch<double, 2> constant = x;
  constant.col(1).setConstant(7);
  CHECK_THROWS_WITH((Standardize<double, 2>(constant)), Catch::Contains("column 1"));
}
TEST_CASE("standardize: made to be loaded into, it changes nothing") {
  const Flow two{StandardNormal<double, 2>{}, Standardize<double, 2>()};
  const Flow three{StandardNormal<double, Dynamic>(3), Standardize<double, Dynamic>(3)};
  const Batch<double, Dynamic> x = Batch<double, Dynamic>::Random(5, 3);
  CHECK((two.forward(x.leftCols(2)) == x.leftCols(2)).all());
  PerSample<double> log_p(5);
  two.base.log_prob(x.leftCols(2), log_p);
  CHECK((two.log_prob(x.leftCols(2)) == log_p).all());
  CHECK((three.inverse(x) == x).all());
  CHECK_THROWS_WITH((Standardize<double, 2>(3)), "Standardize: d must be 2, is 3");
  CHECK_THROWS_WITH((Standardize<double, Dynamic>()), "Standardize: d must be at least 1, is -1");
}
TEST_CASE("standardize: the variance of 1e8 + noise in float to 1 % [adversarial 45]", "[adversarial]") {
  for (float noise : {1.F, 100.F}) {  // floats there are 8 apart: noise of 1 leaves 1e8 and few numbers beside it
    Batch<float, 1> shifted(10000, 1);
    Random{1}.normal(shifted);
    shifted = 1e8F + noise * shifted;
    shifted(0) = 1e8F + 8;
    const auto deltas = (shifted.cast<long double>() - 1e8L).eval();
    const long double variance = deltas.square().mean() - deltas.mean() * deltas.mean();
    const float deviation = Standardize<float, 1>(shifted).deviation(0);
    CHECK(double(deviation * deviation) == Approx(double(variance)).epsilon(0.01));
  }
}
