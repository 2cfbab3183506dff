#include <signal.h>
#include <sys/wait.h>

#include <bijou/bijou.hpp>
#include <bijou/io/checkpoint.hpp>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "catch.hpp"

using namespace bijou;
namespace {
const std::string path =
    (std::filesystem::temp_directory_path() / ("bijou_" + std::to_string(getpid()) + "_checkpoint")).string();
struct Cleanup {
  pid_t owner = getpid();
  ~Cleanup() {
    if (getpid() != owner) return;
    const std::filesystem::path written(path);
    for (const auto& file : std::filesystem::directory_iterator(written.parent_path()))
      if (file.path().stem().stem() == written.filename()) std::filesystem::remove(file);  // its .<number>.part as well
  }
} cleanup;
auto start() {
  Random random{1};
  return real_nvp<float, 2, 2>({16}, random);
}
Table<float> rows(std::uint64_t seed = 5) {
  Random random{seed};
  return Table<float>(Batch<float, Dynamic>(sample<float>(Moons{}, 500, random)));
}
volatile std::sig_atomic_t interrupted = 0;
FitOptions options_of(int epochs, double validation) {
  return {.schedule = PlateauRate{0.5, 3},
          .batch_size = 100,
          .max_epochs = epochs,
          .patience = validation > 0 ? 300 : 0,
          .validation_fraction = validation,
          .clip_norm = 5,
          .average = 0.9};
}
/// A process that fits from the checkpoint on; `finish` sees flow and report there.
pid_t child(FitOptions options, auto finish) {
  const pid_t pid = fork();
  if (pid) return pid;
  int status = 1;
  try {
    auto flow = start();
    FitState state(flow);
    options.callback = [&, keep = checkpoint(state, path)](const Epoch& e) { return keep(e) && !interrupted; };
    status = finish(flow, fit(flow, rows(), options, state));
  } catch (...) {
  }
  _exit(status);
}
void sleep_for(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }
}  // namespace

TEST_CASE("checkpoint: a fit killed again and again ends with the bits of an uninterrupted one") {
  for (double validation : {0.2, 0.}) {
    const FitOptions options = options_of(500, validation);
    auto whole = start();
    const auto report = fit(whole, rows(), options);
    std::filesystem::remove(path);
    Random random{std::uint64_t(validation > 0)};
    int killed = 0;
    for (int attempt = 0; attempt < 6; ++attempt) {
      const pid_t pid = child(options, [](auto&, const auto&) { return 0; });
      REQUIRE(pid > 0);
      for (int i = 0; i < 1000 && !std::filesystem::exists(path); ++i) sleep_for(0.001);
      sleep_for(0.2 * report.seconds * random.uniform());
      kill(pid, SIGKILL);
      int status = 0;
      REQUIRE(waitpid(pid, &status, 0) == pid);
      if (!WIFSIGNALED(status)) break;
      ++killed;
    }
    CHECK(killed > 0);
    auto flow = start();
    FitState state(flow);
    auto last = options;
    last.callback = checkpoint(state, path);
    CHECK(state.count(decltype(state)::epoch) > 0);  // the killed ones had got somewhere
    const auto end = fit(flow, rows(), last, state);
    CHECK(flow == whole);
    CHECK(end.stopped == report.stopped);
    CHECK(end.steps == report.steps);
    CHECK((end.best_validation == report.best_validation || validation == 0));
    // Resumed once more, when it is over: the same.
    auto again = start();
    FitState over(again);
    last.callback = checkpoint(over, path);
    fit(again, rows(), last, over);
    CHECK(again == whole);
  }
}
TEST_CASE("checkpoint: each epoch's file resumes to the same bits, that of the last epoch too") {
  auto options = options_of(60, 0.2);
  options.patience = 3;
  options.optimizer = Adam{5e-2};
  auto whole = start();
  const auto report = fit(whole, rows(), options);
  CHECK_THAT(report.stopped, Catch::Contains("no better validation"));
  const int epochs = int(report.train.size());
  for (int stop : {1, epochs / 2, epochs - 1, epochs}) {
    std::filesystem::remove(path);
    auto flow = start();
    {
      auto part = start();
      FitState state(part);
      auto first = options;
      first.callback = [&, keep = checkpoint(state, path)](const Epoch& e) { return keep(e) && e.number < stop; };
      fit(part, rows(), first, state);
    }
    FitState state(flow);
    auto rest = options;
    rest.callback = checkpoint(state, path);
    const auto end = fit(flow, rows(), rest, state);
    CHECK(flow == whole);
    CHECK(int(end.train.size()) == epochs - stop);
    CHECK(end.stopped == report.stopped);
  }
}
TEST_CASE("checkpoint: a fit whose weights overflowed goes on to the same bits") {
  auto options = options_of(4, 0);
  options.optimizer = Sgd{3e38};
  options.clip_norm = 0;
  auto whole = start(), flow = start();
  const auto report = fit(whole, rows(), options);
  std::filesystem::remove(path);
  {
    auto part = start();
    FitState state(part);
    auto first = options;
    first.callback = [&, keep = checkpoint(state, path)](const Epoch& e) { return keep(e) && false; };
    fit(part, rows(), first, state);
    CHECK(!all_finite(state));
  }
  FitState state(flow);
  options.callback = checkpoint(state, path);
  CHECK(!all_finite(state));
  const auto end = fit(flow, rows(), options, state);
  CHECK(flow == whole);
  CHECK(end.stopped == report.stopped);
}
TEST_CASE("checkpoint: SIGINT ends a fit after its epoch, with everything written") {
  std::filesystem::remove(path);
  const std::string model = path + "_model";
  const auto before = std::signal(SIGINT, [](int) { interrupted = 1; });
  const pid_t pid = child(options_of(1000000, 0), [&](auto& flow, const auto& report) {
    save(flow, model);
    return report.stopped == "the callback said so" ? 0 : 2;
  });
  std::signal(SIGINT, before);
  REQUIRE(pid > 0);
  for (int i = 0; i < 500 && !std::filesystem::exists(path); ++i) sleep_for(0.01);
  kill(pid, SIGINT);
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  auto saved = start(), resumed = start();
  load(saved, model);
  std::filesystem::remove(model);
  FitState state(resumed);
  checkpoint(state, path);
  fit(resumed, rows(), options_of(int(state.count(decltype(state)::epoch)), 0), state);
  CHECK(saved == resumed);
  CHECK(!(saved == start()));
}
TEST_CASE("checkpoint: a damaged file and one of another fit are refused, the state is unchanged") {
  const auto standardized = [](std::uint64_t seed) {
    return Flow{StandardNormal<float, 2>{}, Standardize<float, 2>(Batch<float, 2>(rows(seed).x)),
                std::get<0>(start().layers.layers)};
  };
  std::filesystem::remove(path);
  const auto mine = standardized(5), other = standardized(6);
  FitState state(mine), another(other);
  checkpoint(state, path)(Epoch{});
  const auto before = another;
  CHECK_THROWS_WITH(checkpoint(another, path), Catch::Contains("is of another fit: layers.0.mean differs"));
  CHECK(same_bits(another, before));
  std::ifstream file(path, std::ios::binary);
  const std::string good((std::istreambuf_iterator<char>(file)), {});
  const auto refused = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    CHECK_THROWS_AS(checkpoint(state, path), FileError);
    CHECK(same_bits(state, FitState(mine)));
  };
  for (std::size_t n = 0; n < good.size(); n += 97) refused(good.substr(0, n));
  for (std::size_t bit = 0; bit < 8 * good.size(); bit += 211) {
    std::string bad = good;
    bad[bit / 8] = char(bad[bit / 8] ^ (1 << bit % 8));
    refused(bad);
  }
  CHECK_THROWS_AS(checkpoint(state, "/nowhere/file")(Epoch{}), FileError);
}
