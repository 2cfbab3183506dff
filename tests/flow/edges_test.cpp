// No rows, views of other layouts, threads that share a model, memory over many steps.
#include <unistd.h>

#include <fstream>
#include <thread>

#include "catch.hpp"
#include "flow/models.hpp"
#include "layers/wave.hpp"

using namespace bijou;
namespace {
template <class T>
auto waves() {
  using Net = Mlp<T, 2, 4, Tanh>;
  Random random{1};
  return test::randomised(Flow{StandardNormal<T, 4>{}, Coupling<Formula<test::Wave>, Net>(Net({8}, random)),
                               Permutation<T, 4>{}, Elementwise<Formula<test::Wave>, T, 4>{}},
                          0.3);
}
/// Resident memory, KiB.
[[maybe_unused]] long resident() {
  long total = 0, pages = 0;
  std::ifstream("/proc/self/statm") >> total >> pages;
  return pages * sysconf(_SC_PAGESIZE) / 1024;
}
}  // namespace

TEMPLATE_TEST_CASE("standardize: deviations of 0, NaN and inf are refused, log-det of 2 [adversarial 8]",
                   "[adversarial]", float, double) {
  using T = TestType;
  Batch<T, 1> x(2, 1);
  x << -2, 2;
  Standardize<T, 1> layer(x);
  CHECK((Flow{StandardNormal<T, 1>{}, layer}.log_prob(Batch<T, 1>::Zero(1, 1))(0)) ==
        Approx(-0.91893853320467274 - 0.69314718055994531));
  constexpr T inf = std::numeric_limits<T>::infinity();
  for (T wrong : {T(0), T(-2), std::numeric_limits<T>::quiet_NaN(), inf, -inf}) {
    layer.deviation(0) = wrong;
    CHECK_THROWS_AS(layer.validate(), std::invalid_argument);
  }
}
TEMPLATE_TEST_CASE("flow: a sample beyond the range of numbers is infinite in all features, and log p -inf", "", float,
                   double) {
  using T = TestType;
  constexpr T inf = std::numeric_limits<T>::infinity(), far = std::is_same_v<T, float> ? T(-100) : T(-720);
  const auto lost = [&](const auto& flow) {
    INFO(flow.describe());
    Random random{3};
    const auto s = flow.sample_and_log_prob(200, random);
    int beyond = 0;
    for (Index i = 0; i < 200; ++i) {
      const bool all = (s.x.row(i) == inf).all();
      CHECK(all == !s.x.row(i).isFinite().all());
      CHECK((s.log_prob(i) == -inf) == all);
      CHECK(!std::isnan(s.log_prob(i)));
      beyond += all;
    }
    CHECK(beyond > 0);
  };
  Elementwise<OddPolynomial<1>, T, 2> cubic;
  cubic.phi(0) = far;
  lost(Flow{StandardNormal<T, 2>{}, cubic});
  Elementwise<Affine, T, 2> small;
  small.phi(2) = far / 20;
  lost(Flow{StandardNormal<T, 2>{}, Elementwise<Log, T, 2>{}, small});
  lost(Flow{StandardNormal<T, 2>{}, Permutation<T, 2>{}, Elementwise<Log, T, 2>{}, small});
  DiagonalNormal<T, 2> wide;
  wide.log_scale(1) = -7 * far;
  lost(Flow{wide, Elementwise<Affine, T, 2>{}});
}
// +inf at either end of the support: a row without an image has no side, and is told from -inf, the image of 0 under
// log.
TEMPLATE_TEST_CASE("flow: what has no image is infinite in its row alone, never a number [adversarial 9, 11, 13]",
                   "[adversarial]", float, double) {
  using T = TestType;
  constexpr T inf = std::numeric_limits<T>::infinity();
  const auto check = [inf](auto layer, std::vector<T> outside, Index bad) {
    const Flow flow{StandardNormal<T, 2>{}, Elementwise<Affine, T, 2>{}, std::move(layer)};
    const Flow turned{StandardNormal<T, 2>{}, Inverse(std::get<1>(flow.layers.layers))};
    INFO(flow.describe());
    for (T x : outside) {
      Batch<T, 2> z = Batch<T, 2>::Constant(300, 2, T(0.5));
      const Batch<T, 2> inverse = flow.inverse(z), forward = turned.forward(z);
      z(bad, 1) = x;
      const auto only_that_row = [&](Batch<T, 2> y, const Batch<T, 2>& wanted) {
        CHECK((y.row(bad) == inf).all());
        y.row(bad) = wanted.row(bad);
        CHECK((y == wanted).all());
      };
      only_that_row(flow.inverse(z), inverse);
      only_that_row(turned.forward(z), forward);
      CHECK(turned.log_prob(z)(bad) == -inf);
    }
  };
  check(Elementwise<Exp, T, 2>{}, {0, -1}, 299);
  check(Elementwise<Sigmoid, T, 2>{}, {0, 1, -1, 2}, 130);
  check(Elementwise<TanhMap, T, 2>{}, {1, -1, 3}, 0);
  check(Elementwise<SoftplusMap, T, 2>{}, {0, -1}, 7);
  check(Elementwise<Exp, T, 2>{}, {0}, 172);  // in its tile where the last, shorter one ends
}
TEST_CASE("flow: a sample of noise that no number belongs to is infinite, without density") {
  const Flow flow{StandardNormal<double, 1>{}, Elementwise<Exp, double, 1>{}};  // half of the noise is below 0
  Random one{3}, two{3};
  const auto s = flow.sample_and_log_prob(1000, one);
  const auto lost = (s.log_prob == -std::numeric_limits<double>::infinity()).eval();
  CHECK(lost.count() == Approx(500).margin(80));
  CHECK(((s.x.col(0) == std::numeric_limits<double>::infinity()) == lost).all());
  Parallel<std::remove_const_t<decltype(flow)>> team(2);
  Batch<double, 1> x(1000, 1);
  PerSample<double> log_prob(1000);
  team.sample(flow, Context<double>(1000, 0), two, x, log_prob);
  CHECK((x == s.x).all());
}
TEMPLATE_TEST_CASE("permutation: there and back gives the same bits; 0, 0, 2 is none [adversarial 47]", "[adversarial]",
                   float, double) {
  using T = TestType;
  Random random{5};
  Batch<T, Dynamic> x(300, 7);
  random.normal(x);
  x(3, 2) = std::numeric_limits<T>::quiet_NaN(), x(4, 0) = -std::numeric_limits<T>::infinity(), x(5, 1) = T(-0.);
  x(6, 6) = std::numeric_limits<T>::denorm_min();
  const auto bits = [](const Batch<T, Dynamic>& a) {
    return std::string(reinterpret_cast<const char*>(a.data()), std::size_t(a.size()) * sizeof(T));
  };
  for (int i = 0; i < 5; ++i) {
    const Permutation<T, Dynamic> layer(random, 7);
    const Flow flow{StandardNormal<T, Dynamic>(7), layer};
    const Batch<T, Dynamic> there = flow.forward(x);
    CHECK((bits(flow.inverse(there)) == bits(x)));
    CHECK((bits(flow.forward(flow.inverse(x))) == bits(x)));
    for (Index j = 0; j < 7; ++j) CHECK((bits(there.col(j)) == bits(x.col(layer.order(j)))));
  }
  using P = Permutation<T, 3>;
  CHECK_THROWS_AS(P(Order(Eigen::Array3i(0, 0, 2))), std::invalid_argument);
}
TEMPLATE_TEST_CASE("flow: no rows, one row; blocks, maps and rows that are stored together [adversarial 65]",
                   "[adversarial]", float, double) {
  using T = TestType;
  constexpr int d = 4;
  Random random{5};
  const auto flow = test::randomised(real_nvp<T, d, 2>({16}, random), 0.2);
  const Batch<T, d> none(0, d);
  CHECK(flow.log_prob(none).size() == 0);
  CHECK(flow.forward(none).rows() == 0);
  CHECK(flow.inverse(none).rows() == 0);
  CHECK(flow.log_prob_and_gradient(none).x.rows() == 0);
  CHECK(flow.sample(0, random).rows() == 0);
  auto trained = flow;
  CHECK_THROWS_WITH(fit(trained, Table<T>(Batch<T, Dynamic>(none))), Catch::Contains("no rows"));
  CHECK(same_bits(trained, flow));

  Batch<T, Dynamic> wide(40, d + 3);
  random.normal(wide);
  const Batch<T, d> x = wide.block(5, 2, 30, d);
  const auto wanted = flow.log_prob(x);
  CHECK((flow.log_prob(wide.block(5, 2, 30, d)) == wanted).all());
  CHECK((flow.log_prob(x.row(7)) == wanted(7)).all());
  const Eigen::Array<T, Dynamic, Dynamic, Eigen::RowMajor> by_rows = x;
  CHECK((flow.log_prob(by_rows) == wanted).all());
  std::vector<T> plain(by_rows.data(), by_rows.data() + by_rows.size());
  const Eigen::Map<const Eigen::Array<T, Dynamic, Dynamic, Eigen::RowMajor>> map(plain.data(), 30, d);
  CHECK((flow.log_prob(map) == wanted).all());
  const Eigen::Array<T, Dynamic, Dynamic> turned = x.transpose();
  CHECK((flow.log_prob(turned.transpose()) == wanted).all());
}
TEST_CASE("threads: eight of them, one model, a tape each: the bits of one [adversarial 66]", "[adversarial]") {
  const auto flow = waves<double>();
  Batch<double, 4> x(700, 4);
  Random{5}.normal(x);
  const auto wanted = flow.log_prob_and_gradient(x);
  std::array<bool, 8> same{};
  {
    std::vector<std::jthread> team;
    for (bool& s : same)
      team.emplace_back([&] {
        const auto r = flow.log_prob_and_gradient(x);
        s = (r.log_prob == wanted.log_prob).all() && (r.x == wanted.x).all();
      });
  }
  for (bool s : same) CHECK(s);
}
#ifndef BIJOU_SANITIZED
TEST_CASE("memory: what is resident after 100 steps is resident after 10,000 [adversarial 67]", "[adversarial]") {
  auto flow = waves<float>();
  Batch<float, Dynamic> x(64, 4);
  Random{5}.normal(x);
  const Table<float> rows(x);
  FitState state(flow);
  const auto epochs = [&](int n) {
    fit(flow, rows, {.optimizer = Adam{1e-4}, .max_epochs = n, .validation_fraction = 0}, state);
    return resident();
  };
  const long before = epochs(100), after = epochs(10000);
  CHECK(state.count(FitState<decltype(flow)>::steps) == 10000);
  CHECK(after - before < 1024);
}
#endif
