"""FOCUS rows streamed from one file, by an import and by a sync, beside reading the same file with csv alone."""

import csv
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.bench import table
from tests.bench.ground import Bench
from tests.bench.process import peak_of
from tests.bench.sizes import START, Size
from tests.bench.table import Figure

LARGEST_MB = 300
COLUMNS = [
    *("BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd", "ProviderName", "ServiceName"),
    *("ServiceCategory", "SubAccountName", "RegionId", "ChargeCategory", "ChargeFrequency", "BillingCurrency"),
    *("BilledCost", "EffectiveCost", "ListCost", "Tags"),
]
SCRIPT = """
import sys
from pathlib import Path
from ops_console.core.db import engine_for
from ops_console.ingest.door import Delivery, import_file
from tests.bench import table
table.watch = table.CLOCKS[sys.argv[3]]
began = table.watch()
summary = import_file(engine_for(sys.argv[1]), Path(sys.argv[2]), Delivery("costs", "bench"))
print(table.watch() - began, summary.rows - summary.refused)
"""
SYNC = """
import sys
from pathlib import Path
from ops_console.contracts.sources import Charges
from ops_console.core.db import engine_for
from tests.bench import table
from tests.ingest.till import opened, synced
table.watch = table.CLOCKS[sys.argv[3]]
engine = engine_for(sys.argv[1])
till = opened(engine)
till.parts = [Charges("bench", [Path(sys.argv[2])])]
began = table.watch()
run = synced(engine, till)
print(table.watch() - began, run.rows - run.refused)
"""


def measure(bench: Bench) -> Iterator[Figure]:
    path = bench.folder / "focus.csv"
    _write(path, bench.size)
    count, plain = bench.size.cost_rows, _read(path)
    for what, script in (("import", SCRIPT), ("sync", SYNC)):
        engine = bench.empty(f"focus-{what}")
        peak, printed = peak_of(script, str(engine.url), str(path), table.name_of_watch())
        seconds, taken = printed.split()
        if int(taken) != count:
            raise RuntimeError(f"{count - int(taken)} cost rows refused")
        yield Figure(f"{what} costs (FOCUS)", count / float(seconds), "/s", 20_000, count / plain, f"{count:,} rows")
        yield Figure(f"peak memory of that {what}", peak, "MB", LARGEST_MB)
    path.unlink()


def _write(path: Path, size: Size) -> None:
    """Two years of charges, day after day: at L some twenty rows become one day of one model and service."""
    dice = random.Random(1)
    days = size.span.days
    per_day = -(-size.cost_rows // days)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for n in range(size.cost_rows):
            writer.writerow(_row(n // per_day, dice, size.models))


def _row(day: int, dice: random.Random, models: int) -> tuple[str, ...]:
    at = START + timedelta(days=day)
    month = at.replace(day=1)
    following = (month + timedelta(days=32)).replace(day=1)
    cost = dice.expovariate(2)
    model = dice.randint(1, models)
    tags = f'{{"model": "model-{model}", "purpose": "inference"}}' if dice.random() < 0.7 else ""
    text = "%Y-%m-%dT00:00:00Z"
    return (
        f"{month:{text}}", f"{following:{text}}", f"{at:{text}}", f"{at + timedelta(days=1):{text}}", "AWS",
        dice.choice(("Compute", "Storage")), "Compute", f"account-{model % 5}",
        "eu-west-2", "Usage", "Usage-Based", "USD", f"{cost:.10f}", f"{cost * 0.9:.10f}", f"{cost * 1.2:.10f}", tags,
    )  # fmt: skip


def _read(path: Path) -> float:
    began = table.watch()
    with path.open(newline="", encoding="utf-8") as file:
        for _ in csv.reader(file):
            pass
    return table.watch() - began
