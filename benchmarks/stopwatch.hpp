#pragma once
#include <algorithm>
#include <chrono>
#include <vector>

namespace bijou::bench {
/// What p points to counts as used: a loop that only writes there is not left out.
inline void used(const void* p) { __asm__ volatile("" : : "r"(p) : "memory"); }

/// Median microseconds of a call, over a fifth of a second or three calls; short calls are timed in groups, the second
/// of long ones stands (compare/side.py does the same).
double median_microseconds(auto&& call) {
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](auto from) { return std::chrono::duration<double>(Clock::now() - from).count(); };
  call();
  auto start = Clock::now();
  call();
  const double once = seconds(start);
  if (once > 0.5) return 1e6 * once;
  const int group = std::max(1, int(5e-5 / std::max(1e-9, once)));
  std::vector<double> times;
  for (const auto begin = Clock::now(); seconds(begin) < 0.2 || times.size() < 3;) {
    start = Clock::now();
    for (int i = 0; i < group; ++i) {
      call();
      __asm__ volatile("" ::: "memory");  // what was written counts as read: no call is left out
    }
    times.push_back(1e6 * seconds(start) / group);
  }
  std::nth_element(times.begin(), times.begin() + std::ptrdiff_t(times.size() / 2), times.end());
  return times[times.size() / 2];
}
}  // namespace bijou::bench
