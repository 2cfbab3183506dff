#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <bijou/random/gamma_variates.hpp>
#include <bijou/random/philox.hpp>
#include <bijou/random/portable.hpp>
#include <bijou/random/random.hpp>

#include "catch.hpp"

using namespace bijou;

TEST_CASE("philox: the published vectors, in each lane, whatever the upper halves hold") {
  const auto block = [](std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> key, Words above, int lane) {
    const auto w = philox({above | c[0], above | c[1], above | c[2], above | c[3]}, key);
    return std::array{std::uint32_t(w[0][lane]), std::uint32_t(w[1][lane]), std::uint32_t(w[2][lane]),
                      std::uint32_t(w[3][lane])};
  };
  for (std::uint64_t upper : {0u, 1u, 0x7fffffffu})
    for (int lane = 0; lane < lanes::native<double>; ++lane) {
      Words above{};
      above[lane] = upper << 32;
      CHECK(block({0, 0, 0, 0}, {0, 0}, above, lane) ==
            std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
      CHECK(block({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}, above, lane) ==
            std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
      CHECK(block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}, above, lane) ==
            std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
    }
}
TEST_CASE("random: the first numbers are the same bits on every machine and compiler") {
  Random random{7};
  Eigen::ArrayXXd z(4, 2);
  random.normal(z);
  const double wanted[] = {0x1.599584617457cp-1,  0x1.a65878a16f8cp-1,  -0x1.31c242087672dp+1, -0x1.5921bc945d5f3p-1,
                           -0x1.5e347b9d02a44p+0, 0x1.b9ef774f02a55p+0, 0x1.07e1e80c0b6dfp+0,  -0x1.15af841dc7352p+0};
  for (int i = 0; i < 8; ++i) CHECK(z.data()[i] == wanted[i]);
  Eigen::ArrayXf f(3);
  random.normal(f);
  CHECK(f(0) == -0x1.e5086ep-1F);
  CHECK(f(1) == 0x1.09265ep+0F);
  CHECK(f(2) == 0x1.ab3bfp-2F);
  random.logistic(z);
  CHECK(z(0) == 0x1.bdf8df7e354cbp+0);
  random.beta(z, 0.5, 3);
  CHECK(z(0) == 0x1.041cab7099aa8p-1);
  CHECK(random.draws == 5);
  CHECK(random.fork(3).seed != random.fork(4).seed);
}
TEST_CASE("gamma variates: (1 + c z)^3 d, by the next pair where that is not positive or is refused, a power below 1") {
  using portable::V;
  const auto log_of = [](double shape, double first, double u) {  // z = 0 from the second attempt on
    return portable::GammaVariates{shape}.log([&](std::uint32_t attempt) {
      return attempt == 1 ? std::array{V(first), V(u)} : std::array{V(0.5), V(0.25)};
    })[0];
  };
  const double d = 2.5 - 1. / 3, z = -1, root = 1 + z / std::sqrt(9 * d), at_minus_1 = 0.15865525393145705;
  CHECK(log_of(2.5, 0.5, 0.9) == Approx(std::log(d)));
  CHECK(log_of(2.5, at_minus_1, 0.9) == Approx(std::log(d) + 3 * std::log(root)));
  const double accepted = std::exp(0.5 + d * (1 - root * root * root + 3 * std::log(root)));  // 0.99, the squeeze 0.97
  CHECK(log_of(2.5, at_minus_1, accepted - 1e-6) == Approx(std::log(d) + 3 * std::log(root)));
  CHECK(log_of(2.5, at_minus_1, accepted + 1e-6) == Approx(std::log(d)));
  CHECK(log_of(1, 1e-9, 0.5) == Approx(std::log(2. / 3)));  // z = -6: 1 + c z < 0
  CHECK(log_of(0.5, 0.5, 0.9) == Approx(std::log(0.5 + 2. / 3) + std::log(0.5) / 0.5));
}
TEST_CASE("random: Beta numbers, some of them after refusals, are those that a loop over single numbers made") {
  const auto sum_of = [](double a, double b) {
    Random random{11};
    Eigen::ArrayXd x(4096);
    random.beta(x, a, b);
    double sum = 0;
    for (double v : x) sum += v;
    return sum;
  };
  CHECK(sum_of(0.5, 3) == 0x1.21cb5bf8bad38p+9);
  CHECK(sum_of(2.5, 1.5) == 0x1.3f2538faa5ca5p+11);
  CHECK(sum_of(0.02, 0.03) == 0x1.9c3001b87c2cfp+10);
}
TEMPLATE_TEST_CASE("random: a row's numbers depend neither on the tile nor on its columns", "", float, double,
                   long double) {
  const Index columns = GENERATE(1, 2, 3, 16, 37);  // pairs of columns are lanes of a single row: up to three registers
  Eigen::Array<TestType, Dynamic, Dynamic> all(100, columns), second(50, columns);
  const auto same = [&](auto draw) {
    Random whole{9}, rest{9, 50};
    draw(whole, all);
    draw(rest, second);
    CHECK((all.bottomRows(50) == second).all());
    CHECK(whole.draws == rest.draws);
    Random one{9, 50};
    Eigen::Array<TestType, 1, Dynamic> alone(columns);
    draw(one, alone);
    CHECK((alone == second.row(0)).all());
  };
  same([](Random& r, auto& u) { r.uniform(u); });
  same([](Random& r, auto& u) { r.normal(u); });
  same([](Random& r, auto& u) { r.logistic(u); });
  same([](Random& r, auto& u) { r.beta(u, 2.5, 0.7); });
  same([](Random& r, auto& u) { r.beta(u, 0.02, 0.03); });
}
TEST_CASE("random: a uniform float is never 0 or 1, seeds are unrelated, seed 0 works") {
  Eigen::ArrayXf u(2000000);
  Random random{0};
  random.uniform(u);
  CHECK(u.minCoeff() > 0);
  CHECK(u.maxCoeff() < 1);
  const int n = 1000000;
  Eigen::ArrayXd a(n), b(n);
  Random first{41}, next{42};
  first.normal(a);
  next.normal(b);
  CHECK(std::abs((a * b).mean()) < 5 / std::sqrt(double(n)));
  CHECK(std::abs(a.mean()) < 5 / std::sqrt(double(n)));
  CHECK(std::abs(a.square().mean() - 1) < 5 * std::sqrt(2. / n));
  CHECK(std::abs(a.cube().mean()) < 5 * std::sqrt(15. / n));
  CHECK(std::abs(a.pow(4).mean() - 3) < 5 * std::sqrt(96. / n));
}
TEST_CASE("random: categories follow their weights, a category of weight 0 never comes") {
  Eigen::ArrayXi k(300000);
  Random random{5};
  random.categorical(k, Eigen::Array4d(1, 0, 3, 4));
  double chi_square = 0;
  for (int i : {0, 2, 3}) {
    const double wanted = 300000. * (i == 0 ? 1 : i == 2 ? 3 : 4) / 8, got = double((k == i).count());
    chi_square += (got - wanted) * (got - wanted) / wanted;
  }
  CHECK((k == 1).count() == 0);
  CHECK(chi_square < 27.6);  // 2 degrees of freedom, 1e-6: a share of 1/8 off by 4 % is seen
  CHECK_THROWS_AS(random.categorical(k, Eigen::Array2d(-1, 1)), std::invalid_argument);
  CHECK_THROWS_AS(random.beta(k, -1, 1), std::invalid_argument);
}
TEMPLATE_TEST_CASE("random: a category is drawn where the sums of its weights in double say", "", float, double) {
  using T = TestType;
  constexpr Index n = 100000;
  Eigen::Array<T, Dynamic, 1> weights(n);
  for (Index i = 0; i < n; ++i) weights(i) = i % 7 == 0 ? T(0) : 1 / T(3 + i % 5);
  std::vector<double> sums;
  double sum = 0;
  for (T w : weights) sums.push_back(sum += double(w));
  Random random{8}, same{8};
  Eigen::ArrayXi k(200);
  Eigen::ArrayXd u(200);
  random.categorical(k, weights);
  same.uniform(u);
  for (Index i = 0; i < 200; ++i) CHECK(k(i) == std::upper_bound(sums.begin(), sums.end(), u(i) * sum) - sums.begin());
  CHECK(random.draws == same.draws);
}
TEST_CASE("random: categories of weights whose sum a float does not hold, or that are subnormal") {
  Random random{9};
  Eigen::ArrayXi k(1000);
  random.categorical(k, Eigen::Array3f(3e38F, 0, 3e38F));
  CHECK(((k == 0).count() > 400 && (k == 1).count() == 0 && (k == 2).count() > 400));
  random.categorical(k, Eigen::Array3d(0, 5e-324, 0));
  CHECK((k == 1).all());
}
TEST_CASE("random: permutations are permutations, all equally often") {
  Random random{6};
  std::map<int, int> seen;
  for (int i = 0; i < 60000; ++i) {
    const auto p = random.permutation(3);
    ++seen[100 * p(0) + 10 * p(1) + p(2)];
  }
  CHECK(seen.size() == 6);
  double chi_square = 0;
  for (const auto& [order, count] : seen) chi_square += (count - 1e4) * (count - 1e4) / 1e4;
  CHECK(chi_square < 37.3);  // 5 degrees of freedom, 5e-7: one order off by 9 % is seen
  CHECK(random.permutation(1)(0) == 0);
  auto large = random.permutation(1000);
  std::sort(large.begin(), large.end());
  CHECK((large == Eigen::ArrayXi::LinSpaced(1000, 0, 999)).all());
}
