#pragma once
#include <utility>
#include <vector>

#include <bijou/core/buffer.hpp>
#include <bijou/layers/repeat.hpp>

namespace bijou {
/// N repetitions that keep what each was given, D columns, and recompute all else on the way back: the memory of one
/// repetition's nets, not of N. (Running layers the other way instead would need no columns, but where a layer is
/// nearly flat it comes back to another point.)
template <int N, class... Ls>
struct Reversible {
  using R = Repeat<N, Ls...>;
  using Scalar = typename R::Scalar;
  using T = Scalar;
  static constexpr int D = R::D, narrowest = R::narrowest;
  R repeated;
  static auto fields(auto& self) { return named("repeated", self.repeated); }
  explicit Reversible(R r) : repeated(std::move(r)) {}
  int dim() const { return repeated.dim(); }
  int features() const { return repeated.features(); }
  int transformed() const { return repeated.transformed(); }
  std::string describe() const { return "reversible(" + repeated.describe() + ")"; }

  struct Saved {
    std::vector<Buffer<T, D>> from;  // what each repetition was given, by forward or by inverse
    bool inverted = false;
    Buffer<T, D> rows;
    Buffer<T, 1> log_det;
    typename R::L::Saved one;
  };
  void forward(Tile<T, D> t, Saved& s) const {
    const bool saving = begin(t, s, false);
    for (std::size_t i = 0; i < repeated.layers.size(); ++i) {
      if (saving) s.from[i].assign(t.x);
      repeated.layers[i].forward(t, s.one);
    }
  }
  void inverse(Tile<T, D> t, Saved& s) const {
    const bool saving = begin(t, s, true);
    for (std::size_t i = repeated.layers.size(); i--;) {
      if (saving) s.from[i].assign(t.x);
      repeated.layers[i].inverse(t, s.one);
    }
  }
  void backward(Saved& s, Tile<T, D> g, Reversible& grad) const {
    for (std::size_t i = repeated.layers.size(); i--;) {
      recompute(i, s, g.random);
      repeated.layers[i].backward(s.one, g, grad.repeated.layers[i]);
    }
  }
  void inverse_backward(Saved& s, Tile<T, D> g, Reversible& grad) const {
    for (std::size_t i = 0; i < repeated.layers.size(); ++i) {
      recompute(i, s, g.random);
      repeated.layers[i].inverse_backward(s.one, g, grad.repeated.layers[i]);
    }
  }

 private:
  /// Whether a backward may follow; what layers save is made then.
  bool begin(Tile<T, D>& t, Saved& s, bool inverted) const {
    s.from.resize(repeated.layers.size());
    s.inverted = inverted;
    return std::exchange(t.saving, false);
  }
  /// s.one <- what repetition i left there.
  void recompute(std::size_t i, Saved& s, Random& random) const {
    s.rows.assign(s.from[i].view());
    s.log_det.set_zero(s.rows.rows());
    const Tile<T, D> t{s.rows.view(), s.log_det.view(), random};
    s.inverted ? repeated.layers[i].inverse(t, s.one) : repeated.layers[i].forward(t, s.one);
  }
};
template <int N, class... Ls>
Reversible(Repeat<N, Ls...>) -> Reversible<N, Ls...>;
}  // namespace bijou
