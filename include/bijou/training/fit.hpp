#pragma once
#include <bijou/training/degeneracies.hpp>
#include <bijou/training/far_start.hpp>
#include <bijou/training/likelihood.hpp>
#include <bijou/training/outside_support.hpp>
#include <bijou/training/reverse_kl.hpp>
#include <bijou/training/train.hpp>

namespace bijou {
/// Independent streams of one seed.
enum class FitStream : std::uint64_t { split, order, noise, validation, validation_noise };
inline Random fit_random(const FitOptions& options, FitStream stream, long epoch = 0) {
  Random random = Random{options.seed, 0, 0}.fork(std::uint64_t(stream));
  return random.fork(std::uint64_t(epoch));
}

/// warnings <- one more, where there is one.
inline void append(std::vector<std::string>& warnings, const std::optional<std::string>& one) {
  if (one) warnings.push_back(*one);
}

/// Rows of a table in an order that is new in each epoch.
template <class F>
class TableSource {
 public:
  using T = typename F::Scalar;
  TableSource(const Table<T>& train, const Table<T>& validation, const FitOptions& options)
      : train_(train),
        validation_(validation),
        options_(options),
        batch_(std::min(options.batch_size, train.rows())),
        total_(train.total_weight()) {}

  long steps() const { return long((train_.rows() + batch_ - 1) / batch_); }
  void start(long epoch) {
    order_ = fit_random(options_, FitStream::order, epoch).permutation(train_.rows());
    noise_ = fit_random(options_, FitStream::noise, epoch);
  }
  T loss(const F& flow, long step, Team<F>& team, F& gradient) {
    // What so many rows weigh on average: by their own weight, batches of heavy rows would count no more than others.
    const Index n = rows(step);
    const T weight = train_.weights.size() ? total_ * (T(n) / T(train_.rows())) : T(n);
    const T loss =
        negative_log_likelihood(flow, train_, order_.segment(step * batch_, n), weight, noise_, team, gradient);
    noise_.row += std::uint64_t(n);
    return loss;
  }
  double weight(long step) const { return double(rows(step)); }
  static constexpr bool calls_user = false;
  bool validates() const { return validation_.rows() > 0; }
  T validate(const F& flow, Team<F>& team) const {
    return negative_log_likelihood(flow, validation_, fit_random(options_, FitStream::validation_noise), team);
  }

 private:
  Index rows(long step) const { return std::min(batch_, train_.rows() - step * batch_); }
  const Table<T>&train_, &validation_;
  const FitOptions& options_;
  Index batch_;
  T total_;
  Order order_;
  Random noise_{};
};

/// Maximum likelihood on a table, validated on another (which may have no rows): flow becomes the weights with the best
/// validation score. Throws before the first step for wrong shapes, for no rows, and for a value that is not finite,
/// which it names by row and column; degenerate data, and a start far from the data, are named in the report's
/// warnings. Rows of weight 0 take no part: the fit is that of a table without them. With `state` the fit goes on where
/// that state stopped.
template <class F>
FitReport fit(F& flow, const Table<typename F::Scalar>& train_rows, const Table<typename F::Scalar>& validation,
              const FitOptions& options, FitState<F>& state) {
  options.check<typename F::Scalar>();
  state.check("fit", flow);
  train_rows.check("fit", flow);
  if (validation.rows()) validation.check("fit: validation", flow);
  if (train_rows.has_idle_rows() || validation.has_idle_rows())
    return fit(flow, train_rows.without_idle_rows(), validation.without_idle_rows(), options, state);
  TableSource<F> source(train_rows, validation, options);
  const auto far = state.count(FitState<F>::steps) == 0 ? far_start(flow, train_rows) : std::nullopt;
  FitReport report = train(flow, state, options, source);
  append(report.warnings, far);
  if (report.refused > 0) append(report.warnings, outside_support(flow, train_rows, "training"));
  if (validation.rows() && !std::isfinite(report.best_validation))
    append(report.warnings, outside_support(flow, validation, "validation"));
  for (auto& degeneracy : degeneracies(train_rows.x)) report.warnings.push_back(std::move(degeneracy));
  bool narrow = false;
  each_part(
      [&](const auto& part) {
        if constexpr (requires { part.is_narrow(); }) narrow = narrow || part.is_narrow();
      },
      flow);
  if (narrow)
    report.warnings.push_back(
        "a masked net has a hidden layer with fewer units than it needs for every feature to see "
        "all before it (narrow in summary(flow)): make it wider");
  return report;
}
template <class F>
FitReport fit(F& flow, const Table<typename F::Scalar>& train_rows, const Table<typename F::Scalar>& validation,
              const FitOptions& options) {
  FitState<F> state(flow);
  return fit(flow, train_rows, validation, options, state);
}
/// The same with options.validation_fraction of the rows, picked by the seed, held out for validation.
template <class F>
FitReport fit(F& flow, const Table<typename F::Scalar>& data, const FitOptions& options, FitState<F>& state) {
  options.check<typename F::Scalar>();
  data.check("fit", flow);
  if (data.has_idle_rows()) return fit(flow, data.without_idle_rows(), options, state);
  const auto order = fit_random(options, FitStream::split).permutation(data.rows());
  const Index held_out = Index(double(data.rows()) * options.validation_fraction);
  return fit(flow, data.select(order.tail(data.rows() - held_out)), data.select(order.head(held_out)), options, state);
}
template <class F>
FitReport fit(F& flow, const Table<typename F::Scalar>& data, const FitOptions& options = {}) {
  FitState<F> state(flow);
  return fit(flow, data, options, state);
}

/// Fresh rows for every step: draw(random, x) fills the N x D array x.
template <class F, class Draw>
class StreamSource {
 public:
  using T = typename F::Scalar;
  StreamSource(const F& flow, Draw draw, const FitOptions& options)
      : options_(options),
        draw_(std::move(draw)),
        batch_(Batch<T, Dynamic>(options.batch_size, flow.base.dim())),
        validation_(Batch<T, Dynamic>(options.validation_rows, flow.base.dim())),
        index_(natural_order(options.batch_size)) {
    Random random = fit_random(options, FitStream::validation);
    if (options.validation_rows > 0) fill(validation_.x, random);
    require_finite("fit_stream: validation", "x, as draw(random, x) left it,", validation_.x);
  }
  long steps() const { return options_.steps_per_epoch; }
  void start(long epoch) { random_ = fit_random(options_, FitStream::noise, epoch); }
  T loss(const F& flow, long, Team<F>& team, F& gradient) {
    fill(batch_.x, random_);
    return negative_log_likelihood(flow, batch_, index_, random_, team, gradient);
  }
  double weight(long) const { return 1; }
  static constexpr bool calls_user = true;
  bool validates() const { return options_.validation_rows > 0; }
  T validate(const F& flow, Team<F>& team) const {
    return negative_log_likelihood(flow, validation_, fit_random(options_, FitStream::validation_noise), team);
  }

 private:
  void fill(Batch<T, Dynamic>& x, Random& random) {
    const Index rows = x.rows(), columns = x.cols();
    draw_(random, x);
    require_shape("fit_stream", "x, as draw(random, x) left it,", x, rows, columns);
  }
  const FitOptions& options_;
  Draw draw_;
  Table<T> batch_, validation_;
  Order index_;
  Random random_{};
};
/// Maximum likelihood on a stream of fresh rows, draw(random, x). An epoch is options.steps_per_epoch steps.
template <class F>
FitReport fit_stream(F& flow, auto draw, const FitOptions& options, FitState<F>& state) {
  options.check<typename F::Scalar>();
  state.check("fit_stream", flow);
  require(flow.context() == 0, "fit_stream: the flow must have no context, has ", flow.context(),
          " columns of it; fit takes a Table with context");
  StreamSource<F, decltype(draw)> source(flow, std::move(draw), options);
  return train(flow, state, options, source);
}
template <class F>
FitReport fit_stream(F& flow, auto draw, const FitOptions& options = {}) {
  FitState<F> state(flow);
  return fit_stream(flow, std::move(draw), options, state);
}

/// Samples of the flow itself under an energy.
template <class F, class Energy>
class EnergySource {
 public:
  using T = typename F::Scalar;
  EnergySource(Energy energy, const FitOptions& options) : options_(options), energy_(std::move(energy)) {}
  long steps() const { return options_.steps_per_epoch; }
  void start(long epoch) { random_ = fit_random(options_, FitStream::noise, epoch); }
  T loss(const F& flow, long, Team<F>& team, F& gradient) {
    const T loss = reverse_kl(flow, options_.batch_size, energy_, random_, team, gradient);
    random_.row += std::uint64_t(options_.batch_size);
    return loss;
  }
  double weight(long) const { return 1; }
  static constexpr bool calls_user = true;
  bool validates() const { return options_.validation_rows > 0; }
  T validate(const F& flow, Team<F>& team) const {
    return reverse_kl(flow, options_.validation_rows, energy_, fit_random(options_, FitStream::validation), team);
  }

 private:
  const FitOptions& options_;
  Energy energy_;
  Random random_{};
};
/// Fits the flow to an unnormalised density e^-U by reverse KL; the loss is KL - log Z. energy(x, u, g): u <- U(x) and
/// g <- dU/dx for the rows of x; called by several threads at once.
template <class F>
FitReport fit_energy(F& flow, auto energy, const FitOptions& options, FitState<F>& state) {
  options.check<typename F::Scalar>();
  state.check("fit_energy", flow);
  require(flow.context() == 0, "fit_energy: the flow must have no context, has ", flow.context(), " columns of it");
  EnergySource<F, decltype(energy)> source(std::move(energy), options);
  return train(flow, state, options, source);
}
template <class F>
FitReport fit_energy(F& flow, auto energy, const FitOptions& options = {}) {
  FitState<F> state(flow);
  return fit_energy(flow, std::move(energy), options, state);
}
}  // namespace bijou
