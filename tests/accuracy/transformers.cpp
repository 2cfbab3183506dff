// Transformers against the same formulas in long double, both directions, values, log-dets and adjoints.
#include "layers/wave.hpp"
#include "ledger.hpp"
#include "point.hpp"
#include "transformers/transformer_list.hpp"

namespace bijou::test {
namespace {
using Exact = long double;
/// Adjoints relative to the largest of them, or 1.
template <class H, class T>
struct AdjointErrors {
  Errors errors;
  std::function<double()> condition;
  std::vector<T> add(const Point<H, T>& at, bool of_inverse, int g, int g_log_det) {
    const auto exactly = at.template as<Exact>();
    const auto got = at.adjoints(of_inverse, T(g), T(g_log_det));
    const auto exact = exactly.adjoints(of_inverse, Exact(g), Exact(g_log_det));
    Exact largest = 1;
    for (Exact a : exact) largest = std::max(largest, std::abs(a));
    for (std::size_t p = 0; p < got.size(); ++p)
      if (errors.add(error_in_eps(got[p], exact[p], largest)))
        condition = [=] {
          return double(exactly.condition_of_adjoints(of_inverse, Exact(g), Exact(g_log_det)) / largest);
        };
    return got;
  }
};
/// Round trips are relative to max(1, |x|, (1 + |y|) dx/dy). inverted: not where y is 0 or 1 and says nothing of x.
struct Goals {
  double round_trip = 8, value = 16, log_det = 16, inverse_log_det = 64, adjoints = 256;
  bool inverted = true;
};
template <class T, class H>
void transformer(Ledger& ledger, const std::string& name, double low, double high, const Goals& goals,
                 float spread = 1) {
  Random random{12};
  Eigen::ArrayXXf normal(4000, std::max(H::arity, 1));
  Eigen::ArrayXf place(normal.rows());
  random.normal(normal);
  random.uniform(place);
  Errors value, log_det, round_trip, inverse_log_det, not_finite;
  const auto count = [&](const std::vector<T>& results) {
    for (T r : results) not_finite.add(std::isfinite(r) ? 0 : 1);
  };
  AdjointErrors<H, T> adjoints, log_det_adjoints, inverse_adjoints;
  std::function<double()> round_trip_condition;
  for (Index i = 0; i < normal.rows(); ++i) {
    Point<H, float> drawn{float(low + (high - low) * double(place(i))), {}};
    for (int p = 0; p < H::arity; ++p) drawn.raw.push_back(spread * normal(i, p));
    const auto at = drawn.template as<T>();
    const auto exactly = at.template as<Exact>();
    const auto got = at.forward();
    const auto exact = exactly.forward();
    value.add(error_in_eps(got.to, exact.to, exactly.condition(exactly.adjoints(false, 1, 0), exactly.x)));
    log_det.add(error_in_eps(got.log_det, exact.log_det, exactly.condition(exactly.adjoints(false, 0, 1), exactly.x)));
    count({got.to, got.log_det});
    count(adjoints.add(at, false, 1, 0));
    count(log_det_adjoints.add(at, false, 0, 1));
    if (!goals.inverted) continue;
    const auto back = at.inverse(got.to);
    const Exact slope = std::exp(exact.log_det), y = static_cast<Exact>(got.to);
    if (round_trip.add(error_in_eps(back.to, exactly.x, (1 + std::abs(exact.to)) / slope)))
      round_trip_condition = [=] { return double((1 + std::abs(exact.to)) / slope); };
    const auto exact_back = exactly.inverse(y);
    const Point<H, Exact> there{exact_back.to, exactly.raw};
    inverse_log_det.add(error_in_eps(back.log_det, exact_back.log_det, there.condition(there.adjoints(true, 0, 1), y)));
    if (std::isfinite(exact_back.log_det)) count({back.to, back.log_det});  // a y that was rounded to 1 has no inverse
    count(inverse_adjoints.add(at, true, 1, 0));
    count(inverse_adjoints.add(at, true, 0, 1));
  }
  ledger.row(name, "value (eps)", name_of<T>, value, goals.value);
  ledger.row(name, "log-det (eps)", name_of<T>, log_det, goals.log_det);
  ledger.row(name, "adjoints (eps)", name_of<T>, adjoints.errors, goals.adjoints, adjoints.condition);
  ledger.row(name, "log-det adjoints (eps)", name_of<T>, log_det_adjoints.errors, goals.adjoints,
             log_det_adjoints.condition);
  ledger.row(name, "results that are not finite", name_of<T>, not_finite, 0);
  if (!goals.inverted) return;
  ledger.row(name, "round trip (eps)", name_of<T>, round_trip, goals.round_trip, round_trip_condition);
  ledger.row(name, "inverse log-det (eps)", name_of<T>, inverse_log_det, goals.inverse_log_det);
  ledger.row(name, "inverse adjoints (eps)", name_of<T>, inverse_adjoints.errors, goals.adjoints,
             inverse_adjoints.condition);
}
/// Splines of wilder parameters: the round trip alone.
template <class T, class H>
void round_trip(Ledger& ledger, const std::string& name, double low, double high, double goal, float spread) {
  Random random{12};
  Eigen::ArrayXXf normal(100000, H::arity);
  Eigen::ArrayXf place(normal.rows());
  random.normal(normal);
  random.uniform(place);
  Errors errors;
  std::function<double()> condition;
  for (Index i = 0; i < normal.rows(); ++i) {
    Point<H, T> at{T(low + (high - low) * double(place(i))), {}};
    for (int p = 0; p < H::arity; ++p) at.raw.push_back(T(spread * normal(i, p)));
    const auto there = at.forward();
    const double stretched = std::max(1., std::exp(-double(there.log_det)));
    if (errors.add(
            error_in_eps(at.inverse(there.to).to, static_cast<Exact>(at.x), static_cast<Exact>(high * stretched))))
      condition = [=] { return stretched; };
  }
  ledger.row(name, "round trip (eps)", name_of<T>, errors, goal, condition);
}
template <class T>
void of_type(Ledger& ledger) {
  each_transformer([&]<class H>(double low, double high) {
    const std::string name = H::name;
    const bool solved = name.find("mixture") != name.npos || name.find("spline") != name.npos;
    transformer<T, H>(ledger, name, low, high, {.round_trip = solved ? 32. : 8.});
  });
  const Goals far{.round_trip = 32};
  transformer<T, GaussianMixtureLogit<3>>(ledger, "gaussian_mixture_logit(3), to 1,000", -1000, 1000, far);
  transformer<T, LogisticMixtureLogit<3>>(ledger, "logistic_mixture_logit(3), to 1,000", -1000, 1000, far);
  transformer<T, Formula<Wave>>(ledger, "formula", -5, 5, {});
  const Goals rounded{.inverted = false};
  transformer<T, GaussianMixtureCdf<3>>(ledger, "gaussian_mixture_cdf(3), to 1,000", -1000, 1000, rounded);
  transformer<T, LogisticMixtureCdf<3>>(ledger, "logistic_mixture_cdf(3), to 1,000", -1000, 1000, rounded);
  using Spline = RationalQuadraticSpline<5, 3>;
  round_trip<T, Spline>(ledger, "spline, raw N(0, 1)", -3, 3, 32, 1);
  round_trip<T, Spline>(ledger, "spline, raw N(0, 3)", -3, 3, 1024, 3);
  round_trip<T, Spline>(ledger, "spline, raw N(0, 10)", -3, 3, 4096, 10);
}
}  // namespace
void transformers(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
