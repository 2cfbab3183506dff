"""Densities without a net, double: SciPy's and NumPy's fastest functions, or scikit-learn's mixture, named on the command
line. The parameters are those of distributions.hpp; no time goes into freezing or checking a distribution."""
import sys

import numpy as np
from side import serve

RNG = np.random.default_rng(1)
K, D, WIDE = 5, 3, 6  # components and features of the mixture, features of the normal


def scipy_call(model, task, rows):
    from scipy import special, stats

    if model == "mvn6":
        covariance = 0.5 * np.eye(WIDE) + 0.5
        if task == "sample":
            return lambda: RNG.multivariate_normal(np.zeros(WIDE), covariance, rows, method="cholesky")
        frozen, x = stats.multivariate_normal(np.zeros(WIDE), covariance), RNG.normal(size=(rows, WIDE))
        return lambda: frozen.logpdf(x)
    if model == "normal1":
        if task == "sample":
            return lambda: RNG.standard_normal(rows)
        x = RNG.normal(size=rows)
        if task == "log_prob":
            return lambda: -0.5 * (x * x) - 0.9189385332046727  # five times as fast as stats.norm.logpdf
        u = special.ndtr(x)
        return (lambda: special.ndtr(x)) if task == "cdf" else (lambda: special.ndtri(u))
    if model == "beta1":
        if task == "sample":
            return lambda: RNG.beta(2.5, 1.5, rows)
        x, norm = RNG.uniform(1e-3, 1 - 1e-3, rows), special.betaln(2.5, 1.5)
        return lambda: special.xlogy(1.5, x) + special.xlog1py(0.5, -x) - norm


def sklearn_call(model, task, rows):
    from sklearn.mixture import GaussianMixture

    if model != "gmm3":
        return None
    x = np.concatenate([RNG.normal(2.0 * k, 1 + 0.2 * k, (rows // K + 1, D)) for k in range(K)])[:max(rows, 1000)]
    mixture = GaussianMixture(K, max_iter=20, tol=0, n_init=1, init_params="random_from_data", random_state=1)
    if task == "fit":
        return lambda: mixture.fit(x)
    mixture.fit(np.concatenate([RNG.normal(2.0 * k, 1, (1000, D)) for k in range(K)]))
    x = x[:rows]
    return (lambda: mixture.sample(rows)) if task == "sample" else (lambda: mixture.score_samples(x))


serve(scipy_call if sys.argv[1] == "scipy" else sklearn_call)
