#!/usr/bin/env python3
"""Losses, gradients and optimiser steps of the recurrent attention model, computed by PyTorch in double precision.

The model is written here a second time, from the formulas in the headers of agents/ram and core: nothing is shared with
the C++ code but the random numbers, which are drawn by the same generator so that both look at the same places.
tests/agents/ram/reference_test.cpp compares. Needs PyTorch 1.13 or later; to write the numbers anew:

    python3 tests/reference/ram.py > tests/reference/ram.json
"""

import json
import math

import torch

MASK32 = 0xFFFFFFFF
MASK64 = 0xFFFFFFFFFFFFFFFF


def philox(counter, key):
    """Philox 4x32-10 (Salmon et al. 2011)."""
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & MASK32, (p0 >> 32) ^ c[3] ^ k[1], p0 & MASK32]
        k = [(k[0] + 0x9E3779B9) & MASK32, (k[1] + 0xBB67AE85) & MASK32]
    return c


def mix(x):
    """The finaliser of SplitMix64."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK64
    return x ^ (x >> 31)


def fnv(name):
    h = 14695981039346656037
    for letter in name.encode():
        h = ((h ^ letter) * 1099511628211) & MASK64
    return h


class Stream:
    """The numbers of (seed, purpose, step, episode), as random::Stream draws them."""

    def __init__(self, seed, purpose, episode, step=0):
        key = mix(mix((seed + 0x9E3779B97F4A7C15) & MASK64) ^ fnv(purpose))
        self.key = (key & MASK32, key >> 32)
        self.counter = [0, episode & MASK32, step & MASK32, (episode >> 32) & 0xFFFF | (step >> 32) << 16]
        self.block, self.spare = [], None

    def bits(self):
        if not self.block:
            self.block = philox(self.counter, self.key)
            self.counter[0] += 1
        return self.block.pop(0)

    def uniform(self, low, high):
        return low + (high - low) * (self.bits() / 2**32)

    def normal(self):
        if self.spare is not None:
            spare, self.spare = self.spare, None
            return spare
        radius = math.sqrt(-2 * math.log((self.bits() + 1) / 2**32))
        angle = 2 * math.pi * (self.bits() / 2**32)
        self.spare = radius * math.sin(angle)
        return radius * math.cos(angle)


def overlap(low, high, pixel):
    return max(0.0, min(high, pixel + 1) - max(low, pixel))


def cell_shares(location, extent, size, scale):
    """shares[j][p]: what part of cell j lies on pixel p; less than 1 in sum where the cell leaves the image."""
    first = math.floor((location + 1) / 2 * extent - size / 2 + 0.5)
    width = 2**scale
    start = first + size / 2 - size * width / 2
    cells = [(start + j * width, start + (j + 1) * width) for j in range(size)]
    return torch.tensor([[overlap(low, high, p) / width for p in range(extent)] for low, high in cells])


def retina(images, locations, size, scales):
    """[B, H, W, C] and [B, 2] to [B, k g g C]; the background is 0."""
    rows = []
    for image, (x, y) in zip(images, locations.tolist()):
        patches = []
        for s in range(scales):
            across, down = cell_shares(x, image.shape[1], size, s), cell_shares(y, image.shape[0], size, s)
            patches.append(torch.einsum("ih,jw,hwc->ijc", down, across, image).flatten())
        rows.append(torch.cat(patches))
    return torch.stack(rows)


def parameter_shapes(c):
    h, features, what, where = c["hidden"], c["features"], c["what_hidden"], c["where_hidden"]
    gates = 4 * h if c["core"] == "lstm" else h
    pixels = c["scales"] * c["size"] ** 2 * c["shape"][2]
    return {
        "glimpse.what.weight": (what, pixels), "glimpse.what.bias": (what,),
        "glimpse.where.weight": (where, 2), "glimpse.where.bias": (where,),
        "glimpse.join.what.weight": (features, what), "glimpse.join.where.weight": (features, where),
        "glimpse.join.bias": (features,),
        "core.input.weight": (gates, features), "core.recurrent.weight": (gates, h), "core.bias": (gates,),
        "action.weight": (c["classes"], h), "action.bias": (c["classes"],),
        "location.weight": (2, h), "location.bias": (2,),
        "baseline.weight": (1, h), "baseline.bias": (1,),
    }


def glimpse_features(p, patches, locations):
    what = torch.relu(patches @ p["glimpse.what.weight"].T + p["glimpse.what.bias"])
    where = torch.relu(locations @ p["glimpse.where.weight"].T + p["glimpse.where.bias"])
    joined = what @ p["glimpse.join.what.weight"].T + where @ p["glimpse.join.where.weight"].T
    return torch.relu(joined + p["glimpse.join.bias"])


def core_step(c, p, x, state):
    h, cell = state
    a = x @ p["core.input.weight"].T + h @ p["core.recurrent.weight"].T + p["core.bias"]
    if c["core"] == "rnn":
        return torch.relu(a), cell
    i, f, g, o = a.chunk(4, dim=1)
    cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(cell), cell


def decide(c, p, h, streams):
    """The raw draw, its log-density, and the baseline of the state."""
    mean = (h if c["policy_gradient_into_core"] else h.detach()) @ p["location.weight"].T + p["location.bias"]
    mean = torch.tanh(mean) if c["location_mean"] == "tanh" else mean
    noise = torch.tensor([[s.normal(), s.normal()] for s in streams])
    draw = (mean + c["std"] * noise).detach()
    log_prob = torch.distributions.Normal(mean, c["std"]).log_prob(draw).sum(1)
    return draw, log_prob, (h.detach() @ p["baseline.weight"].T + p["baseline.bias"])[:, 0]


def losses(c, p, images, labels, step):
    """classification, policy, baseline and their sum, for the episodes that training step `step` begins."""
    batch = len(labels)
    streams = [Stream(c["seed"], "train", step * batch + b) for b in range(batch)]
    h = cell = torch.zeros(batch, c["hidden"])
    log_probs, baselines = [], []
    for t in range(c["glimpses"]):
        if t == 0 and c["first_location"] == "random":
            location = torch.tensor([[s.uniform(-1, 1), s.uniform(-1, 1)] for s in streams])
        else:
            location, log_prob, baseline = decide(c, p, h, streams)
            log_probs.append(log_prob)
            baselines.append(baseline)
        location = location.clamp(-1, 1)
        patches = retina(images, location, c["size"], c["scales"])
        h, cell = core_step(c, p, glimpse_features(p, patches, location), (h, cell))
    logits = h @ p["action.weight"].T + p["action.bias"]
    reward = (logits.argmax(1) == labels).to(torch.float64)
    log_probs, baselines = torch.stack(log_probs, 1), torch.stack(baselines, 1)
    advantage = (reward[:, None] - baselines).detach()
    classification = torch.nn.functional.cross_entropy(logits, labels)
    policy = -c["policy_coefficient"] * (advantage * log_probs).sum(1).mean()
    regression = c["baseline_coefficient"] * ((baselines - reward[:, None]) ** 2).sum(1).mean()
    return classification, policy, regression, classification + policy + regression


def flat(tensors):
    return {name: tensor.detach().flatten().tolist() for name, tensor in tensors.items()}


def leaves(initial):
    return {name: value.clone().requires_grad_() for name, value in initial.items()}


def optimise(make, c, initial, images, labels):
    p = leaves(initial)
    optimiser = make(list(p.values()))
    totals = []
    for step in range(10):
        optimiser.zero_grad()
        total = losses(c, p, images, labels, step)[3]
        total.backward()
        optimiser.step()
        totals.append(total.item())
    return {"losses": totals, "parameters": flat(p)}


OPTIMISERS = {
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.001, alpha=0.99, momentum=0.9),
}


def case(c):
    batch = 4
    pixels = torch.randint(0, 256, (batch, *c["shape"]))
    labels = torch.arange(batch) % c["classes"]
    initial = {name: torch.rand(shape) - 0.5 for name, shape in parameter_shapes(c).items()}
    images = pixels.to(torch.float64) / 255
    p = leaves(initial)
    found = losses(c, p, images, labels, 0)
    found[3].backward()
    return {
        "config": c, "pixels": pixels.flatten().tolist(), "labels": labels.tolist(), "parameters": flat(initial),
        "losses": [loss.item() for loss in found], "gradients": flat({name: v.grad for name, v in p.items()}),
        "optimisers": {name: optimise(make, c, initial, images, labels) for name, make in OPTIMISERS.items()},
    }


SMALL = {"seed": 3, "classes": 3, "hidden": 6, "features": 6, "what_hidden": 5, "where_hidden": 4, "glimpses": 3,
         "policy_coefficient": 0.7, "baseline_coefficient": 1.3}
CASES = {
    "rnn": {**SMALL, "core": "rnn", "shape": [8, 7, 1], "size": 4, "scales": 2, "first_location": "random",
            "location_mean": "tanh", "std": 0.3, "policy_gradient_into_core": False},
    "lstm": {**SMALL, "core": "lstm", "shape": [7, 6, 2], "size": 3, "scales": 2, "first_location": "learned",
             "location_mean": "linear", "std": 0.5, "policy_gradient_into_core": True},
}

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    print(json.dumps({name: case(c) for name, c in CASES.items()}))
