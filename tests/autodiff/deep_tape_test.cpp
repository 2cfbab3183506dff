// A tape of a million nodes: nothing recurses, so a stack of 256 KiB does.
#include <bijou/autodiff/var.hpp>

#include "catch.hpp"
#include "small_stack.hpp"

using namespace bijou;
using V = Lanes<double>;

TEST_CASE(
    "tape: a chain and a sum of a million nodes in a stack of 256 KiB: recorded, reversed, destroyed [adversarial 62]",
    "[adversarial]") {
  double chain = 0, sum = 0, twice = 0;
  test::with_small_stack(256 * 1024, [&] {
    Tape<V> tape;
    const Var<V> x(V(1), tape);
    Var<V> y = x;
    for (int i = 0; i < 1000000; ++i) y = y + 1e-6;
    y.add_adjoint(V(1));
    tape.reverse();
    chain = x.adjoint()[0];
    tape.clear();
    const Var<V> z(V(2), tape);
    Var<V> total = 0;
    for (int i = 0; i < 1000000; ++i) total += z * 0.5;
    total.add_adjoint(V(1));
    tape.reverse();
    sum = z.adjoint()[0];
    tape.clear();
    const Var<V> w(V(1), tape);
    Var<V> doubled = w;
    for (int i = 0; i < 60; ++i) doubled = doubled + doubled;  // 2^60 paths, 60 nodes
    doubled.add_adjoint(V(1));
    tape.reverse();
    twice = w.adjoint()[0];
  });
  CHECK(chain == 1);
  CHECK(sum == 500000);
  CHECK(twice == 0x1p60);
}
