// Times one task at a time for compare.py: reads "MODEL TASK ROWS THREADS" a line, answers with microseconds a call.
#include <iostream>
#include <string>

#include "../models.hpp"
#include "../stopwatch.hpp"
#include "distributions.hpp"

using namespace bijou;
namespace {
template <class F>
double measure(F flow, const std::string& task, Index n, int threads) {
  using T = typename F::Scalar;
  constexpr bool optimised = std::is_same_v<T, float>;  // the double models are compared without an optimiser
  flow = bench::trained(std::move(flow));
  const auto x = bench::rows_for(flow, n);
  if (task == "train_step") {
    const Table<T> data{Batch<T, Dynamic>(x)};
    const auto index = natural_order(int(n));
    F grad = zero_gradient(flow), first = grad, second = grad;
    Team<F> team(grad, threads);
    long t = 0;
    return bench::median_microseconds([&] {
      negative_log_likelihood(flow, data, index, Random{}, team, grad);
      if (optimised) step(Adam{1e-5}, ++t, 1., 1., 0., flow, grad, first, second);
    });
  }
  Parallel<F> team(threads);
  PerSample<T> out(n);
  const Context<T> none, rows(n, 0);
  if (task == "log_prob") return bench::median_microseconds([&] { team.log_prob(flow, x, none, out); });
  Batch<T, F::D> drawn(n, F::D);
  Random random{3};
  return bench::median_microseconds([&] { team.sample(flow, rows, random, drawn, out); });
}
}  // namespace

int main() {
  std::string model, task;
  for (long n, threads; std::cin >> model >> task >> n >> threads;) {
    double us = bench::distribution_time(model, task, n).value_or(-1);
    const auto run = [&](const char* name, auto make) {
      if (model == name) us = measure(make(), task, n, int(threads));
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
