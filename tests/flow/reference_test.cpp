// Couplings, autoregressive layers and a whole flow against values at 60 digits (tests/reference/flow): z and log p
// within 64 eps, the gradient of log p within 256 eps, of max(1, |value|, k) with the condition number k.
#include <bijou/bijou.hpp>

#include "reference.hpp"

using namespace bijou;
namespace {
/// The weights that the generator states, in the order of the fields.
template <class F>
F filled(F flow, double size) {
  int i = 0;
  each_parameter(
      [&](const Path&, auto& a) {
        for (Index n = 0; n < a.size(); ++n, ++i)
          a.data()[n] = typename F::Scalar(((i * 37 + 11) % 65 - 32) / 64. * size);
      },
      flow);
  return flow;
}
template <class F>
void agrees(const F& flow, const std::string& name) {
  using T = typename F::Scalar;
  constexpr int D = F::D;
  const int count = test::each_line("flow/layers.txt", name, [&](std::istream& words, const std::string& line) {
    CHECK(test::number(words) == D);
    Batch<T, D> x(1, D);
    for (int j = 0; j < D; ++j) x(0, j) = T(test::number(words));
    const auto z = flow.forward(x);
    for (int j = 0; j < D; ++j) test::compare("z", z(0, j), words, 64, line);
    test::compare("log p", flow.log_prob(x)(0), words, 64, line);
    const auto gradient = flow.log_prob_and_gradient(x).x;
    for (int j = 0; j < D; ++j) test::compare("gradient", gradient(0, j), words, 256, line);
  });
  CHECK(count >= 5);
}
/// A flow of one coupling with the transformer H, D features, nets with three hidden units.
template <class H, class T, int D>
auto coupling(double size) {
  using Net = Mlp<T, D - D / 2, D / 2 * H::arity, Tanh>;
  Random random{1};
  return filled(Flow{StandardNormal<T, D>{}, Coupling<H, Net>(Net({3}, random))}, size);
}
}  // namespace

TEMPLATE_TEST_CASE("coupling: every kind of transformer against values at 60 digits [adversarial 26]", "[adversarial]",
                   float, double) {
  using T = TestType;
  agrees(coupling<Affine, T, 4>(1), "coupling_affine");
  agrees(coupling<BoundedAffine<2>, T, 4>(4), "coupling_bounded");
  agrees(coupling<RationalQuadraticSpline<4, 3>, T, 2>(1), "coupling_spline");
  agrees(coupling<LogisticMixtureLogit<2>, T, 2>(1), "coupling_logistic");
  agrees(coupling<OddPolynomial<2>, T, 2>(1), "coupling_polynomial");
}
TEMPLATE_TEST_CASE("maf and iaf: any order, against values at 60 digits [adversarial 37, 38]", "[adversarial]", float,
                   double) {
  using T = TestType;
  using Net = Made<T, 3, 0, 2, Tanh>;
  Random random{1};
  const Autoregressive<Affine, Net> layer(Net({4, 4}, random)),
      ordered(Net({5}, Eigen::Array<int, Dynamic, 1>(Eigen::Array3i(2, 0, 1)), random));
  agrees(filled(Flow{StandardNormal<T, 3>{}, layer}, 1), "maf");
  agrees(filled(Flow{StandardNormal<T, 3>{}, ordered}, 1), "maf_ordered");
  agrees(filled(Flow{StandardNormal<T, 3>{}, Inverse(layer)}, 1), "iaf");
}
TEMPLATE_TEST_CASE("ten couplings: z, log p and its gradient against values at 60 digits [adversarial 26]",
                   "[adversarial]", float, double) {
  Random random{1};
  agrees(filled(coupling_flow<BoundedAffine<2>, TestType, 4, 10, Tanh>({4}, random), 0.5), "ten_couplings");
}
