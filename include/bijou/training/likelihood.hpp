#pragma once
#include <bijou/core/flush_subnormals.hpp>
#include <bijou/training/table.hpp>
#include <bijou/training/team.hpp>

namespace bijou {
/// - sum of share(i) log p of the rows i in w. A share of 0 takes its row out, also where log p is -inf: 0 times that
/// would be NaN.
auto loss_of_rows(const auto& w, auto share) {
  using T = decltype(share(Index{}));
  using Wide = std::common_type_t<T, double>;
  Wide sum = 0;
  for (Index i = 0; i < w.log_probs.rows(); ++i)
    if (const T part = share(i); part != T(0)) sum -= Wide(part) * Wide(w.log_probs.data()[i]);
  return static_cast<T>(sum);
}
/// - mean log p(x | c), weighted, over the rows that index[0 .. n) names, and its gradient. Nats. `total`: their
/// weight, or what rows drawn at random weigh together on average, so that the gradients of all batches add up to that
/// of the whole table.
template <class F>
typename F::Scalar negative_log_likelihood(const F& flow, const Table<typename F::Scalar>& data, ConstView<Order> index,
                                           typename F::Scalar total, const Random& random, Team<F>& team, F& grad) {
  const auto shares = data.shares(total);
  return team.sum(index.size(), grad, [&](auto& w, Index first, Index n, F& g) {
    const int* const rows = index.data() + first;
    const auto share = [&](Index i) { return shares(rows[i]); };
    load_rows(flow, data, rows, n, random, first, w);
    flow.log_prob(w);
    const FlushSubnormals flush;
    flow.backward(
        w, [&](Index i) { return -share(i); }, g);
    return loss_of_rows(w, share);
  });
}
template <class F>
typename F::Scalar negative_log_likelihood(const F& flow, const Table<typename F::Scalar>& data, ConstView<Order> index,
                                           const Random& random, Team<F>& team, F& grad) {
  return negative_log_likelihood(flow, data, index, data.total_weight(index), random, team, grad);
}
/// The same without the gradient, over all rows.
template <class F>
typename F::Scalar negative_log_likelihood(const F& flow, const Table<typename F::Scalar>& data, const Random& random,
                                           Team<F>& team) {
  const auto shares = data.shares(data.total_weight());
  return team.sum(data.rows(), [&](auto& w, Index first, Index n) {
    flow.load(w, data.x, data.context, first, n, random);
    flow.log_prob(w);
    return loss_of_rows(w, [&](Index i) { return shares(first + i); });
  });
}

/// w <- the n rows of those numbers, which come as numbers first, first + 1, ... of the batch.
template <class F>
void load_rows(const F& flow, const Table<typename F::Scalar>& data, const int* rows, Index n, const Random& random,
               Index first, typename F::Workspace& w) {
  w.rows.resize(n, width(flow.layers));
  auto* to = w.rows.data();
  for (const auto* from : {&data.x, &data.context})
    for (Index j = 0; j < from->cols(); ++j)
      for (Index i = 0; i < n; ++i) *to++ = (*from)(rows[i], j);
  w.random = random;
  w.random.row += std::uint64_t(first);
}
}  // namespace bijou
