#include <filesystem>

#include <bijou/bijou.hpp>
#include <bijou/io/safetensors.hpp>

#include "allocations.hpp"
#include "catch.hpp"

using namespace bijou;
using Catch::Contains;
namespace {
const std::string path =
    (std::filesystem::temp_directory_path() / ("bijou_" + std::to_string(getpid()) + "_model")).string();
template <class T>
auto flow_of(std::uint64_t seed, int hidden = 5) {
  Random random{seed};
  using Net = Made<T, 3, 0, 2>;
  return Flow{StandardNormal<T, 3>{}, repeat<2>([&] {
                return Chain{Autoregressive<Affine, Net>(Net({hidden}, random.permutation(3), random)),
                             Permutation<T, 3>(random)};
              })};
}
std::string bytes_of(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write(const std::string& bytes) { std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes; }
struct Cleanup {
  ~Cleanup() { std::filesystem::remove(path); }
} cleanup;
}  // namespace

TEMPLATE_TEST_CASE("safetensors: save, load, save gives the same bytes; log p the same bits [adversarial 80]", "",
                   float, double, long double) {
  const auto flow = flow_of<TestType>(1);
  auto other = flow_of<TestType>(2);
  save(flow, path);
  const std::string first = bytes_of(path);
  load(other, path);
  CHECK(flow == other);
  save(other, path);
  CHECK(bytes_of(path) == first);
  const Batch<TestType, 3> x = Batch<TestType, 3>::Random(50, 3);
  CHECK((flow.log_prob(x) == other.log_prob(x)).all());
}
TEST_CASE("safetensors: a long double keeps its bits from 4.6e-305 to 1.8e308; one that is larger is refused by name") {
  DiagonalNormal<long double, 1> saved, loaded;
  const auto read_back = [&](long double x) {
    saved.mean(0) = x;
    save(saved, path);
    load(loaded, path);
    return loaded.mean(0);
  };
  const long double third = 1 / 3.L, largest = 0x1.fffffffffffffp1023L;
  for (long double x : {third, -third * 1e308L, third * 1.5e-304L, largest, largest * (1 + 1e-17L)})
    CHECK(read_back(x) == x);
  for (long double x : {third * 1e-304L, third * 1e-320L, 4e-324L, 1e-400L})
    CHECK(std::abs(read_back(x) - x) < 5e-324L);
  const std::string before = bytes_of(path);
  for (long double x : {1e309L, -1e400L})
    CHECK_THROWS_WITH(read_back(x), Contains("mean holds a number beyond 1.8e308"));
  CHECK(bytes_of(path) == before);
  saved.mean(0) = -std::numeric_limits<long double>::infinity();
  save(saved, path);
  load(loaded, path, {.allow_non_finite = true});
  CHECK(same_bits(loaded, saved));
}
TEST_CASE("safetensors: a flow that was standardized by data is loaded without them") {
  const Batch<float, 2> x = 100 * Batch<float, 2>::Random(50, 2);
  const Flow flow{StandardNormal<float, 2>{}, Standardize<float, 2>(x)};
  save(flow, path);
  Flow other{StandardNormal<float, 2>{}, Standardize<float, 2>()};
  load(other, path);
  CHECK(flow == other);
}
TEST_CASE("safetensors: another architecture is refused, both are named, the model is unchanged") {
  const auto saved = flow_of<float>(1);
  save(saved, path);
  auto wide = flow_of<float>(2, 6);
  const auto before = wide;
  CHECK_THROWS_WITH(load(wide, path), Contains("made(3+0-5-relu-3x2)") && Contains("made(3+0-6-relu-3x2)"));
  CHECK(wide == before);
  auto other_type = flow_of<double>(1);
  CHECK_THROWS_WITH(load(other_type, path), Contains("F32"));
  FitState state(saved);
  CHECK_THROWS_WITH(load(state, path), Contains("(fit_state: what checkpoint keeps of a fit; else: a model)"));
  CHECK_THROWS_WITH(load(wide, "/nowhere"), Contains("no such file"));
  CHECK_THROWS_AS(save(saved, "/nowhere/model"), std::runtime_error);
  CHECK_THROWS_AS(save(saved, "/dev/full"), std::runtime_error);
}
TEST_CASE("safetensors: every truncation and every flipped bit is seen, the model is unchanged [adversarial 78]") {
  using Net = Mlp<float, 1, 2>;
  Random random{1};
  const Flow flow{StandardNormal<float, 2>{}, Coupling<Affine, Net>(Net({2}, random))};
  save(flow, path);
  const std::string good = bytes_of(path);
  auto model = flow;  // with other weights: a load that stops half way shows
  each_parameter([](const Path&, auto& a) { a.setConstant(7); }, model);
  const auto before = model;
  const auto refused = [&](const std::string& bytes) {
    const long allocated = test::allocated_bytes;
    CHECK_THROWS_AS(load(model, FileBytes("bad", {bytes.begin(), bytes.end()})), std::runtime_error);
    CHECK(test::allocated_bytes - allocated < (1 << 15) + 128 * long(bytes.size()));
    CHECK(same_bits(model, before));
  };
  for (std::size_t n = 0; n < good.size(); ++n) refused(good.substr(0, n));
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = char(bad[bit / 8] ^ (1 << bit % 8));
    refused(bad);
  }
  refused(good + "x");
  load(model, FileBytes("good", {good.begin(), good.end()}));
  CHECK(model == flow);
}
TEST_CASE("safetensors: lengths that lie and a million brackets are refused quickly; NaN only if allowed") {
  Random random{1};
  auto model = Flow{StandardNormal<float, 2>{}, Coupling<Affine, Mlp<float, 1, 2>>(Mlp<float, 1, 2>({2}, random))};
  write(std::string("\0\0\0\0\0\0\0\x80", 8));
  CHECK_THROWS_WITH(load(model, path), Contains("declares a header of 9223372036854775808 bytes"));
  std::string deep(1000000, '[');
  std::string head("\x40\x42\x0f\0\0\0\0\0", 8);
  write(head + deep);
  CHECK_THROWS_AS(load(model, path), std::runtime_error);
  const auto before = model;
  each_parameter([](const Path&, auto& a) { a.data()[0] = std::nanf(""); }, model);
  save(model, path);
  auto target = before;
  CHECK_THROWS_WITH(load(target, path), Contains("not finite"));
  CHECK(target == before);
  CHECK_NOTHROW(load(target, path, {.allow_non_finite = true}));
  CHECK(target == model);
}
TEST_CASE("safetensors: a fit goes on from its saved state as if it had not stopped") {
  Random random{5};
  const Table<float> data(Batch<float, Dynamic>(sample<float>(Moons{}, 600, random)));
  const auto make = [] {
    Random start{1};
    return real_nvp<float, 2, 2>({8}, start);
  };
  auto whole = make(), parts = make();
  FitOptions options{.optimizer = Adamax{}, .max_epochs = 5, .average = 0.9};
  fit(whole, data, options);
  {
    FitState state(parts);
    options.callback = [](const Epoch& e) { return e.number < 2; };
    fit(parts, data, options, state);
    save(state, path);
  }
  auto resumed = make();
  FitState state(resumed);
  load(state, path);
  options.callback = {};
  fit(resumed, data, options, state);
  CHECK(resumed == whole);
}
