#pragma once
#include <bijou/training/table.hpp>
#include <bijou/training/team.hpp>

namespace bijou {
/// sum of weight times log p. A weight of 0 takes its row out, also where log p is -inf: 0 times that would be NaN.
auto weighted_sum(const auto& log_prob, const auto& weights) {
  using T = typename std::remove_cvref_t<decltype(log_prob)>::Scalar;
  return (weights == T(0)).select(T(0), log_prob * weights).sum();
}
/// - mean log p(x | c), weighted, over the rows that index[0 .. n) names, and its gradient. Nats.
template <class F>
typename F::Scalar negative_log_likelihood(const F& flow, const Table<typename F::Scalar>& data, const auto& index,
                                           const Random& random, Team<F>& team, F& grad) {
  using T = typename F::Scalar;
  const T total = total_weight(data, index);
  return team.sum(index.size(), grad, [&](auto& w, Index first, Index n, F& g) {
    const auto rows = index.segment(first, n);
    load_rows(flow, data, rows, random, first, w);
    flow.log_prob(w);
    if (!data.weights.size()) {
      flow.backward(w, PerSample<T>::Constant(n, -1 / total), g);
      return -w.log_prob().sum() / total;
    }
    flow.backward(w, -data.weights(rows) / total, g);
    return -weighted_sum(w.log_prob(), data.weights(rows)) / total;
  });
}
/// The same without the gradient, over all rows.
template <class F>
typename F::Scalar negative_log_likelihood(const F& flow, const Table<typename F::Scalar>& data, const Random& random,
                                           Team<F>& team) {
  using T = typename F::Scalar;
  const T total = data.weights.size() ? data.weights.sum() : T(data.rows());
  return team.sum(data.rows(), [&](auto& w, Index first, Index n) {
    flow.load(w, data.x, data.context, first, n, random);
    flow.log_prob(w);
    if (!data.weights.size()) return -w.log_prob().sum() / total;
    return -weighted_sum(w.log_prob(), data.weights.segment(first, n)) / total;
  });
}

template <class T>
T total_weight(const Table<T>& data, const auto& index) {
  if (!data.weights.size()) return T(index.size());
  T total = 0;
  for (Index i = 0; i < index.size(); ++i) total += data.weights(index(i));
  return total;
}
/// w <- the rows that `rows` names, which come as numbers first, first + 1, ... of the batch.
template <class F>
void load_rows(const F& flow, const Table<typename F::Scalar>& data, const auto& rows, const Random& random,
               Index first, typename F::Workspace& w) {
  const Index d = data.x.cols(), c = data.context.cols();
  w.rows.resize(rows.size(), width(flow.layers));
  auto x = w.x();
  for (Index j = 0; j < d; ++j)
    for (Index i = 0; i < rows.size(); ++i) x(i, j) = data.x(rows(i), j);
  for (Index j = 0; j < c; ++j)
    for (Index i = 0; i < rows.size(); ++i) x(i, d + j) = data.context(rows(i), j);
  w.random = random;
  w.random.row += std::uint64_t(first);
}
}  // namespace bijou
