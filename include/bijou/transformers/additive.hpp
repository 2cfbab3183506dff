#pragma once
namespace bijou {
/// y = x + b, log h' = 0.      b_ += y_,  x_ = y_.      phi = (b)
/// Source: Dinh et al. 2015, NICE, eq. 9. arXiv:1410.8516
struct Additive {
  static constexpr int arity = 1;
  static constexpr const char* name = "additive";
  static void forward(auto& x, const auto& phi, auto&) { x += phi[0]; }
  static void inverse(auto& x, const auto& phi, auto&) { x -= phi[0]; }
  static void backward(const auto&, const auto&, auto& g, const auto&, auto&& g_phi) { g_phi.add(0, g); }
};
}  // namespace bijou
