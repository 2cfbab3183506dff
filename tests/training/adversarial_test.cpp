// Inputs that break training loops elsewhere, by the number of their case.
#include <bijou/bijou.hpp>

#include "catch.hpp"
#include "training/moons.hpp"

using namespace bijou;
using Catch::Contains;
namespace {
template <class T>
auto start() {
  Random random{1};
  return real_nvp<T, 2, 2>({8}, random);
}
/// A model of three numbers, and what a fit would do with its gradient.
template <class T>
struct Numbers {
  using Scalar = T;
  Row<T> x = Row<T>::Constant(3, T(1.5));
  static auto fields(auto& self) { return named("x", self.x); }
};
/// A loss that is what the test says, for the loop under every fit.
template <class F>
struct Scripted {
  using T = typename F::Scalar;
  std::function<T(long epoch, long step, F& gradient)> script;
  std::function<T(long epoch)> score;
  long n = 1, epoch = 0;
  long steps() const { return n; }
  void start(long e) { epoch = e; }
  T loss(const F&, long step, Team<F>&, F& gradient) {
    set_zero(gradient);
    return script(epoch, step, gradient);
  }
  double weight(long) const { return 1; }
  static constexpr bool calls_user = true;
  bool validates() const { return bool(score); }
  T validate(const F&, Team<F>&) const { return score(epoch); }
};
void fill(auto& gradient, double value) {
  each_parameter([&](const Path&, auto& a) { a.setConstant(typename std::remove_cvref_t<decltype(a)>::Scalar(value)); },
                 gradient);
}
const double not_a_number = std::nan(""), inf = std::numeric_limits<double>::infinity();
}  // namespace

TEMPLATE_TEST_CASE(
    "no gradient moves nothing, a NaN or inf is refused bit by bit, 1e30 is a finite step [adversarial 69]",
    "[adversarial]", float, double) {
  using T = TestType;
  AdamW no_decay;
  no_decay.weight_decay = 0;
  for (const Optimizer& rule : {Optimizer{Adam{}}, {no_decay}, {Adamax{}}, {RmsProp{}}, {Sgd{.momentum = 0.9}}}) {
    Numbers<T> model, gradient, first, second;
    const auto before = model;
    first.x.setZero();
    second.x.setZero();
    gradient.x.setZero();
    for (long t = 1; t <= 10; ++t) step(Update<T>(rule, t, 1, 1, 0), model, gradient, first, second);
    CHECK(same_bits(model, before));
    gradient.x.setConstant(T(1e30));  // a float's square overflows
    step(Update<T>(rule, 11, 1, 1, 0), model, gradient, first, second);
    CHECK(model.x.isFinite().all());
  }
  for (double bad : {not_a_number, inf, -inf})
    for (double clip : {0., 1.}) {
      auto flow = start<T>();
      FitState state(flow);
      Scripted<decltype(flow)> source;
      source.n = 3;
      source.script = [&](long, long i, auto& g) {
        fill(g, 0.1);
        if (i == 1) each_parameter([&](const Path&, auto& a) { a.data()[0] = T(bad); }, g);
        return T(i == 2 ? bad : 1);
      };
      train(flow, state, {.max_epochs = 1, .clip_norm = clip}, source);
      auto only = start<T>();
      FitState once(only);
      source.n = 1;
      train(only, once, {.max_epochs = 1, .clip_norm = clip}, source);
      CHECK(state.count(decltype(state)::refused) == 2);
      CHECK(same_bits(state.current, once.current));
      CHECK(same_bits(state.first, once.first));
      CHECK(same_bits(state.second, once.second));
    }
}
TEST_CASE("a gradient whose square overflows is refused, unless clipping makes it shorter [adversarial 69]",
          "[adversarial]") {
  for (const bool clipped : {false, true}) {
    auto flow = start<float>();
    FitState state(flow);
    Scripted<decltype(flow)> source;
    source.n = 2;
    source.script = [](long, long i, auto& g) {
      fill(g, i == 0 ? 1e30 : 0.1);
      return 1.F;
    };
    train(flow, state, {.max_epochs = 1, .clip_norm = clipped ? 1. : 0.}, source);
    CHECK(state.count(decltype(state)::refused) == (clipped ? 0 : 1));
    each_parameter([](const Path&, const auto& v) { CHECK(v.isFinite().all()); }, state.second);
  }
}
TEMPLATE_TEST_CASE("rates and clipping that make no sense are refused; resumed = uninterrupted [adversarial 70]",
                   "[adversarial]", float, double) {
  auto flow = start<TestType>();
  const auto before = flow;
  const auto data = test::moons<TestType>(100);
  for (double rate : {0., -1e-3, not_a_number, inf})
    CHECK_THROWS_WITH(fit(flow, data, {.optimizer = Adam{rate}}), Contains("rate must be positive and finite"));
  for (double norm : {-1., not_a_number, inf})
    CHECK_THROWS_WITH(fit(flow, data, {.clip_norm = norm}), Contains("clip_norm must not be negative"));
  CHECK(flow == before);
  auto whole = start<TestType>(), parts = start<TestType>();
  FitOptions options{.optimizer = Adamax{}, .max_epochs = 4, .clip_norm = 1};
  fit(whole, data, options);
  FitState state(parts);
  options.callback = [](const Epoch&) { return false; };
  for (int i = 0; i < 4; ++i) fit(parts, data, options, state);
  CHECK(whole == parts);
}
TEMPLATE_TEST_CASE("NaN and inf are named by row and column before the first step [adversarial 71]", "[adversarial]",
                   float, double) {
  using T = TestType;
  Random random{1};
  auto flow = maf<T, 4, 1>({8}, random);
  const auto before = flow;
  for (double bad : {not_a_number, inf, -inf}) {
    Table<T> data(Batch<T, Dynamic>::Random(30, 4));
    const Table<T> good = data;
    data.x(17, 3) = T(bad);
    bool stepped = false;
    const FitOptions options{.callback = [&](const Epoch&) { return stepped = true; }};
    CHECK_THROWS_WITH(fit(flow, data, options), Contains("data has ") && Contains("at row 17, column 3"));
    CHECK_THROWS_WITH(fit(flow, good, data, options),
                      Contains("validation: data has ") && Contains("at row 17, column 3"));
    CHECK(!stepped);
    CHECK(flow == before);
  }
}
TEMPLATE_TEST_CASE(
    "no rows are refused; one row, equal rows, a constant column: finite, and a warning [adversarial 72]",
    "[adversarial]", float, double) {
  using T = TestType;
  auto flow = start<T>();
  CHECK_THROWS_WITH(fit(flow, Table<T>(Batch<T, Dynamic>(0, 2))), "fit: data has no rows");
  CHECK_THROWS_WITH(fit(flow, Table<T>(Batch<T, Dynamic>(0, 2)), test::moons<T>(5), {}), "fit: data has no rows");
  CHECK(flow == start<T>());
  Batch<T, Dynamic> one = Batch<T, Dynamic>::Constant(1, 2, T(0.3)), equal = one.replicate(1000, 1),
                    constant = test::moons<T>(300).x;
  constant.col(1).setConstant(5);
  for (const auto& x : {one, equal, constant}) {
    auto learned = start<T>();
    const auto report = fit(learned, Table<T>(x), {.max_epochs = 5});
    CHECK(std::isfinite(report.train.back()));
    CHECK(learned.log_prob(x).isFinite().all());
    CHECK_THAT(report.warnings.at(0), Contains("is constant"));
  }
}
TEMPLATE_TEST_CASE(
    "a long batch is the whole table; each row comes once an epoch; batches of 0 are refused [adversarial 73]",
    "[adversarial]", float, double) {
  using T = TestType;
  auto flow = start<T>();
  const auto data = test::moons<T>(103);
  CHECK_THROWS_WITH(fit(flow, data, {.batch_size = 0}), "fit: batch_size must be at least 1, is 0");
  CHECK(fit(flow, data, {.batch_size = 5000, .max_epochs = 2, .validation_fraction = 0}).steps == 2);
  flow = start<T>();
  // With a rate of nearly 0 the epoch's mean is that of all rows: 103 = 10 * 10 + 3 came, each once.
  const FitOptions still{.optimizer = Sgd{1e-30}, .batch_size = 10, .max_epochs = 1, .validation_fraction = 0};
  const auto report = fit(flow, data, still);
  CHECK(report.steps == 11);
  CHECK(report.train[0] ==
        Approx(-double(flow.log_prob(data.x).mean())).epsilon(std::is_same_v<T, float> ? 1e-5 : 1e-12));
  const Table<T> none(Batch<T, Dynamic>(0, 2));
  TableSource<decltype(flow)> source(data, none, still);
  for (long epoch : {0, 1}) {
    auto order = fit_random(still, FitStream::order, epoch).permutation(103);
    std::sort(order.begin(), order.end());
    CHECK((order == natural_order(103)).all());
  }
}
TEMPLATE_TEST_CASE(
    "a NaN score is never the best; the best weights come back; no epoch changes nothing [adversarial 74]",
    "[adversarial]", float, double) {
  using T = TestType;
  auto flow = start<T>();
  Scripted<decltype(flow)> source;
  source.script = [](long, long, auto& g) { return fill(g, 0.1), T(1); };
  std::vector<decltype(flow)> after;
  FitState state(flow);
  const FitOptions options{.max_epochs = 6,
                           .callback = [&](const Epoch&) { return after.push_back(state.current), true; }};
  source.score = [](long epoch) {
    return std::array<T, 6>{4, T(not_a_number), T(-inf), 2, T(not_a_number), 3}[std::size_t(epoch)];
  };
  const auto report = train(flow, state, options, source);
  CHECK(report.best_epoch == 4);
  CHECK(report.best_validation == 2);
  CHECK(flow == after[3]);
  // A score that is NaN at the start can be beaten.
  auto beaten = start<T>();
  FitState fresh(beaten);
  long asked = 0;
  source.score = [&](long) { return asked++ ? T(1) : T(not_a_number); };
  CHECK(train(beaten, fresh, {.max_epochs = 2}, source).best_epoch == 1);
  auto never = start<T>();
  FitState hopeless(never);
  source.score = [](long) { return T(not_a_number); };
  CHECK(std::isnan(train(never, hopeless, {.max_epochs = 3}, source).best_validation));
  CHECK(never == start<T>());
  auto same = start<T>();
  CHECK(fit(same, test::moons<T>(50), {.max_epochs = 0}).steps == 0);
  CHECK(same == start<T>());
}
TEMPLATE_TEST_CASE("divergence ends with the last weights whose loss was finite, and says so [adversarial 74]",
                   "[adversarial]", float, double) {
  using T = TestType;
  // The fourth step throws the weights out; with one step an epoch nobody has seen that when the epoch ends.
  for (long steps : {1, 7}) {
    auto flow = start<T>();
    FitState state(flow);
    std::vector<decltype(flow)> after;
    Scripted<decltype(flow)> source;
    source.n = steps;
    source.script = [&](long epoch, long i, auto& g) {
      fill(g, 0.1);
      return epoch * steps + i < 4 ? T(1) : T(inf);
    };
    const auto report = train(
        flow, state, {.max_epochs = 50, .callback = [&](const Epoch&) { return after.push_back(state.current), true; }},
        source);
    CHECK_THAT(report.stopped, Contains("diverged") && Contains("the last good weights are kept"));
    CHECK(report.refused == 10);
    CHECK(flow == (steps == 1 ? after[2] : start<T>()));
  }
  auto wild = start<T>();
  const auto data = test::moons<T>(300);
  const auto report =
      fit(wild, data, {.optimizer = Sgd{1e20}, .batch_size = 300, .max_epochs = 50, .validation_fraction = 0});
  CHECK_THAT(report.stopped, Contains("diverged"));
  CHECK(wild.log_prob(data.x).isFinite().all());
}
TEMPLATE_TEST_CASE("a row of weight 0 outside the support is as if it were not there", "[adversarial]", float, double) {
  using T = TestType;
  // Positive data alone have a density.
  const auto model = [] { return Flow{StandardNormal<T, 1>{}, Elementwise<Log, T, 1>{}, Elementwise<Affine, T, 1>{}}; };
  Random random{3};
  Batch<T, Dynamic> x(400, 1), more(500, 1);
  random.uniform(x);
  more << x, Batch<T, Dynamic>::Constant(100, 1, T(-1));
  PerSample<T> weights(500), ones = PerSample<T>::Ones(400);
  weights << ones, PerSample<T>::Zero(100);
  CHECK((model().log_prob(more).tail(100) == T(-inf)).all());

  auto flow = model();
  auto gradient = zero_gradient(flow), wanted = gradient;
  Team<decltype(flow)> team(gradient, 1);
  const Table<T> with(more, {}, weights), without(x, {}, ones);
  const auto loss = negative_log_likelihood(flow, with, natural_order(500), Random{}, team, gradient);
  CHECK(double(loss) ==
        Approx(double(negative_log_likelihood(flow, without, natural_order(400), Random{}, team, wanted))));
  CHECK(std::isfinite(norm(gradient)));
  CHECK(negative_log_likelihood(flow, with, Random{}, team) == negative_log_likelihood(flow, without, Random{}, team));

  const FitOptions options{.batch_size = 50, .max_epochs = 4};
  auto other = model();
  const auto report = fit(flow, with, options), same = fit(other, without, options);
  CHECK(report.refused == 0);
  CHECK(report.train == same.train);
  CHECK(flow == other);
  CHECK(!(flow == model()));
}
