"""A waiver holds from when it was given, whatever order facts come in."""

from itertools import permutations
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine

from ops_console.core.columns import instant
from ops_console.core.db import reading
from ops_console.ingest import tables
from tests.ingest.deliveries import deliver, kept
from tests.scorecard.measuring import figure


def told(engine: Engine, updated: str | None, waived: str | None = None) -> None:
    """What the register said of one finding that was due in August."""
    times = {"first_seen_at": "2026-08-01T09:00:00Z", "updated_at": updated and f"2026-{updated}T12:00:00Z"}
    deliver(engine, "findings", {"due_on": "2026-08-10", "waived_until": waived and f"2026-{waived}"} | times)


def overdue(engine: Engine) -> list[float | None]:
    """At the end of August, September and October."""
    with reading(engine) as session:
        return [figure(session, "audit_exceptions", f"2026-{month}").value for month in ("08", "09", "10")]


def waivers(engine: Engine) -> list[tuple[str, str | None]]:
    rows = sorted(kept(engine, tables.waivers, "stated_at", "until_at"))
    return [(f"{instant(at):%m-%d}", until and f"{instant(until):%m-%d}") for at, until in rows]


def test_a_waiver_given_late_rewrites_no_earlier_month(database: Engine) -> None:
    told(database, "08-02")
    told(database, "09-15", "12-31")
    assert overdue(database) == [1, 0, 0]


def test_what_was_waived_stays_so_for_its_time(sqlite: Engine) -> None:
    told(sqlite, "08-05", "09-30")
    told(sqlite, "10-05")
    assert overdue(sqlite) == [0, 0, 1]
    assert waivers(sqlite) == [("08-05", "10-01"), ("10-05", None)]


@pytest.mark.parametrize("order", list(permutations([("08-02", None), ("08-20", "09-15"), ("10-02", "12-31")])))
def test_the_order_in_which_statements_arrive_does_not_matter(sqlite: Engine, order: Any) -> None:
    for updated, waived in order:
        told(sqlite, updated, waived)
    assert overdue(sqlite) == [0, 1, 0]


def test_the_same_file_again_adds_nothing(sqlite: Engine) -> None:
    for _ in range(2):
        told(sqlite, "08-05", "09-30")
    assert waivers(sqlite) == [("08-05", "10-01")]


def test_a_source_that_dates_nothing_says_it_when_it_is_heard(sqlite: Engine) -> None:
    for day, waived in (("08-02", None), ("09-15", "12-31"), ("10-15", "12-31")):
        with time_machine.travel(f"2026-{day}T12:00:00Z", tick=False):
            told(sqlite, None, waived)
    assert waivers(sqlite) == [("09-15", "01-01")]
    assert overdue(sqlite) == [1, 0, 0]
