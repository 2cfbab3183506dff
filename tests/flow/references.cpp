#include "flow/references.hpp"

#include <fstream>
#include <sstream>

#include <bijou/bijou.hpp>

namespace bijou::test {
namespace {
/// The weights that the generator states, in the order of the fields.
template <class F>
F with_reference_weights(F flow, double size) {
  int i = 0;
  each_parameter(
      [&](const Path&, auto& a) {
        for (Index n = 0; n < a.size(); ++n, ++i)
          a.data()[n] = typename F::Scalar(((i * 37 + 11) % 65 - 32) / 64. * size);
      },
      flow);
  return flow;
}
/// A flow of one coupling with the transformer H, D features, nets with three hidden units.
template <class H, class T, int D>
auto reference_coupling(double size) {
  using Net = Mlp<T, D - D / 2, D / 2 * H::arity, Tanh>;
  Random random{1};
  return with_reference_weights(Flow{StandardNormal<T, D>{}, Coupling<H, Net>(Net({3}, random))}, size);
}
/// visit(name in the file, flow)
template <class T>
void each_coupling(const auto& visit) {
  visit("coupling_additive", reference_coupling<Additive, T, 4>(1));
  visit("coupling_affine", reference_coupling<Affine, T, 4>(1));
  visit("coupling_bounded", reference_coupling<BoundedAffine<2>, T, 4>(4));
  visit("coupling_spline", reference_coupling<RationalQuadraticSpline<4, 3>, T, 2>(1));
  visit("coupling_boxed_spline", reference_coupling<BoxedRationalQuadraticSpline<4>, T, 2>(1));
  visit("coupling_gaussian_cdf", reference_coupling<GaussianMixtureCdf<2>, T, 2>(1));
  visit("coupling_gaussian", reference_coupling<GaussianMixtureLogit<2>, T, 2>(1));
  visit("coupling_logistic_cdf", reference_coupling<LogisticMixtureCdf<2>, T, 2>(1));
  visit("coupling_logistic", reference_coupling<LogisticMixtureLogit<2>, T, 2>(1));
  visit("coupling_polynomial", reference_coupling<OddPolynomial<2>, T, 2>(1));
}
template <class T>
void each_autoregression(const auto& visit) {
  using Net = Made<T, 3, 0, 2, Tanh>;
  Random random{1};
  const Autoregressive<Affine, Net> layer(Net({4, 4}, random)),
      ordered(Net({5}, Eigen::Array<int, Dynamic, 1>(Eigen::Array3i(2, 0, 1)), random));
  visit("maf", with_reference_weights(Flow{StandardNormal<T, 3>{}, layer}, 1));
  visit("maf_ordered", with_reference_weights(Flow{StandardNormal<T, 3>{}, ordered}, 1));
  visit("iaf", with_reference_weights(Flow{StandardNormal<T, 3>{}, Inverse(layer)}, 1));
}
template <class T>
void each_stack(const auto& visit) {
  Random random{1};
  visit("ten_couplings", with_reference_weights(coupling_flow<BoundedAffine<2>, T, 4, 10, Tanh>({4}, random), 0.5));
}

/// All numbers of all lines about a flow.
template <class F>
std::vector<Compared> compared(const F& flow, const std::string& name) {
  using T = typename F::Scalar;
  constexpr int D = F::D;
  std::ifstream file(BIJOU_TEST_DIR "/reference/flow/layers.txt");
  std::vector<Compared> all;
  for (std::string line, first, number; std::getline(file, line);) {
    std::istringstream words(line);
    words >> first >> number;
    if (first != name) continue;
    Batch<T, D> x(1, D);
    for (int j = 0; j < D && words >> number; ++j) x(0, j) = T(std::strtod(number.c_str(), nullptr));
    const auto compare = [&](const char* what, T got) {
      std::string a, k;
      words >> a >> k;
      const long double value =
          words ? std::strtold(a.c_str(), nullptr) : std::numeric_limits<long double>::quiet_NaN();
      const long double scale = std::max({1.L, std::abs(value), std::strtold(k.c_str(), nullptr)});
      const long double eps = static_cast<long double>(std::numeric_limits<T>::epsilon());
      all.push_back({what, double(std::abs(static_cast<long double>(got) - value) / scale / eps), line});
    };
    const auto z = flow.forward(x);
    for (int j = 0; j < D; ++j) compare("z", z(0, j));
    compare("log p", flow.log_prob(x)(0));
    const auto gradient = flow.log_prob_and_gradient(x).x;
    for (int j = 0; j < D; ++j) compare("gradient", gradient(0, j));
  }
  return all;
}
}  // namespace

template <class T>
void each_reference(const std::function<void(const std::string&, const std::vector<Compared>&)>& visit) {
  const auto compare = [&](const std::string& name, const auto& flow) { visit(name, compared(flow, name)); };
  each_coupling<T>(compare);
  each_autoregression<T>(compare);
  each_stack<T>(compare);
}
template void each_reference<float>(const std::function<void(const std::string&, const std::vector<Compared>&)>&);
template void each_reference<double>(const std::function<void(const std::string&, const std::vector<Compared>&)>&);
}  // namespace bijou::test
