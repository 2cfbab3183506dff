#pragma once
#include <bijou/bijou.hpp>

namespace bijou::test {
/// The model with random numbers in all its trained arrays: layers that start as the identity hide much.
template <class F>
F randomised(F flow, double size, std::uint64_t seed = 3) {
  Random random{seed};
  each_parameter(
      [&](const Path&, auto& a) {
        Batch<double, 1> noise(a.size(), 1);
        random.normal(noise);
        noise *= size;  // apart from the sum, or a compiler might fuse them
        for (Index i = 0; i < a.size(); ++i) a.data()[i] += typename F::Scalar(noise(i));
      },
      flow);
  return flow;
}
/// visit(name, flow) for each named model.
template <class T>
void each_model(auto visit) {
  Random random{1};
  const auto with = [&](const char* name, auto flow) { visit(name, randomised(std::move(flow), 0.2)); };
  with("nice", nice<T, 3, 2>({12}, random));
  with("real_nvp", real_nvp<T, 5, 2>({24, 24}, random));
  with("neural_spline_flow", neural_spline_flow<T, 2, 2>({16}, random));
  with("maf", maf<T, 4, 2>({20}, random));
  with("iaf", iaf<T, 3, 2>({20}, random));
  with("autoregressive_mixture", autoregressive_mixture<T, 2, 3>({16}, random));
}
}  // namespace bijou::test
