// expect: f.backward(saved, g, grad)
#include <bijou/layers/chain.hpp>

using namespace bijou;
/// Everything but backward.
struct Identity {
  using Scalar = float;
  static constexpr int D = 2;
  struct Saved {};
  static auto fields(auto&) { return named(); }
  std::string describe() const { return "identity"; }
  void forward(Tile<float, 2>, Saved&) const {}
  void inverse(Tile<float, 2>, Saved&) const {}
};
auto wrong() { return Chain<Identity>{Identity{}}; }
