"""Facts a second through a sync, beyond what a vendor takes to answer: pages of a hundred, made as they are asked."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import Discovery, Page, Setup, Told
from ops_console.core.db import engine_for, transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources
from ops_console.ingest.sync import sync
from tests.bench import table
from tests.bench.ground import Bench
from tests.bench.items.imports import KINDS, at
from tests.bench.process import peak_of
from tests.bench.table import Figure
from tests.ingest.till import MANIFEST
from tests.ingest.vendor import BEGAN

GOAL = 5_000
LARGEST_MB = 300
PAGE = 100
FACTS = {
    "S": {"deployments": 10_000, "alerts": 20_000},
    "M": {"deployments": 20_000, "alerts": 100_000},
    "L": {"deployments": 100_000, "alerts": 1_000_000},
}
SCRIPT = """
import sys
from tests.bench.items.sync import synced
print(*synced(*sys.argv[1:]))
"""


def measure(bench: Bench) -> Iterator[Figure]:
    for kind, count in FACTS[bench.size.name].items():
        engine = bench.empty(f"sync-{kind}")
        given = (str(engine.url), kind, str(count), str(bench.size.models), table.name_of_watch())
        peak, printed = peak_of(SCRIPT, *given)
        seconds, taken = printed.split()
        if int(taken) != count:
            raise RuntimeError(f"{count - int(taken)} {kind} refused")
        yield Figure(f"sync {kind}", count / float(seconds), "/s", GOAL, note=f"{count:,} facts")
        yield Figure("peak memory of that sync", peak, "MB", LARGEST_MB)


@dataclass
class Vendor:
    """A collector that answers at once."""

    kind: str
    rows: Iterator[Mapping[str, Any]]

    def check(self, setup: Setup) -> tuple[str, ...]:
        return ()

    def discover(self, setup: Setup, since: datetime) -> Discovery:
        return Discovery(())

    def pull(self, setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
        for number, rows in enumerate(iter(lambda: [*islice(self.rows, PAGE)], []), 1):
            yield Page([Told(self.kind, row) for row in rows], {"page": number})


def synced(url: str, kind: str, count: str, models: str, clock: str) -> tuple[float, int]:
    """Seconds, and how many facts were taken."""
    table.watch = table.CLOCKS[clock]
    engine = engine_for(url)
    manifest = replace(MANIFEST, facts=(kind,))
    with transaction(engine) as session:
        source = sources.add(session, manifest, "till", {}, {}, BEGAN, "bench")
    rows = {**KINDS, "alerts": _alerts}[kind](int(count), int(models))
    parts = Parts({"till": manifest}, collectors={"till": Vendor(kind, rows)})
    began = table.watch()
    run = sync(Office(engine, parts, Settings()), source.id or 0, "bench")
    return table.watch() - began, run.rows - run.refused


def _alerts(count: int, models: int) -> Iterator[Mapping[str, Any]]:
    for n in range(count):
        yield {
            "external_id": f"a{n}", "model": f"model-{n % models + 1}", "name": f"alert-{n % 40}",
            "fingerprint": f"f{n}", "class": "page" if n % 5 == 0 else "ticket", "started_at": at(n, count),
            "ended_at": at(n, count, 1),
            "person": f"person-{n % 24}" if n % 5 == 0 else None,
        }  # fmt: skip
