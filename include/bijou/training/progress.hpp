#pragma once
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace bijou {
/// A line on standard error that overwrites itself; silent where that is not a terminal, and for the first two seconds.
class Progress {
 public:
  explicit Progress(bool wanted) : wanted_(wanted && isatty(STDERR_FILENO) != 0) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (shown_) (void)std::fputc('\n', stderr);
  }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
  /// Shows line(), at most ten times a second.
  void show(auto line) {
    const double now = seconds();
    if (!wanted_ || now < 2 || now - last_ < 0.1) return;
    last_ = now;
    shown_ = true;
    (void)std::fprintf(stderr, "\r%s\033[K", std::string(line()).c_str());
    (void)std::fflush(stderr);
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
  double last_ = 0;
  bool wanted_, shown_ = false;
};
}  // namespace bijou
