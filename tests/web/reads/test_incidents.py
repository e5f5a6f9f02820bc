"""The incidents page says what broke, for how long, and which ones do not count and why."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ops_console.core.db import reading, transaction
from ops_console.kpis.mttr import OPEN, mttr
from ops_console.records.corrections import Correction
from ops_console.records.incidents import Incident
from ops_console.web.reads.incident import incident
from ops_console.web.reads.incidents import COLUMNS, NEWEST_FIRST, Wanted, incidents, newest, total, uncounted
from tests.web.pages.builders import DAY, HOUR, NOON, Workspace


def titles(engine: Engine, order: Any = NEWEST_FIRST, **wanted: object) -> list[str]:
    with reading(engine) as session:
        return [row.incident.title for row in incidents(session, Wanted(**wanted), order)]  # type: ignore[arg-type]


@pytest.fixture
def mixed(database: Engine) -> Engine:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model(team="Search", tier=1)
        world.incident(ranker, NOON, title="restored", severity="SEV1")
        world.incident(ranker, NOON - HOUR, title="open", restored_at=None, status="open")
        world.incident(ranker, NOON - 2 * HOUR, title="work", maintenance=True)
        world.incident(ranker, NOON - 3 * HOUR, title="noise", false_positive=True)
        world.incident(ranker, NOON - 4 * HOUR, title="twin", duplicate_of="another")
        world.incident(ranker, NOON - 5 * HOUR, title="blip", restored_at=NOON - 5 * HOUR)
        world.incident(ranker, NOON - 6 * HOUR, title="gone", deleted_at=NOON)
    return database


def test_the_newest_incident_comes_first_and_deleted_ones_are_gone(mixed: Engine) -> None:
    assert titles(mixed) == ["restored", "open", "work", "noise", "twin", "blip"]


def test_the_longest_comes_first_when_asked_and_unknown_durations_last(mixed: Engine) -> None:
    ordered = titles(mixed, order=COLUMNS["duration"].desc().nulls_last())
    assert ordered[0] in {"restored", "work", "noise", "twin"}
    assert ordered[-2:] == ["blip", "open"]


def test_states_part_the_incidents(mixed: Engine) -> None:
    assert titles(mixed, state="open") == ["open"]
    assert titles(mixed, state="restored") == ["restored"]
    assert titles(mixed, state="excluded") == ["work", "noise", "twin", "blip"]


def test_each_uncounted_incident_is_counted_under_one_reason(mixed: Engine) -> None:
    with reading(mixed) as session:
        assert uncounted(session, Wanted()) == {
            "duplicate": 1,
            "false positive": 1,
            "maintenance": 1,
            "still open": 1,
            "zero duration": 1,
        }


def test_rows_and_sql_agree_on_what_is_excluded(mixed: Engine) -> None:
    with reading(mixed) as session:
        rows = incidents(session, Wanted())
    assert [row.incident.title for row in rows if row.excluded and not row.is_open] == titles(mixed, state="excluded")


def test_total_and_newest_see_the_same_rows(mixed: Engine) -> None:
    with reading(mixed) as session:
        assert total(session, Wanted()) == 6
        assert newest(session) == NOON


def test_severity_and_search_narrow_the_list(mixed: Engine) -> None:
    assert titles(mixed, severity="SEV1") == ["restored"]
    assert titles(mixed, search="BLI") == ["blip"]


def test_links_are_confirmed_suggested_or_missing(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        bad = world.release(ranker)
        world.link(world.incident(ranker, title="sure"), bad)
        world.link(world.incident(ranker, title="perhaps"), bad, confirmed=False, method="suggestion")
        world.link(world.incident(ranker, title="none"), None, method="no_change", confirmed=False)
    assert titles(database, link="confirmed") == ["sure"]
    assert titles(database, link="suggested") == ["perhaps"]
    assert titles(database, link="none") == ["none"]


def test_tier_is_that_of_the_moment_it_began(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model(tier=2)
        world.moved(ranker, NOON, tier=1)
        world.incident(ranker, NOON - HOUR, title="before")
        world.incident(ranker, NOON, title="after")
    assert titles(database, tier=1) == ["after"]
    assert titles(database, tier=2) == ["before"]


def test_times_in_the_wrong_order_give_no_duration() -> None:
    def lasted(began: datetime | None, restored: datetime | None) -> timedelta | None:
        return Incident(entry_id=1, title="", began_at=began, restored_at=restored).trouble

    assert lasted(NOON, NOON + HOUR) == HOUR
    assert lasted(NOON + HOUR, NOON) is None
    assert lasted(None, NOON) is None


def test_the_releases_of_the_week_before_are_candidates_nearest_first(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        ranker = world.model()
        for version, at in (
            ("old", NOON - 8 * DAY),
            ("early", NOON - 2 * DAY),
            ("near", NOON - HOUR),
            ("late", NOON + HOUR),
        ):
            world.release(ranker, version, at)
        number = world.incident(ranker).id or 0
    with reading(database) as session:
        detail = incident(session, number)
        assert detail is not None and [found.version for found in detail.candidates] == ["near", "early"]


def test_what_people_changed_about_an_incident_is_shown(database: Engine) -> None:
    with transaction(database) as session:
        world = Workspace(session)
        broken = world.incident(world.model())
        mine = {"kind": "incidents", "source": broken.source, "made_by": "ana@example.com", "made_at": NOON}
        session.add(Correction(external_id=broken.external_id, field="severity", value="SEV1", **mine))
        session.add(Correction(external_id="other", field="severity", value="SEV3", **mine))
        number = broken.id or 0
    with reading(database) as session:
        detail = incident(session, number)
        assert detail is not None and [kept.value for kept in detail.corrections] == ["SEV1"]


def test_a_list_of_incidents_takes_two_statements(sqlite: Engine, statements: list[str]) -> None:
    with transaction(sqlite) as session:
        world = Workspace(session)
        ranker = world.model()
        for number in range(20):
            world.incident(ranker, NOON + number * HOUR)
    statements.clear()
    assert len(titles(sqlite)) == 20
    assert len(statements) == 2


def test_the_page_leaves_out_what_the_kpi_leaves_out(mixed: Engine) -> None:
    restored, still_open, _reopened = mttr().rows
    with reading(mixed) as session:
        counted = session.execute(restored.where(Incident.restored_at.is_not(None))).all()  # type: ignore[union-attr]
        assert [row.label for row in counted if row.excluded is None] == titles(mixed, state="restored")
        assert [row.label for row in session.execute(still_open) if row.excluded == OPEN] == titles(mixed, state="open")
