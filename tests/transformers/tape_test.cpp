// Every hand-written backward against the tape: a transformer's own forward, run on Vars, is the oracle.
#include <bijou/autodiff/var.hpp>
#include <bijou/bijou.hpp>

#include "catch.hpp"
#include "phi.hpp"
#include "transformer_list.hpp"

using namespace bijou;
namespace {
using V = Lanes<double>;
template <class H>
void against_the_tape(double low, double high) {
  INFO(std::string(H::name));
  Random random{9};
  Eigen::ArrayXXd draws(60, H::arity + 3);
  random.uniform(draws);
  for (Index i = 0; i < draws.rows(); ++i) {
    const V x(low + (high - low) * draws(i, 0)), g(draws(i, 1) - 0.5), g_log_det(draws(i, 2) - 0.5);
    test::Phi<V> phi;
    for (int p = 0; p < H::arity; ++p) phi.values.push_back(V(2 * draws(i, 3 + p) - 1));

    Tape<V> tape;
    test::Phi<Var<V>> taped;
    const Var<V> in(x, tape);
    for (const V& p : phi.values) taped.values.emplace_back(p, tape);
    Var<V> y = in, log_det(0);
    H::forward(y, taped, log_det);
    y.add_adjoint(g);
    log_det.add_adjoint(g_log_det);
    tape.reverse();

    V pulled = g;
    test::Phi<V> sum{std::vector<V>(phi.values.size(), V(0))};
    H::backward(x, phi, pulled, g_log_det, sum);
    const auto close = [](V a, V b) { return std::abs(a[0] - b[0]) <= 1e-12 * std::max(1., std::abs(b[0])); };
    CHECK(close(pulled, in.adjoint()));
    for (int p = 0; p < H::arity; ++p) CHECK(close(sum[p], taped[p].adjoint()));
  }
}
}  // namespace

TEST_CASE("transformers: hand-written adjoints are those of the tape") {
  test::each_transformer([]<class H>(double low, double high) { against_the_tape<H>(low, high); });
}
