// What is the density of my table?   06_fit_csv [--quick] [--checkpoint FILE | --model FILE] [table.csv]
// Picks the numeric columns, fits a spline flow, compares it on held-out rows with one full-covariance Gaussian and
// with mixtures of Gaussians, draws data against samples, writes the model, samples and log densities. Ctrl-C ends the
// fit after its epoch, with the best weights so far; all is still written. With a checkpoint, a fit that was ended in
// any way goes on from its last epoch; with a model that was written before, nothing is fitted.
#include <csignal>

#include <bijou/bijou.hpp>
#include <bijou/io/checkpoint.hpp>
#include <bijou/training/expectation_maximization.hpp>

#include "corner_plot.hpp"

using namespace bijou;
using Array = Batch<double, Dynamic>;

namespace {
volatile std::sig_atomic_t interrupted = 0;

struct Options {
  std::string table = BIJOU_EXAMPLES_DIR "/data/protein.csv", checkpoint, model;
  bool quick = false;
  Options(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
      const std::string word = argv[i];
      const auto value = [&] {
        require(i + 1 < argc, "fit_csv: ", word, " needs a file");
        return argv[++i];
      };
      if (word == "--quick")
        quick = true;
      else if (word == "--checkpoint")
        checkpoint = value();
      else if (word == "--model")
        model = value();
      else
        table = word;
    }
    require(checkpoint.empty() || model.empty(), "fit_csv: --model fits nothing; leave --checkpoint out");
  }
};

/// Columns that repeat their values have no density. Noise as wide as their resolution makes one, and says so.
void blur_repeated_values(CsvTable& table) {
  Random random{4};
  for (Index j = 0; j < table.values.cols(); ++j) {
    const DistinctValues values(table.values.col(j));
    require(values.count > 1, "fit_csv: ", table.names[std::size_t(j)], " is constant; leave it out");
    if (values.count > table.values.rows() / 2) continue;
    std::fprintf(stderr, "%s takes only %ld values in %ld rows: uniform noise of its resolution %g is added\n",
                 table.names[std::size_t(j)].c_str(), long(values.count), long(table.values.rows()), values.gap);
    Array noise(table.values.rows(), 1);
    random.uniform(noise);
    table.values.col(j) += values.gap * noise.col(0);
  }
}
/// Rows i with i % 10 in [from, to).
Array rows(const Array& all, int from, int to) {
  std::vector<Index> index;
  for (Index i = 0; i < all.rows(); ++i)
    if (i % 10 >= from && i % 10 < to) index.push_back(i);
  return all(index, Eigen::all);
}
double score(const auto& flow, const Array& test) { return -flow.log_prob(test).mean(); }

FitReport fitted(auto& flow, const Array& train, const Array& validation, const Options& asked) {
  FitState state(flow);
  std::function<bool(const Epoch&)> keep = [](const Epoch&) { return true; };
  if (!asked.checkpoint.empty()) keep = checkpoint(state, asked.checkpoint);
  if (const double done = state.count(decltype(state)::epoch); done > 0)
    std::fprintf(stderr, "goes on after epoch %g of %s\n", done, asked.checkpoint.c_str());
  std::signal(SIGINT, [](int) { interrupted = 1; });
  FitReport report = fit(flow, Table<double>(train), Table<double>(validation),
                         {.optimizer = Adam{2e-3},
                          .schedule = PlateauRate{0.5, 4},
                          .batch_size = 200,
                          .max_epochs = asked.quick ? 5 : 80,
                          .patience = 12,
                          .clip_norm = 5,
                          .weight_decay = 1e-5,
                          .average = 0.99,
                          .threads = 2,
                          .callback = [&](const Epoch& e) { return keep(e) && !interrupted; }},
                         state);
  if (interrupted) std::fprintf(stderr, "interrupted: going on with the best weights so far\n");
  std::signal(SIGINT, SIG_DFL);
  return report;
}
FitReport loaded(auto& flow, const std::string& model) {
  load(flow, model);
  FitReport report;
  report.stopped = "loaded " + model;
  return report;
}

void run(const Options& asked) {
  const std::string& path = asked.table;
  CsvTable table = read_csv(path);
  for (const auto& reason : table.left_out) std::fprintf(stderr, "left out: %s\n", reason.c_str());
  require(table.values.rows() >= 30, "fit_csv: ", path, " has ", table.values.rows(),
          " rows; 30 are needed for a split in three");
  blur_repeated_values(table);
  const Array train = rows(table.values, 2, 10), validation = rows(table.values, 1, 2), test = rows(table.values, 0, 1);
  const int d = int(train.cols());
  const Standardize<double, Dynamic> units(train);
  const double log_units = units.deviation.log().sum();  // nats from standardised to the user's units

  const Array scaled = (train.rowwise() - units.mean).rowwise() / units.deviation;

  Random random{1};
  const Flow gaussian{expectation_maximization(scaled, 1), units};
  double mixture_nll = std::numeric_limits<double>::infinity(), best = mixture_nll;
  int components = 0;
  for (int k : {2, 4, 8, 16})
    if (train.rows() >= long(k) * (d + 1)) {
      const Flow mixture{expectation_maximization(scaled, k), units};
      if (const double nll = score(mixture, validation); nll < best)
        best = nll, mixture_nll = score(mixture, test), components = k;
    }

  using Spline = RationalQuadraticSpline<8, 4>;
  using Net = Made<double, Dynamic, 0, Spline::arity, Silu>;
  Flow flow{StandardNormal<double, Dynamic>(d), units, repeat<3>([&] {
              return Chain{
                  Autoregressive<Spline, Net>(Net({64, 64}, random, d)),
                  Autoregressive<Affine, Made<double, Dynamic, 0, 2>>(Made<double, Dynamic, 0, 2>({64}, random, d)),
                  Permutation<double, Dynamic>(random, d)};
            })};
  const FitReport report = asked.model.empty() ? fitted(flow, train, validation, asked) : loaded(flow, asked.model);
  const double nll = score(flow, test), gaussian_nll = score(gaussian, test);

  const std::string name = std::filesystem::path(path).stem().string();
  const auto base = (output_directory() / name).string();
  const auto sample = flow.sample_and_log_prob(std::min<Index>(5000, 2 * table.values.rows()), random);
  corner_plot("06_" + name, table.names, test.rows() > 300 ? test : table.values, sample.x);
  if (asked.model.empty()) save(flow, base + "_model.safetensors");
  write_csv(base + "_samples.csv", table.names, sample.x);
  write_csv(base + "_log_density.csv", {"log_density"}, Array(flow.log_prob(table.values)));

  std::fprintf(stderr, "%s: %ld rows, %d columns; %s after %zu epochs; wrote %s_{%ssamples.csv,log_density.csv}\n",
               name.c_str(), long(table.values.rows()), d, report.stopped.c_str(), report.train.size(), base.c_str(),
               asked.model.empty() ? "model.safetensors," : "");
  std::printf("held-out NLL, nats a row      flow     one Gaussian%s\n",
              components ? text("   mixture of ", components).c_str() : "");
  const auto scores = [&](const char* where, double nats) {
    std::printf("  %-23s%10.4f     %10.4f", where, nll - nats, gaussian_nll - nats);
    if (components) std::printf("     %10.4f", mixture_nll - nats);  // else there are too few rows for two components
    std::printf("\n");
  };
  scores("in the table's units", 0);
  scores("standardised", log_units);
  std::printf("%s test_nll=%.4f reference_nll=%.4f seconds=%.1f\n", name.c_str(), nll, gaussian_nll, report.seconds);
}
}  // namespace

int main(int argc, char** argv) {
  try {
    run(Options(argc, argv));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
