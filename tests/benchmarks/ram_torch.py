"""One training step of the recurrent attention model in PyTorch, as fast as a careful user gets it on a CPU.

The same sizes as tests/benchmarks/ram_step.cpp: glimpse network 128 + 128 -> 256, core of 256 rectifiers, Adam; random
data; glimpses read for the whole batch at once, one gather a scale. Give PyTorch its best setting:

    OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 python3 tests/benchmarks/ram_torch.py 28 6 8 1 128 [SECONDS]

for images of 28x28, 6 glimpses of 8x8 at 1 scale, batches of 128.
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F

from torch_rate import print_rate, take_step

STD = 0.1


class Ram(nn.Module):
    def __init__(self, side, glimpses, size, scales):
        super().__init__()
        self.side, self.glimpses, self.size, self.scales = side, glimpses, size, scales
        self.what, self.where = nn.Linear(size * size * scales, 128), nn.Linear(2, 128)
        self.join_what, self.join_where = nn.Linear(128, 256), nn.Linear(128, 256, bias=False)
        self.inner, self.recurrent = nn.Linear(256, 256), nn.Linear(256, 256, bias=False)
        self.action, self.location, self.baseline = nn.Linear(256, 10), nn.Linear(256, 2), nn.Linear(256, 1)

    def read(self, padded, location):
        """Patches [B, scales * size * size]: a gather from images padded by half of the widest patch, then means."""
        margin = (self.size << (self.scales - 1)) // 2
        centre = ((location + 1) / 2 * self.side + 0.5).long().clamp(0, self.side) + margin
        episodes = torch.arange(len(padded))[:, None, None]
        patches = []
        for scale in range(self.scales):
            width = self.size << scale
            steps = torch.arange(width) - width // 2
            rows = (centre[:, 1, None] + steps)[:, :, None]
            columns = (centre[:, 0, None] + steps)[:, None, :]
            patch = padded[episodes, rows, columns]
            if scale > 0:
                patch = F.avg_pool2d(patch[:, None], 1 << scale)[:, 0]
            patches.append(patch.flatten(1))
        return torch.cat(patches, 1) if len(patches) > 1 else patches[0]

    def forward(self, images):
        margin = (self.size << (self.scales - 1)) // 2
        padded = F.pad(images, (margin, margin, margin, margin))
        location = torch.rand(len(images), 2) * 2 - 1
        h, log_probs, baselines = None, [], []
        for t in range(self.glimpses):
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
    side, glimpses, size, scales, batch = (int(word) for word in sys.argv[1:6])
    seconds = float(sys.argv[6]) if len(sys.argv) > 6 else 5
    torch.manual_seed(0)
    model = Ram(side, glimpses, size, scales)
    optimiser = torch.optim.Adam(model.parameters(), 1e-3)
    images, labels = torch.rand(batch, side, side), torch.randint(0, 10, (batch,))

    def step():
        logits, log_probs, baselines = model(images)
        reward = (logits.argmax(1) == labels).float()[:, None]
        advantage = (reward - baselines).detach()
        loss = F.cross_entropy(logits, labels) - (log_probs * advantage).sum(1).mean()
        loss = loss + ((baselines - reward) ** 2).sum(1).mean()
        take_step(optimiser, loss)

    print_rate(step, batch, batch, seconds, warm_up=3)


if __name__ == "__main__":
    main()
