#include <fstream>

#include <bijou/datasets/checkerboard.hpp>
#include <bijou/datasets/curve.hpp>
#include <bijou/datasets/eight_gaussians.hpp>
#include <bijou/datasets/energies.hpp>
#include <bijou/datasets/picture_density.hpp>
#include <bijou/datasets/pinwheel.hpp>
#include <bijou/datasets/plane.hpp>
#include <bijou/datasets/rings.hpp>
#include <bijou/datasets/spirals.hpp>
#include <bijou/datasets/toy_densities.hpp>
#include <bijou/datasets/toy_density.hpp>

#include "catch.hpp"

using namespace bijou;
namespace {
/// x, y, x^2, x y, y^2: a sample's means of them tell whether points lie where the density says.
Eigen::Array<double, 5, 1> powers(double x, double y) { return {x, y, x * x, x * y, y * y}; }
struct Integrals {
  double mass = 0, entropy = 0;
  Eigen::Array<double, 5, 1> moments = decltype(moments)::Zero();
};
/// Midpoint sums over [-b, b]^2 of p, of -p log p and of p times the powers.
template <class Density>
Integrals integrals(Density, double b, int n) {
  Integrals of;
  const double h = 2 * b / n;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      const double x = -b + (i + 0.5) * h, y = -b + (j + 0.5) * h;
      const double l = Density::log_prob(x, y), p = std::exp(l) * h * h;
      of.mass += p;
      of.moments += p * powers(x, y);
      if (p > 0) of.entropy -= p * l;
    }
  return of;
}
}  // namespace

TEMPLATE_LIST_TEST_CASE("toy densities: own samples score the entropy", "", ToyDensities) {
  static_assert(ToyDensity<TestType>);
  constexpr int n = std::is_same_v<TestType, TwoSpirals> ? 1000 : 6000;  // an integral each
  Random random{17};
  const auto x = sample<double>(TestType{}, n, random);
  const auto l = log_prob(TestType{}, x);
  CHECK(l.isFinite().all());
  const double mean = -l.mean(), error = std::sqrt((l + mean).square().mean() / n);
  INFO(TestType::name << " " << mean << " +- " << error);
  CHECK(std::abs(mean - TestType::entropy) <= 4 * error + 1e-5);
  CHECK(error < 1.5 / std::sqrt(n));  // points far out would hide in an error that they made large
}
TEMPLATE_LIST_TEST_CASE("toy densities: points depend on the row alone", "", ToyDensities) {
  Random whole{5}, second{5, 300, 0};
  const auto a = sample<float>(TestType{}, 400, whole), b = sample<float>(TestType{}, 100, second);
  CHECK((a.bottomRows(100) == b).all());
  CHECK(whole.draws == second.draws);
}
TEST_CASE("toy densities: mass 1, the entropy and the samples' moments by quadrature") {
  const auto check = [](auto density, double box, int n, double tolerance) {
    const Integrals of = integrals(density, box, n);
    INFO(decltype(density)::name);
    CHECK(std::abs(of.mass - 1) < tolerance);
    CHECK(std::abs(of.entropy - decltype(density)::entropy) < tolerance + 1e-5);
    constexpr Index draws = 20000;
    Random random{23};
    const auto points = sample<double>(density, draws, random);
    Eigen::Array<double, 5, Dynamic> seen(5, draws);
    for (Index i = 0; i < draws; ++i) seen.col(i) = powers(points(i, 0), points(i, 1));
    const auto mean = seen.rowwise().mean().eval();
    const auto error = ((seen.colwise() - mean).square().rowwise().mean() / double(draws)).sqrt().eval();
    INFO(mean.transpose() << "\n" << of.moments.transpose() << "\n" << error.transpose());
    CHECK(((mean - of.moments).abs() <= 4.5 * error + tolerance).all());
  };
  check(EightGaussians{}, 6, 300, 1e-9);
  check(Checkerboard{}, 4, 64, 1e-12);
  check(Moons{}, 5, 140, 1e-6);
  check(Circles{}, 6, 200, 1e-9);
  check(Rings{}, 4, 400, 1e-9);
  check(SwissRoll{}, 5, 120, 1e-5);
  check(FourCircles{}, 4, 400, 1e-8);
  check(Diamond{}, 5, 400, 1e-8);
  check(Gaussian{}, 9, 200, 1e-9);
  check(CrescentCubed{}, 60, 700, 1e-8);
  check(TwoSpirals{}, 4.5, 40, 2e-2);
  check(Pinwheel{}, 6, 120, 1e-2);
}
TEST_CASE("toy densities: reference values of the long formulas; edges are outside") {
  std::ifstream file(BIJOU_TEST_DIR "/reference/datasets/toy_densities.txt");
  int lines = 0;
  std::string name;
  for (double x, y, wanted; file >> name >> x >> y >> wanted; ++lines) {
    INFO(name << " at " << x << ", " << y);
    each_toy_density([&](auto density) {
      if (name == density.name) CHECK(density.log_prob(x, y) == Approx(wanted).epsilon(1e-7));
    });
  }
  CHECK(lines == 49);
  for (double edge : {4., -4.})
    for (double along : {1., -1.}) {
      CHECK(Checkerboard::log_prob(edge, along) == -std::numeric_limits<double>::infinity());
      CHECK(Checkerboard::log_prob(along, edge) == -std::numeric_limits<double>::infinity());
    }
}
TEST_CASE("toy densities: far away the log density is finite, at the end of the range -inf, NaN stays NaN") {
  each_toy_density([](auto density) {
    INFO(decltype(density)::name);
    if (!std::is_same_v<decltype(density), Checkerboard> && !std::is_same_v<decltype(density), Pinwheel>) {
      CHECK(std::isfinite(density.log_prob(50, -40)));
      CHECK(density.log_prob(50, -40) < -50);
    }
    for (double end : {1e160, -1e160, std::numeric_limits<double>::infinity()}) {
      CHECK(density.log_prob(end, 0) == -std::numeric_limits<double>::infinity());
      CHECK(density.log_prob(0, end) == -std::numeric_limits<double>::infinity());
    }
    CHECK(std::isnan(density.log_prob(std::nan(""), 0)));
    CHECK(std::isnan(density.log_prob(0, std::nan(""))));
  });
}
TEST_CASE("toy densities: no finite point has a density that is NaN, or large") {
  const std::vector<double> sizes{0, 5e-324, 1, 50, 1e10, 1e103, 1.2e154, 1e200, std::numeric_limits<double>::max()};
  const auto each_point = [&](auto visit) {
    for (double x : sizes)
      for (double y : sizes)
        for (double side : {1, -1}) visit(x, side * y), visit(-x, side * y);
  };
  each_toy_density([&](auto density) {
    INFO(decltype(density)::name);
    each_point([&](double x, double y) {
      INFO(x << ", " << y);
      const double most = std::is_same_v<decltype(density), Pinwheel> ? 5 : 1;  // where its arms fold
      if (!(density.log_prob(x, y) < most)) FAIL_CHECK(density.log_prob(x, y));
    });
  });
  const auto check = [&](auto energy) {
    INFO(decltype(energy)::name);
    double gx, gy;
    each_point([&](double x, double y) {
      INFO(x << ", " << y);
      const double u = energy.value(x, y, gx, gy), large = std::max(std::abs(x), std::abs(y));
      if (!(u > -1)) FAIL_CHECK(u);
      if (large < 1e300 && (std::isnan(gx) || std::isnan(gy))) FAIL_CHECK(gx << ", " << gy);
    });
    CHECK(energy.value(0, 1e200, gx, gy) == std::numeric_limits<double>::infinity());
    CHECK(gy > 1e200);
  };
  check(EnergyRing{});
  check(EnergyWave<2>{});
  check(EnergyWave<3>{});
  check(EnergyWave<4>{});
  double gx, gy;
  EnergyWave<4>::value(1, 1e200, gx, gy);
  CHECK(gy == Approx(1e200 / 0.16));  // by the wider of its two waves alone
  CHECK(EnergyWave<2>::value(1e308, 0.4, gx, gy) == Approx(0.5));
}
TEST_CASE("toy densities: as right far away as near") {
  // By quadrature at 40 digits, with panels that shrink towards the nearest point of the curve and towards its ends.
  const auto check = [](auto density, double x, double y, double wanted) {
    INFO(decltype(density)::name << " at " << x << ", " << y);
    CHECK(std::abs(density.log_prob(x, y) - wanted) < 1e-9 + 1e-15 * std::abs(wanted));
  };
  check(Moons{}, 8, 1, -316.539380028356423);
  check(Moons{}, -3, -5, -293.93922874445090013);
  check(Moons{}, 100, 1, -117617.5944691450169);
  check(Moons{}, -2.5, 1000, -12455073.516688249085);
  check(Moons{}, 30000, 10000, -12497550134.079167683);
  check(SwissRoll{}, -3, -5, -177.08116803072196583);
  check(SwissRoll{}, 1000, 1, -12437063.265843731046);
  check(SwissRoll{}, 1, 1000, -12429435.960370341183);
  check(SwissRoll{}, 30000, 10000, -12497956199.730339303);
  CHECK(Pinwheel::log_prob(26.1, 0) == -std::numeric_limits<double>::infinity());
}
TEST_CASE("line and cos are points on curves") {
  Random random{1};
  const auto line = sample<double>(Line{}, 100, random), wave = sample<double>(Cos{}, 100, random);
  CHECK((line.col(0) == line.col(1)).all());
  CHECK((wave.col(1) - 2.5 * wave.col(0).sin()).abs().maxCoeff() < 1e-15);
}
TEST_CASE("a picture is a density: entropy, mass in each pixel, nothing outside") {
  Eigen::ArrayXXd w(2, 3);
  w << 1, 0, 3, 2, 2, 4;
  const PictureDensity picture(w);
  CHECK(picture.log_prob(0.9, 0.9) == Approx(std::log(3. / 12 * 6)));
  CHECK(picture.log_prob(0.5, 0.9) == -std::numeric_limits<double>::infinity());
  CHECK(picture.log_prob(1, 1) == picture.log_prob(0.9, 0.9));  // the edges belong to it
  CHECK(picture.log_prob(0, 0) == Approx(std::log(2. / 12 * 6)).margin(1e-15));
  for (double out : {-1e-9, 1 + 1e-9}) {
    CHECK(picture.log_prob(out, 0.5) == -std::numeric_limits<double>::infinity());
    CHECK(picture.log_prob(0.5, out) == -std::numeric_limits<double>::infinity());
  }
  Batch<double, 2> x(100000, 2);
  Random random{3};
  picture.sample(random, x);
  double mean = 0;
  Eigen::ArrayXXd counts = Eigen::ArrayXXd::Zero(2, 3);
  for (Index i = 0; i < x.rows(); ++i) {
    mean -= picture.log_prob(x(i, 0), x(i, 1)) / 1e5;
    counts(x(i, 1) < 0.5 ? 1 : 0, Index(3 * x(i, 0))) += 1;
  }
  CHECK(mean == Approx(picture.entropy()).margin(0.01));
  CHECK((counts / 1e5 - w / 12).abs().maxCoeff() < 0.007);
  CHECK_THROWS_AS(PictureDensity(-w), std::invalid_argument);
  CHECK_THROWS_AS(PictureDensity(Eigen::ArrayXXd::Constant(2, 2, 1e308)), std::invalid_argument);
}
TEMPLATE_TEST_CASE("energies: gradients, and log Z by quadrature", "", EnergyRing, EnergyWave<2>, EnergyWave<3>,
                   EnergyWave<4>) {
  double gx, gy, unused;
  for (double x : {-3.1, -0.4, 0.9, 2.2})
    for (double y : {-2., 0.3, 1.7}) {
      TestType::value(x, y, gx, gy);
      const auto u = [&](double a, double b) { return TestType::value(a, b, unused, unused); };
      CHECK((u(x + 1e-5, y) - u(x - 1e-5, y)) / 2e-5 == Approx(gx).margin(1e-6));
      CHECK((u(x, y + 1e-5) - u(x, y - 1e-5)) / 2e-5 == Approx(gy).margin(1e-6));
    }
  const double b = std::string(TestType::name) == "U1" ? 8 : 4;
  double z = 0;
  constexpr int n = 600;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j)
      z += std::exp(-TestType::value(-b + (i + 0.5) * 2 * b / n, -10 + (j + 0.5) * 20. / n, unused, unused)) *
           (2 * b / n) * (20. / n);
  CHECK(std::log(z) == Approx(TestType::log_z).margin(2e-5));
  const auto refused = [](Index columns, Index energies, Index slopes, const char* what) {
    Eigen::ArrayXXd x = Eigen::ArrayXXd::Zero(5, columns), g = Eigen::ArrayXXd::Zero(5, slopes);
    Eigen::ArrayXd e(energies);
    CHECK_THROWS_WITH(TestType{}(x, e, g), what);
  };
  refused(1, 5, 2, "energy: x must be N x 2, is 5 x 1");
  refused(2, 4, 2, "energy: u must be 5 x 1, is 4 x 1");
  refused(2, 5, 3, "energy: g must be 5 x 2, is 5 x 3");
}
