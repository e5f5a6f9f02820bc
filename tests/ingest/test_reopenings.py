"""An incident that broke again lasts longer, waits while it is open, and keeps its first restoration through syncs."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import select

from ops_console.core.db import reading, transaction
from ops_console.ingest.corrections import correct, withdraw
from ops_console.ingest.delivery import Delivery
from ops_console.ingest.door import import_rows
from ops_console.ingest.finish_delivery import reopened
from ops_console.records.incidents import Incident
from ops_console.records.scorecard import ScorecardPoint
from ops_console.scorecard.refresh import rebuild, refresh

NOW = datetime(2026, 11, 4, 9, tzinfo=UTC)
BEGAN = datetime(2026, 10, 5, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(engine: Engine, **changes: str) -> None:
    row = {
        "external_id": "7",
        "title": "Ranker down",
        "service": "ranker",
        "impact_started_at": BEGAN.isoformat(),
        "restored_at": (BEGAN + HOUR).isoformat(),
    }
    import_rows(engine, [row | changes], Delivery("incidents", "pager"))
    refresh(engine, NOW)


def kept(engine: Engine) -> Incident:
    with reading(engine) as session:
        return session.exec(select(Incident)).one()


def october(engine: Engine) -> tuple[float | None, dict[str, int] | None]:
    """The figure of the month and what is not in it, which a rebuild finds just so."""
    wanted = select(ScorecardPoint.value, ScorecardPoint.excluded).where(
        ScorecardPoint.kpi == "mttr",
        ScorecardPoint.period == "2026-10",
        ScorecardPoint.window == "period",
        ScorecardPoint.scope_kind == "workspace",
    )
    with reading(engine) as session:
        found = session.exec(wanted).one()
    with transaction(engine) as session:
        rebuild(session, NOW)
    with reading(engine) as session:
        assert session.exec(wanted).one() == found
    return found[0], found[1]


def span(began: int, ended: int | None) -> str:
    return f"{(BEGAN + began * HOUR).isoformat()}/{(BEGAN + ended * HOUR).isoformat() if ended else ''}"


def test_its_stretches_of_trouble_add_up(database: Engine) -> None:
    told(database)
    assert october(database)[0] == 3600
    told(database, reopenings=f"{span(3, 5)}; {span(7, 8)}", updated_at="2026-11-01T09:00:00Z")
    assert october(database)[0] == 4 * 3600
    assert kept(database).restored_at == BEGAN + HOUR


def test_while_it_is_open_again_it_waits(database: Engine) -> None:
    told(database, reopenings=span(3, None))
    assert october(database) == (None, {"still open": 1})
    assert kept(database).reopened_at == BEGAN + 3 * HOUR


def test_a_persons_reopening_survives_the_next_sync_and_is_taken_back(database: Engine) -> None:
    told(database)
    with transaction(database) as session:
        correct(session, "incidents", "pager", "7", "reopenings", [span(3, 5)], "Ada", "customers called")
    told(database, title="Ranker was down", updated_at="2026-11-01T09:00:00Z")
    assert (kept(database).title, kept(database).reopened_ms) == ("Ranker was down", 2 * 3_600_000)
    with transaction(database) as session:
        withdraw(session, "incidents", "pager", "7", "reopenings")
    assert (kept(database).reopenings, kept(database).reopened_ms) == ([], 0)


def test_trouble_before_the_restoration_is_not_counted_twice() -> None:
    at = round((BEGAN + 4 * HOUR).timestamp() * 1000)
    assert reopened([span(1, 2), span(3, 5), span(6, 7)], at) == (2 * 3_600_000, None)
    assert reopened([span(3, None)], at) == (0, at)
    assert reopened([span(3, 5)], None) == (0, None)


@given(st.integers(0, 40), st.lists(st.integers(1, 10), min_size=1, max_size=6))
def test_what_counts_is_never_longer_than_the_trouble_told(restored: int, steps: list[int]) -> None:
    edges = [sum(steps[: number + 1]) for number in range(len(steps))]
    spans = [span(began, ended) for began, ended in zip(edges[::2], edges[1::2], strict=False)]
    at = round((BEGAN + restored * HOUR).timestamp() * 1000)
    lasted, since = reopened(spans, at)
    assert 0 <= lasted <= sum(steps[1::2]) * 3_600_000
    assert since is None
