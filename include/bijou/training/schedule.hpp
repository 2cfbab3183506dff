#pragma once
#include <algorithm>
#include <cmath>
#include <numbers>
#include <variant>

#include <bijou/core/errors.hpp>

namespace bijou {
// Schedules: the factor on the optimizer's rate, from how far the fit is.

/// Always 1.
struct ConstantRate {
  double at(long, long, double) const { return 1; }
};
/// Times `factor` after every `every` epochs.
struct StepRate {
  int every = 30;
  double factor = 0.1;
  double at(long epoch, long, double) const {
    const long steps = epoch / every;
    return std::pow(factor, double(steps));
  }
};
/// From 1 down to `last` along half a cosine, over the whole fit.  Loshchilov and Hutter 2017, arXiv:1608.03983
struct CosineRate {
  double last = 0;
  double at(long, long, double progress) const {
    return last + (1 - last) * 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, progress)));
  }
};
/// Times `factor` when the validation score has not improved for `patience` epochs.
struct PlateauRate {
  double factor = 0.5;
  int patience = 5;
  double at(long, long reductions, double) const { return std::pow(factor, double(reductions)); }
};
/// One of them, with its numbers.
using Schedule = std::variant<ConstantRate, StepRate, CosineRate, PlateauRate>;

/// Throws std::invalid_argument for numbers that make no sense, naming them.
inline void check(const Schedule& schedule) {
  std::visit(
      [](const auto& s) {
        if constexpr (requires { s.factor; })
          require(s.factor > 0 && s.factor <= 1, "schedule: factor must be in (0, 1], is ", s.factor);
        if constexpr (requires { s.every; })
          require(s.every >= 1, "schedule: every must be at least 1 epoch, is ", s.every);
        if constexpr (requires { s.patience; })
          require(s.patience >= 1, "schedule: patience must be at least 1 epoch, is ", s.patience);
        if constexpr (requires { s.last; })
          require(s.last >= 0 && s.last <= 1, "schedule: last must be in [0, 1], is ", s.last);
      },
      schedule);
}
}  // namespace bijou
