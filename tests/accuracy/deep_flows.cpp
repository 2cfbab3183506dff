// Ten coupling layers against long double: usual weights, and weights three times as large, whose errors are those of
// the problem: they are reported relative to its condition number.
#include <Eigen/LU>

#include "ledger.hpp"
#include "ten_layers.hpp"

namespace bijou::test {
namespace {
template <class T>
void ten(Ledger& ledger, int d, float size, const std::string& name, bool by_condition) {
  using Exact = long double;
  const auto flow = ten_layers<T>(d, size);
  const auto exact = ten_layers<Exact>(d, size);
  Eigen::ArrayXXf draws(100, d);
  Random{6}.normal(draws);
  const Batch<T, Dynamic> x = draws.template cast<T>();
  const Batch<Exact, Dynamic> exact_x = draws.template cast<Exact>();
  const Batch<T, Dynamic> z = flow.forward(x), back = flow.inverse(z);
  const Batch<Exact, Dynamic> exact_z = exact.forward(exact_x);
  const auto log_det = [](const auto& f, const auto& at, const auto& to) {
    using S = typename std::remove_cvref_t<decltype(f)>::Scalar;
    PerSample<S> base(at.rows());
    f.base.log_prob(to, base);
    return PerSample<S>(f.log_prob(at) - base);
  };
  const auto l = log_det(flow, x, z);
  const auto exact_l = log_det(exact, exact_x, exact_z);
  const auto p = flow.log_prob(x);
  const auto score = flow.log_prob_and_gradient(x).x;
  const auto exact_p = exact.log_prob(exact_x);
  const auto exact_score = exact.log_prob_and_gradient(exact_x).x;
  // The columns of the inverse's Jacobian, by differences.
  std::vector<Batch<Exact, Dynamic>> inverse;
  const Exact h = 1e-6L;
  for (int j = 0; j < d; ++j) {
    Batch<Exact, Dynamic> up = exact_z, down = exact_z;
    up.col(j) += h, down.col(j) -= h;
    inverse.push_back((exact.inverse(up) - exact.inverse(down)) / (2 * h));
  }
  Errors round_trip, log_dets, log_p, gradient;
  Exact worst = 1;
  for (Index i = 0; i < x.rows(); ++i) {
    Exact condition = 1;
    for (int k = 0; k < d; ++k) {
      Exact sum = 0;
      for (int j = 0; j < d; ++j) sum += std::abs(inverse[std::size_t(j)](i, k)) * (1 + std::abs(exact_z(i, j)));
      condition = std::max(condition, sum);
    }
    worst = std::max(worst, condition);
    for (int j = 0; j < d; ++j) {
      round_trip.add(error_in_eps(back(i, j), static_cast<Exact>(x(i, j)), by_condition ? condition : 1));
      gradient.add(error_in_eps(score(i, j), exact_score(i, j), exact_score.row(i).abs().maxCoeff()));
    }
    log_dets.add(error_in_eps(l(i), exact_l(i)));
    log_p.add(error_in_eps(p(i), exact_p(i)));
  }
  const auto row = [&](const char* what, const Errors& e, double goal) {
    ledger.row(name, what, name_of<T>, e, goal, [=] { return double(worst); });
  };
  row(by_condition ? "round trip / condition (eps)" : "round trip (eps)", round_trip, 256);
  if (by_condition) return;
  row("log-det (eps)", log_dets, 256);
  row("log p (eps)", log_p, 64);
  row("gradient (eps)", gradient, 256);
  const auto g = weight_gradient(flow, x), exact_g = weight_gradient(exact, exact_x);
  Exact largest = 0;
  for (Exact a : exact_g) largest = std::max(largest, std::abs(a));
  Errors weights;
  for (std::size_t i = 0; i < g.size(); ++i) weights.add(error_in_eps(static_cast<T>(g[i]), exact_g[i], largest));
  row("gradient by weights (eps)", weights, 256);
}
}  // namespace
void deep_flows(Ledger& ledger) {
  const auto of_type = [&]<class T>(std::type_identity<T>) {
    ten<T>(ledger, 2, 0.15F, "10 couplings, D = 2", false);
    ten<T>(ledger, 16, 0.15F, "10 couplings, D = 16", false);
    ten<T>(ledger, 64, 0.15F, "10 couplings, D = 64", false);
    ten<T>(ledger, 16, 0.45F, "10 couplings, D = 16, weights x 3", true);
  };
  of_type(std::type_identity<float>{});
  of_type(std::type_identity<double>{});
}
}  // namespace bijou::test
