#pragma once
#include <bit>
#include <cstring>

#include <nlohmann/json.hpp>

#include <bijou/core/fields.hpp>
#include <bijou/io/file_bytes.hpp>
#include <bijou/version.hpp>

namespace bijou {
// A model as a safetensors file: 8 bytes of header length, a JSON header, the arrays row by row, little-endian. The
// metadata hold the format's version, the library's, the architecture (the model's describe()) and a checksum of all
// else. save -> load -> save gives the same bytes.

/// What a file may hold.
struct LoadOptions {
  bool allow_non_finite = false;  // else NaN and inf among the numbers are refused
};

namespace safetensors {
static_assert(std::endian::native == std::endian::little, "numbers are copied from and to little-endian files");
inline constexpr const char* format = "bijou 1";
inline constexpr std::string_view before_format = "{\"__metadata__\":{\"format\":\"",
                                  before_checksum = ",\"checksum\":\"";

/// The name of a number's type in the file; a long double is stored as two doubles whose sum it is. (Below 4.6e-305
/// the second one runs out of digits: what is read back is off by less than 5e-324.)
template <class T>
constexpr const char* type_name() {
  if constexpr (std::is_same_v<T, float>) return "F32";
  if constexpr (std::is_same_v<T, int>) return "I32";
  return "F64";
}
template <class T>
inline constexpr int parts = std::is_same_v<T, long double> ? 2 : 1;

/// 64-bit FNV-1a: not against malice, but every changed bit is seen.
inline std::string checksum(std::string_view bytes) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  char digits[17];
  (void)std::snprintf(digits, sizeof(digits), "%016llx", static_cast<unsigned long long>(h));
  return digits;
}
void put(std::string& out, const auto& value) { out.append(reinterpret_cast<const char*>(&value), sizeof(value)); }

void write_array(std::string& out, const auto& a) {
  using T = typename std::remove_cvref_t<decltype(a)>::Scalar;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j)
      if constexpr (std::is_same_v<T, long double>) {
        const double high = static_cast<double>(a(i, j));
        put(out, high);
        put(out, std::isfinite(high) ? static_cast<double>(a(i, j) - static_cast<long double>(high)) : 0.);
      } else
        put(out, a(i, j));
}
void read_array(const char* from, auto& a) {
  using T = typename std::remove_cvref_t<decltype(a)>::Scalar;
  for (Index i = 0; i < a.rows(); ++i)
    for (Index j = 0; j < a.cols(); ++j) {
      if constexpr (std::is_same_v<T, long double>) {
        double both[2];
        std::memcpy(both, from, sizeof(both));
        a(i, j) = static_cast<long double>(both[0]) + static_cast<long double>(both[1]);
      } else
        std::memcpy(&a(i, j), from, sizeof(T));
      from += parts<T> == 2 ? 16 : sizeof(T);
    }
}
template <class T>
std::vector<Index> shape_of(const auto& a) {
  std::vector<Index> shape{a.rows(), a.cols()};
  if (parts<T> == 2) shape.push_back(2);
  return shape;
}
/// The checksum of a file whose header, as text, is all but the checksum's own entry.
inline std::string checksum_of(const std::string& header, std::string_view data) {
  return checksum(header + checksum(data));
}
/// Takes the checksum out of a header; what is left is what the checksum was made of. It is looked for in the text, so
/// that what is damaged never gets as far as the parser.
inline std::string take_checksum(std::string& header) {
  header.erase(header.find_last_not_of(' ') + 1);
  const std::size_t at = header.find(before_checksum), digits = at + before_checksum.size();
  if (at == std::string::npos || header.size() < digits + 17) return {};
  std::string found = header.substr(digits, 16);
  header.erase(at, before_checksum.size() + 17);
  return found;
}
}  // namespace safetensors

/// Writes everything that is trained or fixed in a model. A write that fails leaves the old file as it was. Throws
/// FileError where it cannot be written, and for a finite long double that is too large for the file.
template <class M>
void save(const M& model, const std::string& path) {
  using namespace safetensors;
  nlohmann::ordered_json header;
  std::string data;
  header["__metadata__"] = {{"format", format}, {"library", version}, {"architecture", model.describe()}};
  each_array(
      [&](const Path& p, const auto& a) {
        using T = typename std::remove_cvref_t<decltype(a)>::Scalar;
        const std::size_t begin = data.size();
        if constexpr (parts<T> == 2)
          if ((a.array().isFinite() && !a.template cast<double>().array().isFinite()).any())
            throw FileError(path, p.str(), " holds a number beyond 1.8e308, which no sum of two doubles is");
        write_array(data, a);
        header[p.str()] = {
            {"dtype", type_name<T>()}, {"shape", shape_of<T>(a)}, {"data_offsets", {begin, data.size()}}};
      },
      model);
  header["__metadata__"]["checksum"] = checksum_of(header.dump(), data);
  std::string text_of_header = header.dump();
  text_of_header.resize((text_of_header.size() + 7) / 8 * 8, ' ');
  std::string out;
  put(out, std::uint64_t(text_of_header.size()));
  out += text_of_header + data;
  write_file(path, {out.data(), out.size()});
}

/// Reads what save wrote into a model of the same architecture, which is unchanged when anything is wrong. Throws
/// std::runtime_error for a damaged file, another format, and another architecture, naming both.
template <class M>
void load(M& model, FileBytes file, const LoadOptions& options = {}) {
  using namespace safetensors;
  using Json = nlohmann::json;  // its objects are trees: a header of a million names takes no quadratic time
  const std::string& path = file.path();
  const auto length = file.number(8, false, "header length");
  if (length > file.left()) file.fail("declares a header of ", length, " bytes, only ", file.left(), " are left");
  const auto text_of_header = file.take(static_cast<std::size_t>(length), "header");
  std::string signed_text(text_of_header.begin(), text_of_header.end());
  if (!signed_text.starts_with(before_format)) throw FileError(path, "has no header that bijou wrote");
  const std::string has = signed_text.substr(before_format.size()), version_of_format = has.substr(0, has.find('"'));
  if (version_of_format != format)
    throw FileError(path, "has format \"", version_of_format, "\", this version reads \"", format, "\"");
  const auto bytes = file.take(file.left(), "data");
  const std::string_view data(bytes.data(), bytes.size());
  if (const std::string sum = take_checksum(signed_text); sum != checksum_of(signed_text, data))
    throw FileError(path, "is damaged: the checksum does not fit");

  // Deeper than any header of ours is dropped, so that nothing below walks a million brackets.
  const auto shallow = [](int depth, Json::parse_event_t, Json&) { return depth <= 4; };
  const Json header = Json::parse(text_of_header.begin(), text_of_header.end(), shallow, false);
  if (!header.is_object() || !header.contains("__metadata__") || !header["__metadata__"].is_object())
    throw FileError(path, "has no header that bijou wrote");
  const auto architecture = header["__metadata__"].value("architecture", Json());
  if (const std::string here = model.describe(); architecture != here) {
    const std::string there = architecture.is_string() ? architecture.template get<std::string>() : "nothing";
    const auto is_state = [](const std::string& s) { return s.starts_with("fit_state("); };
    throw FileError(
        path, "holds\n  ", there, "\nwhich cannot be loaded into\n  ", here,
        is_state(there) == is_state(here) ? "" : "\n(fit_state: what checkpoint keeps of a fit; else: a model)");
  }

  M loaded = model;
  std::size_t read = 0, arrays = 0;
  each_array(
      [&](const Path& p, auto& a) {
        using T = typename std::remove_cvref_t<decltype(a)>::Scalar;
        const std::size_t size = std::size_t(a.size()) * (parts<T> == 2 ? 16 : sizeof(T));
        const Json wanted = {
            {"dtype", type_name<T>()}, {"shape", shape_of<T>(a)}, {"data_offsets", {read, read + size}}};
        const std::string name = p.str();
        if (!header.contains(name)) throw FileError(path, "has no array ", name);
        if (header[name] != wanted)
          throw FileError(path, name, " is ", header[name].dump(), ", must be ", wanted.dump());
        if (read + size > data.size()) throw FileError(path, name, " lies beyond the end of the file");
        read_array(data.data() + read, a);
        if constexpr (std::is_floating_point_v<T>)
          if (!options.allow_non_finite && !a.array().isFinite().all())
            throw FileError(path, name,
                            " holds numbers that are not finite; LoadOptions{.allow_non_finite = true} takes them");
        read += size;
        ++arrays;
      },
      loaded);
  if (read != data.size() || arrays + 1 != header.size()) throw FileError(path, "holds more than this model");
  try {
    validate_all(loaded);  // the checksum is no proof against a permutation of 0, 0 and 2000
  } catch (const std::invalid_argument& wrong) {
    throw FileError(path, wrong.what());
  }
  model = std::move(loaded);
}
template <class M>
void load(M& model, const std::string& path, const LoadOptions& options = {}) {
  load(model, FileBytes(path), options);
}
}  // namespace bijou
