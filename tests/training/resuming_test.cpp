// What a state is after something went wrong, or other options took over.
#include <bijou/bijou.hpp>

#include "catch.hpp"
#include "training/moons.hpp"

using namespace bijou;
using test::moons, test::small_flow;
namespace {
using F = decltype(small_flow());
const auto draw = [](Random& random, auto& x) { x = sample<double>(Moons{}, x.rows(), random); };
bool same_state(const FitState<F>& a, const FitState<F>& b) {
  return a.first == b.first && a.second == b.second && a.current == b.current && a.average == b.average &&
         a.best == b.best && (a.count == b.count).all() && (a.best_loss == b.best_loss).all();
}
/// The most that a parameter differs.
double distance(const F& a, const F& b) {
  double most = 0;
  each_parameter([&](const Path&, const auto& x, const auto& y) { most = std::max(most, (x - y).abs().maxCoeff()); }, a,
                 b);
  return most;
}
}  // namespace

TEST_CASE("fit_stream: a draw that throws in the middle of an epoch leaves the state of its start") {
  const FitOptions options{.max_epochs = 3, .steps_per_epoch = 10, .validation_rows = 100};
  for (long fatal : {5, 15}) {
    auto flow = small_flow(), whole = small_flow();
    FitState<F> state(flow), uninterrupted(whole);
    long drawn = 0;
    const auto broken = [&](Random& random, auto& x) {
      if (drawn++ == fatal) throw std::runtime_error("disk full");
      draw(random, x);
    };
    CHECK_THROWS_WITH(fit_stream(flow, broken, options, state), "disk full");
    CHECK(flow == small_flow());
    CHECK(state.count(FitState<F>::steps) == (fatal > 10 ? 10 : 0));
    fit_stream(flow, draw, options, state);
    fit_stream(whole, draw, options, uninterrupted);
    CHECK(flow == whole);
    CHECK(same_state(state, uninterrupted));
  }
}
TEST_CASE("fit: a callback that throws leaves the state of the epoch's end") {
  auto flow = small_flow(), whole = small_flow();
  FitState<F> state(flow), uninterrupted(whole);
  FitOptions options{.max_epochs = 4};
  fit(whole, moons(600), options, uninterrupted);
  options.callback = [](const Epoch& epoch) {
    return epoch.number == 2 ? throw std::runtime_error("disk full") : true;
  };
  CHECK_THROWS_WITH(fit(flow, moons(600), options, state), "disk full");
  CHECK(flow == small_flow());
  options.callback = nullptr;
  fit(flow, moons(600), options, state);
  CHECK(same_state(state, uninterrupted));
}
TEST_CASE("fit: a fit that diverged goes on from its best weights at a smaller rate") {
  auto flow = small_flow();
  FitState<F> state(flow);
  CHECK_THAT(fit(flow, moons(600), {.optimizer = Sgd{1e6}, .max_epochs = 20}, state).stopped,
             Catch::StartsWith("diverged"));
  const double before = state.best_loss(0);
  const auto report = fit(flow, moons(600), {.optimizer = Adam{5e-3}, .max_epochs = 25}, state);
  CHECK(report.stopped == "max_epochs reached");
  CHECK(report.best_validation < before - 0.1);
}
TEST_CASE("fit: another rule does not read the moments of the one before") {
  auto flow = small_flow();
  FitState<F> state(flow);
  FitOptions options{.optimizer = Sgd{1e-2, 0.9}, .max_epochs = 20, .validation_fraction = 0};
  fit(flow, moons(600), options, state);
  const F before = state.current;
  // By Adam's rule no parameter moves by more than about its rate, which is the most by a first step.
  options.optimizer = Adam{1e-3};
  options.max_epochs = 21;
  options.batch_size = 600;
  fit(flow, moons(600), options, state);
  CHECK(distance(state.current, before) == Approx(1e-3).epsilon(1e-3));
}
TEST_CASE("fit: an average that is switched on begins where the weights are, and forgets where they began") {
  auto flow = small_flow();
  FitState<F> state(flow);
  FitOptions options{.optimizer = Adam{5e-3}, .max_epochs = 20};
  const double before = fit(flow, moons(2000), options, state).validation.back();
  options.average = 0.999;
  options.max_epochs = 22;
  const auto after = fit(flow, moons(2000), options, state).validation;
  CHECK(after.front() < before + 0.05);
  // From the start: 160 steps, which 0.999 alone would hardly leave.
  auto averaged = small_flow(), plain = small_flow();
  options.max_epochs = 20;
  const double with = fit(averaged, moons(2000), options).validation.back();
  options.average = 0;
  CHECK(with < fit(plain, moons(2000), options).validation.back() + 0.05);
}
