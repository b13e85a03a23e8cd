"""Running one measurement in a process of its own: what it counted, how long it took, and its peak of memory."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement."""

    count: int
    seconds: float
    peak_mb: int
    extra: dict[str, float]

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.count / self.seconds if self.seconds else 0.0

    @property
    def pace(self) -> str:
        """The rate in words."""
        return f"{self.rate / 1e6:.2f} M/s" if self.rate >= 1e6 else f"{self.rate / 1e3:.1f} k/s"

    def line(self, name: str) -> str:
        """The figure as a line of a table."""
        return f"{self.count:>12,} {name:<52} {self.seconds:8.2f} s {self.pace:>12} {self.peak_mb:>6} MB"


def alone(script: str, *arguments: object) -> Figure:
    """Run `script` with these arguments in a new process; its last line of output is a figure."""
    command = [sys.executable, str(Path(__file__).parent / script), *map(str, arguments)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figure = json.loads(done.stdout.splitlines()[-1])
    return Figure(**figure)


def told(work: Callable[[], tuple[int, dict[str, float]]]) -> None:
    """Do the work and print its figure; imports done before are not counted."""
    begun = time.perf_counter()
    count, extra = work()
    seconds = time.perf_counter() - begun
    # The peak is in KiB on Linux, in bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_mb = peak // (1 << 20) if sys.platform == "darwin" else peak // 1024
    print(json.dumps({"count": count, "seconds": seconds, "peak_mb": peak_mb, "extra": extra}))


def best(script: str, *arguments: object, times: int = 3) -> Figure:
    """The fastest of several runs: what disturbs a run only ever slows it down."""
    return min((alone(script, *arguments) for _ in range(times)), key=lambda figure: figure.seconds)
