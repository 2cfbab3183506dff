// Times one task at a time for compare.py: reads "MODEL TASK ROWS THREADS" a line, answers with microseconds a call.
#include <iostream>
#include <string>

#include "distributions.hpp"
#include "model_times.hpp"

using namespace bijou;
int main() {
  std::string model, task;
  for (long n, threads; std::cin >> model >> task >> n >> threads;) {
    const auto found = bench::model_times().find(model);
    const double us = found == bench::model_times().end() ? bench::distribution_time(model, task, n).value_or(-1)
                                                          : found->second(task, n, int(threads));
    std::cout << us << std::endl;
  }
}
