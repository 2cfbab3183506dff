#pragma once
#include <array>
#include <numeric>

#include <bijou/core/gradient.hpp>
#include <bijou/core/share.hpp>
#include <bijou/core/threads.hpp>
#include <bijou/flow.hpp>

namespace bijou {
/// Shares a batch out. Its tiles go round the lanes, each with a gradient of its own, and lanes are added up in order:
/// the bits of a step depend on the batch, not on how many threads, each with a workspace, share the lanes.
template <class F>
class Team {
 public:
  using T = typename F::Scalar;
  using Workspace = typename F::Workspace;
  static constexpr int lane_count = 16;
  /// Rows times parameters from which a second thread gains more than telling it costs: some 15 us of work.
  static constexpr Index worth_waking = 500'000;
  /// gradient: the arrays that are wanted (zero_gradient(flow, by_name) freezes the others).
  Team(const F& gradient, int threads) : threads_(threads), workspaces_(std::size_t(threads_.count())) {
    each_parameter([this](const Path&, const auto& a) { parameters_ += a.size(); }, gradient);
  }

  /// Sum over tiles of objective(workspace, first row, rows, lane's gradient); grad <- the sum of the lanes' gradients.
  T sum(Index n, F& grad, const auto& objective) {
    const int lanes = lanes_of(n);
    while (int(others_.size()) + 1 < lanes) others_.push_back(grad);
    const auto gradient = [&](int lane) -> F& { return lane == 0 ? grad : others_[std::size_t(lane) - 1]; };
    const T loss = run(
        n, [&](Workspace& w, int lane, Index first, Index rows) { return objective(w, first, rows, gradient(lane)); },
        [&](int lane) { set_zero(gradient(lane)); });
    if (!lanes) set_zero(grad);
    share([&](Share s) {
      for (int lane = 1; lane < lanes; ++lane)
        each_parameter(
            [s](const Path&, auto& a, auto& b) {
              const Index first = s.begin(a.size());
              add_column<T>(b.data() + first, a.data() + first, s.end(a.size()) - first);
            },
            grad, gradient(lane));
    });
    return loss;
  }
  /// The same without a gradient.
  T sum(Index n, const auto& objective) {
    return run(
        n, [&](Workspace& w, int, Index first, Index rows) { return objective(w, first, rows); }, [](int) {});
  }
  /// work(share) for each thread's share of the parameters; in one piece where they are few, and telling another thread
  /// takes as long. What work does to a parameter must not depend on the share.
  void share(const auto& work) {
    const int parts = parameters_ < 30'000 ? 1 : threads_.count();
    threads_.run(parts, [&](int i) { work(Share{i, parts}); });
  }

 private:
  static int tiles_of(Index n) { return int((n + tile_rows - 1) / tile_rows); }
  static int lanes_of(Index n) { return std::min(tiles_of(n), lane_count); }
  T run(Index n, const auto& tile, const auto& start) {
    const int tiles = tiles_of(n), lanes = lanes_of(n);
    std::array<T, lane_count> losses{};
    const int workers = n * parameters_ < worth_waking ? 1 : std::min(lanes, threads_.count());
    threads_.run(workers, [&](int worker) {  // the same lanes each time, so that its workspace has seen what will come
      for (int lane = worker; lane < lanes; lane += workers) {
        start(lane);
        for (int t = lane; t < tiles; t += lanes)
          losses[std::size_t(lane)] +=
              tile(workspaces_[std::size_t(worker)], lane, t * tile_rows, std::min(tile_rows, n - t * tile_rows));
      }
    });
    return std::accumulate(losses.begin(), losses.begin() + lanes, T(0));
  }
  std::vector<F> others_;  // gradients of lanes 1, 2, ...
  Index parameters_ = 0;
  Threads threads_;
  std::vector<Workspace> workspaces_;
};
}  // namespace bijou
