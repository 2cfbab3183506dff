#pragma once
// What every benchmark reports beside its time: counters of one call, a row or an element, of products and of memory,
// and how often a call allocates. Included once a program: it replaces operator new (tests/allocations.hpp).
#include <benchmark/benchmark.h>

#include <bijou/core/lanes.hpp>
#include <chrono>
#include <string>

#include "../tests/allocations.hpp"

namespace bijou::bench {
/// The most operations a second this core does: independent chains of fused multiply-adds in the widest registers, the
/// best of some short runs. Measured once.
template <class T>
double peak_flops() {
  static const double peak = [] {
    constexpr int chains = 10, rounds = 100000;
    using V = Lanes<T>;
    using Clock = std::chrono::steady_clock;
    double best = 0;
    for (int run = 0; run < 15; ++run) {
      V a(T(0.999)), b(T(1e-3));
      benchmark::DoNotOptimize(a);
      benchmark::DoNotOptimize(b);
      V s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a;  // an array might go to memory
      const auto next = [&](V& s) { s = fused(s, a, b); };
      const auto start = Clock::now();
      for (int r = 0; r < rounds; ++r) {
        next(s0), next(s1), next(s2), next(s3), next(s4), next(s5), next(s6), next(s7), next(s8), next(s9);
        __asm__ volatile("");  // every round is done
      }
      V total = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9;
      benchmark::DoNotOptimize(total);
      const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
      best = std::max(best, 2. * chains * rounds * V::size / seconds);
    }
    return best;
  }();
  return peak;
}

/// Runs a benchmark's call and reports counters of one call.
///     Counters count(state);  count.per("row", n);  count.operations<float>(2 * n * weights);  count.run([&] { ... });
class Counters {
 public:
  explicit Counters(benchmark::State& state) : state_(state) {}
  /// Calls once to warm up, then as often as the library asks for. What was written is not optimised away.
  void run(auto&& call) {
    call();
    const long before = test::allocations;
    for (auto _ : state_) {
      call();
      benchmark::ClobberMemory();
    }
    state_.counters["allocations"] = double(test::allocations - before) / double(state_.iterations());
  }
  /// Nanoseconds an `item`, of `n` a call.
  void per(const std::string& item, double n) { state_.counters["ns/" + item] = inverse(1e-9 * n); }
  /// Floating-point operations of a call: GFLOP/s, and the share of the core's peak.
  template <class T>
  void operations(double n) {
    state_.counters["GFLOP/s"] = rate(1e-9 * n);
    state_.counters["of_peak"] = rate(n / peak_flops<T>());
  }
  /// Bytes that a call reads and writes.
  void bytes(double n) { state_.counters["bytes/s"] = rate(n); }

 private:
  using C = benchmark::Counter;
  static C rate(double n) { return C(n, C::kIsIterationInvariantRate); }
  static C inverse(double n) { return C(n, C::kIsIterationInvariantRate | C::kInvert); }
  benchmark::State& state_;
};
}  // namespace bijou::bench
