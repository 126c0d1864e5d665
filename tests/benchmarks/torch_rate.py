"""How fast PyTorch takes a training step; for the scripts beside this one."""

import time

import torch


def take_step(optimiser, loss):
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()


def print_rate(step, batch, items, seconds, warm_up=1):
    """Takes steps for some seconds and prints how many items (images, captions, words) they did a second."""
    for _ in range(warm_up):
        step()
    steps, start = 0, time.perf_counter()
    while steps < 2 or time.perf_counter() - start < seconds:
        step()
        steps += 1
    rate = steps * items / (time.perf_counter() - start)
    print(f"torch {torch.__version__} threads {torch.get_num_threads()} batch {batch}: {rate:.1f} per_second")
