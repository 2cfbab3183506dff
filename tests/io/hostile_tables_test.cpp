// CSV and NPY files that lie, are damaged, or come from elsewhere.
#include "hostile.hpp"

#include <bijou/io/csv.hpp>
#include <bijou/io/npy.hpp>

using namespace bijou;
using namespace bijou::test;
using Catch::Contains;
namespace {
CsvTable table(const std::string& s) { return read_csv(in_memory(s)); }
std::string csv_refusal(const std::string& s) {
  return refusal([&] { table(s); });
}
std::string npy_bytes(const std::string& type, const std::string& shape, const std::string& data) {
  const std::string header = "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
  return std::string("\x93NUMPY\x01\0", 8) + char(header.size()) + '\0' + header + data;
}
std::string npy_refusal(const std::string& s) {
  return refusal([&] { read_npy(in_memory(s)); });
}
}  // namespace

TEST_CASE("csv: a ragged row is named, wherever it is [adversarial 81]", "[adversarial]") {
  CHECK_THAT(csv_refusal("a,b\n1,2\n3\n"), Contains("memory: line 3: has 1 cells, the lines before have 2"));
  CHECK_THAT(csv_refusal("a,b\n1,2,3\n"), Contains("line 2: has 3 cells"));
  CHECK_THAT(csv_refusal("1,2\n\n\n1,2,\n"), Contains("line 4: has 3 cells"));
}
TEST_CASE("csv: Windows lines, a byte order mark and a missing last newline change no value [adversarial 81]",
          "[adversarial]") {
  const auto plain = table("a,b\n1,2\n3,4\n");
  for (const char* same : {"a,b\r\n1,2\r\n3,4\r\n",
                           "\xEF\xBB\xBF"
                           "a,b\n1,2\n3,4",
                           "a,b\n\n1,2\r\n\r\n3,4\n\n"}) {
    const auto t = table(same);
    CHECK(t.names == plain.names);
    CHECK((t.values == plain.values).all());
  }
}
TEST_CASE("csv: nothing, blank lines, a mark alone and a header alone are no table [adversarial 81]", "[adversarial]") {
  for (const char* nothing : {"", "\n\n\r\n", "\xEF\xBB\xBF"}) CHECK_THAT(csv_refusal(nothing), Contains("is empty"));
  for (const char* header : {"a,b\n", "a,b", "\n\na,b\n\n"})
    CHECK_THAT(csv_refusal(header), Contains("header and no rows"));
}
TEST_CASE("csv: what no double holds is refused by line and column, and no sign is read twice [adversarial 81]",
          "[adversarial]") {
  for (const char* cell : {"nan", "inf", "-inf", "1e400", "-1e400", "", "+-5", "++5", "0x10", "1 2", "1d"})
    CHECK_THAT(csv_refusal(std::string("a,b\n1,2\n3,") + cell + "\n"), Contains("line 3, b: \""));
  CHECK(table("a\n+5\n").values(0, 0) == 5);
  CHECK(table("a\n4.9406564584124654e-324\n").values(0, 0) > 0);
  CHECK_THAT(csv_refusal("a\n1\n1" + std::string(400, '0') + "e-10\n"), Contains("line 3, a: \""));
}
TEST_CASE("csv: a number too small for a double is the nearest one [adversarial 81]", "[adversarial]") {
  const CommaLocale comma;
  const std::string many_zeros(400, '0');
  const auto t = table("a\n1e-400\n-1e-400\n 1e-320 \n+1e-99999999999\n0." + many_zeros + "1\n2e-324\n3e-324\n");
  const double least = std::numeric_limits<double>::denorm_min();
  CHECK((t.values.col(0) == (Eigen::ArrayXd(7) << 0, 0, 1e-320, 0, 0, 0, least).finished()).all());
  CHECK(!std::signbit(t.values(0, 0)));
  CHECK(std::signbit(t.values(1, 0)));
}
TEST_CASE("csv: a decimal comma is two cells in every locale, a point is read in every locale [adversarial 81]",
          "[adversarial]") {
  const CommaLocale comma;
  CHECK_THAT(csv_refusal("a\n1\n1,5\n"), Contains("line 3: has 2 cells"));
  CHECK_THAT(csv_refusal("a,b\n\"1,5\",2\n\"x\",2\nx,\"2,5\"\n"), Contains("line 4, b: \"2,5\""));
  CHECK(table("a\n1234.5\n").values(0, 0) == 1234.5);
  const Temporary file("");
  write_csv(file.path(), {"a"}, Eigen::ArrayXXd::Constant(1, 1, 1234.5));
  CHECK(file.bytes() == "a\n1234.5\n");
}
TEST_CASE("csv: lines of a million characters, and errors that quote little of them [adversarial 81]",
          "[adversarial]") {
  CHECK(table("a\n0." + std::string(1000000, '3') + "\n").values(0, 0) == 1. / 3);
  const std::string message = refusal([] { table("a\n1\n" + std::string(1000000, 'x') + "\n"); }, 8 << 20);
  CHECK_THAT(message, Contains("line 3, a"));
  CHECK(message.size() < 200);
}
TEST_CASE("csv: memory is proportionate to the file, whatever is in it", "[adversarial]") {
  const std::string commas(100000, ',');
  CHECK_THAT(refusal([&] { table(commas + "\n" + commas); }, 256 * 200000), Contains("no numeric column"));
  std::string row = "1";
  for (int i = 0; i < 100000; ++i) row += ",1";
  const long before = allocated_bytes;
  CHECK(table(row).values.cols() == 100001);
  CHECK(allocated_bytes - before < 128 * 200001);  // that which grows, counted each time it does
  std::string rows = "a,b\n";
  for (int i = 0; i < 50000; ++i) rows += "x,1\n";
  const auto t = table(rows);
  CHECK((t.left_out.size() == 1 && t.values.cols() == 1));
}
TEST_CASE("csv: the first row decides which columns are numbers; an open quote ends nowhere", "[adversarial]") {
  CHECK_THAT(csv_refusal("a,b\nx,y\n1,2\n"), Contains("no numeric column"));
  CHECK_THAT(csv_refusal("a,b\n1,\"2\n3,4\"\n"), Contains("line 2: a quote is left open"));
  CHECK_THAT(csv_refusal(std::string("a\n1\n2\0\n", 7)), Contains("line 3, a"));
}

TEST_CASE("npy: shapes whose product wraps, or that count nothing, are refused unallocated [adversarial 79]",
          "[adversarial]") {
  for (const char* shape :
       {"(9223372036854775808,)", "(4294967296, 4294967296)", "(2305843009213693952,)", "(65536, 65536)",
        "(9223372036854775808, 0)", "(4294967292, 0)", "(0, 9223372036854775808)"})
    CHECK_THAT(npy_refusal(npy_bytes("<f8", shape, std::string(16, 'x'))), Contains("declares "));
  CHECK_THAT(npy_refusal(npy_bytes("<f8", "(99999999999999999999,)", "")), Contains("overflows"));
  for (const char* shape : {"()", "(2, 1, 1)", "()(2,)", "x"})
    CHECK_THAT(npy_refusal(npy_bytes("<f8", shape, std::string(16, 'x'))), Contains("dimensions"));
  for (const char* shape : {"(0, 3)", "(0, 0)", "(0,)"})
    CHECK_THAT(npy_refusal(npy_bytes("<f8", shape, "")), Contains("there is nothing to read"));
}
TEST_CASE("npy: a header of 0xFFFFFFF0 bytes in a file of 12, no file, half a file [adversarial 79]", "[adversarial]") {
  CHECK_THAT(npy_refusal(std::string("\x93NUMPY\x02\0\xf0\xff\xff\xff", 12)), Contains("needs 4294967280 bytes"));
  CHECK_THAT(npy_refusal(""), Contains("memory, byte 0") || Contains("memory: byte 0"));
  CHECK_THAT(npy_refusal("\x93NUMPZ\x01"), Contains("is not an NPY file"));
  CHECK_THAT(npy_refusal(std::string("\x93NUMPY\x04\0\0\0", 10)), Contains("version 4 is not known"));
  CHECK_THAT(npy_refusal(npy_bytes("<f8", "(2,)", std::string(15, 'x'))), Contains("only 15 bytes are left"));
  CHECK_THAT(npy_refusal(npy_bytes("<f8", "(2,)", std::string(17, 'x'))), Contains("1 bytes after the array"));
}
TEST_CASE("npy: a number that is not finite is named by row and column", "[adversarial]") {
  for (double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    Eigen::ArrayXXd values = Eigen::ArrayXXd::Zero(4, 3);
    values(2, 1) = bad;
    const Temporary file("");
    write_npy(file.path(), values);
    CHECK_THROWS_WITH(read_npy(file.path()), Contains(file.path()) && Contains("row 2, column 1 (counted from 0)"));
  }
}
TEST_CASE("npy: the other byte order and types that are not read are named", "[adversarial]") {
  for (const char* type : {">f8", ">i4", "|O", "<c16", "<f2", "|S8"})
    CHECK_THAT(npy_refusal(npy_bytes(type, "(1,)", std::string(8, 'x'))), Contains("are not read"));
  std::string record = npy_bytes("[('<f8', '>f8')]", "(1,)", std::string(8, 'x'));
  record.replace(record.find("'["), 2, " [").replace(record.find("]'"), 2, "] ");
  CHECK_THAT(npy_refusal(record), Contains("are not read"));
}
TEST_CASE("npy: written the same in every locale", "[adversarial]") {
  const Temporary file("");
  const Eigen::ArrayXXd values = Eigen::ArrayXXd::Random(1234, 1);
  {
    const CommaLocale comma;
    write_npy(file.path(), values);
  }
  CHECK((read_npy(file.path()) == values).all());
}
