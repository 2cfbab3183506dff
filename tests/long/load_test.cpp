// Much of everything: samples, densities, steps, features. Memory stays flat.
#include <fstream>

#include <bijou/parallel.hpp>

#include "catch.hpp"
#include "flow/models.hpp"

using namespace bijou;
namespace {
/// A figure of this process in KiB: VmHWM, the most it ever had resident; VmRSS, what it has now.
long memory(const char* figure) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == std::string(figure) + ":") {
      long kib = 0;
      status >> kib;
      return kib;
    }
  return 0;
}
}  // namespace

TEST_CASE("load: ten million samples and log densities in blocks, in constant memory") {
  Random start{1};
  const auto flow = test::randomised(real_nvp<float, 2, 2>({16}, start), 0.2);
  Parallel<std::remove_const_t<decltype(flow)>> team(2);
  constexpr Index block = 100000;
  Batch<float, 2> x(block, 2);
  PerSample<float> drawn(block), scored(block);
  const Context<float> none(block, 0);
  long after_two = 0;
  bool finite = true;
  double worst = 0;
  for (int i = 0; i < 100; ++i) {
    Random random{7, std::uint64_t(i) * block};
    team.sample(flow, none, random, x, drawn);
    team.log_prob(flow, x, scored);
    finite = finite && drawn.isFinite().all() && scored.isFinite().all();
    worst = std::max(worst, double((drawn - scored).abs().maxCoeff()));
    if (i == 1) after_two = memory("VmHWM");
  }
  CHECK(finite);
  CHECK(worst < 1e-2);
  CHECK(memory("VmHWM") - after_two < 1024);
}
TEST_CASE("load: a hundred thousand training steps in flat memory") {
  Random start{1};
  auto flow = real_nvp<float, 2, 2>({16}, start);
  std::vector<long> resident;
  const auto report = fit_stream(flow, [](Random& r, auto& x) { Moons::sample(r, x); },
                                 {.batch_size = 64,
                                  .max_epochs = 100,
                                  .steps_per_epoch = 1000,
                                  .validation_rows = 1000,
                                  .clip_norm = 5,
                                  .average = 0.99,
                                  .threads = 2,
                                  .callback = [&](const Epoch&) { return resident.push_back(memory("VmRSS")), true; }});
  CHECK(report.steps + report.refused == 100000);
  CHECK(report.refused == 0);
  CHECK(resident.back() - resident[1] < 1024);
}
TEST_CASE("load: 4096 features") {
  constexpr int d = 4096;
  Random random{1};
  using Net = Mlp<float, Dynamic, Dynamic>;
  Flow flow{StandardNormal<float, Dynamic>(d), Coupling<BoundedAffine<2>, Net>(Net({16}, random, d / 2, d)),
            Permutation<float, Dynamic>(d), Coupling<BoundedAffine<2>, Net>(Net({16}, random, d / 2, d)),
            Autoregressive<Affine, Made<float, Dynamic, 0, 2>>(Made<float, Dynamic, 0, 2>({64}, random, d))};
  const auto moved = test::randomised(flow, 0.01);
  const auto s = moved.sample_and_log_prob(200, random);
  CHECK(s.log_prob.isFinite().all());
  CHECK(((moved.log_prob(s.x) - s.log_prob).abs() < 1e-5 * s.log_prob.abs()).all());
  CHECK(moved.log_prob(s.x.middleRows(77, 1))(0) == moved.log_prob(s.x)(77));
  CHECK((moved.inverse(moved.forward(s.x)) - s.x).abs().maxCoeff() < 1e-3F);
  const auto report = fit(flow, Table<float>(Batch<float, Dynamic>(s.x)), {.batch_size = 50, .max_epochs = 2});
  CHECK(report.refused == 0);
  CHECK(std::isfinite(report.best_validation));
  const Flow fixed{StandardNormal<float, d>{},
                   Coupling<Affine, Mlp<float, d / 2, d>>(Mlp<float, d / 2, d>({16}, random)), Permutation<float, d>{}};
  CHECK(fixed.sample_and_log_prob(130, random).log_prob.isFinite().all());
}
