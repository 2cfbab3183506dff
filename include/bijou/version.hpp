#pragma once

namespace bijou {
inline constexpr const char* version = "0.1.0";
}  // namespace bijou
