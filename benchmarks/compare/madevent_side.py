"""madevent7's flow of neural importance sampling, double, its own runtime; the loss and its gradient without optimiser."""
import os

import madevent7 as me
import numpy as np

from side import serve

me.set_thread_count(int(os.environ.get("OMP_NUM_THREADS", "1"))) if hasattr(me, "set_thread_count") else None


def prepare(model, task, rows):
    if model not in ("nis4", "nis8"):
        return None
    d = int(model[3:])
    context = me.Context()
    flow = me.Flow(d, 0, "flow", 10, 32, 3)
    flow.initialize_globals(context)
    rng = np.random.default_rng(1)
    x = rng.uniform(1e-3, 1 - 1e-3, (rows, d))
    # madevent7 maps noise -> point in `forward`, point -> noise in `inverse`
    function = flow.forward_function() if task == "sample" else flow.inverse_function()
    runtime = me.FunctionRuntime(function, context)
    if task != "train_step":
        return lambda: runtime.call([x])

    def step():
        outputs, kept, wanted = runtime.call_with_grad([x], [False])
        ones = np.full(rows, -1.0 / rows) / np.asarray(outputs[1].numpy())  # loss = - mean log det
        runtime.call_backward([np.zeros((rows, d)), ones], kept, wanted)

    return step


serve(prepare)
