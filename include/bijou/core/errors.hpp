#pragma once
#include <cmath>
#include <locale>
#include <sstream>
#include <stdexcept>
#include <string>

#include <bijou/core/shapes.hpp>

namespace bijou {
/// Something that a stream prints.
class Printable {
 public:
  template <class X>
  Printable(const X& x) : x_(&x), print_([](std::ostream& s, const void* p) { s << *static_cast<const X*>(p); }) {}
  friend std::ostream& operator<<(std::ostream& s, Printable p) { return p.print_(s, p.x_), s; }

 private:
  const void* x_;
  void (*print_)(std::ostream&, const void*);
};
[[gnu::cold, gnu::noinline]] inline std::string joined(std::initializer_list<Printable> parts) {
  std::ostringstream s;
  s.imbue(std::locale::classic());
  for (const Printable& part : parts) s << part;
  return s.str();
}
/// Text of its parts, numbers as a stream prints them, in any locale: 1024, never 1.024. (Texts go into files.)
/// Cold, apart from what calls it, and with literals of any length of one type: errors cost next to nothing to compile.
[[gnu::cold, gnu::noinline]] std::string text(auto... parts) { return joined({Printable(parts)...}); }

[[noreturn, gnu::cold, gnu::noinline]] inline void refuse(const std::string& why) { throw std::invalid_argument(why); }
/// Throws std::invalid_argument made of `parts` unless `good`.
void require(bool good, const auto&... parts) {
  if (!good) refuse(text(parts...));
}
/// "log_prob: x must be N x 3, is 10 x 2": names the argument and both shapes.
void require_columns(const char* where, const char* name, const auto& a, Index columns) {
  if (a.cols() != columns)
    refuse(text(where, ": ", name, " must be N x ", columns, ", is ", a.rows(), " x ", a.cols()));
}
/// Throws unless a is rows x columns, naming both shapes.
void require_shape(const char* where, const char* name, const auto& a, Index rows, Index columns) {
  if (a.rows() != rows || a.cols() != columns)
    refuse(text(where, ": ", name, " must be ", rows, " x ", columns, ", is ", a.rows(), " x ", a.cols()));
}
/// Throws unless the context c is rows x columns; where it was left out altogether, says so.
void require_context(const char* where, const auto& c, Index rows, Index columns) {
  require(c.size() || !columns || !rows, where, ": this flow is conditional: pass a context of ", columns,
          " columns as well");
  require_shape(where, "context", c, rows, columns);
}
/// Throws naming the row and column of the first value that is not a finite number.
void require_finite(const char* where, const char* name, const auto& a) {
  for (Index j = 0; j < a.cols(); ++j)
    for (Index i = 0; i < a.rows(); ++i)
      if (!std::isfinite(a(i, j)))
        refuse(text(where, ": ", name, " has ", a(i, j), " at row ", i, ", column ", j,
                    " (counted from 0); remove or impute such rows first"));
}
}  // namespace bijou
