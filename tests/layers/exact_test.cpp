// Layers by hand: what goes where, with which sign, in numbers that anybody can check.
#include <bijou/conditioners/mlp.hpp>
#include <bijou/layers/coupling.hpp>
#include <bijou/layers/permutation.hpp>
#include <bijou/layers/repeat.hpp>
#include <bijou/layers/standardize.hpp>
#include <bijou/transformers/affine.hpp>

#include "by_hand.hpp"

using namespace bijou;
using namespace bijou::test;

TEST_CASE("coupling: y_b = x_b e^s + b with s and b from x_a, log det = s") {
  using Net = Mlp<T, 1, 2>;
  Random random{1};
  Net net({}, random);  // a linear map: (s, b) = W x_a + bias
  each_parameter(
      [](const Path&, auto& a) {
        for (Index i = 0; i < a.size(); ++i) a.data()[i] = 0.25 * T(i + 1);
      },
      net);
  Buffer<T, 2> phi;
  Net::Saved saved;
  const Batch<T, 1> passive = rows<1>({{2}, {-1}});
  net.forward(passive, phi, saved);
  const auto check = [&](auto layer, int active, int behind) {
    using L = decltype(layer);
    Batch<T, L::D> x(2, 2);
    x.col(active) << 3, 5;
    x.col(behind) = passive.col(0);
    Run<L> r(x);
    layer.forward(r.tile(), r.saved);
    CHECK((r.x.col(behind) == passive.col(0)).all());
    for (Index i = 0; i < 2; ++i) {
      CHECK(r.x(i, active) == Approx(x(i, active) * std::exp(phi.view()(i, 0)) + phi.view()(i, 1)).epsilon(1e-14));
      CHECK(r.log_det(i) == Approx(phi.view()(i, 0)).epsilon(1e-14));
    }
    layer.inverse(r.tile(), r.saved);
    CHECK((r.x - x).abs().maxCoeff() < 1e-14);
    CHECK(r.log_det.abs().maxCoeff() < 1e-14);
  };
  check(Coupling<Affine, Net>(net), 0, 1);
  check(Coupling<Affine, Net, RuntimeMask>(net, RuntimeMask({false, true})), 1, 0);
  check(Coupling<Affine, Net, StaticMask<true, false>>(net), 0, 1);
  check(Coupling<Affine, Net, StaticMask<false, true>>(net), 1, 0);
  using Free = Mlp<T, Dynamic, Dynamic>;
  CHECK_THROWS_WITH((Coupling<Affine, Free>(Free({}, random, 1, 3))),
                    "Coupling: the conditioner's outputs must be a multiple of 2, the arity of affine, are 3");
  CHECK_THROWS_WITH((Coupling<Affine, Free>(Free({}, random, 0, 2))),
                    "Coupling: there must be features (or a context) to read");
}
TEST_CASE("standardize: (x - mean) / deviation, log det = -sum log deviation, and both adjoints") {
  using L = Standardize<T, 2>;
  const Batch<T, 2> data = rows<2>({{1, 10}, {5, 30}});  // means 3 and 20, deviations 2 and 10
  const L l(data);
  L nothing = l;
  Run<L> r(data);
  l.forward(r.tile(), r.saved);
  CHECK(equal<2>(r.x, {{-1, -1}, {1, 1}}));
  CHECK(r.log_det(0) == Approx(-std::log(20.0)));
  l.inverse(r.tile(), r.saved);
  CHECK(equal<2>(r.x, {{1, 10}, {5, 30}}));
  CHECK(r.log_det.abs().maxCoeff() < 1e-15);
  l.backward(r.saved, r.tile(), nothing);
  CHECK(equal<2>(r.x, {{0.5, 1}, {2.5, 3}}));
  l.inverse_backward(r.saved, r.tile(), nothing);
  CHECK(equal<2>(r.x, {{1, 10}, {5, 30}}));
  CHECK(l.dim() == 2);
  CHECK(l.describe() == "standardize(2)");
  CHECK_THROWS_WITH(L(rows<2>({{1, 2}})), "Standardize: data must have at least 2 rows, has 1");
  CHECK_THROWS_WITH(L(rows<2>({{1, 2}, {1, std::nan("")}})), Catch::Contains("row 1, column 1"));
  CHECK_THROWS_WITH(L(rows<2>({{1, 2}, {1, 3}})), Catch::Contains("column 0 (counted from 0) is constant"));
}
TEST_CASE("repeat and chain: repetitions in their order, names, widths") {
  using P = Permutation<T, 3>;
  int made = 0;
  const auto layers = repeat<2>([&] { return Chain{P(made++ ? Eigen::Array3i(1, 0, 2) : Eigen::Array3i(2, 0, 1))}; });
  using L = std::remove_const_t<decltype(layers)>;
  L nothing = layers;
  Run<L> r(rows<3>({{10, 20, 30}}));
  layers.forward(r.tile(), r.saved);
  CHECK(equal<3>(r.x, {{10, 30, 20}}));  // (30, 10, 20), then the first two change places
  layers.inverse(r.tile(), r.saved);
  CHECK(equal<3>(r.x, {{10, 20, 30}}));
  layers.inverse_backward(r.saved, r.tile(), nothing);
  CHECK(equal<3>(r.x, {{10, 30, 20}}));
  layers.backward(r.saved, r.tile(), nothing);
  CHECK(equal<3>(r.x, {{10, 20, 30}}));
  CHECK(layers.describe() == "2 x (permutation(3))");
  CHECK(layers.dim() == 3);
  CHECK(layers.features() == 3);
  using Free = Permutation<T, Dynamic>;
  int width = 2;
  CHECK_THROWS_WITH(repeat<2>([&] { return Chain{Free(width++)}; }),
                    "Repeat: repetition 1 has 3 columns, the first has 2");
  const Chain both{P(Eigen::Array3i(2, 0, 1)), P(Eigen::Array3i(1, 0, 2))};
  using C = std::remove_const_t<decltype(both)>;
  C none = both;
  Run<C> c(rows<3>({{10, 20, 30}}));
  both.forward(c.tile(), c.saved);
  CHECK(equal<3>(c.x, {{10, 30, 20}}));
  both.inverse(c.tile(), c.saved);
  CHECK(equal<3>(c.x, {{10, 20, 30}}));
  both.inverse_backward(c.saved, c.tile(), none);
  CHECK(equal<3>(c.x, {{10, 30, 20}}));
  both.backward(c.saved, c.tile(), none);
  CHECK(equal<3>(c.x, {{10, 20, 30}}));
  const Chain mixed{Free(3), Free(2), Free(3)};
  CHECK(mixed.dim() == 3);
  CHECK(mixed.features() == 2);
  CHECK(mixed.describe() == "permutation(3) -> permutation(2) -> permutation(3)");
}
