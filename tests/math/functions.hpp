#pragma once
// The special functions with the bounds that their headers state, and their reference values at 60 digits.
#include <bit>
#include <cmath>
#include <cstdint>
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

#include "exact_functions.hpp"

namespace bijou::test {
/// A function on lanes with the bound in ulp that its header states, and the same in long double.
template <class T>
struct Function {
  Lanes<T> (*call)(Lanes<T>);
  double bound;
  long double (*exactly)(long double);
};
template <class T>
const std::map<std::string, Function<T>>& functions() {
  using V = Lanes<T>;
  using R = long double;
  static const std::map<std::string, Function<T>> all{
      {"exp", {[](V x) { return exp(x); }, 1, [](R x) { return std::exp(x); }}},
      {"expm1", {[](V x) { return expm1(x); }, 3, [](R x) { return std::expm1(x); }}},
      {"log", {[](V x) { return log(x); }, 2, [](R x) { return std::log(x); }}},
      {"log1p", {[](V x) { return log1p(x); }, 3, [](R x) { return std::log1p(x); }}},
      {"tanh", {[](V x) { return tanh(x); }, 4, [](R x) { return std::tanh(x); }}},
      {"sigmoid", {[](V x) { return sigmoid(x); }, 3, exact::sigmoid}},
      {"softplus", {[](V x) { return softplus(x); }, 3, exact::softplus}},
      {"log_sigmoid", {[](V x) { return log_sigmoid(x); }, 3, exact::log_sigmoid}},
      {"log1mexp", {[](V x) { return log1mexp(x); }, 4, exact::log1mexp}},
      {"logit", {[](V x) { return logit(x); }, 4, exact::logit}},
      {"erf", {[](V x) { return erf(x); }, 4, [](R x) { return std::erf(x); }}},
      {"erfc", {[](V x) { return erfc(x); }, 6, [](R x) { return std::erfc(x); }}},
      {"normal_cdf", {[](V x) { return normal_cdf(x); }, 6, exact::normal_cdf}},
      {"log_normal_cdf", {[](V x) { return log_normal_cdf(x); }, 8, exact::log_normal_cdf}},
      {"inverse_normal_cdf", {[](V x) { return inverse_normal_cdf(x); }, 8, exact::inverse_normal_cdf}},
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
/// Calls visit(x) for numbers of all exponents and both signs, subnormal ones and the largest as well.
template <class T>
void each_magnitude(int count, const auto& visit) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  const Bits end = std::bit_cast<Bits>(std::numeric_limits<T>::infinity()), step = end / Bits(count) | 1;
  for (Bits bits = 1; bits < end - step; bits += step)
    for (T sign : {T(1), T(-1)}) visit(sign * std::bit_cast<T>(bits));
}
/// Calls visit(name, x in T, reference value) for every line of the reference file.
template <class T>
void each_reference(const auto& visit) {
  std::ifstream file(BIJOU_TEST_DIR "/reference/math/functions.txt");
  for (std::string name, x, y; file >> name >> x >> y;)
    visit(name, static_cast<T>(std::strtod(x.c_str(), nullptr)), std::strtold(y.c_str(), nullptr));
}
}  // namespace bijou::test
