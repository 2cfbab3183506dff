// Calls of a task of MODEL (a macro: one of models.hpp), after one that warms up, for instructions.sh to count and
// profile.sh to look into:
//     calls TASK ROWS [CALLS]
#include <cstdlib>
#include <functional>

#include "tasks.hpp"

/// Valgrind collects inside this function alone.
extern "C" [[gnu::noinline]] void counted(const std::function<void()>& call) { call(); }

int main(int count, char** arguments) {
  if (count < 3) return 1;
  const long calls = count > 3 ? std::atol(arguments[3]) : 1;
  bijou::bench::with_task(bijou::bench::MODEL(), arguments[1], std::atol(arguments[2]), 1, [calls](auto&& call) {
    call();
    for (long i = 0; i < calls; ++i) counted(std::ref(call));
  });
}
