#pragma once
#include <map>
#include <string>

namespace bijou::bench {
/// Microseconds that a task of a model takes for so many rows on so many threads.
using TimeOfTask = double (*)(const std::string& task, long rows, int threads);
/// By the model's name; model_time.cpp adds them.
inline std::map<std::string, TimeOfTask>& model_times() {
  static std::map<std::string, TimeOfTask> times;
  return times;
}
}  // namespace bijou::bench
