// Bases against the same parameters in long double: log p and its derivatives, also far out and beside the ends.
#include <bijou/bijou.hpp>

#include "ledger.hpp"

namespace bijou::test {
namespace {
using Exact = long double;
template <class B>
struct Density {
  using T = typename B::Scalar;
  PerSample<T> log_p;
  Batch<T, Dynamic> score;
  std::vector<T> by_parameters;
  Density(const B& base, const Batch<T, B::D>& z) : log_p(z.rows()) {
    base.log_prob(z, log_p);
    Batch<T, B::D> g = Batch<T, B::D>::Zero(z.rows(), z.cols());
    B grad = zero_gradient(base);
    base.backward(z, PerSample<T>::Ones(z.rows()).eval(), g, grad);
    score = g;
    each_parameter(
        [&](const Path&, const auto& a) { by_parameters.insert(by_parameters.end(), a.data(), a.data() + a.size()); },
        grad);
  }
};
/// At points of floats u in [0, 1) through `place`. make(T): the base in this type.
template <class T>
void compare(Ledger& ledger, const char* name, auto make, auto place) {
  const auto base = make(T());
  const auto exact = make(Exact());
  constexpr int D = decltype(base)::D;
  Eigen::Array<float, Dynamic, D> z(2000, base.dim());
  Random{6}.uniform(z);
  for (Index i = 0; i < z.rows(); ++i)
    for (Index j = 0; j < z.cols(); ++j) z(i, j) = place(z(i, j), i % 2 == 0);
  const Density got(base, z.template cast<T>());
  const Density wanted(exact, z.template cast<Exact>());
  Errors log_p, score, by_parameters;
  for (Index i = 0; i < z.rows(); ++i) {
    log_p.add(error_in_eps(got.log_p(i), wanted.log_p(i)));
    const Exact largest = wanted.score.row(i).abs().maxCoeff();
    for (Index j = 0; j < z.cols(); ++j) score.add(error_in_eps(got.score(i, j), wanted.score(i, j), largest));
  }
  ledger.row(name, "log p (eps)", name_of<T>, log_p, 64);
  ledger.row(name, "gradient (eps)", name_of<T>, score, 256);
  Exact largest = 0;
  for (Exact a : wanted.by_parameters) largest = std::max(largest, std::abs(a));
  for (std::size_t i = 0; i < got.by_parameters.size(); ++i)
    by_parameters.add(error_in_eps(got.by_parameters[i], wanted.by_parameters[i], largest));
  if (by_parameters.count) ledger.row(name, "gradient by parameters (eps)", name_of<T>, by_parameters, 256);
}
template <class T>
void of_type(Ledger& ledger) {
  const auto far = [](float u, bool wide) { return (2 * u - 1) * (wide ? 1000.F : 10.F); };
  const auto unit = [](float u, bool at_end) { return at_end ? u * 0x1p-20F : 1 - u; };
  compare<T>(
      ledger, "standard normal", []<class S>(S) { return StandardNormal<S, 3>{}; }, far);
  compare<T>(
      ledger, "logistic", []<class S>(S) { return Logistic<S, 3>{}; }, far);
  compare<T>(
      ledger, "beta(5, 3)", []<class S>(S) { return Beta<S, 2>(5, 3); }, unit);
  compare<T>(
      ledger, "beta(1/2, 2)", []<class S>(S) { return Beta<S, 2>(S(0.5), 2); }, unit);
  const auto box = []<class S>(S) { return UniformBox<S, 2>(Row<S>::Constant(2, -1), Row<S>::Constant(2, 3)); };
  compare<T>(ledger, "box", box, [](float u, bool outside) { return outside ? 8 * u - 4 : 4 * u - 1; });
  const auto diagonal = []<class S>(S) {
    DiagonalNormal<S, 2> base;
    base.mean << 1, -2;
    base.log_scale << -1, S(0.5);
    return base;
  };
  compare<T>(ledger, "diagonal normal", diagonal, far);
  const auto mixture = []<class S>(S) {
    GaussianMixture<S, 2> base(3, 2);
    base.logits << 0, -1, S(0.5);
    base.mean << 0, 1, -2, 3, S(0.5), -1;
    base.factor << S(0.5), 1, -1, 0, S(0.25), 1, -1, 2, S(0.75);
    return base;
  };
  compare<T>(ledger, "gaussian mixture", mixture, far);
}
}  // namespace
void bases(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
