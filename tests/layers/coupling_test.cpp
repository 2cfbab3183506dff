// Couplings and autoregressive layers at the edges: widths, masks, NaN, rows, untrained nets, nets that explode.
#include <bijou/layers/coupling.hpp>

#include <bijou/bijou.hpp>

#include "catch.hpp"

using namespace bijou;
namespace {
template <class F>
F filled(F flow, double size) {
  Random random{3};
  each_parameter(
      [&](const Path&, auto& a) {
        Eigen::ArrayXXd noise(a.size(), 1);
        random.normal(noise);
        for (Index i = 0; i < a.size(); ++i) a.data()[i] = typename F::Scalar(size * noise(i));
      },
      flow);
  return flow;
}
template <class T>
Batch<T, Dynamic> rows(Index n, int d) {
  Batch<T, Dynamic> x(n, d);
  Random random{5};
  random.normal(x);
  return x;
}
/// Of any width: one type, which is compiled once.
template <class T, class H = BoundedAffine<2>>
auto coupling(int d) {
  using Net = Mlp<T, Dynamic, Dynamic, Tanh>;
  Random random{1};
  return Flow{StandardNormal<T, Dynamic>(d), Coupling<H, Net>(Net({9}, random, d - d / 2, d / 2 * H::arity))};
}
}  // namespace

// Polynomials of a higher degree keep a cubic part e^-4, whatever the net says; splines: transformers/spline_test.cpp.
TEMPLATE_TEST_CASE("coupling: with a last layer of zeros the identity, bit by bit [adversarial 27]", "[adversarial]",
                   float, double) {
  using T = TestType;
  const auto x = rows<T>(40, 5);
  PerSample<T> base(40);
  StandardNormal<T, 5>{}.log_prob(x, base);
  const auto check = [&](const auto& flow) {
    CHECK((flow.forward(x) == x).all());
    CHECK((flow.inverse(x) == x).all());
    CHECK((flow.log_prob(x) == base).all());
  };
  check(coupling<T>(5));
  check(coupling<T, Affine>(5));
  check(coupling<T, Additive>(5));
  check(coupling<T, OddPolynomial<1>>(5));
}
TEMPLATE_TEST_CASE("coupling: an unbounded log-scale of 1,000 is refused by the fit, no weight moves [adversarial 28]",
                   "[adversarial]", float, double) {
  using T = TestType;
  auto flow = coupling<T, Affine>(2);
  each_parameter(
      [](const Path& path, auto& a) {
        if (path.str().find("layers.1.b") != std::string::npos) a.data()[0] = 1000;
      },
      flow);
  const auto before = flow;
  const auto x = rows<T>(100, 2);
  CHECK(!flow.log_prob(x).isFinite().any());
  const auto report = fit(flow, Table<T>(x), {.max_epochs = 3});
  CHECK(report.refused >= 1);
  CHECK(report.steps == 0);
  CHECK(flow == before);
}
TEMPLATE_TEST_CASE("coupling: NaN in row 7 stays in row 7 [adversarial 29]", "[adversarial]", float, double) {
  const auto flow = filled(coupling<TestType>(5), 0.5);
  auto x = rows<TestType>(40, 5);
  const auto clean = flow.log_prob(x);
  for (int column : {0, 4}) {
    auto dirty = x;
    dirty(7, column) = std::numeric_limits<TestType>::quiet_NaN();
    const auto log_p = flow.log_prob(dirty);
    for (Index i = 0; i < 40; ++i) CHECK((i == 7 ? std::isnan(log_p(i)) : log_p(i) == clean(i)));
  }
}
TEMPLATE_TEST_CASE("coupling: a row alone has the bits of a row among 257 [adversarial 30]", "[adversarial]", float,
                   double) {
  const auto flow = filled(coupling<TestType>(5), 0.5);
  const auto x = rows<TestType>(257, 5), z = flow.forward(x), back = flow.inverse(z);
  for (Index i : {0, 1, 127, 128, 255, 256}) {
    CHECK((flow.forward(x.middleRows(i, 1)) == z.row(i)).all());
    CHECK((flow.inverse(z.middleRows(i, 1)) == back.row(i)).all());
  }
}
TEMPLATE_TEST_CASE("coupling: a spline's notes (autodiff/notes.hpp) change no bit, whatever was called before", "",
                   float, double) {
  using T = TestType;
  using Spline = RationalQuadraticSpline<8, 2>;  // its notes need more than the place of the adjoints
  using Net = Mlp<T, 2, 2 * Spline::arity, Tanh>;
  Random random{1};
  const auto layer = filled(Coupling<Spline, Net>(Net({9}, random)), 0.7);
  using L = std::remove_cvref_t<decltype(layer)>;
  const auto flat = [](const L& grad) {
    std::vector<T> all;
    each_parameter([&](const Path&, const auto& a) { all.insert(all.end(), a.data(), a.data() + a.size()); }, grad);
    return all;
  };
  for (Index n : {1, 2, 37, 128}) {
    const Batch<T, 4> x = rows<T>(n, 4);
    struct Result {
      Batch<T, 4> g;
      std::vector<T> grad;
      bool operator==(const Result& o) const { return (g == o.g).all() && grad == o.grad; }
    };
    const auto run = [&](typename L::Saved& s, bool forward) {
      Batch<T, 4> y = x;
      PerSample<T> log_det = PerSample<T>::Zero(n);
      forward ? layer.forward({y, log_det, random}, s) : layer.inverse({y, log_det, random}, s);
    };
    const auto pull = [&](typename L::Saved& s, bool backward) {
      Result r{x, {}};
      PerSample<T> g_log_det = PerSample<T>::Ones(n);
      L grad = zero_gradient(layer);
      backward ? layer.backward(s, {r.g, g_log_det, random}, grad)
               : layer.inverse_backward(s, {r.g, g_log_det, random}, grad);
      r.grad = flat(grad);
      return r;
    };
    typename L::Saved s;
    run(s, true);
    const auto plain = pull(s, true);
    INFO(n << " rows");
    CHECK(plain.g.isFinite().all());
    CHECK(pull(s, true) == plain);  // without notes again
    run(s, true);
    CHECK(pull(s, true) == plain);  // with notes
    CHECK(pull(s, true) == plain);  // which are used up
    run(s, true);
    const auto other_way = pull(s, false);  // notes that nobody asked for
    typename L::Saved fresh;
    run(fresh, true);
    CHECK(pull(fresh, false) == other_way);
    run(s, false);
    run(fresh, false);
    CHECK(pull(s, true) == pull(fresh, true));
  }
}
TEMPLATE_TEST_CASE("coupling: one feature, masks that pass all or none are refused [adversarial 31]", "[adversarial]",
                   float, double) {
  using T = TestType;
  using Net = Mlp<T, Dynamic, Dynamic>;
  Random random{1};
  CHECK_THROWS_AS((Coupling<Affine, Net>(Net({4}, random, 0, 2))), std::invalid_argument);
  CHECK_THROWS_AS(RuntimeMask({false, false}), std::invalid_argument);
  CHECK_THROWS_AS((Coupling<Affine, Net, RuntimeMask>(Net({4}, random, 0, 4), RuntimeMask({true, true}))),
                  std::invalid_argument);
}
TEMPLATE_TEST_CASE("coupling: 2, 3 and 1,000 features come back, also no rows at all [adversarial 32, 33]",
                   "[adversarial]", float, double) {
  const auto check = [](const auto& flow, const auto& x) {
    const double eps = double(std::numeric_limits<TestType>::epsilon());
    const auto z = flow.forward(x);
    CHECK(double((flow.inverse(z) - x).abs().maxCoeff()) <= 16 * 8 * eps * double(z.abs().maxCoeff()));
    CHECK(flow.forward(x.topRows(0)).rows() == 0);
    CHECK(flow.log_prob(x.topRows(0)).size() == 0);
    CHECK(flow.log_prob_and_gradient(x.topRows(0)).x.rows() == 0);
  };
  check(filled(coupling<TestType>(2), 0.3), rows<TestType>(40, 2));
  check(filled(coupling<TestType>(3), 0.3), rows<TestType>(40, 3));
  check(filled(coupling<TestType>(1000), 0.03), rows<TestType>(5, 1000));
}
TEMPLATE_TEST_CASE("coupling: the result may be stored over the input [adversarial 34]", "[adversarial]", float,
                   double) {
  using T = TestType;
  const auto flow = filled(coupling<T>(5), 0.5);
  using Rows = Batch<T, Dynamic>;
  const Rows x = rows<T>(300, 5);
  const PerSample<T> wanted = flow.log_prob(x);
  typename decltype(flow)::Workspace w;
  Parallel<std::remove_const_t<decltype(flow)>> team(2);
  for (Index j = 0; j < 5; ++j) {  // log p over a column of the rows it is of
    Rows over = x, by_two = x;
    flow.log_prob(over, Context<T>(), w, over.col(j));
    CHECK((over.col(j) == wanted).all());
    team.log_prob(flow, by_two, by_two.col(j));
    CHECK((by_two.col(j) == wanted).all());
  }
  Rows back = x;
  back = flow.forward(back);
  CHECK((back == flow.forward(x)).all());
}
TEST_CASE("conditional: a sample may be stored over its context [adversarial 34]", "[adversarial]") {
  using T = double;
  using Net = Mlp<T, 2, 4>;
  Random random{1};
  const auto flow = filled(Flow{StandardNormal<T, 2>{}, Coupling<Affine, Net>(Net({8}, random))}, 0.5);
  const Batch<T, 2> c = rows<T>(300, 2);
  Random one{3}, two{3}, three{3};
  const auto wanted = flow.sample_and_log_prob(c, one);
  typename decltype(flow)::Workspace w;
  Parallel<std::remove_const_t<decltype(flow)>> team(2);
  Batch<T, Dynamic> over = c, by_two = c;
  PerSample<T> log_prob(300);
  flow.sample(over, two, w, over, log_prob);
  CHECK((over == wanted.x).all());
  CHECK((log_prob == wanted.log_prob).all());
  team.sample(flow, by_two, three, by_two, log_prob);
  CHECK((by_two == wanted.x).all());
  CHECK((log_prob == wanted.log_prob).all());
}
TEMPLATE_TEST_CASE("iaf of maf is the identity to 64 eps [adversarial 38]", "[adversarial]", float, double) {
  using T = TestType;
  using Net = Made<T, 4, 0, 2, Tanh>;
  Random random{1};
  const Autoregressive<Affine, Net> layer(Net({12, 12}, random));
  const auto one = filled(Flow{StandardNormal<T, 4>{}, layer}, 0.25);
  const auto both =
      Flow{StandardNormal<T, 4>{}, std::get<0>(one.layers.layers), Inverse(std::get<0>(one.layers.layers))};
  const Batch<T, 4> x = rows<T>(300, 4), back = both.forward(x);
  CHECK(double((back - x).abs().maxCoeff()) <=
        64 * double(std::numeric_limits<T>::epsilon()) * double(x.abs().maxCoeff()));
}
TEMPLATE_TEST_CASE("made: one feature sees nothing, or its context alone [adversarial 36]", "[adversarial]", float,
                   double) {
  using T = TestType;
  Random random{1};
  const auto alone = filled(Made<T, 1, 0, 2, Tanh>({5}, random), 1);
  const auto given = filled(Made<T, 1, 2, 2, Tanh>({5}, random), 1);
  const Batch<T, Dynamic> x = rows<T>(2, 3);
  Buffer<T, 2> phi;
  typename decltype(alone)::Saved saved;
  alone.forward(Batch<T, 1>(x.leftCols(1)), phi, saved);
  CHECK((phi.view().row(0) == phi.view().row(1)).all());
  typename decltype(given)::Saved with_context;
  given.forward(Batch<T, 3>(x), phi, with_context);
  CHECK((phi.view().row(0) != phi.view().row(1)).all());
}
