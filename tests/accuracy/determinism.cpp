// Rows and fits whose bits depend on what they must not depend on.
#include "flow/models.hpp"
#include "ledger.hpp"

namespace bijou::test {
namespace {
/// Adds 1 for each pair of values that differ, 0 for each that do not.
void count_differing(Errors& e, const auto& a, const auto& b) {
  for (Index i = 0; i < a.size(); ++i) e.add(a(i) == b(i) ? 0 : 1);
}
template <class T>
void of_type(Ledger& ledger) {
  Errors batches, threads, runs, fits;
  const auto count_of = [&](const auto& flow) {
    using F = std::remove_cvref_t<decltype(flow)>;
    Batch<T, F::D> x(300, flow.base.dim());
    Random{5}.normal(x);
    const auto whole = flow.log_prob(x);
    for (Index n : {1, 2, 7, 31, 128, 129, 257})
      count_differing(batches, flow.log_prob(x.middleRows(20, n)), whole.segment(20, n));
    count_differing(runs, flow.log_prob(x), whole);
    PerSample<T> out(300);
    for (int count : {1, 2, 3, 8}) {
      Parallel<F> team(count);
      team.log_prob(flow, x, out);
      count_differing(threads, out, whole);
    }
  };
  Random random{7};
  count_of(randomised(real_nvp<T, 5, 2>({24, 24}, random), 0.2));
  count_of(randomised(autoregressive_mixture<T, 2, 3>({16}, random), 0.2));
  const Table<T> rows(Batch<T, Dynamic>(sample<T>(Moons{}, 1000, random)));
  const auto fitted = [&](int count) {
    Random start{1};
    auto flow = real_nvp<T, 2, 2>({40, 40}, start);  // with 900 rows enough to be shared out among threads
    fit(flow, rows, {.batch_size = 900, .max_epochs = 3, .threads = count});
    return flow;
  };
  const auto once = fitted(1);
  for (int count : {1, 2, 3, 8}) fits.add(same_bits(once, fitted(count)) ? 0 : 1);
  ledger.row("log p of a row, run to run", "differing bits", name_of<T>, runs, 0);
  ledger.row("log p of a row, in other batches", "differing bits", name_of<T>, batches, 0);
  ledger.row("log p of a row, 1 to 8 threads", "differing bits", name_of<T>, threads, 0);
  ledger.row("fits, 1 to 8 threads", "differing bits", name_of<T>, fits, 0);
}
}  // namespace
void determinism(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
