#pragma once
#include <bijou/autodiff/broadcast.hpp>
#include <bijou/autodiff/notes.hpp>
#include <bijou/concepts/tile.hpp>
#include <bijou/concepts/transformer.hpp>

namespace bijou {
/// Applies map(x, phi, log_det), a transformer's forward or inverse, to one feature: a column of rows, panel by panel.
/// phi: N x P, or 1 x P shared by the rows. The last panel goes through the same vector code as the others.
template <class Phi>
void map_column(auto&& x, const Phi& phi, auto&& log_det, auto map) {
  using T = typename Phi::Scalar;
  constexpr bool shared = Phi::RowsAtCompileTime == 1;
  T *const at = x.data(), *const sum = log_det.data();
  each_panel<T>(x.rows(), [&](Index i, int count) {
    auto v = Lanes<T>::load(at + i, count), l = Lanes<T>(0);
    map(v, Parameters<T, shared>{phi.data() + (shared ? 0 : i), phi.colStride(), count}, l);
    v.store(at + i, count);
    (Lanes<T>::load(sum + i, count) + l).store(sum + i, count);
  });
}
/// Applies adjoint(x, phi, g, g_log_det, g_phi), a transformer's backward, to one feature. g_phi: nullptr where nobody
/// wants it, else laid out as phi is.
template <class Phi>
void pull_column(const auto& x, const Phi& phi, auto&& g, const auto& g_log_det, typename Phi::Scalar* g_phi,
                 auto adjoint) {
  using T = typename Phi::Scalar;
  constexpr bool shared = Phi::RowsAtCompileTime == 1;
  T* const at = g.data();
  each_panel<T>(x.rows(), [&](Index i, int count) {
    const Index row = shared ? 0 : i;
    auto v = Lanes<T>::load(at + i, count);
    adjoint(Lanes<T>::load(x.data() + i, count), Parameters<T, shared>{phi.data() + row, phi.colStride(), count}, v,
            Lanes<T>::load(g_log_det.data() + i, count),
            ParameterAdjoint<T, shared>{g_phi ? g_phi + row : nullptr, phi.colStride(), count});
    v.store(at + i, count);
  });
}

/// A transformer whose forward can note for its backward what both need. It adds each parameter's adjoint once.
template <class H>
concept TakesNotes = Transformer<H> && requires {
  H::notes;
};
/// forward with notes: the first in `notes`, columns laid out as phi is, the others in `more`.
template <TakesNotes H, class T>
void map_column_noting(auto&& x, const auto& phi, auto&& log_det, T* notes, T* more) {
  T *const at = x.data(), *const sum = log_det.data();
  alignas(64) T last[H::notes * Lanes<T>::size];
  each_panel<T>(x.rows(), [&](Index i, int count) {
    auto v = Lanes<T>::load(at + i, count), l = Lanes<T>(0);
    const Notes<T, H::arity> there{notes + i, more + i, phi.colStride()};
    const bool whole = count == Lanes<T>::size;
    H::forward(v, Parameters<T, false>{phi.data() + i, phi.colStride(), count}, l, whole ? there : there.own(last));
    v.store(at + i, count);
    (Lanes<T>::load(sum + i, count) + l).store(sum + i, count);
    if (!whole)
      for (int j = 0; j < H::notes; ++j) there.own(last)[j].store(there.at(j), count);
  });
}
/// backward from those notes. The adjoints of phi take the place of the first ones.
template <TakesNotes H, class T>
void pull_column_noted(const auto& x, auto&& g, const auto& g_log_det, T* notes, T* more, Index stride) {
  T* const at = g.data();
  alignas(64) T last[H::notes * Lanes<T>::size];
  each_panel<T>(x.rows(), [&](Index i, int count) {
    auto v = Lanes<T>::load(at + i, count);
    const Notes<T, H::arity> there{notes + i, more + i, stride};
    const bool whole = count == Lanes<T>::size;
    if (!whole)
      for (int j = 0; j < H::notes; ++j) there.own(last).set(j, Lanes<T>::load(there.at(j), count));
    const auto note = whole ? there : there.own(last);
    H::backward_from(note, Lanes<T>::load(x.data() + i, count), v, Lanes<T>::load(g_log_det.data() + i, count),
                     FirstAdjoint<T>{note.p, note.stride});
    v.store(at + i, count);
    if (!whole)
      for (int j = 0; j < H::arity; ++j) note[j].store(there.at(j), count);
  });
}

/// A transformer's four functions as values, so that a layer has one body for both directions.
template <Transformer H>
struct Maps {
  static constexpr auto forward = [](auto& x, const auto& phi, auto& log_det) { H::forward(x, phi, log_det); };
  static constexpr auto inverse = [](auto& x, const auto& phi, auto& log_det) { H::inverse(x, phi, log_det); };
  static constexpr auto backward = [](const auto& x, const auto& phi, auto& g, const auto& g_log_det, auto&& g_phi) {
    H::backward(x, phi, g, g_log_det, g_phi);
  };
  static constexpr auto inverse_backward = [](const auto& x, const auto& phi, auto& g, const auto& g_log_det,
                                              auto&& g_phi) {
    bijou::inverse_backward<H>(x, phi, g, g_log_det, g_phi);
  };
};
}  // namespace bijou
