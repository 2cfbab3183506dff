#pragma once
// The flows whose speed is compared with other libraries; `make_NAME()` makes one, sizes as in its comment.
#include <bijou/bijou.hpp>

namespace bijou::bench {
/// Eight affine couplings in two dimensions, net 1-64-64-2, s = 2 tanh(r / 2), base N(0, I).
inline auto make_realnvp2d() {
  Random random{1};
  return real_nvp<float, 2, 8>({64, 64}, random);
}
/// One autoregressive layer of five Gaussians to the unit square, net 1-64-64-15.
inline auto make_armog2d() {
  Random random{1};
  return autoregressive_mixture<float, 2, 5>({64, 64}, random);
}
/// Eight rational-quadratic couplings of 8 bins on [-5, 5], net 1-64-64-23.
inline auto make_nsf2d() {
  Random random{1};
  return neural_spline_flow<float, 2, 8, 8, 5>({64, 64}, random);
}
/// Five affine autoregressive layers, MADE with two hidden layers of 100 (D = 6) or 512 (D = 43).
inline auto make_maf6() {
  Random random{1};
  return maf<float, 6, 5>({100, 100}, random);
}
inline auto make_maf43() {
  Random random{1};
  return maf<float, 43, 5>({512, 512}, random);
}
/// Neural importance sampling on the unit cube: for each bit of a feature's number, a rational-quadratic coupling of 10
/// bins for the features that have it, given the others, and one the other way round; nets with two hidden layers
/// of 32.
template <int D>
auto make_nis() {
  Random random{1};
  using H = BoxedRationalQuadraticSpline<10>;
  using Net = Mlp<double, D / 2, D / 2 * H::arity, LeakyRelu>;
  int i = 0;
  return Flow{UniformBox<double, D>{}, repeat<2 * (D == 4 ? 2 : 3)>([&] {
                std::vector<bool> active(D);
                for (int f = 0; f < D; ++f) active[std::size_t(f)] = ((f >> (i / 2)) & 1) == i % 2;
                ++i;
                return Chain{Coupling<H, Net, RuntimeMask>(Net({32, 32}, random), RuntimeMask(active))};
              })};
}
inline auto make_nis4() { return make_nis<4>(); }
inline auto make_nis8() { return make_nis<8>(); }

/// Weights as training leaves them: none is zero, and no unit's sum grows with its number of inputs.
template <class F>
F trained(F flow) {
  std::vector<Index> sizes;
  each_parameter([&](const Path&, auto& a) { sizes.push_back(a.size()); }, flow);
  Random random{7};
  std::size_t i = 0;
  each_parameter(
      [&](const Path& path, auto& a) {
        // An array of weights comes before that of its units' biases.
        const bool weights = path.str().ends_with(".w");
        const double inputs = weights ? double(sizes[i]) / double(sizes[i + 1]) : 4;
        ++i;
        Eigen::Array<typename F::Scalar, Dynamic, 1> noise(a.size());
        random.normal(noise);
        for (Index k = 0; k < a.size(); ++k)
          a.data()[k] += static_cast<typename F::Scalar>(0.1 / std::sqrt(inputs)) * noise(k);
      },
      flow);
  return flow;
}
/// n rows in the flow's support.
template <class F>
Batch<typename F::Scalar, F::D> rows_for(const F& flow, Index n) {
  Random random{2};
  return flow.sample(n, random);
}
}  // namespace bijou::bench
