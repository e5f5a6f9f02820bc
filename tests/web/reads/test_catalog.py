"""The models page knows what is live, who answers for it and what is missing."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.records.catalog import Alias
from ops_console.records.slos import Slo
from ops_console.web.reads import model
from ops_console.web.reads.catalog import BY_NAME, COLUMNS, Wanted, entries
from ops_console.web.reads.choices import choices, slugs
from ops_console.web.reads.gaps import lacks
from ops_console.web.reads.model import SloState
from tests.web.pages.builders import DAY, HOUR, NOON, Workspace

UTC = ZoneInfo("UTC")


def names(engine: Engine, order: Any = BY_NAME, **wanted: object) -> list[str]:
    with reading(engine) as session:
        return [row.entry.slug for row in entries(session, Wanted(**wanted), order)]  # type: ignore[arg-type]


def test_names_sort_without_regard_to_case_and_unknown_tiers_come_last(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        world.model("zeta", tier=1)
        world.model("Alpha")
        world.model("beta", tier=2)
    assert names(database) == ["Alpha", "beta", "zeta"]
    assert names(database, COLUMNS["tier"].asc().nulls_last()) == ["zeta", "beta", "Alpha"]
    assert names(database, COLUMNS["tier"].desc().nulls_last()) == ["beta", "zeta", "Alpha"]


def test_found_but_not_registered_entries_stand_apart(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        world.model("known")
        world.model("stray", provisional=True)
    assert names(database) == ["known"]
    assert names(database, provisional=True) == ["stray"]
    with reading(database) as session:
        assert slugs(session) == ["known"]


@pytest.mark.parametrize(
    ("kinds", "version", "since"),
    [
        (["release", "restart", "config"], "1", NOON),
        (["release", "canary"], "1", NOON),
        (["release", "release", "shadow", "restart"], "2", NOON + DAY),
        (["release", "release", "rollback", "restart"], "1", NOON + 2 * DAY),
        (["restart"], "1", NOON),
    ],
)
def test_a_version_serves_since_it_was_brought_and_not_since_it_was_tried_or_restarted(
    database: Engine, kinds: list[str], version: str, since: datetime
) -> None:
    carried = {"restart": version, "config": version, "rollback": "1", "canary": "9", "shadow": "9"}
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        for day, kind in enumerate(kinds):
            world.release(ranker, carried.get(kind, str(day + 1)), NOON + day * DAY, kind=kind)
    with reading(database) as session:
        (row,) = entries(session, Wanted())
    assert row.live is not None and (row.live.version, row.live.since) == (version, since)


def test_the_newest_live_production_release_serves(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.release(ranker, "1", NOON - DAY)
        world.release(ranker, "2", NOON)
        world.release(ranker, "3", NOON + DAY, environment="staging")
        world.release(ranker, "4", None, started_at=NOON + DAY)
    with reading(database) as session:
        (row,) = entries(session, Wanted())
    assert row.live is not None
    assert (row.live.version, row.live.since) == ("2", NOON)


def test_a_model_without_releases_serves_nothing(sqlite: Engine) -> None:
    with transaction(sqlite) as session:
        Workspace(session).model()
    with reading(sqlite) as session:
        (row,) = entries(session, Wanted())
    assert (row.live, row.last_incident_at, row.slos) == (None, None, 0)


def test_filters_narrow_the_list(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model("ranker", team="Search", tier=1, kind="online", lifecycle="production", owner="Ana")
        world.model("fraud", team="Risk", tier=2, kind="batch", lifecycle="retired")
        session.add(Alias(name="search-rank-svc", entry_id=ranker.id, made_at=NOON))
    for wanted in (
        {"team": "Search"},
        {"tier": 1},
        {"kind": "online"},
        {"lifecycle": "production"},
        {"search": "RANK-SVC"},
    ):
        assert names(database, **wanted) == ["ranker"]
    assert names(database, gap=lacks(NOON, UTC)["owner"]) == ["fraud"]


def test_choices_offer_what_some_entry_has(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        world.model("a", team="Search", tier=2, kind="online")
        world.model("b", team="Ads", tier=1)
    with reading(database) as session:
        offered = choices(session)
    assert (offered.teams, offered.tiers, offered.kinds, offered.lifecycles) == (
        ("Ads", "Search"),
        (1, 2),
        ("online",),
        (),
    )


def test_the_models_page_takes_three_statements(sqlite: Engine, statements: list[str]) -> None:
    with transaction(sqlite) as session:
        world = Workspace(session)
        for number in range(20):
            world.release(world.model(f"m{number}"))
    statements.clear()
    assert len(names(sqlite)) == 20
    assert len(statements) == 3


@pytest.mark.parametrize(("bad", "met", "used"), [(0, True, 0.0), (500, True, 1.0), (501, False, 1.002)])
def test_a_budget_used_up_exactly_is_still_met(bad: int, met: bool, used: float) -> None:
    objective = Slo(
        entry_id=1, name="a", objective_percent=Decimal("99.95"), objective_ppm=999_500, budgeting="occurrences"
    )
    state = SloState(objective, good=1_000_000 - bad, total=1_000_000)
    assert state.met is met
    assert state.budget_used == pytest.approx(used)


def test_slos_sum_the_slices_of_the_period_and_no_data_is_unknown(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        seen = world.slo(ranker, "availability")
        world.slice(seen, 99, 100, NOON)
        world.slice(seen, 1, 1, NOON + HOUR)
        world.slice(seen, 0, 50, NOON + DAY)
        world.slo(ranker, "latency")
        number = ranker.id or 0
    with reading(database) as session:
        first, second = model.slos(session, number, NOON, NOON + DAY)
    assert (first.good, first.total) == (100_000_000, 101_000_000)
    assert (second.attained, second.met, second.budget_used) == (None, None, None)


def test_cost_is_summed_by_month_to_the_last_digit(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        for day, billed in (
            (date(2026, 9, 3), "0.1"),
            (date(2026, 10, 1), "0.10000000001"),
            (date(2026, 10, 2), "0.2"),
        ):
            world.cost(ranker, day, billed)
        world.cost(None, date(2026, 10, 2), "50")
        number = ranker.id or 0
    with reading(database) as session:
        months = model.cost_by_month(session, number, date(2026, 9, 1))
    assert [(kept.month, kept.billed) for kept in months] == [
        ("2026-10", Decimal("0.30000000001")),
        ("2026-09", Decimal("0.1")),
    ]


def test_the_timeline_holds_what_happened_in_the_window(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        world.release(ranker, "1", NOON - timedelta(days=400))
        world.release(ranker, "2", NOON)
        world.incident(ranker, NOON + HOUR)
        first = world.degradation(ranker, NOON)
        world.degradation(ranker, NOON + HOUR, repeat_of=first.id)
        world.degradation(ranker, NOON, signal="quality", dismissed=True)
        world.run(ranker, NOON)
        world.run(ranker, NOON, flow="score")
        number = ranker.id or 0
    with reading(database) as session:
        found = model.happened(session, number, NOON - DAY, NOON + DAY, 80)
    assert [kept.version for kept in found.releases] == ["2"]
    assert [kept.id for kept in found.degradations] == [first.id]
    assert (len(found.incidents), [kept.at for kept in found.trainings]) == (1, [NOON])
    assert found.start == NOON - DAY


def test_a_busy_model_gets_a_shorter_timeline(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        for hour in range(10):
            world.release(ranker, str(hour), NOON + hour * HOUR)
        number = ranker.id or 0
    with reading(database) as session:
        found = model.happened(session, number, NOON - DAY, NOON + DAY, 3)
    assert [kept.version for kept in found.releases] == ["7", "8", "9"]
    assert found.start == NOON + 7 * HOUR
