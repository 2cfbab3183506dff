"""FlowJAX with equinox's filter_jit, its own layers, and optax's Adam. No armog2d: it has no mixture CDFs."""
import equinox as eqx
import jax
import jax.numpy as jnp
import optax
from flowjax.bijections import Affine, RationalQuadraticSpline
from flowjax.distributions import Normal
from flowjax.flows import coupling_flow, masked_autoregressive_flow

from side import serve

KEY = jax.random.key(0)


def make(model):
    base = lambda d: Normal(jnp.zeros(d))
    if model == "realnvp2d":
        return 2, coupling_flow(KEY, base_dist=base(2), transformer=Affine(), flow_layers=8, nn_width=64, nn_depth=2)
    if model == "nsf2d":
        spline = RationalQuadraticSpline(knots=8, interval=5)
        return 2, coupling_flow(KEY, base_dist=base(2), transformer=spline, flow_layers=8, nn_width=64, nn_depth=2)
    if model in ("maf6", "maf43"):
        d, width = (6, 100) if model == "maf6" else (43, 512)
        return d, masked_autoregressive_flow(KEY, base_dist=base(d), transformer=Affine(), flow_layers=5, nn_width=width,
                                             nn_depth=2)
    return None


def prepare(model, task, rows):
    made = make(model)
    if made is None:
        return None
    d, flow = made
    x = jax.random.normal(jax.random.key(5), (rows, d))
    params, static = eqx.partition(flow, eqx.is_inexact_array)
    join = lambda p: eqx.combine(p, static)
    if task == "log_prob":
        f = jax.jit(lambda p, x: join(p).log_prob(x))
        return lambda: f(params, x).block_until_ready()
    if task == "sample":
        f, key = jax.jit(lambda p, k: join(p).sample_and_log_prob(k, (rows,))), jax.random.key(6)
        return lambda: jax.block_until_ready(f(params, key))
    adam = optax.adam(1e-5)

    @jax.jit
    def train(p, s, x):
        loss, g = jax.value_and_grad(lambda p: -join(p).log_prob(x).mean())(p)
        updates, s = adam.update(g, s, p)
        return optax.apply_updates(p, updates), s, loss

    state = [params, adam.init(params)]

    def step():
        state[0], state[1], loss = train(state[0], state[1], x)
        loss.block_until_ready()

    return step


serve(prepare)
