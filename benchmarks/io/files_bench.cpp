// Readers and writers: bytes a second of the file.
#include <unistd.h>
#include <cstdio>
#include <filesystem>

#include <bijou/io/safetensors.hpp>

#include "../counters.hpp"
#include "../models.hpp"

using namespace bijou;
namespace {
/// A file of its own, gone in the end.
struct TemporaryFile {
  std::string path = (std::filesystem::temp_directory_path() / ("bijou_bench_" + std::to_string(::getpid()))).string();
  ~TemporaryFile() { std::remove(path.c_str()); }
  /// call() reads or writes the file, which is there.
  void report(benchmark::State& state, auto&& call) const {
    bench::Counters count(state);
    count.bytes(double(std::filesystem::file_size(path)));
    count.run(call);
  }
};
Batch<double, Dynamic> table() {
  Random random{1};
  Batch<double, Dynamic> x(20000, 10);
  random.normal(x);
  return x;
}
void csv(benchmark::State& state) {
  const TemporaryFile file;
  write_csv(file.path, {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}, table());
  file.report(state, [&] { benchmark::DoNotOptimize(read_csv(file.path)); });
}
void npy(benchmark::State& state) {
  const TemporaryFile file;
  write_npy(file.path, table());
  file.report(state, [&] { benchmark::DoNotOptimize(read_npy(file.path)); });
}
void model_save(benchmark::State& state) {
  const TemporaryFile file;
  const auto flow = bench::make_maf6();
  save(flow, file.path);
  file.report(state, [&] { save(flow, file.path); });
}
void model_load(benchmark::State& state) {
  const TemporaryFile file;
  auto flow = bench::make_maf6();
  save(flow, file.path);
  file.report(state, [&] { load(flow, file.path); });
}
BENCHMARK(csv)->Name("read_csv")->Unit(benchmark::kMillisecond);
BENCHMARK(npy)->Name("read_npy")->Unit(benchmark::kMillisecond);
BENCHMARK(model_save)->Name("save")->Unit(benchmark::kMicrosecond);
BENCHMARK(model_load)->Name("load")->Unit(benchmark::kMicrosecond);
}  // namespace
