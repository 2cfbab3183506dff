#pragma once
#include <bijou/autodiff/tape.hpp>
#include <bijou/math/erf.hpp>
#include <bijou/math/exp.hpp>
#include <bijou/math/log.hpp>
#include <bijou/math/log_sum_exp.hpp>
#include <bijou/math/normal.hpp>
#include <bijou/math/sigmoid.hpp>
#include <bijou/math/tanh.hpp>

namespace bijou {
/// A number V whose history is on a tape; formulas written for V run on it unchanged. Derivatives at corners: 0 for abs
/// at 0 and NaN, the first argument's for ties of max and min, inf for sqrt at 0; 1 / a for log also where the value is
/// NaN, 1 / (1 + a) for log1p.
template <class V>
struct Var {
  using Scalar = typename V::Scalar;
  V value;
  Tape<V>* tape = nullptr;  // nullptr: a constant
  int node = 0;

  Var() : value(0) {}
  template <class S>
  requires std::is_arithmetic_v<S> Var(S constant) : value(constant) {}
  Var(V constant) : value(constant) {}
  Var(V v, Tape<V>& t) : value(v), tape(&t), node(t.push()) {}
  Var(V v, Tape<V>* t, int n) : value(v), tape(t), node(n) {}
  /// What reverse() left here; 0 for a constant.
  V adjoint() const { return tape ? tape->adjoint(node) : V(0); }
  void add_adjoint(V g) const {
    if (tape) tape->adjoint(node) += g;
  }

  friend Var operator+(Var a, Var b) { return of(a.value + b.value, a, V(1), b, V(1)); }
  friend Var operator-(Var a, Var b) { return of(a.value - b.value, a, V(1), b, V(-1)); }
  friend Var operator*(Var a, Var b) { return of(a.value * b.value, a, b.value, b, a.value); }
  friend Var operator/(Var a, Var b) {
    const V y = a.value / b.value;
    return of(y, a, V(1) / b.value, b, -y / b.value);
  }
  friend Var operator-(Var a) { return of(-a.value, a, V(-1)); }
  Var& operator+=(Var b) { return *this = *this + b; }
  Var& operator-=(Var b) { return *this = *this - b; }
  Var& operator*=(Var b) { return *this = *this * b; }
  Var& operator/=(Var b) { return *this = *this / b; }
  friend auto operator<(Var a, Var b) { return a.value < b.value; }
  friend auto operator<=(Var a, Var b) { return a.value <= b.value; }
  friend auto operator>(Var a, Var b) { return a.value > b.value; }
  friend auto operator>=(Var a, Var b) { return a.value >= b.value; }
  friend auto operator==(Var a, Var b) { return a.value == b.value; }

  /// y = f(a) or f(a, b) with its derivatives.
  static Var of(V y, Var a, V by_a) {
    if (!a.tape) return y;
    return {y, a.tape, a.tape->push(a.node, by_a, a.node, V(0))};
  }
  static Var of(V y, Var a, V by_a, Var b, V by_b) {
    if (!a.tape) return of(y, b, by_b);
    if (!b.tape) return of(y, a, by_a);
    return {y, a.tape, a.tape->push(a.node, by_a, b.node, by_b)};
  }
};

template <class V>
Var<V> select(auto mask, Var<V> a, std::type_identity_t<Var<V>> b) {
  return Var<V>::of(select(mask, a.value, b.value), a, select(mask, V(1), V(0)), b, select(mask, V(0), V(1)));
}
template <class V>
Var<V> max(Var<V> a, std::type_identity_t<Var<V>> b) {
  return select((a.value >= b.value) | (a.value != a.value), a, b);  // NaN in either is NaN
}
template <class V>
Var<V> min(Var<V> a, std::type_identity_t<Var<V>> b) {
  return select((a.value <= b.value) | (a.value != a.value), a, b);
}
template <class V>
Var<V> fused(Var<V> a, Var<V> b, Var<V> c) {
  return a * b + c;
}
template <class V>
Var<V> exp(Var<V> a) {
  const V y = exp(a.value);
  return Var<V>::of(y, a, y);
}
template <class V>
Var<V> expm1(Var<V> a) {
  return Var<V>::of(expm1(a.value), a, exp(a.value));
}
template <class V>
Var<V> log(Var<V> a) {
  return Var<V>::of(log(a.value), a, V(1) / a.value);
}
template <class V>
Var<V> log1p(Var<V> a) {
  return Var<V>::of(log1p(a.value), a, V(1) / (V(1) + a.value));
}
template <class V>
Var<V> sqrt(Var<V> a) {
  const V y = sqrt(a.value);
  return Var<V>::of(y, a, V(0.5) / y);
}
template <class V>
Var<V> abs(Var<V> a) {
  return Var<V>::of(abs(a.value), a, select(a.value > V(0), V(1), select(a.value < V(0), V(-1), V(0))));
}
template <class V>
Var<V> tanh(Var<V> a) {
  const V e = exp(V(-2) * abs(a.value)), above = V(1) + e;  // 1 - y * y would have no digits in the tails
  return Var<V>::of(tanh(a.value), a, V(4) * e / (above * above));
}
template <class V>
Var<V> sigmoid(Var<V> a) {
  const V y = sigmoid(a.value);
  return Var<V>::of(y, a, y * sigmoid(-a.value));
}
template <class V>
Var<V> softplus(Var<V> a) {
  return Var<V>::of(softplus(a.value), a, sigmoid(a.value));
}
template <class V>
Var<V> log_sigmoid(Var<V> a) {
  return Var<V>::of(log_sigmoid(a.value), a, sigmoid(-a.value));
}
template <class V>
Var<V> log1mexp(Var<V> a) {
  return Var<V>::of(log1mexp(a.value), a, V(1) / expm1(a.value));
}
template <class V>
Var<V> logit(Var<V> a) {
  return Var<V>::of(logit(a.value), a, V(1) / (a.value * (V(1) - a.value)));
}
template <class V>
Var<V> erf(Var<V> a) {
  return Var<V>::of(erf(a.value), a, V(2 * std::numbers::inv_sqrtpi_v<typename V::Scalar>) * exp(-a.value * a.value));
}
template <class V>
Var<V> erfc(Var<V> a) {
  return Var<V>::of(erfc(a.value), a, V(-2 * std::numbers::inv_sqrtpi_v<typename V::Scalar>) * exp(-a.value * a.value));
}
template <class V>
Var<V> normal_cdf(Var<V> a) {
  return Var<V>::of(normal_cdf(a.value), a, exp(normal_log_density(a.value)));
}
template <class V>
Var<V> log_normal_cdf(Var<V> a) {
  return Var<V>::of(log_normal_cdf(a.value), a, normal_hazard(-a.value));
}
template <class V>
Var<V> log_add_exp(Var<V> a, Var<V> b) {
  const V y = log_add_exp(a.value, b.value);
  constexpr auto inf = std::numeric_limits<typename V::Scalar>::infinity();
  // Where a = b the halves need no difference of infinities; where both are -inf nothing has a gradient.
  const V tie = select(y == V(-inf), V(0), V(0.5));
  const auto share = [&](V own, V other) { return select(own == other, tie, sigmoid(own - other)); };
  return Var<V>::of(y, a, share(a.value, b.value), b, share(b.value, a.value));
}
/// a^n for a whole n; the derivative of a^0 is 0, also at a = 0.
template <class V>
V power(V a, int n) {
  V y(1);
  for (int i = 0; i < (n < 0 ? -n : n); ++i) y = y * a;
  return n < 0 ? V(1) / y : y;
}
template <class V>
Var<V> power(Var<V> a, int n) {
  return Var<V>::of(power(a.value, n), a, n == 0 ? V(0) : V(n) * power(a.value, n - 1));
}
}  // namespace bijou
