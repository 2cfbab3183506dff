#pragma once
#include <bijou/core/gradient.hpp>
#include <bijou/core/share.hpp>
#include <bijou/core/threads.hpp>
#include <bijou/flow.hpp>

namespace bijou {
/// One workspace and one gradient per lane. Tiles go round the lanes and lanes are added up in order: the bits of a
/// step depend on the batch, not on how many threads share the lanes.
template <class F>
class Team {
 public:
  using T = typename F::Scalar;
  static constexpr int lane_count = 16;
  /// Rows times parameters from which a second thread gains more than its wake-up costs: some 50 us of work.
  static constexpr Index worth_waking = 2'000'000;
  struct Lane {
    typename F::Workspace w;
    F grad;
    T loss = 0;
  };
  /// gradient: the arrays that are wanted (zero_gradient(flow, by_name) freezes the others).
  Team(const F& gradient, int threads) : lanes_(lane_count, Lane{{}, gradient}), threads_(threads) {
    each_parameter([this](const Path&, const auto& a) { parameters_ += a.size(); }, gradient);
  }

  /// Sum over tiles of objective(workspace, first row, rows, lane's gradient); grad <- the sum of the lanes' gradients.
  T sum(Index n, F& grad, const auto& objective) {
    const auto gradient = [&](Lane& lane) -> F& { return &lane == &lanes_.front() ? grad : lane.grad; };
    const int lanes = run(
        n, [&](Lane& lane, Index first, Index rows) { lane.loss += objective(lane.w, first, rows, gradient(lane)); },
        [&](Lane& lane) { set_zero(gradient(lane)); });
    T loss = lanes_.front().loss;
    if (!lanes) set_zero(grad), loss = 0;
    for (int i = 1; i < lanes; ++i) loss += lanes_[std::size_t(i)].loss;
    share([&](Share s) {
      for (int i = 1; i < lanes; ++i)
        each_parameter(
            [s](const Path&, auto& a, auto& b) {
              const Index first = s.begin(a.size());
              add_column<T>(b.data() + first, a.data() + first, s.end(a.size()) - first);
            },
            grad, lanes_[std::size_t(i)].grad);
    });
    return loss;
  }
  /// The same without a gradient.
  T sum(Index n, const auto& objective) {
    const int lanes = run(
        n, [&](Lane& lane, Index first, Index rows) { lane.loss += objective(lane.w, first, rows); }, [](Lane&) {});
    T loss = 0;
    for (int i = 0; i < lanes; ++i) loss += lanes_[std::size_t(i)].loss;
    return loss;
  }
  /// work(share) for each thread's share of the parameters; in one piece where they are few, and a thread's wake-up is
  /// not worth it. What work does to a parameter must not depend on the share.
  void share(const auto& work) {
    const int parts = parameters_ < 100'000 ? 1 : threads_.count();
    threads_.run(parts, [&](int i) { work(Share{i, parts}); });
  }
  typename F::Workspace& workspace() { return lanes_.front().w; }

 private:
  int run(Index n, const auto& tile, const auto& start) {
    const int tiles = int((n + tile_rows - 1) / tile_rows), lanes = std::min(tiles, lane_count);
    const auto job = [&](int i) {
      Lane& lane = lanes_[std::size_t(i)];
      lane.loss = 0;
      start(lane);
      for (int t = i; t < tiles; t += lanes) tile(lane, t * tile_rows, std::min(tile_rows, n - t * tile_rows));
    };
    if (n * parameters_ < worth_waking)
      for (int i = 0; i < lanes; ++i) job(i);
    else
      threads_.run(lanes, job);
    return lanes;
  }
  Index parameters_ = 0;
  std::vector<Lane> lanes_;
  Threads threads_;
};
}  // namespace bijou
