#include <bijou/bijou.hpp>

#include "catch.hpp"

using namespace bijou;

TEST_CASE("made: hidden layers start from random weights, the outputs from zero") {
  Random random{5};
  const Made<double, 3, 0, 2, Tanh> net({6, 6}, random);
  for (std::size_t l = 0; l < 2; ++l) {
    CHECK((net.net.layers[l].w != 0.0).all());
    CHECK((net.net.layers[l].b != 0.0).all());
  }
  CHECK((net.net.layers[2].w == 0.0).all());
}
TEST_CASE("made: residual connections add what comes in to what goes out of a hidden layer") {
  Random random{5}, again{5};
  const auto order = natural_order(2);
  using Net = Made<double, 2, 0, 1, Tanh>;
  const Net plain({4, 4}, order, random), residual({4, 4}, order, again, 0, {.residual = true});
  REQUIRE(same_bits(plain, residual));
  CHECK(residual.describe().find("residual") != std::string::npos);
  typename Net::Saved p, r;
  Buffer<double, 2> phi;
  const Batch<double, 2> x = Batch<double, 2>::Constant(1, 2, 0.5);
  plain.forward(x, phi, p);
  residual.forward(x, phi, r);
  const auto layer = [](const auto& s, int l) { return s.h.view().middleCols(4 * l, 4).eval(); };
  CHECK((layer(p, 0) == layer(r, 0)).all());
  CHECK((layer(r, 1) - layer(p, 1) - layer(p, 0)).abs().maxCoeff() < 1e-15);
}
TEST_CASE("made: as a plain conditioner, its adjoint by the inputs is that of differences") {
  Random random{5};
  using Net = Made<double, 2, 0, 2, Tanh>;
  Net net({5}, random);
  net.net.layers[1].w.setLinSpaced(-1, 1);
  typename Net::Saved s;
  Buffer<double, 4> phi, g_phi;
  Batch<double, 2> x(1, 2), g_x = Batch<double, 2>::Zero(1, 2);
  x << 0.3, -0.7;
  const auto value = [&] {
    net.forward(x, phi, s);
    return phi.view().sum();
  };
  value();
  g_phi.set_zero(1, 4);
  g_phi.view().setOnes();
  Net nothing = no_gradient(net);
  net.backward(s, g_phi, g_x, nothing);
  for (int i = 0; i < 2; ++i) {
    const double at = x(0, i), h = 1e-5;
    x(0, i) = at + h;
    const double above = value();
    x(0, i) = at - h;
    CHECK(g_x(0, i) == Approx((above - value()) / (2 * h)).margin(1e-9));
    x(0, i) = at;
  }
}
