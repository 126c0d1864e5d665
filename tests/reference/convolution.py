#!/usr/bin/env python3
"""A convolutional layer and its gradients, computed by PyTorch in double precision on numbers that any program can make:
element i of an array is sin(i + phase). tests/core/nn/convolution_test.cpp compares. To write the numbers anew:

    python3 tests/reference/convolution.py > tests/reference/convolution.json
"""

import json

import torch

BATCH, HEIGHT, WIDTH, CHANNELS, FILTERS = 2, 7, 9, 3, 4
WINDOWS = ((3, 3, 2), (2, 4, 1), (7, 9, 1))


def waves(phase, *shape):
    count = torch.tensor(shape).prod().item()
    return torch.sin(torch.arange(count, dtype=torch.float64) + phase).reshape(shape)


def layer(height, width, stride):
    """Weights [filters, height, width, channels] and images [B, H, W, C], as the C++ code lays them out."""
    x = waves(0, BATCH, HEIGHT, WIDTH, CHANNELS).requires_grad_()
    weight = waves(1, FILTERS, height, width, CHANNELS).requires_grad_()
    bias = waves(2, FILTERS).requires_grad_()
    y = torch.nn.functional.conv2d(x.permute(0, 3, 1, 2), weight.permute(0, 3, 1, 2), bias, stride).permute(0, 2, 3, 1)
    y = torch.tanh(y)
    y.backward(waves(3, *y.shape))
    named = {"y": y, "d_x": x.grad, "d_weight": weight.grad, "d_bias": bias.grad}
    arrays = {name: value.detach().flatten().tolist() for name, value in named.items()}
    return {"window": [height, width, stride], "shape": list(y.shape), **arrays}


print(json.dumps([layer(*window) for window in WINDOWS]))
