#pragma once
#include <limits>
#include <optional>

#include <bijou/training/fit_state.hpp>
#include <bijou/training/progress.hpp>
#include <bijou/training/team.hpp>

namespace bijou {
/// The loop under every fit. `source` supplies, for the rows it stands for:
///     steps()                            steps of an epoch
///     start(epoch)                       called before each epoch
///     loss(flow, step, team, gradient)   the loss of step 0, 1, ... of this epoch and its gradient
///     weight(step)                       its share in the epoch's mean
///     calls_user                         whether code of the caller's, which may throw, is behind these functions
///     validates(), validate(flow, team)  a loss on rows that are not learned from
/// A step whose loss, gradient or squared gradient is not finite is refused, and changes nothing; ten in a row end the
/// fit. What decides whether a fit ends is part of the state and looked at before each epoch, so that a fit resumed
/// from a state that the callback saved ends where the uninterrupted one does. Nothing is allocated from the second
/// step on, but for what `source` and the report need at an epoch's end. `result` becomes the weights with the best
/// validation score, those it started from among them; without validation, the last ones at an epoch's end whose loss
/// was finite, which the step after them tells. Where the caller's code throws, `state` is that of an epoch's end.
template <class F>
FitReport train(F& result, FitState<F>& state, const FitOptions& options, auto& source) {
  using T = typename F::Scalar;
  using S = FitState<F>;
  F& flow = state.current;
  auto& count = state.count;
  // Beyond it a squared gradient is infinite, and so would be a second moment for ever after.
  const double longest = std::sqrt(double(std::numeric_limits<T>::max()));
  const long refused = long(count(S::refused));
  FitReport report;
  Progress progress(options.progress);
  bool any_trained = !options.trained;
  std::string names;
  F gradient = zero_gradient(flow, [&](const Path& p) {
    if (!options.trained) return true;
    const std::string name = p.str();
    const bool trained = options.trained(name);
    any_trained = any_trained || trained;
    names += (names.empty() ? "" : ", ") + name;
    return trained;
  });
  require(any_trained, "fit: trained names no parameter of the flow; there are ", names);
  const bool waits = options.patience > 0 || std::holds_alternative<PlateauRate>(options.schedule);
  if (waits && !source.validates())
    report.warnings.push_back("patience and PlateauRate wait for a validation score, and there are no validation rows");
  Team<F> team(gradient, options.threads);

  const auto validated = [&]() -> const F& { return options.average > 0 ? state.average : flow; };
  const auto out_of_patience = [&] { return source.validates() && state.out_of_patience(options.patience); };

  if (source.validates() && count(S::epoch) == 0)
    if (const double start = double(source.validate(flow, team)); std::isfinite(start)) state.best_loss(0) = start;
  bool stopped = false, seen = false;  // seen: the loss of the weights that this epoch began with is finite
  const auto learn = [&] {             // an epoch: whether its validation is the best so far
    state.begin(options);
    source.start(long(count(S::epoch)));
    double total = 0, weight = 0;
    const long steps = source.steps();
    for (long i = 0; i < steps && !state.diverged(); ++i) {
      const double loss = double(source.loss(flow, i, team, gradient)), length = norm(gradient);
      const double shrink = options.clip_norm > 0 && length > options.clip_norm ? options.clip_norm / length : 1;
      if (!std::isfinite(loss) || !(length * shrink < longest)) {
        ++count(S::refused_in_a_row);
        ++count(S::refused);
        continue;
      }
      count(S::refused_in_a_row) = 0;
      if (!source.validates() && !seen) state.best = validated();
      seen = true;
      ++count(S::steps), ++count(S::rule_steps);
      const double factor =
          state.rate_factor(options, (count(S::epoch) + double(i) / double(steps)) / options.max_epochs);
      const Update<T> update(options.optimizer, long(count(S::rule_steps)), factor, shrink, options.weight_decay);
      team.share([&](Share share) { step(update, flow, gradient, state.first, state.second, share); });
      if (options.average > 0) {
        const double t =
            ++count(S::averaged);  // a short average at first: the weights from the start are soon forgotten
        average(std::min(options.average, (1 + t) / (10 + t)), state.average, flow);
      }
      total += loss * source.weight(i);
      weight += source.weight(i);
      progress.show([&] {
        const bool scored = state.best_loss(0) < std::numeric_limits<double>::max();
        return text("epoch ", count(S::epoch) + 1, "/", options.max_epochs, "  step ", i + 1, "/", steps, "  loss ",
                    total / weight, scored ? text("  validation ", state.best_loss(0), " (best)") : "", "  ",
                    long(progress.seconds()), " s");
      });
    }
    ++count(S::epoch);
    report.train.push_back(weight > 0 ? total / weight : std::numeric_limits<double>::quiet_NaN());
    seen = false;
    if (!source.validates()) return false;
    report.validation.push_back(double(source.validate(validated(), team)));
    return state.judge(report.validation.back(), validated(), options.schedule);
  };
  std::optional<S> before;
  while (count(S::epoch) < options.max_epochs && !state.diverged() && !out_of_patience() && !stopped) {
    if (source.calls_user) before = state;
    bool better = false;
    try {
      better = learn();
    } catch (...) {
      if (before) state = *before;
      throw;
    }
    const Epoch epoch{int(count(S::epoch)), report.train.back(),
                      source.validates() ? report.validation.back() : std::numeric_limits<double>::quiet_NaN(), better,
                      progress.seconds()};
    stopped = options.callback && !options.callback(epoch);
  }
  if (!source.validates() && !state.diverged()) {  // nobody has seen the last weights' loss yet
    source.start(long(count(S::epoch)));
    for (long i = 0; i < std::min<long>(source.steps(), S::patience_for_divergence) && !seen; ++i)
      seen = std::isfinite(double(source.loss(flow, i, team, gradient))) && std::isfinite(norm(gradient));
    if (seen) state.best = validated();
  }
  if (state.diverged())
    report.stopped = text("diverged: the loss or its gradient was not finite in ", count(S::refused_in_a_row),
                          " steps in a row; the last good weights are kept. Try a smaller rate, clip_norm, or look "
                          "for rows outside the flow's support");
  else if (stopped)
    report.stopped = "the callback said so";
  else if (out_of_patience())
    report.stopped = text("no better validation in ", options.patience, " epochs");
  else
    report.stopped = "max_epochs reached";
  if (state.diverged()) state.recover();
  result = state.best;
  if (source.validates() && state.best_loss(0) < std::numeric_limits<double>::max())
    report.best_validation = state.best_loss(0);
  else if (source.validates())
    report.warnings.push_back("no validation score was finite: the flow has the weights that the fit began with");
  if (const long more = long(count(S::refused)) - refused; more > 0)
    report.warnings.push_back(text(more, " steps were refused: their loss or its gradient was not finite"));
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
  each_parameter(
      [&](const Path&, auto& a, const auto& b) {
        transform_column(
            a.size(), a.data(), [&](auto x, auto y) { return x + decltype(x)(T(1 - decay)) * (y - x); }, a.data(),
            b.data());
      },
      average, model);
}
}  // namespace bijou
