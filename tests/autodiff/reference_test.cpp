// The tape's derivatives against those at 25 digits in tests/reference/math/derivatives.txt.
#include "reference.hpp"

#include "operations.hpp"

using namespace bijou;

TEMPLATE_TEST_CASE("var: derivatives at 25 digits, relatively right in the tails [adversarial 57]", "[adversarial]",
                   float, double, long double) {
  using T = TestType;
  int lines = 0;
  test::each_operation<T>([&](const std::string& name, auto f, auto...) {
    // 8 eps of the derivative or of what rounding the arguments does to it, or 8 of the smallest subnormal number.
    const long double least = static_cast<long double>(std::numeric_limits<T>::min());
    lines += test::each_line("math/derivatives.txt", name, [&](std::istream& words, const std::string& line) {
      const bool pair = std::count(line.begin(), line.end(), ' ') > 3;
      const T a = T(test::number(words)), b = pair ? T(test::number(words)) : T(0);
      const auto [value, by_a, by_b] = test::played<T>(f, a, b);
      test::compare("the derivative by a", by_a, words, 8, line, least);
      if (pair) test::compare("the derivative by b", by_b, words, 8, line, least);
    });
  });
  CHECK(lines == 360);
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
