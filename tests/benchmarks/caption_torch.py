"""One training step of Show, Attend and Tell in PyTorch, as fast as a careful user gets it on a CPU; the twin of
tests/benchmarks/caption_step.cpp: annotations of 14x14 places with 512 numbers, 512 units throughout, 4,096 words, captions
of 13 words with the end, Adam; random data. The annotations are projected once for all steps, the output layer runs once
over all steps, and a place is read by the same batched product as an expectation, with a row of zeros and a one.

    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 python3 tests/benchmarks/caption_torch.py soft 64 [SECONDS]
    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 python3 tests/benchmarks/caption_torch.py hard 64 [SECONDS]
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

from torch_rate import print_rate, take_step

PLACES, SIZE, UNITS, WORDS, LENGTH = 196, 512, 512, 4096, 13
DROPOUT, EXPECTED_SHARE = 0.5, 0.5


class Captioner(nn.Module):
    def __init__(self, hard):
        super().__init__()
        self.hard = hard
        self.initial_h, self.initial_c = nn.Linear(SIZE, UNITS), nn.Linear(SIZE, UNITS)
        self.embedding = nn.Embedding(WORDS, UNITS)
        self.key, self.query, self.v = nn.Linear(SIZE, UNITS), nn.Linear(UNITS, UNITS), nn.Linear(UNITS, 1, bias=False)
        self.gate = nn.Linear(UNITS, 1)
        self.core = nn.LSTMCell(UNITS + SIZE, UNITS)
        self.state, self.context = nn.Linear(UNITS, UNITS), nn.Linear(SIZE, UNITS, bias=False)
        self.word = nn.Linear(UNITS, WORDS)

    def forward(self, annotations, words):
        """Logits [T, B, words], attention [T, B, L], and log-probabilities [T, B] of the places, 0 of expected ones."""
        batch = len(annotations)
        keys, mean = self.key(annotations), annotations.mean(1)
        h, c = torch.tanh(self.initial_h(mean)), torch.tanh(self.initial_c(mean))
        before = F.pad(self.embedding(words[:-1]), (0, 0, 0, 0, 1, 0))  # zeros come before the first word
        expected = torch.rand(batch, 1) < EXPECTED_SHARE
        states, contexts, attention, chosen = [], [], [], []
        for t in range(LENGTH):
            scores = self.v(torch.tanh(keys + self.query(h)[:, None]))[:, :, 0]
            weights = read = F.softmax(scores, 1)
            if self.hard:
                place = torch.multinomial(weights.detach(), 1)
                read = torch.where(expected, weights, torch.zeros_like(weights).scatter_(1, place, 1.0))
                chosen.append(F.log_softmax(scores, 1).gather(1, place).masked_fill(expected, 0)[:, 0])
            z = torch.sigmoid(self.gate(h)) * torch.bmm(read[:, None], annotations)[:, 0]
            h, c = self.core(torch.cat([before[t], z], 1), (h, c))
            states.append(h)
            contexts.append(z)
            attention.append(weights)
        read = self.state(F.dropout(torch.stack(states), DROPOUT)) + self.context(torch.stack(contexts))
        logits = self.word(F.dropout(torch.tanh(before + read), DROPOUT))
        return logits, torch.stack(attention), torch.stack(chosen) if self.hard else None


def main():
    hard, batch = sys.argv[1] == "hard", int(sys.argv[2])
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 5
    torch.manual_seed(0)
    model = Captioner(hard)
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    annotations, words = torch.rand(batch, PLACES, SIZE), torch.randint(0, WORDS, (LENGTH, batch))
    average = 0.0

    def step():
        nonlocal average
        logits, attention, chosen = model(annotations, words)
        costs = F.cross_entropy(logits.flatten(0, 1), words.flatten(), reduction="none").view(LENGTH, batch)
        loss = costs.sum(0).mean() + ((1 - attention.sum(0)) ** 2).sum(1).mean()
        if hard:
            reward = -costs.detach()
            advantage = (reward - average).flip(0).cumsum(0).flip(0)  # of a word and the rest
            loss = loss - (advantage * chosen).sum(0).mean()
            average = 0.9 * average + 0.1 * reward.mean().item()
        take_step(optimiser, loss)

    print_rate(step, batch, batch, seconds)


if __name__ == "__main__":
    main()
