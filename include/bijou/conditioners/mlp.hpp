#pragma once
#include <bijou/concepts/conditioner.hpp>
#include <bijou/conditioners/network.hpp>
#include <bijou/core/errors.hpp>

namespace bijou {
/// Multi-layer perceptron, c(x) = W_L s(... s(W_1 x + b_1) ...) + b_L.  x: N x In -> N x Out; In and Out may be
/// Dynamic.
///     Mlp<float, 1, 2> net({64, 64}, random);
template <class T, int In, int Out, Activation Act = Relu>
struct Mlp {
  using Scalar = T;
  static constexpr int in = In, out = Out;
  Network<T, Act, OneGroup> net;
  static auto fields(auto& self) { return named("net", self.net); }

  /// `hidden`: widths of the hidden layers, first to last; none at all makes a linear map.
  Mlp(const std::vector<int>& hidden, Random& random, int inputs = In, int outputs = Out, NetOptions options = {}) {
    require(inputs >= 0 && outputs >= 1, "Mlp: inputs and outputs must be given where they are Dynamic, are ", inputs,
            " and ", outputs);
    require(In == Dynamic || inputs == In, "Mlp: inputs must be ", In, ", is ", inputs);
    require(Out == Dynamic || outputs == Out, "Mlp: outputs must be ", Out, ", is ", outputs);
    Index before = inputs;
    for (int width : hidden) {
      require(width > 0, "Mlp: hidden widths must be positive, one is ", width);
      net.layers.push_back(Dense<T, OneGroup>({before, width}));
      before = width;
    }
    net.layers.push_back(Dense<T, OneGroup>({before, outputs}));
    net.options = options;
    net.initialise(random);
  }
  auto inputs() const { return Eigen::fix<In>(int(net.layers.front().seen.width())); }
  auto outputs() const { return Eigen::fix<Out>(int(net.layers.back().units())); }
  std::string describe() const { return text("mlp(", int(inputs()), "-", net.describe(), "-", int(outputs()), ")"); }

  using Saved = typename Network<T, Act, OneGroup>::Saved;
  void forward(ConstView<Batch<T, In>> x, Buffer<T, Out>& phi, Saved& s) const {
    net.start(x.rows(), x.cols(), s);
    copy_columns(x, s.input());
    phi.resize(x.rows(), outputs());
    net.forward(std::size_t{0}, s, phi.data());
  }
  void backward(Saved& s, const Buffer<T, Out>& g_phi, View<Batch<T, In>> g_x, Mlp& grad) const {
    net.start_backward(s);
    net.backward(0, s, g_phi.data(), grad.net);
    add_columns(s.g_input(), g_x);
  }
};
}  // namespace bijou
