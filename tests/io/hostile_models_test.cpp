// Model files that are foreign, damaged, or forged with a checksum that fits.
#include "hostile.hpp"

#include <bijou/conditioners/made.hpp>
#include <bijou/distributions/beta.hpp>
#include <bijou/distributions/standard_normal.hpp>
#include <bijou/distributions/uniform.hpp>
#include <bijou/flow.hpp>
#include <bijou/io/safetensors.hpp>
#include <bijou/layers/autoregressive.hpp>
#include <bijou/layers/permutation.hpp>
#include <bijou/layers/standardize.hpp>
#include <bijou/training/fit_state.hpp>
#include <bijou/transformers/affine.hpp>

#include "forged.hpp"

using namespace bijou;
using namespace bijou::test;
using Catch::Contains;
namespace {
using Json = nlohmann::ordered_json;
auto flow_of(std::uint64_t seed, int hidden = 4) {
  Random random{seed};
  using Net = Made<float, 3, 0, 2>;
  return Flow{StandardNormal<float, 3>{}, Autoregressive<Affine, Net>(Net({hidden}, random)),
              Permutation<float, 3>(random)};
}
const std::string bare = R"({"__metadata__":{"format":"bijou 1"})";
std::string saved(const auto& model) {
  const Temporary file("", "saved");
  save(model, file.path());
  return file.bytes();
}
/// What save writes of the model, changed by edit(header, data), then signed.
std::string forged(const auto& model, auto edit) {
  const std::string bytes = saved(model);
  const std::size_t length =
      std::size_t(static_cast<unsigned char>(bytes[0])) + 256 * std::size_t(static_cast<unsigned char>(bytes[1]));
  Json header = Json::parse(bytes.substr(8, length));
  header["__metadata__"].erase("checksum");
  std::string data = bytes.substr(8 + length);
  edit(header, data);
  return signed_file(header.dump(), data);
}
template <class T>
void overwrite(std::string& data, const Json& entry, std::size_t i, T value) {
  std::memcpy(data.data() + std::size_t(entry["data_offsets"][0]) + i * sizeof(T), &value, sizeof(T));
}
/// The message with which loading refuses; the model must have the bits that it had.
std::string load_refusal(const std::string& bytes, auto model, LoadOptions options = {}, long most = 1 << 20) {
  const auto before = model;
  FileBytes file = in_memory(bytes);
  std::string message = "accepted";
  const long allocated = allocated_bytes;
  try {
    load(model, file, options);
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  CHECK(allocated_bytes - allocated < most);
  CHECK(same_bits(model, before));
  return message;
}
std::string load_refusal(const std::string& bytes) { return load_refusal(bytes, flow_of(2)); }
}  // namespace

TEST_CASE("model: no bytes, other files, a header length that lies or has the other byte order [adversarial 78, 79]",
          "[adversarial]") {
  CHECK_THAT(load_refusal(""), Contains("memory, byte 0") || Contains("memory: byte 0"));
  CHECK_THAT(load_refusal("PK\3\4 is a zip"), Contains("declares a header of"));
  CHECK_THAT(load_refusal(std::string("\xf0\xff\xff\xff\0\0\0\0"
                                      "{}  ",
                                      12)),
             Contains("4294967280 bytes, only 4 are left"));
  CHECK_THAT(load_refusal(little_endian(std::uint64_t(1) << 63)), Contains("9223372036854775808 bytes"));
  std::string swapped = saved(flow_of(1));
  std::reverse(swapped.begin(), swapped.begin() + 8);
  CHECK_THAT(load_refusal(swapped), Contains("declares a header of"));
  CHECK_THAT(load_refusal(little_endian(2) + "{}"), Contains("no header that bijou wrote"));
}
TEST_CASE("model: the next format is refused, both are named [adversarial 78]", "[adversarial]") {
  std::string next = saved(flow_of(1));
  next.replace(next.find("bijou 1"), 7, "bijou 2");
  CHECK_THAT(load_refusal(next), Contains("\"bijou 2\"") && Contains("\"bijou 1\""));
}
TEST_CASE("model: a million brackets and a hundred thousand names end soon [adversarial 79]", "[adversarial]") {
  // All that is ever asked for: the parser's numbers, lists and texts.
  const auto refusal = [](const std::string& bytes) {
    return load_refusal(bytes, flow_of(2), {}, 32 * long(bytes.size()));
  };
  for (const char open : {'[', '{'}) {
    const std::string deep(1000000, open);
    CHECK_THAT(load_refusal(little_endian(deep.size()) + deep, flow_of(2), {}, 4 << 20), Contains("no header"));
    std::string inside = bare + ",\"a\":";
    for (int i = 0; i < 1000000; ++i) inside += open == '[' ? "[" : "{\"a\":";
    CHECK_THAT(refusal(signed_file(inside, "")), Contains("no header"));
  }
  std::string closed = bare + ",\"a\":" + std::string(1000000, '[') + std::string(1000000, ']') + "}";
  CHECK_THAT(refusal(signed_file(closed, "")), Contains("holds\n  nothing"));
  // An array's entry that is a million brackets goes into no message.
  std::string deep =
      forged(flow_of(1), [](Json& header, std::string&) { header["layers.1.order"] = "deep"; }).substr(8);
  deep.erase(deep.find(safetensors::before_checksum), safetensors::before_checksum.size() + 17);
  const std::size_t end = deep.rfind('}') + 1, at = deep.find("\"deep\"");
  const std::string brackets = std::string(1000000, '[') + std::string(1000000, ']');
  CHECK_THAT(refusal(signed_file(deep.substr(0, end).replace(at, 6, brackets), deep.substr(end))),
             Contains("layers.1.order"));
  std::string names = bare;
  for (int i = 0; i < 100000; ++i) names += ",\"" + std::to_string(i) + "\":0";
  CHECK_THAT(refusal(signed_file(names + "}", "")), Contains("holds\n  nothing"));
}
TEST_CASE("model: forged headers of the wrong kinds are refused", "[adversarial]") {
  for (const char* rest :
       {"", "}]", ",\"__metadata__\":5}", ",\"a\":1e999}", ",\"a\":\"\xff\"}", ",\"a\":\"\\ud800\"}", "}\0", "} {}"})
    CHECK_THAT(load_refusal(signed_file(bare + rest, "")), Contains("memory: "));
  CHECK_THAT(load_refusal(signed_file(R"({"__metadata__":{"format":"bijou 1","architecture":7}})", "")),
             Contains("holds\n  nothing"));
}
TEST_CASE("model: arrays of another type, shape or place, missing, spare, or trailing bytes [adversarial 78]",
          "[adversarial]") {
  const auto flow = flow_of(1);
  const std::string name = "layers.0.conditioner.net.layers.0.b";
  const auto with = [&](const char* key, const Json& value) {
    return load_refusal(forged(flow, [&](Json& header, std::string&) { header[name][key] = value; }));
  };
  CHECK_THAT(with("dtype", "F64"), Contains(name + " is ") && Contains("must be"));
  for (const char* shape : {"[4294967296,4294967296]", "[9223372036854775808,1]", "[-1,4]", "[1]", "[1e308,4]", "4"})
    CHECK_THAT(with("shape", Json::parse(shape)), Contains("must be"));
  for (const char* place : {"[0,0]", "[0,18446744073709551615]", "[-8,8]", "[18446744073709551612,4]", "[]"})
    CHECK_THAT(with("data_offsets", Json::parse(place)), Contains("must be"));
  CHECK_THAT(with("more", 1), Contains("must be"));
  CHECK_THAT(load_refusal(forged(flow, [&](Json& header, std::string&) { header.erase(name); })),
             Contains("has no array"));
  CHECK_THAT(load_refusal(forged(flow, [&](Json& header, std::string&) { header["spare"] = 0; })),
             Contains("holds more"));
  CHECK_THAT(load_refusal(forged(flow, [&](Json&, std::string& data) { data += '\0'; })), Contains("holds more"));
  CHECK_THAT(load_refusal(forged(flow, [&](Json&, std::string& data) { data.pop_back(); })),
             Contains("beyond the end"));
  CHECK_THAT(load_refusal(saved(flow_of(1, 5))), Contains("3+0-5-relu") && Contains("3+0-4-relu"));
  CHECK_THAT(load_refusal(saved(flow) + "x"), Contains("is damaged"));
}
TEST_CASE("model: a file of floats does not go into doubles [adversarial 78]", "[adversarial]") {
  Random random{1};
  using Net = Made<double, 3, 0, 2>;
  CHECK_THAT(
      load_refusal(saved(flow_of(1)), Flow{StandardNormal<double, 3>{}, Autoregressive<Affine, Net>(Net({4}, random)),
                                           Permutation<double, 3>(random)}),
      Contains("F32") && Contains("must be") && Contains("F64"));
}
TEST_CASE("model: weights that are not finite are refused unless asked for [adversarial 78]", "[adversarial]") {
  for (const float bad : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    auto flow = flow_of(1);
    each_parameter([&](const Path&, auto& a) { a.data()[a.size() - 1] = bad; }, flow);
    CHECK_THAT(load_refusal(saved(flow)), Contains("layers.0.conditioner.net.layers.0.w") && Contains("not finite"));
    auto target = flow_of(2);
    load(target, in_memory(saved(flow)), {.allow_non_finite = true});
    CHECK(same_bits(target, flow));
  }
}
TEST_CASE("model: an order that is no permutation is refused even with the right checksum", "[adversarial]") {
  const auto flow = flow_of(1);
  for (const char* name : {"layers.0.conditioner.order", "layers.1.order"})
    for (const int first : {-1, 3, 2000000000})
      CHECK_THAT(load_refusal(forged(flow, [&](Json& h, std::string& data) { overwrite(data, h[name], 0, first); })),
                 Contains("memory: ") && Contains("order must"));
  CHECK_THAT(load_refusal(forged(flow,
                                 [&](Json& h, std::string& data) {
                                   for (std::size_t i = 0; i < 3; ++i)
                                     overwrite(data, h["layers.1.order"], i, i == 2 ? 2 : 0);
                                 })),
             Contains("order must hold 0 .. 2"));
}
TEST_CASE("model: fixed numbers keep what their constructors promise", "[adversarial]") {
  const auto with = [](const auto& model, const char* name, auto value) {
    return load_refusal(forged(model, [&](Json& h, std::string& data) { overwrite(data, h[name], 0, value); }), model,
                        {.allow_non_finite = true});
  };
  const Standardize<double, 2> scale(Batch<double, 2>(Batch<double, 2>::Random(9, 2)));
  for (const double bad : {0., -1., std::nan("")}) CHECK_THAT(with(scale, "deviation", bad), Contains("deviation"));
  CHECK_THAT(with(scale, "mean", std::nan("")), Contains("mean"));
  for (const double bad : {1., 2., std::nan("")})
    CHECK_THAT(with(UniformBox<double, 2>{}, "lower", bad), Contains("below upper"));
  for (const double bad : {0., -1., std::nan("")})
    CHECK_THAT(with(Beta<double, 2>(2, 2), "shape", bad), Contains("positive"));
  const FitState state(flow_of(1));
  for (const double bad : {-1., 0.5, 1e300, 3e9, std::nan("")})
    CHECK_THAT(with(state, "count", bad), Contains("counters"));
  CHECK_THAT(with(state, "second.layers.0.conditioner.net.layers.0.b", -1.f), Contains("second.layers.0"));
  FitState fresh(flow_of(2));
  CHECK_NOTHROW(load(fresh, in_memory(saved(state))));  // it has no validation score yet
}
TEST_CASE("model: written in one locale, read in another", "[adversarial]") {
  Random random{1};
  Permutation<float, Dynamic> target(1234);
  const Permutation<float, Dynamic> order(random, 1234);
  std::string bytes;
  {
    const CommaLocale comma;
    bytes = saved(order);
  }
  load(target, in_memory(bytes));
  CHECK(same_bits(target, order));
}
