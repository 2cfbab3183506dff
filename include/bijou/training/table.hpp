#pragma once
#include <algorithm>
#include <cmath>

#include <bijou/core/errors.hpp>
#include <bijou/core/order.hpp>
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
  /// Of any array of T.
  template <class X>
  requires std::is_same_v<typename X::Scalar, T> Table(const X& features, Context<T> c = {}, PerSample<T> w = {})
      : Table(Batch<T, Dynamic>(features), std::move(c), std::move(w)) {}
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
    require(total_weight() > 0, where, ": weights must not all be 0");
    require(std::isfinite(total_weight()), where, ": the weights' sum is not finite; divide them by their largest");
  }
  T total_weight() const {
    return weights.size() ? sum(rows(), [this](Index i) { return weights(i); }) : T(rows());
  }
  /// Of the rows that `index` names.
  T total_weight(ConstView<Order> index) const {
    return weights.size() ? sum(index.size(), [&](Index i) { return weights(index(i)); }) : T(index.size());
  }
  /// What a row counts in the mean over rows of that weight together.
  auto shares(T total) const {
    return [this, total, equal = 1 / total](Index row) { return weights.size() ? weights(row) / total : equal; };
  }
  /// There are rows of weight 0, from which nothing is learned.
  bool has_idle_rows() const {
    const T* const end = weights.data() + weights.size();
    return std::find(weights.data(), end, T(0)) != end;
  }
  /// The others.
  Table without_idle_rows() const {
    if (!has_idle_rows()) return *this;
    Order kept = natural_order(rows());
    const auto end =
        std::remove_if(kept.data(), kept.data() + kept.size(), [this](int i) { return weights(i) == T(0); });
    return select(kept.head(end - kept.data()));
  }
  /// The rows that `index` names, in its order.
  Table select(ConstView<Order> index) const {
    const auto pick = [&](const auto& from, auto& to) {
      to.resize(from.size() ? index.size() : 0, from.cols());
      for (Index j = 0; j < to.cols(); ++j)
        for (Index i = 0; i < to.rows(); ++i) to(i, j) = from(index(i), j);
    };
    Table t{Batch<T, Dynamic>{}};
    pick(x, t.x);
    pick(context, t.context);
    pick(weights, t.weights);
    return t;
  }

 private:
  static T sum(Index n, const auto& term) {
    using Wide = std::common_type_t<T, double>;
    Wide total = 0;
    for (Index i = 0; i < n; ++i) total += Wide(term(i));
    return static_cast<T>(total);
  }
};
}  // namespace bijou
