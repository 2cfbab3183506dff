// Any bytes -> a model that can be evaluated, or the model as it was. The first byte says how the others are meant:
// as a file; as header and data that get a right checksum; as changes (place, byte) of a good file, then signed.
#include <bijou/conditioners/made.hpp>
#include <bijou/distributions/uniform.hpp>
#include <bijou/flow.hpp>
#include <bijou/layers/autoregressive.hpp>
#include <bijou/layers/permutation.hpp>
#include <bijou/layers/standardize.hpp>
#include <bijou/transformers/affine.hpp>

#include "fuzz.hpp"
#include "io/forged.hpp"

using namespace bijou;
namespace {
auto model_of(std::uint64_t seed) {
  Random random{seed};
  using Net = Made<float, 2, 0, 2>;
  return Flow{UniformBox<float, 2>{},
              Standardize<float, 2>(Batch<float, 2>((Batch<float, 2>(2, 2) << 0, 1, 2, 3).finished())),
              Autoregressive<Affine, Net>(Net({2}, random)), Permutation<float, 2>{}};
}
/// Header and data of a good file, the checksum taken out.
std::pair<std::string, std::string> good_file() {
  const std::string path = text("/tmp/bijou_fuzz_", getpid());
  save(model_of(1), path);
  FileBytes file(path);
  std::filesystem::remove(path);
  const auto header = file.take(std::size_t(file.number(8, false, "length")), "header");
  const auto data = file.take(file.left(), "data");
  std::pair<std::string, std::string> parts{{header.begin(), header.end()}, {data.begin(), data.end()}};
  safetensors::take_checksum(parts.first);
  return parts;
}
std::string file_from(const std::string& in) {
  static const auto good = good_file();
  if (in.empty() || in[0] == 'f') return in.substr(std::min<std::size_t>(in.size(), 1));
  auto [header, data] = good;
  if (in[0] == 's') {
    const std::size_t end = in.find('\n');
    return test::signed_file(in.substr(1, end - 1), end == std::string::npos ? "" : in.substr(end + 1));
  }
  const auto byte = [&](std::size_t i) { return std::size_t(static_cast<unsigned char>(in[i])); };
  for (std::size_t i = 1; i + 2 < in.size(); i += 3) {
    const std::size_t place = (256 * byte(i) + byte(i + 1)) % (header.size() + data.size());
    (place < header.size() ? header[place] : data[place - header.size()]) = in[i + 2];
  }
  return test::signed_file(header, data);
}
}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string file = file_from({reinterpret_cast<const char*>(bytes), size});
  const auto before = model_of(2);
  auto model = before;
  bool loaded = false;
  fuzz::read_or_refuse([&] {
    load(model, FileBytes("input", {file.begin(), file.end()}));
    loaded = true;
  });
  fuzz::must(loaded || same_bits(model, before), "a refused file changed the model");
  model.log_prob(Batch<float, 2>::Ones(3, 2));
  return 0;
}
