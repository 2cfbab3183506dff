// Bases against values at 60 digits (tests/reference/distributions): log p within 64 eps, its gradient within 256 eps,
// of max(1, |value|, k) with the condition number k.
#include <bijou/bijou.hpp>

#include "reference.hpp"

using namespace bijou;
namespace {
/// log p and its gradient at one point.
template <class B>
void compare(const B& base, const Batch<typename B::Scalar, B::D>& z, std::istream& wanted, const std::string& line) {
  using T = typename B::Scalar;
  PerSample<T> log_p(z.rows());
  base.log_prob(z, log_p);
  test::compare("log p", log_p(0), wanted, 64, line);
  Batch<T, B::D> g = Batch<T, B::D>::Zero(1, z.cols());
  B grad = no_gradient(base);
  const PerSample<T> one = PerSample<T>::Ones(1);
  base.backward(z, one, g, grad);
  for (Index j = 0; j < z.cols(); ++j) test::compare("gradient", g(0, j), wanted, 256, line);
}
/// The parameters that the generator states.
template <class T>
GaussianMixture<T, 3> mixture_of(int components) {
  GaussianMixture<T, 3> mixture(components, 3);
  for (int k = 0; k < components; ++k) {
    const auto n = static_cast<T>(k);
    mixture.logits(k) = T(-0.75) * n;
    mixture.mean.row(k) << n - T(0.5), T(0.25) - n, T(1.5) * n;
    mixture.factor.row(k) << T(0.5) - T(0.25) * n, T(0.75), T(-0.5), T(-0.25), T(0.5) * n, T(0.125);
  }
  return mixture;
}
/// The lines that begin with `name`.
void each_line(const std::string& name, const auto& visit) {
  CHECK(test::each_line("distributions/bases.txt", name, visit) == 40);
}
}  // namespace

TEMPLATE_TEST_CASE("beta: log p and slope from 1e-30 to 1 - 2^-24 [adversarial 5]", "[adversarial]", float, double) {
  using T = TestType;
  each_line("beta", [](std::istream& words, const std::string& line) {
    const double a = test::number(words), b = test::number(words), z = test::number(words);
    const Batch<T, 1> at = Batch<T, 1>::Constant(1, 1, T(z));
    compare(Beta<T, 1>(T(a), T(b)), at, words, line);
  });
}
TEMPLATE_TEST_CASE("gaussian mixture and full normal: log p and gradient, to 1,000 sigma [adversarial 2, 4]",
                   "[adversarial]", float, double) {
  using T = TestType;
  each_line("mixture", [](std::istream& words, const std::string& line) {
    const int components = int(test::number(words));
    Batch<T, 3> z(1, 3);
    for (int j = 0; j < 3; ++j) z(0, j) = T(test::number(words));
    compare(mixture_of<T>(components), z, words, line);
  });
}
TEMPLATE_TEST_CASE("gaussian mixture: no weights at all are refused [adversarial 4]", "[adversarial]", float, double) {
  using T = TestType;
  GaussianMixture<T, 1> mixture(2, 1);
  mixture.logits.setConstant(-std::numeric_limits<T>::infinity());
  PerSample<T> log_p(1);
  Batch<T, 1> z = Batch<T, 1>::Zero(1, 1);
  CHECK_THROWS_AS(mixture.log_prob(z, log_p), std::invalid_argument);
  Random random{1};
  CHECK_THROWS_AS(mixture.sample(random, z), std::invalid_argument);
}
