"""One training step of the recurrent attention model in PyTorch, as fast as a careful user gets it on a CPU.

The same sizes as tests/benchmarks/ram_step.cpp: 28x28 images, 6 glimpses of 8x8, glimpse network 128 + 128 -> 256, core
of 256 rectifiers, Adam; random data; glimpses read for the whole batch at once. Give PyTorch its best setting:

    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 python3 tests/benchmarks/ram_torch.py [batch] [seconds]
"""

import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SIDE, GLIMPSES, PATCH, STD = 28, 6, 8, 0.1


class Ram(nn.Module):
    def __init__(self):
        super().__init__()
        self.what, self.where = nn.Linear(PATCH * PATCH, 128), nn.Linear(2, 128)
        self.join_what, self.join_where = nn.Linear(128, 256), nn.Linear(128, 256, bias=False)
        self.inner, self.recurrent = nn.Linear(256, 256), nn.Linear(256, 256, bias=False)
        self.action, self.location, self.baseline = nn.Linear(256, 10), nn.Linear(256, 2), nn.Linear(256, 1)

    @staticmethod
    def read(padded, location):
        """Patches [B, PATCH * PATCH] by one gather from images padded by half a patch."""
        corner = ((location + 1) / 2 * SIDE + 0.5).long().clamp(0, SIDE)
        steps = torch.arange(PATCH)
        rows = (corner[:, 1, None] + steps)[:, :, None]
        columns = (corner[:, 0, None] + steps)[:, None, :]
        episodes = torch.arange(len(padded))[:, None, None]
        return padded[episodes, rows, columns].flatten(1)

    def forward(self, images):
        half = PATCH // 2
        padded = F.pad(images, (half, half, half, half))
        location = torch.rand(len(images), 2) * 2 - 1
        h, log_probs, baselines = None, [], []
        for t in range(GLIMPSES):
            if t > 0:
                state = h.detach()
                mean = torch.tanh(self.location(state))
                draw = (mean + STD * torch.randn_like(mean)).detach()
                log_probs.append(-((draw - mean) ** 2).sum(1) / (2 * STD**2))
                baselines.append(self.baseline(state)[:, 0])
                location = draw.clamp(-1, 1)
            what = F.relu(self.what(self.read(padded, location)))
            where = F.relu(self.where(location))
            g = F.relu(self.join_what(what) + self.join_where(where))
            h = F.relu(self.inner(g) + (self.recurrent(h) if t > 0 else 0))
        return self.action(h), torch.stack(log_probs, 1), torch.stack(baselines, 1)


def main():
    batch = int(sys.argv[1]) if len(sys.argv) > 1 else 128
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5
    torch.manual_seed(0)
    model = Ram()
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    images, labels = torch.rand(batch, SIDE, SIDE), torch.randint(0, 10, (batch,))

    def step():
        logits, log_probs, baselines = model(images)
        reward = (logits.argmax(1) == labels).float()[:, None]
        advantage = (reward - baselines).detach()
        loss = F.cross_entropy(logits, labels) - (log_probs * advantage).sum(1).mean()
        loss = loss + ((baselines - reward) ** 2).sum(1).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()

    for _ in range(10):
        step()
    steps, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        step()
        steps += 1
    rate = steps * batch / (time.perf_counter() - start)
    print(f"torch {torch.__version__} threads {torch.get_num_threads()} batch {batch}: {rate:.0f} images/s")


if __name__ == "__main__":
    main()
