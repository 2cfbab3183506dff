#pragma once

namespace bijou {
/// Semantic version of the library; saved models name the one that wrote them.
inline constexpr const char* version = "0.1.0";
}  // namespace bijou
