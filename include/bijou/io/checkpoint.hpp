#pragma once
#include <bijou/io/safetensors.hpp>

namespace bijou {
/// Keeps the state of a fit in a file: loads `path` into the state where that file exists, and returns a callback that
/// writes it after each epoch, beside it first and then renamed, so that a fit killed at any moment leaves a whole
/// file. (Killed while it writes, it leaves the file beside it as well, NAME.<number>.part: remove that by hand.)
/// Started again with the same data and options, it ends with the bits of a fit that was never killed. Throws FileError
/// for a file that is damaged, of another architecture, or of a fit that began from other data (its fixed arrays, as
/// the means of a Standardize, differ); the state is then unchanged. The state must outlive the callback.
///     FitState state(flow);
///     options.callback = checkpoint(state, "fit.safetensors");
///     fit(flow, data, options, state);
template <class State>
auto checkpoint(State& state, const std::string& path) {
  if (std::filesystem::exists(path)) {
    State loaded = state;
    load(loaded, path, {.allow_non_finite = true});  // weights that overflowed belong to the fit, which ends with them
    Nothing trained;
    auto visit = [&](const Path& p, const auto& a, const auto& b) {
      for (Index i = 0; i < a.size(); ++i)
        if (a.data()[i] != b.data()[i])
          throw FileError(path, "is of another fit: ", p.str(), " differs; remove the file to begin anew");
    };
    each_field(Path{}, trained, visit, state.current, loaded.current);
    state = std::move(loaded);
  }
  return [&state, path](const auto&) {
    save(state, path);
    return true;
  };
}
}  // namespace bijou
