// expect: no match
#include <bijou/distributions/standard_normal.hpp>
#include <bijou/flow.hpp>
#include <bijou/layers/permutation.hpp>

using namespace bijou;
auto wrong(const Eigen::ArrayXXd& x) { return Flow{StandardNormal<float, 2>{}, Swap<float>{}}.log_prob(x); }
