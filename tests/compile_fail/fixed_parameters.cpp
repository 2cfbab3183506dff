// expect: parameters must have a Dynamic dimension
#include <Eigen/Core>
#include <bijou/core/gradient.hpp>

struct Scale {
  Eigen::Array2d factor;
  static auto fields(auto& self) { return bijou::named("factor", self.factor); }
};
Scale wrong() { return bijou::no_gradient(Scale{}); }
