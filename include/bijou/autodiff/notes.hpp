#pragma once
#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

namespace bijou {
/// What a transformer of `Columns` parameters notes in forward for its backward, of a whole panel of rows: note i is
/// column i of `p`, those from number Columns on are columns of `more`. p == nullptr: not wanted.
template <class T, int Columns>
struct Notes {
  T* p = nullptr;
  T* more = nullptr;
  Index stride = 0;

  /// All side by side.
  static Notes own(T* numbers) { return {numbers, numbers + Columns * Lanes<T>::size, Lanes<T>::size}; }
  explicit operator bool() const { return p; }
  BIJOU_INLINE Lanes<T> operator[](int i) const { return Lanes<T>::load(at(i)); }
  BIJOU_INLINE void set(int i, Lanes<T> v) const { v.store(at(i)); }
  BIJOU_INLINE T* at(int i) const { return i < Columns ? p + i * stride : more + (i - Columns) * stride; }
};
/// Takes the adjoints of a whole panel's parameters, each once, so that what was in their place does not matter.
template <class T>
struct FirstAdjoint {
  T* p;
  Index stride;
  BIJOU_INLINE void add(int i, Lanes<T> v) { v.store(p + i * stride); }
};
}  // namespace bijou
