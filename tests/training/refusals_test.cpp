// Every sentence with which a fit refuses what it is given; the flow and the state keep their bits.
#include <bijou/bijou.hpp>
#include <bijou/training/expectation_maximization.hpp>

#include "catch.hpp"
#include "training/moons.hpp"

using namespace bijou;
using Catch::Contains;
using test::moons;
namespace {
constexpr double inf = std::numeric_limits<double>::infinity();
const double not_a_number = std::nan("");
auto start() {
  Random random{1};
  return real_nvp<double, 2, 2>({8}, random);
}
/// p(x | c) of 2 features and 1 column of context.
auto conditional() {
  Random random{1};
  using Net = Mlp<double, 2, 2>;
  return Flow{StandardNormal<double, 2>{}, Coupling<Affine, Net>(Net({4}, random))};
}
const auto draw = [](Random& r, auto& x) { Moons::sample(r, x); };
const auto energy = [](const auto& x, auto&& u, auto&& g) { u = x.square().rowwise().sum() / 2, g = x; };
}  // namespace

TEST_CASE("refusals: each option of a fit, in fit, fit_stream and fit_energy", "[adversarial]") {
  auto flow = start();
  FitState state(flow);
  const auto before = flow;
  const auto state_before = state;
  const auto data = moons(50);
  const auto refused = [&](FitOptions options, const char* what) {
    INFO(what);
    CHECK_THROWS_WITH(fit(flow, data, options, state), Contains(what));
    CHECK_THROWS_WITH(fit(flow, data, data, options, state), Contains(what));
    CHECK_THROWS_WITH(fit_stream(flow, draw, options, state), Contains(what));
    CHECK_THROWS_WITH(fit_energy(flow, energy, options, state), Contains(what));
    CHECK_THROWS_AS(fit(flow, data, options), std::invalid_argument);
    CHECK_THROWS_AS(fit_stream(flow, draw, options), std::invalid_argument);
    CHECK_THROWS_AS(fit_energy(flow, energy, options), std::invalid_argument);
    CHECK(same_bits(flow, before));
    CHECK(same_bits(state, state_before));
  };
  refused({.warm_up_steps = -1}, "warm_up_steps must not be negative, is -1");
  refused({.batch_size = 0}, "batch_size must be at least 1, is 0");
  refused({.batch_size = -5}, "batch_size must be at least 1, is -5");
  refused({.batch_size = Index(1) << 40}, "batch_size must be at most 2147483647, is 1099511627776");
  refused({.max_epochs = -1}, "max_epochs must not be negative, is -1");
  refused({.steps_per_epoch = 0}, "steps_per_epoch must be at least 1, is 0");
  refused({.patience = -1}, "patience must not be negative, is -1");
  for (double x : {-0.1, 1., 1.5, not_a_number})
    refused({.validation_fraction = x}, "validation_fraction must be in [0, 1)");
  refused({.validation_rows = -1}, "validation_rows must be in [0, 2147483647], is -1");
  for (double x : {-1., inf, not_a_number}) refused({.clip_norm = x}, "clip_norm must not be negative");
  for (double x : {-1., inf, not_a_number}) refused({.weight_decay = x}, "fit: weight_decay must not be negative");
  for (double x : {-0.1, 1., not_a_number}) refused({.average = x}, "average must be in [0, 1)");
  for (int n : {0, -1, 1000000}) refused({.threads = n}, "threads must be in [1, 1024], is ");
  for (double x : {0., -1., inf, not_a_number}) {
    refused({.optimizer = Adam{x}}, "rate must be positive and finite");
    refused({.optimizer = Sgd{x}}, "rate must be positive and finite");
    refused({.optimizer = Adam{.epsilon = x}}, "epsilon must be positive and finite");
  }
  Random random{1};
  auto single = real_nvp<float, 2, 1>({4}, random);
  const Table<float> data_of_floats(Batch<float, Dynamic>(sample<float>(Moons{}, 50, random)));
  for (double x : {1e-46, 1e-39, 1e39}) {  // numbers, but not of a float
    CHECK_THROWS_WITH(fit(single, data_of_floats, {.optimizer = Adam{x}}), Contains("rate must be positive"));
    CHECK_THROWS_WITH(fit(single, data_of_floats, {.optimizer = Adam{.epsilon = x}}),
                      Contains("epsilon must be positive"));
  }
  for (double x : {-0.1, 1., not_a_number}) {
    refused({.optimizer = Adam{.beta1 = x}}, "beta1 must be in [0, 1)");
    refused({.optimizer = Adamax{.beta2 = x}}, "beta2 must be in [0, 1)");
    refused({.optimizer = Sgd{.momentum = x}}, "momentum must be in [0, 1)");
    refused({.optimizer = RmsProp{.decay = x}}, "decay must be in [0, 1)");
  }
  AdamW heavy;
  for (double x : {-1., inf, not_a_number}) {
    heavy.weight_decay = x;
    refused({.optimizer = heavy}, "optimizer: weight_decay must not be negative");
  }
  for (double x : {0., -1., 2., not_a_number}) {
    refused({.schedule = StepRate{.factor = x}}, "factor must be in (0, 1]");
    refused({.schedule = PlateauRate{.factor = x}}, "factor must be in (0, 1]");
  }
  refused({.schedule = StepRate{.every = 0}}, "every must be at least 1 epoch, is 0");
  refused({.schedule = PlateauRate{.patience = 0}}, "patience must be at least 1 epoch, is 0");
  for (double x : {-0.1, 1.1, not_a_number}) refused({.schedule = CosineRate{x}}, "last must be in [0, 1]");
}
TEST_CASE("refusals: tables of wrong shapes, numbers and weights; the row is named", "[adversarial]") {
  auto flow = start();
  const auto before = flow;
  const auto refused = [&](const Table<double>& data, const char* what) {
    INFO(what);
    CHECK_THROWS_WITH(fit(flow, data), Contains(what));
    CHECK_THROWS_WITH(fit(flow, moons(20), data, {}), data.rows() ? Contains(what) : Contains(""));
    CHECK(same_bits(flow, before));
  };
  CHECK_THROWS_WITH(fit(flow, Table<double>(Batch<double, Dynamic>(0, 2))), "fit: data has no rows");
  refused(Table<double>(Batch<double, Dynamic>::Zero(10, 3)), "data must be N x 2, is 10 x 3");
  refused(Table<double>(Batch<double, Dynamic>::Zero(10, 0)), "data must be N x 2, is 10 x 0");
  auto data = moons(10);
  data.context = Context<double>::Zero(10, 2);
  refused(data, "context must be 10 x 0, is 10 x 2");
  const auto weighted = [](double w) {
    auto t = moons(10);
    t.weights = PerSample<double>::Ones(10);
    t.weights(3) = w;
    return t;
  };
  refused(weighted(-1), "weights must not be negative, is -1 at row 3");
  refused(weighted(not_a_number), "weights has nan at row 3, column 0");
  data = weighted(1);
  data.weights.setZero();
  refused(data, "weights must not all be 0");
  data.weights.setConstant(1e308);
  refused(data, "weights' sum is not finite");
  data.weights = PerSample<double>::Ones(9);
  refused(data, "weights must be 10 x 1, is 9 x 1");

  auto given = conditional();
  const auto given_before = given;
  CHECK_THROWS_WITH(fit(given, moons(10)), Contains("this flow is conditional: pass a context of 1 columns"));
  Table<double> pairs(moons(10).x, Context<double>::Zero(10, 1));
  pairs.context(4, 0) = inf;
  CHECK_THROWS_WITH(fit(given, pairs), Contains("context has inf at row 4, column 0"));
  pairs.context = Context<double>::Zero(9, 1);
  CHECK_THROWS_WITH(fit(given, pairs), Contains("context must be 10 x 1, is 9 x 1"));
  CHECK_THROWS_WITH(fit_stream(given, draw), Contains("fit_stream: the flow must have no context, has 1"));
  CHECK_THROWS_WITH(fit_energy(given, energy), Contains("fit_energy: the flow must have no context, has 1"));
  CHECK(same_bits(given, given_before));
}
TEST_CASE("refusals: the state of another architecture", "[adversarial]") {
  Random random{1};
  using Net = Mlp<double, Dynamic, Dynamic>;
  const auto of = [&](int hidden) {
    return Flow{StandardNormal<double, Dynamic>(2), Coupling<Affine, Net>(Net({hidden}, random, 1, 2))};
  };
  auto flow = of(4);
  const auto before = flow;
  FitState state(of(5));
  CHECK_THROWS_WITH(fit(flow, moons(20), {}, state), Contains("the state belongs to another architecture") &&
                                                         Contains("1-5-relu") && Contains("1-4-relu"));
  CHECK_THROWS_WITH(fit_stream(flow, draw, {}, state), Contains("fit_stream: the state belongs"));
  CHECK_THROWS_WITH(fit_energy(flow, energy, {}, state), Contains("fit_energy: the state belongs"));
  CHECK(same_bits(flow, before));
}
TEST_CASE("refusals: a stream that leaves rows or columns of another number", "[adversarial]") {
  auto flow = start();
  FitState state(flow);
  const auto before = flow;
  const auto state_before = state;
  for (Index validation : {0, 50})
    for (auto shape : {std::pair<Index, Index>{64, 3}, {64, 1}, {63, 2}, {65, 2}, {0, 2}}) {
      const auto wrong = [&](Random&, auto& x) { x = Batch<double, Dynamic>::Zero(shape.first, shape.second); };
      const FitOptions options{.batch_size = 64, .validation_rows = validation};
      CHECK_THROWS_WITH(
          fit_stream(flow, wrong, options, state),
          Contains(text("left it, must be ", validation ? 50 : 64, " x 2, is ", shape.first, " x ", shape.second)));
      CHECK(same_bits(flow, before));
      CHECK(same_bits(state, state_before));
    }
}
TEST_CASE("refusals: a stream or an energy that is not finite ends as a divergence, the flow keeps its bits",
          "[adversarial]") {
  auto flow = start();
  const auto before = flow;
  const FitOptions options{.max_epochs = 3, .steps_per_epoch = 7, .validation_rows = 50};
  const auto nan_rows = [](Random& r, auto& x) { Moons::sample(r, x), x(0, 0) = std::nan(""); };
  const auto nan_energy = [](const auto&, auto&& u, auto&& g) { u.setConstant(std::nan("")), g.setZero(); };
  CHECK_THROWS_WITH(fit_stream(flow, nan_rows, options),
                    Contains("fit_stream: validation: x, as draw(random, x) left it, has nan at row 0, column 0"));
  FitOptions blind = options;
  blind.validation_rows = 0;
  CHECK_THAT(fit_stream(flow, nan_rows, blind).stopped, Contains("diverged") && Contains("last good weights"));
  CHECK_THAT(fit_energy(flow, nan_energy, options).stopped, Contains("diverged"));
  CHECK(same_bits(flow, before));
}
TEST_CASE("refusals: expectation maximization names options, rows and columns", "[adversarial]") {
  Random random{3};
  Batch<double, Dynamic> x(50, 3);
  random.normal(x);
  const auto refused = [&](int k, const ExpectationMaximizationOptions& options, auto what) {
    CHECK_THROWS_WITH(expectation_maximization<double>(x, k, options), what);
  };
  refused(0, {}, Contains("components must be at least 1, is 0"));
  refused(50, {}, Contains("50 components of 3 features need at least 54 rows, data has 50"));
  refused(2, {.max_iterations = 0}, Contains("max_iterations must be at least 1, is 0"));
  refused(2, {.starts = 0}, Contains("starts must be at least 1, is 0"));
  for (double bad : {-1., inf, not_a_number}) {
    refused(2, {.tolerance = bad}, Contains("tolerance must not be negative and finite"));
    refused(2, {.floor = bad}, Contains("floor must not be negative and finite"));
  }
  CHECK_THROWS_WITH(expectation_maximization<double>(x.topRows(0), 1), Contains("data has 0"));
  const auto good = x;
  x(7, 2) = inf;
  refused(2, {}, Contains("data has inf at row 7, column 2"));
  x = good * 1e200;
  refused(2, {}, Contains("their covariance overflows"));
  x = good;
  x.col(1).setConstant(2);
  for (int k : {1, 2}) refused(k, {}, Contains("not positive definite") && Contains("column 1 is constant"));
  x = good;
  x.col(2) = x.col(0);
  refused(1, {}, Contains("column 2 is a linear function of the columns before it"));
  CHECK(expectation_maximization<double>(x, 2).mean.allFinite());  // the floor makes a density of it
}
