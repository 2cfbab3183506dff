#pragma once
#include <array>
#include <vector>

#include <bijou/core/errors.hpp>
#include <bijou/core/fields.hpp>

namespace bijou {
/// Which features a coupling transforms (active) and which it only reads (passive). Columns behind the features are
/// context, and passive too. Here: the first ones are active, all behind are passive; nothing is copied.
struct FirstActive {
  static constexpr bool contiguous = true;
  static auto fields(auto&) { return named(); }
  static void check(int, int) {}
  static Index active(Index i) { return i; }
  static std::string describe() { return "first"; }
};

/// Any split of the features, known when the program runs: mask[i] tells whether feature i is active.
class RuntimeMask {
 public:
  static constexpr bool contiguous = false;
  explicit RuntimeMask(const std::vector<bool>& mask) {
    for (std::size_t i = 0; i < mask.size(); ++i) (mask[i] ? active_ : passive_).push_back(static_cast<int>(i));
    require(!active_.empty(), "Coupling: the mask makes no feature active: at least one must be transformed");
  }
  static auto fields(auto&) { return named(); }
  void check(int active, int passive) const {
    require(int(active_.size()) == active, "Coupling: the mask has ", active_.size(),
            " active features, the conditioner makes parameters for ", active);
    require(passive >= int(passive_.size()), "Coupling: the mask has ", passive_.size(),
            " passive features, the conditioner reads only ", passive);
  }
  Index active(Index i) const { return active_[std::size_t(i)]; }
  Index passive(Index i) const {
    const Index known = Index(passive_.size());
    return i < known ? passive_[std::size_t(i)] : Index(active_.size()) + i;
  }
  std::string describe() const {
    std::string s(active_.size() + passive_.size(), '0');
    for (int i : active_) s[std::size_t(i)] = '1';
    return s;
  }

 private:
  std::vector<int> active_, passive_;
};

/// The same, known to the compiler: StaticMask<1, 0, 1> transforms features 0 and 2.
template <bool... Active>
class StaticMask {
  static constexpr int total = sizeof...(Active), transformed = (0 + ... + int(Active));
  static_assert(transformed > 0, "StaticMask: no feature is active, at least one must be transformed");
  static constexpr auto order = [] {
    std::array<int, std::size_t(total)> columns{};
    std::size_t a = 0, p = std::size_t(transformed);
    int i = 0;
    ((columns[Active ? a++ : p++] = i++), ...);
    return columns;
  }();

 public:
  static constexpr bool contiguous = false;
  static auto fields(auto&) { return named(); }
  static void check(int active, int passive) {
    require(transformed == active, "Coupling: the mask has ", transformed,
            " active features, the conditioner makes parameters for ", active);
    require(passive >= total - transformed, "Coupling: the mask has ", total - transformed,
            " passive features, the conditioner reads only ", passive);
  }
  static Index active(Index i) { return order[std::size_t(i)]; }
  static Index passive(Index i) {
    return i < total - transformed ? order[std::size_t(transformed + i)] : transformed + i;
  }
  static std::string describe() { return std::string{(Active ? '1' : '0')...}; }
};
}  // namespace bijou
