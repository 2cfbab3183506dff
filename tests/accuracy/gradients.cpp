// Gradients against differences of six points, single precision against double, the tape against complex steps.
#include "autodiff/operations.hpp"
#include "ledger.hpp"
#include "ten_layers.hpp"

namespace bijou::test {
namespace {
template <class T>
auto autoregressive() {
  Random start{4}, random{8};
  auto flow = autoregressive_flow<Affine, T, 4, 3, Tanh>({16}, start);
  each_parameter(
      [&](const Path&, auto& a) {
        Eigen::ArrayXf noise(a.size());
        random.normal(noise);
        for (Index i = 0; i < a.size(); ++i) a.data()[i] = T(0.15F * noise(i));
      },
      flow);
  return flow;
}
/// Relative to max(1, |gradient|).
void compare(Ledger& ledger, const char* name, auto flow, const auto& single) {
  constexpr int D = decltype(flow)::D;
  const int d = flow.base.dim();
  Eigen::Array<float, Dynamic, D> draws(20, d);
  Random{6}.normal(draws);
  const Batch<double, D> x = draws.template cast<double>();
  const auto relative = [](double a, double b) { return std::abs(a - b) / std::max(1., std::abs(b)); };
  Errors by_x, by_weights, in_single;
  const auto score = flow.log_prob_and_gradient(x).x;
  for (int j = 0; j < d; ++j)
    for (Index i = 0; i < x.rows(); ++i) {
      const double wanted = by_six_points([&](double step) {
        Batch<double, D> moved = x.row(i);
        moved(0, j) += step;
        return flow.log_prob(moved)(0);
      });
      by_x.add(relative(score(i, j), wanted));
    }
  const auto g = weight_gradient(flow, x);
  std::size_t at = 0;
  each_parameter(
      [&](const Path&, auto& a) {
        for (Index i = 0; i < a.size(); ++i, ++at) {
          if (at % 7) continue;  // enough of them
          const double before = a.data()[i];
          const double wanted = by_six_points([&](double step) {
            a.data()[i] = before + step;
            return -flow.log_prob(x).mean();
          });
          a.data()[i] = before;
          by_weights.add(relative(double(g[at]), wanted));
        }
      },
      flow);
  const auto g_single = weight_gradient(single, draws);
  const auto score_single = single.log_prob_and_gradient(draws).x;
  for (std::size_t i = 0; i < g.size(); ++i) in_single.add(relative(double(g_single[i]), double(g[i])));
  for (Index i = 0; i < x.rows(); ++i)
    for (int j = 0; j < d; ++j) in_single.add(relative(double(score_single(i, j)), score(i, j)));
  ledger.row(name, "gradient by x - differences", "double", by_x, 1e-8);
  ledger.row(name, "gradient by weights - differences", "double", by_weights, 1e-8);
  ledger.row(name, "gradients - those in double", "float", in_single, 1e-5);
}
}  // namespace
void gradients(Ledger& ledger) {
  compare(ledger, "10 couplings, D = 4", ten_layers<double>(4), ten_layers<float>(4));
  compare(ledger, "3 autoregressive(affine)", autoregressive<double>(), autoregressive<float>());
  Errors steps;
  each_analytic_operation([&](const char*, auto f) {
    for (double a : {-1.3, 0.49, 0.99, 2.5})
      for (double b : {0.3, 1.01}) {
        const auto [da, db] = derivatives(f, a, b);
        const auto [wa, wb] = by_complex_step(f, a, b);
        steps.add(std::abs(da - wa) / std::max(1., std::abs(wa)));
        steps.add(std::abs(db - wb) / std::max(1., std::abs(wb)));
      }
  });
  ledger.row("tape, analytic operations", "derivatives - complex step", "double", steps, 1e-14);
}
}  // namespace bijou::test
