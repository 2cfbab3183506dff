#pragma once
#include <bijou/core/lanes.hpp>
#include <bijou/core/shapes.hpp>

namespace bijou {
/// What a transformer's forward writes down of a panel of `count` rows for its backward: note i in column i of `p`, one
/// number a row, those from number `columns` on in `more`. p == nullptr: not wanted.
template <class T>
struct Notes {
  T* p = nullptr;
  T* more = nullptr;
  int columns = 0;
  Index stride = 0;
  int count = 0;
  explicit operator bool() const { return p; }
  BIJOU_INLINE Lanes<T> operator[](int i) const { return Lanes<T>::load(at(i), count); }
  BIJOU_INLINE void set(int i, Lanes<T> v) const { v.store(at(i), count); }

 private:
  BIJOU_INLINE T* at(int i) const { return i < columns ? p + i * stride : more + (i - columns) * stride; }
};
/// Takes the adjoints of parameters each of which is added exactly once, to nothing: where they are kept need not be
/// zero before.
template <class T>
struct FirstAdjoint {
  T* p;
  Index stride;
  int count;
  BIJOU_INLINE void add(int i, Lanes<T> v) { v.store(p + i * stride, count); }
};
}  // namespace bijou
