#pragma once
#include <bijou/core/vector_register.hpp>

namespace bijou {
namespace lanes {
/// Whether the truth values of N numbers are the bits of a mask register, which the comparisons of 64 bytes write.
template <class T, int N>
inline constexpr bool in_mask_register = vector_bytes == 64 && N > 1 && N * sizeof(T) == 64;
}  // namespace lanes

/// A truth value per lane of Lanes<T, N>.
template <class T, int N = lanes::native<T>>
struct Mask {
  /// A bit a lane in a mask register; elsewhere an integer a lane, all bits set where true; a bool for a single lane.
  using Values =
      std::conditional_t<lanes::in_mask_register<T, N>, std::conditional_t<N == 16, std::uint16_t, std::uint8_t>,
                         typename lanes::VectorOf<typename lanes::BitsOf<T>::type, N>::type>;
  Values m;
  friend BIJOU_INLINE Mask operator&(Mask a, Mask b) { return {Values(a.m & b.m)}; }
  friend BIJOU_INLINE Mask operator|(Mask a, Mask b) { return {Values(a.m | b.m)}; }
  friend BIJOU_INLINE Mask operator~(Mask a) {
    if constexpr (N == 1)
      return {!a.m};
    else
      return {Values(~a.m)};
  }
  BIJOU_INLINE bool operator[](int i) const {
    if constexpr (N == 1)
      return bool(m);
    else if constexpr (lanes::in_mask_register<T, N>)
      return m >> i & 1;
    else
      return m[i] != 0;
  }
};
}  // namespace bijou
