#pragma once
#include <bijou/core/buffer.hpp>
#include <bijou/layers/repeat.hpp>

namespace bijou {
/// N repetitions that keep one repetition's state and their own two ends, and recompute the rest on the way back:
/// running a layer the other way leaves in `saved` what running it this way left there. Memory of one repetition, not
/// of N.
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
  int unconditional() const { return repeated.unconditional(); }
  std::string describe() const { return "reversible(" + repeated.describe() + ")"; }

  struct Saved {
    Buffer<T, D> data, noise, x;
    Buffer<T, 1> log_det;
    typename R::L::Saved one;
  };
  void forward(Tile<T, D> t, Saved& s) const {
    s.data.assign(t.x);
    for (const auto& l : repeated.layers) l.forward(t, s.one);
    s.noise.assign(t.x);
  }
  void inverse(Tile<T, D> t, Saved& s) const {
    s.noise.assign(t.x);
    for (std::size_t i = repeated.layers.size(); i--;) repeated.layers[i].inverse(t, s.one);
    s.data.assign(t.x);
  }
  void backward(Saved& s, Tile<T, D> g, Reversible& grad) const {
    s.x.assign(s.noise.view());
    s.log_det.set_zero(g.x.rows());
    for (std::size_t i = repeated.layers.size(); i--;) {
      repeated.layers[i].inverse({s.x.view(), s.log_det.view(), g.random}, s.one);
      repeated.layers[i].backward(s.one, g, grad.repeated.layers[i]);
    }
  }
  void inverse_backward(Saved& s, Tile<T, D> g, Reversible& grad) const {
    s.x.assign(s.data.view());
    s.log_det.set_zero(g.x.rows());
    for (std::size_t i = 0; i < repeated.layers.size(); ++i) {
      repeated.layers[i].forward({s.x.view(), s.log_det.view(), g.random}, s.one);
      repeated.layers[i].inverse_backward(s.one, g, grad.repeated.layers[i]);
    }
  }
};
template <int N, class... Ls>
Reversible(Repeat<N, Ls...>) -> Reversible<N, Ls...>;
}  // namespace bijou
