#pragma once
#include <algorithm>
#include <array>
#include <stdexcept>

#include <Eigen/Cholesky>

#include <bijou/concepts/base.hpp>
#include <bijou/concepts/panel.hpp>
#include <bijou/core/errors.hpp>
#include <bijou/core/gradient.hpp>
#include <bijou/math/exp.hpp>
#include <bijou/math/log.hpp>

namespace bijou {
/// Mixture of K normals with full covariances, all trained:
///     log p(z) = log sum_k w_k N(z; m_k, (A_k^T A_k)^-1),  w = softmax(logits),  u = A_k (z - m_k)
/// A_k is lower triangular, its diagonal e^r. factor: K rows of D (D + 1) / 2, row (i, j <= i) at i (i + 1) / 2 + j.
/// With the responsibility q_k = w_k N_k / p:  z_ = -l_ sum_k q_k A^T u,  m_k_ = l_ q_k A^T u,
/// A_ij_ = -l_ q_k u_i (z - m)_j,  r_i_ = A_ii A_ii_ + l_ q_k,  logit_k_ = l_ (q_k - w_k).
/// K = 1 is the full-covariance normal.
template <class T, int Dim>
struct GaussianMixture {
  using Scalar = T;
  using V = Lanes<T>;
  using Matrix = Eigen::Matrix<T, Dynamic, Dynamic>;
  static constexpr int D = Dim;
  Row<T> logits;
  Weights<T> mean, factor;
  static auto fields(auto& self) { return named("logits", self.logits, "mean", self.mean, "factor", self.factor); }

  /// K standard normals of d features; their means are spread at random so that they can part.
  GaussianMixture(int components, Random& random, int d = D) : GaussianMixture(components, d) {
    Eigen::Array<T, Dynamic, Dynamic> noise(components, d);
    random.normal(noise);
    mean = noise.matrix();
  }
  /// A full-covariance normal. Throws unless the covariance is symmetric and positive definite.
  GaussianMixture(const Row<T>& centre, const Matrix& covariance) : GaussianMixture(1, int(centre.size())) {
    require_finite("GaussianMixture", "mean", centre);
    mean.row(0) = centre.matrix();
    set_covariance(0, covariance);
  }
  /// K standard normals of d features, all the same.
  explicit GaussianMixture(int components, int d)
      : logits(Row<T>::Zero(std::max(components, 0))),
        mean(Weights<T>::Zero(std::max(components, 0), std::max(d, 0))),
        factor(Weights<T>::Zero(std::max(components, 0), at(std::max(d, 0), 0))) {
    require(components >= 1, "GaussianMixture: components must be at least 1, is ", components);
    require(d >= 1 && (D == Dynamic || d == D), "GaussianMixture: D must be ",
            D == Dynamic ? text("at least 1") : text(D), ", is ", d);
  }
  int dim() const { return int(mean.cols()); }
  int components() const { return int(logits.size()); }
  std::string describe() const { return text("gaussian_mixture(", dim(), ", ", components(), ")"); }

  /// A_k = C^-1 for the Cholesky factor C of the covariance.
  void set_covariance(int k, const Matrix& covariance) {
    const int d = dim();
    require(k >= 0 && k < components(), "GaussianMixture: k must be in [0, ", components(), "), is ", k);
    require_shape("GaussianMixture", "covariance", covariance, d, d);
    const Eigen::LLT<Matrix> llt(covariance);
    const bool symmetric = (covariance - covariance.transpose()).cwiseAbs().maxCoeff() <=
                           16 * std::numeric_limits<T>::epsilon() * covariance.cwiseAbs().maxCoeff();
    require(llt.info() == Eigen::Success && symmetric && covariance.allFinite(),
            "GaussianMixture: the covariance is not positive definite:\n", covariance);
    const Matrix a = llt.matrixL().solve(Matrix::Identity(d, d));
    for (int i = 0; i < d; ++i)
      for (int j = 0; j <= i; ++j) factor(k, at(i, j)) = i == j ? std::log(a(i, i)) : a(i, j);
  }

  void log_prob(const auto& z, auto&& log_p) const {
    check_rows("GaussianMixture", *this, z, log_p);
    const Weighting norm = weighting();
    each_panel<T>(z.rows(), [&](Index i, int count) { log_prob_of(z, i, count, norm).store(log_p.data() + i, count); });
  }
  /// share(n, k) <- probability that row n came from component k, 0 where no component has a density; log_p <- log p of
  /// the rows.
  void responsibilities(const auto& z, auto&& share, auto&& log_p) const {
    check_rows("GaussianMixture", *this, z, log_p);
    require_shape("GaussianMixture", "share", share, z.rows(), components());
    const Weighting norm = weighting();
    each_panel<T>(z.rows(), [&](Index i, int count) {
      const V l = log_prob_of(z, i, count, norm);
      l.store(log_p.data() + i, count);
      for (int k = 0; k < components(); ++k)
        share_of(component(z, i, count, k, norm), l).store(column(share, k).data() + i, count);
    });
  }
  void backward(const auto& z, const auto& g_log_p, auto&& g, GaussianMixture& grad) const {
    const Weighting norm = weighting();
    each_panel<T>(z.rows(), [&](Index i, int count) {
      const V log_p = log_prob_of(z, i, count, norm), l = V::load(g_log_p.data() + i, count);
      for (int k = 0; k < components(); ++k) {
        const V q = l * share_of(component(z, i, count, k, norm), log_p);
        if (grad.logits.size()) grad.logits(k) += sum(q - l * V(std::exp(norm(logits(k)))), count);
        const auto none = q == V(0);  // what does not reach a row has no part in it, also where u is infinite
        for (int r = 0; r < dim(); ++r) {
          const V u = select(none, V(0), q * row_of(z, i, count, k, r));
          for (int j = 0; j <= r; ++j) {
            const V pull = u * V(entry(k, r, j)), c = select(none, V(0), centred(z, i, count, k, j));
            add_to_panel(g, i, j, count, -pull);
            if (grad.mean.size()) grad.mean(k, j) += sum(pull, count);
            if (grad.factor.size()) grad.factor(k, at(r, j)) += sum(r == j ? q - pull * c : -u * c, count);
          }
        }
      }
    });
  }
  void sample(Random& random, auto&& z) const {
    require_columns("GaussianMixture", "z", z, dim());
    const Weighting norm = weighting();
    Random pick = random;
    ++random.draws;
    random.normal(z);
    // A chunk after the other: what is needed of a component is made once a chunk, not once a row.
    constexpr Index chunk = 64;
    for (Index first = 0; first < z.rows(); first += chunk) {
      const Index n = std::min(z.rows() - first, chunk);
      Eigen::Array<T, chunk, 1> component = Eigen::Array<T, chunk, 1>::Zero();
      Eigen::Array<double, chunk, 1> u;
      Random{pick.seed, pick.row + std::uint64_t(first), pick.draws}.uniform(u);
      for (int k = 0; k + 1 < components(); ++k) {
        u -= std::exp(double(norm(logits(k))));
        component += (u >= 0).template cast<T>();
      }
      for (int k = 0; k < components(); ++k)
        if ((component.head(n) == T(k)).any()) place(z, first, n, k, component);
    }
  }
  /// Of one component, where z = m + A^-1 e:  m_ = z_,  A_ = -(A^-T z_) (z - m)^T,  r_i_ = A_ii A_ii_ + l_. Which of
  /// several components a sample came from has no derivative: throws.
  void sample_backward(const auto& z, const auto& g, const auto& g_log_p, GaussianMixture& grad) const {
    require(components() == 1, "GaussianMixture: samples of ", components(),
            " components have no reparameterised gradient; use 1");
    if (!grad.mean.size() && !grad.factor.size()) return;
    Eigen::Matrix<T, D, 1> v(dim());
    for (Index n = 0; n < z.rows(); ++n) {
      for (int i = dim(); i--;) {  // A^T v = z_
        v(i) = g(n, i);
        for (int r = i + 1; r < dim(); ++r) v(i) -= entry(0, r, i) * v(r);
        v(i) /= entry(0, i, i);
      }
      for (int i = 0; i < dim(); ++i) {
        if (grad.mean.size()) grad.mean(0, i) += g(n, i);
        if (grad.factor.size())
          for (int j = 0; j <= i; ++j) {
            const T share = -v(i) * (z(n, j) - mean(0, j));
            grad.factor(0, at(i, j)) += i == j ? entry(0, i, i) * share + g_log_p(n) : share;
          }
      }
    }
  }

 private:
  static Index at(Index i, Index j) { return i * (i + 1) / 2 + j; }
  /// Finite, so that at the mean of a scale that is none the density is high, not NaN.
  T entry(int k, int i, int j) const {
    return i == j ? std::min(std::exp(factor(k, at(i, i))), std::numeric_limits<T>::max()) : factor(k, at(i, j));
  }
  /// log w of a logit. What all logits have in common is taken away first: its digits would be lost to theirs.
  struct Weighting {
    T top, log_sum;
    T operator()(T logit) const { return (logit - top) - log_sum; }
  };
  Weighting weighting() const {
    const T top = logits.maxCoeff();
    require(top != -std::numeric_limits<T>::infinity(),
            "GaussianMixture: every logit is -inf, no component has a weight");
    return {top, std::log((logits - top).exp().sum())};
  }
  V centred(const auto& z, Index i, int count, int k, int j) const {
    return load_panel(z, i, j, count) - V(mean(k, j));
  }
  V row_of(const auto& z, Index i, int count, int k, int r) const {
    V u(0);
    for (int j = 0; j <= r; ++j) u = fused(V(entry(k, r, j)), centred(z, i, count, k, j), u);
    return u;
  }
  /// z = m + A^-1 e for those of n rows that are of component k, by A (z - m) = e, first to last.
  void place(auto& z, Index first, Index n, int k, const auto& component) const {
    for (int r = 0; r < dim(); ++r) {
      const V scale(entry(k, r, r)), centre(mean(k, r));
      each_panel<T>(n, [&](Index i, int count) {
        const V e = load_panel(z, first + i, r, count);
        V y = e;
        for (int j = 0; j < r; ++j) y = fused(V(-entry(k, r, j)), centred(z, first + i, count, k, j), y);
        select(V::load(component.data() + i, count) == V(T(k)), y / scale + centre, e)
            .store(column(z, r).data() + first + i, count);
      });
    }
  }
  V component(const auto& z, Index i, int count, int k, Weighting norm) const {
    V square(0);
    T constant = norm(logits(k)) - T(dim()) * T(log_sqrt_two_pi);
    for (int r = 0; r < dim(); ++r) {
      const V u = row_of(z, i, count, k, r);
      square = fused(u, u, square);
      constant += factor(k, at(r, r));
    }
    return V(constant) - V(0.5) * square;
  }
  /// A component's share of a row; 0 where no component has a density, and where the component's own is lost.
  static V share_of(V term, V log_p) {
    const V q = exp(term - log_p);
    return select((q != q) & (log_p == log_p), V(0), q);
  }
  /// Rows of finite numbers that left the range of numbers on the way to component k: infinity - infinity is NaN.
  auto lost(const auto& z, Index i, int count, int k, V term) const {
    const bool sound = mean.row(k).allFinite() && factor.row(k).allFinite() && !logits.hasNaN();
    V zero(sound ? T(0) : std::numeric_limits<T>::quiet_NaN());
    for (int j = 0; j < dim(); ++j) zero += load_panel(z, i, j, count) - load_panel(z, i, j, count);
    return (term != term) & (zero == V(0));
  }
  V log_sum(const auto& term_of) const {
    constexpr T inf = std::numeric_limits<T>::infinity();
    V top(-inf), total(0);
    for (int k = 0; k < components(); ++k) {
      const V term = term_of(k), higher = max(top, term), shift = select(higher == V(-inf), V(0), higher);
      total = total * exp(top - shift) + exp(term - shift);
      top = higher;
    }
    return select(top == V(-inf), top, top + log(total));
  }
  V log_prob_of(const auto& z, Index i, int count, Weighting norm) const {
    const V log_p = log_sum([&](int k) { return component(z, i, count, k, norm); });
    if (!any(log_p != log_p)) return log_p;
    return log_sum([&](int k) {
      const V term = component(z, i, count, k, norm);
      return select(lost(z, i, count, k, term), V(-std::numeric_limits<T>::infinity()), term);
    });
  }
};
}  // namespace bijou
