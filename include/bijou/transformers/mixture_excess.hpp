#pragma once
#include <bijou/transformers/mixture.hpp>

namespace bijou {
/// Component by component the derivative of log(f / S), up to its share's: lambda + u_k, lambda = f / S the hazard, u_k
/// the score of component k in x; where F is the smaller, of the reflected mixture. Both are about z / s in a tail and
/// their sum is about 1 / (s z), so it is made from each component's own excess:
///     lambda + u_k = sum_j share_j (excess_j - u_j + u_k),   share_j = w_j (1 - G_j) / S
/// Differences of scores are taken to the one of the largest share, so that this one's do not round.
template <class Kernel, int K, class V>
void excess_over_scores(const Mixture<Kernel, K, V>& m, const typename Mixture<Kernel, K, V>::Tail& tail, V x,
                        V (&out)[K]) {
  V z[K], score[K], base(0), top(-1);
  for (int k = 0; k < K; ++k) {
    z[k] = tail.sign * m.z(x, k);
    score[k] = Kernel::score(z[k]) * m.inverse_s[k];
    const auto larger = tail.share[k] > top;
    top = select(larger, tail.share[k], top);
    // A component whose own tail this is not has a hazard of about 0, and its score stands alone.
    base = select(larger, select(z[k] > V(0), score[k], V(0)), base);
  }
  // Of two beyond the range of numbers as well.
  const auto apart = [](V a, V b) { return select(a == b, V(0), a - b); };
  V sum(0);
  for (int k = 0; k < K; ++k) {
    const V own = select(z[k] > V(0), Kernel::excess(z[k]) * m.inverse_s[k] + apart(base, score[k]),
                         Kernel::hazard(z[k]) * m.inverse_s[k] + base);
    sum += select(tail.share[k] == V(0), V(0), tail.share[k] * own);
  }
  for (int k = 0; k < K; ++k) out[k] = sum + apart(score[k], base);
}
}  // namespace bijou
