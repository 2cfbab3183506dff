// expect: fit: the flow must not be const: it is trained in place
#include <bijou/distributions/standard_normal.hpp>
#include <bijou/layers/permutation.hpp>
#include <bijou/training/fit.hpp>

using namespace bijou;
auto wrong(const Batch<float, 2>& x) {
  const Flow flow{StandardNormal<float, 2>{}, Swap<float>{}};
  return fit(flow, x);
}
