"""`python -m tests.bench [S|M|L] [--only ITEM] [--clock CLOCK]`: prints what was measured; asserts nothing."""

import argparse
import importlib
import pkgutil
import tempfile
from pathlib import Path
from time import perf_counter

from tests.bench import items, table
from tests.bench.ground import Bench
from tests.bench.pace import SteadyClock
from tests.bench.sizes import SIZES, Size
from tests.bench.table import lines

QUICK = ("S", "M")


def main() -> None:
    names = [found.name for found in pkgutil.iter_modules(items.__path__)]
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", choices=[*SIZES, []], default=list(QUICK), metavar="S|M|L")
    parser.add_argument("--only", action="append", choices=names, help="one measured thing; may be repeated")
    parser.add_argument(
        "--clock",
        choices=table.CLOCKS,
        default="wall",
        help="processor: on a busy machine; steady: on one whose pace swings",
    )
    given = parser.parse_args()
    table.watch = table.CLOCKS[given.clock]
    for name in given.sizes:
        size = SIZES[name]
        print(f"\n{name}: {_described(size)}")
        with tempfile.TemporaryDirectory(prefix="ops-console-bench-") as folder:
            bench = Bench(size, Path(folder))
            for item in given.only or names:
                _measure(bench, item)


def _described(size: Size) -> str:
    slices = size.slos * size.hours
    return (
        f"{size.deployments:,} deployments a year, {size.changes:,} changes, {size.incidents:,} incidents, "
        f"{slices:,} SLI slices, {size.cost_rows:,} cost rows, {size.alerts:,} alerts, {size.checks:,} checks, "
        f"{size.models} models"
    )


def _measure(bench: Bench, item: str) -> None:
    """One item and its table; what was measured before stays on the screen if a later one fails."""
    steady, began = SteadyClock(), perf_counter()
    figures = list(importlib.import_module(f"{items.__name__}.{item}").measure(bench))
    took = perf_counter() - began
    pace = f"the machine {took / steady():.1f} times slower than undisturbed"
    print(f"\n{item} ({took:.0f} s; {pace})", *lines(figures), sep="\n", flush=True)


if __name__ == "__main__":
    main()
