#pragma once
#include <vector>

#include <bijou/core/threads.hpp>
#include <bijou/flow.hpp>

namespace bijou {
/// Evaluates flows of type F by several threads, a workspace each; kept, it allocates nothing once it has seen a batch.
/// The bits are those of one thread.
///     Parallel<decltype(flow)> two(2);
///     two.log_prob(flow, x, out);
template <class F>
class Parallel {
 public:
  using T = typename F::Scalar;
  explicit Parallel(int threads) : threads_(threads), workspaces_(std::size_t(threads_.count())) {}

  /// out <- log p(x | c), as Flow::log_prob.
  void log_prob(const F& flow, const RowsOf<T, F::D>& x, ConstView<Context<T>> c, View<PerSample<T>> out) {
    flow.check("log_prob", "x", x, c);
    require_shape("log_prob", "out", out, x.rows(), 1);
    run(x.rows(), [&](auto& w, Index first, Index n) {
      flow.load(w, x, c, first, n, Random{}, false);
      flow.log_prob(w);
      w.store_log_prob(out, first);
    });
  }
  void log_prob(const F& flow, const RowsOf<T, F::D>& x, View<PerSample<T>> out) {
    log_prob(flow, x, Context<T>(), out);
  }
  /// x, log_prob_of_x <- as many points as x has rows, or one for each row of the context c, as Flow::sample.
  void sample(const F& flow, Random& random, View<Batch<T, Dynamic>> x, View<PerSample<T>> log_prob_of_x) {
    sample(flow, Context<T>(x.rows(), 0), random, x, log_prob_of_x);
  }
  void sample(const F& flow, ConstView<Context<T>> c, Random& random, View<Batch<T, Dynamic>> x,
              View<PerSample<T>> log_prob_of_x) {
    require_columns("sample", "context", c, flow.context());
    require_shape("sample", "x", x, c.rows(), flow.base.dim());
    require_shape("sample", "log_prob", log_prob_of_x, c.rows(), 1);
    const Random start = random;
    auto draws = random.draws;
    run(c.rows(), [&](auto& w, Index first, Index n) {
      flow.load(w, x, c, first, n, start, false);
      flow.sample(w);
      flow.store_x(w, x, first);
      w.store_log_prob(log_prob_of_x, first);
      if (first == 0) draws = w.random.draws;
    });
    random.draws = draws;
  }

 private:
  void run(Index rows, const auto& tile) {
    const int tiles = int((rows + tile_rows - 1) / tile_rows), lanes = std::min(tiles, threads_.count());
    threads_.run(lanes, [&](int lane) {
      for (Index t = lane; t < tiles; t += lanes)
        tile(workspaces_[std::size_t(lane)], t * tile_rows, std::min(tile_rows, rows - t * tile_rows));
    });
  }
  Threads threads_;
  std::vector<typename F::Workspace> workspaces_;
};
}  // namespace bijou
