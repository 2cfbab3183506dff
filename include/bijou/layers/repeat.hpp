#pragma once
#include <array>

#include <bijou/layers/chain.hpp>

namespace bijou {
/// N repetitions of a chain, each with its own weights, orders and permutations; compiled once.
template <int N, class... Ls>
struct Repeat {
  using L = Chain<Ls...>;
  using Scalar = typename L::Scalar;
  using T = Scalar;
  static_assert(N >= 1, "Repeat: at least one repetition");
  static constexpr int D = L::D, narrowest = L::narrowest;
  std::array<L, N> layers;
  static auto fields(auto& self) { return named("layers", self.layers); }

  /// One repetition after another from make().
  explicit Repeat(auto make) requires requires {
    { make() } -> std::same_as<L>;
  } : Repeat(make, std::make_index_sequence<std::size_t(N)>{}) {
    for (int i = 1; i < N; ++i)
      require(layers[std::size_t(i)].dim() == dim(), "Repeat: repetition ", i, " has ", layers[std::size_t(i)].dim(),
              " columns, the first has ", dim());
  }
  int dim() const { return layers[0].dim(); }
  int features() const { return layers[0].features(); }
  std::string describe() const {
    bool same = true;
    std::string all = layers[0].describe();
    for (const L& l : layers) same = same && l.describe() == all;
    if (same) return text(N, " x (", all, ")");
    for (int i = 1; i < N; ++i) all += " -> " + layers[std::size_t(i)].describe();
    return all;
  }

  using Saved = std::array<typename L::Saved, N>;
  void forward(Tile<T, D> t, Saved& s) const {
    for (std::size_t i = 0; i < N; ++i) layers[i].forward(t, s[i]);
  }
  void inverse(Tile<T, D> t, Saved& s) const {
    for (std::size_t i = N; i--;) layers[i].inverse(t, s[i]);
  }
  void backward(Saved& s, Tile<T, D> g, Repeat& grad) const {
    for (std::size_t i = N; i--;) layers[i].backward(s[i], g, grad.layers[i]);
  }
  void inverse_backward(Saved& s, Tile<T, D> g, Repeat& grad) const {
    for (std::size_t i = 0; i < N; ++i) layers[i].inverse_backward(s[i], g, grad.layers[i]);
  }

 private:
  template <std::size_t... I>
  Repeat(auto make, std::index_sequence<I...>) : layers{((void)I, make())...} {}
};
/// repeat<8>([&] { return Chain{...}; }): the type from the maker.
template <int N>
auto repeat(auto make) {
  return [&]<class... Ls>(std::type_identity<Chain<Ls...>>) {
    return Repeat<N, Ls...>{make};
  }(std::type_identity<decltype(make())>{});
}
}  // namespace bijou
