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

  struct Saved {
    std::vector<Buffer<T>> h, x,
        g;  // h[0]: the input, h[l]: hidden layer l; x: before the activation; g: adjoints of h
    Buffer<T> turned;
  };
  std::size_t hidden() const { return layers.size() - 1; }

  /// Hidden layers start from random weights; the last from zero, so that a layer starts from phi = 0.
  void initialise(Random& random) {
    for (std::size_t l = 0; l < hidden(); ++l) layers[l].initialise(random);
  }
  void start(Index n, Index inputs, Saved& s) const {
    s.h.resize(layers.size());
    s.x.resize(layers.size());
    s.h[0].resize(n, inputs);
    for (std::size_t l = 1; l < layers.size(); ++l) {
      s.h[l].resize(n, layers[l - 1].units());
      if (keeps_input()) s.x[l].resize(n, layers[l - 1].units());
    }
  }
  /// Group g of every hidden layer, first layer to last.
  void forward_hidden(std::size_t group, Saved& s) const {
    const Index n = s.h[0].rows();
    for (std::size_t l = 0; l < hidden(); ++l) {
      const UnitGroup& g = layers[l].groups[group];
      T* y = s.h[l + 1].data() + g.first * n;
      const bool done = Act::in_registers && !keeps_input();
      layers[l].template forward<Finish>(g, n, s.h[l], y, done);
      if (done) continue;
      if (keeps_input()) std::copy_n(y, g.count * n, s.x[l + 1].data() + g.first * n);
      const T* before = skips(l) ? s.h[l].data() + g.first * n : nullptr;
      each_panel<T>(g.count * n, [&](Index i, int count) {
        auto v = Act::value(Lanes<T>::load(y + i, count));
        if (before) v += Lanes<T>::load(before + i, count);
        v.store(y + i, count);
      });
    }
  }
  void forward_output(std::size_t group, Saved& s, T* y) const {
    layers.back().template forward<Finish>(layers.back().groups[group], s.h[0].rows(), s.h.back(), y, false);
  }

  /// The last group, which sees all that others see, comes first on the way back: it writes where others add.
  void start_backward(Saved& s) const {
    s.g.resize(layers.size());
    for (std::size_t l = 0; l < layers.size(); ++l) {
      s.g[l].resize(s.h[l].rows(), s.h[l].cols());
      s.g[l].view().rightCols(s.g[l].cols() - (skips(l) ? 0 : layers[l].groups.back().sees)).setZero();
    }
  }
  void backward_output(std::size_t group, Saved& s, const T* g_y, Network& grad) const {
    const std::size_t l = hidden();
    layers[l].backward(layers[l].groups[group], s.h[0].rows(), s.h[l], g_y, s.g[l], fresh(l, group), s.turned,
                       grad.layers[l]);
  }
  /// Group g of every hidden layer, last layer to first; the adjoints of these units must be complete.
  void backward_hidden(std::size_t group, Saved& s, Network& grad) const {
    const Index n = s.h[0].rows();
    for (std::size_t l = hidden(); l--;) {
      const UnitGroup& g = layers[l].groups[group];
      const Index first = g.first * n;
      T *g_y = s.g[l + 1].data() + first, *g_before = skips(l) ? s.g[l].data() + first : nullptr;
      const T* kept = (keeps_input() ? s.x : s.h)[l + 1].data() + first;
      each_panel<T>(g.count * n, [&](Index i, int count) {
        const auto v = Lanes<T>::load(g_y + i, count), a = Lanes<T>::load(kept + i, count);
        if (g_before) (Lanes<T>::load(g_before + i, count) + v).store(g_before + i, count);
        (v * (keeps_input() ? Act::slope(a, Act::value(a)) : Act::slope(a, a))).store(g_y + i, count);
      });
      layers[l].backward(g, n, s.h[l], g_y, s.g[l], fresh(l, group), s.turned, grad.layers[l]);
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
  bool fresh(std::size_t l, std::size_t group) const { return group + 1 == layers[l].groups.size() && !skips(l); }
  bool keeps_input() const { return !Act::from_output || options.residual; }
  bool skips(std::size_t l) const { return options.residual && l > 0 && layers[l].units() == layers[l - 1].units(); }
};
}  // namespace bijou
