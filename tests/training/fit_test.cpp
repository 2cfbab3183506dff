#include <bijou/bijou.hpp>
#include <bijou/training/degeneracies.hpp>
#include <bijou/training/far_start.hpp>
#include <bijou/training/fit.hpp>
#include <bijou/training/fit_options.hpp>
#include <bijou/training/fit_state.hpp>
#include <bijou/training/likelihood.hpp>
#include <bijou/training/optimizer.hpp>
#include <bijou/training/outside_support.hpp>
#include <bijou/training/progress.hpp>
#include <bijou/training/reverse_kl.hpp>
#include <bijou/training/schedule.hpp>
#include <bijou/training/table.hpp>
#include <bijou/training/team.hpp>
#include <bijou/training/train.hpp>

#include "catch.hpp"
#include "flow/models.hpp"
#include "training/moons.hpp"

using namespace bijou;
using test::moons, test::small_flow;
namespace {
/// One number as a model.
struct Number {
  using Scalar = double;
  Row<double> x = Row<double>::Constant(1, 1.5);
  static auto fields(auto& self) { return named("x", self.x); }
};
/// x after steps with the gradients 0.3, -1.2, 0.7.
double after_three_steps(const Optimizer& optimizer) {
  Number model, gradient, first, second;
  first.x.setZero();
  second.x.setZero();
  long t = 0;
  for (double g : {0.3, -1.2, 0.7}) {
    gradient.x(0) = g;
    step(Update<double>(optimizer, ++t, 1, 1, 0), model, gradient, first, second);
  }
  return model.x(0);
}
}  // namespace

TEST_CASE("optimizers: three steps by hand") {
  CHECK(after_three_steps(Sgd{.rate = 0.1}) == Approx(1.5 - 0.1 * (0.3 - 1.2 + 0.7)).epsilon(1e-15));
  const double m2 = 0.9 * 0.3 - 1.2, m3 = 0.9 * m2 + 0.7;
  CHECK(after_three_steps(Sgd{.rate = 0.1, .momentum = 0.9}) == Approx(1.5 - 0.1 * (0.3 + m2 + m3)).epsilon(1e-15));
  CHECK(after_three_steps(Sgd{.rate = 0.1, .momentum = 0.9, .nesterov = true}) ==
        Approx(1.5 - 0.1 * (0.3 + 0.9 * 0.3 - 1.2 + 0.9 * m2 + 0.7 + 0.9 * m3)).epsilon(1e-15));
  double m = 0, v = 0, u = 0, r = 0, adam = 1.5, adamw = 1.5, adamax = 1.5, rms = 1.5;
  int t = 0;
  for (double g : {0.3, -1.2, 0.7}) {
    ++t;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    u = std::max(0.999 * u, std::abs(g));
    r = 0.99 * r + 0.01 * g * g;
    const double mean = m / (1 - std::pow(0.9, t)), d = mean / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
    adam -= 0.1 * d;
    adamw -= 0.1 * (d + 0.01 * adamw);
    adamax -= 0.1 * mean / (u + 1e-8);
    rms -= 0.1 * g / (std::sqrt(r) + 1e-8);
  }
  AdamW decoupled;
  decoupled.rate = 0.1;
  CHECK(after_three_steps(Adam{.rate = 0.1}) == Approx(adam).epsilon(1e-13));
  CHECK(after_three_steps(decoupled) == Approx(adamw).epsilon(1e-13));
  CHECK(after_three_steps(Adamax{.rate = 0.1}) == Approx(adamax).epsilon(1e-13));
  CHECK(after_three_steps(RmsProp{.rate = 0.1}) == Approx(rms).epsilon(1e-13));
  CHECK(Adam{}.at(10000000)(Lanes<double>(1), *std::make_unique<Lanes<double>>(1),
                            *std::make_unique<Lanes<double>>(1))[0] == Approx(1).epsilon(1e-6));
}
TEST_CASE("schedules: constant, steps, cosine, plateau") {
  CHECK(ConstantRate{}.at(9, 3, 0.5) == 1);
  CHECK(StepRate{.every = 10, .factor = 0.5}.at(25, 0, 0) == 0.25);
  CHECK(CosineRate{}.at(0, 0, 0) == 1);
  CHECK(CosineRate{.last = 0.1}.at(0, 0, 1) == Approx(0.1));
  CHECK(CosineRate{}.at(0, 0, 0.5) == Approx(0.5));
  CHECK(PlateauRate{.factor = 0.5}.at(0, 3, 0) == 0.125);
}
TEST_CASE("fit: over ten steps of warm-up the rate grows by tenths") {
  const auto moved = [](long steps, long warm_up) {  // a gradient of 1: each step is the rate
    auto flow = small_flow();
    FitState state(flow);
    const auto start = state.current;
    struct {
      long n;
      long steps() const { return n; }
      void start(long) {}
      double loss(const decltype(flow)&, long, Team<decltype(flow)>&, decltype(flow)& g) {
        each_parameter([](const Path&, auto& a) { a.setOnes(); }, g);
        return 1;
      }
      double weight(long) const { return 1; }
      const bool calls_user = false;
      bool validates() const { return false; }
      double validate(const decltype(flow)&, Team<decltype(flow)>&) const { return 0; }
    } source{steps};
    train(flow, state, {.optimizer = Sgd{1e-3}, .warm_up_steps = warm_up, .max_epochs = 1}, source);
    double most = 0;
    each_parameter(
        [&](const Path&, const auto& a, const auto& b) { most = std::max(most, (a - b).cwiseAbs().maxCoeff()); }, start,
        state.current);
    return most / 1e-3;
  };
  double wanted = 0;
  for (long n : {1, 2, 3, 4}) CHECK(moved(n, 10) == Approx(wanted += 0.1 * double(n)).epsilon(1e-9));
  CHECK(moved(10, 10) == Approx(5.5).epsilon(1e-9));
  CHECK(moved(12, 10) == Approx(7.5).epsilon(1e-9));
  CHECK(moved(3, 2) == Approx(2.5).epsilon(1e-9));
}
TEST_CASE("fit: a plateau of as many epochs as `patience` says lowers the rate") {
  auto flow = small_flow();
  FitState state(flow);
  // Steps too small to change a digit of the score: none is better than the first.
  fit(flow, moons(200), {.optimizer = Adam{1e-300}, .schedule = PlateauRate{0.5, 3}, .max_epochs = 7}, state);
  CHECK(state.count(state.reductions) == 2);
  CHECK(state.count(state.since_reduction) == 1);
}
TEST_CASE("fit: learns, keeps the best weights, reports why it stopped") {
  auto flow = small_flow();
  const auto data = moons(3000);
  const double before = -flow.log_prob(data.x).mean();
  const auto report = fit(flow, data, {.optimizer = Adam{5e-3}, .max_epochs = 30, .patience = 5});
  CHECK(-flow.log_prob(data.x).mean() < before - 0.5);
  CHECK(report.best_validation == *std::min_element(report.validation.begin(), report.validation.end()));
  CHECK(report.train.size() == report.validation.size());
  CHECK(report.refused == 0);
  CHECK(!report.stopped.empty());
  // The weights are those of the best epoch: the same validation rows give the same score.
  const auto order = fit_random({}, FitStream::split).permutation(3000);
  CHECK(-flow.log_prob(data.select(order.head(300)).x).mean() == Approx(report.best_validation).epsilon(1e-12));
}
TEST_CASE("fit: stopped and resumed equals uninterrupted, bit by bit [adversarial 70]", "[adversarial]") {
  const auto data = moons(800);
  auto whole = small_flow(), parts = small_flow();
  FitOptions options{.schedule = CosineRate{}, .max_epochs = 6, .average = 0.95};
  fit(whole, data, options);
  FitState state(parts);
  options.callback = [](const Epoch& e) { return e.number < 2; };
  CHECK(fit(parts, data, options, state).stopped == "the callback said so");
  options.callback = {};
  fit(parts, data, options, state);
  CHECK(whole == parts);
}
TEST_CASE("fit: bad data and options are refused before the first step, the flow is unchanged") {
  auto flow = small_flow();
  const auto before = flow;
  auto data = moons(100);
  const auto refused = [&](const FitOptions& options, const char* what) {
    CHECK_THROWS_WITH(fit(flow, data, options), Catch::Contains(what));
    CHECK(flow == before);
  };
  refused({.batch_size = 0}, "batch_size must be at least 1");
  refused({.optimizer = Adam{0}}, "rate must be positive");
  refused({.optimizer = Adam{std::nan("")}}, "rate must be positive");
  refused({.validation_fraction = 1}, "validation_fraction");
  refused({.schedule = StepRate{.factor = -1}}, "factor");
  data.x(17, 1) = std::nan("");
  refused({}, "row 17, column 1");
  data.x.resize(0, 2);
  refused({}, "no rows");
  data = Table<double>(Batch<double, Dynamic>::Zero(10, 3));
  refused({}, "data must be N x 2, is 10 x 3");
  data = moons(10);
  data.weights = PerSample<double>::Constant(10, -1);
  refused({}, "weights");
}
TEMPLATE_TEST_CASE("norm: of all arrays, in double, and not finite where a number is not", "", float, double,
                   long double) {
  for (Index n : {0, 1, 7, 8, 33, 64, 77, 200}) {
    const double large = double(1e30F);
    std::vector<TestType> a(std::size_t(n), static_cast<TestType>(large));
    CHECK(std::abs(sum_of_squares(a.data(), n) / (large * large) - double(n)) < 1e-12 * double(n + 1));
    if (!n) continue;
    a[std::size_t(n / 2)] = std::numeric_limits<TestType>::quiet_NaN();
    CHECK(std::isnan(sum_of_squares(a.data(), n)));
  }
}
TEST_CASE("fit: the resolution of a column is the smallest distance between two values") {
  const DistinctValues values((Eigen::ArrayXd(6) << 7, 0.5, 4, 3.5, 7, 0.5).finished());
  CHECK(values.count == 4);
  CHECK(values.gap == 0.5);
  CHECK(DistinctValues(Eigen::ArrayXd::Ones(3)).gap == 0);
}
TEST_CASE("fit: data without a density are named, column by column") {
  Random random{2};
  Batch<double, Dynamic> x(200, 5);
  random.normal(x);
  CHECK(degeneracies(x).empty());
  x.col(1).setConstant(3);
  x.col(2) = x.col(2).round();
  x.col(4) = 2 * x.col(0) - 0.5 * x.col(3) + 7;
  const auto found = degeneracies(x);
  REQUIRE(found.size() == 3);
  CHECK(found[0] == "column 1 is constant: it has no density, leave it out");
  CHECK_THAT(found[1],
             Catch::StartsWith("column 2 takes only ") && Catch::EndsWith("add uniform noise of its resolution, 1"));
  CHECK(found[2] ==
        "column 4 is a linear function of the columns before it, to 1e-9 of its variance: leave one of them out");
  x(0, 1) = 4;
  CHECK(degeneracies(x)[0] == "column 1 takes only 2 values in 200 rows: add uniform noise of its resolution, 1");
  x(0, 1) = 3;
  for (Index i = 1; i < 200; i += 2) x(i, 4) *= -1;  // half of the rows lie elsewhere
  CHECK(degeneracies(x).size() == 2);
  Batch<double, Dynamic> half(20, 1);
  for (Index i = 0; i < 20; ++i) half(i, 0) = double(i / 2);  // as many values as half of the rows
  CHECK(degeneracies(half).size() == 1);
  half(0, 0) = 0.5;
  CHECK(degeneracies(half).empty());
  for (Index i = 0; i < 20; ++i) half(i, 0) = double(i % 2);
  CHECK(degeneracies(half).size() == 1);
  CHECK(degeneracies(half.topRows(19)).empty());  // too few rows to tell
  CHECK(degeneracies(x.topRows(1)).size() == 5);
  CHECK_THAT(degeneracies(x.topRows(3)).back(), Catch::EndsWith("columns lie in a plane: more rows are needed"));

  Batch<double, Dynamic> atom(400, 1);
  random.normal(atom);
  atom.topRows(20).setConstant(0.5);
  Batch<double, Dynamic> scales(200, 3);  // whose squares are 0 or infinite
  random.normal(scales);
  scales.col(1) *= 1e-200, scales.col(2) *= 1e200;
  CHECK(degeneracies(scales).empty());
  scales.col(2) = 1e300 * (scales.col(0) + 1e200 * scales.col(1));
  CHECK(degeneracies(scales).size() == 1);
  REQUIRE(degeneracies(atom).size() == 1);
  CHECK_THAT(degeneracies(atom)[0], Catch::StartsWith("column 0 is 0.5 in 20 of 400 rows"));
  atom(0, 0) = 3;
  CHECK(degeneracies(atom).empty());

  Batch<float, Dynamic> wide(4000, 1100);  // of which every second row is looked at
  random.normal(wide);
  wide.col(5) = wide.col(3) + wide.col(4);
  wide.col(7).setConstant(1);
  for (Index i = 1; i < 400; i += 2) wide(i, 7) += wide(i, 6);
  wide.col(9).setConstant(0);
  wide(1, 9) = 1;
  const auto in_wide = degeneracies(wide);
  REQUIRE(in_wide.size() == 3);
  CHECK_THAT(in_wide[0], Catch::StartsWith("column 7 takes only") || Catch::StartsWith("column 7 is 1 in"));
  CHECK_THAT(in_wide[2], Catch::StartsWith("column 5 is a linear function"));

  auto flow = small_flow();
  Batch<double, Dynamic> twice(100, 2);
  random.normal(twice);
  twice.col(1) = twice.col(0);
  const auto report = fit(flow, Table<double>(twice), {.max_epochs = 1});
  REQUIRE(report.warnings.size() == 1);
  CHECK_THAT(report.warnings[0], Catch::StartsWith("column 1 is a linear function"));
  CHECK(fit(flow, moons(100), {.max_epochs = 1}).warnings.empty());
}
TEST_CASE("fit: a start far from the data is named, in whatever column it is; standardized data are near") {
  Random random{2};
  const auto data = [&](double mean, double deviation) {
    Batch<double, 3> x(500, 3);
    random.normal(x);
    x.col(1) = mean + deviation * x.col(1);
    return x;
  };
  // About 0 and 1: (mean^2 + deviation^2 - 1) / 2 - log deviation nats, and 10 and 3/4 are far.
  for (const auto& [mean, deviation, far] : {std::tuple{0., 1., false},
                                             {4.3, 1., false},
                                             {5., 1., true},
                                             {0., 1e-4, false},
                                             {0., 1e-5, true},
                                             {100., 30., true}}) {
    INFO(mean << " " << deviation);
    const auto x = data(mean, deviation);
    auto plain = real_nvp<double, 3, 2>({8}, random);
    const auto report = fit(plain, x, {.max_epochs = 1});
    CHECK(report.warnings.size() == std::size_t(far));
    if (far) CHECK_THAT(report.warnings[0], Catch::Contains("put Standardize in front of the layers"));
    FitState state(plain);
    state.count(FitState<decltype(plain)>::steps) = 1;  // not at its start
    CHECK(fit(plain, x, {.max_epochs = 0}, state).warnings.empty());
    auto [base, layers] = real_nvp<double, 3, 2>({8}, random);
    Flow near{base, Standardize<double, 3>(x), layers};
    CHECK(fit(near, x, {.max_epochs = 1}).warnings.empty());
  }
  auto x = data(100, 1);
  x.col(2).setConstant(1);
  auto flow = real_nvp<double, 3, 2>({8}, random);
  CHECK(!far_start(flow, Table<double>(x)));  // what is wrong with it says another warning
  Batch<double, 3> late = Batch<double, 3>::Random(1001, 3);
  late(1000, 0) = 1e9;
  CHECK(!far_start(flow, Table<double>(late)));
}
TEST_CASE("fit: a masked net too narrow for all features to see those before is named [adversarial 35]",
          "[adversarial]") {
  Random random{2};
  Batch<double, Dynamic> x(100, 5);
  random.normal(x);
  const auto warnings = [&](int units) {
    auto flow = maf<double, 5, 2>({units}, random);
    return fit(flow, Table<double>(x), {.max_epochs = 1}).warnings;
  };
  REQUIRE(warnings(3).size() == 1);
  CHECK_THAT(warnings(3)[0], Catch::Contains("fewer units"));
  CHECK(warnings(4).empty());
}
TEST_CASE("fit: weights of rows count as repetitions do; a batch longer than the table is one batch") {
  const auto data = moons(60);
  Table<double> doubled(Batch<double, Dynamic>(120, 2)), weighted = data;
  doubled.x << data.x, data.x;
  weighted.weights = PerSample<double>::Constant(60, 2);
  auto a = small_flow(), b = small_flow();
  const FitOptions options{.batch_size = 1000, .max_epochs = 3, .validation_fraction = 0};
  const auto ra = fit(a, doubled, options), rb = fit(b, weighted, options);
  CHECK(ra.steps == 3);
  for (int i = 0; i < 3; ++i) CHECK(ra.train[std::size_t(i)] == Approx(rb.train[std::size_t(i)]).epsilon(1e-9));
  CHECK(std::isnan(ra.best_validation));
  CHECK(ra.seconds > 0);
}
TEST_CASE("fit: an epoch's loss is the mean over its rows by their weights, however they fall into batches") {
  auto flow = test::randomised(small_flow(), 0.2);
  auto data = moons(90);
  data.weights = PerSample<double>::LinSpaced(90, 0.01, 9).square();
  const PerSample<double> nll = -flow.log_prob(data.x);
  const double wanted = (nll * data.weights).sum() / data.weights.sum();
  const auto report =
      fit(flow, data, {.optimizer = Sgd{1e-300}, .batch_size = 40, .max_epochs = 1, .validation_fraction = 0});
  CHECK(report.train[0] == Approx(wanted).epsilon(1e-12));
}
TEST_CASE("fit: with weights of rows, the gradients of an epoch's batches add up to the table's") {
  Random random{3};
  Table<double> data = moons(100);
  data.weights.resize(100);
  random.uniform(data.weights);
  data.weights = (5 * data.weights).exp();
  const auto flow = small_flow();
  const Table<double> none(Batch<double, Dynamic>(0, 2));
  const FitOptions options{.batch_size = 32};  // 32, 32, 32 and 4
  TableSource<std::remove_const_t<decltype(flow)>> source(data, none, options);
  auto whole = zero_gradient(flow), batch = whole, sum = whole;
  Team<std::remove_const_t<decltype(flow)>> team(whole, 1);
  const double loss = negative_log_likelihood(flow, data, natural_order(100), Random{}, team, whole);
  double total = 0;
  source.start(0);
  for (long i = 0; i < source.steps(); ++i) {
    total += source.loss(flow, i, team, batch) * source.weight(i) / 100;
    each_parameter([&](const Path&, auto& a, const auto& b) { a += b * (source.weight(i) / 100); }, sum, batch);
  }
  CHECK(total == Approx(loss).epsilon(1e-12));
  each_parameter([](const Path&, const auto& a, const auto& b) { CHECK((a - b).abs().maxCoeff() < 1e-12); }, sum,
                 whole);
}
TEST_CASE("fit: rows outside the support are counted, and the first is shown") {
  Random random{1};
  Batch<double, 2> x(400, 2), few(2, 2);
  random.uniform(x);
  few << 0.5, 0.25, 1, 0.125;
  const auto warnings = [&](const auto& train, const auto& validation) {
    Flow flow{StandardNormal<double, 2>{}, Elementwise<Logit, double, 2>{}, Elementwise<Affine, double, 2>{}};
    return fit(flow, Table<double>(train), Table<double>(validation), {.max_epochs = 2}).warnings;
  };
  CHECK(warnings(x, few.topRows(1)).empty());
  const auto validation = warnings(x, few);
  REQUIRE(validation.size() == 2);
  CHECK(validation[0] == "no validation score was finite: the flow has the weights that the fit began with");
  CHECK_THAT(validation[1],
             Catch::StartsWith("1 of 2 validation rows have no density under this flow, the first is (1, 0.125):"));
  x.row(7) << 0.5, 2;
  x.row(9) << 0, 0;
  const auto training = warnings(x, few.topRows(1));
  REQUIRE(training.size() == 2);
  CHECK_THAT(training[0], Catch::EndsWith(" steps were refused: their loss or its gradient was not finite"));
  CHECK_THAT(training[1],
             Catch::StartsWith("2 of 400 training rows have no density under this flow, the first is (0.5, 2):"));
}
TEST_CASE("fit: divergence stops with good weights and says so; no epoch changes nothing [adversarial 28, 69]",
          "[adversarial]") {
  const auto data = moons(300);
  Random random{1};
  using Wild = Coupling<Affine, Mlp<double, 1, 2>>;
  Flow flow{StandardNormal<double, 2>{}, repeat<3>([&] {
              return Chain{Wild(Mlp<double, 1, 2>({8}, random)), Permutation<double, 2>{}};
            })};
  const auto report = fit(flow, data, {.optimizer = Sgd{.rate = 1e6}, .max_epochs = 200});
  CHECK_THAT(report.stopped, Catch::Contains("diverged"));
  CHECK(report.refused >= 10);
  CHECK(flow.log_prob(data.x).isFinite().all());
  auto same = small_flow();
  const auto none = fit(same, data, {.max_epochs = 0});
  CHECK(same == small_flow());
  CHECK(none.steps == 0);
}
TEST_CASE("fit: frozen parameters stay, the others move") {
  auto flow = small_flow();
  const auto before = flow;
  fit(flow, moons(300), {.max_epochs = 2, .trained = [](const std::string& name) {
                           return name.find("layers.0.layers.0") != std::string::npos;
                         }});
  int moved = 0, kept = 0;
  each_parameter(
      [&](const Path& p, const auto& a, const auto& b) {
        const bool trained = p.str().find("layers.0.layers.0") != std::string::npos;
        const bool same = (a.array() == b.array()).all();
        if (!trained) CHECK(same);
        (same ? kept : moved) += 1;
      },
      flow, before);
  CHECK(moved > 0);
  CHECK(kept > 0);
}
TEST_CASE("fit: options that would do nothing are refused or named") {
  auto flow = small_flow();
  const auto before = flow;
  CHECK_THROWS_WITH(fit(flow, moons(100), {.trained = [](const std::string&) { return false; }}),
                    Catch::Contains("trained names no parameter of the flow; there are layers.0.layers.0"));
  CHECK(same_bits(flow, before));
  for (const Schedule& schedule : {Schedule{ConstantRate{}}, Schedule{PlateauRate{}}}) {
    const bool plateau = std::holds_alternative<PlateauRate>(schedule);
    FitOptions options{.schedule = schedule, .max_epochs = 1, .patience = plateau ? 0 : 3, .validation_fraction = 0};
    CHECK_THAT(fit(flow, moons(100), options).warnings.at(0), Catch::Contains("wait for a validation score"));
    options.validation_fraction = 0.1;
    CHECK(fit(flow, moons(100), options).warnings.empty());
  }
}
TEST_CASE("fit: a conditional density, gradients through context") {
  // y = 2 c + 0.1 noise: the flow must find the slope and the width.
  Random random{3};
  Batch<double, Dynamic> y(2000, 1);
  Context<double> c(2000, 1);
  random.normal(y);
  random.uniform(c);
  y = 0.1 * y + 2 * c;
  using Net = Mlp<double, 1, 2, Tanh>;
  Flow flow{StandardNormal<double, 1>{}, Coupling<Affine, Net>(Net({16}, random))};
  fit(flow, Table<double>(y, c), {.optimizer = Adam{2e-2}, .max_epochs = 50});
  CHECK(-flow.log_prob(Batch<double, 1>(y), c).mean() ==
        Approx(0.5 * std::log(2 * std::numbers::pi * std::numbers::e) + std::log(0.1)).margin(0.06));
}
TEST_CASE("reverse KL: its gradient is that of differences, with and without rows before") {
  auto flow = test::randomised(small_flow(), 0.1);
  const auto energy = [](const auto& x, auto&& u, auto&& g) {
    u = 0.5 * x.square().rowwise().sum() + 0.1 * x.col(0);
    g = x;
    g.col(0) += 0.1;
  };
  auto grad = zero_gradient(flow);
  Team<decltype(flow)> team(grad, 1);
  const double kl = reverse_kl(flow, 200, energy, Random{5}, team, grad);
  CHECK(reverse_kl(flow, 200, energy, Random{5}, team) == kl);
  const auto shift = [&](double h) {
    auto moved = flow;
    each_parameter([h](const Path&, auto& a, auto& g) { a += h * g; }, moved, grad);
    return reverse_kl(moved, 200, energy, Random{5}, team);
  };
  const double length = norm(grad), h = 1e-5 / length;
  CHECK((shift(h) - shift(-h)) / (2 * h) == Approx(length * length).epsilon(1e-6));
}
TEST_CASE("fit_energy: reverse KL comes down to -log Z") {
  Random random{1};
  auto flow = coupling_flow<BoundedAffine<2>, double, 2, 4, Tanh>({16}, random);
  // A correlated normal: log Z = log(2 pi) + log(0.8).
  const auto energy = [](const auto& x, auto&& u, auto&& g) {
    u = 0.5 * (x.col(0).square() + (x.col(1) - 0.6 * x.col(0)).square() / 0.64);
    g.col(1) = (x.col(1) - 0.6 * x.col(0)) / 0.64;
    g.col(0) = x.col(0) - 0.6 * g.col(1);
  };
  const auto report = fit_energy(
      flow, energy,
      {.optimizer = Adam{2e-2}, .batch_size = 128, .max_epochs = 4, .steps_per_epoch = 60, .validation_rows = 1000});
  CHECK(report.best_validation == Approx(-std::log(2 * std::numbers::pi * 0.8)).margin(0.01));
}
TEST_CASE("fit_stream, fit_energy: without rows to validate on there are no scores, and the last weights are kept") {
  const auto flow = test::randomised(small_flow(), 0.1);
  const auto last = [&](auto fitted) {
    auto kept = flow;
    FitState state(flow);
    const auto report = fitted(kept, FitOptions{.max_epochs = 2, .steps_per_epoch = 3, .validation_rows = 0}, state);
    CHECK(report.validation.empty());
    CHECK(same_bits(kept, state.current));
    CHECK_FALSE(same_bits(kept, flow));
  };
  last([](auto& f, const auto& options, auto& state) {
    return fit_stream(
        f, [](Random& r, auto& x) { r.normal(x); }, options, state);
  });
  last([](auto& f, const auto& options, auto& state) {
    const auto energy = [](const auto& x, auto&& u, auto&& g) {
      u = x.square().rowwise().sum();
      g = 2 * x;
    };
    return fit_energy(f, energy, options, state);
  });
}
TEST_CASE("expectation maximization: a known mixture, and the Gaussian of the data") {
  Random random{3};
  Batch<double, Dynamic> x(4000, 2);
  random.normal(x);
  for (Index i = 0; i < 4000; ++i)
    x.row(i) = i % 4 ? Eigen::Array<double, 1, 2>(0.5 * x(i, 0) + 3, 0.5 * x(i, 1))
                     : Eigen::Array<double, 1, 2>(x(i, 0) - 3, 2 * x(i, 1));
  const auto mixture = expectation_maximization<double>(x, 2);
  const int heavy = mixture.logits(0) > mixture.logits(1) ? 0 : 1;
  CHECK(std::exp(mixture.logits(heavy)) == Approx(0.75).margin(0.02));
  CHECK(mixture.mean(heavy, 0) == Approx(3).margin(0.05));
  CHECK(mixture.mean(1 - heavy, 0) == Approx(-3).margin(0.15));
  CHECK_THROWS_WITH(expectation_maximization<double>(x.topRows(3), 2), Catch::Contains("need at least"));
}
