"""Hand-written jax.jit: parameters in a tree, buffers donated, one compiled function a task."""
import functools
import math

import jax
import jax.numpy as jnp

from side import serve

LOG_2PI = math.log(2 * math.pi)


def dense(key, sizes):
    keys = jax.random.split(key, len(sizes) - 1)
    return [{"w": jax.random.normal(k, (i, o)) / math.sqrt(i) * (0.3 if n == len(sizes) - 2 else 1.4), "b": jnp.zeros(o)}
            for n, (k, i, o) in enumerate(zip(keys, sizes, sizes[1:]))]


def mlp(p, x):
    for layer in p[:-1]:
        x = jax.nn.relu(x @ layer["w"] + layer["b"])
    return x @ p[-1]["w"] + p[-1]["b"]


def stack(make, n):
    return jax.tree.map(lambda *a: jnp.stack(a), *[make(k) for k in jax.random.split(jax.random.key(0), n)])


def layers_of(params):
    n = jax.tree.leaves(params)[0].shape[0]
    return [jax.tree.map(lambda a: a[i], params) for i in range(n)]


def normal(x):
    return -0.5 * jnp.sum(x * x + LOG_2PI, -1)


# ---- two-dimensional couplings ----
def affine(r, x, inverse):
    s = 2 * jnp.tanh(0.5 * r[:, 0])
    return ((x - r[:, 1]) * jnp.exp(-s), -s) if inverse else (x * jnp.exp(s) + r[:, 1], s)


def spline(r, x, inverse, bins=8, bound=5.0, least=1e-3):
    w, h = (least + (1 - least * bins) * jax.nn.softmax(a, -1) for a in (r[:, :bins], r[:, bins:2 * bins]))
    d = least + jax.nn.softplus(r[:, 2 * bins:])
    pad = jnp.ones((r.shape[0], 1))
    d = jnp.concatenate([pad, d, pad], -1)

    def knots(a):
        k = jnp.concatenate([jnp.zeros_like(pad), jnp.cumsum(a, -1)], -1) * 2 * bound - bound
        return k.at[:, -1].set(bound)

    xs, ys = knots(w), knots(h)
    inside = (x >= -bound) & (x <= bound)
    v = jnp.clip(x, -bound, bound)[:, None]
    i = jnp.clip(jnp.sum(v >= (ys if inverse else xs), -1, keepdims=True) - 1, 0, bins - 1)
    at = lambda a, o=0: jnp.take_along_axis(a, i + o, -1)[:, 0]
    x0, y0, d0, d1 = at(xs), at(ys), at(d), at(d, 1)
    bw, bh = at(xs, 1) - x0, at(ys, 1) - y0
    s, v = bh / bw, v[:, 0]
    if inverse:
        q = v - y0
        a, b, c = q * (d0 + d1 - 2 * s) + bh * (s - d0), bh * d0 - q * (d0 + d1 - 2 * s), -s * q
        t = 2 * c / (-b - jnp.sqrt(jnp.maximum(b * b - 4 * a * c, 0)))
        out = t * bw + x0
    else:
        t = (v - x0) / bw
    m = t * (1 - t)
    below = s + (d0 + d1 - 2 * s) * m
    slope = jnp.log(s * s * (d1 * t * t + 2 * s * m + d0 * (1 - t) ** 2)) - 2 * jnp.log(below)
    if not inverse:
        out = y0 + bh * (s * t * t + d0 * m) / below
    return jnp.where(inside, out, x), jnp.where(inside, -slope if inverse else slope, 0.0)


def coupling(transform, outputs):
    def init():
        return stack(lambda k: dense(k, [1, 64, 64, outputs]), 8)

    def log_prob(params, x):
        a, b, total = x[:, 0], x[:, 1], 0.0
        for p in layers_of(params):
            a, l = transform(mlp(p, b[:, None]), a, False)
            total, a, b = total + l, b, a
        return normal(jnp.stack([a, b], -1)) + total

    def sample(params, key, n):
        z = jax.random.normal(key, (n, 2))
        a, b, total = z[:, 0], z[:, 1], normal(z)
        for p in reversed(layers_of(params)):
            a, b = b, a
            a, l = transform(mlp(p, b[:, None]), a, True)
            total = total - l
        return jnp.stack([a, b], -1), total

    return 2, init, log_prob, sample


# ---- masked autoregressive flows: hidden units sorted by degree, masks applied to the weights ----
def maf(d, width):
    degree = jnp.arange(width) * (d - 1) // width + 1
    m1 = (degree[None, :] > jnp.arange(d)[:, None]).astype(jnp.float32)
    m2 = (degree[None, :] >= degree[:, None]).astype(jnp.float32)
    m3 = jnp.repeat((jnp.arange(d)[None, :] >= degree[:, None]).astype(jnp.float32), 2, 1)

    def net(p, x):
        x = jax.nn.relu(x @ (p[0]["w"] * m1) + p[0]["b"])
        x = jax.nn.relu(x @ (p[1]["w"] * m2) + p[1]["b"])
        return (x @ (p[2]["w"] * m3) + p[2]["b"]).reshape(-1, d, 2)

    def init():
        return stack(lambda k: dense(k, [d, width, width, 2 * d]), 5)

    def log_prob(params, x):
        total = 0.0
        for p in layers_of(params):
            r = net(p, x)
            x, total = (x * jnp.exp(r[..., 0]) + r[..., 1])[:, ::-1], total + jnp.sum(r[..., 0], -1)
        return normal(x) + total

    def sample(params, key, n):
        z = jax.random.normal(key, (n, d))
        total = normal(z)
        for p in reversed(layers_of(params)):
            z = z[:, ::-1]

            def one(i, x):
                r = net(p, x)[:, i]
                return x.at[:, i].set((z[:, i] - r[:, 1]) * jnp.exp(-r[:, 0]))

            x = jax.lax.fori_loop(0, d, one, jnp.zeros_like(z))
            total, z = total + jnp.sum(net(p, x)[..., 0], -1), x
        return z, total

    return d, init, log_prob, sample


# ---- the autoregressive mixture of five Gaussians ----
def armog():
    k = 5

    def split(r):
        return jax.nn.log_softmax(r[..., :k], -1), r[..., k:2 * k], r[..., 2 * k:]

    def density(r, x):
        w, m, s = split(r)
        z = (x[:, None] - m) * jnp.exp(-s)
        return jax.nn.logsumexp(w - s - 0.5 * z * z, -1) - 0.5 * LOG_2PI

    def quantile(r, u):
        """Newton's method on the CDF inside the components' quantiles; a step that leaves them halves the bracket."""
        w, m, s = split(r)
        w, scale, inverse = jnp.exp(w), jnp.exp(s), jnp.exp(-s)
        own = m + scale * jax.scipy.special.ndtri(u)[:, None]
        low, high = jnp.min(own, -1) - 1e-3, jnp.max(own, -1) + 1e-3

        def step(state):
            x, low, high, i, _ = state
            z = (x[:, None] - m) * inverse
            value = jnp.sum(w * jax.scipy.special.ndtr(z), -1) - u
            slope = jnp.sum(w * inverse * jnp.exp(-0.5 * z * z), -1) / math.sqrt(2 * math.pi)
            low, high = jnp.where(value < 0, x, low), jnp.where(value < 0, high, x)
            new = x - value / slope
            new = jnp.where((new > low) & (new < high), new, 0.5 * (low + high))
            return new, low, high, i + 1, jnp.max(jnp.abs(new - x) / (1 + jnp.abs(x)))

        first = jnp.sum(w * own, -1), low, high, 0, jnp.inf
        return jax.lax.while_loop(lambda s: (s[3] < 40) & (s[4] > 1e-5), step, first)[0]

    def init():
        return {"first": 0.1 * jax.random.normal(jax.random.key(1), (3 * k,)),
                "net": dense(jax.random.key(0), [1, 64, 64, 3 * k])}

    def log_prob(p, x):
        return density(p["first"][None], x[:, 0]) + density(mlp(p["net"], x[:, :1]), x[:, 1])

    def sample(p, key, n):
        u = jax.random.uniform(key, (n, 2), minval=1e-7)
        first = jnp.broadcast_to(p["first"], (n, 3 * k))
        x = quantile(first, u[:, 0])
        r = mlp(p["net"], x[:, None])
        y = quantile(r, u[:, 1])
        return jnp.stack([x, y], -1), density(first, x) + density(r, y)

    return 2, init, log_prob, sample


MODELS = {"realnvp2d": coupling(affine, 2), "nsf2d": coupling(spline, 23), "armog2d": armog(),
          "maf6": maf(6, 100), "maf43": maf(43, 512)}


def prepare(model, task, rows):
    if model not in MODELS:
        return None
    d, init, log_prob, sample = MODELS[model]
    params, x = init(), jax.random.normal(jax.random.key(5), (rows, d))
    if task == "log_prob":
        f = jax.jit(log_prob)
        return lambda: f(params, x).block_until_ready()
    if task == "sample":
        f, key = jax.jit(functools.partial(sample, n=rows)), jax.random.key(6)
        return lambda: jax.block_until_ready(f(params, key))

    @functools.partial(jax.jit, donate_argnums=(0,))
    def train(state, x):
        p, m, v, t = state
        loss, g = jax.value_and_grad(lambda p: -jnp.mean(log_prob(p, x)))(p)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        p = jax.tree.map(
            lambda p, m, v: p - 1e-5 * m / (1 - 0.9**t) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), p, m, v)
        return (p, m, v, t), loss

    zeros = lambda: jax.tree.map(jnp.zeros_like, params)
    state = [(params, zeros(), zeros(), jnp.zeros(()))]

    def step():
        state[0], loss = train(state[0], x)
        loss.block_until_ready()

    return step


serve(prepare)
