// The integral of exp(log p): midpoints.
#include "flow/models.hpp"
#include "ledger.hpp"

namespace bijou::test {
namespace {
/// Over [-low, low]^2, squares of side h.
template <class F>
Errors plane(const F& flow, double low, double h) {
  using T = typename F::Scalar;
  const Index n = Index(std::lround(2 * low / h));
  Batch<T, 2> row(n, 2);
  for (Index i = 0; i < n; ++i) row(i, 0) = T(-low + (double(i) + 0.5) * h);
  typename F::Workspace w;
  PerSample<T> log_p(n);
  double mass = 0;
  for (Index i = 0; i < n; ++i) {
    row.col(1).setConstant(T(-low + (double(i) + 0.5) * h));
    flow.log_prob(row, Context<T>(), w, log_p);
    mass += log_p.template cast<double>().exp().sum() * h * h;
  }
  Errors e;
  e.add(std::abs(mass - 1));
  return e;
}
/// Over [-low, low], n cells.
Errors line(const auto& flow, double low, Index n) {
  Batch<double, 1> x(n, 1);
  const double h = 2 * low / double(n);
  x.col(0) = PerSample<double>::LinSpaced(n, -low + h / 2, low - h / 2);
  Errors e;
  e.add(std::abs(flow.log_prob(x).exp().sum() * h - 1));
  return e;
}
template <class T, class Activation>
auto couplings() {
  Random random{1};
  return randomised(coupling_flow<BoundedAffine<2>, T, 2, 4, Activation>({16}, random), 0.2);
}
}  // namespace
void integrals(Ledger& ledger) {
  const char* what = "integral - 1";
  ledger.row("4 couplings, tanh nets", what, "double", plane(couplings<double, Tanh>(), 48, 0.06), 1e-10);
  ledger.row("4 couplings, tanh nets", what, "float", plane(couplings<float, Tanh>(), 48, 0.06), 1e-6);
  ledger.row("4 couplings, relu nets", what, "double", plane(couplings<double, Relu>(), 48, 0.06), 5e-4);
  ledger.row(
      "mixture CDF to the unit interval", what, "double",
      line(randomised(Flow{UniformBox<double, 1>{}, Elementwise<GaussianMixtureCdf<4>, double, 1>{}}, 0.5), 40, 20000),
      1e-12);
  ledger.row(
      "spline", what, "double",
      line(randomised(Flow{StandardNormal<double, 1>{}, Elementwise<RationalQuadraticSpline<5, 3>, double, 1>{}}, 1),
           12, 1000000),
      1e-8);
}
}  // namespace bijou::test
