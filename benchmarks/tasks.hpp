#pragma once
// What is measured of a flow, the same for times (compare/bijou_side.cpp) and instructions (calls.cpp).
#include <string>

#include "models.hpp"

namespace bijou::bench {
/// use(call), where call() does `task` for n rows once: "train_step" (loss, gradients, Adam; the double models, which
/// are compared without an optimiser, without), "log_prob" or "sample".
template <class F>
auto with_task(F flow, const std::string& task, Index n, int threads, auto&& use) {
  using T = typename F::Scalar;
  constexpr bool optimised = std::is_same_v<T, float>;
  flow = trained(std::move(flow));
  const auto x = rows_for(flow, n);
  if (task == "train_step") {
    const Table<T> data{Batch<T, Dynamic>(x)};
    const auto index = natural_order(int(n));
    F grad = zero_gradient(flow), first = grad, second = grad;
    Team<F> team(grad, threads);
    long t = 0;
    return use([&] {
      negative_log_likelihood(flow, data, index, Random{}, team, grad);
      ++t;
      if (!optimised) return;
      const Update<T> update(Adam{1e-5}, t, 1, 1, 0);
      team.share([&](Share share) { step(update, flow, grad, first, second, share); });
    });
  }
  Parallel<F> team(threads);
  PerSample<T> out(n);
  const Context<T> none, rows(n, 0);
  if (task == "log_prob") return use([&] { team.log_prob(flow, x, none, out); });
  Batch<T, F::D> drawn(n, F::D);
  Random random{3};
  return use([&] { team.sample(flow, rows, random, drawn, out); });
}
}  // namespace bijou::bench
