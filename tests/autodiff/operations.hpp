#pragma once
#include <array>
#include <complex>
#include <string>

#include <bijou/autodiff/var.hpp>

namespace bijou::test {
/// Value, df/da and df/db at (a, b), by the tape.
template <class T>
std::array<T, 3> played(auto f, T a, T b) {
  using V = Lanes<T>;
  Tape<V> tape;
  const Var<V> x(V(a), tape), y(V(b), tape);
  const Var<V> out = f(x, y);
  out.add_adjoint(V(1));
  tape.reverse();
  return {out.value[0], x.adjoint()[0], y.adjoint()[0]};
}
template <class T = double>
std::pair<double, double> derivatives(auto f, double a, double b = 0) {
  const auto [value, by_a, by_b] = played(f, T(a), T(b));
  return {by_a, by_b};
}
/// The derivatives by a complex step: exact to rounding where f is analytic.
std::pair<double, double> by_complex_step(auto f, double a, double b) {
  using C = std::complex<double>;
  return {f(C(a, 1e-100), C(b)).imag() / 1e-100, f(C(a), C(b, 1e-100)).imag() / 1e-100};
}
/// f'(0) by f(-3h) .. f(3h): the error is h^6 f''''''' / 140.
double by_six_points(const auto& f) {
  constexpr double h = 4e-3;
  return (f(3 * h) - f(-3 * h) - 9 * (f(2 * h) - f(-2 * h)) + 45 * (f(h) - f(-h))) / (60 * h);
}
/// visit(name, f(a, b)): operations that complex numbers have as well.
void each_analytic_operation(const auto& visit) {
  visit("+", [](auto a, auto b) { return a + b + a; });
  visit("-", [](auto a, auto b) { return -a - b; });
  visit("*", [](auto a, auto b) { return a * b * b; });
  visit("/", [](auto a, auto b) { return a / b; });
  visit("exp", [](auto a, auto b) { return exp(a) * b; });
  visit("log", [](auto a, auto b) { return log(a * a + b); });
  visit("sqrt", [](auto a, auto b) { return sqrt(a * a + b); });
  visit("tanh", [](auto a, auto b) { return tanh(a) * tanh(b); });
}
/// visit(name, f, value, df/da, df/db): every operation of the tape and, by hand, what the C library and the formulas
/// give at (a, b).
template <class T>
void each_operation(const auto& visit) {
  constexpr T inf = std::numeric_limits<T>::infinity();
  const auto zero = [](T, T) { return T(0); };
  const auto one = [](T, T) { return T(1); };
  const auto either = [](bool first) { return first ? T(1) : T(0); };
  // Of one argument.
  const auto unary = [&](const std::string& name, auto f, auto value, auto slope) {
    visit(
        name, [&](auto a, auto) { return f(a); }, [&](T a, T) { return value(a); }, [&](T a, T) { return slope(a); },
        zero);
  };
  const auto e = [](T x) { return std::exp(x); };
  const auto logistic = [](T x) { return 1 / (1 + std::exp(-x)); };
  const auto density = [](T x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi_v<T>); };
  const auto phi = [](T x) { return std::erfc(-x / std::numbers::sqrt2_v<T>) / 2; };
  const auto positive_part = [](T x) { return x < 0 ? T(0) : x; };
  unary(
      "minus", [](auto a) { return -a; }, [](T a) { return -a; }, [](T) { return T(-1); });
  unary(
      "exp", [](auto a) { return exp(a); }, e, e);
  unary(
      "expm1", [](auto a) { return expm1(a); }, [](T a) { return std::expm1(a); }, e);
  unary(
      "log", [](auto a) { return log(a); }, [](T a) { return std::log(a); }, [](T a) { return 1 / a; });
  unary(
      "log1p", [](auto a) { return log1p(a); }, [](T a) { return std::log1p(a); }, [](T a) { return 1 / (1 + a); });
  unary(
      "sqrt", [](auto a) { return sqrt(a); }, [](T a) { return std::sqrt(a); },
      [](T a) { return 1 / (2 * std::sqrt(a)); });
  unary(
      "abs", [](auto a) { return abs(a); }, [](T a) { return std::abs(a); }, [](T a) { return T((a > 0) - (a < 0)); });
  unary(
      "tanh", [](auto a) { return tanh(a); }, [](T a) { return std::tanh(a); },
      [](T a) { return 1 / (std::cosh(a) * std::cosh(a)); });
  unary(
      "sigmoid", [](auto a) { return sigmoid(a); }, logistic, [](T a) { return 1 / (2 + 2 * std::cosh(a)); });
  unary(
      "softplus", [](auto a) { return softplus(a); },
      [&](T a) { return positive_part(a) + std::log1p(std::exp(-std::abs(a))); }, logistic);
  unary(
      "log_sigmoid", [](auto a) { return log_sigmoid(a); },
      [&](T a) { return -positive_part(-a) - std::log1p(std::exp(-std::abs(a))); }, [&](T a) { return logistic(-a); });
  unary(
      "erf", [](auto a) { return erf(a); }, [](T a) { return std::erf(a); },
      [](T a) { return 2 * std::numbers::inv_sqrtpi_v<T> * std::exp(-a * a); });
  unary(
      "erfc", [](auto a) { return erfc(a); }, [](T a) { return std::erfc(a); },
      [](T a) { return -2 * std::numbers::inv_sqrtpi_v<T> * std::exp(-a * a); });
  unary(
      "log1mexp", [](auto a) { return log1mexp(a); }, [](T a) { return std::log(-std::expm1(-a)); },
      [](T a) { return 1 / std::expm1(a); });
  unary(
      "logit", [](auto a) { return logit(a); }, [](T a) { return std::log(a / (1 - a)); },
      [](T a) { return 1 / (a * (1 - a)); });
  unary(
      "normal_cdf", [](auto a) { return normal_cdf(a); }, phi, density);
  unary(
      "log_normal_cdf", [](auto a) { return log_normal_cdf(a); }, [&](T a) { return std::log(phi(a)); },
      [&](T a) { return a == -inf ? inf : density(a) / phi(a); });  // about -a far below
  for (int n : {-2, -1, 0, 1, 2, 3, 5})
    unary(
        "power_" + std::to_string(n), [n](auto a) { return power(a, n); }, [n](T a) { return T(std::pow(a, n)); },
        [n](T a) { return n == 0 ? T(0) : T(n * std::pow(a, n - 1)); });
  visit(
      "+", [](auto a, auto b) { return a + b; }, [](T a, T b) { return a + b; }, one, one);
  visit(
      "-", [](auto a, auto b) { return a - b; }, [](T a, T b) { return a - b; }, one, [](T, T) { return T(-1); });
  visit(
      "*", [](auto a, auto b) { return a * b; }, [](T a, T b) { return a * b; }, [](T, T b) { return b; },
      [](T a, T) { return a; });
  visit(
      "/", [](auto a, auto b) { return a / b; }, [](T a, T b) { return a / b; }, [](T, T b) { return 1 / b; },
      [](T a, T b) { return -a / (b * b); });
  // One rounding without a tape, two on it: products and sums that are exact.
  visit(
      "fused, a product", [](auto a, auto b) { return fused(a, b, decltype(a)(0)); }, [](T a, T b) { return a * b; },
      [](T, T b) { return b; }, [](T a, T) { return a; });
  visit(
      "fused, a sum", [](auto a, auto b) { return fused(a, decltype(a)(1), b); }, [](T a, T b) { return a + b; }, one,
      one);
  visit(
      "select", [](auto a, auto b) { return select(a < b, a, b); }, [](T a, T b) { return a < b ? a : b; },
      [&](T a, T b) { return either(a < b); }, [&](T a, T b) { return either(!(a < b)); });
  // NaN in either is the first's, as a value is; of a tie the first has all.
  const auto nan_or = [](T a, T b, T other) { return std::isnan(a) || std::isnan(b) ? a + b : other; };
  visit(
      "max", [](auto a, auto b) { return max(a, b); }, [&](T a, T b) { return nan_or(a, b, std::max(a, b)); },
      [&](T a, T b) { return either(a >= b || std::isnan(a)); },
      [&](T a, T b) { return either(!(a >= b || std::isnan(a))); });
  visit(
      "min", [](auto a, auto b) { return min(a, b); }, [&](T a, T b) { return nan_or(a, b, std::min(a, b)); },
      [&](T a, T b) { return either(a <= b || std::isnan(a)); },
      [&](T a, T b) { return either(!(a <= b || std::isnan(a))); });
  const auto share = [](T own, T other) {
    if (own == other) return own == -inf ? T(0) : T(0.5);
    return 1 / (1 + std::exp(other - own));
  };
  visit(
      "log_add_exp", [](auto a, auto b) { return log_add_exp(a, b); },
      [&](T a, T b) {
        const T apart = a == b ? T(0) : std::abs(a - b);
        return nan_or(a, b, std::max(a, b) + std::log1p(std::exp(-apart)));
      },
      share, [&](T a, T b) { return share(b, a); });
}
}  // namespace bijou::test
