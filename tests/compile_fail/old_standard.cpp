// expect: compile with -std=c++20
#undef __cplusplus
#define __cplusplus 201703L
#include <bijou/bijou.hpp>
