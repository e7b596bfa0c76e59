"""Take the CPU time and the peak memory of commands: what ``/usr/bin/time -v`` reports of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple


class Sample(NamedTuple):
    """One run: user and system seconds of the whole process tree, the peak of one process in MiB."""

    cpu: float
    memory: float


class Contender(NamedTuple):
    """A command, run in a tree; *before* prepares the tree for each run and is not measured."""

    name: str
    command: Sequence[str]
    before: Callable[[Path], object] | None = None
    environment: Mapping[str, str] = {}


class Figures(NamedTuple):
    """Medians of the runs of one contender, and the least CPU time."""

    cpu: float
    least: float
    memory: float


def sample(contender: Contender, tree: Path) -> Sample:
    """Run *contender* in *tree* once; what it prints goes nowhere, how it exits is its own affair."""
    if contender.before is not None:
        contender.before(tree)
    with tempfile.TemporaryFile() as sink:
        process = subprocess.Popen(
            contender.command,
            cwd=tree,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            env={**os.environ, **contender.environment},
        )
        # children that were waited for are counted with the process
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return Sample(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def paired(contenders: Sequence[Contender], tree: Path, rounds: int) -> dict[str, Figures]:
    """Run all *contenders* in turn, round by round, so that whatever slows one slows all."""
    taken: dict[str, list[Sample]] = {one.name: [] for one in contenders}
    for _ in range(rounds):
        for one in contenders:
            taken[one.name].append(sample(one, tree))
    return {name: figures(samples) for name, samples in taken.items()}


def figures(samples: Sequence[Sample]) -> Figures:
    """Return the medians of *samples*."""
    cpu = [one.cpu for one in samples]
    return Figures(
        statistics.median(cpu), min(cpu), statistics.median(one.memory for one in samples)
    )


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the exponent of growth between the ends of *points*, (size, cost) by size: 1 is linear."""
    import math

    (size, cost), (larger, more) = points[0], points[-1]
    return math.log(more / cost) / math.log(larger / size)
