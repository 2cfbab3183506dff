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
/// Mlp (one group a layer) and Made (a group for each degree) are the same code.
template <class T, Activation Act>
struct Network {
  std::vector<Dense<T>> layers;
  NetOptions options;
  static auto fields(auto& self) { return named("layers", self.layers); }

  /// Of n rows, columns: the units of the hidden layers, layer after layer, then the inputs.
  struct Saved {
    Buffer<T> h, x, g;  // h: values; x: hidden units before the activation, where kept; g: adjoints of h
    Buffer<T> turned;
    Index inputs = 0;
    auto input() { return h.view().rightCols(inputs); }
    auto g_input() { return g.view().rightCols(inputs); }
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
  /// Group g of every hidden layer, first layer to last.
  void forward_hidden(std::size_t group, Saved& s) const {
    const Index n = s.h.rows();
    T* y = s.h.data();
    const T* before = s.input().data();
    for (std::size_t l = 0, end = hidden(); l < end; ++l) {
      const UnitGroup& g = layers[l].groups[group];
      T* const out = y + g.first * n;
      const bool done = Act::in_registers && !keeps_input();
      layers[l].template forward<Finish>(g, n, before, out, done);
      if (!done) {
        if (keeps_input()) std::copy_n(out, g.count * n, s.x.data() + (out - s.h.data()));
        const T* skipped = skips(l) ? before + g.first * n : nullptr;
        each_panel<T>(g.count * n, [&](Index i, int count) {
          auto v = Act::value(Lanes<T>::load(out + i, count));
          if (skipped) v += Lanes<T>::load(skipped + i, count);
          v.store(out + i, count);
        });
      }
      before = y;
      y += layers[l].units() * n;
    }
  }
  void forward_output(std::size_t group, Saved& s, T* y) const {
    const Index n = s.h.rows();
    layers.back().template forward<Finish>(layers.back().groups[group], n, inputs_of(hidden(), s.h, s), y, false);
  }

  /// The last group, which sees all that others see, comes first on the way back: it writes where others add.
  void start_backward(Saved& s) const {
    const Index n = s.h.rows();
    s.g.resize(n, s.h.cols());
    for (std::size_t l = 0; l < layers.size(); ++l) {
      const Index seen = skips(l) ? 0 : layers[l].groups.back().sees;
      std::fill_n(inputs_of(l, s.g, s) + seen * n, (width(l, s) - seen) * n, T(0));
    }
  }
  void backward_output(std::size_t group, Saved& s, const T* g_y, Network& grad) const {
    pull(hidden(), group, s, g_y, grad);
  }
  /// Group g of every hidden layer, last layer to first; the adjoints of these units must be complete.
  void backward_hidden(std::size_t group, Saved& s, Network& grad) const {
    const Index n = s.h.rows();
    for (std::size_t l = hidden(); l--;) {
      const UnitGroup& g = layers[l].groups[group];
      T *const g_y = inputs_of(l + 1, s.g, s) + g.first * n, *const g_before = skips(l)
                                                                                   ? inputs_of(l, s.g, s) + g.first * n
                                                                                   : nullptr;
      const T* kept = inputs_of(l + 1, keeps_input() ? s.x : s.h, s) + g.first * n;
      each_panel<T>(g.count * n, [&](Index i, int count) {
        const auto v = Lanes<T>::load(g_y + i, count), a = Lanes<T>::load(kept + i, count);
        if (g_before) (Lanes<T>::load(g_before + i, count) + v).store(g_before + i, count);
        (v * (keeps_input() ? Act::slope(a, Act::value(a)) : Act::slope(a, a))).store(g_y + i, count);
      });
      pull(l, group, s, g_y, grad);
    }
  }
  /// "64-64-relu", with "-residual" where so.
  std::string describe() const {
    std::string s;
    for (std::size_t l = 0; l < hidden(); ++l) s += std::to_string(layers[l].units()) + "-";
    return s + Act::name + (options.residual ? "-residual" : "");
  }

 private:
  using Finish = std::conditional_t<Act::in_registers, Act, typename Dense<T>::Linear>;
  /// Where the columns of a buffer begin that layer l reads, and how many they are.
  T* inputs_of(std::size_t l, Buffer<T>& columns, const Saved& s) const {
    Index first = l == 0 ? s.h.cols() - s.inputs : 0;
    for (std::size_t i = 0; i + 1 < l; ++i) first += layers[i].units();
    return columns.data() + first * s.h.rows();
  }
  Index width(std::size_t l, const Saved& s) const { return l == 0 ? s.inputs : layers[l - 1].units(); }
  void pull(std::size_t l, std::size_t group, Saved& s, const T* g_y, Network& grad) const {
    const bool fresh = group + 1 == layers[l].groups.size() && !skips(l);
    layers[l].backward(layers[l].groups[group], s.h.rows(), inputs_of(l, s.h, s), g_y, inputs_of(l, s.g, s), fresh,
                       s.turned, grad.layers[l]);
  }
  bool keeps_input() const { return !Act::from_output || options.residual; }
  bool skips(std::size_t l) const { return options.residual && l > 0 && layers[l].units() == layers[l - 1].units(); }
};
}  // namespace bijou
