#pragma once
#include <bijou/concepts/base.hpp>
#include <bijou/layers/chain.hpp>
#include <bijou/layers/workspace.hpp>

namespace bijou {
/// N x C columns of context, C = 0 where a flow has none.
template <class T>
using Context = Batch<T, Dynamic>;

/// A density:  log p(x) = log p_base(f(x)) + log|det J_f(x)|,  f the chain of layers, data -> noise. All in nats.
/// Layers wider than the base see the context behind the features: p(x | c), rows [x | c].
/// A flow is a value: copied, compared (same_bits), sent to other threads. Evaluation is const and may run in several
/// threads at once.
///     Flow flow{StandardNormal<float, 2>{}, Coupling<Affine, Mlp<float, 1, 2>>{...}, Swap<float>{}};
template <BaseDensity Base, class... Ls>
struct Flow {
  using Scalar = typename Base::Scalar;
  using T = Scalar;
  using Layers = Chain<Ls...>;
  static_assert(std::is_same_v<T, typename Layers::Scalar>, "Flow: base and layers must have the same scalar type");
  static constexpr int D = Base::D, columns = Layers::D;
  static constexpr int C = D == Dynamic || columns == Dynamic ? Dynamic : columns - D;
  static_assert(D == Dynamic || columns == Dynamic ||
                    (columns >= D && (Layers::narrowest == D || Layers::narrowest == columns)),
                "Flow: layers must have the base's features, or these and the context behind them");
  Base base;
  Layers layers;
  static auto fields(auto& self) { return named("base", self.base, "layers", self.layers.layers); }

  explicit Flow(Base b, Ls... l) : base(std::move(b)), layers(std::move(l)...) { layers.require_features(base.dim()); }
  /// Columns of x, and of the context (0: none).
  auto features() const { return Eigen::fix<D>(base.dim()); }
  int context() const { return int(width(layers)) - base.dim(); }
  /// The architecture with all its sizes and options; flows of one description can exchange their parameters.
  std::string describe() const { return "flow(" + layers.describe() + " -> " + base.describe() + ")"; }

  /// What one thread writes while it evaluates or trains: the caller's, never the model's.
  using Workspace = bijou::Workspace<T, D, columns, typename Layers::Saved>;
  /// w <- n rows [x | c] of a batch from row `first` on, their random stream, and whether backward will be called.
  void load(Workspace& w, const auto& x, const auto& c, Index first, Index n, Random random, bool saving = true) const {
    w.rows.resize(n, width(layers));
    for (Index j = 0; j < features(); ++j) copy_column(column(x, j).data() + first, column(w.rows, j).data(), n);
    for (Index j = 0; j < context(); ++j)
      copy_column(column(c, j).data() + first, column(w.rows, features() + j).data(), n);
    random.row += std::uint64_t(first);
    w.random = random, w.saving = saving;
  }
  /// Rows of x from row `first` on <- the features in w, infinite outside the support.
  void store_x(Workspace& w, auto&& x, Index first) const { w.store_x(features(), x, first); }

  // ---- one tile: w.x() in, results in w; nothing is checked ----
  /// w.log_prob() <- log p of the rows in w.x(), which becomes the noise. NaN comes from NaN or infinity alone, in a
  /// row or in a parameter: finite numbers that leave the range on the way have no density.
  void log_prob(Workspace& w) const {
    w.lost.before(w.x());
    w.log_dets.set_zero(w.rows.rows());
    layers.forward(w.tile(), w.saved);
    w.log_probs.resize(w.rows.rows());
    base.log_prob(w.x().leftCols(features()), w.log_prob());
    // Outside a layer's support log|det J| is -inf: so is log p, whatever the base says of the harmless stand-in.
    add_column(w.log_dets.data(), w.log_probs.data(), w.rows.rows());
    w.lost.after(w.log_prob());
    give_up_lost_rows(w);
  }
  /// After log_prob: w.g() <- adjoint of [x | c], grad += the parameters', from g_log_prob(i), the adjoint of log p of
  /// row i. Rows outside the support pass nothing on; those that left the range of numbers on the way may leave NaN.
  void backward(Workspace& w, const auto& g_log_prob, Flow& grad) const {
    const Index n = w.rows.rows();
    w.adjoints.set_zero(n, w.rows.cols());
    w.g_log_dets.resize(n);
    for (Index i = 0; i < n; ++i) w.g_log_dets.data()[i] = w.log_probs.data()[i] == nowhere ? 0 : g_log_prob(i);
    base.backward(w.x().leftCols(features()), w.g_log_dets.view(), w.g().leftCols(features()), grad.base);
    layers.backward(w.saved, w.adjoint(), grad.layers);
  }
  /// Fills the features of w.x() with a sample (given the context in its last columns), w.log_prob() with its log p.
  void sample(Workspace& w) const {
    w.log_dets.set_zero(w.rows.rows());
    w.log_probs.resize(w.rows.rows());
    auto z = w.x().leftCols(features());
    base.sample(w.random, z);
    base.log_prob(z, w.log_prob());
    w.noise.assign(z);
    w.lost.before(w.x().rightCols(context()));
    layers.inverse(w.tile(), w.saved);
    // Noise that no number x belongs to (log|det J| is -inf): x is a stand-in, which store_x marks.
    const auto less = [](auto log_p, auto l) { return select(l == decltype(l)(nowhere), l, log_p - l); };
    transform_column(w.rows.rows(), w.log_probs.data(), less, w.log_probs.data(), w.log_dets.data());
    w.lost.after(w.log_prob(), w.x().leftCols(features()));
    give_up_lost_rows(w);
  }
  /// After sample, from w.g(), the adjoint of [x | c]: w.g() <- that of [z | c], grad += the reparameterised gradient.
  void sample_backward(Workspace& w, const auto& g_log_prob, Flow& grad) const {
    w.g_log_dets.resize(w.rows.rows());
    for (Index i = 0; i < w.rows.rows(); ++i) w.g_log_dets.data()[i] = -g_log_prob(i);
    layers.inverse_backward(w.saved, w.adjoint(), grad.layers);
    if constexpr (!all_fixed<Base>) {
      for (Index i = 0; i < w.rows.rows(); ++i) w.g_log_dets.data()[i] = g_log_prob(i);
      base.sample_backward(w.noise.view(), w.g().leftCols(features()), w.g_log_dets.view(), grad.base);
    }
  }

  // ---- whole batches ----
  /// N values log p(x), nats; exactly -inf outside the support.
  PerSample<T> log_prob(const RowsOf<T, D>& x, ConstView<Context<T>> c = Context<T>()) const {
    Workspace w;
    PerSample<T> out(x.rows());
    log_prob(x, c, w, out);
    return out;
  }
  /// The same into the caller's storage: nothing is allocated once w has seen a batch, where x is column-major.
  void log_prob(const RowsOf<T, D>& x, Workspace& w, View<PerSample<T>> out) const {
    log_prob(x, Context<T>(), w, out);
  }
  void log_prob(const RowsOf<T, D>& x, ConstView<Context<T>> c, Workspace& w, View<PerSample<T>> out) const {
    check("log_prob", "x", x, c);
    require_shape("log_prob", "out", out, x.rows(), 1);
    each_tile(x.rows(), [&](Index first, Index n) {
      load(w, x, c, first, n, Random{}, false);
      log_prob(w);
      w.store_log_prob(out, first);
    });
  }
  struct LogProbAndGradient {
    PerSample<T> log_prob;
    Batch<T, D> x;       // d log p / dx, the score
    Context<T> context;  // d log p / dc
  };
  /// log p and its derivatives by x and by the context; 0 where log p is -inf. A derivative beyond the range of numbers
  /// is infinite or NaN.
  LogProbAndGradient log_prob_and_gradient(const RowsOf<T, D>& x, ConstView<Context<T>> c = Context<T>()) const {
    check("log_prob_and_gradient", "x", x, c);
    LogProbAndGradient r{PerSample<T>(x.rows()), Batch<T, D>(x.rows(), x.cols()), Context<T>(x.rows(), c.cols())};
    Workspace w;
    Flow nothing = no_gradient(*this);
    each_tile(x.rows(), [&](Index first, Index n) {
      load(w, x, c, first, n, Random{});
      log_prob(w);
      backward(w, PerSample<T>::Ones(n), nothing);
      for (Index i = 0; i < n; ++i)  // what overflowed on the way there would be 0 times inf
        for (Index j = 0; j < w.adjoints.cols() && w.log_probs.data()[i] == nowhere; ++j) w.g()(i, j) = 0;
      w.store_log_prob(r.log_prob, first);
      r.x.middleRows(first, n) = w.g().leftCols(features());
      if (context()) r.context.middleRows(first, n) = w.g().rightCols(context());
    });
    return r;
  }

  /// z = f(x): data -> noise. A row outside the support has no image: it becomes infinite in all its features.
  Batch<T, D> forward(const RowsOf<T, D>& x, ConstView<Context<T>> c = Context<T>()) const {
    Batch<T, D> z(x.rows(), base.dim());
    Workspace w;
    forward(x, c, w, z);
    return z;
  }
  /// The same into the caller's storage, as log_prob.
  void forward(const RowsOf<T, D>& x, Workspace& w, View<Batch<T, Dynamic>> z) const { forward(x, Context<T>(), w, z); }
  void forward(const RowsOf<T, D>& x, ConstView<Context<T>> c, Workspace& w, View<Batch<T, Dynamic>> z) const {
    map("forward", "x", x, c, w, "z", z, [&] { layers.forward(w.tile(), w.saved); });
  }
  /// x = f^-1(z): noise -> data; infinite where no x belongs to a row of z.
  Batch<T, D> inverse(const RowsOf<T, D>& z, ConstView<Context<T>> c = Context<T>()) const {
    Batch<T, D> x(z.rows(), base.dim());
    Workspace w;
    inverse(z, c, w, x);
    return x;
  }
  void inverse(const RowsOf<T, D>& z, Workspace& w, View<Batch<T, Dynamic>> x) const { inverse(z, Context<T>(), w, x); }
  void inverse(const RowsOf<T, D>& z, ConstView<Context<T>> c, Workspace& w, View<Batch<T, Dynamic>> x) const {
    map("inverse", "z", z, c, w, "x", x, [&] { layers.inverse(w.tile(), w.saved); });
  }

  /// N points, N x D, and log p of each, in nats.
  struct Sample {
    Batch<T, D> x;
    PerSample<T> log_prob;
  };
  /// n independent points. Row i depends on the generator's state and on i alone; the generator moves on.
  Batch<T, D> sample(Index n, Random& random) const { return sample_and_log_prob(n, random).x; }
  /// One point for each row of the context.
  Batch<T, D> sample(ConstView<Context<T>> c, Random& random) const { return sample_and_log_prob(c, random).x; }
  /// The same points with log p of each, which costs no second pass and is finite also where x rounds onto the edge of
  /// the support.
  Sample sample_and_log_prob(Index n, Random& random) const {
    require(n >= 0, "sample: n must not be negative, is ", n);
    require(context() == 0, "sample: this flow is conditional: pass a context of ", context(), " columns instead of n");
    return sample_and_log_prob(Context<T>(n, 0), random);
  }
  Sample sample_and_log_prob(ConstView<Context<T>> c, Random& random) const {
    Sample s{Batch<T, D>(c.rows(), base.dim()), PerSample<T>(c.rows())};
    Workspace w;
    sample(c, random, w, s.x, s.log_prob);
    return s;
  }
  /// The same into the caller's storage, as many as x has rows: nothing is allocated once w has seen a batch.
  void sample(Random& random, Workspace& w, View<Batch<T, Dynamic>> x, View<PerSample<T>> log_prob_of_x) const {
    sample(Context<T>(x.rows(), 0), random, w, x, log_prob_of_x);
  }
  void sample(ConstView<Context<T>> c, Random& random, Workspace& w, View<Batch<T, Dynamic>> x,
              View<PerSample<T>> log_prob_of_x) const {
    require_columns("sample", "context", c, context());
    require_shape("sample", "x", x, c.rows(), base.dim());
    require_shape("sample", "log_prob", log_prob_of_x, c.rows(), 1);
    std::uint32_t draws = random.draws;
    each_tile(c.rows(), [&](Index first, Index n) {
      load(w, x, c, first, n, random, false);
      sample(w);
      store_x(w, x, first);
      w.store_log_prob(log_prob_of_x, first);
      draws = w.random.draws;
    });
    random.draws = draws;
  }

  /// Throws unless x is N x D and c is N x C, naming the argument and both shapes.
  void check(const char* where, const char* name, const auto& x, const auto& c) const {
    require_columns(where, name, x, base.dim());
    if (c.size() || c.cols() || context()) require_context(where, c, x.rows(), context());
  }

 private:
  static constexpr T nowhere = -std::numeric_limits<T>::infinity();
  void map(const char* where, const char* from, const auto& x, const auto& c, Workspace& w, const char* to, auto& y,
           auto go) const {
    check(where, from, x, c);
    require_shape(where, to, y, x.rows(), x.cols());
    each_tile(x.rows(), [&](Index first, Index n) {
      load(w, x, c, first, n, Random{}, false);
      w.lost.before(w.x());
      w.log_dets.set_zero(n);
      w.log_probs.resize(n);
      go();
      w.lost.after(w.log_dets.view(), w.x().leftCols(features()));
      give_up_lost_rows(w);
      store_x(w, y, first);
    });
  }
  void give_up_lost_rows(Workspace& w) const {
    if (w.lost.any() && all_finite(*this)) w.give_up_lost_rows();
  }
};
template <class Base, class... Ls>
Flow(Base, Ls...) -> Flow<Base, Ls...>;
}  // namespace bijou
