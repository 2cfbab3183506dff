#pragma once
#include <cmath>
#include <variant>

#include <bijou/core/errors.hpp>
#include <bijou/core/flush_subnormals.hpp>
#include <bijou/core/gradient.hpp>
#include <bijou/core/lanes.hpp>
#include <bijou/core/share.hpp>

namespace bijou {
// Update rules. at(t) prepares step t = 1, 2, ...; its operator()(g, m, v) moves the two moments of a parameter and
// returns the direction d of   theta <- theta - rate d.

/// Stochastic gradient descent:  m <- mu m + g,  d = m, or g + mu m (Nesterov; Sutskever et al. 2013).
struct Sgd {
  double rate = 1e-2, momentum = 0;
  bool nesterov = false;
  auto at(long) const {
    return [mu = momentum, ahead = nesterov]<class V>(V g, V& m, V&) {
      m = V(mu) * m + g;
      return ahead ? g + V(mu) * m : m;
    };
  }
};
/// v <- rho v + (1 - rho) g^2,  d = g / (sqrt v + epsilon).  Hinton 2012, lecture 6e.
struct RmsProp {
  double rate = 1e-3, decay = 0.99, epsilon = 1e-8;
  auto at(long) const {
    return [rho = decay, eps = epsilon]<class V>(V g, V&, V& v) {
      v = V(rho) * v + V(1 - rho) * (g * g);
      return g / (sqrt(v) + V(eps));
    };
  }
};
/// m <- b1 m + (1 - b1) g,  v <- b2 v + (1 - b2) g^2,  d = m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon).
/// Kingma and Ba 2015, algorithm 1. arXiv:1412.6980
struct Adam {
  double rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  auto at(long t) const {
    return [*this, c1 = 1 / -std::expm1(double(t) * std::log(beta1)),
            c2 = 1 / -std::expm1(double(t) * std::log(beta2))]<class V>(V g, V& m, V& v) {
      m = V(beta1) * m + V(1 - beta1) * g;
      v = V(beta2) * v + V(1 - beta2) * (g * g);
      return V(c1) * m / (sqrt(V(c2) * v) + V(epsilon));
    };
  }
};
/// Adam with decoupled decay, d += weight_decay theta.  Loshchilov and Hutter 2019, arXiv:1711.05101
struct AdamW : Adam {
  double weight_decay = 1e-2;
};
/// As Adam with the largest gradient so far:  v <- max(b2 v, |g|),  d = m / (1 - b1^t) / (v + epsilon).
/// Kingma and Ba 2015, algorithm 2.
struct Adamax {
  double rate = 2e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
  auto at(long t) const {
    return [*this, c1 = 1 / -std::expm1(double(t) * std::log(beta1))]<class V>(V g, V& m, V& v) {
      m = V(beta1) * m + V(1 - beta1) * g;
      v = max(V(beta2) * v, abs(g));
      return V(c1) * m / (v + V(epsilon));
    };
  }
};
/// One of the rules, with its numbers.
using Optimizer = std::variant<Adam, AdamW, Adamax, RmsProp, Sgd>;

/// Throws for a rate that is not positive and finite, a momentum or beta outside [0, 1), an epsilon that is not
/// positive, each as a T: 1e-46 is 0 in float, and 0 / 0 where a gradient is 0.
template <class T>
void check(const Optimizer& optimizer) {
  const auto fraction = [](const char* name, double x) {
    require(x >= 0 && static_cast<T>(x) < 1, "optimizer: ", name, " must be in [0, 1), is ", x);
  };
  std::visit(
      [&](const auto& rule) {
        const auto normal = [](double x) { return x > 0 && std::isnormal(static_cast<T>(x)); };
        require(normal(rule.rate), "optimizer: rate must be positive and finite, is ", rule.rate);
        if constexpr (requires { rule.beta1; }) fraction("beta1", rule.beta1), fraction("beta2", rule.beta2);
        if constexpr (requires { rule.momentum; }) fraction("momentum", rule.momentum);
        if constexpr (requires { rule.decay; }) fraction("decay", rule.decay);
        if constexpr (requires { rule.epsilon; })
          require(normal(rule.epsilon), "optimizer: epsilon must be positive and finite, is ", rule.epsilon);
        if constexpr (requires { rule.weight_decay; })
          require(rule.weight_decay >= 0 && std::isfinite(rule.weight_decay),
                  "optimizer: weight_decay must not be negative and finite, is ", rule.weight_decay);
      },
      optimizer);
}

/// Sum of squares, in double: a float's square overflows where its gradient need not.
template <class T>
double sum_of_squares(const T* a, Index n) {
  double total = 0;
  Index i = 0;
  if constexpr (!std::is_same_v<T, long double>) {
    using V = Lanes<double>;
    constexpr int under_way = 8;  // sums that need not wait for each other
    V sums[under_way] = {};
    const auto add = [&](V& to) {
      const V x = V::of(__builtin_convertvector(Lanes<T, V::size>::load(a + i).v, typename V::Vector));
      to = fused(x, x, to);
      i += V::size;
    };
    while (i + under_way * V::size <= n)
      for (V& to : sums) add(to);
    while (i + V::size <= n) add(sums[0]);
    for (int k = 1; k < under_way; ++k) sums[0] += sums[k];
    total = sum(sums[0]);
  }
  for (; i < n; ++i) total += double(a[i]) * double(a[i]);
  return total;
}
/// Norm of all arrays of a gradient together, summed in double; not finite when a number in it is not.
template <class F>
double norm(const F& gradient) {
  double total = 0;
  each_parameter([&](const Path&, const auto& a) { total += sum_of_squares(a.data(), a.size()); }, gradient);
  return std::sqrt(total);
}

/// What step t = 1, 2, ... does to a parameter:  g <- shrink g + l2 theta,  theta <- theta - factor rate d.
template <class T>
class Update {
 public:
  Update(const Optimizer& optimizer, long t, double factor, double shrink, double l2)
      : shrink_(T(shrink)),
        l2_(T(l2)),
        direction_(std::visit(
            [&](const auto& rule) {
              rate_ = T(factor * rule.rate);
              if constexpr (requires { rule.weight_decay; }) decay_ = T(rule.weight_decay);
              return Direction(rule.at(t));
            },
            optimizer)) {}
  /// Of n parameters, with their gradient and two moments.
  void operator()(Index n, T* theta, const T* g, T* m, T* v) const {
    using V = Lanes<T>;
    std::visit(
        [&](const auto& direction) {
          each_panel<T>(n, [&](Index i, int count) {
            const V x = V::load(theta + i, count);
            V m_i = V::load(m + i, count), v_i = V::load(v + i, count);
            const V d = direction(V(shrink_) * V::load(g + i, count) + V(l2_) * x, m_i, v_i) + V(decay_) * x;
            (x - V(rate_) * d).store(theta + i, count);
            m_i.store(m + i, count);
            v_i.store(v + i, count);
          });
        },
        direction_);
  }

 private:
  template <class Rule>
  using At = decltype(std::declval<Rule>().at(1));
  using Direction = std::variant<At<Adam>, At<Adamax>, At<RmsProp>, At<Sgd>>;  // AdamW's is Adam's
  T shrink_, l2_, rate_ = 0, decay_ = 0;
  Direction direction_;
};
/// Moves every parameter that the gradient holds; first, second: the two moments. Of each array the part in `share`.
template <class F>
void step(const Update<typename F::Scalar>& update, F& model, const F& gradient, F& first, F& second,
          Share share = {}) {
  const FlushSubnormals flush;
  each_parameter(
      [&](const Path&, auto& theta, const auto& g, auto& m, auto& v) {
        const Index i = share.begin(g.size());
        update(share.end(g.size()) - i, theta.data() + i, g.data() + i, m.data() + i, v.data() + i);
      },
      model, gradient, first, second);
}
}  // namespace bijou
