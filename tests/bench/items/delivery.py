"""The delivery KPIs of three months per service and month, computed from records, beside plain SQL."""

from collections.abc import Iterator
from itertools import groupby
from statistics import median
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from ops_console.core.clock import milliseconds
from ops_console.core.db import reading
from ops_console.core.periods import Grain, latest_complete, sequence
from ops_console.kpis import CATALOGUE
from ops_console.scorecard.compute import PERIOD, compute, requests_for, setting_of
from tests.bench.ground import ZONE, Bench
from tests.bench.sizes import NOW
from tests.bench.table import Figure, seconds

MONTHS = sequence(latest_complete(NOW, Grain.MONTH, ZONE), 3)
GOALS = {"S": 0.3, "M": 0.3, "L": 1.5}
BOUNDS = {"low": milliseconds(MONTHS[0].start), "high": milliseconds(MONTHS[-1].end)}
MONTH_OF = " + ".join(f"(at >= {milliseconds(month.start)})" for month in MONTHS)
NEW = """environment = 'production' AND kind IN ('release', 'hotfix') AND is_first_of_version
    AND live_at >= :low AND live_at < :high"""
HURT = """EXISTS (
    SELECT 1 FROM incident_link l JOIN incident i ON i.id = l.incident_id
    WHERE l.release_id = r.id AND l.confirmed AND NOT i.false_positive AND NOT i.maintenance
      AND i.duplicate_of IS NULL AND i.deleted_at IS NULL)"""
PLAIN = {
    "model_deployments": f"""
        SELECT entry_id, {MONTH_OF}, count(*) FROM (SELECT entry_id, live_at AS at FROM release WHERE {NEW})
        GROUP BY 1, 2""",
    "lead_time": f"""
        SELECT entry_id, {MONTH_OF} AS month, ms FROM (
            SELECT entry_id, live_at AS at, live_at - ready_at AS ms FROM release WHERE {NEW} AND ready_at IS NOT NULL
        ) ORDER BY 1, 2""",
    "change_failure_rate": f"""
        SELECT entry_id, {MONTH_OF}, sum(hurt), count(*) FROM (
            SELECT entry_id, live_at AS at, {HURT} AS hurt FROM release r WHERE {NEW}
        ) GROUP BY 1, 2""",
    "mttr": f"""
        SELECT entry_id, {MONTH_OF}, avg(ms), count(*) FROM (
            SELECT entry_id, restored_at AS at, restored_at - began_at AS ms FROM incident
            WHERE restored_at >= :low AND restored_at < :high AND NOT false_positive AND NOT maintenance
              AND duplicate_of IS NULL AND deleted_at IS NULL AND restored_at > began_at
        ) GROUP BY 1, 2""",
}


def measure(bench: Bench) -> Iterator[Figure]:
    """Each KPI alone, then the four together, which the goal is about."""
    ours, plain = 0.0, 0.0
    with reading(bench.engine) as session:
        for key, statement in PLAIN.items():
            one = seconds(lambda key=key: _computed(session, key))
            other = seconds(lambda statement=statement: _rows(session, statement))
            ours, plain = ours + one, plain + other
            yield Figure(f"{key}, 3 months, per service and month", one, "s", plain=other)
    yield Figure("delivery KPIs together, from records", ours, "s", GOALS[bench.size.name], plain)


def _computed(session: Session, key: str) -> int:
    definition = CATALOGUE[key]
    found = compute(session, definition, requests_for(definition, MONTHS, PERIOD), setting_of(session))
    if not any(found.values()):
        raise RuntimeError(f"{key} found nothing to measure")
    return sum(map(len, found.values()))


def _rows(session: Session, statement: str) -> list[Any]:
    rows = list(session.execute(text(statement), BOUNDS))
    if not rows:
        raise RuntimeError("the plain statement found nothing")
    if len(rows[0]) == 3 and "ORDER BY" in statement:
        return [(key, median(row[2] for row in each)) for key, each in groupby(rows, lambda row: row[:2])]
    return rows
