#pragma once
// Model files with a checksum that fits, whatever is in them.
#include <bijou/io/safetensors.hpp>

namespace bijou::test {
inline std::string little_endian(std::uint64_t n) { return {reinterpret_cast<const char*>(&n), 8}; }
/// A file of this header, which has no checksum yet, and these data, with the checksum that fits. (Without the format's
/// name there is no place for one: a file that is refused earlier.)
inline std::string signed_file(std::string header, const std::string& data) {
  const std::string own = "\"format\":\"bijou 1\"", sum = safetensors::checksum_of(header, data);
  if (const std::size_t at = header.find(own); at != std::string::npos)
    header.insert(at + own.size(), ",\"checksum\":\"" + sum + "\"");
  return little_endian(header.size()) + header + data;
}
}  // namespace bijou::test
