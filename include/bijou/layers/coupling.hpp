#pragma once
#include <algorithm>
#include <utility>

#include <bijou/concepts/conditioner.hpp>
#include <bijou/layers/features.hpp>
#include <bijou/layers/mask.hpp>
#include <bijou/layers/scratch.hpp>

namespace bijou {
/// Coupling layer: the active features are transformed with parameters made from the passive ones and the context,
///     y_b = h(x_b; c(x_a)),   y_a = x_a,   log|det J| = sum_i log h'(x_bi; phi_i)      (J is triangular)
/// x: N x D, D = B + A; phi: N x (P B), the P parameters of a feature adjacent. Which features are active says `Split`:
/// by default the first B. With the context alone behind B features it is the conditional elementwise layer. Source:
/// Dinh et al. 2017, Real NVP, eqs. 4-8. arXiv:1605.08803
template <Transformer H, Conditioner C, class Split = FirstActive>
struct Coupling {
  using T = typename C::Scalar;
  using Scalar = T;
  static constexpr int P = H::arity, A = C::in, B = over(C::out, P), D = plus(A, B);
  static_assert(P > 0,
                "Coupling: the transformer must have parameters for the conditioner to make; else use Elementwise");
  static_assert(C::out == Dynamic || B * P == C::out,
                "Coupling: the conditioner's outputs must be a multiple of the transformer's arity");
  static_assert(A != 0 && (B != 0),
                "Coupling: there must be features (or a context) to read and features to transform");

  C conditioner;
  Split split;
  static auto fields(auto& self) { return named("conditioner", self.conditioner); }

  explicit Coupling(C c, Split how = {}) requires std::default_initializable<Split>
      : Coupling(Checked{}, std::move(c), std::move(how)) {}
  Coupling(C c, Split how) requires(!std::default_initializable<Split>)
      : Coupling(Checked{}, std::move(c), std::move(how)) {}
  int dim() const { return active() + conditioner.inputs(); }
  int transformed() const { return int(split.active(active() - 1)) + 1; }
  std::string describe() const {
    return text("coupling(", H::name, ", ", conditioner.describe(), ", ", split.describe(), ")");
  }

  struct Saved {
    Buffer<T, B> x_b;
    Buffer<T, A> passive;
    Buffer<T, C::out> phi, g_phi;
    typename C::Saved conditioner;
    /// A transformer's notes for backward lie in g_phi, what does not fit there in more_notes. They are taken where a
    /// backward has been before, for there will be another.
    Buffer<T, Dynamic> more_notes;
    bool noted = false, note = false;
    void swap_scratch(Saved& other) {
      if constexpr (!TakesNotes<H>) std::swap(g_phi, other.g_phi);
      bijou::swap_scratch(conditioner, other.conditioner);
    }
  };
  void forward(Tile<T, D> t, Saved& s) const {
    keep(t, s);
    make_phi(t, s);
    if constexpr (TakesNotes<H>)
      if (s.note && t.x.rows() > 1) return push_noting(t, s);
    push(t, s, Maps<H>::forward);
  }
  void inverse(Tile<T, D> t, Saved& s) const {
    make_phi(t, s);
    push(t, s, Maps<H>::inverse);
    keep(t, s);
  }
  void backward(Saved& s, Tile<T, D> g, Coupling& grad) const {
    s.note = true;
    if constexpr (TakesNotes<H>) {
      if (std::exchange(s.noted, false)) {
        for (Index i = 0; i < active(); ++i)
          pull_column_noted<H>(column(s.x_b, i), column(g.x, split.active(i)), g.log_det,
                               of_feature<P>(s.g_phi, i).data(), of_feature<more>(s.more_notes, i).data(),
                               s.phi.rows());
        return pull_conditioner(s, g, grad);
      }
      s.more_notes.resize(s.phi.rows(), active() * more);
    }
    pull(s, g, grad, Maps<H>::backward);
  }
  void inverse_backward(Saved& s, Tile<T, D> g, Coupling& grad) const {
    s.noted = false;
    pull(s, g, grad, Maps<H>::inverse_backward);
  }

 private:
  /// Notes of a feature that do not fit into the place of its parameters' adjoints.
  static constexpr int more = [] {
    if constexpr (TakesNotes<H>) return std::max(0, H::notes - P);
    return 0;
  }();
  struct Checked {};
  Coupling(Checked, C c, Split how) : conditioner(std::move(c)), split(std::move(how)) {
    require(int(conditioner.outputs()) % P == 0, "Coupling: the conditioner's outputs must be a multiple of ", P,
            ", the arity of ", H::name, ", are ", int(conditioner.outputs()));
    require(int(conditioner.inputs()) > 0, "Coupling: there must be features (or a context) to read");
    split.check(int(active()), int(conditioner.inputs()));
  }
  auto active() const { return Eigen::fix<B>(int(conditioner.outputs()) / P); }

  void keep(Tile<T, D>& t, Saved& s) const {
    if (!t.saving) return;
    s.x_b.resize(t.x.rows(), active());
    for (Index i = 0; i < active(); ++i)
      copy_column(column(t.x, split.active(i)).data(), column(s.x_b, i).data(), t.x.rows());
  }
  void make_phi(Tile<T, D>& t, Saved& s) const {
    if constexpr (Split::contiguous)
      conditioner.forward(t.x.rightCols(conditioner.inputs()), s.phi, s.conditioner);
    else {
      s.passive.resize(t.x.rows(), conditioner.inputs());
      for (Index i = 0; i < s.passive.cols(); ++i)
        copy_column(column(t.x, split.passive(i)).data(), column(s.passive, i).data(), t.x.rows());
      conditioner.forward(s.passive.view(), s.phi, s.conditioner);
    }
    s.noted = false;
  }
  void push(Tile<T, D>& t, Saved& s, auto map) const {
    map_features<H>(
        t, active(), s.phi, [this](Index i) { return split.active(i); }, map);
  }
  void push_noting(Tile<T, D>& t, Saved& s) const {
    s.g_phi.resize(s.phi.rows(), s.phi.cols());
    s.more_notes.resize(s.phi.rows(), active() * more);
    for (Index i = 0; i < active(); ++i)
      map_column_noting<H>(column(t.x, split.active(i)), of_feature<P>(s.phi, i), t.log_det,
                           of_feature<P>(s.g_phi, i).data(), of_feature<more>(s.more_notes, i).data());
    s.noted = true;
  }
  void pull(Saved& s, Tile<T, D>& g, Coupling& grad, auto adjoint) const {
    s.g_phi.set_zero(s.phi.rows(), s.phi.cols());
    for (Index i = 0; i < active(); ++i)
      pull_column(column(s.x_b, i), of_feature<P>(s.phi, i), column(g.x, split.active(i)), g.log_det,
                  of_feature<P>(s.g_phi, i).data(), adjoint);
    pull_conditioner(s, g, grad);
  }
  void pull_conditioner(Saved& s, Tile<T, D>& g, Coupling& grad) const {
    if constexpr (Split::contiguous)
      conditioner.backward(s.conditioner, s.g_phi, g.x.rightCols(conditioner.inputs()), grad.conditioner);
    else {
      s.passive.set_zero(g.x.rows(), conditioner.inputs());
      conditioner.backward(s.conditioner, s.g_phi, s.passive.view(), grad.conditioner);
      for (Index i = 0; i < s.passive.cols(); ++i)
        add_column(column(s.passive, i).data(), column(g.x, split.passive(i)).data(), g.x.rows());
    }
  }
};
}  // namespace bijou
