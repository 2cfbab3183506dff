#pragma once
#include <vector>

#include <bijou/core/errors.hpp>
#include <bijou/flow.hpp>

namespace bijou {
/// Rows to learn from: features, with context and weights where there are any.
template <class T>
struct Table {
  Batch<T, Dynamic> x;
  Context<T> context{};    // N x C, or empty
  PerSample<T> weights{};  // N, not negative, or empty: all 1

  Table(Batch<T, Dynamic> features, Context<T> c = {}, PerSample<T> w = {})
      : x(std::move(features)), context(std::move(c)), weights(std::move(w)) {}
  Index rows() const { return x.rows(); }

  /// Throws unless it fits the flow, has rows, and all of it is finite; names the argument, both shapes, row and
  /// column.
  void check(const char* where, const auto& flow) const {
    require(rows() > 0, where, ": data has no rows");
    flow.check(where, "data", x, context);
    require_finite(where, "data", x);
    require_finite(where, "context", context);
    if (!weights.size()) return;
    require_shape(where, "weights", weights, rows(), 1);
    require_finite(where, "weights", weights);
    for (Index i = 0; i < rows(); ++i)
      require(weights(i) >= 0, where, ": weights must not be negative, is ", weights(i), " at row ", i);
    require(weights.sum() > 0, where, ": weights must not all be 0");
    require(std::isfinite(weights.sum()), where, ": the weights' sum is not finite; divide them by their largest");
  }
  /// There are rows of weight 0, from which nothing is learned.
  bool has_idle_rows() const { return (weights == T(0)).any(); }
  /// The others.
  Table without_idle_rows() const {
    if (!weights.size()) return *this;
    std::vector<Index> kept;
    for (Index i = 0; i < rows(); ++i)
      if (weights(i) != T(0)) kept.push_back(i);
    return select(kept);
  }
  /// The rows that `index` names, in its order.
  Table select(const auto& index) const {
    Table t(x(index, Eigen::all));
    if (context.size()) t.context = context(index, Eigen::all);
    if (weights.size()) t.weights = weights(index);
    return t;
  }
};
}  // namespace bijou
