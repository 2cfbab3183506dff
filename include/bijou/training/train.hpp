#pragma once
#include <limits>

#include <bijou/training/fit_state.hpp>
#include <bijou/training/progress.hpp>
#include <bijou/training/team.hpp>

namespace bijou {
/// The loop under every fit. `source` supplies, for the rows it stands for:
///     steps()                            steps of an epoch
///     start(epoch)                       called before each epoch
///     loss(flow, step, team, gradient)   the loss of step 0, 1, ... of this epoch and its gradient
///     weight(step)                       its share in the epoch's mean
///     validates(), validate(flow, team)  a loss on rows that are not learned from
/// A step whose loss or gradient is not finite is refused, and changes nothing; ten in a row end the fit.
/// Nothing is allocated from the second step on, but for what `source` and the report need at an epoch's end.
/// `result` becomes the weights with the best validation score, those it started from among them; without validation,
/// the last ones of an epoch that did not diverge.
template <class F>
FitReport train(F& result, FitState<F>& state, const FitOptions& options, auto& source) {
  using S = FitState<F>;
  F& flow = state.current;
  auto& count = state.count;
  constexpr int patience_for_divergence = 10;
  FitReport report;
  Progress progress(options.progress);
  F gradient = zero_gradient(flow, [&](const Path& p) { return !options.trained || options.trained(p.str()); });
  Team<F> team(gradient, options.threads);

  const auto validated = [&]() -> const F& { return options.average > 0 ? state.average : flow; };
  const auto judge = [&] {  // true: the best so far. A score that is not a number is never the best.
    const double loss = double(source.validate(validated(), team));
    report.validation.push_back(loss);
    const bool better = loss < state.best_loss(0);
    if (better) {
      state.best = validated();
      state.best_loss(0) = loss;
      count(S::best_epoch) = count(S::epoch);
    }
    count(S::since_best) = better ? 0 : count(S::since_best) + 1;
    count(S::since_reduction) = better ? 0 : count(S::since_reduction) + 1;
    if (const auto* plateau = std::get_if<PlateauRate>(&options.schedule);
        plateau && count(S::since_reduction) >= plateau->patience) {
      ++count(S::reductions);
      count(S::since_reduction) = 0;
    }
    return better;
  };
  const auto rate_factor = [&](double progressed) {
    const double warm =
        options.warm_up_steps > 0 ? std::min(1.0, (count(S::steps) + 1) / double(options.warm_up_steps)) : 1;
    return warm *
           std::visit(
               [&](const auto& s) { return s.at(long(count(S::epoch)), long(count(S::reductions)), progressed); },
               options.schedule);
  };

  if (source.validates() && count(S::epoch) == 0) state.best_loss(0) = double(source.validate(flow, team));
  report.stopped = "max_epochs reached";
  int refused_in_a_row = 0;
  while (count(S::epoch) < options.max_epochs && refused_in_a_row < patience_for_divergence) {
    source.start(long(count(S::epoch)));
    double total = 0, weight = 0;
    const long steps = source.steps();
    for (long i = 0; i < steps && refused_in_a_row < patience_for_divergence; ++i) {
      const double loss = double(source.loss(flow, i, team, gradient)), length = norm(gradient);
      if (!std::isfinite(loss) || !std::isfinite(length)) {
        ++refused_in_a_row;
        ++count(S::refused);
        continue;
      }
      refused_in_a_row = 0;
      ++count(S::steps);
      const double shrink = options.clip_norm > 0 && length > options.clip_norm ? options.clip_norm / length : 1;
      const double factor = rate_factor((count(S::epoch) + double(i) / double(steps)) / options.max_epochs);
      step(options.optimizer, long(count(S::steps)), factor, shrink, options.weight_decay, flow, gradient, state.first,
           state.second);
      if (options.average > 0) average(options.average, state.average, flow);
      total += loss * source.weight(i);
      weight += source.weight(i);
      progress.show([&] {
        return text("epoch ", count(S::epoch) + 1, "/", options.max_epochs, "  step ", i + 1, "/", steps, "  loss ",
                    total / weight, "  validation ", state.best_loss(0), " (best)  ", long(progress.seconds()), " s");
      });
    }
    ++count(S::epoch);
    report.train.push_back(weight > 0 ? total / weight : std::numeric_limits<double>::quiet_NaN());
    const bool diverged = refused_in_a_row >= patience_for_divergence;
    const bool better = source.validates() && judge();
    if (!source.validates() && !diverged) state.best = validated();
    const Epoch epoch{int(count(S::epoch)), report.train.back(),
                      source.validates() ? report.validation.back() : std::numeric_limits<double>::quiet_NaN(), better,
                      progress.seconds()};
    if (diverged)
      report.stopped = text("diverged: the loss or its gradient was not finite in ", refused_in_a_row,
                            " steps in a row; the last good weights are kept. Try a smaller rate, clip_norm, or look "
                            "for rows outside the flow's support");
    if (options.callback && !options.callback(epoch)) {
      report.stopped = "the callback said so";
      break;
    }
    if (source.validates() && options.patience > 0 && count(S::since_best) >= options.patience) {
      report.stopped = text("no better validation in ", options.patience, " epochs");
      break;
    }
  }
  result = state.best;
  if (source.validates()) report.best_validation = state.best_loss(0);
  report.best_epoch = int(count(S::best_epoch));
  report.steps = long(count(S::steps));
  report.refused = long(count(S::refused));
  report.seconds = progress.seconds();
  return report;
}

/// average <- decay average + (1 - decay) model
template <class F>
void average(double decay, F& average, const F& model) {
  using T = typename F::Scalar;
  each_parameter([&](const Path&, auto& a, const auto& b) { a += T(1 - decay) * (b - a); }, average, model);
}
}  // namespace bijou
