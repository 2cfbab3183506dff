#pragma once
#include <string>

#include <bijou/conditioners/activation.hpp>
#include <bijou/conditioners/dense.hpp>

namespace bijou {
/// What a net is made with.
struct NetOptions {
  bool residual = false;  // h_{l+1} = h_l + s(h_l W + b) between hidden layers of one width
};

/// Dense layers one after another, an activation after each but the last. Evaluated group by group of units, so that
/// Mlp (one group a layer) and Made (a group for each degree) are the same code: first group to last, and back.
template <class T, Activation Act, class Groups>
struct Network {
  std::vector<Dense<T, Groups>> layers;
  NetOptions options;
  static auto fields(auto& self) { return named("layers", self.layers); }

  /// Of n rows, columns: the units of the hidden layers, layer after layer, then the inputs.
  struct Saved {
    Buffer<T> h, x, g;  // h: values; x: hidden units before the activation, where kept; g: adjoints of h
    Buffer<T> turned;
    Index inputs = 0;
    auto input() { return h.view().rightCols(inputs); }
    auto g_input() { return g.view().rightCols(inputs); }
    void swap_scratch(Saved& other) {
      std::swap(g, other.g);
      std::swap(turned, other.turned);
    }
  };
  std::size_t hidden() const { return layers.size() - 1; }

  /// Hidden layers start from random weights; the last from zero, so that a layer starts from phi = 0.
  void initialise(Random& random) {
    for (std::size_t l = 0; l < hidden(); ++l) layers[l].initialise(random);
  }
  void start(Index n, Index inputs, Saved& s) const {
    Index units = 0;
    for (std::size_t l = 0, end = hidden(); l < end; ++l) units += layers[l].units();
    s.inputs = inputs;
    s.h.resize(n, units + inputs);
    if (keeps_input()) s.x.resize(n, units);
  }
  /// Group g of every hidden layer, first layer to last, and of the outputs y: n x outputs, columns n apart. The inputs
  /// that it sees must be final. Where all are from the start, a row's sums need not wait group by group: AllGroups.
  void forward(auto g, Saved& s, T* y) const {
    const Index n = s.h.rows();
    T* units = s.h.data();
    const T* before = s.input().data();
    const bool at_once = Act::in_registers && !keeps_input();
    for (std::size_t l = 0, end = hidden(); l < end; ++l) {
      layers[l].template forward<Finish>(g, n, before, units, at_once);
      if (!at_once) activate(l, layers[l].seen.units(g), n, before, units, s);
      before = units;
      units += layers[l].units() * n;
    }
    layers.back().template forward<Finish>(g, n, before, y, false);
  }
  /// Inputs that feed no unit have adjoints from here on: zero.
  void start_backward(Saved& s) const {
    const Index n = s.h.rows(), fed = layers.front().seen.fed();
    s.g.resize(n, s.h.cols());
    std::fill_n(inputs_of(0, s.g, s) + fed * n, (s.inputs - fed) * n, T(0));
  }
  /// The adjoints of group g of every layer, last to first, from those of the outputs, g_y, of which group g and later
  /// ones must be final. Complete after group 0, which adds to the gradient.
  void backward(std::size_t g, Saved& s, const T* g_y, Network& grad) const {
    const Index n = s.h.rows();
    const bool at_once = Act::in_registers && !keeps_input();
    for (std::size_t l = layers.size(); l--;) {
      T* const g_x = inputs_of(l, s.g, s);
      if (l < hidden() && !at_once) through_activation(l, layers[l].seen.units(g), n, skips(l) ? g_x : nullptr, s);
      const T* const g_units = l < hidden() ? inputs_of(l + 1, s.g, s) : g_y;
      layers[l].template backward<Finish>(g, n, g_units, g_x, !skips(l),
                                          at_once && l > 0 ? inputs_of(l, s.h, s) : nullptr, s.turned);
      if (g == 0) layers[l].template add_gradient<Finish>(n, inputs_of(l, s.h, s), g_units, s.turned, grad.layers[l]);
    }
  }
  /// "64-64-relu", with "-residual" where so.
  std::string describe() const {
    std::string s;
    for (std::size_t l = 0; l < hidden(); ++l) s += std::to_string(layers[l].units()) + "-";
    return s + Act::name + (options.residual ? "-residual" : "");
  }

 private:
  using Finish = std::conditional_t<Act::in_registers, Act, Linear>;
  void activate(std::size_t l, Span own, Index n, const T* before, T* units, Saved& s) const {
    T* const y = units + own.first * n;
    if (keeps_input()) std::copy_n(y, own.count * n, s.x.data() + (y - s.h.data()));
    const T* const skipped = skips(l) ? before + own.first * n : nullptr;
    each_panel<T>(own.count * n, [&](Index i, int count) {
      auto v = Act::value(Lanes<T>::load(y + i, count));
      if (skipped) v += Lanes<T>::load(skipped + i, count);
      v.store(y + i, count);
    });
  }
  /// Adjoints of hidden layer l, of its activations -> of its sums; with a residual connection also to what it skips.
  void through_activation(std::size_t l, Span own, Index n, T* g_skipped, Saved& s) const {
    T* const g = inputs_of(l + 1, s.g, s) + own.first * n;
    const T* const kept = inputs_of(l + 1, keeps_input() ? s.x : s.h, s) + own.first * n;
    if (g_skipped) std::copy_n(g, own.count * n, g_skipped + own.first * n);
    each_panel<T>(own.count * n, [&](Index i, int count) {
      const auto v = Lanes<T>::load(g + i, count), a = Lanes<T>::load(kept + i, count);
      (v * (keeps_input() ? Act::slope(a, Act::value(a)) : Act::slope(a, a))).store(g + i, count);
    });
  }
  /// Where the columns of a buffer begin that layer l reads.
  T* inputs_of(std::size_t l, Buffer<T>& columns, const Saved& s) const {
    Index first = l == 0 ? s.h.cols() - s.inputs : 0;
    for (std::size_t i = 0; i + 1 < l; ++i) first += layers[i].units();
    return columns.data() + first * s.h.rows();
  }
  bool keeps_input() const { return !Act::from_output || options.residual; }
  /// Whether a residual connection leads past layer l: never past the outputs.
  bool skips(std::size_t l) const {
    return options.residual && l > 0 && l < hidden() && layers[l].units() == layers[l].seen.width();
  }
};
}  // namespace bijou
