// Permutations and masks by hand: which feature goes where.
#include <bijou/layers/mask.hpp>
#include <bijou/layers/permutation.hpp>

#include "by_hand.hpp"

using namespace bijou;
using namespace bijou::test;

TEST_CASE("permutation: y_i = x_order(i), and every way back") {
  using L = Permutation<T, 3>;
  L l(Eigen::Array3i(2, 0, 1)), nothing = l;
  Run<L> r(rows<3>({{10, 20, 30}, {1, 2, 3}}));
  l.forward(r.tile(), r.saved);
  CHECK(equal<3>(r.x, {{30, 10, 20}, {3, 1, 2}}));
  l.inverse(r.tile(), r.saved);
  CHECK(equal<3>(r.x, {{10, 20, 30}, {1, 2, 3}}));
  l.backward(r.saved, r.tile(), nothing);
  CHECK(equal<3>(r.x, {{20, 30, 10}, {2, 3, 1}}));
  l.inverse_backward(r.saved, r.tile(), nothing);
  CHECK(equal<3>(r.x, {{10, 20, 30}, {1, 2, 3}}));
  CHECK((r.log_det == 0).all());
  CHECK((L().order == Eigen::Array3i(2, 1, 0)).all());
  CHECK(l.dim() == 3);
  CHECK_THROWS_WITH(L(Eigen::Array3i(0, 1, 1)), "Permutation: order must hold 0 .. 2, each once, is 0 1 1");
  CHECK_THROWS_WITH(L(Eigen::Array3i(2, 1, -1)), "Permutation: order must hold 0 .. 2, each once, is 2 1 -1");
  CHECK_THROWS_WITH(L(Order(Eigen::Array2i(0, 1))), "Permutation: order must have 3 entries, has 2");
  CHECK_THROWS_WITH((Permutation<T, Dynamic>(0)), "Permutation: order must have at least 1 entry, has 0");
  Random random{3};
  std::vector<int> firsts;
  for (int i = 0; i < 40; ++i) firsts.push_back(L(random).order(0));
  CHECK(*std::min_element(firsts.begin(), firsts.end()) == 0);
  CHECK(*std::max_element(firsts.begin(), firsts.end()) == 2);
}
TEST_CASE("masks: which features are active, which passive, what lies behind") {
  const RuntimeMask m({false, true, true, false, true});
  for (Index i = 0; i < 3; ++i) CHECK(m.active(i) == std::vector<Index>{1, 2, 4}[std::size_t(i)]);
  for (Index i = 0; i < 4; ++i) CHECK(m.passive(i) == std::vector<Index>{0, 3, 5, 6}[std::size_t(i)]);
  CHECK(m.describe() == "01101");
  using S = StaticMask<false, true, true, false, true>;
  for (Index i = 0; i < 3; ++i) CHECK(S::active(i) == m.active(i));
  for (Index i = 0; i < 4; ++i) CHECK(S::passive(i) == m.passive(i));
  CHECK(S::describe() == m.describe());
  CHECK(FirstActive::active(3) == 3);
  CHECK_NOTHROW(m.check(3, 2));
  CHECK_NOTHROW(m.check(3, 4));
  CHECK_NOTHROW(S::check(3, 2));
  CHECK_NOTHROW(S::check(3, 4));
  CHECK_NOTHROW(RuntimeMask({true, true}).check(2, 1));
  const std::string few = "Coupling: the mask has 3 active features, the conditioner makes parameters for 2";
  CHECK_THROWS_WITH(m.check(2, 2), few);
  CHECK_THROWS_WITH(S::check(2, 2), few);
  const std::string passive = "Coupling: the mask has 2 passive features, the conditioner reads only 1";
  CHECK_THROWS_WITH(m.check(3, 1), passive);
  CHECK_THROWS_WITH(S::check(3, 1), passive);
  CHECK_THROWS_WITH(RuntimeMask({false, false}),
                    "Coupling: the mask makes no feature active: at least one must be transformed");
}
