#include <array>

#include <bijou/bijou.hpp>
#include <bijou/concepts/transformer.hpp>
#include <bijou/transformers/additive.hpp>
#include <bijou/transformers/bracketed_newton.hpp>
#include <bijou/transformers/exponentials.hpp>
#include <bijou/transformers/inverted.hpp>
#include <bijou/transformers/mixture.hpp>
#include <bijou/transformers/mixture_cdf.hpp>
#include <bijou/transformers/mixture_excess.hpp>
#include <bijou/transformers/mixture_kernel.hpp>
#include <bijou/transformers/mixture_quantile.hpp>
#include <bijou/transformers/odd_polynomial.hpp>

#include "catch.hpp"
#include "one_point.hpp"

using namespace bijou;
using namespace bijou::test;
TEMPLATE_TEST_CASE("exp: overflow keeps a finite log-det, nothing below 0 has density [adversarial 9]", "[adversarial]",
                   float, double) {
  using T = TestType;
  const double far = single<T> ? 89 : 710;
  CHECK(forward<Exp, T>(far).y == inf);
  CHECK(forward<Exp, T>(far).log_det == far);
  for (double outside : {0., -1.}) {
    CHECK(inverse<Exp, T>(outside).log_det == -inf);
    CHECK(std::isfinite(inverse<Exp, T>(outside).y));
    CHECK(forward<Log, T>(outside).log_det == -inf);
  }
  CHECK(std::isnan(inverse<Exp, T>(std::nan("")).y));
}
TEMPLATE_TEST_CASE("sigmoid and logit: far out, at the ends [adversarial 10, 11]", "[adversarial]", float, double) {
  using T = TestType;
  for (double x : {1000., -1000.}) CHECK(forward<Sigmoid, T>(x).log_det == -1000);
  CHECK(close<T>(forward<Sigmoid, T>(20).log_det, -20.000000004122307, 1));
  CHECK(close<T>(forward<Logit, T>(1 - 0x1p-24).y, 16.635532273834041, 4));
  for (double end : {0., 1.}) CHECK(forward<Logit, T>(end).log_det == -inf);
}
TEMPLATE_TEST_CASE("softplus and tanh: the lower tail, saturation [adversarial 12, 13]", "[adversarial]", float,
                   double) {
  using T = TestType;
  CHECK(close<T>(forward<SoftplusMap, T>(-20).y / 2.0611536203143807e-9, 1, 8));
  for (double x : {89., 1000.}) {
    CHECK(forward<SoftplusMap, T>(x).y == x);
    CHECK(backward<SoftplusMap, T>(x, {}, 1, 0).first == 1);
  }
  CHECK(close<T>(inverse<SoftplusMap, T>(2.0611536203143807e-9).y, -20, 4));
  CHECK(close<T>(forward<TanhMap, T>(10).log_det, -18.613705643002417, 4));
  CHECK(close<T>(forward<TanhMap, T>(1000).log_det, -1998.6137056388801, 4));
  CHECK(inverse<TanhMap, T>(1).log_det == -inf);
}
TEMPLATE_TEST_CASE("bounded affine: raw log-scales of +-1000 stay finite both ways [adversarial 28]", "[adversarial]",
                   float, double) {
  using T = TestType;
  for (double r : {1000., -1000.}) {
    CHECK(std::abs(forward<BoundedAffine<2>, T>(3, {r, 1}).log_det) == 2);
    CHECK(close<T>(inverse<BoundedAffine<2>, T>(forward<BoundedAffine<2>, T>(3, {r, 1}).y, {r, 1}).y, 3));
  }
  CHECK(forward<Affine, T>(3, {0, 0}).y == 3);
}
TEMPLATE_TEST_CASE("odd polynomial: inverses of very large and very small numbers [adversarial 14]", "[adversarial]",
                   float, double) {
  using T = TestType;
  const std::vector<double> phi{std::log(0x1p-10), -inf, -inf, std::log(8.) + 4, 0};
  CHECK(close<T>(inverse<OddPolynomial<4>, T>(1e30, phi).y / 14345.028995850931, 1));
  CHECK(close<T>(inverse<OddPolynomial<4>, T>(1e-30, phi).y / 1.024e-27, 1));
  CHECK(inverse<OddPolynomial<4>, T>(0, phi).y == 0);
  CHECK(inverse<OddPolynomial<4>, T>(inf, phi).y == inf);
  CHECK(forward<OddPolynomial<4>, T>(inf, phi).y == inf);
  CHECK(std::isfinite(forward<OddPolynomial<4>, T>(single<T> ? 1e10 : 1e60, phi).log_det));
  const auto level = forward<OddPolynomial<4>, T>(2, {-inf, -inf, -inf, -inf, 0.5});  // no coefficient is left
  CHECK(level.y == 0.5);
  CHECK(level.log_det == -inf);
}
TEMPLATE_TEST_CASE("odd polynomial: an inverse keeps all digits over the whole range of numbers", "", float, double) {
  using T = TestType;
  using Limits = std::numeric_limits<T>;
  const auto returns = []<class H>(H) {
    double worst = 0;
    for (double c : {-5.7, -0.3, 1.7, 2.9})
      for (int e = Limits::min_exponent10; e <= Limits::max_exponent10; ++e) {
        const std::vector<double> phi = H::arity == 2 ? std::vector{c} : std::vector{c, 0.25 * c};
        const double x = double(T(1.3 * std::pow(10, e))), y = forward<H, T>(x, phi).y;
        if (y >= double(Limits::min()) && std::isfinite(y))
          worst = std::max(worst, std::abs(inverse<H, T>(y, phi).y / x - 1));
      }
    return worst;
  };
  CHECK(returns(OddPolynomial<1>{}) <= 4 * double(Limits::epsilon()));
  CHECK(returns(OddPolynomial<2>{}) <= 4 * double(Limits::epsilon()));
}
TEST_CASE("bounded affine, odd polynomial: all digits of a long double") {
  using T = long double;
  constexpr T eps = std::numeric_limits<T>::epsilon();
  Lanes<T> x(1), log_det(0);
  BoundedAffine<3, 10>::forward(x, lanes_of<BoundedAffine<3, 10>, T>({1000, 0}), log_det);
  CHECK(std::abs(log_det[0] - 0.3L) <= eps);
  using H = OddPolynomial<2>;
  const auto phi = lanes_of<H, T>({0, 4, 0});  // y = x + x^3
  for (T wanted : {1e-3L, 0.7L, 3.L, 1e3L, 1e30L}) {
    Lanes<T> y(wanted);
    H::forward(y, phi, log_det);
    H::inverse(y, phi, log_det);
    CHECK(std::abs(y[0] / wanted - 1) <= 8 * eps);
  }
}
TEMPLATE_TEST_CASE("mixtures: one standard component, to 1,000 sigma [adversarial 16, 17, 18]", "[adversarial]", float,
                   double) {
  using T = TestType;
  const auto far = forward<GaussianMixtureLogit<1>, T>(1000);
  CHECK(close<T>(far.y, 500007.82669481218, 4));
  CHECK(close<T>(far.log_det, 6.9077562789796371, 16));
  CHECK(close<T>(forward<GaussianMixtureLogit<1>, T>(-1000).y, -500007.82669481218, 4));
  CHECK(close<T>(forward<GaussianMixtureCdf<1>, T>(-1000).log_det, -500000.91893853320, 4));
  for (double x : {-1e4, -3., 0., 0.5, 1e4}) {
    const auto [y, log_det] = forward<LogisticMixtureLogit<1>, T>(x);
    CHECK(close<T>(y, x, 2));
    CHECK(std::abs(log_det) <= 2 * double(std::numeric_limits<T>::epsilon()) * std::max(1., std::abs(x)));
  }
}
TEMPLATE_TEST_CASE(
    "mixtures: where z^2 is beyond the numbers y is its limit or asymptote, log-det no NaN [adversarial 18]",
    "[adversarial]", float, double) {
  using T = TestType;
  const double far = single<T> ? 1e20 : 1e200;
  for (double x : {far, -far}) {
    const auto gaussian = forward<GaussianMixtureLogit<3>, T>(x), logistic = forward<LogisticMixtureLogit<3>, T>(x);
    CHECK(gaussian.y == std::copysign(inf, x));
    CHECK(logistic.y == double(T(x)));  // x less a mean, more a log w
    for (const Out& out : {gaussian, logistic}) CHECK(!std::isnan(out.log_det));
    for (const Out& out : {forward<GaussianMixtureCdf<3>, T>(x), forward<LogisticMixtureCdf<3>, T>(x)}) {
      CHECK(out.y == (x > 0 ? 1 : 0));
      CHECK(out.log_det <= -0.9 * far);
    }
  }
}
TEST_CASE("mixtures: 1e35 sigma of a narrow component, and a narrower one whose slopes overflow") {
  const auto narrow = forward<GaussianMixtureLogit<1>>(3, {0, 0, -80});  // y = z^2 / 2, its slope z / s, z = 3 e^80
  CHECK(close(narrow.y / (4.5 * std::exp(160.)), 1, 450));
  CHECK(close(narrow.log_det, std::log(3.) + 160));
  for (double b : {0., 1.}) {
    const auto [x, phi] = backward<GaussianMixtureLogit<2>>(3, {0, 0, 0, 0, -80, -360}, 1, b);
    CHECK(std::isfinite(x));
    for (double p : phi) CHECK(std::isfinite(p));
  }
}
TEST_CASE("mixtures: adjoints where slopes go beyond the range of numbers are infinite or right, never NaN") {
  const double x = 10 * std::exp(-708.);  // z = 10, y' = (hazard 10.1) e^708
  const auto of_y = backward<GaussianMixtureLogit<1>>(x, {0, 0, -708}, 1, 0);
  CHECK(of_y.first == inf);
  CHECK(of_y.second == std::vector<double>{0, -inf, -inf});
  const auto of_log_det = backward<GaussianMixtureLogit<1>>(x, {0, 0, -708}, 0, 1);
  CHECK(close(of_log_det.second[2], -1.9809323396251, 4500));  // -1 - z (hazard - z)
  CHECK(close(of_log_det.first / 0.09809323396251 / std::exp(708.), 1, 4500));
  const double density = std::exp(-50.) / std::sqrt(2 * std::numbers::pi);  // of z = 10; the slope of its log is -inf
  const auto of_F = backward<GaussianMixtureCdf<1>>(x, {0, 0, -708}, 1, 0);
  CHECK(close(of_F.first / (density * std::exp(708.)), 1, 4500));
  CHECK(close(of_F.second[2] / (-10 * density), 1, 4500));
}
TEMPLATE_TEST_CASE(
    "mixtures: components narrower than any number have adjoints at their mean, and none where no density is", "",
    GaussianMixtureCdf<1>, GaussianMixtureLogit<1>, LogisticMixtureCdf<1>, LogisticMixtureLogit<1>) {
  const std::vector<double> phi{0, 0, -720};
  CHECK(backward<TestType>(0, phi, 1, 0).second == std::vector<double>{0, -inf, 0});  // y' = f = inf
  for (double away : {-1e-300, 1e-300, -3., 3.}) {
    const auto [nothing, of_phi] = backward<TestType>(away, phi, 0, 0);
    CHECK(nothing == 0);
    CHECK(of_phi == std::vector<double>{0, 0, 0});
  }
}
TEMPLATE_TEST_CASE("mixtures: at the mean of a component narrower than any number", "", float, double) {
  // Means 0 and 0.5 (phi's are moved by -1 and 1): at 0.5, F = 3/4, and the second component alone has a density.
  const double log_s = -9000, log_density = -std::log(2.) - log_s - 0.5 * std::log(2 * std::numbers::pi);
  const auto [y, log_det] = forward<GaussianMixtureLogit<2>, TestType>(0.5, {0, 0, 1, -0.5, log_s, log_s});
  CHECK(y == Approx(std::log(3.)));
  CHECK(log_det == Approx(log_density - std::log(3. / 16)));
  const auto back = inverse<GaussianMixtureLogit<2>, TestType>(y, {0, 0, 1, -0.5, log_s, log_s});
  CHECK(!std::isnan(back.y));
  CHECK(!std::isnan(back.log_det));
}
TEST_CASE("mixtures: the slope of log h' far out, where hazard and score cancel") {
  for (double z : {50., -1000., 1e8}) {
    const auto [x, phi] = backward<GaussianMixtureLogit<1>>(z, {}, 0, 1);
    const double excess = 1 / (z + 2 / (z + 3 / (z + 4 / (z + 5 / z))));  // Laplace's continued fraction
    CHECK(close(x / excess, 1, 450));
    CHECK(close(phi[2], -1 - excess * z, 450));
  }
}
TEMPLATE_TEST_CASE("mixtures: log h' at the mean of a component narrower than any number has a slope of 0", "",
                   GaussianMixtureCdf<1>, LogisticMixtureCdf<1>, GaussianMixtureLogit<1>, LogisticMixtureLogit<1>) {
  const auto [x, phi] = backward<TestType>(0, {0, 0, -720}, 0, 1);
  CHECK(x == 0);
  CHECK(phi == std::vector<double>{0, 0, -1});
}
TEST_CASE("mixtures: in both tails of a component whose hazard is beyond any number log h' has its finite slope") {
  const double s = std::exp(-706.), z = 1e3;  // hazard z / s, excess 1 / (s z)
  for (double sign : {1., -1.}) {
    const auto [x, phi] = backward<GaussianMixtureLogit<1>>(sign * z * s, {0, 0, -706}, 0, 1);
    CHECK(x * s * z == Approx(sign).epsilon(1e-5));
    CHECK(phi[2] == Approx(-2).epsilon(1e-5));
  }
}
TEMPLATE_TEST_CASE("mixtures: between two components narrower than any number log h' has a slope of the rarer side", "",
                   GaussianMixtureLogit<2>, LogisticMixtureLogit<2>) {
  for (double at : {0., 0.5}) {  // the means; F = 1/4 and 3/4
    const auto [x, phi] = backward<TestType>(at, {0, 0, 1, -0.5, -720, -720}, 0, 1);
    const bool first = at == 0;
    CHECK(x == (first ? -inf : inf));
    for (std::size_t k : {0u, 1u}) {
      const bool here = first == (k == 0);
      CHECK(phi[k] == Approx(here ? 1. / 6 : -1. / 6));  // -rF - rS + r + w
      CHECK(phi[2 + k] == (here ? -x : 0));
      CHECK(phi[4 + k] == (here ? -1 : 0));
    }
  }
}
TEMPLATE_TEST_CASE("gaussian kernel: its hazard at 25 digits, the same on the tape", "", float, double, long double) {
  using V = Lanes<TestType>;
  const std::vector<std::pair<double, long double>> hazards{
      {-3, 0.004437839042125663793302104L}, {0.5, 1.141077770368064480883883L}, {2, 2.373215532822840867299033L},
      {10, 10.09809323396251196284364L},    {29, 29.03440123773632556298451L},  {31, 31.03219127677772472674554L},
      {100, 100.0099980009992607051849L}};
  for (const auto& [z, wanted] : hazards) {
    INFO(z);
    const V at{TestType(z)};
    const long double digits = wanted * static_cast<long double>(std::numeric_limits<TestType>::epsilon());
    CHECK(std::abs(static_cast<long double>(NormalKernel::hazard(at)[0]) - wanted) <= 8 * digits);
    Tape<V> tape;
    // Here the difference of two logarithms of the size of z^2 / 2.
    const auto taped = NormalKernel::hazard(Var<V>(at, tape)).value[0];
    CHECK(std::abs(static_cast<long double>(taped) - wanted) <= (8 + static_cast<long double>(z * z)) * digits);
  }
}
TEST_CASE("mixtures: quantiles between components of very different widths") {
  Random random{5};
  Eigen::ArrayXXd draws(3000, 16);
  random.normal(draws);
  for (Index i = 0; i < draws.rows(); ++i) {
    std::vector<double> phi(15);
    for (std::size_t p = 0; p < phi.size(); ++p) phi[p] = double(float(8 * draws(i, Index(p))));
    const double u = double(float(1 / (1 + std::exp(-draws(i, 15)))));
    const double x = inverse<GaussianMixtureCdf<5>, float>(u, phi).y, near = std::abs(x) * 4 * 1.2e-7;
    CHECK(forward<GaussianMixtureCdf<5>, float>(x - near, phi).y <= u + 8 * 1.2e-7);
    CHECK(forward<GaussianMixtureCdf<5>, float>(x + near, phi).y >= u - 8 * 1.2e-7);
  }
}
TEST_CASE("mixtures: a component wider than the numbers still has a quantile") {
  CHECK(std::isfinite(inverse<GaussianMixtureLogit<1>, float>(0, {0, 0.5, 100}).y));  // not 0 times inf
  CHECK(std::isfinite(inverse<GaussianMixtureCdf<2>>(0.5, {0, 0, 0, 0, 800, 0}).y));
}
TEMPLATE_TEST_CASE("mixtures: quantiles of a component wider than the numbers are right, or outside", "", float,
                   double) {
  using T = TestType;
  const double log_s = single<T> ? 92 : 712, y = 1e-3;
  // Close to the mean F is 1/2 + g(0) z, and its logit 4 g(0) z.
  const auto right = [&](const Out& out, double z, double log_slope) {
    CHECK(out.y == Approx(std::copysign(std::exp(log_s + std::log(std::abs(z))), z)).epsilon(1e-3));
    CHECK(out.log_det == Approx(log_s - log_slope).epsilon(1e-4));
  };
  const double g = 1 / std::sqrt(2 * std::numbers::pi);
  for (double sign : {1., -1.}) {
    right(inverse<GaussianMixtureLogit<1>, T>(sign * y, {0, 0, log_s}), sign * y / (4 * g), std::log(4 * g));
    right(inverse<GaussianMixtureCdf<1>, T>(0.5 + sign * y, {0, 0, log_s}), sign * y / g, std::log(g));
    right(inverse<LogisticMixtureLogit<1>, T>(sign * y, {0, 0, log_s}), sign * y, 0);
    right(inverse<LogisticMixtureCdf<1>, T>(0.5 + sign * y, {0, 0, log_s}), sign * y * 4, -std::log(4));
    for (double wide : {log_s, 10 * log_s})
      for (const Out& out : {inverse<GaussianMixtureLogit<1>, T>(sign * 2, {0, 0, wide}),
                             inverse<GaussianMixtureCdf<1>, T>(0.5 + sign * 0.4, {0, 0, wide}),
                             inverse<LogisticMixtureLogit<1>, T>(sign * 2, {0, 0, wide}),
                             inverse<LogisticMixtureCdf<1>, T>(0.5 + sign * 0.4, {0, 0, wide}),
                             inverse<GaussianMixtureLogit<2>, T>(sign * 2, {0, 0, 0, 0, wide, 0})}) {
        CHECK(out.log_det == -inf);
        CHECK(std::abs(out.y) < 10);
      }
  }
  // Beside it, a component that takes half of the targets
  const std::vector<double> two{0, 0, 0, 0, log_s, 0};
  for (double u : {0.3, 0.6, 0.7})
    CHECK(close<T>(forward<GaussianMixtureCdf<2>, T>(inverse<GaussianMixtureCdf<2>, T>(u, two).y, two).y, u, 4));
  CHECK(inverse<GaussianMixtureLogit<2>, T>(inf, two).y == inf);
  const Out beside_dead = inverse<GaussianMixtureLogit<2>, T>(0.3, {-inf, 0, 0, 0, log_s, 0});
  CHECK(close<T>(forward<GaussianMixtureLogit<2>, T>(beside_dead.y, {-inf, 0, 0, 0, log_s, 0}).y, 0.3, 8));
}
TEMPLATE_TEST_CASE("mixtures: the bracket of a quantile has its ends, also where q and its error cancel", "", float,
                   double) {
  using T = TestType;
  using V = Lanes<T>;
  V q(0);
  for (int i = 0; i < 100; ++i) q = -fused(V(0.02), abs(q), V(2e-3));  // q + slack = 0, to the bit
  const auto around = [&]<int K>(const std::vector<double>& phi) {
    const Mixture<NormalKernel, K, V> m(lanes_of<GaussianMixtureCdf<K>, T>(phi));
    const auto [low, high, start] = quantile_bracket(m, m.mean, q);
    CHECK(low[0] <= start[0]);
    CHECK(start[0] <= high[0]);
    return std::pair{low[0], high[0]};
  };
  CHECK(around.template operator()<1>({0, 1, 0}).second == Approx(1).epsilon(0.01));
  for (double wide : {single<T> ? 92. : 712., single<T> ? 920. : 7120.})
    for (const auto& [low, high] :
         {around.template operator()<1>({0, 1, wide}), around.template operator()<2>({0, 0, 0, 0, wide, 0}),
          around.template operator()<2>({0, 0, 0, 0, 0, wide})}) {
      CHECK(low <= -std::numeric_limits<T>::max() / 2);
      CHECK(high >= 1);
    }
}
TEMPLATE_TEST_CASE("mixtures: a gap between two modes [adversarial 19]", "[adversarial]", float, double) {
  using T = TestType;
  using H = GaussianMixtureCdf<2>;
  const std::vector<double> phi{0, 0.5, -50 + 1, 50 - 1, 0, 0};  // means -50 and 50
  const double p = 0.37754066879814544;
  CHECK(close<T>(forward<H, T>(0, phi).y, p, 4));
  CHECK(close<T>(forward<H, T>(0, phi).log_det, -1250.91893853320467, 4));
  CHECK(close<T>(forward<H, T>(inverse<H, T>(p, phi).y, phi).y, p, 4));
}
TEMPLATE_TEST_CASE("mixtures: inverses far out return, and are right [adversarial 20]", "[adversarial]", float,
                   double) {
  using T = TestType;
  const auto check = []<class H>(H) {
    const std::vector<double> phi{0.3, -20, 1, 0.5, -1, 3, -1, 0.7, 1.5};
    const double far = single<T> ? 800 : 5000;
    for (double y : {-far, -700., -3., 0., 1e-9, 2., 36., far}) {
      INFO(y);
      CHECK(close<T>(forward<H, T>(inverse<H, T>(y, phi).y, phi).y, y, 64));
    }
    CHECK(inverse<H, T>(inf, phi).y == inf);
    CHECK(inverse<H, T>(-inf, phi).y == -inf);
    CHECK(std::isnan(inverse<H, T>(std::nan(""), phi).y));
  };
  check(GaussianMixtureLogit<3>{});
  check(LogisticMixtureLogit<3>{});
}
TEMPLATE_TEST_CASE("mixtures: a dead component has no adjoints [adversarial 24]", "[adversarial]", float, double) {
  const auto check = []<class H>(H) {
    for (double x : {40., -40.}) {
      INFO(H::name << " at " << x);
      const auto [g, g_phi] = backward<H, TestType>(x, {0, -inf, 1, -1, 0, 0}, 1, 1);
      CHECK(std::isfinite(g));
      for (int p : {1, 3, 5}) CHECK(g_phi[std::size_t(p)] == 0);
    }
  };
  check(GaussianMixtureCdf<2>{});
  check(GaussianMixtureLogit<2>{});
  check(LogisticMixtureCdf<2>{});
  check(LogisticMixtureLogit<2>{});
}
TEST_CASE("mixtures: F never decreases over consecutive floats") {
  float x = -3, before = 0;
  for (int i = 0; i < 20000; ++i, x = std::nextafter(x, 10.F)) {
    const auto y = float(forward<GaussianMixtureCdf<3>, float>(double(x)).y);
    CHECK(y >= before * (1 - 4e-7F));
    before = y;
  }
}
TEST_CASE("outside the unit interval: log-det -inf, and a harmless number instead of x") {
  using Boxed = BoxedRationalQuadraticSpline<3>;
  const std::vector<double> spline{0.3, -1, 0.5, 1, 0, -0.2, 0.1, 0.4, -0.5, 0.2};
  for (double outside : {-0.5, -1e-300, 1 + 1e-15, 1.5, inf, -inf}) {
    for (const Out& out : {forward<Boxed>(outside, spline), inverse<Boxed>(outside, spline)}) {
      CHECK(out.log_det == -inf);
      CHECK((out.y >= 0 && out.y <= 1));
    }
  }
  for (double outside : {0., 1., -0.5, -1e-300, 1 + 1e-15, 1.5, inf, -inf}) {  // no finite x has F(x) = 0 or 1
    for (const Out& out : {inverse<GaussianMixtureCdf<2>>(outside, {0, 0, -1, 1, 0, 0}),
                           inverse<LogisticMixtureCdf<2>>(outside, {0, 0, -1, 1, 0, 0})}) {
      CHECK(out.log_det == -inf);
      CHECK(std::abs(out.y) < 10);
    }
  }
}
namespace {
/// x + tanh(x), which counts how often it is asked for.
struct Counted {
  static constexpr int arity = 1;
  [[maybe_unused]] static constexpr const char* name = "counted";
  static inline int evaluated = 0;
  static auto formula(auto x, auto a) {
    ++evaluated;
    const auto t = tanh(x);
    return std::pair{x + t + 0 * a, log(1 + (1 - t * t))};
  }
};
/// x / 100: the root is far from y.
struct Hundredth {
  static constexpr int arity = 1;
  [[maybe_unused]] static constexpr const char* name = "hundredth";
  static auto formula(auto x, auto a) { return std::pair{0.01 * x + 0 * a, 0 * x + std::log(0.01)}; }
};
}  // namespace
TEST_CASE("formula: an inverse finds its root however far it is, on either side") {
  for (double y : {0., 3., -3., 1e9, -1e9}) {
    const Out x = inverse<Formula<Hundredth>>(y);
    CHECK(close(x.y, 100 * y));
    CHECK(close(x.log_det, std::log(100)));
  }
}
TEST_CASE("formula: an inverse is a few Newton steps, not a halving a bit") {
  for (double y : {0.1, 1.5, -3., 20.}) {
    Counted::evaluated = 0;
    const Out x = inverse<Formula<Counted>>(y);
    CHECK(close(x.y + std::tanh(x.y), y));
    CHECK(Counted::evaluated <= 14);
  }
}
TEST_CASE("mixture CDF: a lower tail of 1e-34 below a narrow component keeps its digits, beside one out of reach") {
  using H = GaussianMixtureCdf<2>;
  // means are offset by -1 and 1; the first component has s = e^-18, the second is 13 of its s away
  const double s = std::exp(-18.), far = 13;
  for (const double z : {8., 10., 11., 12.}) {
    const std::vector<double> phi{0, 0, 1, far - 1, -18, 0};
    const double x = -z * s, F = (std::erfc(z / std::sqrt(2.)) + std::erfc((far - x) / std::sqrt(2.))) / 4;
    INFO(z);
    CHECK(forward<H, float>(x, phi).y == Approx(F).epsilon(2e-5));
    CHECK(forward<H>(x, phi).y == Approx(F).epsilon(1e-12));
    // dF/dx = f of both
    const double f =
        (std::exp(-z * z / 2) / s + std::exp(-(far - x) * (far - x) / 2)) / 2 / std::sqrt(2 * std::acos(-1));
    CHECK(backward<H, float>(x, phi, 1, 0).first == Approx(f).epsilon(2e-5));
    CHECK(backward<H>(x, phi, 1, 0).first == Approx(f).epsilon(1e-12));
  }
}
TEST_CASE("mixture CDF: a component beyond reach, but so narrow that its density counts, is counted") {
  using H = GaussianMixtureCdf<2>;
  // Density and its slope of a component of log s = `log_s` at u standard deviations beside one of s = 1 at -z.
  const auto wanted = [](long double u, long double log_s, long double z) {
    const long double narrow = std::exp(-u * u / 2 - log_s), wide = std::exp(-z * z / 2);
    const long double log_f = std::log((narrow + wide) / 2) - std::log(2 * std::acos(-1.L)) / 2;
    return std::pair{double(log_f), double((wide * z - narrow * u * std::exp(-log_s)) / (narrow + wide))};
  };
  for (const double z : {10.5625, 8.625}) {  // the narrow one has 4 % of the density, or 4 % of the slope
    const double x = double(float(12.45 * std::exp(-18.)));
    const auto [log_f, slope] =
        wanted(static_cast<long double>(x) * std::exp(18.L), -18, static_cast<long double>(z - x));
    INFO(z);
    CHECK(forward<H, float>(x, {0, 0, 1, z - 1, -18, 0}).log_det == Approx(log_f).epsilon(3e-7));
    CHECK(backward<H, float>(x, {0, 0, 1, z - 1, -18, 0}, 0, 1).first == Approx(slope).epsilon(2e-5));
  }
  for (const double z : {33.8, 29.5}) {
    const double x = 35.25 * std::exp(-60.);
    const auto [log_f, slope] = wanted(35.25L, -60, static_cast<long double>(z));
    INFO(z);
    CHECK(forward<H>(x, {0, 0, 1, z - 1, -60, 0}).log_det == Approx(log_f).epsilon(1e-13));
    CHECK(backward<H>(x, {0, 0, 1, z - 1, -60, 0}, 0, 1).first == Approx(slope).epsilon(1e-12));
  }
}
