// The tape's derivatives against those at 25 digits in tests/reference/math/derivatives.txt.
#include "reference.hpp"

#include "operations.hpp"

using namespace bijou;

TEMPLATE_TEST_CASE("var: derivatives at 25 digits, relatively right in the tails [adversarial 57]", "[adversarial]",
                   float, double, long double) {
  using T = TestType;
  int lines = 0;
  // 8 eps of the derivative or what rounding the arguments does to it, or 8 of the smallest subnormal number.
  const auto hold = [&](const std::string& name, int arguments, auto f,
                        long double least = std::numeric_limits<T>::min()) {
    lines += test::each_line("math/derivatives.txt", name, [&](std::istream& words, const std::string& line) {
      const T a = T(test::number(words)), b = arguments > 1 ? T(test::number(words)) : T(0);
      const auto [value, by_a, by_b] = test::played<T>(f, a, b);
      test::compare("the derivative by a", by_a, words, 8, line, least);
      if (arguments > 1) test::compare("the derivative by b", by_b, words, 8, line, least);
    });
  };
  hold("exp", 1, [](auto a, auto) { return exp(a); });
  hold("expm1", 1, [](auto a, auto) { return expm1(a); });
  hold("log", 1, [](auto a, auto) { return log(a); });
  hold("log1p", 1, [](auto a, auto) { return log1p(a); });
  hold("sqrt", 1, [](auto a, auto) { return sqrt(a); });
  hold("abs", 1, [](auto a, auto) { return abs(a); });
  // 1 - y^2 is right beside its largest value, 1.
  hold(
      "tanh", 1, [](auto a, auto) { return tanh(a); }, 1);
  hold("sigmoid", 1, [](auto a, auto) { return sigmoid(a); });
  hold("softplus", 1, [](auto a, auto) { return softplus(a); });
  hold("log_sigmoid", 1, [](auto a, auto) { return log_sigmoid(a); });
  hold("erf", 1, [](auto a, auto) { return erf(a); });
  hold("normal_cdf", 1, [](auto a, auto) { return normal_cdf(a); });
  hold("log_normal_cdf", 1, [](auto a, auto) { return log_normal_cdf(a); });
  for (int n : {1, 2, 5, -1, -3}) hold("power_" + std::to_string(n), 1, [n](auto a, auto) { return power(a, n); });
  hold("log_add_exp", 2, [](auto a, auto b) { return log_add_exp(a, b); });
  hold("divide", 2, [](auto a, auto b) { return a / b; });
  CHECK(lines == 313);
}
TEMPLATE_TEST_CASE("var: the derivative of log_normal_cdf keeps 8 eps from -1000 to 40", "", float, double) {
  using T = TestType;
  const auto slope = []<class S>(S x) {
    return test::played<S>([](auto a, auto) { return log_normal_cdf(a); }, x, 0)[1];
  };
  for (int i = 0; i <= 5000; ++i) {
    const T x = static_cast<T>(40 - 1040 * std::pow(i / 5000., 3));
    INFO(double(x));
    const long double wanted = slope(static_cast<long double>(x));
    CHECK(test::error_of(slope(x), wanted, 0, static_cast<long double>(std::numeric_limits<T>::min())) <= 8);
  }
}
