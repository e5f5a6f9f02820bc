"""A collector of costs in memory: each page a part of a bill."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from ops_console.contracts.integration import Manifest
from ops_console.contracts.office import Office
from ops_console.contracts.parts import Parts
from ops_console.contracts.sources import Charges, Discovery, Page, Setup, Told
from ops_console.core.db import transaction
from ops_console.core.settings import Settings
from ops_console.ingest import sources, sync
from ops_console.records.sources import SyncRun
from tests.ingest.vendor import BEGAN, source

MANIFEST = Manifest(
    key="till",
    title="Till",
    roles=("collector",),
    settings=(),
    summary="",
    facts=("costs", "deployments"),
    minutes=360,
)
Row = Mapping[str, Any] | Path | None


@dataclass
class Till:
    """A collector of costs: each page a part and its rows. `after` is told beside them."""

    parts: list[Charges] = field(default_factory=list)
    facts: Sequence[Told] = ()

    def check(self, setup: Setup) -> tuple[str, ...]:
        return ()

    def discover(self, setup: Setup, since: datetime) -> Discovery:
        return Discovery(())

    def pull(self, setup: Setup, cursor: Mapping[str, Any], since: datetime) -> Generator[Page]:
        if self.facts:
            yield Page(self.facts, {"facts": True})
        for number, charges in enumerate(self.parts, 1):
            yield Page((), {"parts": number}, number, len(self.parts), charges)


def opened(engine: Engine) -> Till:
    with transaction(engine) as session:
        sources.add(session, MANIFEST, "till", {}, {}, BEGAN, "ana@example.com")
    return Till()


def synced(engine: Engine, till: Till) -> SyncRun:
    office = Office(engine, Parts({"till": MANIFEST}, collectors={"till": till}), Settings())
    return sync.sync(office, source(engine, "till").id or 0, "timetable")


def brought(engine: Engine, till: Till, *rows: Row, part: str = "october", **said: Any) -> SyncRun:
    till.parts = [Charges(part, rows, **said)]
    return synced(engine, till)
