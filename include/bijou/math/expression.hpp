#pragma once
#include <bit>

#include <Eigen/Core>

#include <bijou/core/lanes.hpp>

namespace bijou {
/// A function on lanes as a coefficient-wise functor of Eigen. Packets and the single elements of an array's tail run
/// the same vector code, so an element's bits do not depend on its place or on the array's size.
template <class F>
struct Lanewise {
  F f;
  template <class T>
  T operator()(const T& x, const std::same_as<T> auto&... more) const {
    return f(Lanes<T>(x), Lanes<T>(more)...)[0];
  }
  template <class Packet>
  Packet packetOp(const Packet& x, const std::same_as<Packet> auto&... more) const {
    using T = typename Eigen::internal::unpacket_traits<Packet>::type;
    using V = Lanes<T, static_cast<int>(sizeof(Packet) / sizeof(T))>;  // Eigen also has packets of half a register
    const auto lanes_of = [](const Packet& p) { return V::of(std::bit_cast<typename V::Vector>(p)); };
    return std::bit_cast<Packet>(f(lanes_of(x), lanes_of(more)...).v);
  }
};

/// `x.unaryExpr(lanewise([](auto v) { return exp(v); }))`, or `x.binaryExpr(y, lanewise([](auto a, auto b) { ... }))`:
/// f, a function of bijou's lanes, on every element of an Eigen array of float, double or long double.
template <class F>
Lanewise<F> lanewise(F f) {
  return {f};
}
}  // namespace bijou

template <class F>
struct Eigen::internal::functor_traits<bijou::Lanewise<F>> {
  enum { Cost = 20 * NumTraits<float>::MulCost, PacketAccess = true };
};
