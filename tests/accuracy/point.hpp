#pragma once
#include <bijou/bijou.hpp>

#include "transformers/phi.hpp"

namespace bijou::test {
/// A transformer at a point: x and raw parameters, which all types hold exactly.
template <class H, class T>
struct Point {
  T x;
  std::vector<T> raw;
  struct Image {
    T to, log_det;
  };
  using Adjoints = std::vector<T>;  // of x, then of the parameters

  template <class S>
  Point<H, S> as() const {
    return {static_cast<S>(x), std::vector<S>(raw.begin(), raw.end())};
  }
  auto phi() const {
    Phi<Lanes<T>> p;
    for (T r : raw) p.values.push_back(Lanes<T>(r));
    return p;
  }
  Image forward() const {
    Lanes<T> v{x}, l{T(0)};
    H::forward(v, phi(), l);
    return {v[0], l[0]};
  }
  Image inverse(T y) const {
    Lanes<T> v{y}, l{T(0)};
    H::inverse(v, phi(), l);
    return {v[0], l[0]};
  }
  Adjoints adjoints(bool of_inverse, T g, T g_log_det) const {
    Phi<Lanes<T>> sum;
    sum.values.assign(raw.size(), Lanes<T>(T(0)));
    Lanes<T> back{g};
    if (of_inverse)
      inverse_backward<H>(Lanes<T>(x), phi(), back, Lanes<T>(g_log_det), sum);
    else
      H::backward(Lanes<T>(x), phi(), back, Lanes<T>(g_log_det), sum);
    Adjoints all{back[0]};
    for (const auto& a : sum.values) all.push_back(a[0]);
    return all;
  }
  /// sum |input * d output / d input|: what rounding of the inputs alone would do, in eps. at: the input's value.
  T condition(const Adjoints& a, T at) const {
    T sum = std::abs(a[0] * at);
    for (std::size_t p = 0; p < raw.size(); ++p) sum += std::abs(a[p + 1] * raw[p]);
    return sum;
  }
  /// The same of the adjoints themselves, by differences: sum |input * d adjoint / d input|, the largest of them.
  T condition_of_adjoints(bool of_inverse, T g, T g_log_det) const {
    Adjoints sums(raw.size() + 1, T(0));
    for (std::size_t i = 0; i <= raw.size(); ++i) {
      Point up = *this, down = *this;
      T &high = i ? up.raw[i - 1] : up.x, &low = i ? down.raw[i - 1] : down.x;
      high *= T(1 + 1e-6L), low *= T(1 - 1e-6L);
      const auto a = up.adjoints(of_inverse, g, g_log_det), b = down.adjoints(of_inverse, g, g_log_det);
      for (std::size_t p = 0; p < sums.size(); ++p) sums[p] += std::abs(a[p] - b[p]) / T(2e-6L);
    }
    return *std::max_element(sums.begin(), sums.end());
  }
};
}  // namespace bijou::test
