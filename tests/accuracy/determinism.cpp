// Rows and fits whose bits depend on what they must not depend on.
#include "flow/models.hpp"
#include "ledger.hpp"

namespace bijou::test {
namespace {
/// What a flow makes of rows, and as many samples from row `first` of a stream on.
template <class T>
struct Results {
  static constexpr const char* names[] = {"log p", "score", "forward", "inverse", "sample", "log p of a sample"};
  std::vector<Batch<T, Dynamic>> of;
  template <class F>
  Results(const F& flow, const Batch<T, F::D>& x, Index first) {
    Random here{9, std::uint64_t(first)};
    const auto drawn = flow.sample_and_log_prob(x.rows(), here);
    const Batch<T, F::D> z = flow.forward(x);
    of = {flow.log_prob(x), flow.log_prob_and_gradient(x).x, z, flow.inverse(z), drawn.x, drawn.log_prob};
  }
};
/// Adds 1 for each pair of values that differ, 0 for each that do not.
void count_differing(Errors& e, const auto& a, const auto& b) {
  for (Index j = 0; j < a.cols(); ++j)
    for (Index i = 0; i < a.rows(); ++i) e.add(a(i, j) == b(i, j) ? 0 : 1);
}
template <class T>
void of_type(Ledger& ledger) {
  std::array<Errors, std::size(Results<T>::names)> runs, batches;
  Errors log_p_by_threads, samples_by_threads, fits, fits_by_threads;
  const auto count_of = [&](const auto& flow) {
    using F = std::remove_cvref_t<decltype(flow)>;
    Batch<T, F::D> x(300, flow.base.dim());
    Random{5}.normal(x);
    const Results<T> whole(flow, x, 0), again(flow, x, 0);
    for (std::size_t k = 0; k < runs.size(); ++k) count_differing(runs[k], again.of[k], whole.of[k]);
    for (Index n : {1, 2, 7, 31, 128, 129, 257}) {
      const Results<T> part(flow, x.middleRows(20, n), 20);
      for (std::size_t k = 0; k < runs.size(); ++k)
        count_differing(batches[k], part.of[k], whole.of[k].middleRows(20, n));
    }
    PerSample<T> out(300);
    for (int count : {1, 2, 3, 8}) {
      Parallel<F> team(count);
      team.log_prob(flow, x, out);
      count_differing(log_p_by_threads, out, whole.of[0]);
      Random start{9};
      Batch<T, F::D> drawn(300, flow.base.dim());
      team.sample(flow, Context<T>(300, 0), start, drawn, out);
      count_differing(samples_by_threads, drawn, whole.of[4]);
      count_differing(samples_by_threads, out, whole.of[5]);
    }
  };
  Random random{7};
  count_of(randomised(real_nvp<T, 2, 2>({40, 40}, random), 0.2));  // of all models: tests/flow/determinism_test.cpp
  const Table<T> rows(Batch<T, Dynamic>(sample<T>(Moons{}, 1000, random)));
  const auto fitted = [&](int count) {
    Random start{1};
    auto flow = real_nvp<T, 2, 2>({40, 40}, start);  // with 900 rows enough to be shared out among threads
    fit(flow, rows, {.batch_size = 900, .max_epochs = 3, .threads = count});
    return flow;
  };
  const auto once = fitted(1);
  fits.add(same_bits(once, fitted(1)) ? 0 : 1);
  for (int count : {2, 3, 8}) fits_by_threads.add(same_bits(once, fitted(count)) ? 0 : 1);
  const auto row = [&](const std::string& what, const Errors& e) {
    ledger.row(what, "differing bits", name_of<T>, e, 0);
  };
  for (std::size_t k = 0; k < runs.size(); ++k) {
    row(text(Results<T>::names[k], ", run to run"), runs[k]);
    row(text(Results<T>::names[k], ", in other batches"), batches[k]);
  }
  row("log p, 1 to 8 threads", log_p_by_threads);
  row("sample and its log p, 1 to 8 threads", samples_by_threads);
  row("fit, run to run", fits);
  row("fit, 1 to 8 threads", fits_by_threads);
}
}  // namespace
void determinism(Ledger& ledger) {
  of_type<float>(ledger);
  of_type<double>(ledger);
}
}  // namespace bijou::test
