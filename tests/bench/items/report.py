"""The monthly report: figures collected, and every rendering of every channel made."""

import logging
from collections.abc import Iterator

import structlog
import time_machine

import integrations
import reports
from ops_console.contracts.parts import assemble
from ops_console.core.db import reading, transaction
from ops_console.core.periods import Grain, latest_complete
from ops_console.core.settings import settings
from ops_console.reporting import report, runs
from ops_console.reporting.composing import document
from ops_console.reporting.packing import files
from ops_console.scorecard import refresh
from tests.bench.ground import ZONE, Bench
from tests.bench.sizes import NOW
from tests.bench.table import Figure, seconds

LONGEST = 5.0
MONTH = latest_complete(NOW, Grain.MONTH, ZONE)


def measure(bench: Bench) -> Iterator[Figure]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with transaction(bench.engine) as session:
        refresh.rebuild(session, NOW)
    parts = assemble(integrations, reports)
    with time_machine.travel(NOW):
        for name in parts.reports:
            asked = report.named(parts, name)
            with reading(bench.engine) as session:
                collecting = seconds(lambda asked=asked: runs.draft(session, asked, MONTH, settings()))
                snapshot = runs.draft(session, asked, MONTH, settings())
            made = document(asked, snapshot, snapshot.url("/reports"))
            rendering = seconds(lambda made=made, snapshot=snapshot: files(made, snapshot, parts, settings()))
            written = files(made, snapshot, parts, settings())
            size = sum(len(content) for content in written.values()) / 1000
            note = f"collected in {collecting:.2f} s; {len(written)} files, {size:,.0f} kB"
            yield Figure(f"{name}, all channels", collecting + rendering, "s", LONGEST, note=note)
