#pragma once
#include <vector>

#include <bijou/layers/chain.hpp>
#include <bijou/layers/scratch.hpp>

namespace bijou {
/// N repetitions of a chain, each with its own weights, orders and permutations; compiled once.
template <int N, class... Ls>
struct Repeat {
  using L = Chain<Ls...>;
  using Scalar = typename L::Scalar;
  using T = Scalar;
  static_assert(N >= 1, "Repeat: at least one repetition");
  static constexpr int D = L::D, narrowest = L::narrowest;
  std::vector<L> layers;  // N of them; a std::array of 10,000 would fill the stack and not compile
  static auto fields(auto& self) { return named("layers", self.layers); }

  /// One repetition after another from make().
  explicit Repeat(auto make) requires requires {
    { make() } -> std::same_as<L>;
  }
  {
    layers.reserve(std::size_t(N));
    for (int i = 0; i < N; ++i) {
      layers.push_back(make());
      require(layers.back().dim() == dim(), "Repeat: repetition ", i, " has ", layers.back().dim(),
              " columns, the first has ", dim());
      require(layers.back().features() == features(), "Repeat: repetition ", i, " has ", layers.back().features(),
              " features, the first has ", features());
    }
  }
  /// 0 once the weights have been moved away: then nothing here reads a repetition that is not there.
  int dim() const { return layers.empty() ? 0 : layers[0].dim(); }
  int features() const { return layers.empty() ? 0 : layers[0].features(); }
  int transformed() const {
    int d = 0;
    for (const L& l : layers) d = std::max(d, l.transformed());
    return d;
  }
  std::string describe() const {
    if (layers.empty()) return "nothing, moved from";
    bool same = true;
    std::string all = layers[0].describe();
    for (const L& l : layers) same = same && l.describe() == all;
    if (same) return text(N, " x (", all, ")");
    for (std::size_t i = 1; i < layers.size(); ++i) all += " -> " + layers[i].describe();
    return all;
  }

  /// Of each repetition; the first one's serves all where nothing need be saved: it stays in the nearest caches.
  using Saved = std::vector<typename L::Saved>;
  void forward(Tile<T, D> t, Saved& s) const {
    s.resize(layers.size());
    for (std::size_t i = 0; i < layers.size(); ++i) layers[i].forward(t, s[t.saving ? i : 0]);
  }
  void inverse(Tile<T, D> t, Saved& s) const {
    s.resize(layers.size());
    for (std::size_t i = layers.size(); i--;) layers[i].inverse(t, s[t.saving ? i : 0]);
  }
  void backward(Saved& s, Tile<T, D> g, Repeat& grad) const {
    for (std::size_t i = layers.size(); i--;) {
      layers[i].backward(s[i], g, grad.layers[i]);
      swap_scratch(s[i], s[i > 0 ? i - 1 : layers.size() - 1]);
    }
  }
  void inverse_backward(Saved& s, Tile<T, D> g, Repeat& grad) const {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      layers[i].inverse_backward(s[i], g, grad.layers[i]);
      swap_scratch(s[i], s[i + 1 < layers.size() ? i + 1 : 0]);
    }
  }
};
/// A chain as it is, a single layer as a chain of one.
template <class... Ls>
Chain<Ls...> as_chain(Chain<Ls...> c) {
  return c;
}
template <class L>
Chain<L> as_chain(L layer) {
  return Chain<L>(std::move(layer));
}
/// repeat<8>([&] { return Chain{...}; }): the type from the maker. It may also return a single layer.
template <int N>
auto repeat(auto maker) {
  const auto make = [&maker] { return as_chain(maker()); };
  return [&]<class... Ls>(std::type_identity<Chain<Ls...>>) {
    return Repeat<N, Ls...>{make};
  }(std::type_identity<decltype(make())>{});
}
}  // namespace bijou
