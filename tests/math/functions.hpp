#pragma once
// The special functions with the bounds that their headers state, and their reference values at 60 digits.
#include <cmath>
#include <fstream>
#include <map>

#include <bijou/core/shapes.hpp>
#include <bijou/math/erf.hpp>
#include <bijou/math/exp.hpp>
#include <bijou/math/expression.hpp>
#include <bijou/math/log.hpp>
#include <bijou/math/log_sum_exp.hpp>
#include <bijou/math/normal.hpp>
#include <bijou/math/polynomial.hpp>
#include <bijou/math/sigmoid.hpp>
#include <bijou/math/tanh.hpp>

namespace bijou::test {
/// A function on lanes with the bound in ulp that its header states.
template <class T>
struct Function {
  Lanes<T> (*call)(Lanes<T>);
  double bound;
};
template <class T>
const std::map<std::string, Function<T>>& functions() {
  using V = Lanes<T>;
  static const std::map<std::string, Function<T>> all{
      {"exp", {[](V x) { return exp(x); }, 2}},
      {"expm1", {[](V x) { return expm1(x); }, 3}},
      {"log", {[](V x) { return log(x); }, 2}},
      {"log1p", {[](V x) { return log1p(x); }, 3}},
      {"tanh", {[](V x) { return tanh(x); }, 4}},
      {"sigmoid", {[](V x) { return sigmoid(x); }, 3}},
      {"softplus", {[](V x) { return softplus(x); }, 3}},
      {"log_sigmoid", {[](V x) { return log_sigmoid(x); }, 3}},
      {"log1mexp", {[](V x) { return log1mexp(x); }, 4}},
      {"logit", {[](V x) { return logit(x); }, 4}},
      {"erf", {[](V x) { return erf(x); }, 4}},
      {"erfc", {[](V x) { return erfc(x); }, 6}},
      {"normal_cdf", {[](V x) { return normal_cdf(x); }, 6}},
      {"log_normal_cdf", {[](V x) { return log_normal_cdf(x); }, 8}},
      {"inverse_normal_cdf", {[](V x) { return inverse_normal_cdf(x); }, 8}},
  };
  return all;
}
template <class T>
double ulp_error(T got, long double wanted) {
  if (got == static_cast<T>(wanted)) return 0;
  int e;
  std::frexp(static_cast<T>(wanted), &e);
  const long double ulp =
      std::ldexp(1.L, std::max(e, std::numeric_limits<T>::min_exponent) - std::numeric_limits<T>::digits);
  return double(std::abs((static_cast<long double>(got) - wanted) / ulp));
}
/// Calls visit(name, x in T, reference value) for every line of the reference file.
template <class T>
void each_reference(const auto& visit) {
  std::ifstream file(BIJOU_TEST_DIR "/reference/math/functions.txt");
  for (std::string name, x, y; file >> name >> x >> y;)
    visit(name, static_cast<T>(std::strtod(x.c_str(), nullptr)), std::strtold(y.c_str(), nullptr));
}
}  // namespace bijou::test
