"""Readings from the scorecard, beside reading the same points with plain SQL."""

from collections.abc import Iterator

from sqlalchemy import text
from sqlmodel import Session

from ops_console.core.db import reading, transaction
from ops_console.core.periods import Grain, latest_complete
from ops_console.ingest.freshness import freshness
from ops_console.measures.scopes import WORKSPACE, ScopeKind
from ops_console.scorecard import read, refresh
from tests.bench.ground import ZONE, Bench
from tests.bench.sizes import NOW
from tests.bench.table import Figure, seconds

LONGEST_MS = 10
DELIVERY = ("model_deployments", "lead_time", "change_failure_rate", "mttr")
MONTH = latest_complete(NOW, Grain.MONTH, ZONE)
PLAIN = """
    SELECT kpi, window, starts_at, value, k, n, spread FROM scorecard_point
    WHERE scope_kind = 'workspace' AND scope_key = '' AND grain = 'month' AND starts_at <= :at"""
PLAIN_ONE = PLAIN + " AND kpi = 'lead_time'"
PLAIN_DELIVERY = PLAIN + f" AND kpi IN {DELIVERY}"
PLAIN_BY_TEAM = """
    SELECT scope_key, starts_at, value, k, n FROM scorecard_point
    WHERE kpi = 'lead_time' AND scope_kind = 'team' AND grain = 'month' AND starts_at <= :at"""


def measure(bench: Bench) -> Iterator[Figure]:
    with transaction(bench.engine) as session:
        refresh.rebuild(session, NOW)
    with reading(bench.engine) as session:
        fresh = freshness(session, NOW)
        asked = {
            "one KPI from the scorecard": (
                lambda: read.reading(session, "lead_time", WORKSPACE, MONTH, now=NOW, fresh=fresh),
                PLAIN_ONE,
                LONGEST_MS,
            ),
            "delivery KPIs from the scorecard": (
                lambda: read.readings(session, WORKSPACE, MONTH, keys=DELIVERY, now=NOW, fresh=fresh),
                PLAIN_DELIVERY,
                LONGEST_MS,
            ),
            "all KPIs from the scorecard": (
                lambda: read.readings(session, WORKSPACE, MONTH, now=NOW, fresh=fresh),
                PLAIN,
                None,
            ),
            "one KPI by team from the scorecard": (
                lambda: read.readings_by_scope(session, "lead_time", ScopeKind.TEAM, MONTH, now=NOW, fresh=fresh),
                PLAIN_BY_TEAM,
                LONGEST_MS,
            ),
        }
        for name, (ours, plain, longest) in asked.items():
            yield Figure(
                name,
                seconds(ours, 7) * 1000,
                "ms",
                longest,
                seconds(lambda plain=plain: _rows(session, plain), 7) * 1000,
            )
        yield Figure("freshness of every kind", seconds(lambda: freshness(session, NOW)) * 1000, "ms")


def _rows(session: Session, statement: str) -> int:
    return len(session.execute(text(statement), {"at": int(MONTH.start.timestamp() * 1000)}).all())
