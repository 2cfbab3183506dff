// Times the tasks of model NAME that MODEL makes (macros, of models.hpp). Each is compiled by itself, as in a program
// with one flow: where seven lie in one file, g++ inlines less, and one row takes up to 7 % longer.
#include "../stopwatch.hpp"
#include "../tasks.hpp"
#include "model_times.hpp"

namespace {
using namespace bijou;
double time_of(const std::string& task, long rows, int threads) {
  return bench::with_task(bench::MODEL(), task, rows, threads,
                          [](auto&& call) { return bench::median_microseconds(call); });
}
[[maybe_unused]] const bool added = bench::model_times().emplace(NAME, time_of).second;
}  // namespace
