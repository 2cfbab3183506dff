#pragma once
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <bijou/layers/inverse.hpp>

namespace bijou::test {
/// What a layer makes of N rows, and its adjoint.
template <class T>
struct Mapped {
  Batch<T, Dynamic> y;
  PerSample<T> log_det;
};
template <class T>
struct Pulled {
  Batch<T, Dynamic> g_x;
  std::vector<T> g_parameters;
};
enum class Way { forward, inverse };

/// A layer behind functions, so that the checks of the conformance suite are compiled once, not once for each layer.
template <class T>
struct AnyLayer {
  std::string name;
  int columns, features;  // columns - features: context
  std::function<Mapped<T>(Way, const Batch<T, Dynamic>&)> map;
  /// Runs `way`, then the adjoint of that way, or of `adjoint` where the two differ, for (g_y, g_log_det).
  std::function<Pulled<T>(Way way, Way adjoint, const Batch<T, Dynamic>&, const Batch<T, Dynamic>&, const PerSample<T>&,
                          bool wanted)>
      pull;
  std::vector<T*> parameters;

  template <Bijection L>
  AnyLayer(std::string n, L layer, int transformed) : name(std::move(n)), features(transformed) {
    auto l = std::make_shared<L>(std::move(layer));
    columns = int(width(*l));
    each_parameter(
        [&](const Path&, auto& a) {
          for (Index i = 0; i < a.size(); ++i) parameters.push_back(a.data() + i);
        },
        *l);
    map = [l](Way way, const Batch<T, Dynamic>& x) {
      typename L::Saved s;
      Batch<T, L::D> rows = x;
      PerSample<T> log_det = PerSample<T>::Zero(x.rows());
      Random random{7, 0, 0};
      go(*l, way, TileOf<L>{rows, log_det, random}, s);
      return Mapped<T>{rows, log_det};
    };
    pull = [l, name = name](Way way, Way adjoint, const Batch<T, Dynamic>& x, const Batch<T, Dynamic>& g_y,
                            const PerSample<T>& g_log_det, bool wanted) {
      typename L::Saved s;
      const auto once = [&] {
        Batch<T, L::D> rows = x, g = g_y;
        PerSample<T> log_det = PerSample<T>::Zero(x.rows()), g_l = g_log_det;
        Random random{7, 0, 0};
        L grad = wanted ? zero_gradient(*l) : no_gradient(*l);
        go(*l, way, TileOf<L>{rows, log_det, random}, s);
        if (adjoint == Way::forward)
          l->backward(s, TileOf<L>{g, g_l, random}, grad);
        else
          inverse_backward(*l, s, TileOf<L>{g, g_l, random}, grad);
        Pulled<T> p{g, {}};
        each_parameter(
            [&](const Path&, auto& a) {
              for (Index i = 0; i < a.size(); ++i) p.g_parameters.push_back(a.data()[i]);
            },
            grad);
        return p;
      };
      // The second pass finds in `s` what the first left there.
      const auto first = once(), second = once();
      const auto same = [](T a, T b) { return a == b || (std::isnan(a) && std::isnan(b)); };
      if (!std::equal(first.g_x.data(), first.g_x.data() + first.g_x.size(), second.g_x.data(), same) ||
          !std::equal(first.g_parameters.begin(), first.g_parameters.end(), second.g_parameters.begin(), same))
        throw std::logic_error(name + ": a second pass has other adjoints than the first");
      return first;
    };
  }

 private:
  template <class L>
  static void go(const L& l, Way way, TileOf<L> t, typename L::Saved& s) {
    if (way == Way::forward)
      l.forward(t, s);
    else
      l.inverse(t, s);
  }
};
}  // namespace bijou::test
