// A training run has the same bits for any number of threads.
#include <set>

#include <bijou/bijou.hpp>
#include <bijou/training/team.hpp>

#include "catch.hpp"
#include "flow/uniformity.hpp"
#include "training/moons.hpp"

using namespace bijou;
using test::moons, test::small_flow;
namespace {
/// Large enough for 700 rows to be shared out among threads.
template <class T>
auto wide() {
  Random random{1};
  return real_nvp<T, 2, 2>({40, 40}, random);
}
}  // namespace
TEST_CASE("fit: threads that share out many parameters leave the same bits, and no sum has parts of another") {
  for (Index n : {0, 1, 63, 64, 129, 1000})
    for (int parts : {1, 2, 3, 8}) {
      Index next = 0;
      for (int part = 0; part < parts; ++part) {
        const Share share{part, parts};
        CHECK(share.begin(n) == next);
        CHECK(share.end(n) >= next);
        next = share.end(n);
      }
      CHECK(next == n);
    }
  // A small sum after a large one has nothing of it.
  const auto small = small_flow();
  auto grad = zero_gradient(small), wanted = grad;
  Team<decltype(grad)> used(grad, 1), fresh(grad, 1);
  const auto index = [](int n) { return Eigen::ArrayXi::LinSpaced(n, 0, n - 1).eval(); };
  const auto loss = [&](Index n, auto& team, auto& g) {
    return negative_log_likelihood(small, moons(n), index(int(n)), Random{}, team, g);
  };
  loss(1000, used, grad);
  CHECK(loss(300, used, grad) == loss(300, fresh, wanted));
  CHECK(same_bits(grad, wanted));
  Random random{1};
  const Table<float> data(sample<float>(Moons{}, 300, random));
  const auto start = real_nvp<float, 2, 1>({330, 330}, random);
  auto one = start;
  fit(one, data, {.batch_size = 300, .max_epochs = 2, .validation_rows = 0});
  CHECK_FALSE(same_bits(one, start));
  for (int threads : {2, 3, 8}) {
    auto flow = start;
    fit(flow, data, {.batch_size = 300, .max_epochs = 2, .validation_rows = 0, .threads = threads});
    CHECK(same_bits(flow, one));
  }
}
TEST_CASE("team: a workspace for each thread, the same for a tile each time, and a gradient for each lane") {
  auto flow = wide<float>();
  auto grad = zero_gradient(flow);
  using F = decltype(flow);
  for (int threads : {1, 3})
    for (Index n : {0, 700, 3000}) {
      Team<F> team(grad, threads);
      const auto tiles = std::size_t((n + tile_rows - 1) / tile_rows);
      std::vector<const void*> workspaces(tiles), gradients(tiles), before;
      for (int call = 0; call < 2; ++call, before = workspaces) {
        const float rows = team.sum(n, grad, [&](auto& w, Index first, Index count, F& g) {
          workspaces[std::size_t(first / tile_rows)] = &w;
          gradients[std::size_t(first / tile_rows)] = &g;
          return float(count);
        });
        CHECK(rows == float(n));
        CHECK((call == 0 || workspaces == before));
      }
      const auto different = [](const auto& list) { return std::set(list.begin(), list.end()).size(); };
      CHECK(different(workspaces) == std::min(std::size_t(threads), tiles));
      CHECK(different(gradients) == std::min(std::size_t{Team<F>::lane_count}, tiles));
    }
}
TEST_CASE("fit: the same seed gives the same bits, for any number of threads") {
  const auto data = moons(1000);
  std::vector<FitReport> reports;
  auto one = small_flow(), again = small_flow(), three = small_flow(), other = small_flow();
  FitOptions options{.batch_size = 300, .max_epochs = 4, .average = 0.9};
  for (auto [flow, threads, seed] : {std::tuple{&one, 1, 0}, {&again, 1, 0}, {&three, 3, 0}, {&other, 1, 1}}) {
    options.threads = threads;
    options.seed = std::uint64_t(seed);
    reports.push_back(fit(*flow, data, options));
  }
  CHECK(one == again);
  CHECK(one == three);
  CHECK(!(one == other));
  CHECK(reports[0].train == reports[2].train);
}
TEMPLATE_TEST_CASE(
    "the same losses, bit by bit, for 1, 2, 3 and 8 threads; no likelihood above the truth's [adversarial 75]",
    "[adversarial]", float, double) {
  using T = TestType;
  const auto data = moons<T>(1300);
  std::vector<FitReport> reports;
  std::vector<decltype(wide<T>())> flows;
  for (int threads : {1, 1, 2, 3, 8}) {
    flows.push_back(wide<T>());
    reports.push_back(
        fit(flows.back(), data, {.optimizer = Adam{5e-3}, .batch_size = 1000, .max_epochs = 2, .threads = threads}));
    CHECK(reports.back().train == reports[0].train);
    CHECK(reports.back().validation == reports[0].validation);
    CHECK(flows.back() == flows[0]);
  }
  const auto trace_of = [](auto fitted) {
    std::vector<std::vector<double>> traces;
    for (int threads : {1, 2, 3, 8})
      traces.push_back(
          fitted(
              FitOptions{
                  .batch_size = 700, .max_epochs = 2, .steps_per_epoch = 1, .validation_rows = 300, .threads = threads})
              .train);
    return traces[0] == traces[1] && traces[0] == traces[2] && traces[0] == traces[3];
  };
  CHECK(trace_of([](const FitOptions& o) {
    auto flow = wide<T>();
    return fit_stream(
        flow, [](Random& r, auto& x) { Moons::sample(r, x); }, o);
  }));
  CHECK(trace_of([](const FitOptions& o) {
    auto flow = wide<T>();
    return fit_energy(
        flow, [](const auto& x, auto&& u, auto&& g) { u = x.square().rowwise().sum() / 2, g = x; }, o);
  }));
  constexpr Index rows = BIJOU_DRAWS / 50;
  Random unseen{99};
  const PerSample<double> nll = -flows[0].log_prob(sample<T>(Moons{}, rows, unseen)).template cast<double>();
  const double error = std::sqrt((nll - nll.mean()).square().mean() / double(rows));
  CHECK(nll.mean() > Moons::entropy - 4 * error);
}
