#pragma once
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <bijou/core/threads.hpp>
#include <bijou/training/optimizer.hpp>
#include <bijou/training/schedule.hpp>

namespace bijou {
/// What a callback is told after each epoch.
struct Epoch {
  int number;         // 1, 2, ...
  double train;       // mean loss of the epoch's steps, nats a row
  double validation;  // loss on the validation rows; NaN where there are none
  bool best;          // the lowest validation so far
  double seconds;     // since the start
};

/// How a flow is fitted. Every number has a default that works for a small table.
struct FitOptions {
  Optimizer optimizer = Adam{};
  Schedule schedule = ConstantRate{};
  long warm_up_steps = 0;  // the rate grows linearly over the first steps
  Index batch_size = 256;  // a table shorter than this is one batch
  int max_epochs = 100;
  long steps_per_epoch = 100;        // of a stream or an energy; a table's epoch is all its rows, once
  int patience = 0;                  // stop after so many epochs without a better validation score; 0: never
  double validation_fraction = 0.1;  // of a table's rows, picked by the seed; 0: none, the last weights are kept
  Index validation_rows = 10000;     // drawn from a stream or for an energy
  double clip_norm = 0;              // a longer gradient is shortened to this norm; 0: never
  double weight_decay = 0;           // adds this times theta to the gradient
  double average = 0;                // decay of an exponential moving average of the weights, which is then what is
                                     // validated and kept; at step t at most (1 + t) / (10 + t); 0: none
  std::uint64_t seed = 0;            // same seed, same bits, for any number of threads
  int threads = 1;
  bool progress = true;                                  // a line on standard error, where that is a terminal
  std::function<bool(const Epoch&)> callback = {};       // after each epoch; false stops the fit
  std::function<bool(const std::string&)> trained = {};  // parameters to train, by name; empty: all

  /// Throws std::invalid_argument naming the option that makes no sense.
  template <class T>
  void check() const {
    bijou::check<T>(optimizer);
    bijou::check(schedule);
    require(warm_up_steps >= 0, "fit: warm_up_steps must not be negative, is ", warm_up_steps);
    constexpr Index most = std::numeric_limits<int>::max();  // rows of a batch are numbered by int
    require(batch_size >= 1, "fit: batch_size must be at least 1, is ", batch_size);
    require(batch_size <= most, "fit: batch_size must be at most ", most, ", is ", batch_size);
    require(max_epochs >= 0, "fit: max_epochs must not be negative, is ", max_epochs);
    require(steps_per_epoch >= 1, "fit: steps_per_epoch must be at least 1, is ", steps_per_epoch);
    require(patience >= 0, "fit: patience must not be negative, is ", patience);
    require(validation_fraction >= 0 && validation_fraction < 1, "fit: validation_fraction must be in [0, 1), is ",
            validation_fraction);
    require(validation_rows >= 0 && validation_rows <= most, "fit: validation_rows must be in [0, ", most, "], is ",
            validation_rows);
    require(clip_norm >= 0 && std::isfinite(clip_norm),
            "fit: clip_norm must not be negative and finite (0: no clipping), is ", clip_norm);
    require(weight_decay >= 0 && std::isfinite(weight_decay), "fit: weight_decay must not be negative and finite, is ",
            weight_decay);
    require(average >= 0 && average < 1, "fit: average must be in [0, 1), is ", average);
    require(threads >= 1 && threads <= Threads::most, "fit: threads must be in [1, ", Threads::most, "], is ", threads);
  }
};

/// What a fit did. Losses in nats a row. Of a fit that was resumed, losses and seconds are this call's, best score and
/// steps those of the whole fit.
struct FitReport {
  std::vector<double> train, validation;  // per epoch; validation is empty where there was none
  double best_validation = std::numeric_limits<double>::quiet_NaN();
  int best_epoch = 0;           // 0: the weights it started from, or no validation: the last ones are kept
  long steps = 0, refused = 0;  // refused: the loss or gradient was not finite, nothing was changed
  double seconds = 0;
  std::string stopped;                // why it ended, in words
  std::vector<std::string> warnings;  // data without a density (see degeneracies), narrow nets, options without effect
};
}  // namespace bijou
