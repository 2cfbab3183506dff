// Bytes -> a stack of layers, their parameters and points. Finite input gives no NaN; every layer's inverse comes back
// within the condition of the map at that point, with the opposite log-determinant.
#include <bijou/conditioners/made.hpp>
#include <bijou/conditioners/mlp.hpp>
#include <bijou/layers/autoregressive.hpp>
#include <bijou/layers/coupling.hpp>
#include <bijou/layers/elementwise.hpp>
#include <bijou/layers/inverse.hpp>
#include <bijou/layers/permutation.hpp>
#include <bijou/transformers/additive.hpp>
#include <bijou/transformers/affine.hpp>
#include <bijou/transformers/exp.hpp>
#include <bijou/transformers/mixture_cdf.hpp>
#include <bijou/transformers/odd_polynomial.hpp>
#include <bijou/transformers/rational_quadratic_spline.hpp>
#include <bijou/transformers/sigmoid.hpp>
#include <bijou/transformers/softplus.hpp>
#include <bijou/transformers/tanh.hpp>

#include "fuzz.hpp"
#include "layers/any_layer.hpp"

using namespace bijou;
using T = float;
using test::Way;
using Rows = Batch<T, Dynamic>;
namespace {
constexpr T eps = std::numeric_limits<T>::epsilon();

/// Bytes as decisions; zeros once they have run out.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  int byte() { return at_ < end_ ? *at_++ : 0; }
  std::size_t below(std::size_t n) { return std::size_t(byte()) % n; }
  T within(T most) { return most * (T(256 * byte() + byte()) / T(32768) - 1); }
  /// Any bits that are a finite number.
  T finite() {
    std::uint32_t bits = 0;
    for (int i = 0; i < 4; ++i) bits = bits << 8 | std::uint32_t(byte());
    const T x = std::bit_cast<T>(bits);
    return std::isfinite(x) ? x : T(0);
  }
  bool any_left() const { return at_ < end_; }

 private:
  const std::uint8_t *at_, *end_;
};

struct Kind {
  test::AnyLayer<T> layer;
  bool anywhere;  // no NaN for any finite x: without a net, whose sums may be inf - inf
};
std::vector<Kind> kinds() {
  Random random{1};
  std::vector<Kind> all;
  const auto add = [&](const char* name, auto layer, bool anywhere) {
    all.push_back({test::AnyLayer<T>(name, std::move(layer), 3), anywhere});
  };
  using SplineNet = Mlp<T, 2, 14>;
  using AdditiveNet = Mlp<T, 2, 1>;
  using BoundedNet = Mlp<T, 2, 2>;
  using MixtureNet = Made<T, 3, 0, 6>;
  using AffineNet = Made<T, 3, 0, 2, Tanh>;
  add("affine", Elementwise<Affine, T, 3>{}, true);
  add("bounded affine", Elementwise<BoundedAffine<2>, T, 3>{}, true);
  add("odd polynomial", Elementwise<OddPolynomial<3>, T, 3>{}, true);
  add("gaussian mixture", Elementwise<GaussianMixtureCdf<3>, T, 3>{}, true);
  add("gaussian mixture logit", Elementwise<GaussianMixtureLogit<3>, T, 3>{}, true);
  add("logistic mixture logit", Elementwise<LogisticMixtureLogit<3>, T, 3>{}, true);
  add("spline", Elementwise<RationalQuadraticSpline<5, 3>, T, 3>{}, true);
  add("logistic mixture", Elementwise<LogisticMixtureCdf<3>, T, 3>{}, true);
  add("boxed spline", Elementwise<BoxedRationalQuadraticSpline<5>, T, 3>{}, true);
  add("exp", Elementwise<Exp, T, 3>{}, true);
  add("tanh", Elementwise<TanhMap, T, 3>{}, true);
  add("sigmoid", Elementwise<Sigmoid, T, 3>{}, true);
  add("softplus", Elementwise<SoftplusMap, T, 3>{}, true);
  add("permutation", Permutation<T, 3>(Eigen::Array3i(2, 0, 1)), true);
  add("spline coupling", Coupling<RationalQuadraticSpline<5, 3>, SplineNet>(SplineNet({4}, random)), false);
  add("additive coupling", Coupling<Additive, AdditiveNet>(AdditiveNet({4}, random)), false);
  add("inverse coupling", Inverse(Coupling<BoundedAffine<2>, BoundedNet>(BoundedNet({4}, random))), false);
  add("autoregressive affine", Autoregressive<Affine, AffineNet>(AffineNet({4}, random)), false);
  add("autoregressive mixture", Autoregressive<GaussianMixtureLogit<2>, MixtureNet>(MixtureNet({4}, random)), false);
  return all;
}

class Check {
 public:
  Check(const test::AnyLayer<T>& layer, const Rows& x, bool moderate)
      : layer_(layer), x_(x), forward_(layer.map(Way::forward, x)) {
    that(!forward_.y.isNaN().any() && !forward_.log_det.isNaN().any(), "forward is NaN");
    that(!layer.map(Way::inverse, x).y.isNaN().any(), "inverse is NaN");
    // Where y is farther out, its derivatives may be no numbers.
    for (Index i = 0; moderate && i < x.rows(); ++i)
      if ((forward_.y.row(i).abs() < T(1e30)).all() && std::isfinite(forward_.log_det(i))) row(i);
  }
  const Rows& y() const { return forward_.y; }

 private:
  void that(bool good, const char* what) const {
    fuzz::must(good, layer_.name, ": ", what, "\nx =\n", x_, "\ny =\n", forward_.y, "\nlog_det ",
               forward_.log_det.transpose());
  }
  Eigen::Matrix<T, 1, 3> adjoint(Index i, int unit, T g_log_det) const {
    Rows g = Rows::Zero(1, 3);
    if (unit >= 0) g(0, unit) = 1;
    return layer_.pull(Way::forward, Way::forward, x_.middleRows(i, 1), g, PerSample<T>::Constant(1, g_log_det), false)
        .g_x.matrix();
  }
  void row(Index i) const {
    Eigen::Matrix<double, 3, 3> j;
    for (int unit = 0; unit < 3; ++unit) j.row(unit) = adjoint(i, unit, 0).cast<double>();
    const auto bend = adjoint(i, -1, 1);
    // Those of a log-det that far out may be beyond the range of numbers.
    const bool far = !(std::abs(forward_.log_det(i)) < T(1e30));
    that(!j.hasNaN() && (far || !bend.hasNaN()), "an adjoint is NaN");
    const auto back = layer_.map(Way::inverse, forward_.y.middleRows(i, 1));
    that(!back.y.isNaN().any() && !back.log_det.isNaN().any(), "the inverse of forward is NaN");
    const double size = double(std::max({1.f, forward_.y.row(i).abs().maxCoeff(), x_.row(i).abs().maxCoeff()})),
                 inverse = j.inverse().cwiseAbs().rowwise().sum().sum();  // NaN where a slope is 0
    const double most = 4096 * double(eps) * (1 + inverse) * size;
    if (!(most < 0.01)) return;  // beyond that x is hardly determined by y
    that(double((back.y.row(0) - x_.row(i)).abs().maxCoeff()) <= most, "the inverse does not come back");
    if (bend.hasNaN()) return;  // nothing says how far the log-det may be off
    const double log_det = std::abs(double(forward_.log_det(i))), slope = double(bend.cwiseAbs().sum());
    that(std::abs(double(back.log_det(0) + forward_.log_det(i))) <=
             4096 * double(eps) * (1 + log_det) + most * (1 + slope),
         "the log-determinants are not opposite");
  }
  const test::AnyLayer<T>& layer_;
  const Rows& x_;
  test::Mapped<T> forward_;
};
}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static auto all = kinds();
  Choices choices(data, size);
  constexpr T spreads[] = {0.1f, 1, 3, 10}, ranges[] = {1, 10, 1000, 0};
  const T range = ranges[choices.below(4)];
  Rows x(2, 3);
  for (Index i = 0; i < x.size(); ++i) x.data()[i] = range > 0 ? choices.within(range) : choices.finite();
  for (int depth = 0; depth < 6 && choices.any_left() && x.isFinite().all(); ++depth) {
    Kind& kind = all[choices.below(all.size())];
    const T spread = spreads[choices.below(4)];
    for (T* p : kind.layer.parameters) *p = choices.within(spread);
    // A net multiplies its inputs by its weights: its outputs are moderate only if both are.
    const T most = x.abs().maxCoeff();
    if (kind.anywhere)
      x = Rows(Check(kind.layer, x, most <= 1000 && spread <= 3).y());
    else if (most <= 10 && spread <= 1)
      x = Rows(Check(kind.layer, x, true).y());
  }
  return 0;
}
