#!/usr/bin/env python3
"""Losses, gradients, optimiser steps and greedy captions of Show, Attend and Tell, computed by PyTorch in double precision.

The model is written here a second time, from the formulas in the headers of agents/show_attend_tell and core: nothing is
shared with the C++ code but the random numbers, which are drawn by the same generator so that both look at the same places
and drop the same units. tests/agents/show_attend_tell/reference_test.cpp compares. Needs PyTorch 1.13 or later; to write the
numbers anew:

    python3 tests/reference/show_attend_tell.py > tests/reference/show_attend_tell.json
"""

import json

import torch
from ram import Stream, flat, leaves
from torch.nn import functional as F

END, WORDS = 1, 7  # 0 is the start, 2 the unknown word
CAPTIONS = [[3, 5, 4], [6], [4, 6, 5, 3], [5, 5]]
MOST_WORDS = 4
SIZES = {"embedding": 3, "hidden": 4, "attention_hidden": 3}


def below(stream, n):
    """A whole number in [0, n), as random::Stream::below draws it."""
    while True:
        product = stream.bits() * n
        if product & 0xFFFFFFFF >= (2**32 - n) % n:
            return product >> 32


def sample(probabilities, uniform):
    """The first place up to which the probabilities add up to more than the number."""
    total = torch.cumsum(probabilities, 0)
    return min(int((total <= uniform).sum()), len(probabilities) - 1)


def annotation_shape(shape, filters, strides):
    """Rows, columns and size of the annotations of images of such a shape."""
    rows, columns, size = shape
    for filter_count, stride in zip(filters, strides):
        rows, columns, size = rows // stride, columns // stride, filter_count
    return rows, columns, size


def parameter_shapes(filters, strides, shape):
    m, n, a = (SIZES[name] for name in ("embedding", "hidden", "attention_hidden"))
    shapes = {}
    for i, (before, after, stride) in enumerate(zip([shape[2], *filters], filters, strides)):
        shapes |= {f"encoder.{i}.weight": (after, stride + 2, stride + 2, before), f"encoder.{i}.bias": (after,)}
    rows, columns, d = annotation_shape(shape, filters, strides)
    if filters:
        shapes["encoder.place"] = (rows * columns * d,)
    return shapes | {
        "embedding.weight": (WORDS, m),
        "initial.h.weight": (n, d), "initial.h.bias": (n,), "initial.c.weight": (n, d), "initial.c.bias": (n,),
        "attention.key.weight": (a, d), "attention.key.bias": (a,),
        "attention.query.weight": (a, n), "attention.query.bias": (a,), "attention.v": (a,),
        "gate.weight": (1, n), "gate.bias": (1,),
        "core.input.weight": (4 * n, m + d), "core.recurrent.weight": (4 * n, n), "core.bias": (4 * n,),
        "output.state.weight": (m, n), "output.state.bias": (m,), "output.context.weight": (m, d),
        "output.word.weight": (WORDS, m), "output.word.bias": (WORDS,),
    }


class Decoder:
    """A batch of captions through the model with the parameters p. Lists over steps are filled as it goes."""

    def __init__(self, c, p, images, numbers, decision, training):
        self.c, self.p, self.numbers, self.decision, self.training = c, p, numbers, decision, training
        self.annotations = self.encode(images)
        mean = self.mean = self.annotations.mean(1)
        self.h, self.cell = torch.tanh(self.linear("initial.h", mean)), torch.tanh(self.linear("initial.c", mean))
        self.streams = [Stream(c["seed"], c["purpose"], number) for number in numbers]
        coins = [Stream(c["seed"], "expected context", number).uniform(0, 1) for number in numbers]
        self.expected = torch.tensor([training and coin < c["expected_share"] for coin in coins])
        self.weights, self.places, self.log_probs = [], [], []

    def linear(self, name, x):
        return x @ self.p[f"{name}.weight"].T + self.p[f"{name}.bias"]

    def encode(self, images):
        x = self.c["gain"] * images.permute(0, 3, 1, 2)
        for i, stride in enumerate(self.c["strides"]):
            weight = self.p[f"encoder.{i}.weight"].permute(0, 3, 1, 2)
            x = torch.relu(F.conv2d(x, weight, self.p[f"encoder.{i}.bias"], stride=stride, padding=1))
        x = x.flatten(2).transpose(1, 2)
        return x + self.p["encoder.place"].view(x.shape[1:]) if self.c["filters"] else x

    def attend(self):
        keys = self.linear("attention.key", self.annotations)
        query = self.linear("attention.query", self.h)
        return torch.softmax(torch.tanh(keys + query[:, None]) @ self.p["attention.v"], 1)

    def choose(self, weights):
        """A place for each image; -1 for the expected context."""
        if self.decision == "mean":
            return torch.full_like(self.expected, -1, dtype=torch.long)
        if self.decision == "mode":
            chosen = weights.argmax(1)
        else:
            chosen = torch.tensor([sample(row, s.uniform(0, 1)) for row, s in zip(weights.detach(), self.streams)])
        return torch.where(self.expected, -1, chosen)

    def context(self, weights):
        kind, batch = self.c["attention"], len(self.numbers)
        if kind == "uniform" and self.decision == "sample":
            drawn = [below(stream, self.annotations.shape[1]) for stream in self.streams]
            return torch.where(self.expected[:, None], self.mean, self.annotations[range(batch), drawn])
        if weights is None:
            return self.mean
        soft = (weights[:, :, None] * self.annotations).sum(1)
        if kind != "hard":
            return soft
        self.places.append(self.choose(weights))
        read = self.annotations[range(batch), self.places[-1].clamp(min=0)]
        return torch.where(self.places[-1][:, None] < 0, soft, read)

    def dropped(self, step):
        """What the state and the hidden layer of the output are multiplied by."""
        rate, sizes = self.c["dropout"], [SIZES["hidden"], SIZES["embedding"]]
        if not self.training or rate == 0:
            return [torch.ones(len(self.numbers), size) for size in sizes]
        streams = [Stream(self.c["seed"], "dropout", number, step) for number in self.numbers]
        return [torch.tensor([[float(s.bits() >= int(rate * 2**32)) / (1 - rate) for _ in range(size)]
                              for s in streams]) for size in sizes]

    def output(self, embedded, h, z, step):
        of_state, of_hidden = self.dropped(step)
        shape = [1] * (h.dim() - 2) + [len(self.numbers), -1]  # places may come before episodes
        read = self.linear("output.state", of_state.reshape(shape) * h) + z @ self.p["output.context.weight"].T
        hidden = torch.tanh(embedded + read)
        return torch.log_softmax(self.linear("output.word", of_hidden.reshape(shape) * hidden), -1)

    def core(self, embedded, z):
        gates = torch.cat([embedded, z], -1) @ self.p["core.input.weight"].T
        gates = gates + self.h @ self.p["core.recurrent.weight"].T + self.p["core.bias"]
        i, f, g, o = gates.chunk(4, -1)
        cell = torch.sigmoid(f) * self.cell + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(cell), cell

    def step(self, words):
        """Log-probabilities [B, words] of the words that follow these; None at first."""
        step = len(self.log_probs)
        embedded = torch.zeros(len(self.numbers), SIZES["embedding"])
        if words is not None:
            embedded = self.p["embedding.weight"][words]
        attends = self.c["attention"] not in ("uniform", "mean")
        weights = self.attend() if attends else None
        gate = torch.sigmoid(self.linear("gate", self.h)) if self.c["gate"] else torch.ones(len(self.numbers), 1)
        z = gate * self.context(weights)
        if self.c["attention"] == "marginal":
            each_z = gate * self.annotations.transpose(0, 1)  # [L, B, D]
            same = embedded.expand(len(each_z), -1, -1)
            each = self.output(same, self.core(same, each_z)[0], each_z, step)
            log_prob = torch.logsumexp(torch.log(weights).T[:, :, None] + each, 0)
        self.h, self.cell = self.core(embedded, z)
        if self.c["attention"] != "marginal":
            log_prob = self.output(embedded, self.h, z, step)
        self.weights.append(weights)
        self.log_probs.append(log_prob)
        return log_prob


def targets(c):
    """Words [T, B] and how far they count; a caption is there once for each roll-out."""
    rows = [caption + [END] for caption in CAPTIONS for _ in range(c["rollouts"])]
    longest = max(map(len, rows))
    words = torch.tensor([row + [0] * (longest - len(row)) for row in rows]).T
    return words, torch.tensor([[float(t < len(row)) for row in rows] for t in range(longest)])


def teach(c, p, images, numbers, words, decision):
    decoder = Decoder(c, p, images.repeat_interleave(c["rollouts"], 0), numbers, decision, training=True)
    for t in range(len(words)):
        decoder.step(words[t - 1] if t > 0 else None)
    return decoder, torch.stack(decoder.log_probs).gather(2, words[:, :, None])[:, :, 0]


def baselines(c, p, images, numbers, words, rewards, average):
    if c["baseline"] == "moving_average":
        return torch.full_like(rewards, average)
    if c["baseline"] == "self_critical":
        return teach(c, p, images, numbers, words, "mode")[1].detach()
    if c["baseline"] == "leave_one_out":
        groups = rewards.reshape(len(rewards), -1, c["rollouts"])
        return ((groups.sum(2, keepdim=True) - groups) / (c["rollouts"] - 1)).reshape(rewards.shape)
    return torch.zeros_like(rewards)


def returns(c, differences):
    if c["reward"] == "word":
        return differences
    rest = differences.flip(0).cumsum(0).flip(0)
    return rest if c["reward"] == "rest" else rest[:1].expand_as(rest)


def losses(c, p, images, first_number, average):
    """By name, as sums over the batch: what the agent adds up for its log; the loss first."""
    words, mask = targets(c)
    batch = words.shape[1]
    numbers = range(first_number, first_number + batch)
    decoder, log_probs = teach(c, p, images, numbers, words, "sample")
    predicted = torch.stack(decoder.log_probs).detach()
    wrong = (predicted.max(2).values > log_probs.detach()) * mask
    found = {"loss": -(mask * log_probs).sum(), "log_prob": (mask * log_probs).sum(), "words": mask.sum(),
             "wrong": wrong.sum()}
    if decoder.weights[0] is not None:
        weights = torch.stack(decoder.weights)
        entropy = -(weights * torch.log(weights)).sum(2)
        penalty = c["doubly_stochastic_coefficient"] * ((1 - (mask[:, :, None] * weights).sum(0)) ** 2).sum()
        found |= {"entropy": (mask * entropy).sum(), "penalty": penalty, "loss": found["loss"] + penalty}
    if c["attention"] == "hard":
        places = torch.stack(decoder.places)
        decisions = mask * (places >= 0)
        rewards = log_probs.detach()
        differences = mask * (rewards - baselines(c, p, images, numbers, words, rewards, average))
        advantage = returns(c, differences)
        taken = torch.log(weights.gather(2, places.clamp(min=0)[:, :, None])[:, :, 0])
        policy = -c["policy_coefficient"] * (decisions * advantage * taken).sum()
        bonus = c["entropy_coefficient"] * (decisions * entropy).sum()
        gradient = advantage[:, :, None] * (F.one_hot(places.clamp(min=0), weights.shape[2]) - weights)
        found |= {"reward": (decisions * rewards).sum(),
                  "score_gradient_square": (decisions * (gradient**2).sum(2)).sum(),
                  "policy": policy, "decisions": decisions.sum(), "advantage": (decisions * advantage).sum(),
                  "advantage_square": (decisions * advantage**2).sum(), "loss": found["loss"] + policy - bonus}
    return found


def optimise(c, initial, images, rate=0.01):
    """Ten steps of Adam."""
    p, average, totals = leaves(initial), c["moving_average"], []
    optimiser = torch.optim.Adam(list(p.values()), lr=rate)
    batch = len(CAPTIONS) * c["rollouts"]
    for step in range(10):
        optimiser.zero_grad()
        found = losses(c, p, images, step * batch, average)
        (found["loss"] / batch).backward()
        optimiser.step()
        if c["attention"] == "hard":
            average = 0.9 * average + 0.1 * (found["reward"] / found["decisions"]).item()
        totals.append(found["loss"].item())
    return {"rate": rate, "losses": totals, "parameters": flat(p), "moving_average": average}


def tell(c, p, images, decision):
    """Log-probabilities [T, B, words] of greedy captions, each word the likeliest."""
    decoder, words = Decoder(c, p, images, range(len(images)), decision, training=False), None
    for _ in range(MOST_WORDS + 1):
        words = decoder.step(words).argmax(1)
    return torch.stack(decoder.log_probs).flatten().tolist()


def case(c, world):
    p = leaves(world["parameters"])
    found = losses(c, p, world["images"], 0, c["moving_average"])
    (found["loss"] / (len(CAPTIONS) * c["rollouts"])).backward()
    gradients = {name: torch.zeros_like(v) if v.grad is None else v.grad for name, v in p.items()}
    result = {"config": c, "sums": {name: value.item() for name, value in found.items()}, "gradients": flat(gradients)}
    with torch.no_grad():
        result["told"] = {decision: tell(c, p, world["images"], decision) for decision in c["decisions"]}
    if c["adam"]:
        result["adam"] = optimise(c, world["parameters"], world["images"])
    return result


def world_of(shape, filters, strides, gain):
    images = 2 * torch.rand(len(CAPTIONS), *shape) - 1
    parameters = {name: 2 * torch.rand(size) - 1 for name, size in parameter_shapes(filters, strides, shape).items()}
    encoder = {"filters": filters, "strides": strides, "gain": gain}
    return {"shape": shape, "encoder": encoder, "images": images, "parameters": parameters}


PLAIN = {"seed": 5, "purpose": "train", "world": "cells", "gate": True, "dropout": 0.5, "doubly_stochastic_coefficient": 0.7,
         "policy_coefficient": 0.8, "entropy_coefficient": 0.3, "expected_share": 0.5, "reward": "rest",
         "baseline": "moving_average", "moving_average": -1.7, "rollouts": 1, "decisions": ["mean"], "adam": False}
SOFT, HARD = {**PLAIN, "attention": "soft"}, {**PLAIN, "attention": "hard", "decisions": ["mean", "mode", "sample"]}
CASES = {
    "soft": {**SOFT, "adam": True},
    "soft of filters, without a gate": {**SOFT, "world": "pixels", "gate": False, "dropout": 0.0},
    "marginal": {**PLAIN, "attention": "marginal", "dropout": 0.25},
    "marginal of filters, without a gate": {**PLAIN, "attention": "marginal", "world": "pixels", "gate": False},
    "mean": {**PLAIN, "attention": "mean"},
    "uniform": {**PLAIN, "attention": "uniform", "decisions": ["mean", "sample"]},
    "hard": {**HARD, "adam": True},
    "hard, reward of a word": {**HARD, "reward": "word"},
    "hard, reward of a sentence": {**HARD, "reward": "sentence", "baseline": "none", "expected_share": 0.0},
    "hard, reward of a word, self-critical": {**HARD, "reward": "word", "baseline": "self_critical"},
    "hard, reward of a word, leave one out": {**HARD, "reward": "word", "baseline": "leave_one_out", "rollouts": 4},
    "hard, reward of a sentence less a moving average": {**HARD, "reward": "sentence"},
    "hard of filters, self-critical": {**HARD, "world": "pixels", "baseline": "self_critical"},
    "hard, leave one out": {**HARD, "rollouts": 3, "baseline": "leave_one_out", "expected_share": 0.3},
    "hard of filters, leave one out": {**HARD, "world": "pixels", "rollouts": 2, "baseline": "leave_one_out"},
}

if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(1)
    worlds = {"cells": world_of([2, 3, 3], [], [], 1.0), "pixels": world_of([6, 4, 2], [3, 2], [2, 1], 1.5)}
    cases = {}
    for name, c in CASES.items():
        world = worlds[c["world"]]
        cases[name] = case({**c, **SIZES, **world["encoder"]}, world)
    for world in worlds.values():
        world |= {"images": world["images"].flatten().tolist(), "parameters": flat(world["parameters"])}
    print(json.dumps({"captions": CAPTIONS, "most_words": MOST_WORDS, "words": WORDS, "worlds": worlds, "cases": cases}))
