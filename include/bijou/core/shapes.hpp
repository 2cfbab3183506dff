#pragma once
#include <algorithm>
#include <concepts>

#include <Eigen/Core>

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0)
#error "bijou: compile without -ffast-math and -ffinite-math-only, which break infinities, NaN and far tails"
#endif

namespace bijou {
using Eigen::Dynamic, Eigen::Index;

/// N x D, one sample a row, column-major: a feature is one contiguous column of N values.
template <class T, int D>
using Batch = Eigen::Array<T, Dynamic, D>;
/// N x 1, one value per sample (log-determinants, log-densities).
template <class T>
using PerSample = Eigen::Array<T, Dynamic, 1>;
/// A matrix of weights [in][out], row-major, so that one input's weights are contiguous.
template <class T>
using Weights = Eigen::Matrix<T, Dynamic, Dynamic, Eigen::RowMajor>;
/// A row of parameters: biases, scales, the phi of a whole batch.
template <class T>
using Row = Eigen::Array<T, 1, Dynamic>;

/// Mutable and read-only views of a batch or of a block of its columns.
template <class X>
using View = Eigen::Ref<X>;
template <class X>
using ConstView = const Eigen::Ref<const X>&;

/// Rows of T that a caller passes, of any layout. Columns that are constants must be D, or it does not compile; others
/// are for whoever takes them to check: a Ref of D columns would believe in them without looking.
template <class T, int D>
struct RowsOf : Eigen::Ref<const Batch<T, Dynamic>> {
  template <class X>
  requires std::is_same_v<typename X::Scalar, T> &&
      (X::ColsAtCompileTime == D || X::ColsAtCompileTime == Dynamic || D == Dynamic) RowsOf(const X& x)
      : Eigen::Ref<const Batch<T, Dynamic>>(x) {}
};

/// Arithmetic of sizes that are compile-time constants or Dynamic.
constexpr int plus(int a, int b) { return a == Dynamic || b == Dynamic ? Dynamic : a + b; }
constexpr int times(int a, int b) { return a == Dynamic || b == Dynamic ? Dynamic : a * b; }
constexpr int over(int a, int b) { return a == Dynamic ? Dynamic : a / b; }
constexpr int wider(int a, int b) { return a == Dynamic || b == Dynamic ? Dynamic : std::max(a, b); }

/// Columns of layer f: a constant where its type knows them, else what f says.
template <class F>
auto width(const F& f) {
  if constexpr (F::D == Dynamic)
    return Eigen::fix<Dynamic>(static_cast<int>(f.dim()));
  else
    return Eigen::fix<F::D>;
}
template <class N>
constexpr int fixed_value = Eigen::internal::get_fixed_value<N>::value;
}  // namespace bijou
