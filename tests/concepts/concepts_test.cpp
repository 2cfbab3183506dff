// What lacks one of its functions is no layer, no transformer, no conditioner and no base.
#include <bijou/concepts/base.hpp>
#include <bijou/concepts/conditioner.hpp>
#include <bijou/concepts/transformer.hpp>

#include "catch.hpp"

using namespace bijou;

namespace {
enum class Missing { nothing, forward, inverse, backward, log_prob, sample };

struct Described {
  using Scalar = double;
  struct Saved {};
  static constexpr int D = 2;
  static auto fields(auto&) { return named(); }
  std::string describe() const { return "described"; }
};

template <Missing M>
struct SomeLayer : Described {
  void forward(Tile<double, 2>, Saved&) const requires(M != Missing::forward) {}
  void inverse(Tile<double, 2>, Saved&) const requires(M != Missing::inverse) {}
  void backward(Saved&, Tile<double, 2>, SomeLayer&) const requires(M != Missing::backward) {}
};

template <Missing M>
struct SomeTransformer {
  static constexpr int arity = 1;
  static constexpr const char* name = "some";
  static void forward(auto&, const auto&, auto&) requires(M != Missing::forward) {}
  static void inverse(auto&, const auto&, auto&) requires(M != Missing::inverse) {}
  static void backward(const auto&, const auto&, auto&, const auto&, auto&&) requires(M != Missing::backward) {}
};

template <Missing M>
struct SomeConditioner : Described {
  static constexpr int in = 1, out = 2;
  int inputs() const { return in; }
  int outputs() const { return out; }
  void forward(const auto&, Buffer<double, 2>&, Saved&) const requires(M != Missing::forward) {}
  void backward(Saved&, Buffer<double, 2>&, View<Batch<double, 1>>, SomeConditioner&) const
      requires(M != Missing::backward) {}
};

template <Missing M>
struct SomeBase : Described {
  int dim() const { return D; }
  void log_prob(const auto&, View<PerSample<double>>) const requires(M != Missing::log_prob) {}
  void backward(const auto&, const auto&, auto, SomeBase&) const requires(M != Missing::backward) {}
  void sample(Random&, View<Batch<double, 2>>) const requires(M != Missing::sample) {}
};
}  // namespace

TEST_CASE("a layer has forward, inverse and backward") {
  CHECK(Bijection<SomeLayer<Missing::nothing>>);
  CHECK_FALSE(Bijection<SomeLayer<Missing::forward>>);
  CHECK_FALSE(Bijection<SomeLayer<Missing::inverse>>);
  CHECK_FALSE(Bijection<SomeLayer<Missing::backward>>);
}

TEST_CASE("a transformer has forward, inverse and backward") {
  CHECK(Transformer<SomeTransformer<Missing::nothing>>);
  CHECK_FALSE(Transformer<SomeTransformer<Missing::forward>>);
  CHECK_FALSE(Transformer<SomeTransformer<Missing::inverse>>);
  CHECK_FALSE(Transformer<SomeTransformer<Missing::backward>>);
}

TEST_CASE("a conditioner has forward and backward") {
  CHECK(Conditioner<SomeConditioner<Missing::nothing>>);
  CHECK_FALSE(Conditioner<SomeConditioner<Missing::forward>>);
  CHECK_FALSE(Conditioner<SomeConditioner<Missing::backward>>);
}

TEST_CASE("a base has log_prob, backward and sample") {
  CHECK(BaseDensity<SomeBase<Missing::nothing>>);
  CHECK_FALSE(BaseDensity<SomeBase<Missing::log_prob>>);
  CHECK_FALSE(BaseDensity<SomeBase<Missing::backward>>);
  CHECK_FALSE(BaseDensity<SomeBase<Missing::sample>>);
}
