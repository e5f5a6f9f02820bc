"""Whatever the order and however often facts arrive, the records end up the same."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ops_console.contracts.fact import Fact
from ops_console.core.clock import milliseconds
from ops_console.core.db import engine_for, transaction
from ops_console.ingest import tables
from ops_console.ingest.drafts import Drafts
from ops_console.ingest.recorded import ALWAYS, drafter_of
from ops_console.ingest.store import Outcome, accept
from tests.examples import examples
from tests.ingest.deliveries import count, deliver, everything, fact, kept, refusals

DAY = datetime(2026, 10, 5, tzinfo=UTC)
SLOW = settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def stored(engine: Engine, kind: str, *facts: Fact) -> Outcome:
    with transaction(engine) as session:
        return accept(session, kind, Drafts(facts, drafter_of(session, kind)))


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def test_a_fact_is_kept_once(database: Engine) -> None:
    assert stored(database, "deployments", fact("deployments")).results == ["new"]
    assert stored(database, "deployments", fact("deployments")).results == ["unchanged"]
    assert count(database, tables.deployments) == 1


def test_a_newer_version_replaces_and_an_older_one_does_not(database: Engine) -> None:
    new, old = (fact("deployments", version=str(n), updated_at=at(n)) for n in (2, 1))
    assert stored(database, "deployments", new).results == ["new"]
    assert stored(database, "deployments", old).results == ["older"]
    assert kept(database, tables.deployments, "version") == ["2"]
    assert stored(database, "deployments", fact("deployments", version="3", updated_at=at(3))).results == ["changed"]
    assert kept(database, tables.deployments, "version") == ["3"]


def test_without_a_time_of_change_the_last_delivered_stands(sqlite: Engine) -> None:
    for version in ("1", "2", "1"):
        stored(sqlite, "deployments", fact("deployments", version=version))
    assert kept(sqlite, tables.deployments, "version") == ["1"]


def test_the_same_id_from_another_source_is_another_fact(database: Engine) -> None:
    stored(database, "deployments", fact("deployments"), fact("deployments", source="argo"))
    assert kept(database, tables.deployments, "source") == ["argo", "test"]


def test_an_unknown_name_is_kept_and_told(database: Engine) -> None:
    outcome = stored(database, "incidents", fact("incidents", service="Mystery box"))
    assert outcome.unmapped == {"Mystery box"}
    assert count(database, tables.incidents) == 1


def test_a_registered_name_is_found_by_its_alias(database: Engine) -> None:
    deliver(database, "models", {"aliases": "The Ranker"})
    assert stored(database, "deployments", fact("deployments", service="the ranker")).unmapped == set()


def test_a_tombstone_marks_the_row_and_a_newer_fact_revives_it(database: Engine) -> None:
    stored(database, "incidents", fact("incidents", updated_at=at(1)))
    gone = Fact(source="test", external_id="i1", updated_at=at(2), deleted=True)
    assert stored(database, "incidents", gone).results == ["changed"]
    assert kept(database, tables.incidents, "deleted_at", "title") == [(milliseconds(at(2)), "Latency")]
    stored(database, "incidents", fact("incidents", updated_at=at(3)))
    assert kept(database, tables.incidents, "deleted_at") == [None]


def test_a_tombstone_may_stand_before_its_fact_in_a_batch(sqlite: Engine) -> None:
    gone = Fact(source="test", external_id="i1", updated_at=at(2), deleted=True)
    assert stored(sqlite, "incidents", gone, fact("incidents", updated_at=at(1))).results == ["changed", "new"]
    assert kept(sqlite, tables.incidents, "deleted_at") == [milliseconds(at(2))]


def test_a_tombstone_of_nothing_is_refused(sqlite: Engine) -> None:
    outcome = stored(sqlite, "incidents", Fact(source="test", external_id="i9", deleted=True))
    assert outcome.results == ["refused"]
    assert "nothing is kept" in outcome.reasons[0]


def test_an_incident_begins_with_its_impact_and_ends_when_restored(database: Engine) -> None:
    deliver(database, "incidents", {}, {"external_id": "i2", "impact_started_at": None, "detected_at": at(1)})
    rows = kept(database, tables.incidents, "began_at", "restored_at")
    assert rows == [
        (milliseconds(at(9)), milliseconds(at(9.5))),
        (milliseconds(at(1)), milliseconds(at(9.5))),
    ]


def test_slices_find_their_slo_by_id_or_name_in_their_source_first(database: Engine) -> None:
    deliver(database, "slos", source="other")
    deliver(database, "slos")
    deliver(database, "sli_slices", {}, {"external_id": "t2", "slo": "availability", "started_at": at(20)})
    deliver(database, "sli_slices", {"started_at": at(30)}, source="third")
    mine = kept(database, tables.slos, "id", source="test")[0]
    others = kept(database, tables.slos, "id", source="other")[0]
    assert kept(database, tables.slices, "slo_id") == [mine, mine, others]


def test_slices_are_kept_in_whole_micro_units(database: Engine) -> None:
    deliver(database, "slos")
    deliver(database, "sli_slices", {"good": "0.000001", "total": "1440.3"})
    assert kept(database, tables.slices, "good_micro", "total_micro", "covered_seconds") == [(1, 1_440_300_000, 3600)]


def test_a_slice_of_an_unknown_slo_is_refused_with_the_way_out(database: Engine) -> None:
    summary = deliver(database, "sli_slices", {"slo": "nowhere"})
    assert summary.refused == 1
    assert "import the slos first" in refusals(database)[0][2]


def test_one_stretch_of_an_slo_is_told_once(database: Engine) -> None:
    deliver(database, "slos")
    deliver(database, "sli_slices")
    summary = deliver(database, "sli_slices", {"external_id": "again"}, {"external_id": "free", "started_at": at(20)})
    assert (summary.new, summary.refused) == (1, 1)
    assert "already told by test as 't1'" in refusals(database)[0][2]
    moved = deliver(database, "sli_slices", {"external_id": "free", "started_at": at(9)})
    assert moved.refused == 1
    assert kept(database, tables.slices, "external_id", "started_at")[1] == ("free", milliseconds(at(20)))


def test_an_objective_holds_from_the_day_it_was_changed(database: Engine) -> None:
    first = fact("slos", updated_at=at(0))
    second = fact("slos", objective_percent="99.5", updated_at=at(24))
    stored(database, "slos", second)
    stored(database, "slos", first)
    assert kept(database, tables.slos, "objective_ppm") == [995_000]
    assert kept(database, tables.objectives, "valid_from", "valid_to", "objective_ppm") == [
        (ALWAYS[0], milliseconds(at(0)), 999_000),
        (milliseconds(at(0)), milliseconds(at(24)), 999_000),
        (milliseconds(at(24)), ALWAYS[1], 995_000),
    ]


def test_an_undated_objective_has_always_held(database: Engine) -> None:
    deliver(database, "slos")
    deliver(database, "slos")
    assert kept(database, tables.objectives, "valid_from", "valid_to") == [ALWAYS]


def test_a_budget_lies_in_the_workspaces_calendar(database: Engine) -> None:
    deliver(database, "budgets", {}, {"external_id": "b2", "scope": "model:ranker", "period": "2026-Q4"})
    rows = kept(database, tables.budgets, "starts_at", "ends_at", "amount", "entry_id")
    assert rows[0][:3] == (milliseconds(datetime(2026, 10, 1, tzinfo=UTC)), rows[0][1], Decimal("1000.50"))
    assert rows[1][1] == milliseconds(datetime(2027, 1, 1, tzinfo=UTC))
    assert (rows[0][3], rows[1][3]) == (None, kept(database, tables.entries, "id", slug="ranker")[0])


@pytest.mark.parametrize(
    ("wave", "day", "month_after"),
    [
        ("2026-Q3", None, (2026, 10)),
        ("2026-10", None, (2026, 11)),
        ("2020-H1", None, (2020, 7)),
        ("2020-H2", None, (2021, 1)),
        ("2019", None, (2020, 1)),
        ("after the move", None, None),
    ],
)
def test_an_answer_lies_at_the_end_of_its_wave(
    sqlite: Engine, wave: str, day: str | None, month_after: tuple[int, int] | None
) -> None:
    deliver(sqlite, "survey_responses", {"wave": wave, "answered_on": day})
    expected = milliseconds(datetime(*month_after, 1, tzinfo=UTC)) - 1 if month_after else None
    assert kept(sqlite, tables.answers, "anchored_at") == [expected]


def test_an_answer_without_a_known_wave_lies_on_its_day(sqlite: Engine) -> None:
    deliver(sqlite, "survey_responses", {"wave": "after the move", "answered_on": "2026-10-05"})
    assert kept(sqlite, tables.answers, "anchored_at") == [milliseconds(DAY)]


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("people", tables.people),
        ("model_versions", tables.versions),
        ("changes", tables.changes),
        ("models", tables.entries),
    ],
)
def test_every_kind_is_kept_and_kept_once(database: Engine, kind: str, table: Any) -> None:
    assert deliver(database, kind).new == 1
    assert deliver(database, kind).unchanged == 1
    assert count(database, table) == 1


def test_a_change_marks_the_old_place_and_the_new_one(sqlite: Engine) -> None:
    stored(sqlite, "incidents", fact("incidents"))
    with transaction(sqlite) as session:
        session.execute(tables.outdated.delete())
    stored(sqlite, "incidents", fact("incidents", impact_started_at=at(-2400), resolved_at=at(-2399)))
    marked = kept(sqlite, tables.outdated, "from_at", "to_at", kind="incidents")
    for moment in (at(9), at(-2400)):
        assert any(began <= milliseconds(moment) < ended for began, ended in marked)


VERSIONS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 5), st.sampled_from(["1", "2", "3"]), st.booleans()),
    min_size=1,
    max_size=12,
)


@SLOW
@given(versions=VERSIONS, data=st.data())
def test_order_and_duplication_do_not_change_the_end_state(
    sqlite_template: bytes,
    tmp_path_factory: pytest.TempPathFactory,
    versions: list[tuple[int, int, str, bool]],
    data: st.DataObject,
) -> None:
    facts = [
        fact("deployments", external_id=f"d{key}", version=version, updated_at=at(hours), deleted=deleted)
        for key, hours, version, deleted in versions
    ]
    repeated = facts + data.draw(st.lists(st.sampled_from(facts), max_size=6))
    shuffled = data.draw(st.permutations(repeated))
    cut = data.draw(st.integers(0, len(shuffled)))
    folder = tmp_path_factory.mktemp("orders")
    ends = []
    for number, batches in enumerate(([facts], [shuffled[:cut], shuffled[cut:]])):
        engine = _fresh(sqlite_template, folder / f"{number}.db")
        for batch in batches:
            stored(engine, "deployments", *batch)
        ends.append(everything(engine, tables.deployments))
        engine.dispose()
    assert ends[0] == ends[1]


@SLOW
@given(hours=st.lists(st.integers(0, 50), unique=True, min_size=1, max_size=6), data=st.data())
def test_the_history_of_an_objective_does_not_depend_on_order(
    sqlite_template: bytes, tmp_path_factory: pytest.TempPathFactory, hours: list[int], data: st.DataObject
) -> None:
    facts = [fact("slos", objective_percent=str(99 + hour % 3 / 10), updated_at=at(hour)) for hour in hours]
    folder = tmp_path_factory.mktemp("orders")
    ends = []
    for number, told in enumerate((facts, data.draw(st.permutations(facts + facts[:2])))):
        engine = _fresh(sqlite_template, folder / f"{number}.db")
        for each in told:
            stored(engine, "slos", each)
        ends.append(everything(engine, tables.objectives, tables.slos))
        engine.dispose()
    assert ends[0] == ends[1]


def _fresh(template: bytes, path: Any) -> Engine:
    path.write_bytes(template)
    return engine_for(f"sqlite:///{path}")


@pytest.mark.parametrize("period", ["2026-13", "2026-00", "0001-01", "9999-12"])
def test_a_budget_for_a_month_that_is_none_is_refused_alone(sqlite: Engine, period: str) -> None:
    summary = deliver(sqlite, "budgets", {"external_id": "bad", "period": period}, {"external_id": "good"})
    assert (summary.refused, summary.new) == (1, 1)
