#include <bijou/bijou.hpp>
#include <cstdio>

int main() {
  using namespace bijou;
  Random random{1};
  const Flow flow{StandardNormal<float, 2>{}, Coupling<Affine, Mlp<float, 1, 2>>(Mlp<float, 1, 2>({8}, random)),
                  Swap<float>{}};
  const auto sample = flow.sample_and_log_prob(100, random);
  std::printf("%s: mean log p = %g\n", flow.describe().c_str(), double(flow.log_prob(sample.x).mean()));
  return (flow.log_prob(sample.x) - sample.log_prob).abs().maxCoeff() < 1e-5F ? 0 : 1;
}
