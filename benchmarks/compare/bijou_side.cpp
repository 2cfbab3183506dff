// Times one task at a time for compare.py: reads "MODEL TASK ROWS THREADS" a line, answers with microseconds a call.
#include <iostream>
#include <string>

#include "../stopwatch.hpp"
#include "../tasks.hpp"
#include "distributions.hpp"

using namespace bijou;
int main() {
  std::string model, task;
  for (long n, threads; std::cin >> model >> task >> n >> threads;) {
    double us = bench::distribution_time(model, task, n).value_or(-1);
    const auto run = [&](const char* name, auto make) {
      if (model != name) return;
      us =
          bench::with_task(make(), task, n, int(threads), [](auto&& call) { return bench::median_microseconds(call); });
    };
    run("realnvp2d", bench::make_realnvp2d);
    run("armog2d", bench::make_armog2d);
    run("nsf2d", bench::make_nsf2d);
    run("maf6", bench::make_maf6);
    run("maf43", bench::make_maf43);
    run("nis4", bench::make_nis4);
    run("nis8", bench::make_nis8);
    std::cout << us << std::endl;
  }
}
