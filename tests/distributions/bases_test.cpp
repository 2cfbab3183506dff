#include <cmath>

#include <bijou/bijou.hpp>
#include <bijou/distributions/gaussian_mixture.hpp>

#include "catch.hpp"

using namespace bijou;
namespace {
/// What every base owes: adjoints against differences, for log_prob and for its samples; rows that stand alone.
template <class B>
void conforms(B base) {
  using T = typename B::Scalar;
  constexpr int n = 21;
  const int d = base.dim();
  Random random{5};
  Batch<T, B::D> z(n, d);
  base.sample(random, z);
  PerSample<T> l(n), v(n), g_l(n);
  random.normal(v);
  base.log_prob(z, l);
  CHECK(l.isFinite().all());
  for (int i = 0; i < n; ++i) {
    PerSample<T> alone(1);
    const Batch<T, B::D> row = z.row(i);
    base.log_prob(row, alone);
    CHECK(alone(0) == l(i));
  }
  const auto value = [&](const B& b, const Batch<T, B::D>& x) {
    PerSample<T> p(n);
    b.log_prob(x, p);
    return (p * v).sum();
  };
  const T h = T(1e-5);
  B grad = zero_gradient(base);
  Batch<T, B::D> g = Batch<T, B::D>::Zero(n, d);
  base.backward(z, v, g, grad);
  for (Index i = 0; i < z.size(); ++i) {
    Batch<T, B::D> up = z, down = z;
    up.data()[i] += h;
    down.data()[i] -= h;
    CHECK(std::abs((value(base, up) - value(base, down)) / (2 * h) - g.data()[i]) <
          T(1e-6) * std::max(T(1), std::abs(g.data()[i])));
  }
  const auto against_differences = [&](B& b, B& gradient, auto f) {
    each_parameter(
        [&](const Path& p, auto& a, auto& ga) {
          INFO(p.str());
          for (Index i = 0; i < a.size(); ++i) {
            const T keep = a.data()[i];
            a.data()[i] = keep + h;
            const T up = f();
            a.data()[i] = keep - h;
            const T down = f();
            a.data()[i] = keep;
            CHECK(std::abs((up - down) / (2 * h) - ga.data()[i]) < T(1e-6) * std::max(T(1), std::abs(ga.data()[i])));
          }
        },
        b, gradient);
  };
  against_differences(base, grad, [&] { return value(base, z); });
  if constexpr (requires { base.sample_backward(z, z, v, grad); }) {
    Batch<T, B::D> w(n, d), x(n, d);
    random.normal(w);
    const auto sample = [&](const B& b) {
      Random again{9};
      b.sample(again, x);
      return (x * w).sum() + value(b, x);
    };
    sample(base);
    set_zero(grad);
    base.sample_backward(x, w, v, grad);
    against_differences(base, grad, [&] { return sample(base); });
  }
}
template <class B>
double log_prob_at(const B& base, double x) {
  using T = typename B::Scalar;
  PerSample<T> p(1);
  const Batch<T, 1> z = Batch<T, 1>::Constant(1, 1, T(x));
  base.log_prob(z, p);
  return double(p(0));
}
template <class T>
constexpr double eps = double(std::numeric_limits<T>::epsilon());
constexpr double inf = std::numeric_limits<double>::infinity();
const double not_a_number = std::numeric_limits<double>::quiet_NaN();
}  // namespace

TEMPLATE_TEST_CASE("bases: adjoints, rows, both kinds of width", "", double, long double) {
  using T = TestType;
  conforms(StandardNormal<T, 3>{});
  conforms(StandardNormal<T, Dynamic>{2});
  conforms(Logistic<T, 2>{});
  conforms(Beta<T, 2>(T(2.5), T(4)));
  conforms(UniformBox<T, 2>(Row<T>::Constant(2, -1), Row<T>::Constant(2, 3)));
  DiagonalNormal<T, 2> diagonal;
  diagonal.mean << T(0.3), T(-1);
  diagonal.log_scale << T(0.5), T(-0.7);
  conforms(diagonal);
  Eigen::Matrix<T, 2, 2> covariance;
  covariance << 2, T(0.6), T(0.6), 1;
  GaussianMixture<T, 2> full(diagonal.mean, covariance);
  conforms(full);
}
TEST_CASE("gaussian mixture: a component's share of a row is its part of the density") {
  Random random{4};
  const GaussianMixture<double, 2> mixture(3, random);
  Batch<double, 2> z(17, 2);
  random.normal(z);
  PerSample<double> p(17), total(17), q(17);
  Batch<double, Dynamic> share(17, 3);
  mixture.log_prob(z, p);
  mixture.responsibilities(z, share, total);
  CHECK((p == total).all());
  for (int k = 0; k < 3; ++k) {
    auto alone = mixture;  // the other components have no weight
    alone.logits.setConstant(-std::numeric_limits<double>::infinity());
    alone.logits(k) = 0;
    alone.log_prob(z, q);
    const auto weights = (mixture.logits - mixture.logits.maxCoeff()).exp().eval();
    const PerSample<double> part = (q - p).exp() * (weights(k) / weights.sum());
    CHECK((share.col(k) - part).abs().maxCoeff() < 1e-13);
  }
}
TEMPLATE_TEST_CASE("gaussian mixture: 10,000 more on all logits changes nothing", "", float, double) {
  using T = TestType;
  Random random{4};
  GaussianMixture<T, 2> mixture(3, random);
  mixture.logits << T(0.25), T(-1.5), T(2);  // sums that are exact
  Batch<T, 2> z(50, 2), x(50, 2), moved(50, 2);
  random.normal(z);
  PerSample<T> l(50), shifted(50);
  mixture.log_prob(z, l);
  Random one{7}, two{7};
  mixture.sample(one, x);
  mixture.logits += T(10000);
  mixture.log_prob(z, shifted);
  mixture.sample(two, moved);
  CHECK((shifted == l).all());
  CHECK((moved == x).all());
}
TEST_CASE("gaussian mixture: adjoints of all parameters") {
  Random random{4};
  GaussianMixture<double, 3> mixture(4, random);
  each_parameter(
      [&](const Path&, auto& a) {
        Batch<double, Dynamic> noise(a.rows(), a.cols());
        random.normal(noise);
        a.array() += 0.4 * noise;
      },
      mixture);
  Batch<double, 3> z(17, 3), g = Batch<double, 3>::Zero(17, 3);
  PerSample<double> v(17), p(17);
  random.normal(z);
  random.normal(v);
  auto grad = zero_gradient(mixture);
  mixture.backward(z, v, g, grad);
  each_parameter(
      [&](const Path& path, auto& a, auto& ga) {
        INFO(path.str());
        for (Index i = 0; i < a.size(); ++i) {
          const double keep = a.data()[i];
          const auto at = [&](double x) {
            a.data()[i] = x;
            mixture.log_prob(z, p);
            return (p * v).sum();
          };
          CHECK((at(keep + 1e-5) - at(keep - 1e-5)) / 2e-5 == Approx(ga.data()[i]).margin(1e-7));
          a.data()[i] = keep;
        }
      },
      mixture, grad);
}
TEMPLATE_TEST_CASE("bases: NaN is NaN in its row alone, what is too far for its square has no density", "", float,
                   double) {
  using T = TestType;
  const auto rows = [](const auto& base, T outside) {
    using B = std::remove_cvref_t<decltype(base)>;
    Batch<T, B::D> z = Batch<T, B::D>::Constant(40, base.dim(), T(0.5));
    PerSample<T> wanted(40), l(40);
    base.log_prob(z, wanted);
    z(7, 1) = T(not_a_number);
    z(20, 0) = T(inf), z(21, 0) = -T(inf), z(22, 1) = outside, z(23, 0) = -outside;
    base.log_prob(z, l);
    INFO(base.describe());
    CHECK(std::isnan(l(7)));
    for (Index i : {20, 21}) CHECK((l(i) == -T(inf) || std::isnan(l(i))));
    for (Index i : {22, 23}) CHECK(l(i) == -T(inf));
    for (Index i : {7, 20, 21, 22, 23}) l(i) = wanted(i);
    CHECK((l == wanted).all());
  };
  const T huge = std::is_same_v<T, float> ? T(1e20) : T(1e200);
  Random random{1};
  DiagonalNormal<T, 2> diagonal;
  diagonal.mean << T(0.3), T(-1);
  diagonal.log_scale << T(0.5), T(-0.7);
  rows(StandardNormal<T, 2>{}, huge);
  rows(diagonal, huge);
  rows(GaussianMixture<T, 2>(3, random), huge);
  rows(Logistic<T, 2>{}, T(inf));  // its logarithm is finite at any number
  rows(Beta<T, 2>(T(2.5), T(4)), huge);
  rows(UniformBox<T, 2>(Row<T>::Constant(2, -1), Row<T>::Constant(2, 3)), huge);
}
TEMPLATE_TEST_CASE("beta: large shapes", "", float, double) {
  using T = TestType;
  for (double a : {1e3, 1e4, 1e5, 1e12, 1e15}) {  // log p(1/2) = log(4 a / pi) / 2 - 1 / (8 a) + ..., of terms a log 2
    const double wanted = 0.5 * std::log(4 * a / std::numbers::pi) - 1 / (8 * a);
    CHECK(log_prob_at(Beta<T, 1>(T(a), T(a)), 0.5) == Approx(wanted).margin(2 * a * eps<T>));
  }
  CHECK(std::isfinite(log_prob_at(Beta<double, 1>(1e306, 1), 0.5)));
}
TEMPLATE_TEST_CASE("bases: at the mean of a scale that is no number any more the density is high, not NaN", "", float,
                   double) {
  using T = TestType;
  DiagonalNormal<T, 2> normal;
  normal.mean << 1, 2;
  normal.log_scale << -800, 0;
  GaussianMixture<T, 2> mixture(1, 2);
  mixture.mean << 1, 2;
  mixture.factor << 800, 0, 0;
  Batch<T, 2> z(2, 2);
  z << 1, 2, 1.5, 2;
  PerSample<T> l(2);
  normal.log_prob(z, l);
  CHECK(l(0) == Approx(800 - std::log(2 * std::numbers::pi)));
  CHECK(l(1) == -T(inf));
  mixture.log_prob(z, l);
  CHECK(l(0) == Approx(800 - std::log(2 * std::numbers::pi)));
  CHECK(l(1) == -T(inf));
  z(0) = std::numeric_limits<T>::max() / 10;  // no component reaches there
  Batch<T, 2> share(2, 2);
  const GaussianMixture<T, 2> two(2, 2);
  two.responsibilities(z, share, l);
  CHECK(l(0) == -T(inf));
  CHECK((share.row(0) == 0).all());
  CHECK(double((share.row(1) - T(0.5)).abs().maxCoeff()) < 4 * eps<T>);
}
TEMPLATE_TEST_CASE("gaussian mixture: infinity - infinity on the way to a component is no density, not NaN", "", float,
                   double) {
  using T = TestType;
  Eigen::Matrix<T, 2, 2> narrow;
  narrow << 1, T(0.99), T(0.99), 1;
  GaussianMixture<T, 2> mixture(2, 2);
  for (int k : {0, 1}) mixture.set_covariance(k, T(1e-4) * narrow);
  const T far = std::numeric_limits<T>::max() / 20, nan = T(not_a_number);
  Batch<T, 2> z = Batch<T, 2>::Zero(40, 2);
  z.row(7) = far, z.row(20) = -far;
  z.row(8) << nan, far;
  z.row(9) << T(inf), T(inf);
  PerSample<T> l(40), same(40);
  Batch<T, 2> share(40, 2);
  mixture.log_prob(z, l);
  mixture.responsibilities(z, share, same);
  for (int i = 0; i < 40; ++i) {
    INFO(i);
    if (i == 8 || i == 9) {
      CHECK((std::isnan(l(i)) && std::isnan(same(i)) && share.row(i).isNaN().all()));
    } else {
      CHECK(l(i) == same(i));
      CHECK((i == 7 || i == 20 ? l(i) == -T(inf) : l(i) > 5));
      CHECK(double(share(i, 1)) == Approx(i == 7 || i == 20 ? 0 : 0.5));
    }
  }
  // The other component is there: all of the row is its own, adjoints too.
  mixture.mean.row(1).setConstant(far);
  const Batch<T, 2> row = z.row(7);
  PerSample<T> p(1);
  mixture.log_prob(row, p);
  CHECK(double(p(0)) == Approx(std::log(0.5 / 2 / std::numbers::pi / 1e-4 / std::sqrt(1 - 0.99 * 0.99))));
  auto grad = zero_gradient(mixture);
  Batch<T, 2> g = Batch<T, 2>::Zero(1, 2);
  const PerSample<T> one = PerSample<T>::Ones(1);
  mixture.backward(row, one, g, grad);
  CHECK((g == 0).all());
  CHECK((grad.mean.array() == 0).all());
  CHECK((grad.factor.row(0).array() == 0).all());
  CHECK((grad.factor(1, 0) == 1 && grad.factor(1, 1) == 0 && grad.factor(1, 2) == 1));
  const auto nan_at = [&](auto member) {  // of parameters that are NaN everything is
    auto broken = mixture;
    (broken.*member).data()[0] = nan;
    broken.log_prob(row, p);
    return std::isnan(p(0));
  };
  CHECK(nan_at(&GaussianMixture<T, 2>::factor));
  CHECK(nan_at(&GaussianMixture<T, 2>::mean));
  CHECK(nan_at(&GaussianMixture<T, 2>::logits));
}
TEMPLATE_TEST_CASE("standard normal: far out, infinite, NaN [adversarial 1]", "[adversarial]", float, double) {
  using T = TestType;
  const StandardNormal<T, 1> n;
  CHECK(log_prob_at(n, 0) == Approx(-0.91893853320467274).epsilon(4 * eps<T>));
  for (double sign : {1., -1.}) {
    CHECK(log_prob_at(n, sign * 1e3) == Approx(-500000.91893853320).epsilon(4 * eps<T>));
    CHECK(log_prob_at(n, sign * (std::is_same_v<T, float> ? 1e20 : 1e200)) == -inf);
    CHECK(log_prob_at(n, sign * inf) == -inf);
  }
  CHECK(std::isnan(log_prob_at(n, not_a_number)));
}
TEMPLATE_TEST_CASE("logistic: -1000 at 1000, gradient -+1 [adversarial 3]", "[adversarial]", float, double) {
  using T = TestType;
  const Logistic<T, 1> l;
  for (double x : {1000., -1000.}) {
    CHECK(log_prob_at(l, x) == -1000);
    Batch<T, 1> z = Batch<T, 1>::Constant(1, 1, T(x)), g = Batch<T, 1>::Zero(1, 1);
    Logistic<T, 1> grad;
    const PerSample<T> one = PerSample<T>::Ones(1);
    l.backward(z, one, g, grad);
    CHECK(g(0) == (x > 0 ? -1 : 1));
  }
}
TEMPLATE_TEST_CASE("beta: ends, outside, zero gradient there [adversarial 5]", "[adversarial]", float, double) {
  using T = TestType;
  const Beta<T, 1> b(5, 5);
  CHECK(log_prob_at(b, 0.5) == Approx(0.90054237490601592).epsilon(45 * eps<T>));
  CHECK(log_prob_at(b, 1e-30) == Approx(-269.8644913398999).epsilon(45 * eps<T>));
  CHECK(log_prob_at(b, 1 - 0x1p-24) == Approx(-60.096409752787758).epsilon(45 * eps<T>));
  for (double x : {0., 1., -0.1, 1.5}) {
    CHECK(log_prob_at(b, x) == -inf);
    Batch<T, 1> z = Batch<T, 1>::Constant(1, 1, T(x)), g = Batch<T, 1>::Zero(1, 1);
    Beta<T, 1> grad(5, 5);
    b.backward(z, PerSample<T>::Ones(1), g, grad);
    CHECK(g(0) == 0);
  }
  CHECK(std::isnan(log_prob_at(b, not_a_number)));
  for (double x : {0., 1.})  // also where p is finite or infinite beside the end
    for (double shape : {0.5, 1., 2.}) {
      CHECK(log_prob_at(Beta<T, 1>(T(shape), 1), x) == -inf);
      CHECK(log_prob_at(Beta<T, 1>(1, T(shape)), x) == -inf);
    }
}
TEMPLATE_TEST_CASE("uniform box: faces inside, one ulp beyond outside [adversarial 6]", "[adversarial]", float,
                   double) {
  using T = TestType;
  const UniformBox<T, 1> u;
  CHECK(log_prob_at(u, 0.3) == 0);
  CHECK(log_prob_at(u, 0) == 0);
  CHECK(log_prob_at(u, 1) == 0);
  CHECK(log_prob_at(u, double(std::nextafter(T(1), T(2)))) == -inf);
  CHECK(log_prob_at(u, -double(std::numeric_limits<T>::denorm_min())) == -inf);
  CHECK(std::isnan(log_prob_at(u, not_a_number)));
  CHECK_THROWS_AS((UniformBox<T, 1>(Row<T>::Constant(1, 2), Row<T>::Constant(1, 1))), std::invalid_argument);
}
TEMPLATE_TEST_CASE("gaussian mixture: dead and split components, refused covariances [adversarial 2, 4]",
                   "[adversarial]", float, double) {
  using T = TestType;
  Eigen::Matrix<T, 2, 2> bad, good;
  bad << 1, 2, 2, 1;
  good << 1, 0.5, 0.5, 1;
  using Mixture = GaussianMixture<T, 2>;
  CHECK_THROWS_WITH(Mixture(Row<T>::Zero(2), bad), Catch::Contains("not positive definite"));
  CHECK_THROWS_AS(Mixture(Row<T>::Zero(2), good * T(not_a_number)), std::invalid_argument);
  CHECK_THROWS_AS((GaussianMixture<T, Dynamic>(1, 0)), std::invalid_argument);
  const Mixture one(Row<T>::Zero(2), good);
  Mixture dead(2, 2), halves(2, 2);
  dead.set_covariance(0, good);
  dead.logits(1) = T(-inf);
  for (int k : {0, 1}) halves.set_covariance(k, good);
  Batch<T, 2> z(5, 2);
  Random random{1};
  random.normal(z);
  PerSample<T> a(5), b(5), c(5);
  one.log_prob(z, a);
  dead.log_prob(z, b);
  halves.log_prob(z, c);
  CHECK((a == b).all());
  CHECK(((a - c).abs() <= T(4 * eps<T>) * a.abs()).all());
  CHECK_THROWS_AS(halves.sample_backward(z, z, a, dead), std::invalid_argument);
  const Mixture before = halves;
  CHECK_THROWS_AS(halves.set_covariance(0, bad), std::invalid_argument);
  CHECK(same_bits(halves, before));
}
