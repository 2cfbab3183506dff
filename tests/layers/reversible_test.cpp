// Memory of one repetition, gradients of all: the bits that Repeat has.
#include <bijou/bijou.hpp>

#include "catch.hpp"
#include "flow/models.hpp"

using namespace bijou;
namespace {
/// All numbers of a model, in the order of its fields.
template <class F>
std::vector<typename F::Scalar> numbers(const F& f) {
  std::vector<typename F::Scalar> all;
  each_parameter([&](const Path&, const auto& a) { all.insert(all.end(), a.data(), a.data() + a.size()); }, f);
  return all;
}
/// Gradients of a density's and of a sample's log p, and the score; splines so bent that their inverses lose most
/// digits.
template <class T, class H>
void same_gradients() {
  Random random{1};
  using Net = Mlp<T, 1, H::arity, Tanh>;
  const auto made = repeat<4>([&] {
    return Chain{Elementwise<H, T, 2>{}, Coupling<H, Net>(Net({8}, random)), Swap<T>{}};
  });
  const auto plain = test::randomised(Flow{StandardNormal<T, 2>{}, made}, 1.5);
  const auto reversible = test::randomised(Flow{StandardNormal<T, 2>{}, Reversible(made)}, 1.5);
  Batch<T, 2> x(300, 2);
  random.normal(x);
  CHECK((plain.log_prob_and_gradient(x).x == reversible.log_prob_and_gradient(x).x).all());
  const auto gradients = [&](const auto& flow, bool sampled) {
    auto grad = zero_gradient(flow);
    typename std::remove_cvref_t<decltype(flow)>::Workspace w;
    const PerSample<T> ones = PerSample<T>::Ones(300);
    flow.load(w, x, Context<T>(), 0, 300, Random{5});
    if (sampled) {
      flow.sample(w);
      w.adjoints.set_zero(300, 2);
      flow.sample_backward(w, ones, grad);
    } else {
      flow.log_prob(w);
      flow.backward(w, ones, grad);
    }
    return numbers(grad);
  };
  for (bool sampled : {false, true}) CHECK(gradients(plain, sampled) == gradients(reversible, sampled));
}
}  // namespace

TEMPLATE_TEST_CASE("reversible: every gradient has the bits of Repeat's", "", float, double) {
  same_gradients<TestType, RationalQuadraticSpline<6>>();
  same_gradients<TestType, Affine>();
}
