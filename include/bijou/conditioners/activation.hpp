#pragma once
#include <bijou/core/lanes.hpp>
#include <bijou/math/exp.hpp>
#include <bijou/math/sigmoid.hpp>
#include <bijou/math/tanh.hpp>

namespace bijou {
/// An activation y = value(x) of a net's hidden units and its derivative slope(x, y). from_output: the slope needs y
/// alone, which saves the net a copy of x. in_registers: of a few instructions, so that sums take it before they are
/// stored. NaN in is NaN out.
template <class A>
concept Activation = requires(Lanes<double> v) {
  { A::name } -> std::convertible_to<const char*>;
  { A::from_output } -> std::convertible_to<bool>;
  { A::in_registers } -> std::convertible_to<bool>;
  A::value(v);
  A::slope(v, v);
};
/// max(0, x); slope 0 at 0.
struct Relu {
  static constexpr const char* name = "relu";
  static constexpr bool from_output = true;
  static constexpr bool in_registers = true;
  template <class V>
  BIJOU_INLINE static V value(V x) {
    return larger(V(0), x);
  }
  template <class V>
  static V slope(V, V y) {
    return select(y <= V(0), V(0), V(1));
  }
};
/// x above 0, x / 100 below; slope 1 at 0.
struct LeakyRelu {
  static constexpr const char* name = "leaky_relu";
  static constexpr bool from_output = true;
  static constexpr bool in_registers = true;
  template <class V>
  BIJOU_INLINE static V value(V x) {
    return select(x < V(0), V(0.01) * x, x);
  }
  template <class V>
  static V slope(V, V y) {
    return select(y < V(0), V(0.01), V(1));
  }
};
/// tanh(x)
struct Tanh {
  static constexpr const char* name = "tanh";
  static constexpr bool from_output = true;
  static constexpr bool in_registers = false;
  template <class V>
  static V value(V x) {
    return tanh(x);
  }
  template <class V>
  static V slope(V, V y) {
    return V(1) - y * y;
  }
};
/// x above 0, e^x - 1 below. Clevert et al. 2016, arXiv:1511.07289
struct Elu {
  static constexpr const char* name = "elu";
  static constexpr bool from_output = true;
  static constexpr bool in_registers = false;
  template <class V>
  BIJOU_INLINE static V value(V x) {
    return select(x < V(0), expm1_of_negative(min(x, V(0))), x);
  }
  template <class V>
  static V slope(V, V y) {
    return select(y < V(0), y + V(1), V(1));
  }
};
/// x sigmoid(x), also called swish. Elfwing et al. 2018, arXiv:1702.03118
struct Silu {
  static constexpr const char* name = "silu";
  static constexpr bool from_output = false;
  static constexpr bool in_registers = false;
  template <class V>
  static V value(V x) {
    return x * sigmoid(x);
  }
  template <class V>
  static V slope(V x, V) {
    // x times 1 - sigmoid(x), whose rounding x would make larger; so the smaller of the two is not made from the other.
    const V e = exp(-abs(x)), big = V(1) / (V(1) + e), small = e * big;
    const auto left = x < V(0);
    return select(left, small, big) * (V(1) + x * select(left, big, small));
  }
};
/// log(1 + e^x)
struct Softplus {
  static constexpr const char* name = "softplus";
  static constexpr bool from_output = true;
  static constexpr bool in_registers = false;
  template <class V>
  static V value(V x) {
    return softplus(x);
  }
  template <class V>
  static V slope(V, V y) {
    return -expm1_of_negative(-y);
  }
};
}  // namespace bijou
