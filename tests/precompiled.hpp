#pragma once
// Tests may forbid Eigen to allocate.
#define EIGEN_RUNTIME_NO_MALLOC
// What most tests include and nobody changes.
#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/LU>
#include <array>
#include <functional>
#include <sstream>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "catch.hpp"
