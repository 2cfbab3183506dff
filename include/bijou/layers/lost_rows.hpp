#pragma once
#include <bijou/concepts/panel.hpp>
#include <bijou/core/buffer.hpp>

namespace bijou {
/// Rows of a tile that were finite numbers and are no such numbers after some layers: on the way something left the
/// range of numbers, as in infinity - infinity in a net, or 0 times infinity. (Or a parameter is NaN: whoever asks
/// knows.)
template <class T>
class LostRows {
 public:
  /// Before the layers: what is given, N x D, or nothing.
  void before(const auto& x) {
    given_.resize(x.rows());
    fold_features(
        x, given_.data(), [](Index, int) { return Lanes<T>(0); },
        [](auto sum, auto v, Index) { return sum + (v - v); });
  }
  /// After them: one number a row, which is NaN where the row is; then the features, which may leave the range by
  /// themselves.
  void after(const auto& sums) { now_.assign(sums); }
  void after(const auto& sums, const auto& x) {
    now_.resize(x.rows());
    fold_features(
        x, now_.data(), [&](Index i, int count) { return Lanes<T>::load(sums.data() + i, count); },
        [](auto row, auto v, Index) { return select(v - v != decltype(v)(0), v - v, row); });
  }
  bool any() const {
    bool found = false;
    each_panel<T>(now_.rows(), [&](Index i, int count) {
      const auto now = Lanes<T>::load(now_.data() + i, count), given = Lanes<T>::load(given_.data() + i, count);
      found = found || bijou::any((now != now) & (given == given));
    });
    return found;
  }
  bool operator[](Index i) const { return now_.data()[i] != now_.data()[i] && given_.data()[i] == 0; }

 private:
  Buffer<T, 1> given_, now_;  // given: 0 for rows of finite numbers, NaN for others
};
}  // namespace bijou
