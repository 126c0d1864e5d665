"""One training step of a language model in PyTorch, the twin of tests/benchmarks/lstm_step.cpp: an LSTM of 512 units
over 20 steps on inputs of 512 numbers, a softmax over 4,096 words after each step, Adam; random data.

    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 python3 tests/benchmarks/lstm_torch.py 64 [SECONDS]
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

from torch_rate import print_rate, take_step

UNITS, STEPS, WORDS = 512, 20, 4096


def main():
    batch = int(sys.argv[1])
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5
    torch.manual_seed(0)
    lstm, output = nn.LSTM(UNITS, UNITS), nn.Linear(UNITS, WORDS)
    optimiser = torch.optim.Adam([*lstm.parameters(), *output.parameters()], 1e-3)
    inputs, labels = torch.randn(STEPS, batch, UNITS), torch.randint(0, WORDS, (STEPS * batch,))

    def step():
        states, _ = lstm(inputs)
        loss = F.cross_entropy(output(states).flatten(0, 1), labels)
        take_step(optimiser, loss)

    print_rate(step, batch, batch * STEPS, seconds)


if __name__ == "__main__":
    main()
