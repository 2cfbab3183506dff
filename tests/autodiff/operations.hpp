#pragma once
#include <array>
#include <complex>

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
}  // namespace bijou::test
