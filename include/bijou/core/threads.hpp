#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <bijou/core/errors.hpp>

namespace bijou {
/// A kept team of threads. run() shares jobs 0 .. n - 1 out; nothing is allocated by it.
class Threads {
 public:
  static constexpr int most = 1024;
  /// `count` threads work, the caller's among them; 1 starts none. (After Threads() the destructor runs even where a
  /// thread cannot be started: those that were, are stopped.)
  explicit Threads(int count) : Threads() {
    require(count >= 1 && count <= most, "threads must be in [1, ", most, "], is ", count);
    for (int t = 1; t < count; ++t) team_.emplace_back([this] { serve(); });
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  ~Threads() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
  }
  int count() const { return int(team_.size()) + 1; }

  /// Calls job(i) for i = 0 .. n - 1, each once, and returns when all are done. The exception of the job with the
  /// lowest number is rethrown. Not to be called by two threads at once, nor from a job.
  template <class Job>
  void run(int n, const Job& job) {
    if (team_.empty() || n <= 1) {
      for (int i = 0; i < n; ++i) job(i);
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      job_ = [](const void* j, int i) { (*static_cast<const Job*>(j))(i); };
      argument_ = &job;
      jobs_ = n;
      next_ = 0;
      busy_ = int(team_.size());
      failed_ = n;
      failure_ = nullptr;
      ++round_;
    }
    wake_.notify_all();
    work();
    wait(done_, [this] { return busy_ == 0; });
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  Threads() = default;
  void work() {
    for (int i; (i = next_++) < jobs_;) try {
        job_(argument_, i);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (i < failed_) failed_ = i, failure_ = std::current_exception();
      }
  }
  /// Until ready(), which `told` tells of. Most waits are shorter than waking a thread up takes, so that it does not
  /// sleep at once; others may have its core.
  void wait(std::condition_variable& told, const auto& ready) {
    using Clock = std::chrono::steady_clock;
    for (const auto end = Clock::now() + patience; !ready() && Clock::now() < end;) std::this_thread::yield();
    std::unique_lock lock(mutex_);
    told.wait(lock, ready);
  }
  void serve() {
    for (long seen = 0;;) {
      wait(wake_, [&] { return stop_ || round_ != seen; });
      if (stop_) return;
      seen = round_;
      work();
      const std::lock_guard lock(mutex_);
      if (--busy_ == 0) done_.notify_one();
    }
  }
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  void (*job_)(const void*, int) = nullptr;
  const void* argument_ = nullptr;
  static constexpr std::chrono::microseconds patience{100};
  std::atomic<int> next_{0}, busy_{0};
  std::atomic<long> round_{0};
  std::atomic<bool> stop_{false};
  int jobs_ = 0, failed_ = 0;
  std::exception_ptr failure_;
  std::vector<std::jthread> team_;  // last: joined before the rest is destroyed
};
}  // namespace bijou
