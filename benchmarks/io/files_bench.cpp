// Readers and writers: bytes a second of the file.
#include <unistd.h>
#include <cstdio>
#include <filesystem>

#include <benchmark/benchmark.h>

#include <bijou/io/safetensors.hpp>
#include "../models.hpp"

using namespace bijou;
namespace {
/// A file of its own, gone in the end.
struct TemporaryFile {
  std::string path = (std::filesystem::temp_directory_path() / ("bijou_bench_" + std::to_string(::getpid()))).string();
  ~TemporaryFile() { std::remove(path.c_str()); }
  void processed(benchmark::State& state) const {
    state.SetBytesProcessed(state.iterations() * std::int64_t(std::filesystem::file_size(path)));
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
  for (auto _ : state) benchmark::DoNotOptimize(read_csv(file.path));
  file.processed(state);
}
void npy(benchmark::State& state) {
  const TemporaryFile file;
  write_npy(file.path, table());
  for (auto _ : state) benchmark::DoNotOptimize(read_npy(file.path));
  file.processed(state);
}
void model_save(benchmark::State& state) {
  const TemporaryFile file;
  const auto flow = bench::make_maf6();
  for (auto _ : state) save(flow, file.path);
  file.processed(state);
}
void model_load(benchmark::State& state) {
  const TemporaryFile file;
  auto flow = bench::make_maf6();
  save(flow, file.path);
  for (auto _ : state) load(flow, file.path);
  file.processed(state);
}
BENCHMARK(csv)->Name("read_csv")->Unit(benchmark::kMillisecond);
BENCHMARK(npy)->Name("read_npy")->Unit(benchmark::kMillisecond);
BENCHMARK(model_save)->Name("save")->Unit(benchmark::kMicrosecond);
BENCHMARK(model_load)->Name("load")->Unit(benchmark::kMicrosecond);
}  // namespace
