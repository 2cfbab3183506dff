// The same bits: for any batch around a row, any number of threads, and both compilers (see
// docs/rationale.md).
#include <bijou/parallel.hpp>
#include <cstring>

#include "catch.hpp"
#include "flow/models.hpp"
#include "same.hpp"

using namespace bijou;
using test::same;
namespace {
/// FNV-1a over the bytes of an array's numbers, column by column.
std::uint64_t digest(const auto& a, std::uint64_t hash = 0xcbf29ce484222325u) {
  for (Index j = 0; j < a.cols(); ++j)
    for (Index i = 0; i < a.rows(); ++i) {
      unsigned char bytes[sizeof(a(0, 0))];
      auto value = a(i, j);
      if (std::isnan(value)) value = 0;  // a NaN's sign is the compiler's choice
      std::memcpy(bytes, &value, sizeof value);
      for (unsigned char b : bytes) hash = (hash ^ b) * 0x100000001b3u;
    }
  return hash;
}
}  // namespace

TEMPLATE_TEST_CASE("determinism: density, score and sample of a row have the same bits in any batch, at any place", "",
                   float, double) {
  using T = TestType;
  test::each_model<T>([](const char* name, const auto& flow) {
    using F = std::remove_cvref_t<decltype(flow)>;
    INFO(name);
    Random random{5}, start{9};
    Batch<T, F::D> x(300, flow.base.dim());
    random.normal(x);
    const auto whole = flow.log_prob_and_gradient(x);
    const auto drawn = flow.sample_and_log_prob(300, start);
    CHECK(same(whole.log_prob, flow.log_prob(x)));
    bool rows = true, scores = true, samples = true, maps = true;
    const auto z = flow.forward(x), back = flow.inverse(z);
    // Every size of a last register, and those around one and two tiles.
    for (Index n = 1; n <= 257; n += n < 20 || (n > 120 && n < 140) || n > 250 ? 1 : 13) {
      const Index first = (n * 7) % (300 - n + 1);
      const Batch<T, F::D> part = x.middleRows(first, n);
      const auto r = flow.log_prob_and_gradient(part);
      rows = rows && same(r.log_prob, whole.log_prob.segment(first, n));
      scores = scores && same(r.x, whole.x.middleRows(first, n));
      const Batch<T, F::D> z_part = z.middleRows(first, n);
      maps = maps && same(flow.forward(part), z_part) && same(flow.inverse(z_part), back.middleRows(first, n));
      Random here{9, std::uint64_t(first)};
      const auto s = flow.sample_and_log_prob(n, here);
      samples =
          samples && same(s.x, drawn.x.middleRows(first, n)) && same(s.log_prob, drawn.log_prob.segment(first, n));
    }
    CHECK(rows);
    CHECK(scores);
    CHECK(samples);
    CHECK(maps);
    // NaN and inf stay in their row.
    Batch<T, F::D> bad = x;
    bad(7, 0) = std::numeric_limits<T>::quiet_NaN();
    bad(130, 1) = std::numeric_limits<T>::infinity();
    const auto b = flow.log_prob_and_gradient(bad);
    CHECK(std::isnan(b.log_prob(7)));
    for (auto [first, n] : {std::pair<Index, Index>{0, 7}, {8, 122}, {131, 169}}) {
      CHECK(same(b.log_prob.segment(first, n), whole.log_prob.segment(first, n)));
      CHECK(same(b.x.middleRows(first, n), whole.x.middleRows(first, n)));
    }
  });
}
TEMPLATE_TEST_CASE("determinism: 1, 2, 3 and 8 threads, again and again", "", float, double) {
  using T = TestType;
  test::each_model<T>([](const char* name, const auto& flow) {
    using F = std::remove_cvref_t<decltype(flow)>;
    INFO(name);
    Random one{5};
    const auto all = flow.sample_and_log_prob(1500, one);
    const auto scores = flow.log_prob(all.x);
    for (int threads : {1, 2, 3, 8, 8}) {
      Parallel<F> team(threads);
      Random again{5};
      Batch<T, F::D> x(1500, flow.base.dim());
      PerSample<T> log_prob(1500);
      team.sample(flow, Context<T>(1500, 0), again, x, log_prob);
      CHECK(same(x, all.x));
      CHECK(same(log_prob, all.log_prob));
      team.log_prob(flow, x, log_prob);
      CHECK(same(log_prob, scores));
    }
  });
}
TEMPLATE_TEST_CASE("determinism: a digest of all models, for g++ and clang++", "", float, double) {
  using T = TestType;
  std::vector<std::uint64_t> found;
  test::each_model<T>([&](const char* name, const auto& flow) {
    Random random{5};
    Batch<T, std::remove_cvref_t<decltype(flow)>::D> x(300, flow.base.dim());
    random.normal(x);
    const auto r = flow.log_prob_and_gradient(x);
    const auto s = flow.sample_and_log_prob(300, random);
    found.push_back(digest(s.log_prob, digest(s.x, digest(r.x, digest(r.log_prob)))));
    UNSCOPED_INFO(text("      0x", std::hex, found.back(), "u,  // ", name));
  });
  // A change of kernels or nets may move these: then take what a failure prints, once both compilers print the same.
  constexpr std::uint64_t pinned[3][2][6] = {{{0x5dc3096c2646acbdu,   // nice
                                               0xe55e112937fdfdc7u,   // real_nvp
                                               0x700a2b02c1d35d4eu,   // neural_spline_flow
                                               0x3a2a1c7cd95cf121u,   // maf
                                               0xcd18456693b81bc5u,   // iaf
                                               0x2438d31908e25b8eu},  // autoregressive_mixture
                                              {0x01fd841bf47a8f14u, 0x6f4ceb7e9940be71u, 0x039cf5a5237e110cu,
                                               0x589491a1d2c671fbu, 0xeed57230876a1738u, 0xa65244d30326c052u}},
                                             // With fused multiply-adds.
                                             {{0x0e7f0147ac71b488u, 0x83d65e19670773cbu, 0x1167c23238c21883u,
                                               0x19dd314f558d6c4eu, 0x3f26ee4c45c14c05u, 0x377bd2a3aa475fd3u},
                                              {0x8e1cf44c797e809cu, 0x6cb553ce1c36ef50u, 0xb50685709c18caaeu,
                                               0x39c11b00797e16c6u, 0xccf5034e01ee5ec3u, 0x1ba6dd316c3a9964u}},
                                             // 64-byte registers add up some sums in another order.
                                             {{0xfd74512cf6eaf8afu, 0x35df4aca36cf5efbu, 0xa898c9bf35e67aedu,
                                               0x75aec0ae66b95589u, 0x539b554e1f06cbd0u, 0x612c3d3637a2f24bu},
                                              {0xf925640149d6dfe0u, 0xbe1c6a8eaf54addau, 0x51193635f1eedec9u,
                                               0xc646910072b4a9dfu, 0xd97063e99b699d1du, 0x3801929b69d7de28u}}};
#if defined(__AVX512F__)
  constexpr int target = 2;
#elif defined(__FMA__)
  constexpr int target = 1;
#else
  constexpr int target = 0;
#endif
  CHECK(std::equal(found.begin(), found.end(), pinned[target][std::is_same_v<T, double>]));
}
