#pragma once
#include <algorithm>
#include <cmath>

#include <bijou/core/gradient.hpp>
#include <bijou/training/fit_options.hpp>

namespace bijou {
/// Everything a fit carries from epoch to epoch beside the flow itself. Saved and loaded with the flow
/// (io/safetensors), a fit that was stopped goes on as if it had not been: bit by bit.
template <class F>
struct FitState {
  static_assert(!std::is_const_v<F>, "fit: the flow must not be const: it is trained in place");
  F first, second;           // the optimizer's moments
  F current, average, best;  // weights: under way, their moving average, with the best validation score
  enum Counter {
    epoch,
    steps,
    best_epoch,
    since_best,
    since_reduction,
    reductions,
    refused,
    refused_in_a_row,
    rule,        // of the optimizer whose moments these are, from 1 on
    rule_steps,  // since these moments were 0
    averaged,    // steps
    counters
  };
  Eigen::Array<double, 1, counters> count;
  /// The largest number while there is no score: a file of states holds finite numbers alone.
  Eigen::Array<double, 1, 1> best_loss;
  static auto fields(auto& self) {
    return named("first", self.first, "second", self.second, "current", self.current, "average", self.average, "best",
                 self.best, "count", fixed(self.count), "best_loss", fixed(self.best_loss));
  }
  explicit FitState(const F& flow)
      : first(zero_gradient(flow)), second(first), current(flow), average(flow), best(flow) {
    std::fill_n(count.data(), int(counters), 0.);
    best_loss(0) = std::numeric_limits<double>::max();
  }

  /// Before steps by these options: moments of another rule would be misread, and an average that was not kept up is to
  /// be forgotten soon.
  void begin(const FitOptions& options) {
    const double wanted = double(options.optimizer.index()) + 1;
    if (count(rule) != wanted) forget_moments(), count(rule) = wanted;
    if (options.average == 0) count(averaged) = 0;
  }
  /// After a divergence: from the best weights, other options may go on.
  void recover() {
    current = average = best;
    forget_moments();
    count(averaged) = count(refused_in_a_row) = 0;
  }
  void forget_moments() {
    set_zero(first);
    set_zero(second);
    count(rule_steps) = 0;
  }
  static constexpr int patience_for_divergence = 10;
  bool diverged() const { return count(refused_in_a_row) >= patience_for_divergence; }
  bool out_of_patience(int patience) const { return patience > 0 && count(since_best) >= patience; }
  /// Keeps the weights if their validation score is the best so far: true. One that is not finite is never the best.
  bool judge(double loss, const F& weights, const Schedule& schedule) {
    const bool better = std::isfinite(loss) && loss < best_loss(0);
    if (better) {
      best = weights;
      best_loss(0) = loss;
      count(best_epoch) = count(epoch);
    }
    count(since_best) = better ? 0 : count(since_best) + 1;
    count(since_reduction) = better ? 0 : count(since_reduction) + 1;
    const auto* plateau = std::get_if<PlateauRate>(&schedule);
    if (plateau && count(since_reduction) >= plateau->patience) {
      ++count(reductions);
      count(since_reduction) = 0;
    }
    return better;
  }
  /// What the rate of step number count(steps) is multiplied with; progressed: the share of all epochs that is done.
  double rate_factor(const FitOptions& options, double progressed) const {
    const double warm = options.warm_up_steps > 0 ? std::min(1.0, count(steps) / double(options.warm_up_steps)) : 1;
    return warm *
           std::visit([&](const auto& s) { return s.at(long(count(epoch)), long(count(reductions)), progressed); },
                      options.schedule);
  }
  /// Throws unless the counters are whole numbers that fit where they are counted, and no second moment is negative.
  void validate() const {
    const auto whole = [](double n) { return n >= 0 && n < 9e15 && n == std::floor(n); };
    require(std::all_of(count.data(), count.data() + count.size(), whole) && count(best_epoch) <= count(epoch) &&
                count(epoch) <= std::numeric_limits<int>::max(),
            "FitState: counters must be whole numbers from 0, are ", count);
    each_parameter(
        [](const Path& p, const auto& v) {
          for (Index i = 0; i < v.size(); ++i)
            require(!(v.data()[i] < 0), "FitState: second.", p.str(), " is negative");
        },
        second);
  }
  /// Throws unless the state is one of this flow's architecture.
  void check(const char* where, const F& flow) const {
    require(best.describe() == flow.describe(), where, ": the state belongs to another architecture,\n  ",
            best.describe(), "\nthe flow is\n  ", flow.describe(), "\nMake the state from this flow");
  }
  std::string describe() const { return "fit_state(" + best.describe() + ")"; }
};
}  // namespace bijou
