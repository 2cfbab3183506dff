// expect: -ffast-math
#pragma GCC optimize("fast-math")
#define __FAST_MATH__ 1
#include <bijou/bijou.hpp>
