#pragma once
#include <tuple>

#include <bijou/core/errors.hpp>
#include <bijou/layers/inverse.hpp>

namespace bijou {
/// Layers one after another, data -> noise. A layer narrower than the chain acts on its first columns: what lies behind
/// is context, which layers without a context do not see. All have one of two widths: features, or features + context.
template <class... Ls>
struct Chain {
  using Scalar = typename std::tuple_element_t<0, std::tuple<Ls...>>::Scalar;
  using T = Scalar;
  static constexpr std::size_t depth = sizeof...(Ls);
  static constexpr int D = [] {
    int d = 0;
    ((d = wider(d, Ls::D)), ...);
    return d;
  }();
  static constexpr int narrowest = [] {
    int d = D;
    ((d = Ls::D == Dynamic ? d : std::min(d, Ls::D)), ...);
    return d;
  }();
  static_assert((std::is_same_v<typename Ls::Scalar, Scalar> && ...),
                "Chain: all layers must have the same scalar type");
  static_assert(((Ls::D == D || Ls::D == Dynamic || D == Dynamic || Ls::D == narrowest) && ...),
                "Chain: a layer must have the features of its neighbours, or the features and the context");

  std::tuple<Layer<Ls>...> layers;
  static auto fields(auto& self) { return named("layers", self.layers); }

  explicit Chain(Ls... l) : layers(std::move(l)...) {
    const int wide = dim(), narrow = features();
    each([&]<std::size_t I>() { check_width(I, int(width(std::get<I>(layers))), narrow, wide); });
  }
  /// Columns of the widest layer (features and context), of the narrowest (features).
  int dim() const {
    int d = 0;
    each([&]<std::size_t I>() { d = std::max(d, int(width(std::get<I>(layers)))); });
    return d;
  }
  int features() const {
    int d = dim();
    each([&]<std::size_t I>() { d = std::min(d, features_of(std::get<I>(layers))); });
    return d;
  }
  /// The number of columns up to the last one that a layer transforms.
  int transformed() const {
    int d = 0;
    each([&]<std::size_t I>() { d = std::max(d, transformed_columns(std::get<I>(layers))); });
    return d;
  }
  /// Throws unless the layers transform the d features of a flow's base and see what else there is as a context.
  void require_features(int d) const {
    const int wide = dim(), narrow = features(), end = transformed();
    require(wide >= d, "Flow: the base has ", d, " features, the widest layer only ", wide);
    require(narrow == d || narrow == wide, "Flow: the base has ", d, " features, the narrowest layer ", narrow,
            ": layers must have the base's features, or these and the context");
    require(end <= d, "Flow: the base has ", d, " features, but a layer transforms ", end,
            " columns: a context must stay as it is");
  }
  std::string describe() const {
    std::string s;
    each([&]<std::size_t I>() { s += (I ? " -> " : "") + std::get<I>(layers).describe(); });
    return s;
  }

  using Saved = std::tuple<typename Ls::Saved...>;
  void forward(Tile<T, D> t, Saved& s) const {
    each([&]<std::size_t I>() {
      const auto& l = std::get<I>(layers);
      l.forward(t.first(width(l)), std::get<I>(s));
    });
  }
  void inverse(Tile<T, D> t, Saved& s) const {
    reversed([&]<std::size_t I>() {
      const auto& l = std::get<I>(layers);
      l.inverse(t.first(width(l)), std::get<I>(s));
    });
  }
  void backward(Saved& s, Tile<T, D> g, Chain& grad) const {
    reversed([&]<std::size_t I>() {
      const auto& l = std::get<I>(layers);
      l.backward(std::get<I>(s), g.first(width(l)), std::get<I>(grad.layers));
    });
  }
  void inverse_backward(Saved& s, Tile<T, D> g, Chain& grad) const {
    each([&]<std::size_t I>() {
      const auto& l = std::get<I>(layers);
      bijou::inverse_backward(l, std::get<I>(s), g.first(width(l)), std::get<I>(grad.layers));
    });
  }

 private:
  static void check_width(std::size_t layer, int columns, int narrow, int wide) {
    require(columns == wide || columns == narrow, "Chain: layer ", layer, " has ", columns,
            " columns; its neighbours have ", narrow,
            narrow == wide ? text("") : text(" (features) or ", wide, " (features and context)"));
  }
  static int features_of(const auto& layer) {
    if constexpr (requires { layer.features(); })
      return layer.features();
    else
      return int(width(layer));
  }
  static void each(auto step) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (step.template operator()<I>(), ...); }
    (std::make_index_sequence<depth>{});
  }
  static void reversed(auto step) {
    each([&]<std::size_t I>() { step.template operator()<depth - 1 - I>(); });
  }
};
}  // namespace bijou
