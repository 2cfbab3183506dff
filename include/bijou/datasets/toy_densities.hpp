#pragma once
#include <tuple>

#include <bijou/datasets/checkerboard.hpp>
#include <bijou/datasets/eight_gaussians.hpp>
#include <bijou/datasets/moons.hpp>
#include <bijou/datasets/pinwheel.hpp>
#include <bijou/datasets/plane.hpp>
#include <bijou/datasets/rings.hpp>
#include <bijou/datasets/spirals.hpp>

namespace bijou {
/// Every 2-D density of which the exact log density is known: adding one is adding it here.
using ToyDensities = std::tuple<EightGaussians, Checkerboard, Moons, Circles, Rings, SwissRoll, TwoSpirals, Pinwheel,
                                FourCircles, Diamond, Gaussian, Crescent, CrescentCubed, SineWave, Abs, Sign>;

/// visit(density) for each of them.
inline void each_toy_density(auto visit) {
  std::apply([&](auto... density) { (visit(density), ...); }, ToyDensities{});
}
}  // namespace bijou
