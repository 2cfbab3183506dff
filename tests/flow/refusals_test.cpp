// Every sentence with which constructors and evaluation refuse what they are given.
#include <bijou/bijou.hpp>
#include <bijou/distributions/gaussian_mixture.hpp>

#include "catch.hpp"

using namespace bijou;
using Catch::Contains;
namespace {
template <class T>
constexpr T inf = std::numeric_limits<T>::infinity();
template <class T>
constexpr T not_a_number = std::numeric_limits<T>::quiet_NaN();
/// Not what a Formula may be: it never reaches 1.
struct NeverOne {
  static constexpr int arity = 1;
  static constexpr const char* name = "never_one";
  static auto formula(auto x, auto a) { return std::pair{tanh(x) + a, log1p(-tanh(x) * tanh(x))}; }
};
}  // namespace

TEMPLATE_TEST_CASE("refusals: bases", "[adversarial]", float, double, long double) {
  using T = TestType;
  for (int d : {0, -1}) {
    CHECK_THROWS_WITH((StandardNormal<T, Dynamic>(d)), Contains("StandardNormal: D must be at least 1, is "));
    CHECK_THROWS_WITH((DiagonalNormal<T, Dynamic>(d)), Contains("DiagonalNormal: D must be at least 1, is "));
    CHECK_THROWS_WITH((Logistic<T, Dynamic>(d)), Contains("Logistic: D must be at least 1, is "));
    CHECK_THROWS_WITH((UniformBox<T, Dynamic>(d)), Contains("UniformBox: lower must have at least 1 entries, has 0"));
    CHECK_THROWS_WITH((Beta<T, Dynamic>(1, 1, d)), Contains("Beta: D must be at least 1, is "));
    CHECK_THROWS_WITH((GaussianMixture<T, Dynamic>(1, d)), Contains("GaussianMixture: D must be at least 1, is "));
    CHECK_THROWS_WITH((GaussianMixture<T, Dynamic>(d, 2)), Contains("components must be at least 1, is "));
  }
  CHECK_THROWS_WITH((StandardNormal<T, 2>(3)), "StandardNormal: D must be 2, is 3");
  CHECK_THROWS_WITH((DiagonalNormal<T, 2>(3)), "DiagonalNormal: D must be 2, is 3");
  CHECK_THROWS_WITH((Logistic<T, 2>(3)), "Logistic: D must be 2, is 3");
  CHECK_THROWS_WITH((UniformBox<T, 2>(3)), "UniformBox: lower must have 2 entries, has 3");
  CHECK_THROWS_WITH((Beta<T, 2>(1, 1, 3)), "Beta: D must be 2, is 3");
  CHECK_THROWS_WITH((GaussianMixture<T, 2>(1, 3)), "GaussianMixture: D must be 2, is 3");
  for (T bad : {T(0), T(-1), inf<T>, not_a_number<T>}) {
    CHECK_THROWS_WITH((Beta<T, 1>(bad, 1)), Contains("a and b must be positive and finite"));
    CHECK_THROWS_WITH((Beta<T, 1>(1, bad)), Contains("a and b must be positive and finite"));
  }
  const Row<T> low = Row<T>::Zero(2), three = Row<T>::Ones(3);
  CHECK_THROWS_WITH((UniformBox<T, Dynamic>(low, three)), "UniformBox: upper must have 2 entries, has 3");
  for (T bad : {T(0), T(-1), inf<T>, not_a_number<T>}) {
    Row<T> high = Row<T>::Ones(2);
    high(1) = bad;
    CHECK_THROWS_WITH((UniformBox<T, 2>(low, high)), Contains("lower must be below upper, both finite"));
  }
  using Matrix = Eigen::Matrix<T, Dynamic, Dynamic>;
  using Mixture = GaussianMixture<T, Dynamic>;
  Row<T> centre = low;
  CHECK_THROWS_WITH(Mixture(centre, Matrix::Identity(3, 3)), "GaussianMixture: covariance must be 2 x 2, is 3 x 3");
  Matrix lopsided = Matrix::Identity(2, 2);
  lopsided(0, 1) = T(0.1);
  for (const Matrix& bad : {Matrix(Matrix::Zero(2, 2)), Matrix(-Matrix::Identity(2, 2)), lopsided,
                            Matrix(Matrix::Constant(2, 2, not_a_number<T>)), Matrix(Matrix::Identity(2, 2) * inf<T>)})
    CHECK_THROWS_WITH(Mixture(centre, bad), Contains("the covariance is not positive definite"));
  centre(1) = not_a_number<T>;
  CHECK_THROWS_WITH(Mixture(centre, Matrix::Identity(2, 2)), Contains("mean has ") && Contains("row 0, column 1"));
}
TEMPLATE_TEST_CASE("refusals: bases and toy densities by themselves, of rows and values that do not fit",
                   "[adversarial]", float, double) {
  using T = TestType;
  Random random{1};
  Batch<T, Dynamic> x = Batch<T, Dynamic>::Constant(5, 3, T(0.5));
  const Batch<T, Dynamic> before = x;
  PerSample<T> five(5), four(4);
  const auto refuses = [&](const std::string& name, const auto& base) {
    CHECK_THROWS_WITH(base.log_prob(x, five), name + ": z must be N x 2, is 5 x 3");
    CHECK_THROWS_WITH(base.log_prob(x.leftCols(2), four), name + ": log_p must be 5 x 1, is 4 x 1");
    CHECK_THROWS_WITH(base.sample(random, x), name + ": z must be N x 2, is 5 x 3");
    CHECK((x == before).all());
    CHECK(random.draws == 0);
    base.log_prob(x.leftCols(2), five);
    CHECK(five.isFinite().all());
  };
  refuses("StandardNormal", StandardNormal<T, Dynamic>(2));
  refuses("DiagonalNormal", DiagonalNormal<T, Dynamic>(2));
  refuses("Logistic", Logistic<T, Dynamic>(2));
  refuses("UniformBox", UniformBox<T, Dynamic>(2));
  refuses("Beta", Beta<T, Dynamic>(1, 2, 2));
  GaussianMixture<T, Dynamic> mixture(4, 2);
  refuses("GaussianMixture", mixture);
  Batch<T, Dynamic> share(5, 3);
  CHECK_THROWS_WITH(mixture.responsibilities(x, share, five), "GaussianMixture: z must be N x 2, is 5 x 3");
  CHECK_THROWS_WITH(mixture.responsibilities(x.leftCols(2), share, five),
                    "GaussianMixture: share must be 5 x 4, is 5 x 3");
  for (int k : {-1, 4})
    CHECK_THROWS_WITH(mixture.set_covariance(k, Eigen::Matrix<T, 2, 2>::Identity()),
                      Contains("GaussianMixture: k must be in [0, 4), is "));
  CHECK_THROWS_WITH(sample<T>(Moons{}, -1, random), "sample: n must not be negative, is -1");
  CHECK_THROWS_WITH(Moons::sample(random, x), "sample: x must be N x 2, is 5 x 3");
  CHECK_THROWS_WITH(log_prob(Moons{}, x), "log_prob: x must be N x 2, is 5 x 3");
  CHECK(sample<T>(Moons{}, 0, random).rows() == 0);
}
TEMPLATE_TEST_CASE("refusals: layers and nets", "[adversarial]", float, double) {
  using T = TestType;
  Random random{1};
  for (int d : {0, -1}) {
    CHECK_THROWS_WITH((Elementwise<Affine, T, Dynamic>(d)), Contains("Elementwise: D must be at least 1, is "));
    CHECK_THROWS_WITH((Permutation<T, Dynamic>(d)), Contains("order must have at least 1 entry, has 0"));
  }
  CHECK_THROWS_WITH((Permutation<T, Dynamic>(random, -1)), Contains("n must be in [0, 2147483647], is -1"));
  CHECK_THROWS_WITH((Elementwise<Affine, T, 2>(3)), "Elementwise: D must be 2, is 3");
  CHECK_THROWS_WITH((Permutation<T, 2>(3)), "Permutation: order must have 2 entries, has 3");
  CHECK_THROWS_WITH((Permutation<T, 3>(Eigen::Array3i(0, 2, 2))),
                    "Permutation: order must hold 0 .. 2, each once, is 0 2 2");

  Batch<T, 2> data = Batch<T, 2>::Random(20, 2);
  CHECK_THROWS_WITH((Standardize<T, 2>(data.topRows(0))), "Standardize: data must have at least 2 rows, has 0");
  CHECK_THROWS_WITH((Standardize<T, 2>(data.topRows(1))), "Standardize: data must have at least 2 rows, has 1");
  data(17, 1) = not_a_number<T>;
  CHECK_THROWS_WITH((Standardize<T, 2>(data)), Contains("row 17, column 1"));
  data(17, 1) = 0;
  data.col(0) = data.col(0).sign() * std::numeric_limits<double>::max() / 2;
  if constexpr (std::is_same_v<T, double>)
    CHECK_THROWS_WITH((Standardize<T, 2>(data)), Contains("column 0 (counted from 0) is too large"));
  data.col(0).setConstant(3);
  CHECK_THROWS_WITH((Standardize<T, 2>(data)), Contains("column 0 (counted from 0) is constant; leave it out"));

  using Net = Mlp<T, Dynamic, Dynamic>;
  for (int width : {0, -3}) {
    CHECK_THROWS_WITH(Net({4, width}, random, 1, 2), Contains("Mlp: hidden widths must be positive, one is "));
    CHECK_THROWS_WITH((Made<T, 2, 0, 2>({width}, random)), Contains("Made: hidden widths must be positive, one is "));
  }
  CHECK_THROWS_WITH(Net({4}, random, -1, 2), Contains("must be given where they are Dynamic, are -1 and 2"));
  CHECK_THROWS_WITH(Net({4}, random, 1, 0), Contains("are 1 and 0"));
  CHECK_THROWS_WITH((Mlp<T, 2, 3>({4}, random, 5)), "Mlp: inputs must be 2, is 5");
  CHECK_THROWS_WITH((Mlp<T, 2, 3>({4}, random, 2, 5)), "Mlp: outputs must be 3, is 5");
  CHECK_THROWS_WITH((Made<T, 2, 0, 2>({4}, natural_order(3), random)), "Made: order must have 2 entries, has 3");
  CHECK_THROWS_WITH((Made<T, Dynamic, 0, 2>({4}, natural_order(0), random)), Contains("at least 1 entry, has 0"));
  CHECK_THROWS_WITH((Made<T, 2, 1, 2>({4}, random, 2, 3)), "Made: context must be 1, is 3");
  CHECK_THROWS_WITH((Made<T, 2, Dynamic, 2>({4}, random, 2)), "Made: context must be given, is -1");
  CHECK_THROWS_WITH((Made<T, 2, 0, 2>({4}, Eigen::Array2i(1, 1), random)), Contains("must be a permutation of 0 .. 1"));

  CHECK_THROWS_WITH((Coupling<Affine, Net>(Net({4}, random, 1, 3))), Contains("multiple of 2"));
  CHECK_THROWS_WITH((Coupling<Affine, Net>(Net({4}, random, 0, 2))), Contains("features (or a context) to read"));
  CHECK_THROWS_WITH(RuntimeMask(std::vector<bool>{}), Contains("no feature active"));
  CHECK_THROWS_WITH(RuntimeMask({false, false}), Contains("no feature active"));
  const Net one({4}, random, 1, 2);
  using Masked = Coupling<Affine, Net, RuntimeMask>;
  CHECK_THROWS_WITH(Masked(one, RuntimeMask({true, true, false})),
                    Contains("2 active features, the conditioner makes parameters for 1"));
  CHECK_THROWS_WITH(Masked(one, RuntimeMask({true, false, false})),
                    Contains("2 passive features, the conditioner reads only 1"));
  CHECK_THROWS_WITH((Coupling<Affine, Net, StaticMask<1, 1, 0>>(one)),
                    Contains("2 active features, the conditioner makes parameters for 1"));
  CHECK_THROWS_WITH((Coupling<Affine, Net, StaticMask<1, 0, 0>>(one)),
                    Contains("2 passive features, the conditioner reads only 1"));

  int d = 2;
  CHECK_THROWS_WITH((repeat<3>([&] { return Chain{Permutation<T, Dynamic>(d++)}; })),
                    "Repeat: repetition 1 has 3 columns, the first has 2");
  using P = Permutation<T, Dynamic>;
  using N = StandardNormal<T, Dynamic>;
  CHECK_THROWS_WITH((Chain{P(2), P(3), P(4), P(5)}),
                    Contains("Chain: layer 1 has 3 columns; its neighbours have 2 (features) or 5"));
  CHECK_THROWS_WITH((Flow{N(4), P(3)}), "Flow: the base has 4 features, the widest layer only 3");
  CHECK_THROWS_WITH((Flow{N(3), P(2), P(5)}), Contains("the narrowest layer 2"));
}
TEMPLATE_TEST_CASE("refusals: evaluation and sampling leave flow and generator as they were", "[adversarial]", float,
                   double) {
  using T = TestType;
  using Net = Mlp<T, Dynamic, Dynamic>;
  Random random{1};
  const Flow plain{StandardNormal<T, Dynamic>(3), Coupling<Affine, Net>(Net({4}, random, 1, 4))};
  const Flow given{StandardNormal<T, Dynamic>(3), Coupling<Affine, Net>(Net({4}, random, 3, 4))};
  const Batch<T, Dynamic> x = Batch<T, Dynamic>::Zero(5, 3), wide = Batch<T, Dynamic>::Zero(5, 4);
  const Context<T> c = Context<T>::Zero(5, 2), short_one = Context<T>::Zero(4, 2), none(5, 0);
  using F = std::remove_const_t<decltype(plain)>;
  const auto everywhere = [&](auto call) {
    call("log_prob", [](const F& f, auto&... a) { f.log_prob(a...); });
    call("log_prob_and_gradient", [](const F& f, auto&... a) { f.log_prob_and_gradient(a...); });
    call("forward", [](const F& f, auto&... a) { f.forward(a...); });
    call("inverse", [](const F& f, auto&... a) { f.inverse(a...); });
  };
  everywhere([&](std::string where, auto f) {
    const std::string name = where == "inverse" ? ": z" : ": x";
    CHECK_THROWS_WITH(f(plain, wide), where + name + " must be N x 3, is 5 x 4");
    CHECK_THROWS_WITH(f(plain, x, c), where + ": context must be 5 x 0, is 5 x 2");
    CHECK_THROWS_WITH(f(given, x), where + ": this flow is conditional: pass a context of 2 columns as well");
    CHECK_THROWS_WITH(f(given, x, short_one), where + ": context must be 5 x 2, is 4 x 2");
    CHECK_NOTHROW(f(given, x, c));
  });
  const Random before = random;
  PerSample<T> out(5), four(4);
  Batch<T, Dynamic> y(5, 3), flat(4, 3);
  typename F::Workspace w;
  CHECK_THROWS_WITH(plain.log_prob(x, none, w, four), "log_prob: out must be 5 x 1, is 4 x 1");
  CHECK_THROWS_WITH(plain.forward(x, none, w, flat), "forward: z must be 5 x 3, is 4 x 3");
  CHECK_THROWS_WITH(plain.inverse(x, none, w, flat), "inverse: x must be 5 x 3, is 4 x 3");
  CHECK_THROWS_WITH(plain.inverse(wide, none, w, y), "inverse: z must be N x 3, is 5 x 4");
  CHECK_THROWS_WITH(plain.sample(-1, random), "sample: n must not be negative, is -1");
  CHECK_THROWS_WITH(plain.sample_and_log_prob(-1, random), "sample: n must not be negative, is -1");
  CHECK_THROWS_WITH(given.sample(5, random),
                    "sample: this flow is conditional: pass a context of 2 columns instead of n");
  CHECK_THROWS_WITH(given.sample(Context<T>::Zero(5, 3), random), "sample: context must be N x 2, is 5 x 3");
  CHECK_THROWS_WITH(plain.sample(none, random, w, flat, out), "sample: x must be 5 x 3, is 4 x 3");
  CHECK_THROWS_WITH(plain.sample(none, random, w, y, four), "sample: log_prob must be 5 x 1, is 4 x 1");

  for (int threads : {0, -1, 1000000})
    CHECK_THROWS_WITH(Parallel<F>(threads), Contains("threads must be in [1, 1024], is "));
  Parallel<F> team(2);
  CHECK_THROWS_WITH(team.log_prob(plain, wide, out), "log_prob: x must be N x 3, is 5 x 4");
  CHECK_THROWS_WITH(team.log_prob(given, x, out), Contains("this flow is conditional"));
  CHECK_THROWS_WITH(team.log_prob(plain, x, four), "log_prob: out must be 5 x 1, is 4 x 1");
  CHECK_THROWS_WITH(team.sample(given, none, random, y, out), "sample: context must be N x 2, is 5 x 0");
  CHECK_THROWS_WITH(team.sample(plain, none, random, flat, out), "sample: x must be 5 x 3, is 4 x 3");
  CHECK_THROWS_WITH(team.sample(plain, none, random, y, four), "sample: log_prob must be 5 x 1, is 4 x 1");
  CHECK(random.draws == before.draws);
  CHECK(random.row == before.row);
  CHECK(plain.log_prob(x.topRows(0)).size() == 0);
  CHECK(given.log_prob(x.topRows(0), c.topRows(0)).size() == 0);
  CHECK(plain.log_prob_and_gradient(x.topRows(0)).x.rows() == 0);
  team.log_prob(plain, x.topRows(0), out.head(0));
}
TEST_CASE("refusals: numbers at random, pictures, formulas without a root", "[adversarial]") {
  Random random{1};
  Eigen::ArrayXd x(5);
  for (double bad : {0., -1., inf<double>, not_a_number<double>}) {
    CHECK_THROWS_WITH(random.beta(x, 1e-301, 1), Contains("a and b must be positive (1e-300 at least)"));
    CHECK_THROWS_WITH(random.beta(x, bad, 1), Contains("a and b must be positive"));
    CHECK_THROWS_WITH(random.beta(x, 1, bad), Contains("a and b must be positive"));
  }
  CHECK_THROWS_WITH(random.categorical(x, Eigen::ArrayXd(0)), Contains("weights must not be negative and not all 0"));
  CHECK_THROWS_AS(random.categorical(x, Eigen::Array2d(0, 0)), std::invalid_argument);
  for (double bad : {not_a_number<double>, inf<double>, -1.})
    CHECK_THROWS_AS(random.categorical(x, Eigen::Array2d(1, bad)), std::invalid_argument);
  CHECK_THROWS_AS(random.permutation(-1), std::invalid_argument);
  CHECK(random.draws == 0);
  CHECK(random.permutation(0).size() == 0);
  for (double bad : {-1., 0., inf<double>, not_a_number<double>})
    CHECK_THROWS_AS(PictureDensity(Eigen::ArrayXXd::Constant(2, 2, bad)), std::invalid_argument);
  const Flow bounded{StandardNormal<double, 1>{}, Elementwise<Formula<NeverOne>, double, 1>{}};
  CHECK_THROWS_WITH(bounded.inverse(Batch<double, 1>::Constant(3, 1, 5)), Contains("no root found"));
  CHECK(bounded.inverse(Batch<double, 1>::Constant(1, 1, 0.5))(0) == Approx(std::atanh(0.5)));
  // Where the first rows have a root and one behind them has none, the generator has not moved.
  Flow seldom{DiagonalNormal<double, 1>{}, Elementwise<Formula<NeverOne>, double, 1>{}};
  seldom.base.log_scale(0) = std::log(0.33);
  Parallel<decltype(seldom)> team(1);
  Batch<double, 1> drawn(5000, 1);
  PerSample<double> log_prob(5000);
  const Random start{10};
  Random drawing = start, other = start;
  CHECK_NOTHROW(seldom.sample(tile_rows, other));
  CHECK_THROWS_WITH(team.sample(seldom, Context<double>(5000, 0), drawing, drawn, log_prob), Contains("no root found"));
  CHECK(drawing.draws == start.draws);
}
