"""Runs the benchmarks in turn with PyTorch's and writes what came out. Started by scripts/benchmark."""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = "build/release/tests/benchmarks/saccade_benchmarks"
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
BATCHES = (20, 128, 512)
GEOMETRIES = {"28x28": (28, 6, 8, 1), "60x60": (60, 6, 12, 3), "100x100": (100, 8, 12, 4)}
TEXT = {
    "28x28": "RAM, 28x28, 6 glimpses of 8x8, 1 scale",
    "60x60": "RAM, 60x60, 6 glimpses of 12x12, 3 scales",
    "100x100": "RAM, 100x100, 8 glimpses of 12x12, 4 scales",
    "lstm": "LSTM of 512, 20 steps, 4,096 words",
    "soft": "captions, soft attention, 14x14x512, 13 words of 4,096",
    "hard": "captions, hard attention, 14x14x512, 13 words of 4,096",
    "self_critical": "the same, self-critical baseline",
}


class Row:
    """One model and batch size: our two thread counts, and PyTorch."""

    def __init__(self, model, batch, pattern, torch_arguments):
        self.model, self.batch, self.pattern, self.torch_arguments = model, batch, pattern, torch_arguments
        self.ours = {1: [], 2: []}
        self.bfloat16 = {1: [], 2: []}
        self.refusal = None  # why there is no bfloat16 here
        self.torch = []


def rows():
    for name, numbers in GEOMETRIES.items():
        for batch in BATCHES:
            arguments = ["tests/benchmarks/ram_torch.py", *map(str, numbers), str(batch)]
            yield Row(name, batch, f"ram_step(_bfloat16)?/{name}/batch:{batch}/", arguments)
    yield Row("lstm", 64, "lstm_step/batch:64/", ["tests/benchmarks/lstm_torch.py", "64"])
    for attention in ("soft", "hard", "self_critical"):
        arguments = None if attention == "self_critical" else ["tests/benchmarks/caption_torch.py", attention, "64"]
        yield Row(attention, 64, f"caption_step(_bfloat16)?/{attention}/batch:64/", arguments)


def run_ours(pattern, seconds):
    command = [BINARY, f"--benchmark_filter={pattern}", f"--benchmark_min_time={seconds}", "--benchmark_format=json"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(done.stdout)


def torch_settings(context):
    """What PyTorch runs best with: one thread, and the kernel that ours chose."""
    return {**os.environ, **ONE_THREAD, "OPENBLAS_CORETYPE": context["blas_kernel"]}


def run_torch(arguments, seconds, context):
    command = ["/usr/bin/python3", *arguments, str(seconds)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, env=torch_settings(context))
    words = done.stdout.decode()
    return words.split()[1], float(re.search(r"([\d.]+) per_second", words)[1])


def has_torch():
    return subprocess.run(["/usr/bin/python3", "-c", "import torch"], stderr=subprocess.DEVNULL).returncode == 0


def file_under(row, benchmark):
    threads = int(re.search(r"threads:(\d+)", benchmark["name"])[1])
    if benchmark.get("error_occurred"):
        row.refusal = benchmark["error_message"]
    elif "_bfloat16/" in benchmark["name"]:
        row.bfloat16[threads].append(benchmark)
    else:
        row.ours[threads].append(benchmark)


def measure(table, options):
    context, torch_version = None, None
    for number in range(options.rounds):
        for row in table:
            print(f"round {number + 1}/{options.rounds}: {row.pattern}", file=sys.stderr)
            answer = run_ours(row.pattern, options.seconds)
            context = answer["context"]
            for benchmark in answer["benchmarks"]:
                file_under(row, benchmark)
            if options.peer and row.torch_arguments:
                torch_version, rate = run_torch(row.torch_arguments, options.seconds, context)
                row.torch.append(rate)
    return context, torch_version


def median(benchmarks, key):
    return statistics.median(benchmark[key] for benchmark in benchmarks)


def step_line(row):
    one, two = (median(row.ours[threads], "per_second") for threads in (1, 2))
    ratios = [median(row.ours[threads], "ratio") for threads in (1, 2)]
    torch = statistics.median(row.torch) if row.torch else None
    cells = [TEXT[row.model], row.batch, f"{one:,.0f}", f"{two:,.0f}", f"{two / one:.2f}"]
    cells += [f"{ratio:.2f}" for ratio in ratios]
    cells += [f"{median(row.ours[1], 'gflops'):.0f}"]
    cells += [f"{100 * median(row.ours[1], 'world'):.1f}" if "world" in row.ours[1][0] else "–"]
    cells += [f"{torch:,.0f}", f"{two / torch:.1f}"] if torch else ["–", "–"]
    return "| " + " | ".join(map(str, cells)) + " |"


def bfloat16_line(row):
    one, two = (median(row.bfloat16[threads], "per_second") for threads in (1, 2))
    gains = [rate / median(row.ours[threads], "per_second") for threads, rate in ((1, one), (2, two))]
    ratios = [median(row.bfloat16[threads], "ratio") for threads in (1, 2)]
    cells = [TEXT[row.model], row.batch, f"{one:,.0f}", f"{two:,.0f}", *(f"{gain:.2f}" for gain in gains)]
    return "| " + " | ".join(map(str, cells + [f"{ratio:.2f}" for ratio in ratios])) + " |"


def bfloat16_text(table):
    refusals = [row.refusal for row in table if row.refusal]
    if refusals:
        return f'Steps with `precision = "bfloat16"` are skipped here: {refusals[0]}.'
    return BFLOAT16.format(steps="\n".join(bfloat16_line(row) for row in table if row.bfloat16[1]))


def op_line(benchmark):
    name = benchmark["name"].removeprefix("op/").removesuffix("/manual_time")
    cells = [name, f"{1e3 * benchmark['ms']:.1f}", f"{1e3 * benchmark['floor_ms']:.1f}", f"{benchmark['ratio']:.1f}"]
    return "| " + " | ".join(cells) + " |"


STEPS = """# Speed

Medians of {rounds} rounds; in each round every row was measured in turn, ours and PyTorch's one after the other.

{machine}

    {command}

Training steps: forward, backward and optimiser, float32. *Per second* counts images (words for the LSTM, captions for
the captioner). *Floor* is the time of the step over the time of its matrix products alone: same shapes and memory,
same shards, same threads, same kernels, parameters laid out before, replayed in turn with the step. *World* is the
time that one thread takes to begin the episodes of a batch, in per cent of the step; with two threads a core that has
nothing else to do begins the next batch meanwhile. PyTorch runs on one thread, which is its best here, with the same
kernel of OpenBLAS; *times PyTorch* is our two threads over its one.

| step | batch | per second, 1 thread | 2 threads | 2 over 1 | floor, 1 thread | floor, 2 threads | GFLOP/s, 1 thread | world, % | PyTorch per second | times PyTorch |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
{steps}

{bfloat16}

Heap allocations in a warmed-up step of RAM or the captioner: {allocations:.0f}.

Ops on one thread, microseconds, one measurement. The floor of an op with matrix products is these products alone, by
OpenBLAS; of the others, moving once the bytes that go in and out. A floor of bytes counts no arithmetic: a tanh or an
exponential cannot reach it.

| op | µs | floor | ratio |
|---|--:|--:|--:|
{ops}
"""

BFLOAT16 = """The same with `precision = "bfloat16"`, in turn with float32. *Times float32* is the rate over that of the table above; the
floor is the products by oneDNN, conversion of their operands included.

| step | batch | per second, 1 thread | 2 threads | times float32, 1 thread | 2 threads | floor, 1 thread | floor, 2 threads |
|---|--:|--:|--:|--:|--:|--:|--:|
{steps}"""


def describe(context, torch_version):
    facts = [
        f"- CPU: {context['cpu']}, {context['num_cpus']} cores; BLAS: {context['blas']}, kernel {context['blas_kernel']}",
        f"- {context['compiler']}, {context['flags']}; commit {context['commit']}",
    ]
    if torch_version:
        facts.append(f"- PyTorch {torch_version}")
    return "\n".join(facts)


def main():
    parser = argparse.ArgumentParser(prog="scripts/benchmark", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1, help="of each measurement")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "results/benchmarks")
    options = parser.parse_args()
    options.peer = has_torch()
    if not options.peer:
        print("PyTorch is not installed: no column for it (scripts/benchmark --torch installs it)", file=sys.stderr)

    table = list(rows())
    context, torch_version = measure(table, options)
    ops = run_ours("^op/", 0.2)["benchmarks"]

    options.out.mkdir(parents=True, exist_ok=True)
    text = STEPS.format(
        rounds=options.rounds,
        command=f"scripts/benchmark{' --torch' if options.peer else ''} --rounds {options.rounds} --seconds {options.seconds:g}",
        machine=describe(context, torch_version),
        steps="\n".join(step_line(row) for row in table),
        bfloat16=bfloat16_text(table),
        allocations=max(median(row.ours[1], "allocations") for row in table if "allocations" in row.ours[1][0]),
        ops="\n".join(op_line(benchmark) for benchmark in ops),
    )
    (options.out / "README.md").write_text(text)
    record = {
        "context": {key: context[key] for key in sorted(context) if key not in ("executable", "host_name", "date")},
        "torch": torch_version,
        "rounds": [{"step": row.pattern, "ours": row.ours, "bfloat16": row.bfloat16, "torch": row.torch} for row in table],
        "ops": ops,
    }
    (options.out / "benchmarks.json").write_text(json.dumps(record, indent=1) + "\n")
    print(options.out / "README.md")


if __name__ == "__main__":
    main()
