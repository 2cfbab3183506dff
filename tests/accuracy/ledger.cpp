#include "ledger.hpp"

#include <cstdio>

namespace bijou::test {
namespace {
/// Where a goal is missed and why (docs/accuracy.md): the bound that holds instead, which a regression must not pass.
/// name: nullptr for all that have the quantity.
struct Exception {
  const char *name, *quantity;
  double bound;
};
constexpr const char *spline = "rational_quadratic_spline(5, [-3, 3], linear tails)",
                     *boxed = "rational_quadratic_spline(4, [0, 1])", *gauss = "gaussian_mixture_logit(3)",
                     *far_gauss = "gaussian_mixture_logit(3), to 1,000",
                     *far_logistic = "logistic_mixture_logit(3), to 1,000";
constexpr Exception exceptions[] = {
    {spline, "adjoints (eps)", 4096},
    {spline, "log-det adjoints (eps)", 4096},
    {spline, "inverse adjoints (eps)", 4096},
    {boxed, "log-det adjoints (eps)", 4096},
    {boxed, "inverse adjoints (eps)", 4096},
    {"coupling(spline)", "inverse log-det (eps)", 256},
    {"coupling(spline)", "inverse adjoints (eps)", 2048},
    {"autoregressive(spline)", "log-det (eps)", 256},
    {"gaussian_mixture_cdf(3)", "inverse adjoints (eps)", 1024},
    {"logistic_mixture_cdf(3)", "inverse adjoints (eps)", 1024},
    {gauss, "log-det adjoints (eps)", 2048},
    {gauss, "inverse adjoints (eps)", 2048},
    {far_gauss, "adjoints (eps)", 4096},
    {far_gauss, "log-det adjoints (eps)", 4096},
    {far_gauss, "inverse adjoints (eps)", 4096},
    {far_logistic, "adjoints (eps)", 512},
    {far_logistic, "inverse adjoints (eps)", 512},
    {"gaussian_mixture_cdf(3), to 1,000", "log-det adjoints (eps)", 4096},
    {"logistic_mixture_cdf(3), to 1,000", "log-det adjoints (eps)", 512},
    {nullptr, "largest step back (eps)", 4},
};
std::string number(double x) {
  char digits[32];
  (void)std::snprintf(digits, sizeof(digits), x != 0 && (x < 0.005 || x >= 1e6) ? "%.2g" : "%.2f", x);
  return digits;
}
}  // namespace

Ledger::Ledger() { std::puts("| of | quantity | type | worst | rms | goal |\n| --- | --- | --- | --- | --- | --- |"); }
void Ledger::row(const std::string& name, const std::string& quantity, const char* type, const Errors& e, double goal,
                 const std::function<double()>& condition) {
  double bound = goal;
  for (const Exception& x : exceptions)
    if ((!x.name || name == x.name) && quantity == x.quantity) bound = x.bound;
  kept_ = kept_ && e.count > 0 && e.worst <= bound;
  const bool reached = e.worst <= goal;
  std::printf("| %s | %s | %s | %s | %s | %g%s%s |\n", name.c_str(), quantity.c_str(), type, number(e.worst).c_str(),
              number(e.rms()).c_str(), goal, reached ? "" : " **missed**",
              reached || !condition ? "" : text(", condition ", number(condition())).c_str());
  if (!(e.worst <= bound))
    std::fprintf(stderr, "%s, %s, %s: %g, the bound is %g\n", name.c_str(), quantity.c_str(), type, e.worst, bound);
  (void)std::fflush(stdout);
}
}  // namespace bijou::test
