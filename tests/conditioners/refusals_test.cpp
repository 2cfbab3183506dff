// Every refusal of nets and of elementwise layers, with its words.
#include <bijou/conditioners/made.hpp>
#include <bijou/conditioners/mlp.hpp>
#include <bijou/layers/elementwise.hpp>
#include <bijou/transformers/affine.hpp>

#include "catch.hpp"

using namespace bijou;

TEST_CASE("refusals: an MLP's widths") {
  Random random{1};
  using Net = Mlp<double, 2, 3>;
  CHECK_THROWS_WITH(Net({4}, random, 5), "Mlp: inputs must be 2, is 5");
  CHECK_THROWS_WITH(Net({4}, random, 2, 4), "Mlp: outputs must be 3, is 4");
  CHECK_THROWS_WITH(Net({4, 0}, random), "Mlp: hidden widths must be positive, one is 0");
  using Free = Mlp<double, Dynamic, Dynamic>;
  const std::string given = "Mlp: inputs and outputs must be given where they are Dynamic, are ";
  CHECK_THROWS_WITH(Free({4}, random, 2, 0), given + "2 and 0");
  CHECK_THROWS_WITH(Free({4}, random, -2, 1), given + "-2 and 1");
  CHECK_NOTHROW(Free({4}, random, 0, 1));
  CHECK_NOTHROW(Free({}, random, 1, 1));
}
TEST_CASE("refusals: a MADE's order, context and widths") {
  Random random{1};
  using Net = Made<double, 3, 0, 2>;
  CHECK_THROWS_WITH(Net({4}, natural_order(2), random), "Made: order must have 3 entries, has 2");
  CHECK_THROWS_WITH(Net({4}, natural_order(-1), random), "Made: order must have 3 entries, has 0");
  CHECK_THROWS_WITH(Net({4}, Eigen::Array3i(0, 2, 2), random), "Made: order must be a permutation of 0 .. 2, is 0 2 2");
  CHECK_THROWS_WITH(Net({4}, random, 3, 1), "Made: context must be 0, is 1");
  CHECK_THROWS_WITH(Net({4, -1}, random), "Made: hidden widths must be positive, one is -1");
  using Free = Made<double, Dynamic, Dynamic, 2>;
  CHECK_THROWS_WITH(Free({4}, Eigen::Array<int, Dynamic, 1>(0), random, 0),
                    "Made: order must have at least 1 entry, has 0");
  CHECK_THROWS_WITH(Free({4}, natural_order(2), random, -1), "Made: context must be given, is -1");
  CHECK((reversed_order(3) == Eigen::Array3i(2, 1, 0)).all());
}
TEST_CASE("refusals: an elementwise layer's features") {
  using Fixed = Elementwise<Affine, double, 3>;
  CHECK_THROWS_WITH(Fixed(2), "Elementwise: D must be 3, is 2");
  using Free = Elementwise<Affine, double, Dynamic>;
  CHECK_THROWS_WITH(Free(0), "Elementwise: D must be at least 1, is 0");
  CHECK(Free(2).dim() == 2);
  CHECK(Fixed().describe() == "elementwise(affine, 3)");
}
