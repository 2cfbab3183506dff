#pragma once
#include <functional>

#include <bijou/core/fields.hpp>

namespace bijou {
// The gradient of a model F is an F. An array that is empty in it is not wanted: nothing is computed for it.

/// Makes a gradient's array one that is not wanted.
template <class A>
void clear(A& a) {
  static_assert(A::SizeAtCompileTime == Dynamic,
                "parameters must have a Dynamic dimension: an array of fixed size cannot be left out of a gradient");
  a.resize(A::RowsAtCompileTime == Dynamic ? 0 : Index(A::RowsAtCompileTime),
           A::ColsAtCompileTime == Dynamic ? 0 : Index(A::ColsAtCompileTime));
}
/// Zeros for the arrays that trained(path) names, empty arrays for the others.
template <class F>
F zero_gradient(const F& f, const std::function<bool(const Path&)>& trained) {
  F g = f;
  each_parameter(
      [&](const Path& p, auto& a) {
        if (trained(p))
          std::fill_n(a.data(), a.size(), 0);
        else
          clear(a);
      },
      g);
  return g;
}
/// The same for all arrays.
template <class F>
F zero_gradient(const F& f) {
  return zero_gradient(f, [](const Path&) { return true; });
}
/// The same for none: adjoints of x alone.
template <class F>
F no_gradient(const F& f) {
  return zero_gradient(f, [](const Path&) { return false; });
}
void set_zero(auto& gradient) {
  each_parameter([](const Path&, auto& a) { std::fill_n(a.data(), a.size(), 0); }, gradient);
}
/// grad += e, where wanted.
void accumulate(auto&& grad, const auto& e) {
  if (grad.size()) grad += e;
}
}  // namespace bijou
