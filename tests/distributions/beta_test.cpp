// Beta's constant: log B(a, b) against values at 60 digits (tests/reference/distributions), and who writes it when.
#include <thread>

#include <bijou/distributions/beta.hpp>
#include <bijou/math/log_beta.hpp>

#include "reference.hpp"

using namespace bijou;
namespace {
int each_line(const char* name, const auto& visit) { return test::each_line("distributions/bases.txt", name, visit); }
template <class T>
T log_prob_at(const Beta<T, 1>& base, T x) {
  PerSample<T> p(1);
  base.log_prob(Batch<T, 1>::Constant(1, 1, x).eval(), p);
  return p(0);
}
}  // namespace

TEST_CASE("log beta: shapes from 1e-30 to 1e30, within 16 eps of long double") {
  CHECK(each_line("log_beta", [](std::istream& words, const std::string& line) {
          const auto a = static_cast<long double>(test::number(words)),
                     b = static_cast<long double>(test::number(words));
          test::compare("log B", log_beta(a, b), words, 16, line);
        }) == 143);
  CHECK(log_beta(1, 1) == 0);  // the uniform density is 1
  const long double most = std::numeric_limits<long double>::max(), least = std::numeric_limits<long double>::min();
  for (long double a : {least, 1.L, most})
    for (long double b : {least, 1.L, most}) CHECK(std::isfinite(log_beta(a, b)) == !(a == most && b == most));
}
TEMPLATE_TEST_CASE("beta: log p of large shapes near their mode", "", float, double, long double) {
  using T = TestType;
  CHECK(each_line("large_beta", [](std::istream& words, const std::string& line) {
          const double a = test::number(words), b = test::number(words), z = test::number(words);
          test::compare("log p", log_prob_at<T>(Beta<T, 1>(T(a), T(b)), T(z)), words, 64, line);
        }) == 12);
}
TEST_CASE("beta: log B follows the shapes that a file brings") {
  Beta<double, 1> base(2, 3);
  each_array([](const Path&, auto& shape) { shape << 5, 0.5; }, base);  // as load does
  validate_all(base);
  CHECK(log_prob_at(base, 0.25) == log_prob_at(Beta<double, 1>(5, 0.5), 0.25));
}
TEST_CASE("beta: threads share a density, which only reads") {  // the thread sanitizer looks on
  const Beta<double, 1> base(2.5, 4);
  double first = 0, second = 0;
  std::thread other([&] { second = log_prob_at(base, 0.25), second += log_prob_at(Beta<double, 1>(2, 3), 0.5); });
  first = log_prob_at(base, 0.25), first += log_prob_at(Beta<double, 1>(2, 3), 0.5);
  other.join();
  CHECK(first == second);
}
