#pragma once
#include <bijou/core/errors.hpp>
#include <bijou/math/exp.hpp>
#include <bijou/math/tanh.hpp>

namespace bijou {
/// The log-scale of an affine map as it comes: s = r.
struct Unbounded {
  static constexpr const char* name = "affine";
  static auto scale(const auto& r) { return r; }
  static auto slope(const auto& r, const auto&) {
    using V = std::remove_cvref_t<decltype(r)>;
    return V(1);
  }
};
/// s = a tanh(r / a), a = Numerator / Denominator: neither direction can overflow, however large the net's output.
template <int Numerator, int Denominator>
struct Bounded {
  static inline const std::string name = text("bounded_affine(", double(Numerator) / Denominator, ")");
  template <class V>
  static V scale(V r) {
    return V(typename V::Scalar(Numerator) / Denominator) * tanh(r * inverse<V>());
  }
  template <class V>
  static V slope(V, V s) {
    const V t = s * inverse<V>();
    return V(1) - t * t;
  }

 private:
  template <class V>
  static V inverse() {
    return V(typename V::Scalar(Denominator) / Numerator);
  }
};

/// y = x e^s + b, log h' = s = scale(r).
///     b_ += y_      x_ = y_ e^s      r_ += (x_ x + l_) ds/dr        (l_ is the adjoint of log h')
/// and of the inverse, from its result x:  y_ = x_ e^-s      b_ -= y_      r_ -= (x_ x + l_) ds/dr
/// phi = (r, b). Where a finite x goes beyond the range of numbers, in either direction, log h' is -inf and what comes
/// out is far but harmless: log p is -inf there, never NaN. NaN stays NaN.
/// Source: Dinh et al. 2017, Real NVP, eqs. 7-8. arXiv:1605.08803
template <class Scale>
struct AffineWith {
  static constexpr int arity = 2;
  static constexpr const auto& name = Scale::name;
  static void forward(auto& x, const auto& phi, auto& log_det) {
    const auto s = Scale::scale(phi[0]);
    const auto from = x;
    x = fused(x, exp(s), phi[1]);
    log_det += s;
    keep_in_range(from, s, phi[1], x, log_det);
  }
  static void inverse(auto& x, const auto& phi, auto& log_det) {
    const auto s = Scale::scale(phi[0]);
    const auto from = x;
    x = (x - phi[1]) * exp(-s);
    log_det -= s;
    keep_in_range(from, s, phi[1], x, log_det);
  }
  template <class V>
  static void backward(const auto& x, const auto& phi, V& g, const auto& g_log_det, auto&& g_phi) {
    const auto r = phi[0], s = Scale::scale(r);
    g_phi.add(1, g);
    g = select(g == V(0), V(0), g * exp(s));  // rows out of range pass nothing on, through an infinite slope as well
    g_phi.add(0, (g * x + g_log_det) * Scale::slope(r, s));
  }
  template <class V>
  static void inverse_backward(const V& x, const auto& phi, V& g, const auto& g_log_det, auto&& g_phi) {
    const auto r = phi[0], s = Scale::scale(r);
    g_phi.add(0, -(g * x + g_log_det) * Scale::slope(r, s));
    g = select(g == V(0), V(0), g * exp(-s));
    g_phi.add(1, -g);
  }

 private:
  /// Beyond 1e296 (float: 3e26) the next net's sums soon are no numbers. Where e^s is none, x is not either: infinite
  /// or NaN.
  template <class V>
  static void keep_in_range(const V& from, const V& s, const V& b, V& x, V& log_det) {
    using Limits = std::numeric_limits<typename V::Scalar>;
    const V far(Limits::max() * typename V::Scalar(1e-12));
    const auto beyond = ~(abs(x) <= far);
    if (!any(beyond)) return;
    const auto lost = beyond & (abs(from) <= V(Limits::max())) & (s == s) & (b == b);
    x = select(lost, select(x < V(0), -far, far), x);
    log_det = select(lost, V(-Limits::infinity()), log_det);
  }
};
/// y = x e^r + t, phi = (r, t).
using Affine = AffineWith<Unbounded>;
/// The same with s = a tanh(r / a), |s| < a = Numerator / Denominator.
template <int Numerator = 2, int Denominator = 1>
using BoundedAffine = AffineWith<Bounded<Numerator, Denominator>>;
}  // namespace bijou
