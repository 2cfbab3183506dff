// Repetitions share what backward alone needs: the same numbers as with each layer's own, in the memory of one.
#include <bijou/bijou.hpp>
#include <bijou/layers/scratch.hpp>

#include "by_hand.hpp"
#include "flow/models.hpp"

using namespace bijou;
using namespace bijou::test;
namespace {
/// Which of the repetitions have adjoints of a net's units.
auto holders(const auto& saved) {
  std::vector<std::size_t> list;
  for (std::size_t i = 0; i < saved.size(); ++i)
    if (std::get<0>(saved[i]).conditioner.g.rows() > 0) list.push_back(i);
  return list;
}
/// Forward and backward (or inverse and its adjoint) through all repetitions by turns: together, and each alone.
template <class R>
void check(const R& random_repetitions, bool inverse) {
  const R layers = randomised(random_repetitions, 0.2);
  const std::size_t n = layers.layers.size(), start = inverse ? 0 : n - 1;
  Run<R> all(Batch<T, R::D>::Zero(0, R::D));
  std::vector<Run<typename R::L>> each(n, Run<typename R::L>(all.x));
  for (Index rows : {40, 7, 200, 40}) {  // what a larger tile left must not be found
    const Batch<T, R::D> x = Batch<T, R::D>::Random(rows, R::D), g = Batch<T, R::D>::Random(rows, R::D);
    const PerSample<T> g_log_det = PerSample<T>::Random(rows);
    R grad = zero_gradient(layers), wanted = grad;
    const auto back = [&](auto& run) { run.x = g, run.log_det = g_log_det; };
    all.x = x, all.log_det = PerSample<T>::Zero(rows);
    inverse ? layers.inverse(all.tile(), all.saved) : layers.forward(all.tile(), all.saved);
    back(all);
    inverse ? layers.inverse_backward(all.saved, all.tile(), grad) : layers.backward(all.saved, all.tile(), grad);
    CHECK(holders(all.saved) == std::vector{start});

    Run<typename R::L> one(x);
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t i = inverse ? n - 1 - k : k;
      inverse ? layers.layers[i].inverse(one.tile(), each[i].saved)
              : layers.layers[i].forward(one.tile(), each[i].saved);
    }
    back(one);
    for (std::size_t k = n; k--;) {
      const std::size_t i = inverse ? n - 1 - k : k;
      inverse ? layers.layers[i].inverse_backward(each[i].saved, one.tile(), wanted.layers[i])
              : layers.layers[i].backward(each[i].saved, one.tile(), wanted.layers[i]);
    }
    CHECK((all.x == one.x).all());
    CHECK(same_bits(grad, wanted));
  }
}
}  // namespace
TEST_CASE("repeat: one scratch serves the adjoints of all repetitions") {
  Random random{1};
  for (const bool inverse : {false, true}) {
    check(std::get<0>(real_nvp<T, 5, 4>({24, 20}, random).layers.layers), inverse);
    check(std::get<0>(neural_spline_flow<T, 2, 3>({16}, random).layers.layers), inverse);
    check(std::get<0>(maf<T, 4, 3>({20}, random).layers.layers), inverse);
    int turn = 0;
    check(repeat<4>([&] {
            Made<T, 3, 0, 2> net({9, 8}, turn++ % 2 ? reversed_order(3) : natural_order(3), random);
            return Chain{Autoregressive<Affine, Made<T, 3, 0, 2>>(std::move(net))};
          }),
          inverse);
  }
}
