#include <array>
#include <filesystem>
#include <fstream>
#include <functional>

#include <bijou/io/csv.hpp>
#include <bijou/io/file_bytes.hpp>
#include <bijou/io/idx.hpp>
#include <bijou/io/npy.hpp>
#include <bijou/io/pgm.hpp>

#include "allocations.hpp"
#include "catch.hpp"
#include "temporary.hpp"

using namespace bijou;
using Catch::Contains;
namespace {
using test::Temporary;
CsvTable csv_of(const std::string& s) { return read_csv(Temporary(s).path()); }
Picture pgm_of(const std::string& s) { return read_pgm(Temporary(s).path()); }
std::string npy_header(const std::string& dictionary) {
  std::string s = "\x93NUMPY\x01";
  s += '\0';
  s += char(dictionary.size() & 0xff);
  s += char(dictionary.size() >> 8);
  return s + dictionary;
}
}  // namespace

TEST_CASE("csv: header, quotes, byte order mark, Windows lines, columns that are no numbers") {
  const auto t = csv_of(
      "\xEF\xBB\xBF"
      "a,\"b, c\",name\r\n1,2.5e3,x\r\n-0.5, 4 ,\"y\"\"z\"\r\n");
  CHECK(t.names == std::vector<std::string>{"a", "b, c"});
  CHECK(t.left_out.size() == 1);
  CHECK((t.values == (Eigen::ArrayXXd(2, 2) << 1, 2500, -0.5, 4).finished()).all());
  CHECK(csv_of("1,2\n3,4").names[1] == "column 2");
}
TEST_CASE("csv: every error names the line, and the column") {
  CHECK_THROWS_WITH(csv_of(""), Contains("is empty"));
  CHECK_THROWS_WITH(csv_of("a,b\n"), Contains("header and no rows"));
  CHECK_THROWS_WITH(csv_of("a,b\n1,2\n3\n"), Contains("line 3: has 1 cells"));
  CHECK_THROWS_WITH(csv_of("a,b\n1,2\n3,nan\n"), Contains("line 3, b"));
  CHECK_THROWS_WITH(csv_of("a,b\n1,2\n3,1e400\n"), Contains("line 3, b"));
  CHECK_THROWS_WITH(csv_of("a,b\n1,2\n3,\n"), Contains("line 3, b"));
  CHECK_THROWS_WITH(csv_of("a\nx\n"), Contains("no numeric column"));
  CHECK_THROWS_WITH(read_csv("/nowhere.csv"), Contains("no such file"));
  CHECK_THROWS_WITH(read_csv("/tmp"), Contains("not a regular file"));
  CHECK(csv_of("a\n" + std::string(1000000, '1').insert(1, ".") + "\n").values(0, 0) == Approx(1.1111111111));
}
TEST_CASE("csv: what is written reads back to the last bit; a failed write leaves the old file") {
  const Temporary file("old");
  const Eigen::ArrayXXd values = Eigen::ArrayXXd::Random(5, 3) * 1e-7;
  write_csv(file.path(), {"a", "b", "c"}, values);
  CHECK((read_csv(file.path()).values == values).all());
  CHECK_THROWS_AS(write_csv("/nowhere/file.csv", {"a", "b", "c"}, values), std::runtime_error);
  CHECK_THROWS_AS(write_csv("/dev/full", {"a", "b", "c"}, values), std::runtime_error);
  CHECK_THROWS_AS(write_csv(file.path(), {"a"}, values), std::invalid_argument);
}
TEST_CASE("csv: names of any kind read back; one that does not fit on a line is refused") {
  const Temporary file("old");
  const std::vector<std::string> names{"a,b", "c\"d", "\"", "", " blanks\t", "plain name", "\xEF\xBB\xBFmark"};
  for (std::size_t first = 0; first < names.size(); ++first) {
    const std::vector<std::string> some(names.begin() + long(first), names.end());
    write_csv(file.path(), some, Eigen::ArrayXXd::Ones(2, Index(some.size())));
    CHECK(read_csv(file.path()).names == some);
  }
  write_csv(file.path(), {"plain name", "a,\"b\""}, Eigen::ArrayXXd::Ones(1, 2));
  CHECK(file.bytes() == "plain name,\"a,\"\"b\"\"\"\n1,1\n");
  for (const char* lines : {"a\nb", "a\r"})
    CHECK_THROWS_AS(write_csv(file.path(), {lines}, Eigen::ArrayXXd::Ones(1, 1)), std::invalid_argument);
}
TEST_CASE("csv: a first line that may be a header or a row is refused, unless the caller says which it is") {
  const Temporary iris("\n5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n");
  CHECK_THROWS_WITH(read_csv(iris.path()),
                    Contains("line 2: may be a header or a row: \"5.1\"") && Contains("Header::absent"));
  const auto rows = read_csv(iris.path(), Header::absent), row = read_csv(iris.path(), Header::present);
  CHECK((rows.values == (Eigen::ArrayXXd(2, 2) << 5.1, 3.5, 4.9, 3).finished()).all());
  CHECK(rows.names == std::vector<std::string>{"column 1", "column 2"});
  CHECK(rows.left_out == std::vector<std::string>{"column 3: \"Iris-setosa\" is not a number"});
  CHECK((row.values == (Eigen::ArrayXXd(1, 2) << 4.9, 3).finished()).all());
  CHECK(row.names == std::vector<std::string>{"5.1", "3.5"});
  CHECK_THROWS_WITH(csv_of(",0,1\n0,0.1,0.2\n"), Contains("line 1: may be a header or a row: \"0\""));
  // A number that names no numeric column leaves no doubt: were it a row, the next would be refused.
  CHECK(csv_of("a,2020\n1,x\n").names == std::vector<std::string>{"a"});
  CHECK(csv_of("1,2\n3,4\n").values.rows() == 2);
}
TEST_CASE("csv: names that are numbers read back where a header is said to be present") {
  const Temporary file("old");
  write_csv(file.path(), {"1", "2"}, Eigen::ArrayXXd::Ones(3, 2));
  const auto t = read_csv(file.path(), Header::present);
  CHECK((t.names == std::vector<std::string>{"1", "2"} && t.values.rows() == 3));
  CHECK_THROWS_WITH(read_csv(Temporary("1,2\n").path(), Header::present), Contains("header and no rows"));
  CHECK_THROWS_WITH(read_csv(Temporary("a,b\n1,2\n").path(), Header::absent), Contains("no numeric column"));
}
TEST_CASE("npy: round trip, both orders, and sizes that lie") {
  const Temporary file("");
  const Eigen::ArrayXXd values = Eigen::ArrayXXd::Random(4, 3);
  write_npy(file.path(), values);
  CHECK((read_npy(file.path()) == values).all());
  const auto npy_of = [](const std::string& s) { return read_npy(Temporary(s, "npy").path()); };
  const auto u1 =
      npy_of(npy_header("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2), }\n") + "\x01\x02\x03\x04");
  CHECK(u1(1, 0) == 2);
  CHECK(u1(0, 1) == 3);
  CHECK_THROWS_WITH(npy_of("nonsense"), Contains("is not an NPY file"));
  CHECK_THROWS_WITH(
      npy_of(npy_header("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }\n") + std::string(8, 'x')),
      Contains("not read"));
  for (const char* shape : {"(9223372036854775808, 1)", "(4294967296, 4294967296)", "(2305843009213693952,)", "(3,)"})
    CHECK_THROWS_WITH(
        npy_of(npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': " + std::string(shape) + ", }\n") +
               std::string(16, 'x')),
        Contains("only 16 bytes are left"));
  CHECK_THROWS_WITH(npy_of(std::string("\x93NUMPY\x02\0\xf0\xff\xff\xff", 12)), Contains("header needs"));
}
TEST_CASE("pgm: plain and binary, 8 and 16 bits, comments, and headers that lie") {
  const auto p = pgm_of("P2\n# a comment\n2 2\n9\n1 2\n3 9\n");
  CHECK((p.rows == 2 && p.columns == 2 && p.levels == 10 && p(1, 0) == 3 && p(1, 1) == 9));
  CHECK(pgm_of(std::string("P5 2 1 300\n\x01\x02\x00\x05", 15))(0, 0) == 258);
  CHECK(pgm_of("P6 1 1 255\nabc")(0, 0, 2) == 'c');
  CHECK_THROWS_WITH(pgm_of("P5 65536 65536 255\n0123456789"), Contains("only 10 bytes are left"));
  CHECK_THROWS_WITH(pgm_of("P5 4294967292 0 255\n"), Contains("empty"));
  CHECK_THROWS_WITH(pgm_of("P5 1 1 0\n0"), Contains("largest value"));
  CHECK_THROWS_WITH(pgm_of("P5 1 1 65536\n00"), Contains("largest value"));
  CHECK_THROWS_AS(pgm_of("P2 2 2 9 1 2 3"), std::runtime_error);
  CHECK_THROWS_WITH(pgm_of("P2 1 1 9 12 "), Contains("above the largest value"));
  CHECK_THROWS_WITH(pgm_of("PNG"), Contains("is not a PGM"));
}
TEST_CASE("idx: plain and packed, and headers that lie") {
  const std::string good = std::string("\0\0\x08\x02\0\0\0\x02\0\0\0\x03", 12) + "abcdef";
  const auto data = read_idx(Temporary(good).path());
  CHECK(data.shape == std::vector<Index>{2, 3});
  CHECK(data.values(1, 0) == 'd');
  CHECK_THROWS_WITH(read_idx(Temporary(good.substr(0, 15)).path()), Contains("only 3 bytes are left"));
  CHECK_THROWS_WITH(read_idx(Temporary(good + "x").path()), Contains("1 bytes after the data"));
  CHECK_THROWS_AS(read_idx(Temporary(std::string("\0\0\x08\x02\xff\xff\xff\xff\xff\xff\xff\xff", 12)).path()),
                  std::runtime_error);
  CHECK_THROWS_WITH(read_idx(Temporary("xx\x08\x01").path()), Contains("is not an IDX file"));
#ifdef BIJOU_HAS_ZLIB
  const Temporary packed("", "data.gz");
  gzFile out = gzopen(packed.path().c_str(), "wb");
  gzwrite(out, good.data(), unsigned(good.size()));
  gzclose(out);
  CHECK(read_idx(packed.path()).values(0, 2) == 'c');
  const Temporary cut("", "cut.gz");
  std::filesystem::copy_file(packed.path(), cut.path(), std::filesystem::copy_options::overwrite_existing);
  std::filesystem::resize_file(cut.path(), 20);
  CHECK_THROWS_AS(read_idx(cut.path()), std::runtime_error);
#endif
}
TEST_CASE(
    "readers: every truncation and every flipped bit is a runtime_error or what the bytes say, in bounded memory") {
  const auto npy = npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }\n") + std::string(16, '\0');
  const auto idx = std::string("\0\0\x08\x02\0\0\0\x02\0\0\0\x03", 12) + "abcdef";
  const auto size_of_csv = [](const std::string& path) { return read_csv(path).values.size(); };
  const auto size_of_npy = [](const std::string& path) { return read_npy(path).size(); };
  const auto size_of_idx = [](const std::string& path) { return read_idx(path).values.size(); };
  const auto size_of_pgm = [](const std::string& path) {
    const Picture p = read_pgm(path);
    return p.rows * p.columns * p.channels;
  };
  struct Case {
    std::string name, bytes;
    std::function<Index(const std::string&)> size_of;
  };
  const std::array cases{Case{"csv", "a,\"b\"\n1,2.5e3\r\n-3,4e-2\n", size_of_csv}, Case{"npy", npy, size_of_npy},
                         Case{"idx", idx, size_of_idx}, Case{"pgm", "P2\n# 2 by 2\n2 2\n9\n1 2\n3 9\n", size_of_pgm},
                         Case{"ppm", "P6 2 1 255\nabcdef", size_of_pgm}};
  for (const auto& [name, good, size_of] : cases) {
    const auto outcome = [&, &size_of = size_of](const std::string& bytes) -> Index {  // -1: refused
      const Temporary file(bytes, "damaged");
      const long before = test::allocated_bytes;
      Index size = -1;
      try {
        size = size_of(file.path());
        CHECK(size <= Index(bytes.size()));
      } catch (const std::runtime_error& error) {
        CHECK(std::string(error.what()).find(file.path()) != std::string::npos);
      }
      CHECK(test::allocated_bytes - before < (1 << 15) + 128 * long(bytes.size()));
      return size;
    };
    INFO(name);
    const Index whole = outcome(good);
    CHECK(whole > 0);
    for (std::size_t n = 0; n < good.size(); ++n) {
      INFO("the first " << n << " bytes");
      const Index size = outcome(good.substr(0, n));
      CHECK((size == -1 || (name == "csv" && size <= whole) || (name == "pgm" && n + 1 == good.size())));
    }
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
      INFO("bit " << bit);
      std::string bad = good;
      bad[bit / 8] = char(bad[bit / 8] ^ (1 << bit % 8));
      outcome(bad);
    }
  }
}
