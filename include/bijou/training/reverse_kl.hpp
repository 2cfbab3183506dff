#pragma once
#include <bijou/core/flush_subnormals.hpp>
#include <bijou/training/team.hpp>

namespace bijou {
/// KL(q || e^-U / Z) up to log Z, from n samples:  mean log q(x) + U(x), and its reparameterised gradient. Nats.
/// energy(x, u, g): u <- U(x), g <- dU/dx, for the rows of a tile.
template <class F>
typename F::Scalar reverse_kl(const F& flow, Index n, const auto& energy, const Random& random, Team<F>& team,
                              F& grad) {
  using T = typename F::Scalar;
  return team.sum(n, grad, [&](auto& w, Index first, Index rows, F& g) {
    const T log_q = sample_tile(flow, random, first, rows, w);
    w.adjoints.resize(rows, w.rows.cols());
    energy(w.x(), w.log_prob(), w.g());
    const T u = w.log_prob().sum();
    const FlushSubnormals flush;
    w.g() /= T(n);
    flow.sample_backward(w, PerSample<T>::Constant(rows, 1 / T(n)), g);
    return (log_q + u) / T(n);
  });
}
/// The same without the gradient.
template <class F>
typename F::Scalar reverse_kl(const F& flow, Index n, const auto& energy, const Random& random, Team<F>& team) {
  using T = typename F::Scalar;
  return team.sum(n, [&](auto& w, Index first, Index rows) {
    const T log_q = sample_tile(flow, random, first, rows, w);
    w.adjoints.resize(rows, w.rows.cols());
    energy(w.x(), w.log_prob(), w.g());
    return (log_q + w.log_prob().sum()) / T(n);
  });
}
/// Fills w with rows first, first + 1, ... of a sample; returns the sum of their log q.
template <class F>
typename F::Scalar sample_tile(const F& flow, const Random& random, Index first, Index rows, typename F::Workspace& w) {
  w.rows.resize(rows, width(flow.layers));
  w.random = random;
  w.random.row += std::uint64_t(first);
  flow.sample(w);
  return w.log_prob().sum();
}
}  // namespace bijou
