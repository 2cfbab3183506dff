#pragma once
#include <array>
#include <cmath>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <bijou/core/shapes.hpp>

namespace bijou {
// A layer lists its members once, with the names they are saved under:
//     static auto fields(auto& self) { return named("w", self.w, "order", fixed(self.order)); }
// A member is an Eigen array or matrix, another object with fields, or a std::array, std::vector or std::tuple of
// such.

/// A member that is saved with the model, never trained: fixed(member).
template <class A>
struct Fixed {
  A& value;
};
template <class A>
Fixed<A> fixed(A& a) {
  return {a};
}
template <class A>
struct Field {
  const char* name;
  A value;
};
inline auto named() { return std::tuple{}; }
template <class A>
auto named(const char* name, A&& a, auto&&... rest) {
  return std::tuple_cat(std::tuple{Field<A>{name, std::forward<A>(a)}}, named(std::forward<decltype(rest)>(rest)...));
}

/// Where a member is: a list on the stack, made into "layers.3.conditioner.w" only when asked.
struct Path {
  const Path* parent = nullptr;
  const char* name = nullptr;
  int index = 0;
  std::string str() const {
    const std::string own = name ? name : std::to_string(index);
    return parent && (parent->name || parent->parent) ? parent->str() + "." + own : own;
  }
};

template <class M>
concept EigenArray = requires(M& m) {
  m.data();
  m.rows();
  m.cols();
};
template <class>
inline constexpr bool is_fixed = false;
template <class A>
inline constexpr bool is_fixed<Fixed<A>> = true;
template <class>
inline constexpr bool is_row_of_members = false;
template <class L, std::size_t N>
inline constexpr bool is_row_of_members<std::array<L, N>> = true;
template <class L>
inline constexpr bool is_row_of_members<std::vector<L>> = true;
template <class>
inline constexpr bool is_list_of_members = false;
template <class... Ls>
inline constexpr bool is_list_of_members<std::tuple<Ls...>> = true;

template <class M>
using Fields = decltype(std::remove_const_t<M>::fields(std::declval<M&>()));
template <std::size_t I, class M>
auto field(M& model) {
  return std::get<I>(std::remove_const_t<M>::fields(model));
}

/// Nothing in M is trained.
template <class M>
inline constexpr bool all_fixed = []<class... A>(std::type_identity<std::tuple<Field<A>...>>) {
  return (is_fixed<A> && ...);
}(std::type_identity<Fields<M>>{});

/// visit(path, array, same array of each other model...) for every trained array, visit_fixed(...) for every fixed one.
/// The models have vectors of the same length.
/// (Named helpers instead of generic lambdas: GCC 12 fails on packs captured in those.)
template <class M>
void each_field(const Path& path, auto& visit, auto& visit_fixed, M& model, auto&... same);
template <std::size_t I, class M>
void each_field_at(const Path& path, auto& visit, auto& visit_fixed, M& model, auto&... same) {
  if constexpr (is_list_of_members<std::remove_const_t<M>>)
    each_field(Path{&path, nullptr, int(I)}, visit, visit_fixed, std::get<I>(model), std::get<I>(same)...);
  else if constexpr (is_fixed<decltype(field<I>(model).value)>)
    visit_fixed(Path{&path, field<I>(model).name}, field<I>(model).value.value, field<I>(same).value.value...);
  else
    each_field(Path{&path, field<I>(model).name}, visit, visit_fixed, field<I>(model).value, field<I>(same).value...);
}
template <std::size_t... I>
void each_field_of(std::index_sequence<I...>, [[maybe_unused]] const Path& path, [[maybe_unused]] auto& visit,
                   [[maybe_unused]] auto& visit_fixed, auto&... models) {
  (each_field_at<I>(path, visit, visit_fixed, models...), ...);
}
template <class M>
void each_field(const Path& path, auto& visit, auto& visit_fixed, M& model, auto&... same) {
  using Plain = std::remove_const_t<M>;
  if constexpr (EigenArray<M>)
    visit(path, model, same...);
  else if constexpr (is_row_of_members<Plain>)
    for (std::size_t i = 0; i < model.size(); ++i)
      each_field(Path{&path, nullptr, int(i)}, visit, visit_fixed, model[i], same[i]...);
  else if constexpr (is_list_of_members<Plain>)
    each_field_of(std::make_index_sequence<std::tuple_size_v<Plain>>{}, path, visit, visit_fixed, model, same...);
  else
    each_field_of(std::make_index_sequence<std::tuple_size_v<Fields<M>>>{}, path, visit, visit_fixed, model, same...);
}
struct Nothing {
  void operator()(const Path&, auto&&...) const {}
};
/// visit(path, array, the same array of the other models...) for every trained array of models of one type.
void each_parameter(auto visit, auto& model, auto&... same) {
  Nothing none;
  each_field(Path{}, visit, none, model, same...);
}
/// The same for trained and fixed arrays alike: the whole state.
void each_array(auto visit, auto& model, auto&... same) { each_field(Path{}, visit, visit, model, same...); }

/// visit(part) for a model and each of its members that has members of its own.
template <class M>
void each_part(const auto& visit, M& model) {
  using Plain = std::remove_const_t<M>;
  if constexpr (is_fixed<Plain> || EigenArray<M>)
    return;
  else if constexpr (is_row_of_members<Plain>)
    for (auto& member : model) each_part(visit, member);
  else if constexpr (is_list_of_members<Plain>)
    std::apply([&](auto&... members) { (each_part(visit, members), ...); }, model);
  else {
    visit(model);
    std::apply([&](const auto&... members) { (each_part(visit, members.value), ...); }, Plain::fields(model));
  }
}
/// Calls validate() of a model and of each of its parts that has one. It throws std::invalid_argument where a number
/// breaks what the constructor promises; a file can bring such numbers. What a part derives from its arrays it may make
/// anew here.
void validate_all(auto& model) {
  each_part(
      [](auto& part) {
        if constexpr (requires { part.validate(); }) part.validate();
      },
      model);
}

/// Whether every number, trained or fixed, is finite.
bool all_finite(const auto& model) {
  bool finite = true;
  each_array(
      [&](const Path&, const auto& a) {
        for (Index i = 0; finite && i < a.size(); ++i) finite = a.data()[i] - a.data()[i] == 0;
      },
      model);
  return finite;
}
/// Trained numbers in a model.
Index parameter_count(const auto& model) {
  Index n = 0;
  each_parameter([&](const Path&, const auto& a) { n += a.size(); }, model);
  return n;
}
/// How many arrays there are, trained or fixed, and members in vectors.
template <class M>
std::vector<std::size_t> lengths(const M& model) {
  std::vector<std::size_t> all;
  const auto append = [&](const auto& member) {
    const auto inner = lengths(member);
    all.insert(all.end(), inner.begin(), inner.end());
  };
  if constexpr (is_row_of_members<M>) {
    all.push_back(model.size());
    for (const auto& member : model) append(member);
  } else if constexpr (is_list_of_members<M>) {
    std::apply([&](const auto&... members) { (append(members), ...); }, model);
  } else if constexpr (!is_fixed<M> && !EigenArray<const M>) {
    std::apply([&](const auto&... members) { (append(members.value), ...); }, M::fields(model));
  }
  return all;
}
/// Every array, trained or fixed, has the same shape and the same bits (so NaN equals itself, 0 differs from -0).
template <class M>
bool same_bits(const M& a, const M& b) {
  bool same = lengths(a) == lengths(b);
  if (!same) return false;
  each_array(
      [&](const Path&, const auto& x, const auto& y) {
        same = same && x.rows() == y.rows() && x.cols() == y.cols();
        for (Index i = 0; same && i < x.size(); ++i)
          same = (x.data()[i] == y.data()[i] && std::signbit(x.data()[i]) == std::signbit(y.data()[i])) ||
                 (x.data()[i] != x.data()[i] && y.data()[i] != y.data()[i]);
      },
      a, b);
  return same;
}
}  // namespace bijou
