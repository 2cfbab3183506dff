#pragma once
#include <tuple>
#include <utility>

namespace bijou {
/// What a layer needs during its backward alone goes from its Saved to that of the next layer of the same type: one
/// piece of memory serves all of them, and stays in the nearest caches. A Saved with such scratch has a member of this
/// name.
template <class Saved>
void swap_scratch(Saved& a, Saved& b) {
  if constexpr (requires { a.swap_scratch(b); }) a.swap_scratch(b);
}
template <class... Ss>
void swap_scratch(std::tuple<Ss...>& a, std::tuple<Ss...>& b) {
  [&]<std::size_t... I>(std::index_sequence<I...>) { (swap_scratch(std::get<I>(a), std::get<I>(b)), ...); }
  (std::index_sequence_for<Ss...>{});
}
}  // namespace bijou
