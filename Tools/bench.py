"""Measures Percept and other programs in turn and writes docs/PERFORMANCE.md. Started by Tools/bench, which sets everything up.

Programs take turns within each round, so that a change of the machine's speed meets all of them; a ratio is the median over rounds of the ratio within a round.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

MARKER = "<!-- Tools/bench rewrites what is above this line and keeps what is below it. -->"

# Row → the largest ratio to the fastest program in single precision, and of our best precision to the best program of any.
TARGETS = {
    "yolov3-tiny": (0.55, 0.90),
    "vgg16": (0.62, 0.70),
    "resnet50": (0.80, 0.92),
    "mobilenet-v2": (0.85, 0.95),
    "style-step": (0.24, None),
    "trigger-infer": (0.25, None),
    "trigger-train": (0.30, None),
    "stft-minute": (0.60, None),
    "mel-minute": (0.30, None),
    "lstm-train": (0.44, None),
    "resnet18-train": (0.66, None),
}
# What a row of ours is called that does a part of a step only: shown beside the whole step of others, without a verdict.
PART = "kernels"
# Row → the smallest part of the peak of multiplications and additions, which our row of that name measures in the same rounds.
PEAK_TARGETS = {"sgemm-1024": 0.90}
PEAK = "peak"


def arguments():
    parser = argparse.ArgumentParser(prog="Tools/bench")
    parser.add_argument("--percept", required=True)
    parser.add_argument("--document", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--row", action="append", default=[])
    parser.add_argument("--no-write", action="store_true")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    return parser.parse_args()


class Percept:
    """A running `percept bench --serve`."""

    def __init__(self, path, threads, seconds):
        command = [path, "bench", "--threads", str(threads)]
        self.rows = subprocess.run([*command, "--list"], check=True, capture_output=True, text=True).stdout.splitlines()
        self.process = subprocess.Popen(
            [*command, "--serve", "--seconds", str(seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            sys.exit(f"percept bench: {answer['error']}")
        return answer

    def time(self, row):
        return self.ask(row)["milliseconds"]["median"]

    def gflop(self, row):
        answer = self.ask(row)
        return answer.get("gflops", 0) * answer["milliseconds"]["median"] / 1e3


def timed(step, seconds):
    """The median time of a step in milliseconds, repeated for `seconds`: as `percept bench` does it."""
    start = time.perf_counter()
    while True:
        step()
        if time.perf_counter() - start > seconds / 10:
            break
    times, end = [], time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


class Measurement:
    """The times of one row's programs, one a round each."""

    def __init__(self, row):
        self.row = row
        self.rounds = {}  # program → [milliseconds]
        self.gflop, self.peak_gflop = None, None  # the work of a run, and of one of the row that measures the peak

    def median(self, program):
        return statistics.median(self.rounds[program]) if self.rounds.get(program) else None

    def fastest(self, programs):
        present = [program for program in programs if self.rounds.get(program)]
        return min(present, key=self.median) if present else None

    def ratio(self, ours, theirs):
        """(ratio, the programs compared), or None where one side is missing."""
        a, b = self.fastest(ours), self.fastest(theirs)
        if a is None or b is None:
            return None
        return statistics.median(x / y for x, y in zip(self.rounds[a], self.rounds[b])), a, b

    def part_of_peak(self, program):
        speeds = zip(self.rounds[program], self.rounds[PEAK])
        return statistics.median((self.gflop / time) / (self.peak_gflop / peak) for time, peak in speeds)


def measure(row, ours, percept, steps, seconds, rounds, states):
    measurement = Measurement(row)
    contestants = {f"Percept {name.removeprefix(row).strip() or 'fp32'}": (lambda name=name: percept.time(name)) for name in ours}
    contestants.update({name: (lambda step=step: timed(step, seconds)) for name, step in steps.items()})
    if row in PEAK_TARGETS:
        contestants[PEAK] = lambda: percept.time(PEAK)
    for once in contestants.values():
        once()  # caches and checks, outside of the rounds
    for index in range(rounds):
        states.append(percept.ask("machine"))
        names = list(contestants)
        for name in names[index % len(names):] + names[:index % len(names)]:
            time.sleep(0.2)  # until the threads of the one before have parked
            measurement.rounds.setdefault(name, []).append(contestants[name]())
            if sys.stderr.isatty():
                print(f"\r\x1b[K{row}: round {index + 1} of {rounds}, {name}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    measurement.gflop = percept.gflop(ours[0])
    measurement.peak_gflop = percept.gflop(PEAK) if row in PEAK_TARGETS else None
    return measurement


def table(header, rows, aligned_left=1):
    lines = ["| " + " | ".join(header) + " |", "|" + "".join("---|" if i < aligned_left else "---:|" for i in range(len(header)))]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def number(value):
    return "–" if value is None else f"{value:.3g}" if value < 100 else f"{value:.0f}"


def verdict(value, target, met):
    return "–" if target is None else f"{target:.2f}: {'met' if met(value) else '**not met**'}"


def times_table(measurements, programs):
    ours = sorted({name for m in measurements for name in m.rounds if name.startswith("Percept")}, key=lambda n: ("fp32" not in n, n))
    columns = [program for program in programs if any(program in m.rounds for m in measurements)] + ours
    return table(["work, ms", *columns], [[f"`{m.row}`", *(number(m.median(c)) for c in columns)] for m in measurements])


def ratios_table(measurements, fp32, programs):
    rows = []
    for m in measurements:
        own = [name for name in m.rounds if name.startswith("Percept")]
        ours, parts = [name for name in own if PART not in name], [name for name in own if PART in name]
        single = [name for name in ours if "fp32" in name]
        targets = TARGETS.get(m.row, (None, None))
        for kind, mine, theirs, target in [("fp32", single, fp32, targets[0]), ("best", ours, programs, targets[1])]:
            ratio = m.ratio(mine, theirs)
            if ratio is None or (kind == "best" and not any(name in m.rounds for name in programs if name not in fp32)):
                continue
            value, a, b = ratio
            rows.append([f"`{m.row}`", kind, f"{a} / {b}", f"{value:.2f}", verdict(value, target, lambda v: v <= target)])
        for name in parts:
            ratio = m.ratio([name], fp32)
            if ratio is not None:
                rows.append([f"`{m.row}`", "a part", f"{name} / the whole step of {ratio[2]}", f"{ratio[0]:.2f}", "not compared"])
        if m.row in PEAK_TARGETS:
            target, part = PEAK_TARGETS[m.row], m.part_of_peak(single[0])
            rows.append([f"`{m.row}`", "fp32", "part of the peak", f"{part:.2f}", verdict(part, target, lambda v: v >= target)])
    return table(["work", "precision", "compared", "ratio", "target"], rows, aligned_left=3)


def operations_table(percept, rows, peak):
    lines = []
    for name in rows:
        answer = percept.ask(name)
        part = f"{100 * answer['gflops'] / peak:.0f} %" if "gflops" in answer else ""
        speed = f"{answer['gflops']:.0f} GFLOP/s" if "gflops" in answer else f"{answer['gbps']:.0f} GB/s"
        lines.append([name, answer.get("algorithm", ""), f"{answer['milliseconds']['median']:.3f}", speed, part])
    return table(["operation", "algorithm", "ms", "speed", "of the peak"], lines, aligned_left=2)


def state_text(states):
    def spread(key):
        values = sorted(state[key] for state in states)
        return f"{statistics.median(values):.3g} ({values[0]:.3g} to {values[-1]:.3g})"

    first = states[0]
    return (
        f"{first['machine']}, {first['isa']}, {first['threads']} threads. Median over all rounds, and range: "
        f"peak of multiplications and additions {spread('peak_gflops_per_core')} GFLOP/s a thread, "
        f"empty dispatch to the second thread {spread('dispatch_microseconds')} µs.")


def main():
    options = arguments()
    os.environ.setdefault("OMP_NUM_THREADS", str(options.threads))
    import peers  # after the number of threads is set, which some programs read when they are loaded
    import torch

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    seconds, rounds = (0.4, 3) if options.quick else (1.0, 7)
    percept = Percept(options.percept, options.threads, seconds)
    groups = {}  # row → our rows of it, one a precision
    for name in percept.rows:
        keys = [key for key in peers.ROWS if name == key or name.startswith(key + " ")]
        if keys:
            groups.setdefault(max(keys, key=len), []).append(name)
    for begin in options.row:
        if not any(row.startswith(begin) for row in groups):
            sys.exit(f"Tools/bench: there is no row that begins with {begin!r}; there are {', '.join(groups)}")
    wanted = {row: ours for row, ours in groups.items() if not options.row or row.startswith(tuple(options.row))}

    measurements, states = [], []
    for row, ours in wanted.items():
        measurements.append(measure(row, ours, percept, peers.ROWS[row](options.threads), seconds, rounds, states))
        print(times_table(measurements[-1:], peers.PROGRAMS), flush=True)

    text = "# Performance\n\n"
    text += f"Written by `Tools/bench`: {rounds} rounds, in each of which every program repeats the work for {seconds:g} s in turn; medians over rounds.\n"
    text += "A ratio is the median of the ratios within a round: below 1, Percept is faster. Batch 1, random weights.\n\n"
    text += f"**Machine.** {state_text(states)}\n\n**Programs.** {peers.versions()}.\n\n"
    text += "## Times\n\n" + times_table(measurements, peers.PROGRAMS)
    text += "\n## Ratios\n\n“fp32” compares single precision on both sides, “best” the fastest of any precision.\n"
    text += "“A part”: our kernels of a step, without losses, optimiser and smaller layers, against a whole step; it says how much time is left.\n\n"
    text += ratios_table(measurements, peers.FP32, peers.PROGRAMS)
    print(state_text(states) + "\n\n" + ratios_table(measurements, peers.FP32, peers.PROGRAMS), flush=True)
    if options.row or options.no_write:
        return
    others = [name for name in percept.rows if all(name not in ours for ours in groups.values())]
    text += "\n## Single operations\n\nGFLOP/s count the formula's arithmetic, so that Winograd's algorithm may exceed the peak; GB/s each operand once.\n\n"
    text += operations_table(percept, others, options.threads * statistics.median(state["peak_gflops_per_core"] for state in states))
    write(options.document, text)


def write(path, text):
    """Puts `text` above the marker and keeps what is below it."""
    below = "## Where the time goes, and what was tried\n\nNot written yet.\n"
    if os.path.exists(path):
        with open(path) as file:
            below = file.read().partition(MARKER)[2].lstrip("\n") or below
    with open(path + ".part", "w") as file:
        file.write(f"{text}\n{MARKER}\n\n{below}")
    os.replace(path + ".part", path)
    print(f"wrote {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
