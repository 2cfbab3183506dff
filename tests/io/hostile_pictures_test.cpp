// PGM, PPM and IDX files that lie, are damaged, or come from elsewhere.
#include "hostile.hpp"

#include <bijou/io/idx.hpp>
#include <bijou/io/pgm.hpp>

#include "limit.hpp"

using namespace bijou;
using namespace bijou::test;
using Catch::Contains;
namespace {
std::string pgm_refusal(const std::string& s) {
  return refusal([&] { read_pgm(in_memory(s)); });
}
std::string idx_bytes(std::initializer_list<std::uint32_t> shape, const std::string& data) {
  std::string s = std::string("\0\0\x08", 3) + char(shape.size());
  for (const std::uint32_t n : shape)
    for (int shift = 24; shift >= 0; shift -= 8) s += char(n >> shift & 0xff);
  return s + data;
}
std::string idx_refusal(const std::string& s) {
  return refusal([&] { read_idx(in_memory(s)); });
}
}  // namespace

TEST_CASE("pgm: sizes that wrap or that the file has not are refused before a pixel is allocated [adversarial 82]",
          "[adversarial]") {
  for (const char* kind : {"P2", "P3", "P5", "P6"}) {
    const auto of = [&](const char* header) { return pgm_refusal(std::string(kind) + header + "0123456789"); };
    CHECK_THAT(of(" 4294967292 0 255\n"), Contains("empty"));
    CHECK_THAT(of(" 0 4294967292 255\n"), Contains("empty"));
    CHECK_THAT(of(" 65536 65536 255\n"), Contains("only 10 bytes are left"));
    CHECK_THAT(of(" 4294967295 4294967295 65535\n"), Contains("only 10 bytes are left"));
    CHECK_THAT(of(" 4294967296 4294967296 255\n"), Contains("too large"));
    CHECK_THAT(of(" 99999999999999999999 1 255\n"), Contains("too large"));
    CHECK_THAT(of(" -1 1 255\n"), Contains("expected the width"));
  }
}
TEST_CASE("pgm: the largest value is 1 to 65535, a pixel is not above it [adversarial 82]", "[adversarial]") {
  for (const char* top : {"0", "65536"})
    CHECK_THAT(pgm_refusal(std::string("P5 1 1 ") + top + "\n00"), Contains("must be 1 to 65535, is"));
  CHECK_THROWS_WITH(read_pgm(in_memory("P5 1 1 10\n\x0b")), Contains("a pixel is 11"));
  CHECK_THROWS_WITH(read_pgm(in_memory("P5 1 1 256\n\xff\xff")), Contains("a pixel is 65535"));
  CHECK_THROWS_WITH(read_pgm(in_memory("P2 1 1 10\n11\n")), Contains("a pixel is 11"));
  CHECK(read_pgm(in_memory("P5 1 1 65535\n\xff\xfe"))(0, 0) == 65534);  // 16 bits: high byte first
}
TEST_CASE("pgm: cut short anywhere, in a comment, in plain pixels, in half of 16 bits [adversarial 82]",
          "[adversarial]") {
  for (const char* cut : {"", "P", "P2", "P2 #", "P2 # 2 2 9 1 2 3 4", "P2 2", "P2 2 2", "P5 1 1 255"})
    CHECK_THAT(pgm_refusal(cut), Contains("memory: byte "));
  CHECK_THAT(pgm_refusal("P5 1 1 65535\n\xff"), Contains("only 1 bytes are left"));
  CHECK_THROWS_WITH(read_pgm(in_memory("P2 2 2 9\n1 2 3   \n")), Contains("pixel needs 1 bytes"));
  CHECK_THAT(pgm_refusal("P7 1 1 255\n0"), Contains("is not a PGM"));
  CHECK_THAT(pgm_refusal("P5 1 1 255x0"), Contains("is followed by 'x'"));
}
TEST_CASE("idx: sizes that wrap, that count nothing, or that the file has not", "[adversarial]") {
  constexpr std::uint32_t most = 0xffffffff;
  CHECK_THAT(idx_refusal(idx_bytes({most, most}, "0123456789")), Contains("only 10 bytes are left"));
  CHECK_THAT(idx_refusal(idx_bytes({65536, 65536}, "0123456789")), Contains("bytes are left"));
  CHECK_THAT(idx_refusal(idx_bytes({65536, 65536, 65536, 65536}, "0123456789")), Contains("bytes are left"));
  CHECK_THAT(idx_refusal(idx_bytes({most - 3, 0}, "")), Contains("declares"));
  CHECK_THAT(idx_refusal(idx_bytes({0, 0, most}, "")), Contains("declares"));
  CHECK_THAT(idx_refusal(idx_bytes({0, 28, 28}, "")), Contains("declares"));
  CHECK_THAT(idx_refusal(idx_bytes({}, "")), Contains("0 dimensions"));
  CHECK_THAT(idx_refusal(idx_bytes({1, 1, 1, 1, 1}, "0")), Contains("5 dimensions"));
  CHECK_THAT(idx_refusal(idx_bytes({2}, "012")), Contains("1 bytes after the data"));
  CHECK_THAT(idx_refusal(idx_bytes({0}, "")), Contains("there is nothing to read"));
}
TEST_CASE("idx: another byte order, other types and other files are named", "[adversarial]") {
  CHECK_THAT(idx_refusal(std::string("\0\0\x08\x01\x02\0\0\0ab", 10)), Contains("declares 33554432"));
  CHECK_THAT(idx_refusal(std::string("\0\0\x0d\x01\0\0\0\x02"
                                     "01234567",
                                     16)),
             Contains("type 13"));
  CHECK_THAT(idx_refusal("\x08\x01\0\0"), Contains("is not an IDX file"));
  CHECK_THAT(idx_refusal(""), Contains("memory: byte 0"));
}
#ifdef BIJOU_HAS_ZLIB
TEST_CASE("idx: every truncation and flipped bit of a packed file is refused, or harmless", "[adversarial]") {
  const Temporary packed("", "good.gz");
  const auto pack = [&](const std::string& s) {
    gzFile out = gzopen(packed.path().c_str(), "wb9");
    gzwrite(out, s.data(), unsigned(s.size()));
    gzclose(out);
    return packed.bytes();
  };
  const std::string good = pack(idx_bytes({2, 3}, "abcdef"));
  const auto harmless = [&](const std::string& bytes) {
    const Temporary bad(bytes, "bad.gz");
    try {
      return read_idx(bad.path()).values(1, 2) == 'f';  // a bit of the time stamp, say
    } catch (const std::runtime_error& error) {
      return std::string(error.what()).find(bad.path()) != std::string::npos;
    }
  };
  CHECK(read_idx(packed.path()).values(1, 2) == 'f');
  for (std::size_t n = 0; n < good.size(); ++n) CHECK(harmless(good.substr(0, n)));
  for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string bad = good;
    bad[bit / 8] = char(bad[bit / 8] ^ (1 << bit % 8));
    CHECK(harmless(bad));
  }
}
TEST_CASE("idx: a small file that unpacks to a huge one stops at the limit", "[adversarial]") {
  const Temporary packed("", "bomb.gz");
  gzFile out = gzopen(packed.path().c_str(), "wb9");
  const std::string zeros(1 << 20, '\0');
  for (int i = 0; i < 16; ++i) gzwrite(out, zeros.data(), unsigned(zeros.size()));
  gzclose(out);
  CHECK_THAT(refusal([&] { read_idx(packed.path(), 100000); }), Contains("unpacks to more than 100000 bytes"));
}
TEST_CASE("idx: a packed file is not read before it is unpacked; what is no file is said", "[adversarial]") {
  const Temporary large("", "large.gz");
  std::filesystem::resize_file(large.path(), 16 << 20);
  CHECK_THAT(refusal([&] { read_idx(large.path(), 100000); }), Contains("unpacks to more than 100000 bytes"));
  CHECK_THAT(refusal([] { read_gzip("/tmp"); }), Contains("/tmp: not a regular file"));
  CHECK_THAT(refusal([] { read_idx("/nowhere.gz"); }), Contains("/nowhere.gz: no such file"));
}
TEST_CASE("idx: a packed file that cannot be opened is named", "[adversarial]") {
  const Temporary packed("bytes", "some.gz");
  const std::string said = refusal([&] {
    const Limit none(RLIMIT_NOFILE, 0);
    read_gzip(packed.path());
  });
  CHECK(said == packed.path() + ": cannot be opened for reading");
}
#endif
