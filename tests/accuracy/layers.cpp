// Layers and stacks of them against the same weights in long double, both directions.
#include "layers/any_layer.hpp"

#include <Eigen/LU>

#include "ledger.hpp"
#include "measured_layers.hpp"

namespace bijou::test {
namespace {
using Exact = long double;
template <class T>
void set_weights(const AnyLayer<T>& layer, float size) {
  Eigen::ArrayXf noise(Index(layer.parameters.size()));
  Random{8}.normal(noise);
  for (std::size_t i = 0; i < layer.parameters.size(); ++i) *layer.parameters[i] = T(size * noise(Index(i)));
}
/// d y_j / d x for every row, j = 0, 1, ...
template <class T>
std::vector<Batch<T, Dynamic>> jacobian(const AnyLayer<T>& layer, const Batch<T, Dynamic>& x) {
  std::vector<Batch<T, Dynamic>> rows;
  for (int j = 0; j < layer.columns; ++j) {
    Batch<T, Dynamic> unit = Batch<T, Dynamic>::Zero(x.rows(), x.cols());
    unit.col(j).setOnes();
    rows.push_back(layer.pull(Way::forward, Way::forward, x, unit, PerSample<T>::Zero(x.rows()), false).g_x);
  }
  return rows;
}
Eigen::Matrix<Exact, Dynamic, Dynamic> of_row(const auto& jacobian, Index i) {
  const Index d = Index(jacobian.size());
  Eigen::Matrix<Exact, Dynamic, Dynamic> J(d, d);
  for (Index j = 0; j < d; ++j) J.row(j) = jacobian[std::size_t(j)].row(i).matrix().template cast<Exact>();
  return J;
}
/// By differences, sum |input * d adjoint / d input| over all x and weights, relative to the largest adjoint or 1: the
/// largest for the parameters' adjoints, or for those of x.
double condition_of_adjoints(const AnyLayer<Exact>& layer, Way way, const Batch<Exact, Dynamic>& at,
                             const Batch<Exact, Dynamic>& g_y, const PerSample<Exact>& g_l, bool of_parameters) {
  using Values = Eigen::Array<Exact, Dynamic, 1>;
  Batch<Exact, Dynamic> moved = at;
  const auto adjoints = [&]() -> Values {
    const auto pulled = layer.pull(way, way, moved, g_y, g_l, true);
    const auto& p = pulled.g_parameters;
    if (of_parameters) return Eigen::Map<const Values>(p.data(), Index(p.size()));
    return pulled.g_x.reshaped();
  };
  const Exact largest = std::max(1.L, adjoints().abs().maxCoeff());
  Values sums = 0 * adjoints();
  const auto vary = [&](Exact& input) {
    const Exact was = input;
    input = was * (1 + 1e-6L);
    const Values above = adjoints();
    input = was * (1 - 1e-6L);
    sums += (above - adjoints()).abs() / 2e-6L;
    input = was;
  };
  for (Index i = 0; i < moved.size(); ++i) vary(moved.data()[i]);
  for (Exact* weight : layer.parameters) vary(*weight);
  return double(sums.maxCoeff() / largest);
}
template <class T>
void compare(Ledger& ledger, const AnyLayer<T>& layer, const AnyLayer<Exact>& exact, double round_trip_goal) {
  const auto exactly = [](const auto& a) { return a.template cast<Exact>().eval(); };
  Eigen::ArrayXXf draws(100, layer.columns), cotangents(100, layer.columns + 1);
  Random random{6};
  random.normal(draws);
  random.normal(cotangents);
  const Batch<T, Dynamic> x = draws.cast<T>(), g = cotangents.leftCols(layer.columns).template cast<T>();
  const PerSample<T> g_log_det = cotangents.rightCols(1).template cast<T>().col(0), none = PerSample<T>::Zero(100);
  const auto there = layer.map(Way::forward, x), back = layer.map(Way::inverse, there.y);
  const auto exact_there = exact.map(Way::forward, exactly(x)), exact_back = exact.map(Way::inverse, exactly(there.y));
  const auto J = jacobian(layer, x);
  const auto exact_J = jacobian(exact, exactly(x));

  Errors value, log_det, round_trip, inverse_log_det, against_jacobian;
  Exact worst_condition = 0;
  Index worst_forward = 0, worst_inverse = 0;
  for (Index i = 0; i < x.rows(); ++i) {
    const auto inverse = of_row(exact_J, i).inverse().eval();
    const auto size = (1 + exact_there.y.row(i).abs()).matrix().transpose().eval();
    const auto stretched = (inverse.cwiseAbs() * size).eval();
    for (Index j = 0; j < x.cols(); ++j) {
      value.add(error_in_eps(there.y(i, j), exact_there.y(i, j)));
      if (round_trip.add(error_in_eps(back.y(i, j), static_cast<Exact>(x(i, j)), stretched(j))))
        worst_condition = stretched(j);
    }
    if (log_det.add(error_in_eps(there.log_det(i), exact_there.log_det(i)))) worst_forward = i;
    if (inverse_log_det.add(error_in_eps(back.log_det(i), exact_back.log_det(i)))) worst_inverse = i;
    against_jacobian.add(
        double(std::abs(std::log(std::abs(of_row(J, i).determinant())) - static_cast<Exact>(there.log_det(i)))));
  }
  const auto row = [&](const char* what, const Errors& e, double goal, const std::function<double()>& condition = {}) {
    ledger.row(layer.name, what, name_of<T>, e, goal, condition);
  };
  // sum |input * d log-det / d input| of a row, over x and all weights, relative to the log-det or 1.
  const auto condition = [&](Way way, const Batch<T, Dynamic>& at, const auto& log_dets, Index i) {
    const Batch<Exact, Dynamic> one = exactly(at).row(i);
    const auto pulled = exact.pull(way, way, one, one * 0, PerSample<Exact>::Ones(1), true);
    Exact sum = (one * pulled.g_x).abs().sum();
    for (std::size_t p = 0; p < pulled.g_parameters.size(); ++p)
      sum += std::abs(*exact.parameters[p] * pulled.g_parameters[p]);
    return double(sum / std::max(1.L, std::abs(log_dets(i))));
  };
  row("value (eps)", value, 64);
  row("log-det (eps)", log_det, 64, [&] { return condition(Way::forward, x, exact_there.log_det, worst_forward); });
  row("round trip (eps)", round_trip, round_trip_goal, [=] { return double(worst_condition); });
  row("inverse log-det (eps)", inverse_log_det, 64,
      [&] { return condition(Way::inverse, there.y, exact_back.log_det, worst_inverse); });
  // Adjoints relative to the largest in their row, or 1; those of the parameters, which are sums, to the largest.
  const auto row_of_adjoints = [&](const char* what, Way way, const Batch<T, Dynamic>& at, const Batch<T, Dynamic>& g_y,
                                   const PerSample<T>& g_l) {
    const auto got = layer.pull(way, way, at, g_y, g_l, true);
    const auto wanted = exact.pull(way, way, exactly(at), exactly(g_y), exactly(g_l), true);
    Errors e;
    Index worst = 0;
    for (Index i = 0; i < at.rows(); ++i)
      for (Index j = 0; j < at.cols(); ++j)
        if (e.add(error_in_eps(got.g_x(i, j), wanted.g_x(i, j), wanted.g_x.row(i).abs().maxCoeff()))) worst = i;
    Exact largest = 0;
    for (Exact a : wanted.g_parameters) largest = std::max(largest, std::abs(a));
    for (std::size_t p = 0; p < got.g_parameters.size(); ++p)
      if (e.add(error_in_eps(got.g_parameters[p], wanted.g_parameters[p], largest))) worst = -1;
    row(what, e, 256, [&] {
      return worst < 0 ? condition_of_adjoints(exact, way, exactly(at), exactly(g_y), exactly(g_l), true)
                       : condition_of_adjoints(exact, way, exactly(at.row(worst)), exactly(g_y.row(worst)),
                                               exactly(g_l.segment(worst, 1)), false);
    });
  };
  row_of_adjoints("adjoints (eps)", Way::forward, x, g, none);
  row_of_adjoints("log-det adjoints (eps)", Way::forward, x, g * 0, g_log_det);
  row_of_adjoints("inverse adjoints (eps)", Way::inverse, there.y, g, g_log_det);
  if constexpr (sizeof(T) == sizeof(double)) row("log-det - that of the Jacobian", against_jacobian, 1e-12);
}
}  // namespace
void layers(Ledger& ledger) {
  std::vector<AnyLayer<Exact>> exact;
  const auto build = [](auto& into) {
    return [&into](const char* name, auto layer, float size, double) {
      const int columns = int(width(layer));
      into.emplace_back(name, std::move(layer), columns);
      set_weights(into.back(), size);
    };
  };
  each_measured_layer<Exact>(build(exact));
  const auto of_type = [&]<class T>(std::type_identity<T>) {
    std::size_t i = 0;
    each_measured_layer<T>([&](const char* name, auto layer, float size, double goal) {
      const int columns = int(width(layer));
      const AnyLayer<T> any(name, std::move(layer), columns);
      set_weights(any, size);
      compare(ledger, any, exact[i++], goal);
    });
  };
  of_type(std::type_identity<float>{});
  of_type(std::type_identity<double>{});
}
}  // namespace bijou::test
