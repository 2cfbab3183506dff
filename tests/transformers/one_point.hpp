#pragma once
// A transformer at one point, numbers in and out as double, its parameters as many as are given and 0 behind.
#include <cmath>
#include <utility>
#include <vector>

#include <bijou/core/lanes.hpp>

#include "transformers/phi.hpp"

namespace bijou::test {
inline constexpr double inf = std::numeric_limits<double>::infinity();
struct Out {
  double y, log_det;
};
template <class H, class T>
auto lanes_of(const std::vector<double>& phi) {
  Phi<Lanes<T>> p{std::vector<Lanes<T>>(std::size_t(H::arity), Lanes<T>(0))};
  for (std::size_t i = 0; i < phi.size(); ++i) p.values[i] = Lanes<T>(T(phi[i]));
  return p;
}
template <class H, class T = double>
Out forward(double x, const std::vector<double>& phi = {}) {
  Lanes<T> v(static_cast<T>(x)), l(0);
  H::forward(v, lanes_of<H, T>(phi), l);
  return {double(v[0]), double(l[0])};
}
template <class H, class T = double>
Out inverse(double y, const std::vector<double>& phi = {}) {
  Lanes<T> v(static_cast<T>(y)), l(0);
  H::inverse(v, lanes_of<H, T>(phi), l);
  return {double(v[0]), double(l[0])};
}
/// Adjoint of x for (g, g_log_det) = (a, b), and those of phi.
template <class H, class T = double>
std::pair<double, std::vector<double>> backward(double x, const std::vector<double>& phi, double a, double b) {
  struct Sum {
    std::vector<double> g = std::vector<double>(std::size_t(H::arity));
    void add(int p, Lanes<T> v) { g[std::size_t(p)] += double(v[0]); }
  } sum;
  Lanes<T> g{static_cast<T>(a)};
  H::backward(Lanes<T>(static_cast<T>(x)), lanes_of<H, T>(phi), g, Lanes<T>(static_cast<T>(b)), sum);
  return {double(g[0]), sum.g};
}
template <class T = double>
bool close(double a, double b, double epsilons = 45) {
  return std::abs(a - b) <= epsilons * double(std::numeric_limits<T>::epsilon()) * std::max(1., std::abs(b));
}
template <class T>
inline constexpr bool single = std::is_same_v<T, float>;
}  // namespace bijou::test
