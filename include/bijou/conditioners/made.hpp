#pragma once
#include <algorithm>

#include <bijou/concepts/conditioner.hpp>
#include <bijou/conditioners/network.hpp>
#include <bijou/core/errors.hpp>
#include <bijou/core/order.hpp>

namespace bijou {
/// Masked autoregressive net over [x | context]: the P outputs of a feature see the features before it in `order`, and
/// all of the context. Units are sorted by degree (how many features they see), a group for each, so that what a unit
/// may see is a prefix of the layer before: masked weights are neither stored nor multiplied.
/// `sweep` goes through the features once, so that an inverse, which learns them one by one, costs one pass as well.
/// Source: Germain et al. 2015, MADE, arXiv:1502.03509; Papamakarios et al. 2017, arXiv:1705.07057.
template <class T, int D, int C, int P, Activation Act = Relu>
struct Made {
  using Scalar = T;
  static constexpr int in = plus(D, C), out = times(D, P), arity = P;
  Network<T, Act, Staircase> net;
  Order order;  // order(i): the feature that comes as number i
  static auto fields(auto& self) { return named("net", self.net, "order", fixed(self.order)); }

  /// order: a permutation of 0 .. D-1; context: columns behind the features.
  Made(const std::vector<int>& hidden, Order feature_order, Random& random, int context = C, NetOptions options = {})
      : order(std::move(feature_order)), context_(context) {
    const Index d = order.size();
    require(d >= 1 && (D == Dynamic || d == D), "Made: order must have ",
            D == Dynamic ? text("at least 1 entry") : text(D, " entries"), ", has ", d);
    require(context >= 0 && (C == Dynamic || context == C), "Made: context must be ",
            C == Dynamic ? text("given") : text(C), ", is ", context);
    validate();

    std::vector<Index> before(static_cast<std::size_t>(d) + 1, 1), units(static_cast<std::size_t>(d));
    before[0] = context;  // then feature after feature; the last one feeds nothing
    for (int width : hidden) {
      require(width > 0, "Made: hidden widths must be positive, one is ", width);
      for (Index m = 0; m < d; ++m)
        units[static_cast<std::size_t>(m)] = units_below(m + 1, width) - units_below(m, width);
      net.layers.push_back(Dense<T, Staircase>({before, units}));
      before = units;
    }
    net.layers.push_back(Dense<T, Staircase>({before, std::vector<Index>(static_cast<std::size_t>(d), P)}));
    net.options = options;
    net.initialise(random);
  }
  explicit Made(const std::vector<int>& hidden, Random& random, int features = D, int context = C)
      : Made(hidden, natural_order(features), random, context) {}
  /// Throws unless the order is a permutation.
  void validate() const {
    require(is_permutation(order), "Made: order must be a permutation of 0 .. ", order.size() - 1, ", is ",
            listed(order));
  }
  auto inputs() const { return Eigen::fix<in>(int(order.size()) + context_); }
  auto outputs() const { return Eigen::fix<out>(P * int(order.size())); }
  std::string describe() const {
    return text("made(", order.size(), "+", context_, "-", net.describe(), "-", order.size(), "x", P,
                is_narrow() ? ", narrow)" : ")");
  }
  /// Whether a hidden layer has fewer units than there are degrees: some outputs then miss features before them (or the
  /// context), and describe() and summary() say "narrow".
  bool is_narrow() const {
    const auto full = [this](const auto& layer) { return layer.units() >= degrees(); };
    return !std::all_of(net.layers.begin(), net.layers.end() - 1, full);
  }

  struct Saved : Network<T, Act, Staircase>::Saved {
    Buffer<T, out> y, g_y;  // phi and its adjoint in the features' order, where that is another one
    void swap_scratch(Saved& other) {
      Network<T, Act, Staircase>::Saved::swap_scratch(other);
      std::swap(g_y, other.g_y);
    }
  };
  void forward(ConstView<Batch<T, in>> x, Buffer<T, out>& phi, Saved& s) const {
    if (x.rows() != 1) return sweep(x, phi, s, [](Index) {});
    const Index d = order.size();
    start(x, phi, s);
    for (Index i = 0; i < d; ++i) s.input()(0, context_ + i) = x(0, order(i));
    const bool in_place = is_natural();
    net.forward(AllGroups{}, s, in_place ? phi.data() : s.y.data());
    for (Index i = 0; i < d && !in_place; ++i)
      copy_column(of_feature<P>(s.y, i).data(), of_feature<P>(phi, order(i)).data(), P);
  }
  void backward(Saved& s, const Buffer<T, out>& g_phi, View<Batch<T, in>> g_x, Made& grad) const {
    sweep_backward(s, g_phi, g_x, grad,
                   [&](Index f, const auto& g) { add_column(g.data(), column(g_x, f).data(), g.rows()); });
  }

  /// Feature after feature, in order: phi of feature f is made from the features before it, then at_feature(f) is
  /// called, after which x.col(f) must be final.
  void sweep(const auto& x, Buffer<T, out>& phi, Saved& s, auto&& at_feature) const {
    const Index n = x.rows(), d = order.size();
    start(x, phi, s);
    const bool in_place = is_natural();
    T* const y = in_place ? phi.data() : s.y.data();
    auto input = s.input();
    for (Index i = 0; i < d; ++i) {
      const Index f = order(i);
      net.forward(static_cast<std::size_t>(i), s, y);
      if (!in_place) copy_column(of_feature<P>(s.y, i).data(), of_feature<P>(phi, f).data(), P * n);
      at_feature(f);
      copy_column(column(x, f).data(), column(input, context_ + i).data(), n);
    }
  }
  /// The adjoint, last feature first. at_feature(f, g) receives what later features add to the adjoint of x_f; after it
  /// g_phi of feature f must be final. The context's adjoint is added to g_x.
  void sweep_backward(Saved& s, const Buffer<T, out>& g_phi, auto& g_x, Made& grad, auto&& at_feature) const {
    const Index d = order.size();
    const bool in_place = is_natural();
    if (!in_place) s.g_y.resize(s.h.rows(), outputs());
    const T* const g_y = in_place ? g_phi.data() : s.g_y.data();
    net.start_backward(s);
    const auto g_input = s.g_input();
    for (Index i = d; i--;) {
      const Index f = order(i);
      at_feature(f, column(g_input, context_ + i));
      if (!in_place) copy_column(of_feature<P>(g_phi, f).data(), of_feature<P>(s.g_y, i).data(), P * g_phi.rows());
      net.backward(static_cast<std::size_t>(i), s, g_y, grad.net);
    }
    add_columns(g_input.leftCols(context_), g_x.rightCols(context_));
  }

 private:
  int context_;
  void start(const auto& x, Buffer<T, out>& phi, Saved& s) const {
    net.start(x.rows(), inputs(), s);
    phi.resize(x.rows(), outputs());
    if (!is_natural()) s.y.resize(x.rows(), outputs());
    copy_columns(x.rightCols(context_), s.input().leftCols(context_));
  }
  bool is_natural() const { return std::is_sorted(order.data(), order.data() + order.size()); }
  /// Of `width` hidden units, how many have a degree below m, as evenly as fours of units allow where there are a
  /// dozen for each: products have no column left over. Degree 0 would see nothing without a context.
  Index units_below(Index m, Index width) const {
    const Index reached = std::max<Index>(0, m - order.size() + degrees()), below = reached * width / degrees();
    return reached == degrees() || width < 12 * degrees() ? below : below / 4 * 4;
  }
  Index degrees() const { return order.size() - (context_ > 0 || order.size() == 1 ? 0 : 1); }
};
}  // namespace bijou
