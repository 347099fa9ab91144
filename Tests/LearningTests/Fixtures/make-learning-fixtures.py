"""Writes learning.json: ten steps of each of PyTorch's optimisers, L-BFGS, schedules, clipping, fans and a temperature, in double precision, seed 3.

Run beside this file with PyTorch 2.15.0 (CPU): python make-learning-fixtures.py
"""
import json, pathlib, statistics
import torch
from torch.optim import lr_scheduler

torch.manual_seed(3)
torch.set_default_dtype(torch.double)
flat = lambda t: [float(f"{v:.10g}") for v in t.detach().flatten().tolist()]

# Optimisers: two parameters, given gradients, all values after each step.
shapes, steps = [[3, 4], [5]], 10
begin = [torch.randn(s) for s in shapes]
gradients = [[torch.randn(s) * (0.5 + 0.3 * k) for s in shapes] for k in range(steps)]
falling = [0.02 / (1 + 0.3 * k) for k in range(steps)]
cases = [
    ("gradientDescent", "SGD", dict(lr=0.05)), ("gradientDescent", "SGD", dict(lr=0.05, weight_decay=0.3)),
    ("momentum", "SGD", dict(lr=0.05, momentum=0.9)), ("momentum", "SGD", dict(lr=0.05, momentum=0.8, weight_decay=0.3)),
    ("momentum", "SGD", dict(lr=0.05, momentum=0.9, dampening=0.9)), ("momentum", "SGD", dict(lr=falling, momentum=0.9)),
    ("nesterov", "SGD", dict(lr=0.05, momentum=0.9, nesterov=True)),
    ("nesterov", "SGD", dict(lr=0.05, momentum=0.7, nesterov=True, weight_decay=0.2)),
    ("adaGrad", "Adagrad", dict(lr=0.1)), ("adaGrad", "Adagrad", dict(lr=0.1, lr_decay=0.2, weight_decay=0.3, eps=1e-3)),
    ("rmsprop", "RMSprop", dict(lr=0.01)), ("rmsprop", "RMSprop", dict(lr=0.01, alpha=0.9, weight_decay=0.3, eps=1e-3)),
    ("rmsprop", "RMSprop", dict(lr=0.01, momentum=0.9)), ("rmsprop", "RMSprop", dict(lr=0.01, centered=True, alpha=0.9)),
    ("rmsprop", "RMSprop", dict(lr=0.01, centered=True, momentum=0.8, weight_decay=0.1)),
    ("adam", "Adam", dict(lr=0.01)), ("adam", "Adam", dict(lr=falling, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.3)),
    ("adamW", "AdamW", dict(lr=0.01)), ("adamW", "AdamW", dict(lr=falling, betas=(0.8, 0.95), weight_decay=0.5)),
]
optimizers = []
for name, kind, options in cases:
    rates = options["lr"] if isinstance(options["lr"], list) else [options["lr"]] * steps
    parameters = [b.clone().requires_grad_() for b in begin]
    optimizer = getattr(torch.optim, kind)(parameters, **{**options, "lr": rates[0]})
    if options.get("dampening"):  # PyTorch begins with the whole first gradient otherwise
        for p in parameters:
            optimizer.state[p]["momentum_buffer"] = torch.zeros_like(p)
    results = []
    for k in range(steps):
        optimizer.param_groups[0]["lr"] = rates[k]
        for p, g in zip(parameters, gradients[k]):
            p.grad = g.clone()
        optimizer.step()
        results.append([flat(p) for p in parameters])
    betas = options.get("betas", (0.9, 0.999))
    numbers = {k: v for k, v in options.items() if k not in ("lr", "betas", "centered", "nesterov")}
    optimizers.append({
        "name": name, "rates": rates, "centered": options.get("centered", False), "options": {**numbers, "beta1": betas[0], "beta2": betas[1]},
        "results": results,
    })

# L-BFGS: where each step ended.
rosenbrock = lambda x: (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
scales = 10 ** torch.linspace(0, 2, 10)
quadratic = lambda x: (scales * (x - 1) ** 2).sum() / 2
problems = []
for name, function, start, history in [
    ("rosenbrock", rosenbrock, torch.tensor([-1.2, 1.0]), 10), ("rosenbrock", rosenbrock, torch.tensor([-1.2, 1.0, -0.5, 0.8]), 3),
    ("quadratic", quadratic, torch.zeros(10), 10), ("quadratic", quadratic, torch.linspace(-3, 3, 10), 2),
]:
    x = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS([x], max_iter=1, max_eval=50, history_size=history, line_search_fn="strong_wolfe")
    def closure():
        optimizer.zero_grad()
        loss = function(x)
        loss.backward()
        return loss
    results, losses = [], []
    for _ in range(12):
        optimizer.step(closure)
        results.append(flat(x))
        losses.append(function(x).item())
    problems.append({"name": name, "start": flat(start), "history": history, "results": results, "losses": losses})

# Schedules: the rates of the first steps.
def rates(make, count=30):
    parameter = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([parameter], lr=0.4)
    schedule, result = make(optimizer), []
    for _ in range(count):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return result

schedules = {
    "step": rates(lambda o: lr_scheduler.StepLR(o, 7, 0.3)),
    "exponential": rates(lambda o: lr_scheduler.ExponentialLR(o, 0.9)),
    "polynomial": rates(lambda o: lr_scheduler.PolynomialLR(o, 20, 2)),
    "cosine": rates(lambda o: lr_scheduler.CosineAnnealingLR(o, 30, 0.05)),
    "warmUp": rates(lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o, 0.1, 1, 6), lr_scheduler.ExponentialLR(o, 0.9)], milestones=[6])),
    "oneCycle": rates(lambda o: lr_scheduler.OneCycleLR(o, 0.4, total_steps=31)),
    "oneCycleLinear": rates(lambda o: lr_scheduler.OneCycleLR(
        o, 0.4, total_steps=31, pct_start=0.5, div_factor=10, final_div_factor=100, anneal_strategy="linear")),
}
measures = [1, 0.9, 0.95, 0.94, 0.93, 0.92, 0.5, 0.51, 0.52, 0.53, 0.54, 0.55, 0.56, 0.57, 0.58, 0.59, 0.6, 0.61, 0.62, 0.4999, 0.3]
plateaus = []
for mode, options in [("min", dict(patience=2, factor=0.5)), ("max", dict(patience=1, factor=0.2, cooldown=2, threshold=0.05, min_lr=0.01))]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.4)
    schedule, found = lr_scheduler.ReduceLROnPlateau(optimizer, mode, **options), []
    for measure in measures:
        schedule.step(measure)
        found.append(optimizer.param_groups[0]["lr"])
    plateaus.append({"mode": mode, "options": options, "measures": measures, "rates": found})

# Clipping by the norm of all gradients.
clipped = []
for limit in (1.0, 1000.0):
    parameters = [torch.zeros(s, requires_grad=True) for s in shapes]
    for p, g in zip(parameters, gradients[0]):
        p.grad = g.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, limit)
    clipped.append({"limit": limit, "norm": norm.item(), "results": [flat(p.grad) for p in parameters]})

fans = [
    {"shape": s, "fans": list(torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(s)))}
    for s in ([7, 5], [16, 3, 5, 4], [8, 2, 3], [6, 1, 3, 3])
]

# The temperature of some over-confident logits, by minimising the loss itself.
labels = torch.randint(0, 4, (60,))
logits = torch.randn(60, 4) * 3
logits[torch.arange(60), labels] += 2.5
logits = logits.float().double()
beta = torch.ones(1, requires_grad=True)
optimizer = torch.optim.LBFGS([beta], max_iter=200, tolerance_grad=1e-14, tolerance_change=1e-16, line_search_fn="strong_wolfe")
def negative_log_likelihood():
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(beta * logits, labels)
    loss.backward()
    return loss
before = negative_log_likelihood().item()
optimizer.step(negative_log_likelihood)
temperature = {
    "logits": flat(logits), "labels": labels.tolist(), "temperature": (1 / beta).item(), "before": before, "after": negative_log_likelihood().item(),
}

quantiles = [[c, statistics.NormalDist().inv_cdf((1 + c) / 2)] for c in (0.01, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.999999)]
document = {
    "torch": torch.__version__, "shapes": shapes, "begin": [flat(t) for t in begin], "gradients": [[flat(t) for t in g] for g in gradients],
    "optimizers": optimizers, "problems": problems, "schedules": schedules, "plateaus": plateaus, "clipped": clipped, "fans": fans,
    "temperature": temperature, "quantiles": quantiles,
}
text = json.dumps(document, separators=(",", ":"))
pathlib.Path(__file__).with_name("learning.json").write_text(text.replace('{"name"', '\n{"name"') + "\n")
