#pragma once
#include <bijou/core/columns.hpp>

namespace bijou {
/// An N x D array whose storage only ever grows: a shorter last tile and the full one after it allocate nothing.
/// One vector register past the end may be read (not written), so that products need no special last rows.
template <class T, int D = Dynamic>
class Buffer {
 public:
  using Scalar = T;
  static constexpr int RowsAtCompileTime = Dynamic;
  using Map = Eigen::Map<Batch<T, D>, Eigen::AlignedMax>;
  using ConstMap = Eigen::Map<const Batch<T, D>, Eigen::AlignedMax>;

  /// What was in the buffer is lost.
  void resize(Index rows, Index columns = D) {
    rows_ = rows;
    columns_ = columns;
    if (const Index size = rows * columns + Lanes<T>::size; size > storage_.size()) {
      storage_.resize(size);
      std::fill_n(data(), size, T(0));
    }
  }
  void set_zero(Index rows, Index columns = D) {
    resize(rows, columns);
    std::fill_n(data(), rows_ * columns_, T(0));
  }
  void assign(const auto& a) {
    resize(a.rows(), a.cols());
    copy_columns(a, view());
  }
  Map view() { return {storage_.data(), rows_, columns_}; }
  ConstMap view() const { return {storage_.data(), rows_, columns_}; }
  T* data() { return storage_.data(); }
  const T* data() const { return storage_.data(); }
  Index rows() const { return rows_; }
  Index cols() const { return columns_; }
  Index colStride() const { return rows_; }

 private:
  PerSample<T> storage_;
  Index rows_ = 0, columns_ = D == Dynamic ? 0 : D;
};
}  // namespace bijou
