"""zuko or nflows, named on the command line, "zuko+compile" through torch.compile. No armog2d: neither has it."""
import os
import sys

import torch

from side import serve

LIBRARY, _, COMPILED = sys.argv[1].partition("+")
torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
torch.manual_seed(0)


def zuko_model(model):
    import zuko

    relu = {"hidden_features": (64, 64), "activation": torch.nn.ReLU}
    if model == "realnvp2d":
        return 2, zuko.flows.RealNVP(2, transforms=8, **relu)
    if model == "nsf2d":
        return 2, zuko.flows.NSF(2, bins=8, transforms=8, passes=2, **relu)
    if model in ("maf6", "maf43"):
        d, width = (6, 100) if model == "maf6" else (43, 512)
        return d, zuko.flows.MAF(d, transforms=5, hidden_features=(width, width))


def nflows_model(model):
    from nflows import distributions, flows, nn, transforms

    def net(inputs, outputs):
        layers = torch.nn.Sequential(torch.nn.Linear(inputs, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64),
                                     torch.nn.ReLU(), torch.nn.Linear(64, outputs))

        class WithContext(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = layers

            def forward(self, x, context=None):
                return self.layers(x)

        return WithContext()

    d, steps = 2, []
    if model == "realnvp2d":
        for i in range(8):
            mask = torch.tensor([1, -1] if i % 2 else [-1, 1])
            steps.append(transforms.AffineCouplingTransform(mask, net))
    elif model == "nsf2d":
        for i in range(8):
            mask = torch.tensor([1, -1] if i % 2 else [-1, 1])
            steps.append(transforms.PiecewiseRationalQuadraticCouplingTransform(mask, net, num_bins=8, tails="linear",
                                                                                tail_bound=5.0))
    elif model in ("maf6", "maf43"):
        d, width = (6, 100) if model == "maf6" else (43, 512)
        for _ in range(5):
            steps.append(transforms.MaskedAffineAutoregressiveTransform(d, width, num_blocks=1,
                                                                        use_residual_blocks=False))
            steps.append(transforms.ReversePermutation(d))
    else:
        return None
    return d, flows.Flow(transforms.CompositeTransform(steps), distributions.StandardNormal([d]))


def prepare(model, task, rows):
    made = (zuko_model if LIBRARY == "zuko" else nflows_model)(model)
    if made is None:
        return None
    d, flow = made
    x = torch.randn(rows, d)
    log_prob = (lambda x: flow().log_prob(x)) if LIBRARY == "zuko" else flow.log_prob
    draw = (lambda: flow().rsample_and_log_prob((rows,))) if LIBRARY == "zuko" else (
        lambda: flow.sample_and_log_prob(rows))
    if COMPILED:
        log_prob, draw = torch.compile(log_prob), torch.compile(draw)
    if task == "train_step":
        adam = torch.optim.Adam(flow.parameters(), lr=1e-5, fused=True)

        def step():
            adam.zero_grad()
            (-log_prob(x).mean()).backward()
            adam.step()

        return step
    call = draw if task == "sample" else lambda: log_prob(x)

    def evaluate():
        with torch.inference_mode() if not COMPILED else torch.no_grad():
            call()

    return evaluate


serve(prepare)
